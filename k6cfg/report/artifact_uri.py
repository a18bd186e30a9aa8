"""How a file is named where a program reads it: below the project, below the home folder, or in full."""

import os
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.paths import below_home
from k6cfg.report.model import Folders
from k6cfg.report.terminal_style import one_line

PROJECT: Final = "%SRCROOT%"  # the name that code scanning knows
HOME: Final = "HOME"
STANDARD_INPUT: Final = "-"


class Named(NamedTuple):
    """``path``, with slashes, below ``base``: the project, the user's home, or nothing (``""``)."""

    base: str
    path: str

    @property
    def shown(self) -> str:
        """The path on one line; the home folder is ``~``."""
        return one_line(f"~/{self.path}" if self.base == HOME else self.path)


def named(path: str, folders: Folders) -> Named:
    """The name of a file that is the same wherever the project is checked out, and tells nobody's home folder."""
    if path == STANDARD_INPUT:
        return Named(PROJECT, path)
    full = Path(os.path.normpath(Path(folders.working, path)))
    if folders.project and full.is_relative_to(folders.project):
        return Named(PROJECT, full.relative_to(folders.project).as_posix())
    rest = below_home(full)
    return Named(HOME, Path(rest[1:]).as_posix()) if rest else Named("", full.as_posix())
