import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from faults.tracing import WRITER, missing

from k6cfg.machine.files import FileError, Kind, Store, read, write

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="a rename on Windows fails for other reasons"),
]
needs_strace = pytest.mark.skipif(bool(missing()), reason=missing() or "-")
OLD = b'{"old": "' + b"o" * 5000 + b'"}'
SHORTER = b'{"new": 1}'
LONGER = b'{"new": "' + b"n" * 9000 + b'"}'


class Place(NamedTuple):
    """A file in a folder in which nothing can be renamed."""

    target: Path
    store: Store


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_exchange: None) -> Place:  # noqa: ARG001
    target = tmp_path / "k6" / "config.json"
    target.parent.mkdir()
    target.write_bytes(OLD)
    target.chmod(0o644)
    renamed = os.replace

    def replace(source: str, name: str, **folders: int) -> None:
        if name == "config.json":
            raise OSError(16, "mounted")
        renamed(source, name, **folders)

    monkeypatch.setattr(os, "replace", replace)
    return Place(target, Store(tmp_path / "store"))


@pytest.mark.parametrize("new", [SHORTER, LONGER, OLD.replace(b"o", b"x")])
def test_the_same_file_with_the_new_text(place: Place, new: bytes) -> None:
    before = place.target.stat().st_ino
    with pytest.raises(FileError) as caught:
        write(read(place.target), new, secret=True, backup=place.store)
    assert caught.value.kind is Kind.BUSY
    written = write(read(place.target), new, secret=True, backup=place.store, in_place=True)
    assert place.target.read_bytes() == new
    assert place.target.stat().st_ino == before
    assert (written.in_place, written.tightened, written.durable) == (True, True, True)
    assert stat.S_IMODE(place.target.stat().st_mode) == 0o600
    assert [place.store.read(backup) for backup in place.store.all()] == [OLD]
    assert [path.name for path in place.target.parent.iterdir()] == ["config.json"]


def test_not_where_a_replacement_works(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(OLD)
    before = path.stat().st_ino
    assert not write(read(path), LONGER, secret=True, backup=Store(tmp_path / "store"), in_place=True).in_place
    assert path.stat().st_ino != before


def test_not_without_a_backup(place: Place) -> None:
    with pytest.raises(FileError) as caught:
        write(read(place.target), SHORTER, secret=True, backup=None, in_place=True)
    assert caught.value.kind is Kind.BACKUP
    assert place.target.read_bytes() == OLD


def test_not_over_a_change(place: Place) -> None:
    snapshot = read(place.target)
    place.target.write_bytes(b"theirs")
    with pytest.raises(FileError) as caught:
        write(snapshot, SHORTER, secret=True, backup=place.store, in_place=True)
    assert caught.value.kind is Kind.CONFLICT
    assert place.target.read_bytes() == b"theirs"
    assert place.store.all() == ()


@pytest.mark.parametrize("new", [SHORTER, LONGER])
@pytest.mark.parametrize("failing", ["write", "fsync", "ftruncate"])
def test_a_failure_halfway_brings_the_old_text_back(
    place: Place, monkeypatch: pytest.MonkeyPatch, failing: str, new: bytes
) -> None:
    works = getattr(os, failing)
    target = place.target.stat()
    broken: list[bool] = []

    def fail(descriptor: int, *rest: bytes | int) -> int | None:
        found: int | None = works(descriptor, *rest)
        if not broken and os.fstat(descriptor).st_ino == target.st_ino:
            broken.append(True)
            raise OSError(5, "broken")
        return found

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(FileError) as caught:
        write(read(place.target), new, secret=False, backup=place.store, in_place=True)
    assert broken
    assert caught.value.kind is Kind.INPUT_OUTPUT
    assert place.target.read_bytes() == OLD
    assert place.store.all() == ()


def test_a_disk_that_breaks_for_good_says_where_the_old_text_is(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    target = place.target.stat()
    works = os.write

    def fail(descriptor: int, data: bytes) -> int:
        if os.fstat(descriptor).st_ino == target.st_ino:
            if len(data) < 1000:
                raise OSError(5, "broken")
            return works(descriptor, data[: len(data) - 900])
        return works(descriptor, data)

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(FileError) as caught:
        write(read(place.target), LONGER, secret=False, backup=place.store, in_place=True)
    assert "damaged" in caught.value.message
    (backup,) = place.store.all()
    assert place.store.read(backup) == OLD
    assert backup.path.name in caught.value.help


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("needs root, to mount a single file")
    origin, place = tmp_path / "origin.json", tmp_path / "home" / "config.json"
    place.parent.mkdir()
    place.write_bytes(b"")
    origin.write_bytes(OLD)
    if subprocess.run([mount, "--bind", str(origin), str(place)], capture_output=True, check=False).returncode:
        pytest.skip("root may not mount here")
    yield place
    subprocess.run([umount, "-l", str(place)], check=True)


def writer(target: Path, store: Path, new: Path, *more: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-B", str(WRITER), str(target), str(store), str(new), *more]


@needs_strace
@pytest.mark.parametrize("new", [SHORTER, LONGER])
@pytest.mark.parametrize("call", ["write", "fsync", "ftruncate", "fallocate", "fchmod"])
def test_killed_at_any_call_on_a_mounted_file(mounted: Path, tmp_path: Path, new: bytes, call: str) -> None:
    strace = str(shutil.which("strace"))
    (tmp_path / "new").write_bytes(new)
    seen = set()
    for number in range(1, 30):
        mounted.write_bytes(OLD)
        fault = ("-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
        command = writer(mounted, tmp_path / "store", tmp_path / "new", "in-place")
        done = subprocess.run([strace, *fault, *command], capture_output=True, text=True, check=False)
        seen.add(mounted.read_bytes().rstrip(b" "))
        assert seen <= {OLD, new}
        if done.returncode == 0:
            break
        assert done.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}, done.stderr
    assert new in seen


def test_a_file_of_ours_in_a_folder_of_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to make a folder that an ordinary user may not write")
    public = Path(tempfile.mkdtemp(prefix="k6cfg-test-"))
    public.chmod(0o755)
    try:
        for name in ("k6", "state"):
            (public / name).mkdir(mode=0o755)
        os.chown(public / "state", 12345, 12345)
        target, new = public / "k6" / "config.json", public / "new"
        target.write_bytes(OLD)
        os.chown(target, 12345, 12345)
        new.write_bytes(SHORTER)
        done = subprocess.run(
            writer(target, public / "state" / "backups", new, "12345", "in-place"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert target.read_bytes() == SHORTER
        assert target.stat().st_uid == 12345
    finally:
        shutil.rmtree(public)
