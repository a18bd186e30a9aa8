"""The folder of k6's file, closed to others as k6 2.1.0 and newer close it when they log in."""

import os
import stat
from pathlib import Path
from typing import Final

from k6cfg.machine.files.errors import fault

_OTHERS: Final = 0o077


def open_to_others(folder: Path) -> bool:
    """Whether others may look into a folder, and its mode is ours to change."""
    if os.name != "posix":
        return False
    try:
        status = folder.stat()
    except OSError:
        return False
    return bool(status.st_mode & _OTHERS) and status.st_uid == os.geteuid()


def close_to_others(folder: Path) -> None:
    """Take from all but the owner what they may do with a folder.

    Raises:
        FileError: the mode could not be changed.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & ~_OTHERS)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise fault(error, folder, "changed") from error
