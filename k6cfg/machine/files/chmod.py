"""The mode of a file or folder of one's own changed, and of nothing else."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from k6cfg.machine.files.errors import FileError, Kind, fault
from k6cfg.machine.files.snapshot import identity
from k6cfg.machine.paths import shown

_LOOKED_AT: Final = getattr(os, "O_PATH", None)
"""Opens what may not be read; Linux has it."""


def change_mode(path: Path, seen: os.stat_result, mode: int) -> None:
    """Give a file or folder the permission bits ``mode``, if it is still the one whose status was ``seen``.

    No link is followed, and what belongs to another user is left alone, even by root.

    Raises:
        FileError: it is another one now, or somebody else's, or the system does not allow it; nothing was changed.
    """
    try:
        with _opened(path) as (descriptor, name):
            now = os.fstat(descriptor)
            if identity(now) != identity(seen) or now.st_mode != seen.st_mode or stat.S_ISLNK(now.st_mode):
                raise FileError(
                    Kind.CONFLICT,
                    f"{shown(path)} changed while k6cfg was working on it; nothing was changed",
                    "Run the command again: it starts from what is there now.",
                )
            if now.st_uid != os.geteuid():
                raise FileError(
                    Kind.FOREIGN_OWNER,
                    f"{shown(path)} belongs to another user, whose mode it is to choose",
                    "Run k6cfg as that user.",
                )
            os.chmod(name if name is not None else descriptor, mode)  # noqa: PTH101 - of a descriptor
    except OSError as error:
        raise fault(error, path, f"given the mode {mode:04o}") from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[int, str | None]]:
    """A descriptor, and a name that leads to just that file where the descriptor itself will not do."""
    name = None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except PermissionError:
        if _LOOKED_AT is None:
            raise
        descriptor = os.open(path, _LOOKED_AT | os.O_NOFOLLOW)
        name = f"/proc/self/fd/{descriptor}"
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)
