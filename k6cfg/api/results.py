"""What the functions of ``k6cfg`` give back. Plain data; nothing in a finding is a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Edit

Text: TypeAlias = str | bytes
"""The content of a file: its bytes, or its text, which then counts as UTF-8."""
VersionLike: TypeAlias = str | Version | None
"""A release such as ``"2.2.0"``, ``"2"`` or ``"latest"``; ``"auto"`` is the k6 on PATH, None is the latest one."""


class Refused(ValueError):  # noqa: N818 - what was asked for is refused; nothing is broken
    """What was asked for cannot be done, or k6 would then refuse the file. Nothing was changed.

    ``message`` says why, without any secret; ``help``, if not None, what to do.
    """

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = remedy


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text: line and column from 1, ``offset`` in characters from 0."""

    line: int
    column: int
    offset: int


@dataclass(frozen=True, slots=True)
class Fix:
    """What would cure a finding. ``applicability`` is ``safe``, ``unsafe`` or ``manual``.

    ``edits`` are of the original text; None where they would spell out a secret.
    """

    applicability: str
    edits: tuple[Edit, ...] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a text, with the fields of ``validate --output-format json``.

    ``severity`` is ``error``, ``warning`` or ``info``. ``after_repair`` says that it is about the repaired text.
    """

    rule: str
    severity: str
    message: str
    help: str | None
    pointer: str
    start: Position
    end: Position
    fix: Fix | None
    after_repair: bool = False


@dataclass(frozen=True, slots=True)
class Validation:
    """What k6 makes of a text: whether ``k6 run`` and the cloud commands take it, and every finding, in order.

    ``stops_at`` is where k6 gives up reading a text that is no JSON; what has to be mended may stand elsewhere.
    """

    k6_version: str
    accepted_run: bool
    accepted_cloud: bool
    stops_at: Position | None
    diagnostics: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A text as it is to be. ``data`` is what to write; ``diagnostics`` is what k6 still has to say of it.

    ``applied`` are the findings that were cured on the way, in the order in which that was done.
    """

    before: bytes | None
    data: bytes
    text: str
    applied: tuple[Finding, ...]
    diagnostics: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.data != self.before


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a migration, or a decision that it leaves to a person.

    ``severity`` is ``error`` for a decision without which k6 rejects the file, else ``warning`` or ``info``.
    """

    migration: str
    severity: str
    pointer: str
    message: str
    help: str | None


@dataclass(frozen=True, slots=True)
class Migrated:
    """A text carried to a newer k6. ``decisions`` are what only a person can settle."""

    k6_version: str
    before: bytes
    data: bytes
    text: str
    changes: tuple[Move, ...]
    decisions: tuple[Move, ...]
    accepted_run: bool
    accepted_cloud: bool

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.data != self.before


@dataclass(frozen=True, slots=True)
class EffectiveOptions:
    """What k6 will run with, as ``k6 archive`` records it, without secrets.

    ``origins`` says for each option its layer (``default``, ``file``, ``script``, ``env``), ``variables`` which one it
    was of the last; ``beside`` are the settings of the file that are no options of a test.
    """

    options: Mapping[str, object]
    origins: Mapping[str, str]
    variables: Mapping[str, str]
    beside: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that k6 reads differently from two texts, without secrets.

    ``kind`` is ``added``, ``removed`` or ``changed``; a side that is not there is None.
    """

    pointer: str
    kind: str
    before: object
    after: object
    secret: bool
