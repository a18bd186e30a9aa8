"""Overwriting a file that cannot be replaced, because it is mounted alone or its folder may not be written.

Weaker than a replacement, so only for whoever asks for it: a reader may see a mixture for a moment, and a power cut may
leave one. After a crash of the process, though, the file is the old one, or the new one with spaces behind it.
"""

import os
from pathlib import Path
from typing import Final

from k6cfg.machine.files.backups import Backup
from k6cfg.machine.files.directory import Folder, flush
from k6cfg.machine.files.errors import FileError, Kind, fault
from k6cfg.machine.files.syscalls import reserve
from k6cfg.machine.files.temp_file import New, mode_after, verify, write_all
from k6cfg.machine.paths import quoted, shown

IRREPLACEABLE: Final = frozenset({Kind.BUSY, Kind.PERMISSION, Kind.READ_ONLY})
"""The kinds of failure to replace a file after which it may still be possible to overwrite it."""


def without_backup(path: Path) -> FileError:
    """The `FileError` for overwriting without a net."""
    return FileError(
        Kind.BACKUP,
        f"{shown(path)} was not changed: it can only be overwritten in place, which is not done without a backup",
        "Leave out `--no-backup`.",
    )


def open_to_overwrite(folder: Folder, name: str) -> int:
    """A descriptor to write and read a file of the folder.

    Raises:
        OSError: it cannot be opened so.
    """
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.open(folder.at(name), flags, dir_fd=folder.descriptor)


def overwrite(descriptor: int, old: bytes, new: New, kept: Backup, path: Path) -> None:
    """Make an open file hold the new data: with room for it reserved, in one call, padded to the old length, then cut.

    The padding makes every moment between two calls one that parses, for data to which trailing spaces mean nothing,
    as in JSON.

    Raises:
        FileError: it failed; the file holds the old data again, or ``message`` says that it does not.
    """
    try:
        if len(new.data) > os.fstat(descriptor).st_size:
            reserve(descriptor, len(new.data))
        if new.secret and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode_after(os.fstat(descriptor), secret=True))
    except OSError as error:
        raise fault(error, path, "overwritten") from error
    try:
        write_all(descriptor, new.data.ljust(len(old), b" "))
        flush(descriptor)
        os.ftruncate(descriptor, len(new.data))
        flush(descriptor)
        verify(descriptor, new, path)
    except BaseException as error:
        _restore(descriptor, old, kept, path)
        if isinstance(error, OSError):
            raise fault(error, path, "overwritten") from error
        raise


def _restore(descriptor: int, old: bytes, kept: Backup, path: Path) -> None:
    try:
        write_all(descriptor, old)
        os.ftruncate(descriptor, len(old))
        flush(descriptor)
    except OSError as error:
        raise FileError(
            Kind.INPUT_OUTPUT,
            f"{shown(path)} is damaged: neither the new text nor the old one could be written whole",
            f"The old one is in a backup: `cat {quoted(kept.path)} > {quoted(path)}` once the disk works again.",
        ) from error
