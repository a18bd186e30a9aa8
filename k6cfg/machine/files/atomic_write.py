"""The safe write: afterwards the file is the old one or the new one, byte for byte, whatever happens on the way."""

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.machine.files.backups import Backup, Store
from k6cfg.machine.files.directory import Folder, uninterrupted
from k6cfg.machine.files.errors import FileError, Kind, fault, removal
from k6cfg.machine.files.in_place import IRREPLACEABLE, open_to_overwrite, overwrite, without_backup
from k6cfg.machine.files.preconditions import explain, refuse, refuse_marked
from k6cfg.machine.files.snapshot import Snapshot, identity, load, open_regular, read, resolve
from k6cfg.machine.files.temp_file import PRIVATE, New, discard, mode_after, stage
from k6cfg.machine.paths import quoted, shown

_PATIENCE: Final = 5.0


class Written(NamedTuple):
    """What a write did.

    ``changed`` is false where the file held those bytes already and was left alone. ``tightened``: others could use
    the file before and cannot now. ``durable`` false: the new file is in place, but the system could not say that it
    would survive a power cut. ``in_place``: it was overwritten, because it could not be replaced. ``leftover`` is a
    temporary file with the old content that could not be removed.
    """

    path: Path
    changed: bool
    backup: Path | None = None
    durable: bool = True
    created: bool = False
    tightened: bool = False
    made_folders: tuple[Path, ...] = ()
    in_place: bool = False
    leftover: Path | None = None


def write(  # noqa: PLR0913 -- each is a decision of the caller's, and goes by its name
    snapshot: Snapshot,
    data: bytes,
    *,
    secret: bool,
    backup: Store | None,
    check: Callable[[bytes], None] | None = None,
    in_place: bool = False,
) -> Written:
    """Make ``data`` the file that the snapshot was taken of, if it is still as it was then; all of it or nothing.

    The link stays where the file is a symbolic one, and so do owner, mode and extended attributes. ``secret`` says that
    the data holds one: then the mode is cut down to what the owner may (at most 0600). A new file gets 0600, a new
    folder 0700; no other folder is touched. ``backup`` gets the earlier data first, or is ``None`` for no backup.
    ``check`` gets the bytes as read back from the new file before they count, and stops the write by raising.
    ``in_place`` allows to overwrite a file that cannot be replaced; that needs a backup, and is weaker (`overwriting`).

    After a crash, a signal or a full disk the file is the old one or the new one. Success survives a power cut on local
    file systems of Linux and macOS that honour fsync. Not promised: network file systems, Windows (there the exchange
    is not known to survive a power cut, and nothing here was run there), programs that ignore the lock, k6 among them.

    Raises:
        FileError: the file cannot be written, or changed since the snapshot; nothing was changed.
    """
    if snapshot.exists and data == snapshot.data:
        if read(snapshot.path).data != snapshot.data:
            raise _changed(snapshot)
        return Written(snapshot.target, changed=False, tightened=secret and _tighten(snapshot))
    refuse(snapshot, len(data))
    with uninterrupted():
        try:
            with Folder.reached(snapshot.anchor, snapshot.anchor_identity, snapshot.target.parent) as folder:
                return _commit_or_overwrite(snapshot, New(data, secret, check), folder, backup, in_place=in_place)
        except OSError as error:
            action = "written" if snapshot.exists else "created"
            raise fault(error, snapshot.target, action, folder=snapshot.anchor) from error


def _commit_or_overwrite(
    snapshot: Snapshot, new: New, folder: Folder, store: Store | None, *, in_place: bool
) -> Written:
    try:
        return _commit(snapshot, new, folder, store)
    except FileError as error:
        if not (in_place and snapshot.exists and error.kind in IRREPLACEABLE):
            raise
    return _overwrite(snapshot, new, folder, store)


def _overwrite(snapshot: Snapshot, new: New, folder: Folder, store: Store | None) -> Written:
    # The folder is still locked: the lock goes with its descriptor.
    target = snapshot.target
    if store is None:
        raise without_backup(target)
    if new.check is not None:
        new.check(new.data)
    descriptor = open_to_overwrite(folder, target.name)
    try:
        kept = store.save(target, snapshot.data)
        try:
            _compare(snapshot, folder)
            overwrite(descriptor, snapshot.data, new, kept, target)
        except BaseException:
            if _holds(descriptor, snapshot.data):
                store.discard(kept)
            raise
    finally:
        # All was synced and read back: there is nothing left for the closing to say.
        with contextlib.suppress(OSError):
            os.close(descriptor)
    store.prune(kept)
    tightened = _wider(snapshot.mode, mode_after(snapshot.status, secret=new.secret))
    return Written(target, changed=True, backup=kept.path, tightened=tightened, in_place=True)


def _holds(descriptor: int, data: bytes) -> bool:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return load(descriptor, len(data) + 1) == data
    except OSError:
        return False


def _commit(snapshot: Snapshot, new: New, folder: Folder, store: Store | None) -> Written:
    target = snapshot.target
    kept: Backup | None = None
    temporary: str | None = None
    try:
        folder.lock(target, _PATIENCE)
        refuse_marked(folder, target)
        _sweep(folder)
        _compare(snapshot, folder)
        temporary = stage(folder, target.name, new, snapshot.status)
        if store is not None and snapshot.exists:
            kept = store.save(target, snapshot.data)
        # Again, as late as can be: what k6 writes takes no heed of the lock.
        _compare(snapshot, folder)
        displaced = _exchange(snapshot, folder, temporary, secret=new.secret)
    except _StrandedError:
        raise
    except BaseException as error:
        left = folder.path / temporary if temporary is not None and not discard(folder, temporary) else None
        if store is not None and kept is not None:
            store.discard(kept)
        failure = explain(error, snapshot, folder) if isinstance(error, OSError) else error
        if left is not None and isinstance(failure, FileError):
            failure = FileError(failure.kind, failure.message, f"{failure.help} {removal(left)}")
        if failure is not error:
            raise failure from error
        raise
    durable = folder.durable
    try:
        folder.sync()
    except OSError:
        durable = False
    leftover = folder.path / temporary if displaced and not discard(folder, temporary) else None
    if store is not None and kept is not None:
        store.prune(kept)
    return Written(
        target,
        changed=True,
        backup=kept.path if kept else None,
        durable=durable,
        created=not snapshot.exists,
        tightened=_wider(snapshot.mode, mode_after(snapshot.status, secret=new.secret)),
        made_folders=folder.made,
        leftover=leftover,
    )


def _sweep(folder: Folder) -> None:
    # Litter that cannot be removed is no reason not to write.
    with contextlib.suppress(OSError):
        folder.sweep()


def _compare(snapshot: Snapshot, folder: Folder) -> None:
    name = snapshot.target.name
    try:
        moved = resolve(snapshot.path) != snapshot.target
    except FileNotFoundError:
        moved = True
    if moved:
        raise _changed(snapshot)
    try:
        descriptor = open_regular(folder.at(name), folder.descriptor, snapshot.target)
    except FileNotFoundError:
        if snapshot.exists:
            raise _changed(snapshot) from None
        return
    try:
        status = os.fstat(descriptor)
        same = load(descriptor, len(snapshot.data) + 1) == snapshot.data
    finally:
        os.close(descriptor)
    if not same or snapshot.status is None or not _same_face(status, snapshot.status):
        raise _changed(snapshot)


def _same_face(now: os.stat_result, then: os.stat_result) -> bool:
    # A file that was opened to others, given away or linked meanwhile is judged anew, not taken for the old one.
    return (now.st_mode, now.st_uid, now.st_gid, now.st_nlink) == (
        then.st_mode,
        then.st_uid,
        then.st_gid,
        then.st_nlink,
    )


def _exchange(snapshot: Snapshot, folder: Folder, temporary: str, *, secret: bool) -> bool:
    """Give the temporary file the target's name; whether the old file now has the temporary one.

    By an exchange of names, where the system can, even a change is noticed that came after the last look: what another
    program writes meanwhile is in the file that was displaced, and gets its name back. Not where the old file is more
    open than the new one may be: it would stay for others to read if we were killed in between. A new file takes its
    name only while no other has it, where the system can make sure of that.
    """
    name = snapshot.target.name
    ours = folder.status(temporary)
    may_linger = snapshot.exists and not _wider(snapshot.mode, mode_after(snapshot.status, secret=secret))
    displaced = False
    try:
        displaced = may_linger and folder.exchange(temporary, name)
        if not displaced and (snapshot.exists or not folder.rename(temporary, name)):
            folder.replace(temporary, name)
    except OSError as error:
        # A network file system may do it and lose the answer.
        now = folder.status(name)
        if now is None or ours is None or identity(now) != identity(ours):
            if isinstance(error, FileExistsError):
                raise _changed(snapshot) from None
            raise
        folder.durable = False
        displaced = folder.status(temporary) is not None
    if displaced and not _is_still(snapshot, folder, temporary):
        _give_back(folder, temporary, name)
        raise _changed(snapshot)
    return displaced


class _StrandedError(FileError):
    """What another program wrote has only a temporary name: nothing may be tidied up."""


def _give_back(folder: Folder, displaced: str, name: str) -> None:
    """Give what was displaced its name again, by a plain replacement where the exchange fails now."""
    with contextlib.suppress(OSError):
        if folder.exchange(displaced, name):
            return
    try:
        folder.replace(displaced, name)
    except OSError as error:
        theirs, ours = folder.path / displaced, folder.path / name
        raise _StrandedError(
            Kind.INPUT_OUTPUT,
            f"{shown(ours)} was changed by another program at the same moment, and what that wrote cannot get its name "
            f"back: it is in {shown(theirs)} now",
            f"Move it back before anything else: `mv {quoted(theirs)} {quoted(ours)}`.",
        ) from error


def _is_still(snapshot: Snapshot, folder: Folder, displaced: str) -> bool:
    """Whether a displaced file holds what the snapshot does, as far as can be told."""
    try:
        descriptor = open_regular(folder.at(displaced), folder.descriptor, snapshot.target)
    except FileError:
        return False
    except OSError as error:
        return error.errno != errno.ELOOP
    try:
        with contextlib.suppress(OSError):
            return load(descriptor, len(snapshot.data) + 1) == snapshot.data
        return True
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _tighten(snapshot: Snapshot) -> bool:
    if not hasattr(os, "fchown") or snapshot.status is None:
        return False
    mode = mode_after(snapshot.status, secret=True)
    if not _wider(snapshot.mode, mode):
        return False
    try:
        descriptor = os.open(snapshot.target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            if identity(os.fstat(descriptor)) != identity(snapshot.status):
                raise _changed(snapshot)
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise fault(error, snapshot.target, f"made private (mode {PRIVATE:04o})") from error
    return True


def _wider(before: int, after: int) -> bool:
    return bool(stat.S_IMODE(before) & ~after)


def _changed(snapshot: Snapshot) -> FileError:
    return FileError(
        Kind.CONFLICT,
        f"{shown(snapshot.path)} changed while k6cfg was working on it; nothing was written",
        "Run the command again: it starts from the file as it is now.",
    )
