"""What a finding is: a diagnostic, and the fix that would cure it. Data, without a word of how it is printed."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from k6cfg.text.location import Span


class Severity(enum.Enum):
    """How bad a finding is. The order of the members is from worst to mildest."""

    ERROR = "error"
    """k6 refuses the file, at least for some of its commands; or it holds a secret and was asked to hold none."""
    WARNING = "warning"
    """k6 takes the file, but not as it is written."""
    INFO = "info"
    """Worth knowing; nothing goes wrong today."""


class Applicability(enum.Enum):
    """How far a fix may be trusted."""

    SAFE = "safe"
    """The one sensible reading, and every value stays."""
    UNSAFE = "unsafe"
    """The likely reading, not the only one."""
    MANUAL = "manual"
    """A choice for a person; the edits, if any, are a proposal and never applied."""


class Edit(NamedTuple):
    """Replace the characters from ``start`` to ``end`` (offsets in the original text) with ``text``."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that together cure one diagnostic.

    ``edits`` are sorted and do not overlap. ``reencode`` says that the bytes are to be written as UTF-8, which no edit
    of the decoded text can say. ``pointers`` are the JSON Pointers at which values may differ afterwards; a repair of
    syntax declares none, because a text that cannot be parsed has no values yet.
    """

    applicability: Applicability
    edits: tuple[Edit, ...]
    reencode: bool = False
    pointers: tuple[str, ...] = ()


class Rule(NamedTuple):
    """What kind of finding a diagnostic is. ``name`` is stable and part of the JSON contract."""

    name: str
    group: str
    summary: str


RUN: Final = "run"
CLOUD: Final = "cloud"
NOTHING: Final[frozenset[str]] = frozenset()
LOADING: Final[frozenset[str]] = frozenset({RUN, CLOUD})
"""What a file that k6 cannot load keeps from working: every run, and every cloud command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding.

    ``message`` says what is wrong and what k6 makes of it, ``help`` what to do, both in words for a person and without
    any value that is secret. ``refuses`` names the uses of the file (``RUN``, ``CLOUD``) that k6 refuses because of it;
    it is empty for everything that is no error. ``also`` is another rule that the finding is one of. ``after_repair``
    says that it is about the text as its repair makes it; it is shown where that stands in the text as it is.
    ``lacks`` are the keys that the object at ``pointer`` needs and does not have, where that is what is wrong.
    """

    rule: Rule
    severity: Severity
    message: str
    span: Span
    pointer: str = ""
    help: str | None = None
    fix: Fix | None = None
    refuses: frozenset[str] = NOTHING
    also: Rule | None = None
    after_repair: bool = False
    lacks: tuple[str, ...] = ()


class OverlapError(ValueError):
    """Two edits of one plan touch the same characters: a bug of whoever made the plan."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made at once.

    Insertions at one offset keep the order they are given in.

    Raises:
        OverlapError: two edits touch the same characters, or one lies outside the text.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done or edit.end < edit.start or edit.end > len(text):
            raise OverlapError(f"the edit at {edit.start} overlaps the one before it, or the end of the text")
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)
