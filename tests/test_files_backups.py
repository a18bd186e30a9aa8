import datetime as dt
import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from k6cfg.machine.files import FileError, Kind, Snapshot, Store, Written, absent, read, write
from k6cfg.machine.files.directory import Folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
not_as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere: runs as an ordinary user"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state" / "backups")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = (tmp_path / "config.json").resolve()
    path.write_bytes(b"0")
    return path


def put(path: Path, data: bytes, store: Store | None) -> Written:
    return write(read(path), data, secret=True, backup=store)


def undo(path: Path, store: Store) -> bytes:
    snapshot = read(path)
    backup = store.latest(snapshot.target, unlike=snapshot.data)
    assert backup is not None
    write(snapshot, store.read(backup), secret=True, backup=store)
    return path.read_bytes()


def test_the_whole_earlier_file(target: Path, store: Store) -> None:
    earlier = bytes(range(256)) * 300
    target.write_bytes(earlier)
    before = dt.datetime.now(dt.timezone.utc)
    written = put(target, b"1", store)
    (backup,) = store.list(target)
    assert store.read(backup) == earlier
    assert (backup.path, backup.size, backup.target) == (written.backup, len(earlier), target)
    assert before <= backup.taken <= dt.datetime.now(dt.timezone.utc)
    assert store.all() == (backup,)


def test_nothing_to_keep_of_a_new_file(tmp_path: Path, store: Store) -> None:
    written = write(absent(tmp_path / "new.json"), b"1", secret=True, backup=store)
    assert written.backup is None
    assert store.all() == ()
    assert store.latest(tmp_path / "new.json") is None
    assert not store.folder.exists()


def test_no_change_no_backup(target: Path, store: Store) -> None:
    put(target, b"0", store)
    assert store.all() == ()


def test_an_empty_file_is_kept_too(target: Path, store: Store) -> None:
    target.write_bytes(b"")
    put(target, b"1", store)
    assert [store.read(backup) for backup in store.list(target)] == [b""]


@posix
def test_only_the_owner_may_look(target: Path, store: Store) -> None:
    target.chmod(0o644)
    before = os.umask(0)
    try:
        put(target, b"1", store)
    finally:
        os.umask(before)
    made = [store.folder.parent, store.folder, *store.folder.rglob("*")]
    assert len(made) == 5
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_names_sort_by_time_whatever_the_clock_says(
    target: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(target, b"1", store)

    class Yesterday(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Yesterday":
            return cls(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr("k6cfg.machine.files.backups.dt.datetime", Yesterday)
    put(target, b"2", store)
    put(target, b"3", store)
    assert [store.read(backup) for backup in store.list(target)] == [b"0", b"1", b"2"]
    names = [backup.path.name for backup in store.list(target)]
    assert names == sorted(names)


def test_the_last_ten_of_each_file_stay(tmp_path: Path, target: Path, store: Store) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(b"x")
    put(other, b"y", store)
    for number in range(1, 15):
        put(target, str(number).encode(), store)
    assert [store.read(backup) for backup in store.list(target)] == [str(number).encode() for number in range(4, 14)]
    assert len(store.list(other.resolve())) == 1
    assert len(store.all()) == 11
    assert {backup.target for backup in store.all()} == {target, other.resolve()}


def test_two_names_of_one_file_have_the_same_backups(tmp_path: Path, target: Path, store: Store) -> None:
    (tmp_path / "link").symlink_to(target)
    put(tmp_path / "link", b"1", store)
    assert len(store.list(target)) == 1


def test_undo_twice_is_redo(target: Path, store: Store) -> None:
    put(target, b"1", store)
    put(target, b"2", store)
    assert [undo(target, store) for _ in range(5)] == [b"1", b"2", b"1", b"2", b"1"]
    assert [store.read(backup) for backup in store.list(target)] == [b"0", b"1", b"2"], "none twice"


def test_undo_passes_over_a_backup_of_the_present_state(target: Path, store: Store) -> None:
    put(target, b"1", store)
    # As after a crash between the backup and the write.
    store.save(target, b"1")
    assert undo(target, store) == b"0"


def test_purge(tmp_path: Path, target: Path, store: Store) -> None:
    other = (tmp_path / "other.json").resolve()
    other.write_bytes(b"x")
    put(other, b"y", store)
    put(target, b"1", store)
    put(target, b"2", store)
    assert store.purge(other) == 1
    assert store.purge(other) == 0
    assert len(store.all()) == 2
    assert store.purge() == 2
    assert list(store.folder.iterdir()) == []
    assert store.purge() == 0


def test_purge_leaves_alone_what_is_not_ours(target: Path, store: Store) -> None:
    put(target, b"1", store)
    (store.folder / "notes.txt").write_bytes(b"mine")
    (next(store.folder.glob("*/*.bak")).parent / "notes.txt").write_bytes(b"mine")
    assert store.purge() == 1
    assert sorted(path.name for path in store.folder.rglob("*.txt")) == ["notes.txt", "notes.txt"]
    assert store.all() == ()


def test_a_store_that_is_not_there() -> None:
    store = Store(Path("/nonexistent/store"))
    assert (store.all(), store.purge(), store.latest(Path("/x"))) == ((), 0, None)


def test_a_backup_whose_file_is_not_known_counts(target: Path, store: Store) -> None:
    put(target, b"1", store)
    next(store.folder.glob("*/target")).unlink()
    (backup,) = store.all()
    assert backup.target is None
    assert store.purge() == 1


def test_a_backup_that_is_gone(target: Path, store: Store) -> None:
    put(target, b"1", store)
    (backup,) = store.all()
    store.discard(backup)
    store.discard(backup)
    with pytest.raises(FileError) as caught:
        store.read(backup)
    assert caught.value.kind is Kind.MISSING


def blocked(snapshot: Snapshot, store: Store) -> str:
    before = snapshot.target.stat()
    with pytest.raises(FileError) as caught:
        write(snapshot, b"1", secret=True, backup=store)
    assert caught.value.kind is Kind.BACKUP
    assert "--no-backup" in caught.value.help
    after = snapshot.target.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not list(snapshot.target.parent.glob(".k6cfg-*"))
    return caught.value.message


def test_a_store_that_cannot_be_made(tmp_path: Path, target: Path) -> None:
    (tmp_path / "state").write_bytes(b"a file")
    assert "was not changed" in blocked(read(target), Store(tmp_path / "state" / "backups"))
    put(target, b"1", None)


@not_as_root
def test_a_store_that_cannot_be_written(tmp_path: Path, target: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o500)
    assert "permission denied" in blocked(read(target), Store(tmp_path / "state" / "backups"))


@posix
def test_a_store_that_does_not_get_to_the_disk(target: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and list(store.folder.rglob("*.bak")):
            raise OSError(5, "broken")
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    assert "EIO" in blocked(read(target), store)
    assert store.all() == ()


@pytest.mark.usefixtures("no_exchange")
def test_a_write_that_fails_leaves_no_backup(target: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(target, b"1", store)
    renamed = os.replace

    def replace(source: str, name: str, **folders: int) -> None:
        if name.endswith("config.json"):
            raise OSError(5, "broken")
        renamed(source, name, **folders)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(FileError):
        put(target, b"2", store)
    assert [store.read(backup) for backup in store.all()] == [b"0"]


def test_names_hold_nothing_of_the_file(target: Path, store: Store) -> None:
    target.write_bytes(b"T0KEN")
    put(target, b"1", store)
    assert not [path for path in store.folder.rglob("*") if "T0KEN" in path.name or "config" in path.name]


@posix
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_new_folder_of_the_store_that_is_not_known_to_be_on_the_disk(
    target: Path, store: Store, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A backup that may be gone after a power cut is none: nothing is written without one."""

    def sync(folder: Folder) -> None:
        if folder.path.name == "state":
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Folder, "sync", sync)
    with pytest.raises(FileError) as caught:
        put(target, b"1", store)
    assert caught.value.kind is Kind.BACKUP
    assert target.read_bytes() == b"0"


@posix
def test_a_file_system_that_cannot_sync_folders_keeps_backups_all_the_same(
    target: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(_: Folder) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(Folder, "sync", sync)
    assert not put(target, b"1", store).durable
    assert [store.read(backup) for backup in store.list(target)] == [b"0"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no owners")
@pytest.mark.parametrize("how", ["another user", "writable by all", "a link"])
def test_a_backup_that_another_user_may_have_put_there_is_not_written_back(
    target: Path, store: Store, how: str
) -> None:
    put(target, b'{"rps": 5}', store)
    (own,) = store.list(target)
    planted = own.path.with_name("29990101T000000000000Z.bak")
    if how == "a link":
        planted.symlink_to(target)
    else:
        planted.write_bytes(b'{"rps": 666}')
        planted.chmod(0o666 if how == "writable by all" else 0o600)
    if how == "another user":
        if os.geteuid() != 0:
            pytest.skip("only root can give a file away")
        os.chown(planted, 65533, -1)
    assert [bool(store.doubts(backup, target)) for backup in store.list(target)] == [False, True]
    assert store.latest(target) == own
