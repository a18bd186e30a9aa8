import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from k6cfg.machine.files import FileError, Kind, Snapshot, Store, Written, absent, read, temp_file, write
from k6cfg.machine.files import directory as folders
from k6cfg.machine.files import syscalls as calls
from k6cfg.machine.paths import quoted

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and signals of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux has these calls")

OLD = b'{"token": "OLD-T0KEN"}'
NEW = b'{"token": "NEW-T0KEN", "vus": 1}'


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "k6" / "config.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    path.chmod(0o600)
    return path


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def put(path: Path, data: bytes = NEW, *, secret: bool = True) -> Written:
    return write(read(path), data, secret=secret, backup=None)


def refused(snapshot: Snapshot, kind: Kind, data: bytes = NEW) -> FileError:
    """The error of a write that changes nothing and leaves nothing behind."""
    folder = snapshot.anchor
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(FileError) as caught:
        write(snapshot, data, secret=True, backup=None)
    assert caught.value.kind is kind, caught.value
    assert sorted(path.name for path in folder.iterdir()) == before
    return caught.value


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_new_bytes_and_nothing_else(target: Path) -> None:
    written = put(target)
    assert target.read_bytes() == NEW
    assert [path.name for path in target.parent.iterdir()] == ["config.json"]
    assert written == Written(target.resolve(), changed=True)


def test_the_same_bytes_are_not_written(target: Path) -> None:
    os.utime(target, ns=(1, 1))
    before = target.stat()
    assert put(target, OLD) == Written(target.resolve(), changed=False)
    after = target.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (before.st_ino, 1, before.st_ctime_ns)


@posix
def test_the_same_bytes_that_others_could_read_are_made_private(target: Path) -> None:
    target.chmod(0o644)
    os.utime(target, ns=(1, 1))
    before = target.stat()
    assert put(target, OLD).tightened
    after = target.stat()
    assert (after.st_ino, after.st_mtime_ns, mode(target)) == (before.st_ino, 1, 0o600)
    target.chmod(0o644)
    assert not put(target, OLD, secret=False).tightened
    assert mode(target) == 0o644


@posix
@pytest.mark.parametrize(
    ("before", "secret", "after"),
    [
        (0o644, True, 0o600),
        (0o644, False, 0o644),
        (0o664, False, 0o664),
        (0o600, True, 0o600),
        (0o400, True, 0o400),
        (0o440, True, 0o400),
        (0o755, True, 0o600),
        (0o044, True, 0o600),
    ],
)
def test_the_mode_stays_or_gets_tighter(target: Path, before: int, after: int, *, secret: bool) -> None:
    snapshot = read(target)
    target.chmod(before)
    try:
        snapshot = read(target)
    except FileError:
        pytest.skip("an ordinary user may not read that")
    written = write(snapshot, NEW, secret=secret, backup=None)
    assert mode(target) == after
    assert written.tightened is (before != after)


@posix
@pytest.mark.parametrize("mask", [0, 0o022, 0o077, 0o777])
def test_the_umask_does_not_matter(tmp_path: Path, target: Path, umask: Callable[[int], int], mask: int) -> None:
    target.chmod(0o640)
    umask(mask)
    put(target, secret=False)
    made = write(absent(tmp_path / "new" / "deep" / "config.json"), NEW, secret=False, backup=None)
    umask(0o022)
    assert mode(target) == 0o640
    assert mode(made.path) == 0o600
    assert mode(made.path.parent) == 0o700
    assert made.made_folders == (tmp_path.resolve() / "new", tmp_path.resolve() / "new" / "deep")
    assert made.created
    assert made.path.read_bytes() == NEW


@posix
def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    folder.chmod(0o755)
    write(absent(folder / "config.json"), NEW, secret=True, backup=None)
    put(folder / "config.json", OLD)
    assert mode(folder) == 0o755


def test_a_file_that_changed_meanwhile(target: Path) -> None:
    snapshot = read(target)
    target.write_bytes(b"other")
    assert "changed" in str(refused(snapshot, Kind.CONFLICT))
    assert "changed" in str(refused(snapshot, Kind.CONFLICT, OLD)), "even where nothing is to be written"
    assert target.read_bytes() == b"other"


@posix
@pytest.mark.parametrize("change", ["mode", "link", "removed", "folder", "redirected"])
def test_a_file_that_is_not_the_same_any_more(tmp_path: Path, target: Path, change: str) -> None:
    link = tmp_path / "link"
    link.symlink_to(target)
    snapshot = read(link)
    if change == "mode":
        target.chmod(0o640)
    elif change == "link":
        target.rename(tmp_path / "moved")
        target.symlink_to(tmp_path / "moved")
    elif change == "removed":
        target.unlink()
    elif change == "folder":
        target.parent.rename(tmp_path / "elsewhere")
        target.parent.mkdir()
        target.write_bytes(OLD)
        target.chmod(0o600)
    else:
        (tmp_path / "other").write_bytes(OLD)
        (tmp_path / "other").chmod(0o600)
        link.unlink()
        link.symlink_to(tmp_path / "other")
    refused(snapshot, Kind.CONFLICT)


@posix
def test_the_folder_became_a_link_to_somewhere_else(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "k6", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    snapshot = absent(folder / "config.json")
    folder.rmdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(FileError):
        write(snapshot, NEW, secret=True, backup=None)
    assert list(elsewhere.iterdir()) == []


def test_a_file_that_came_into_being_meanwhile(target: Path) -> None:
    target.unlink()
    snapshot = absent(target)
    target.write_bytes(b"theirs")
    refused(snapshot, Kind.CONFLICT)
    assert target.read_bytes() == b"theirs"


@posix
def test_the_folder_is_swapped_while_we_write(tmp_path: Path, target: Path) -> None:
    aside, elsewhere = tmp_path / "aside", tmp_path / "elsewhere"
    elsewhere.mkdir()

    def swap(_: object) -> None:
        target.parent.rename(aside)
        target.parent.symlink_to(elsewhere)

    with pytest.raises(FileError):
        write(read(target), NEW, secret=True, backup=None, check=swap)
    assert list(elsewhere.iterdir()) == []
    assert [path.name for path in aside.iterdir()] == ["config.json"]
    assert (aside / "config.json").read_bytes() == OLD


@pytest.mark.parametrize("before", [0o600, 0o644])  # exchanged, replaced
def test_a_change_in_the_last_moment(target: Path, monkeypatch: pytest.MonkeyPatch, before: int) -> None:
    target.chmod(before)
    flushed = folders.flush

    def flush(descriptor: int) -> None:
        flushed(descriptor)
        target.write_bytes(b"k6 was here")

    monkeypatch.setattr(temp_file, "flush", flush)
    refused(read(target), Kind.CONFLICT)
    assert target.read_bytes() == b"k6 was here"


def other_programs(target: Path, aside: Path) -> dict[str, Callable[[], None]]:
    """What may happen to a file between the last look at it and the exchange of names."""

    def written() -> None:
        target.write_bytes(b"theirs")

    def saved() -> None:
        aside.write_bytes(b"theirs")
        aside.rename(target)

    def linked() -> None:
        aside.write_bytes(b"theirs")
        target.unlink()
        target.symlink_to(aside)

    def made_a_folder() -> None:
        target.unlink()
        target.mkdir()

    return {"written": written, "saved": saved, "linked": linked, "made a folder": made_a_folder}


@linux
@pytest.mark.parametrize("how", ["written", "saved", "linked", "made a folder"])
def test_a_change_after_the_last_look(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    exchanged = calls.exchange
    program = other_programs(target, tmp_path / "aside")[how]

    def exchange(folder: int, one: str, other: str) -> bool:
        monkeypatch.setattr(calls, "exchange", exchanged)  # once
        program()
        return exchanged(folder, one, other)

    monkeypatch.setattr(calls, "exchange", exchange)
    store = Store(tmp_path / "store")
    with pytest.raises(FileError) as caught:
        write(read(target), NEW, secret=True, backup=store)
    assert caught.value.kind is Kind.CONFLICT
    assert target.is_dir() or target.read_bytes() == b"theirs"
    assert (target.is_symlink(), target.is_dir()) == (how == "linked", how == "made a folder")
    assert [path.name for path in target.parent.iterdir()] == ["config.json"]
    assert store.all() == ()


@linux
def test_a_program_that_has_just_emptied_the_file_finds_it_again(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # k6 2.2.0 opens its file so that it is empty, and then writes: into the file that it opened, whatever its name.
    exchanged = calls.exchange
    opened: list[IO[bytes]] = []

    def exchange(folder: int, one: str, other: str) -> bool:
        monkeypatch.setattr(calls, "exchange", exchanged)  # once
        opened.append(target.open("wb"))
        return exchanged(folder, one, other)

    monkeypatch.setattr(calls, "exchange", exchange)
    refused(read(target), Kind.CONFLICT)
    with opened[0] as file:
        file.write(b"k6 was here")
    assert target.read_bytes() == b"k6 was here"


@linux
def test_an_old_file_that_cannot_be_removed_is_reported(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def remove(*_: object) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(folders.Folder, "remove", remove)
    written = put(target)
    assert written.leftover is not None
    assert (target.read_bytes(), written.leftover.read_bytes()) == (NEW, OLD)


@linux
def test_a_new_file_that_cannot_be_removed_after_a_failure_is_reported(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(calls, "exchange", fail)
    monkeypatch.setattr(folders.Folder, "replace", fail)
    monkeypatch.setattr(folders.Folder, "remove", fail)
    with pytest.raises(FileError) as caught:
        put(target)
    (leftover,) = target.parent.glob(".k6cfg-*.tmp")
    assert f"`rm {quoted(leftover)}`" in caught.value.help
    assert target.read_bytes() == OLD


@linux
def test_an_exchange_whose_answer_was_lost(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchanged = calls.exchange

    def exchange(folder: int, one: str, other: str) -> bool:
        exchanged(folder, one, other)
        raise OSError(errno.EIO, "lost")

    monkeypatch.setattr(calls, "exchange", exchange)
    written = put(target)
    assert (target.read_bytes(), written.changed, written.durable) == (NEW, True, False)
    assert [path.name for path in target.parent.iterdir()] == ["config.json"]


@linux
@pytest.mark.parametrize("how", ["lost", "no more", "fails"])
def test_a_change_after_the_last_look_survives_a_failing_exchange(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    exchanged = calls.exchange

    def again(*_: object) -> bool:
        if how == "fails":
            raise OSError(errno.EIO, "no")
        return False

    def exchange(folder: int, one: str, other: str) -> bool:
        target.write_bytes(b"theirs")
        monkeypatch.setattr(calls, "exchange", exchanged if how == "lost" else again)
        exchanged(folder, one, other)
        if how == "lost":
            raise OSError(errno.EIO, "lost")
        return True

    monkeypatch.setattr(calls, "exchange", exchange)
    store = Store(tmp_path / "store")
    with pytest.raises(FileError) as caught:
        write(read(target), NEW, secret=True, backup=store)
    assert caught.value.kind is Kind.CONFLICT
    assert target.read_bytes() == b"theirs"
    assert [path.name for path in target.parent.iterdir()] == ["config.json"]
    assert store.all() == ()


@linux
def test_what_cannot_get_its_name_back_stays_and_is_named(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanged = calls.exchange

    def exchange(folder: int, one: str, other: str) -> bool:
        target.write_bytes(b"theirs")
        exchanged(folder, one, other)
        for name in ("exchange", "replace"):
            monkeypatch.setattr(folders.Folder, name, fails)
        return True

    def fails(*_: object) -> bool:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(calls, "exchange", exchange)
    store = Store(tmp_path / "store")
    with pytest.raises(FileError) as caught:
        write(read(target), NEW, secret=True, backup=store)
    (theirs,) = (path for path in target.parent.iterdir() if path != target)
    assert theirs.read_bytes() == b"theirs"
    assert str(theirs) in caught.value.message + caught.value.help
    assert [backup.path.read_bytes() for backup in store.all()] == [OLD]


@linux
@pytest.mark.parametrize("lost", [False, True])
def test_a_file_that_appears_after_the_last_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bool) -> None:
    renamed = calls.rename
    place = tmp_path / "config.json"

    def rename(folder: int, name: str, new: str) -> bool:
        if lost:
            renamed(folder, name, new)
            raise OSError(errno.EIO, "lost")
        place.write_bytes(b"theirs")
        return renamed(folder, name, new)

    monkeypatch.setattr(calls, "rename", rename)
    if lost:
        assert not write(absent(place), NEW, secret=True, backup=None).durable
    else:
        with pytest.raises(FileError) as caught:
            write(absent(place), NEW, secret=True, backup=None)
        assert caught.value.kind is Kind.CONFLICT
    assert place.read_bytes() == (NEW if lost else b"theirs")
    assert list(tmp_path.iterdir()) == [place]


@linux
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.EPERM])
def test_a_system_that_exchanges_no_names(target: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(calls, "_call", lambda _name: lambda *_: number)
    put(target)
    assert target.read_bytes() == NEW
    monkeypatch.setattr(calls, "_call", lambda _name: None)
    put(target, OLD)
    assert target.read_bytes() == OLD


def test_the_check_sees_what_was_written_and_can_stop_it(target: Path) -> None:
    seen: list[bytes] = []
    write(read(target), NEW, secret=True, backup=None, check=seen.append)
    assert seen == [NEW]

    def stop(data: bytes) -> None:
        raise AssertionError(len(data))

    with pytest.raises(AssertionError):
        write(read(target), OLD, secret=True, backup=None, check=stop)
    assert target.read_bytes() == NEW
    assert [path.name for path in target.parent.iterdir()] == ["config.json"]


def test_a_disk_that_lies(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: taken(descriptor, bytes(data).replace(b"1", b"2")))
    assert "give back" in str(refused(read(target), Kind.INPUT_OUTPUT))
    assert target.read_bytes() == OLD


def test_a_byte_at_a_time(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: taken(descriptor, data[:1]))
    put(target)
    assert target.read_bytes() == NEW


def test_a_disk_that_takes_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda _descriptor, _data: 0)
    refused(read(target), Kind.INPUT_OUTPUT)
    assert target.read_bytes() == OLD


def test_folders_made_for_nothing_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda _descriptor, _data: 0)
    refused(absent(tmp_path / "a" / "b" / "config.json"), Kind.INPUT_OUTPUT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_exchange")
def test_a_rename_whose_answer_was_lost(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = os.replace

    def replace(*names: str, **folders: int) -> None:
        renamed(*names, **folders)  # type: ignore[arg-type]
        raise OSError(errno.EIO, "lost")

    monkeypatch.setattr(os, "replace", replace)
    written = put(target)
    assert (target.read_bytes(), written.changed, written.durable) == (NEW, True, False)


@posix
def test_a_folder_that_cannot_be_synced_leaves_the_new_file_in_doubt(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not here")
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    store = Store(target.parent.parent / "store")
    written = write(read(target), NEW, secret=True, backup=store)
    assert not written.durable
    assert target.read_bytes() == NEW
    assert len(store.all()) == 1


@posix
@pytest.mark.parametrize("shape", ["relative", "absolute", "chain", "folder", "dangling", "dangling far"])
def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path, target: Path, shape: str) -> None:
    links = tmp_path / "links"
    links.mkdir()
    link = links / "config.json"
    real = target
    if shape == "relative":
        link.symlink_to("../k6/config.json")
    elif shape == "absolute":
        link.symlink_to(target)
    elif shape == "chain":
        (links / "hop").symlink_to("../k6/config.json")
        (tmp_path / "hop").symlink_to("links/hop")
        link.symlink_to("../hop")
    elif shape == "folder":
        (links / "k6").symlink_to("../k6")
        link = links / "k6" / "config.json"
    elif shape == "dangling":
        real = target.with_name("real.json")
        link.symlink_to("../k6/real.json")
    else:
        real = tmp_path / "not" / "yet" / "real.json"
        link.symlink_to("../not/yet/real.json")
    before = {path: path.readlink() for path in tmp_path.rglob("*") if path.is_symlink()}
    snapshot = absent(link) if shape.startswith("dangling") else read(link)
    written = write(snapshot, NEW, secret=True, backup=None)
    assert {path: path.readlink() for path in tmp_path.rglob("*") if path.is_symlink()} == before
    assert written.path == real.resolve()
    assert not real.is_symlink()
    assert real.read_bytes() == link.read_bytes() == NEW


@posix
def test_a_chain_through_a_folder_that_may_not_be_written(tmp_path: Path, target: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "hop").symlink_to(target)
    (tmp_path / "config.json").symlink_to("store/hop")
    store.chmod(0o555)
    try:
        put(tmp_path / "config.json")
    finally:
        store.chmod(0o755)
    assert target.read_bytes() == NEW
    assert (tmp_path / "config.json").readlink() == Path("store/hop")


def _attributes(path: Path) -> dict[str, bytes]:
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


@linux
def test_extended_attributes_stay(target: Path) -> None:
    try:
        os.setxattr(target, "user.k6cfg.test", b"kept")
    except OSError:
        pytest.skip("the file system has no attributes")
    put(target)
    assert _attributes(target)["user.k6cfg.test"] == b"kept"


# Version 2; owner rw-, user 12345 rw-, group r--, mask rw-, others ---.
_ACCESS_LIST = bytes.fromhex(
    "02000000 01000600ffffffff 0200060039300000 04000400ffffffff 10000600ffffffff 20000000ffffffff"
)


@linux
@pytest.mark.parametrize("secret", [True, False])
def test_an_access_list_stays_where_there_is_no_secret(target: Path, *, secret: bool) -> None:
    try:
        os.setxattr(target, "system.posix_acl_access", _ACCESS_LIST)
    except OSError:
        pytest.skip("the file system has no access lists")
    assert mode(target) == 0o660
    written = put(target, secret=secret)
    assert ("system.posix_acl_access" in _attributes(target)) is not secret
    assert mode(target) == (0o600 if secret else 0o660)
    assert written.tightened is secret


@linux
def test_a_folder_whose_files_are_open_to_others_by_default(target: Path) -> None:
    try:
        os.setxattr(target.parent, "system.posix_acl_default", _ACCESS_LIST)
    except OSError:
        pytest.skip("the file system has no access lists")
    put(target)
    assert mode(target) == 0o600


@posix
def test_the_group_stays(target: Path) -> None:
    others = [group for group in os.getgroups() if group != target.stat().st_gid] or (
        [12345] if os.geteuid() == 0 else []
    )
    if not others:
        pytest.skip("this user has one group only")
    os.chown(target, -1, others[0])
    target.chmod(0o640)
    put(target, secret=False)
    assert (target.stat().st_gid, mode(target)) == (others[0], 0o640)


@posix
def test_a_group_that_cannot_stay_takes_its_rights_along(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, for a file of a group that we are not in")
    os.chown(target, -1, 12345)
    target.chmod(0o664)

    def fchown(_descriptor: int, _user: int, _group: int) -> None:
        raise PermissionError(errno.EPERM, "no")

    monkeypatch.setattr(os, "fchown", fchown)
    put(target, secret=False)
    assert mode(target) == 0o604


@posix
def test_locked_by_another(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    from k6cfg.machine.files import atomic_write as writing

    monkeypatch.setattr(writing, "_PATIENCE", 0.1)
    holder = os.open(target.parent, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        error = refused(read(target), Kind.LOCKED)
    finally:
        os.close(holder)
    assert "0.1 s" in str(error)
    assert target.read_bytes() == OLD
    put(target)


@posix
def test_a_lock_is_waited_for(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    holder = os.open(target.parent, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            os.close(holder)

    monkeypatch.setattr(time, "sleep", wait)
    put(target)
    assert len(waits) == 3
    assert target.read_bytes() == NEW


@posix
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EBADF])
def test_without_locks_the_comparison_remains(target: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    import fcntl

    def flock(_descriptor: int, _how: int) -> None:
        raise OSError(number, "no locks here")

    monkeypatch.setattr(fcntl, "flock", flock)
    put(target)
    snapshot = read(target)
    target.write_bytes(b"other")
    refused(snapshot, Kind.CONFLICT, OLD)


@pytest.fixture
def interrupted() -> Iterator[Callable[[object], None]]:
    """Interrupts this thread when it is called; other threads, as pytest-xdist has them, hold nothing back."""
    this = threading.get_ident()
    # Whoever is started in the background is deaf to it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda _: signal.pthread_kill(this, signal.SIGINT)
    signal.signal(signal.SIGINT, before)


@posix
def test_an_interrupt_waits_for_the_end(target: Path, interrupted: Callable[[object], None]) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(read(target), NEW, secret=True, backup=None, check=interrupted)
    assert target.read_bytes() == NEW
    assert [path.name for path in target.parent.iterdir()] == ["config.json"]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


@posix
def test_an_interrupt_ends_the_wait_for_the_lock(
    target: Path, monkeypatch: pytest.MonkeyPatch, interrupted: Callable[[object], None]
) -> None:
    import fcntl

    from k6cfg.machine.files import atomic_write as writing

    holder = os.open(target.parent, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    snapshot = read(target)
    monkeypatch.setattr(writing, "_PATIENCE", 600.0)
    monkeypatch.setattr(time, "sleep", interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            write(snapshot, NEW, secret=True, backup=None)
    finally:
        os.close(holder)
    assert target.read_bytes() == OLD


@posix
def test_litter_of_the_dead_is_swept_and_nothing_else(target: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-I", "-S", "-c", ""])
    dead.wait()
    folder = target.parent
    stale = [f".k6cfg-{dead.pid}-0123456789ab.tmp", f".k6cfg-{os.getpid()}-0123456789ab.tmp"]
    stays = [
        f".k6cfg-{os.getppid()}-0123456789ab.tmp",
        f".k6cfg-{dead.pid}-0123456789AB.tmp",
        f".k6cfg-{dead.pid}-0123456789ab.tmp.bak",
        f"x.k6cfg-{dead.pid}-0123456789ab.tmp",
        ".k6cfg-notes.tmp",
    ]
    for name in (*stale, *stays):
        (folder / name).write_bytes(b"x")
    link = folder / f".k6cfg-{dead.pid}-ba9876543210.tmp"
    link.symlink_to(target)
    deep = folder / f".k6cfg-{dead.pid}-aaaaaaaaaaaa.tmp"
    deep.mkdir()
    put(target)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*stays, "config.json", link.name, deep.name])


@posix
def test_nobody_else_can_open_the_temporary_file(
    target: Path, umask: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, wrote = os.open, os.write
    modes: list[int] = []

    def note(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))

    def opening(name: str, flags: int, *rest: int, **folder: int) -> int:
        descriptor = opened(name, flags, *rest, **folder)
        if flags & os.O_CREAT:
            note(descriptor)
        return descriptor

    def writing(descriptor: int, data: bytes) -> int:
        note(descriptor)
        return wrote(descriptor, data)

    umask(0)
    target.chmod(0o644)
    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, "write", writing)
    put(target)
    assert modes == [0o600, 0o600], "as it is made, and before anything is in it"


@posix
@pytest.mark.parametrize("how", ["exchanged", "replaced", "created"])
def test_what_is_put_on_the_disk_and_when(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    flushed, replaced, exchanged = folders.flush, folders.Folder.replace, folders.Folder.exchange
    renamed = folders.Folder.rename
    events: list[object] = []

    def flush(descriptor: int) -> None:
        events.append(os.fstat(descriptor).st_ino)
        flushed(descriptor)

    def replace(folder: folders.Folder, source: str, name: str) -> None:
        replaced(folder, source, name)
        events.append(name)

    def exchange(folder: folders.Folder, one: str, other: str) -> bool:
        done = how == "exchanged" and exchanged(folder, one, other)
        events.extend([other] * done)
        return done

    def rename(folder: folders.Folder, name: str, new: str) -> bool:
        done = renamed(folder, name, new)
        events.extend([new] * done)
        return done

    monkeypatch.setattr(folders, "flush", flush)
    monkeypatch.setattr(temp_file, "flush", flush)
    monkeypatch.setattr(folders.Folder, "replace", replace)
    monkeypatch.setattr(folders.Folder, "exchange", exchange)
    monkeypatch.setattr(folders.Folder, "rename", rename)
    if how == "created":
        made = write(absent(tmp_path / "new" / "deep" / "config.json"), NEW, secret=True, backup=None).path
        above = [tmp_path.stat().st_ino, (tmp_path / "new").stat().st_ino]
    else:
        put(target)
        made, above = target, []
    assert events == [*above, made.stat().st_ino, "config.json", made.parent.stat().st_ino]


def test_nobody_can_prepare_the_temporary_file(target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({folders.temporary_name() for _ in range(1000)}) == 1000
    name = folders.temporary_name()
    monkeypatch.setattr(temp_file, "temporary_name", lambda: name)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (target.parent / name).symlink_to(victim)
    refused(read(target), Kind.INPUT_OUTPUT)
    assert (victim.read_bytes(), target.read_bytes()) == (b"precious", OLD)


def windows_error(number: int) -> PermissionError:
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = number  # type: ignore[attr-defined]
    return error


@pytest.mark.usefixtures("no_exchange")
@pytest.mark.parametrize("number", [5, 32, 33])
def test_windows_keeps_a_file_for_a_moment(target: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    renamed = os.replace
    tries: list[str] = []

    def replace(*names: str, **descriptors: int) -> None:
        tries.append(names[0])
        if len(tries) < 4:
            raise windows_error(number)
        renamed(*names, **descriptors)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(folders, "_REPLACE_WAIT", 600.0)  # of a busy machine
    put(target)
    assert len(tries) == 4
    assert target.read_bytes() == NEW


@pytest.mark.usefixtures("no_exchange")
def test_windows_keeps_a_file_for_good(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(*_names: str, **_descriptors: int) -> None:
        raise windows_error(32)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(folders, "_REPLACE_WAIT", 0.1)
    refused(read(target), Kind.BUSY)
    assert target.read_bytes() == OLD


def test_the_same_with_full_paths_as_on_windows(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "BY_DESCRIPTOR", False)
    for name in ("fchown", "geteuid", "listxattr", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    store = Store(tmp_path / "store")
    written = write(read(target), NEW, secret=True, backup=store)
    assert (target.read_bytes(), written.durable) == (NEW, True)
    assert [store.read(backup) for backup in store.all()] == [OLD]
    made = write(absent(tmp_path / "a" / "b" / "config.json"), NEW, secret=True, backup=store)
    assert (made.path.read_bytes(), made.created, len(made.made_folders)) == (NEW, True, 2)
    snapshot = read(target)
    target.write_bytes(b"other")
    refused(snapshot, Kind.CONFLICT, OLD)
    assert not put(target, b"other").changed

    def denied(*_arguments: object, **_options: object) -> int:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(folders.Folder, "create", denied)
    refused(read(target), Kind.PERMISSION)


@posix
def test_no_descriptor_stays_open(target: Path, tmp_path: Path) -> None:
    folder = Path("/dev/fd")
    if not folder.exists():
        pytest.skip("no /dev/fd")
    store = Store(tmp_path / "store")
    before = len(list(folder.iterdir()))
    for data in (NEW, OLD, NEW):
        write(read(target), data, secret=True, backup=store)
    snapshot = read(target)
    target.write_bytes(b"other")
    refused(snapshot, Kind.CONFLICT, OLD)
    assert len(list(folder.iterdir())) == before
