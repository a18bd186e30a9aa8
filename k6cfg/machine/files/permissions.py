"""Whether another user could read a file: permission bits, access lists, and every folder on the way."""

import os
import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.files.errors import FileError, Kind
from k6cfg.machine.files.temp_file import ACCESS_LIST
from k6cfg.machine.paths import shown

READ: Final = 4
ENTER: Final = 1

_ENTRY: Final = struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 1, 2, 4, 8, 16, 32
_MOST_LINKS: Final = 40


class User(NamedTuple):
    """Who asks: a number, the number of the own group, and all groups."""

    uid: int
    gid: int
    groups: frozenset[int]


def user(uid: int) -> User:
    """A user by number; one that the system does not know is in the group of the same number alone, as in an image."""
    try:
        import pwd

        known = pwd.getpwuid(uid)
        return User(uid, known.pw_gid, frozenset(os.getgrouplist(known.pw_name, known.pw_gid)))
    except (ImportError, KeyError, OSError):
        return User(uid, uid, frozenset({uid}))


class Obstacle(NamedTuple):
    """What shuts a user out. ``who``: whose bits count, as chmod names them (``u``, ``g``, ``o``), or ``list``."""

    path: Path
    status: os.stat_result
    who: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, which may not be entered; else a file that may not be read."""
        return stat.S_ISDIR(self.status.st_mode)


def obstacles(path: Path, asking: User) -> tuple[Obstacle, ...]:
    """Everything between a user and the content of a file, from the root on; nothing: it can be read.

    Attributes of security modules and mounts are not looked at.

    Raises:
        OSError: we cannot look ourselves.
        FileError: its links lead in a circle.
    """
    found = []
    for place in _way(path):
        status = place.stat()
        bit = ENTER if stat.S_ISDIR(status.st_mode) else READ
        who, granted = _granted(place, status, asking)
        if not granted & bit:
            found.append(Obstacle(place, status, who))
    return tuple(found)


def _way(path: Path) -> Iterator[Path]:
    """Every folder that is entered on the way to a file, through every link, and the file."""
    at, links = Path(path.anchor), 0
    pending = list(reversed(path.parts[1:]))
    yield at
    while pending:
        part = pending.pop()
        if part == "..":
            at = at.parent
            continue
        if (at / part).is_symlink():
            links += 1
            if links > _MOST_LINKS:
                raise FileError(Kind.LOOP, f"the links of {shown(path)} lead in a circle", "Remove one of them.")
            target = (at / part).readlink()
            at = Path(target.anchor) if target.is_absolute() else at
            pending += reversed(target.parts[1:] if target.is_absolute() else target.parts)
            continue
        at /= part
        yield at


def _granted(path: Path, status: os.stat_result, asking: User) -> tuple[str, int]:
    """Whose bits count, and the bits."""
    mode = status.st_mode
    if asking.uid == 0:
        return "u", READ | ENTER
    if status.st_uid == asking.uid:
        return "u", mode >> 6 & 7
    # Linux looks at the list only where the bits of the group, its mask, leave anything.
    listed = _by_list(path, status, asking) if mode & 0o070 else None
    if listed is not None:
        return "list", listed
    return ("g", mode >> 3 & 7) if status.st_gid in asking.groups else ("o", mode & 7)


def _by_list(path: Path, status: os.stat_result, asking: User) -> int | None:
    """The bits that an access list gives to somebody who is not the owner; None where there is none.

    Source: acl(5), "access check algorithm". Of several groups one that grants all that is asked for is enough.
    """
    try:
        data = os.getxattr(path, ACCESS_LIST)
    except (AttributeError, OSError):
        return None
    entries = [_ENTRY.unpack_from(data, at) for at in range(4, len(data) - _ENTRY.size + 1, _ENTRY.size)]
    mask = next((bits for tag, bits, _ in entries if tag == _MASK), 7)
    for tag, bits, number in entries:
        if tag == _USER and number == asking.uid:
            return int(bits & mask)
    groups = [
        bits & mask
        for tag, bits, number in entries
        if (tag == _GROUP_OBJ and status.st_gid in asking.groups) or (tag == _GROUP and number in asking.groups)
    ]
    if groups:
        # Reading and entering are never asked for together, so that each bit may come from another group.
        together = 0
        for bits in groups:
            together |= bits
        return together
    return next((int(bits) for tag, bits, _ in entries if tag == _OTHER), 0)
