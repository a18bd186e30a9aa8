"""The one thing that every printer prints: what was found in a file."""

from collections.abc import Sequence
from typing import NamedTuple

from k6cfg.diagnostics import Diagnostic, Severity
from k6cfg.engine import Checked
from k6cfg.versions import Version


class FileReport(NamedTuple):
    """One file. ``path`` is as it was given; ``shown`` is that for people, with ``~`` for the home folder.

    ``found`` are the findings that were selected. ``checked`` is None for a default file that is not there, which is
    no fault: k6 runs with its defaults. ``argument`` is what names the file on the command line; empty for the one that
    needs no name.
    """

    path: str
    shown: str
    checked: Checked | None
    found: Sequence[Diagnostic] = ()
    argument: str = ""

    def count(self, severity: Severity) -> int:
        """How many of the findings have this severity."""
        return sum(one.severity is severity for one in self.found)


class Verdict(NamedTuple):
    """All files of one call, and the k6 version they were judged by."""

    version: Version
    files: Sequence[FileReport]

    def count(self, severity: Severity) -> int:
        """How many findings of all files have this severity."""
        return sum(file.count(severity) for file in self.files)
