"""Earlier versions of a file, kept where only its owner can read them.

A store is a folder with one folder per file that was changed. That one is named by a hash of the file's path, holds the
path itself in ``target``, and each backup as ``<UTC time to the microsecond>.bak``: whole, mode 0600.
"""

import contextlib
import datetime as dt
import errno
import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.files.directory import Folder, reach
from k6cfg.machine.files.errors import FileError, Kind, fault
from k6cfg.machine.files.snapshot import read
from k6cfg.machine.files.temp_file import New, discard, stage
from k6cfg.machine.files.trust import Doubt, doubts
from k6cfg.machine.paths import shown
from k6cfg.text.lazy_regex import late

_TARGET: Final = "target"
_NAME: Final = late(r"[0-9]{8}T[0-9]{12}Z\.bak", re.ASCII)
_STAMP: Final = "%Y%m%dT%H%M%S%fZ.bak"
_PLACE: Final = late(r"[0-9a-f]{24}", re.ASCII)
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""A file system that cannot sync a folder at all; one that tries and fails is another matter."""
_TICK: Final = dt.timedelta(microseconds=1)


class Backup(NamedTuple):
    """One earlier version: where it is kept, when it was taken (UTC), its size in bytes, and the file it was.

    ``target`` is ``None`` where the record of the file's path was lost.
    """

    path: Path
    taken: dt.datetime
    size: int
    target: Path | None


class Store(NamedTuple):
    """The backups in a folder, which is made on first use; ``keep`` of each file stay."""

    folder: Path
    keep: int = 10

    def list(self, target: Path) -> tuple[Backup, ...]:
        """The backups of a file (its resolved path), oldest first.

        Raises:
            FileError: the store cannot be read.
        """
        return _in_place(self._place(target))

    def all(self) -> tuple[Backup, ...]:
        """The backups of every file, file by file, oldest first.

        Raises:
            FileError: the store cannot be read.
        """
        return tuple(backup for place in self._places() for backup in _in_place(place))

    def latest(self, target: Path, *, unlike: bytes | None = None) -> Backup | None:
        """The newest backup of a file whose bytes are not ``unlike``, the present ones; ``None`` where there is none.

        Writing it back makes a backup of the present state, which is then the latest: to undo twice is to redo.
        One that another user may have put there is passed over.

        Raises:
            FileError: the store cannot be read.
        """
        kept = (backup for backup in reversed(self.list(target)) if not self.doubts(backup, target))
        return next((backup for backup in kept if not self._holds(backup, unlike)), None)

    def doubts(self, backup: Backup, target: Path) -> tuple[Doubt, ...]:
        """Why a backup of a file may not be what k6cfg wrote: each file or folder that lets another user change it.

        It is right where it belongs to the owner of the file, to who runs k6cfg or to root, and nobody else can replace
        it.

        Raises:
            FileError: the backup is gone, or cannot be looked at.
        """
        if not hasattr(os, "geteuid"):
            return ()
        try:
            present = next(each for each in (target, *target.parents) if os.path.lexists(each))
            return tuple(doubts(backup.path, {present.stat().st_uid, os.geteuid()}, own=2))
        except OSError as error:
            raise fault(error, backup.path, "read") from error

    def read(self, backup: Backup) -> bytes:
        """The earlier version, byte for byte.

        Raises:
            FileError: it cannot be read, or is gone.
        """
        return read(backup.path).data

    def purge(self, target: Path | None = None) -> int:
        """Remove the backups of a file, or of all files; how many there were.

        Raises:
            FileError: one of them cannot be removed.
        """
        places = self._places() if target is None else (self._place(target),)
        return sum(_purge(place) for place in places)

    def save(self, target: Path, data: bytes) -> Backup:
        """Keep ``data`` as the newest version of a file, safe on the disk; the caller holds the lock of its folder.

        The backup belongs to the owner of the file, whoever owns the store: root with the HOME of another user must
        not give a file of its own to that user.

        Raises:
            FileError: it cannot be kept, cannot belong to that owner, or is not known to be on the disk.
        """
        try:
            like = target.stat()
            with reach(self._place(target)) as folder:
                if folder.sync_failure is not None and folder.sync_failure.errno not in _NO_SYNC:
                    raise folder.sync_failure
                with contextlib.suppress(OSError):
                    folder.sweep()
                _record(folder, target, like)
                taken = _next_moment(folder)
                name = taken.strftime(_STAMP)
                _put(folder, name, data, like)
                return Backup(folder.path / name, taken, len(data), target)
        except (OSError, FileError) as error:
            why = fault(error, self.folder, "written") if isinstance(error, OSError) else error
            raise FileError(
                Kind.BACKUP,
                f"{shown(target)} was not changed, because its backup failed: {why.message}",
                f"{why.help} To change the file without a backup, add `--no-backup`.",
            ) from error

    def discard(self, backup: Backup) -> None:
        """Remove a backup that turned out not to be needed; that this fails is no harm."""
        with contextlib.suppress(OSError):
            backup.path.unlink()

    def prune(self, newest: Backup) -> None:
        """Remove what ``newest`` makes superfluous: older ones with the same bytes, and all but the last ``keep``."""
        with contextlib.suppress(OSError, FileError):
            data = self.read(newest)
            others = [backup for backup in _in_place(newest.path.parent) if backup.path != newest.path]
            unlike = [backup for backup in others if not self._holds(backup, data)]
            stay = unlike[-(self.keep - 1) :] if self.keep > 1 else []
            for backup in others:
                if backup not in stay:
                    self.discard(backup)

    def _holds(self, backup: Backup, data: bytes | None) -> bool:
        return data is not None and backup.size == len(data) and self.read(backup) == data

    def _place(self, target: Path) -> Path:
        try:  # hashlib would load OpenSSL first, which takes longer than all the rest of a backup
            from _blake2 import blake2b
        except ImportError:
            from hashlib import blake2b
        return self.folder / blake2b(os.fsencode(os.path.normcase(target)), digest_size=12).hexdigest()

    def _places(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in _names(self.folder) if _PLACE.fullmatch(name))


def _names(folder: Path) -> "list[str]":
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise fault(error, folder, "read") from error


def _in_place(place: Path) -> tuple[Backup, ...]:
    names = [name for name in _names(place) if _NAME.fullmatch(name)]
    target = _recorded(place) if names else None
    found = []
    for name in names:
        # Another process may prune at the same time.
        with contextlib.suppress(FileNotFoundError, ValueError):
            found.append(Backup(place / name, _moment(name), (place / name).lstat().st_size, target))
    return tuple(found)


def _recorded(place: Path) -> Path | None:
    try:
        return Path(os.fsdecode(read(place / _TARGET).data))
    except FileError:
        return None


def _purge(place: Path) -> int:
    names = _names(place)
    try:
        for name in names:
            if _NAME.fullmatch(name) or name == _TARGET or name.startswith(".k6cfg-"):
                (place / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            place.rmdir()
    except OSError as error:
        raise fault(error, place, "removed") from error
    return sum(1 for name in names if _NAME.fullmatch(name))


def _record(folder: Folder, target: Path, like: os.stat_result) -> None:
    if folder.status(_TARGET) is None:
        _put(folder, _TARGET, os.fsencode(target), like)


def _put(folder: Folder, name: str, data: bytes, like: os.stat_result) -> None:
    temporary = stage(folder, name, New(data, secret=True, like=like), None)
    try:
        folder.replace(temporary, name)
    except BaseException:
        discard(folder, temporary)
        raise
    try:
        folder.sync()
    except OSError as error:
        if error.errno not in _NO_SYNC:
            discard(folder, name)
            raise


def _moment(name: str) -> dt.datetime:
    # By hand: strptime costs more at its first use than the whole backup.
    day, clock = name[:8], name[9:21]
    numbers = (day[:4], day[4:6], day[6:], clock[:2], clock[2:4], clock[4:6], clock[6:])
    year, month, date, hour, minute, second, microsecond = map(int, numbers)
    return dt.datetime(year, month, date, hour, minute, second, microsecond, dt.timezone.utc)


def _next_moment(folder: Folder) -> dt.datetime:
    # Later than the newest there is, whatever the clock says: the names are the order.
    now = dt.datetime.now(dt.timezone.utc)
    newest = max((name for name in folder.names() if _NAME.fullmatch(name)), default=None)
    if newest is not None:
        with contextlib.suppress(ValueError, OverflowError):
            now = max(now, _moment(newest) + _TICK)
    return now
