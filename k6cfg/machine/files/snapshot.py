"""Reading a file once, bounded, with what is needed to notice later that it changed."""

import errno
import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from k6cfg.machine.files.errors import FileError, Kind, fault, no_name
from k6cfg.machine.paths import quoted, shown

LARGEST_READ: Final = 64 * 1024 * 1024
"""Bytes; texts up to this size are read and judged."""

_CHUNK: Final = 1024 * 1024
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_SETTLING: Final = 0.05
_PATIENCE: Final = 1.0
"""Seconds. k6 2.2.0 empties its file and then writes it: a file that was emptied longer ago was left so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A file as it was at one moment.

    ``path`` is the one that was given, ``target`` the file that it leads to through every symbolic link. ``status`` is
    ``None`` where there is no file yet; ``data`` is then empty. ``anchor`` is the target's folder or, where that is
    missing too, the nearest folder above it that exists, with its device and inode.
    """

    path: Path
    target: Path
    data: bytes = field(repr=False)
    status: os.stat_result | None = field(repr=False)
    anchor: Path
    anchor_identity: tuple[int, int]

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self.status is not None

    @property
    def mode(self) -> int:
        """The permission bits; 0 where there is no file."""
        return stat.S_IMODE(self.status.st_mode) if self.status else 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of the data, in hexadecimal."""
        import hashlib

        return hashlib.sha256(self.data).hexdigest()


def read(path: Path | str, *, limit: int = LARGEST_READ) -> Snapshot:
    """The file that ``path`` leads to, at most ``limit`` bytes of it.

    What is no regular file is refused without waiting for it. k6 2.2.0 truncates its file before it writes it anew, so
    a file that is being written, or was emptied a moment ago, is read again until it holds still.

    Raises:
        FileError: it is missing, no regular file, larger than ``limit``, or cannot be read.
    """
    path = Path(path)
    try:
        # Before anything is opened: opening a device may do something, and a pipe has no name to resolve.
        _require_regular(os.stat(path).st_mode, path)  # noqa: PTH116 -- with the path as it was given
        target = resolve(path)
        descriptor = os.open(target, _FLAGS)
        try:
            data, status = _settled(descriptor, path, limit)
        finally:
            os.close(descriptor)
        return Snapshot(
            path=path,
            target=target,
            data=data,
            status=status,
            anchor=target.parent,
            anchor_identity=identity(target.parent.stat()),
        )
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise fault(error, path, "read") from error
    except ValueError:
        raise no_name(path) from None


def absent(path: Path | str) -> Snapshot:
    """The place of a file that is to be created; its folders may be missing too.

    A symbolic link that leads nowhere is kept, and the file created where it points.

    Raises:
        FileError: the file exists, or its place cannot be looked at.
    """
    path = Path(path)
    try:
        target = resolve(path)
        if os.path.lexists(target):
            raise FileError(
                Kind.EXISTS,
                f"{shown(path)} exists: it came into being a moment ago",
                "Run the command again: it starts from the file as it is now.",
            )
        anchor = next(folder for folder in target.parents if os.path.lexists(folder))
        status = anchor.stat()
    except OSError as error:
        raise fault(error, path, "created") from error
    except ValueError:
        raise no_name(path) from None
    if not stat.S_ISDIR(status.st_mode):
        raise fault(NotADirectoryError(errno.ENOTDIR, "not a folder"), path, "created")
    return Snapshot(path=path, target=target, data=b"", status=None, anchor=anchor, anchor_identity=identity(status))


def resolve(path: Path) -> Path:
    """Where a path leads through every symbolic link; of a link that leads nowhere, where it points.

    Raises:
        OSError: the links lead in a circle, or a folder on the way cannot be searched.
    """
    try:
        return Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        # Only a missing file may be resolved leniently: lenient resolution takes a circle for a file.
        return Path(os.path.realpath(path))


def identity(status: os.stat_result) -> tuple[int, int]:
    """Device and inode: the same for two names exactly if they are the same file."""
    return status.st_dev, status.st_ino


def load(descriptor: int, most: int) -> bytes:
    """What an open file holds from here on, ``most`` bytes at most, whatever its status says about its size."""
    pieces: list[bytes] = []
    while most > 0 and (piece := os.read(descriptor, min(most, _CHUNK))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def open_regular(name: str, folder: int | None, path: Path) -> int:
    """A descriptor to read the regular file ``name``, which is no link, in an open folder.

    Raises:
        OSError: it cannot be opened.
        FileError: it is no regular file.
    """
    descriptor = os.open(name, _FLAGS, dir_fd=folder)
    try:
        _require_regular(os.fstat(descriptor).st_mode, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _settled(descriptor: int, path: Path, limit: int) -> tuple[bytes, os.stat_result]:
    end = time.monotonic() + _PATIENCE
    before = os.fstat(descriptor)
    while True:
        _require_regular(before.st_mode, path)
        if before.st_size > limit:
            raise _too_large(path, limit)
        os.lseek(descriptor, 0, os.SEEK_SET)
        data = load(descriptor, limit + 1)
        if len(data) > limit:
            raise _too_large(path, limit)
        after = os.fstat(descriptor)
        still = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        late = time.monotonic() >= end
        emptied = not data and abs(time.time() - after.st_mtime) < _PATIENCE
        if still and (not emptied or late):
            return data, after
        if late:
            raise FileError(
                Kind.CONFLICT,
                f"{shown(path)} is being written by another program",
                "Wait until that program (a k6 login, an editor) is done, then run it again.",
            )
        time.sleep(_SETTLING)
        before = os.fstat(descriptor)


def _require_regular(mode: int, path: Path) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise fault(IsADirectoryError(errno.EISDIR, "a folder"), path, "read as a file")
    names = {
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    raise FileError(
        Kind.NOT_REGULAR,
        f"{shown(path)} is {names.get(stat.S_IFMT(mode), 'something else')}, not a regular file",
        "Name a regular file; where k6cfg takes `-`, it reads standard input.",
    )


def _too_large(path: Path, limit: int) -> FileError:
    return FileError(
        Kind.TOO_LARGE,
        f"{shown(path)} is larger than {size(limit)}, which is more than any k6 configuration",
        "Check that it is the file you mean.",
    )


def size(count: int) -> str:
    """A number of bytes in words."""
    mebibytes = count / 1024 / 1024
    return f"{mebibytes:g} MiB" if mebibytes >= 1 else f"{count} bytes"


def _missing(path: Path) -> FileError:
    try:
        leads_to = resolve(path) if path.is_symlink() else path
    except OSError:
        leads_to = path
    if leads_to == path:
        return fault(FileNotFoundError(errno.ENOENT, "missing"), path, "read")
    return FileError(
        Kind.MISSING,
        f"{shown(path)} is a symbolic link to {shown(leads_to)}, which does not exist",
        f"Create that file, or remove the link: `rm {quoted(path)}`.",
    )
