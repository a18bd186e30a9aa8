"""The new file beside the old one: complete, proved and on the disk before it takes the name."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.files.directory import Folder, flush, temporary_name
from k6cfg.machine.files.errors import FileError, Kind, other_home, owner
from k6cfg.machine.files.snapshot import load, open_regular
from k6cfg.machine.paths import quoted, shown

PRIVATE: Final = 0o600

_KEPT_ATTRIBUTES: Final = ("user.", "security.selinux")
ACCESS_LIST: Final = "system.posix_acl_access"
"""The attribute that holds the access list of a file on Linux."""


class New(NamedTuple):
    """What a file is to hold, whether a secret is in it, and the check that the bytes read back must pass or raise.

    ``like`` is the status of the file whose owner a file that root makes anew gets; by default it is its folder's.
    """

    data: bytes
    secret: bool
    check: Callable[[bytes], None] | None = None
    like: os.stat_result | None = None


def stage(folder: Folder, name: str, new: New, old: os.stat_result | None) -> str:
    """The name of a temporary file in the folder that is ready to take the place of ``name``; nothing stays on failure.

    Nobody but the owner can open it before its mode is set, which is before anything is in it. ``old`` is the status of
    the file that is replaced.

    Raises:
        FileError: the owner cannot be kept, or the file does not hold what was written.
        OSError: the file cannot be made or written.
    """
    temporary = temporary_name()
    descriptor = folder.create(temporary)
    try:
        try:
            _dress(descriptor, folder, name, old, new=new)
            write_all(descriptor, new.data)
            verify(descriptor, new, folder.path / name)
            flush(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        discard(folder, temporary)
        raise
    return temporary


def discard(folder: Folder, temporary: str) -> bool:
    """Remove a temporary file and return whether that worked; a failure must not hide why it is removed."""
    try:
        folder.remove(temporary)
    except OSError:
        return False
    return True


def mode_after(old: os.stat_result | None, *, secret: bool) -> int:
    """The permission bits of the new file: as they were, but nobody else's where there is a secret in it."""
    if old is None:
        return PRIVATE
    mode = stat.S_IMODE(old.st_mode) & 0o777
    return (mode & PRIVATE or PRIVATE) if secret else mode


def owner_after(path: Path, old: os.stat_result | None) -> int:
    """The user to whom a file will belong that is written by this process; ``old`` is its status where it exists."""
    if old is not None:
        return old.st_uid
    me = os.geteuid()
    if me != 0:
        return me
    return next(folder.stat().st_uid for folder in path.parents if folder.exists())


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the data from the start of the file, however little the system takes at a time.

    Raises:
        OSError: it cannot be written.
    """
    os.lseek(descriptor, 0, os.SEEK_SET)
    rest = memoryview(data)
    while rest:
        done = os.write(descriptor, rest)
        if done <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[done:]


def verify(descriptor: int, new: New, path: Path) -> None:
    """Make sure that an open file holds the data and nothing else, and that the check agrees.

    Raises:
        FileError: it does not.
    """
    os.lseek(descriptor, 0, os.SEEK_SET)
    found = load(descriptor, len(new.data) + 1)
    if found != new.data:
        raise FileError(
            Kind.INPUT_OUTPUT,
            f"{shown(path)} cannot be written: the disk does not give back what was written to it",
            "Check the disk (`dmesg | tail`); the file is as it was.",
        )
    if new.check is not None:
        new.check(found)


def _dress(descriptor: int, folder: Folder, name: str, old: os.stat_result | None, *, new: New) -> None:
    if not hasattr(os, "fchown"):
        return
    mode = mode_after(old, secret=new.secret)
    now = os.fstat(descriptor)
    # Root writes for the owner of the file or of the folder of a new one: k6 of a user could not read a file of root's.
    like = old or ((new.like or folder.own_status()) if os.geteuid() == 0 else now)
    if now.st_uid != like.st_uid:
        try:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        except OSError as error:
            raise foreign(folder.path / name, like.st_uid) from error
    elif now.st_gid != like.st_gid:
        try:
            os.fchown(descriptor, -1, like.st_gid)
        except OSError:
            # What one group was allowed, another one is not.
            mode &= ~0o070
    if old is not None:
        _copy_attributes(descriptor, folder, name, secret=new.secret)
    os.fchmod(descriptor, mode)


def _copy_attributes(descriptor: int, folder: Folder, name: str, *, secret: bool) -> None:
    # As far as the system lets us. An access list would let others open the file before the mode shuts them out, so
    # a file with a secret does without; its mode would make the list idle anyway.
    if not hasattr(os, "listxattr"):
        return
    wanted = _KEPT_ATTRIBUTES if secret else (*_KEPT_ATTRIBUTES, ACCESS_LIST)
    try:
        source = open_regular(folder.at(name), folder.descriptor, folder.path / name)
    except OSError:
        return
    try:
        for attribute in os.listxattr(source):
            if attribute.startswith(wanted):
                try:
                    os.setxattr(descriptor, attribute, os.getxattr(source, attribute))
                except OSError:
                    continue
    except OSError:
        return
    finally:
        os.close(source)


def foreign(path: Path, uid: int) -> FileError:
    """The `FileError` for a file of another user, which would become ours."""
    name = owner(uid)
    return FileError(
        Kind.FOREIGN_OWNER,
        f"{shown(path)} belongs to {name}, not to {owner(os.geteuid())}: replacing it would change its owner",
        other_home(path, os.environ)
        or f'Run k6cfg as {name}, or take the file over first: `sudo chown "$(id -un)" {quoted(path)}`.',
    )
