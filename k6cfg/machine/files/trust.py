"""Whether a file can only be what its owner or root put there: nobody else can write or replace it."""

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.files.errors import owner
from k6cfg.machine.paths import shown

_GROUP: Final = 0o020
_EVERYBODY: Final = 0o002


class Doubt(NamedTuple):
    """Why a file may be another than the one that was written: which file or folder lets others change it.

    ``why`` is a main clause without its full stop. ``too_open`` says that the permission bits of ``path`` are the
    reason, and not whose it is.
    """

    path: Path
    why: str
    too_open: bool


def doubts(path: Path, users: Collection[int], own: int = 0) -> Iterator[Doubt]:
    """Find what lets somebody else than ``users`` and root change or replace a file: the file first, then its folders.

    In a folder such as ``/tmp``, where each user replaces only what is theirs, anybody can add a name. So that is not
    enough for the ``own`` folders that are closest to the file, in which no one else has a reason to write.

    Raises:
        OSError: it is not there, or cannot be looked at.
    """
    if not hasattr(os, "geteuid"):
        return  # Windows has access lists instead of modes, and no owners as numbers.
    trusted = {*users, 0}
    yield from _of_file(path, trusted)
    folders = Path(os.path.realpath(path.parent))
    # In a container or sandbox root may have another number; the top folder is root's all the same.
    root = Path("/").stat().st_uid
    for number, folder in enumerate((folders, *folders.parents)):
        yield from _of_folder(folder, trusted if number < own else {*trusted, root}, own=number < own)


def _of_file(path: Path, trusted: set[int]) -> Iterator[Doubt]:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        yield Doubt(path, f"{shown(path)} is no regular file", too_open=False)
    elif status.st_uid not in trusted:
        yield Doubt(path, f"{shown(path)} belongs to {owner(status.st_uid)}", too_open=False)
    elif status.st_nlink > 1:
        yield Doubt(path, f"{shown(path)} has a second name (hard link)", too_open=False)
    elif others := _others(path, status):
        yield Doubt(path, f"{others} can change {shown(path)} ({_mode(status)})", too_open=True)


def _of_folder(folder: Path, trusted: set[int], *, own: bool) -> Iterator[Doubt]:
    status = folder.stat()
    if status.st_uid not in trusted:
        yield Doubt(folder, f"the folder {shown(folder)} belongs to {owner(status.st_uid)}", too_open=False)
    elif (own or not status.st_mode & stat.S_ISVTX) and (others := _others(folder, status)):
        yield Doubt(folder, f"{others} can replace files in {shown(folder)} ({_mode(status)})", too_open=True)


def _others(path: Path, status: os.stat_result) -> str | None:
    """Who else than the owner can write here."""
    if status.st_mode & _EVERYBODY:
        return "every user of this machine"
    if status.st_mode & _GROUP and not _own_group(path, status):
        return "other users"
    return None


def _own_group(path: Path, status: os.stat_result) -> bool:
    """Whether the group of a file is one that its owner has alone, as many systems make one for each user."""
    from k6cfg.machine.files.temp_file import ACCESS_LIST

    try:
        import grp
        import pwd

        # With an access list the bits of the group are those of whoever is in the list.
        if hasattr(os, "listxattr") and ACCESS_LIST in os.listxattr(path):
            return False
        user, group = pwd.getpwuid(status.st_uid), grp.getgrgid(status.st_gid)
    except (ImportError, KeyError, OSError):
        return False
    return (user.pw_gid, user.pw_name) == (group.gr_gid, group.gr_name) and set(group.gr_mem) <= {user.pw_name}


def _mode(status: os.stat_result) -> str:
    return f"mode {stat.S_IMODE(status.st_mode):04o}"
