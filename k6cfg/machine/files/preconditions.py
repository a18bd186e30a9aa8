"""What is not written, and why: each refusal with its cause and the way out."""

import errno
import os
import re
import stat
import sys
from pathlib import Path
from typing import Final

from k6cfg.machine.files.directory import Folder
from k6cfg.machine.files.errors import FileError, Kind, fault, other_home, owner
from k6cfg.machine.files.snapshot import Snapshot, open_regular, size
from k6cfg.machine.files.temp_file import foreign
from k6cfg.machine.paths import quoted, shown

LARGEST_WRITE: Final = 16 * 1024 * 1024
"""Bytes; larger files are not changed."""

# `..2026_11_23_08_15_00.1234567890`: the kubelet's AtomicWriter (`pkg/volume/util/atomic_writer.go`).
_VOLUME: Final = r"\.\.\d{4}(?:_\d\d){5}\.\d+"
_GET_FLAGS: Final = 0x80086601
_IMMUTABLE: Final = 0x10
_APPEND_ONLY: Final = 0x20


def managed(target: Path) -> bool:
    """Whether a file, links resolved, lies in a volume that Kubernetes made of a ConfigMap or Secret.

    Its files are links through the link ``..data`` into a folder named by the time, which is exchanged as a whole.
    """
    for folder in target.parents:
        if folder.name.startswith("..") and folder.name != "..":
            try:
                behind = os.readlink(folder.parent / "..data")  # noqa: PTH115 - as it is written
            except (OSError, ValueError):
                behind = ""
            if behind.rstrip("/") == folder.name or re.fullmatch(_VOLUME, folder.name):
                return True
    return False


def refuse(snapshot: Snapshot, length: int) -> None:
    """Stop a write that would do harm.

    Raises:
        FileError: the file is managed by another tool, too large, has a second name, or belongs to someone else.
    """
    target, status = snapshot.target, snapshot.status
    if managed(target):
        raise FileError(
            Kind.MANAGED,
            f"{shown(snapshot.path)} comes from a Kubernetes ConfigMap or Secret; a change here would be lost",
            "Change the ConfigMap or Secret itself (`kubectl edit`), then restart the pod.",
        )
    if max(length, len(snapshot.data)) > LARGEST_WRITE:
        raise FileError(
            Kind.TOO_LARGE,
            f"{shown(target)} is not changed: it is or would be larger than {size(LARGEST_WRITE)}",
            "Check that it is the file you mean.",
        )
    if status is None:
        return
    if status.st_nlink > 1:
        raise FileError(
            Kind.HARD_LINK,
            f"{shown(target)} has {status.st_nlink} names (hard links): the others would keep the old text",
            f"Find them with `find {quoted(target.parent)} -xdev -samefile {quoted(target)}`; "
            "remove them, or make them symbolic links.",
        )
    if hasattr(os, "geteuid") and os.geteuid() not in {0, status.st_uid}:
        raise _sticky(target) or foreign(target, status.st_uid)


def refuse_marked(folder: Folder, target: Path) -> None:
    """Stop before a write of which the temporary file could not be removed again, nor renamed.

    Raises:
        FileError: the file or its folder is marked as unchangeable or append-only.
    """
    for path, name in ((target, target.name), (folder.path, ".")):
        flags = _attributes(folder, name)
        letter = "i" if flags & _IMMUTABLE else "a" if flags & _APPEND_ONLY else ""
        if letter:
            word = "unchangeable" if letter == "i" else "append-only"
            remedy = f"Take the mark off with `sudo chattr -{letter} {quoted(path)}`, then run it again."
            raise FileError(Kind.IMMUTABLE, f"{shown(path)} is marked as {word} (attribute `{letter}`)", remedy)


def explain(error: OSError, snapshot: Snapshot, folder: Folder) -> FileError:
    """Why a write into the folder failed, in as much detail as the system gives afterwards."""
    target = snapshot.target
    if error.errno == errno.EBUSY and mounted(target):
        return FileError(
            Kind.BUSY,
            f"{shown(target)} is mounted as a single file, so it cannot be replaced as a whole",
            "Mount its folder instead of the file (Docker: `-v FOLDER:FOLDER`), "
            "or leave the file alone and give k6 its settings in K6_* environment variables.",
        )
    if error.errno in {errno.EPERM, errno.EACCES} and getattr(error, "winerror", None) is None:
        return _sticky(target) or _closed(error, folder, target, "replaced" if snapshot.exists else "created")
    return fault(error, target, "written")


def _closed(error: OSError, folder: Folder, target: Path, action: str) -> FileError:
    if error.errno != errno.EACCES or not hasattr(os, "geteuid"):
        return fault(error, target, "written")
    status = folder.own_status()
    return FileError(
        Kind.PERMISSION,
        f"{shown(target)} cannot be {action}: its folder belongs to {owner(status.st_uid)} "
        f"and has mode {stat.S_IMODE(status.st_mode):04o}",
        other_home(target, os.environ)
        or f"Allow yourself to write there: `chmod u+w {quoted(folder.path)}` as {owner(status.st_uid)}.",
    )


def _sticky(target: Path) -> FileError | None:
    if not hasattr(os, "geteuid"):
        return None
    try:
        folder, file = target.parent.stat(), target.stat()
    except OSError:
        return None
    if not folder.st_mode & stat.S_ISVTX or os.geteuid() in {0, folder.st_uid, file.st_uid}:
        return None
    return FileError(
        Kind.STICKY,
        f"{shown(target)} belongs to {owner(file.st_uid)} and lies in a sticky folder like /tmp, "
        "where only a file's owner may replace it",
        f"Run k6cfg as {owner(file.st_uid)}, or use a file in a folder of your own.",
    )


def _attributes(folder: Folder, name: str) -> int:
    # The flags that `lsattr` shows; 0 where the system has no such thing.
    if sys.platform != "linux":
        status = folder.status(name)
        # UF_/SF_IMMUTABLE and UF_/SF_APPEND of BSD and macOS.
        marks: int = getattr(status, "st_flags", 0)
        return (_IMMUTABLE if marks & 0x20002 else 0) | (_APPEND_ONLY if marks & 0x40004 else 0)
    import fcntl

    try:
        descriptor = (
            os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder.descriptor)
            if name == "."
            else open_regular(folder.at(name), folder.descriptor, folder.path / name)
        )
    except (OSError, FileError):
        return 0
    try:
        flags = fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8))
    except OSError:
        return 0
    finally:
        os.close(descriptor)
    return int.from_bytes(flags[:4], sys.byteorder)


def mounted(target: Path) -> bool:
    """Whether a file is a mount of its own; nothing in its status tells."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as table:  # noqa: PTH123
            places = [line.split(" ")[4] for line in table]
    except OSError:
        return False
    wanted = str(target).replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012")
    return wanted in places
