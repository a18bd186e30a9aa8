"""The one thing that every printer prints: what was found in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from k6cfg.k6.file_kind import Kind
from k6cfg.schema.versions import Version
from k6cfg.text.location import Position

if TYPE_CHECKING:  # of a plainly good file nothing of this is needed
    from k6cfg.engine import Checked
    from k6cfg.k6.secrets import Mask
    from k6cfg.text.diagnostics import Diagnostic, Edit, Severity


class Problem(NamedTuple):
    """Why a file could not be judged, and what to do about it."""

    message: str
    help: str | None = None


class Remedy(NamedTuple):
    """A command that fixes findings of a file, as it was planned, and how many of the selected findings it leaves."""

    command: str
    left: int
    is_safe: bool


@dataclass(frozen=True)
class FileReport:
    """One file. ``path`` is as it was given; ``shown`` is that for people, with ``~`` for the home folder.

    ``found`` are the findings that were selected. ``checked`` is None for a default file that is not there, which is
    no fault: k6 runs with its defaults; and for a file with a ``problem``. ``remedies`` are the commands that fix the
    file; ``told`` are findings that people have read already, such as the ones that ``--fix`` repaired.
    """

    path: str
    shown: str
    checked: "Checked | None"
    found: "Sequence[Diagnostic]" = ()
    remedies: "Sequence[Remedy]" = ()
    told: "Sequence[Diagnostic]" = ()
    problem: Problem | None = None
    kind: Kind = Kind.CONFIG

    @property
    def untold(self) -> "Sequence[Diagnostic]":
        """The findings that people have not read yet."""
        told = frozenset(self.told)
        return [one for one in self.found if one not in told] if told else self.found

    @cached_property
    def mask(self) -> "Mask":
        """The text without its secrets."""
        from k6cfg.k6.secrets import Mask

        if self.checked is None:
            return Mask("", ())
        return Mask(self.checked.document.text, self.checked.secrets)

    def position(self, offset: int) -> Position:
        """Line and column of a place in the text."""
        return self.checked.document.lines.position(offset) if self.checked is not None else Position(1, 1)

    def edits(self, found: "Diagnostic") -> "Sequence[Edit] | None":
        """The edits of a finding's fix; None where there is no fix, or where its text would hold a secret."""
        if found.fix is None or self.mask.holds_secret(found.fix.edits):
            return None
        return found.fix.edits

    def count(self, severity: "Severity") -> int:
        """How many of the findings have this severity."""
        return sum(one.severity is severity for one in self.found)


class Folders(NamedTuple):
    """Absolute names of what paths are relative to: the working folder, the project's and the user's own, or ``""``."""

    working: str = ""
    project: str = ""
    home: str = ""


class Verdict(NamedTuple):
    """All files of one call, and the k6 version they were judged by; ``why`` says why by this one.

    ``strict``: warnings count as errors. ``is_selection``: some rules were not asked for, so the findings do not say
    what k6 does with a file.
    """

    version: Version
    files: Sequence[FileReport]
    why: str = ""
    folders: Folders = Folders()
    strict: bool = False
    is_selection: bool = False

    def count(self, severity: "Severity") -> int:
        """How many findings of all files have this severity."""
        return sum(file.count(severity) for file in self.files)

    def fails(self, found: "Diagnostic") -> bool:
        """Whether a finding counts for the exit code."""
        from k6cfg.text.diagnostics import Severity

        return found.severity is Severity.ERROR or (self.strict and found.severity is Severity.WARNING)
