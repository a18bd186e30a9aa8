"""What can go wrong with a file: one exception, one table from the system's errors to words."""

import enum
import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.paths import quoted, shown


class Kind(enum.Enum):
    """The cause of a `FileError`, for callers that act on it."""

    MISSING = "missing"
    EXISTS = "exists"
    FOLDER = "folder"
    NOT_REGULAR = "not a regular file"
    NOT_TEXT = "not text"
    NOT_CONFIG = "not a k6 config file"
    TOO_LARGE = "too large"
    PERMISSION = "permission"
    LOOP = "loop"
    NAME = "name"
    LOCKED = "locked"
    CONFLICT = "conflict"
    HARD_LINK = "hard link"
    FOREIGN_OWNER = "foreign owner"
    STICKY = "sticky folder"
    IMMUTABLE = "immutable"
    MANAGED = "managed"
    BUSY = "busy"
    READ_ONLY = "read-only file system"
    DISK_FULL = "disk full"
    BACKUP = "backup"
    INPUT_OUTPUT = "input/output"


class FileError(Exception):
    """A file could not be read or written; unless ``message`` says otherwise, nothing was changed.

    ``message`` says what is wrong, with the path (the home folder as ``~``), ``help`` what to do about it. Neither
    holds anything of what is in the file.
    """

    def __init__(self, kind: Kind, message: str, remedy: str) -> None:
        super().__init__(kind, message, remedy)
        self.kind = kind
        self.message = message
        self.help = remedy

    def __str__(self) -> str:
        return self.message


def removal(path: Path) -> str:
    """Return what to do about a temporary file that could not be removed."""
    return f"Remove {shown(path)}, which may hold a token: `rm {quoted(path)}`."


def owner(uid: int) -> str:
    """The name of a user, or the number where there is no name for it."""
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return f"uid {uid}"


def other_home(path: Path, environ: Mapping[str, str], uid: int | None = None) -> str | None:
    """Return what to do about a path in a HOME that belongs to another user; None where it does not.

    Containers (`docker run --user`), setpriv and gosu change the user and leave HOME as it was. Such a home is never to
    be taken over: it is somebody's. ``uid`` is the user in question, by default the one of this process.
    """
    home = environ.get("HOME", "")
    if not hasattr(os, "geteuid") or not os.path.isabs(home):  # noqa: PTH117 - as it is written
        return None
    me = os.geteuid() if uid is None else uid
    try:
        whose = os.stat(home).st_uid  # noqa: PTH116
        inside = os.path.commonpath([os.path.realpath(home), os.path.realpath(path)]) == os.path.realpath(home)
    except (OSError, ValueError):
        return None
    if me in {0, whose} or not inside:
        return None
    return (
        f"HOME is the home folder of {owner(whose)}, and this is {owner(me)}. Name one of your own: "
        f"`export HOME={_own_home(me)}`; or name a file of your own in K6_CONFIG; or use K6_CLOUD_TOKEN."
    )


def _own_home(uid: int) -> str:
    try:
        import pwd

        home = pwd.getpwuid(uid).pw_dir
        if os.stat(home).st_uid == uid:  # noqa: PTH116
            return quoted(home)
    except (ImportError, KeyError, OSError):
        pass
    return '"$(mktemp -d)"'


class _Cause(NamedTuple):
    kind: Kind
    why: str
    remedy: str


_DENIED: Final = _Cause(
    Kind.PERMISSION,
    "permission denied",
    "See who may use it with `ls -la {folder}`, then change that or run k6cfg as the file's owner.",
)
_FULL: Final = _Cause(Kind.DISK_FULL, "the disk is full", "Free some space (`df -h {folder}`), then run it again.")
_CAUSES: Final[dict[int, _Cause]] = {
    errno.ENOENT: _Cause(Kind.MISSING, "it does not exist", "Check the name: `ls -la {folder}`."),
    errno.ENOTDIR: _Cause(
        Kind.MISSING, "a part of its path is a file, not a folder", "Check the path, or move that file out of the way."
    ),
    errno.EISDIR: _Cause(Kind.FOLDER, "it is a folder", "Name the file in it: {path}/config.json, for example."),
    errno.ENXIO: _Cause(Kind.NOT_REGULAR, "it is no regular file", "Name a regular file."),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED._replace(why="the system does not allow it"),
    errno.EROFS: _Cause(
        Kind.READ_ONLY,
        "its file system is read-only",
        "If it is mounted into a container, mount it without `ro`. If another tool puts it there, change it there.",
    ),
    errno.EBUSY: _Cause(
        Kind.BUSY,
        "the system says that it is in use",
        "If it is a single file mounted into a container, mount its folder instead; "
        "or leave the file alone and give k6 its settings in K6_* environment variables.",
    ),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL._replace(why="your quota is used up", remedy="Free some space (`quota`), then run it again."),
    errno.EFBIG: _FULL._replace(
        why="it would be larger than this process may write", remedy="Raise the limit (`ulimit -f`), then run it again."
    ),
    errno.ENAMETOOLONG: _Cause(Kind.NAME, "the name is too long for the file system", "Choose a shorter name."),
    errno.EINVAL: _Cause(Kind.NAME, "the file system does not take that name", "Check the path."),
    errno.ELOOP: _Cause(
        Kind.LOOP,
        "its symbolic links lead in a circle",
        "See where they lead with `ls -l {path}`, then remove the link or point it at a file.",
    ),
}
_IN_USE: Final = _Cause(
    Kind.BUSY,
    "another program has it open",
    "Close that program (an editor, a virus scanner), then run it again.",
)
_WINDOWS_IN_USE: Final = frozenset({32, 33})


def fault(error: OSError, path: Path, action: str, *, folder: Path | None = None) -> FileError:
    """The `FileError` for an error of the system: ``path`` could not be ``action`` ("read", "written", ...).

    ``folder`` is where to look for the reason, where it is not the path's own: that one may not exist yet.
    """
    cause = _CAUSES.get(error.errno or 0)
    if getattr(error, "winerror", None) in _WINDOWS_IN_USE:
        cause = _IN_USE
    if cause is None:
        name = errno.errorcode.get(error.errno or 0, "no number")
        why = f"{os.strerror(error.errno or 0)} ({name})"
        cause = _Cause(Kind.INPUT_OUTPUT, why, "Check the disk or the mount (`dmesg | tail`), then run it again.")
    remedy = cause.remedy.format(path=quoted(path), folder=quoted(folder or path.parent))
    if cause.kind is Kind.PERMISSION:
        remedy = other_home(path, os.environ) or remedy
    return FileError(cause.kind, f"{shown(path)} cannot be {action}: {cause.why}", remedy)


def no_name(path: Path) -> FileError:
    """The `FileError` for a path that no file can have, one with a NUL character in it."""
    return FileError(Kind.NAME, f"{shown(path)} is no file name", "Check the path.")
