import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from k6cfg.machine.files import LARGEST_WRITE, FileError, Kind, Store, absent, read, write
from k6cfg.machine.files.preconditions import managed
from k6cfg.machine.paths import quoted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners, links and mounts of POSIX")

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, for files of others, marks and mounts"
)
WRITER = Path(__file__).parent / "faults" / "writer.py"
SOMEBODY = 12345
OLD = b'{"old": 1}'
NEW = b'{"new": 1}'


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "k6" / "config.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can get to, unlike those of pytest."""
    made = Path(tempfile.mkdtemp(prefix="k6cfg-test-")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def refused(path: Path, kind: Kind) -> FileError:
    snapshot = read(path)
    before = (snapshot.target.stat(), sorted(path.name for path in snapshot.anchor.iterdir()))
    with pytest.raises(FileError) as caught:
        write(snapshot, NEW, secret=True, backup=None)
    assert caught.value.kind is kind, (caught.value.message, caught.value.help)
    after = snapshot.target.stat()
    assert (after.st_ino, after.st_uid, after.st_mtime_ns) == (
        before[0].st_ino,
        before[0].st_uid,
        before[0].st_mtime_ns,
    )
    assert sorted(path.name for path in snapshot.anchor.iterdir()) == before[1]
    assert snapshot.target.read_bytes() == snapshot.data
    return caught.value


def as_somebody(path: Path, new: Path) -> tuple[int, str]:
    """The exit code and the output of a writer that is an ordinary user."""
    command = [sys.executable, "-I", "-S", "-B", str(WRITER), str(path), "-", str(new), str(SOMEBODY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def new(public: Path) -> Path:
    path = public / "new"
    path.write_bytes(NEW)
    path.chmod(0o644)
    return path


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_a_second_name_would_keep_the_old_text(target: Path) -> None:
    os.link(target, target.with_name("second"))
    error = refused(target, Kind.HARD_LINK)
    assert "2 names" in error.message
    assert f"-samefile {quoted(target)}" in error.help


def test_too_large_before_and_after(target: Path) -> None:
    snapshot = read(target)
    with pytest.raises(FileError) as caught:
        write(snapshot, b" " * (LARGEST_WRITE + 1), secret=True, backup=None)
    assert caught.value.kind is Kind.TOO_LARGE
    target.write_bytes(b" " * (LARGEST_WRITE + 1))
    assert "16 MiB" in refused(target, Kind.TOO_LARGE).message
    target.write_bytes(b" " * LARGEST_WRITE)
    write(read(target), NEW, secret=True, backup=None)
    assert target.read_bytes() == NEW


def test_a_file_of_a_config_map(tmp_path: Path) -> None:
    # As Kubernetes mounts it: config.json -> ..data/config.json, ..data -> ..<time>.
    real = tmp_path / "..2026_01_01_00_00_00.123456"
    real.mkdir()
    (real / "config.json").write_bytes(OLD)
    (tmp_path / "..data").symlink_to(real.name)
    (tmp_path / "config.json").symlink_to("..data/config.json")
    assert "ConfigMap" in refused(tmp_path / "config.json", Kind.MANAGED).message


@pytest.mark.parametrize(
    ("parts", "link", "expected"),
    [
        (("..2026_11_23_08_15_00.1234567890",), None, True),
        (("..2026_11_23_08_15_00.1234567890", "sub"), None, True),
        (("..26112308", "sub"), "..26112308", True),
        (("..data",), None, False),
        (("..backup",), None, False),
        (("...",), "..other", False),
        (("..2026",), "elsewhere", False),
    ],
)
def test_what_kubernetes_makes_is_told_from_names_with_dots(
    tmp_path: Path, parts: tuple[str, ...], link: str | None, expected: bool
) -> None:
    folder = tmp_path.joinpath(*parts)
    folder.mkdir(parents=True)
    if link:
        (tmp_path / "..data").symlink_to(link)
    assert managed(folder / "config.json") is expected


def test_a_folder_that_may_not_be_written(target: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere: runs as an ordinary user, and below as one made by root")
    target.parent.chmod(0o555)
    try:
        error = refused(target, Kind.PERMISSION)
    finally:
        target.parent.chmod(0o755)
    assert "mode 0555" in error.message
    assert "chmod u+w" in error.help


@as_root
def test_a_folder_of_root_with_a_file_of_ours(public: Path, new: Path) -> None:
    path = public / "config.json"
    path.write_bytes(OLD)
    os.chown(path, SOMEBODY, SOMEBODY)
    code, output = as_somebody(path, new)
    assert (code, output.split("\n")[0]) == (3, "PERMISSION")
    assert "belongs to root and has mode 0755" in output
    assert path.read_bytes() == OLD
    assert sorted(entry.name for entry in public.iterdir()) == ["config.json", "new"]


@as_root
def test_a_home_that_is_not_ours(public: Path, new: Path) -> None:
    code, output = as_somebody(public / ".config" / "k6" / "config.json", new)
    assert (code, output.split("\n")[0]) == (3, "PERMISSION")
    assert "cannot be created: permission denied" in output
    assert f"`ls -la {quoted(public)}`" in output
    code, output = as_somebody(public / "config.json", new)
    assert (code, output.split("\n")[0]) == (3, "PERMISSION")
    assert "cannot be created: its folder belongs to root and has mode 0755" in output


@as_root
def test_a_file_of_root_in_a_folder_of_ours_stays_root_s(public: Path, new: Path) -> None:
    path = public / "config.json"
    path.write_bytes(OLD)
    path.chmod(0o644)
    os.chown(public, SOMEBODY, SOMEBODY)
    code, output = as_somebody(path, new)
    assert (code, output.split("\n")[0]) == (3, "FOREIGN_OWNER")
    assert "belongs to root" in output
    assert f'sudo chown "$(id -un)" {path}' in output
    assert (path.stat().st_uid, path.read_bytes()) == (0, OLD)


@as_root
def test_a_sticky_folder(public: Path, new: Path) -> None:
    path = public / "config.json"
    path.write_bytes(OLD)
    path.chmod(0o644)
    public.chmod(0o1777)
    code, output = as_somebody(path, new)
    assert (code, output.split("\n")[0]) == (3, "STICKY")
    assert (path.stat().st_uid, path.read_bytes()) == (0, OLD)


@as_root
def test_root_writes_for_the_owner(public: Path) -> None:
    folder = public / "home"
    folder.mkdir()
    path = folder / "config.json"
    path.write_bytes(OLD)
    os.chown(path, SOMEBODY, SOMEBODY + 1)
    os.chown(folder, SOMEBODY, SOMEBODY)
    write(read(path), NEW, secret=True, backup=None)
    made = write(absent(folder / ".config" / "k6" / "config.json"), NEW, secret=True, backup=None)
    assert (path.stat().st_uid, path.stat().st_gid) == (SOMEBODY, SOMEBODY + 1)
    for entry in (made.path, *made.made_folders):
        assert (entry.stat().st_uid, entry.stat().st_gid) == (SOMEBODY, SOMEBODY)
    assert path.read_bytes() == made.path.read_bytes() == NEW


@as_root
@pytest.mark.parametrize(("file", "home"), [(0, SOMEBODY), (SOMEBODY, 0), (SOMEBODY + 1, SOMEBODY)])
def test_a_backup_belongs_to_the_owner_of_its_file(public: Path, file: int, home: int) -> None:
    """Root with the HOME of another user, as `sudo -E` leaves it, must not give that user what is in root's files."""
    state = public / "home"
    state.mkdir()
    os.chown(state, home, home)
    path = public / "config.json"
    path.write_bytes(OLD)
    os.chown(path, file, file)
    store = Store(state / "backups")
    for data in (NEW, OLD, NEW):
        write(read(path), data, secret=True, backup=store)
    kept = store.list(path)
    assert [store.read(backup) for backup in kept] == [NEW, OLD]
    for backup in kept:
        assert (backup.path.stat().st_uid, stat.S_IMODE(backup.path.stat().st_mode)) == (file, 0o600)


@as_root
def test_no_backup_that_cannot_belong_to_the_owner_of_its_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = read(target)
    os.chown(target, SOMEBODY, SOMEBODY)
    store = Store(target.parent / "backups")
    monkeypatch.setattr(os, "fchown", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no capability")))
    with pytest.raises(FileError) as caught:
        store.save(snapshot.target, OLD)
    assert caught.value.kind is Kind.BACKUP
    assert not list(store.folder.rglob("*.bak"))


@as_root
def test_root_that_may_not_give_files_away_refuses(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(target, SOMEBODY, SOMEBODY)

    def fchown(_descriptor: int, _user: int, _group: int) -> None:
        raise PermissionError(1, "as in a container without the capability")

    monkeypatch.setattr(os, "fchown", fchown)
    refused(target, Kind.FOREIGN_OWNER)


@as_root
@pytest.mark.parametrize("letter", ["i", "a"])
@pytest.mark.parametrize("what", ["file", "folder"])
def test_marked_as_unchangeable(target: Path, letter: str, what: str) -> None:
    marked = target if what == "file" else target.parent
    chattr = tool("chattr")
    if subprocess.run([chattr, f"+{letter}", str(marked)], capture_output=True, check=False).returncode:
        pytest.skip("the file system, or this container, has no such marks")
    try:
        error = refused(target, Kind.IMMUTABLE)
    finally:
        subprocess.run([chattr, f"-{letter}", str(marked)], check=True)
    assert f"sudo chattr -{letter} {quoted(marked)}" in error.help


@pytest.fixture
def mount() -> Iterator["Mounts"]:
    mounts = Mounts()
    yield mounts
    mounts.undo()


class Mounts:
    def __init__(self) -> None:
        self.made: list[Path] = []

    def __call__(self, *options: str, place: Path) -> None:
        if subprocess.run([tool("mount"), *options, str(place)], capture_output=True, check=False).returncode:
            pytest.skip("root may not mount here")
        if place not in self.made:
            self.made.append(place)

    def undo(self) -> None:
        for place in reversed(self.made):
            subprocess.run([tool("umount"), "-l", str(place)], check=True)


@as_root
def test_a_single_file_that_is_mounted(tmp_path: Path, target: Path, mount: Mounts) -> None:
    place = tmp_path / "with space"
    place.mkdir()
    (place / "config.json").write_bytes(b"")
    mount("--bind", str(target), place=place / "config.json")
    error = refused(place / "config.json", Kind.BUSY)
    assert "mounted as a single file" in error.message
    assert "Mount its folder" in error.help
    assert target.read_bytes() == OLD


@as_root
def test_a_single_file_that_is_mounted_read_only(tmp_path: Path, target: Path, mount: Mounts) -> None:
    place = tmp_path / "config.json"
    place.write_bytes(b"")
    mount("--bind", str(target), place=place)
    mount("-o", "remount,bind,ro", place=place)
    refused(place, Kind.BUSY)
    store = Store(tmp_path / "store")
    with pytest.raises(FileError) as caught:
        write(read(place), NEW, secret=True, backup=store, in_place=True)
    assert caught.value.kind is Kind.READ_ONLY
    assert "without `ro`" in caught.value.help
    assert (target.read_bytes(), store.all()) == (OLD, ())


@as_root
def test_a_folder_that_is_mounted_read_only(tmp_path: Path, target: Path, mount: Mounts) -> None:
    place = tmp_path / "mounted"
    place.mkdir()
    mount("--bind", str(target.parent), place=place)
    mount("-o", "remount,bind,ro", place=place)
    assert "read-only" in refused(place / "config.json", Kind.READ_ONLY).message
    with pytest.raises(FileError) as caught:
        write(absent(place / "new" / "config.json"), NEW, secret=True, backup=None)
    assert caught.value.kind is Kind.READ_ONLY


@as_root
def test_a_mounted_folder_is_fine(tmp_path: Path, target: Path, mount: Mounts) -> None:
    place = tmp_path / "mounted"
    place.mkdir()
    mount("--bind", str(target.parent), place=place)
    write(read(place / "config.json"), NEW, secret=True, backup=None)
    assert target.read_bytes() == NEW


@as_root
def test_a_link_into_another_file_system(tmp_path: Path, mount: Mounts) -> None:
    other = tmp_path / "other"
    other.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", place=other)
    (other / "config.json").write_bytes(OLD)
    link = tmp_path / "config.json"
    link.symlink_to(other / "config.json")
    write(read(link), NEW, secret=True, backup=None)
    assert link.is_symlink()
    assert (other / "config.json").read_bytes() == NEW
    assert stat.S_IMODE((other / "config.json").stat().st_mode) == 0o600


@as_root
def test_a_layer_below(tmp_path: Path, mount: Mounts) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", place=disk)
    lower, upper, work, merged = (disk / name for name in ("lower", "upper", "work", "merged"))
    for folder in (lower, upper, work, merged):
        folder.mkdir()
    (lower / "config.json").write_bytes(OLD)
    mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", "overlay", place=merged)
    write(read(merged / "config.json"), NEW, secret=True, backup=None)
    assert (merged / "config.json").read_bytes() == NEW
    assert (lower / "config.json").read_bytes() == OLD


def test_an_attacker_in_the_folder(tmp_path: Path) -> None:
    # Somebody exchanges the folder for a link to elsewhere, again and again, while we write.
    folder, aside, elsewhere = tmp_path / "k6", tmp_path / "aside", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    home = folder.resolve()  # while nobody swaps anything yet
    swapping = (
        "import os, sys, time\n"
        "folder, aside, elsewhere = sys.argv[1:]\n"
        "end = time.monotonic() + 1.5\n"
        "while time.monotonic() < end:\n"
        "    os.rename(folder, aside); os.symlink(elsewhere, folder)\n"
        "    os.unlink(folder); os.rename(aside, folder)\n"
    )
    attacker = subprocess.Popen([sys.executable, "-I", "-S", "-c", swapping, str(folder), str(aside), str(elsewhere)])
    wrote = failed = 0
    while attacker.poll() is None:
        target = folder / "config.json"
        try:
            snapshot = read(target) if wrote else absent(target)
            if home in (snapshot.target.parent, snapshot.anchor):
                write(snapshot, str(wrote).encode(), secret=True, backup=None)
                wrote += 1
        except FileError:
            failed += 1
    assert attacker.wait() == 0
    assert wrote + failed > 0
    assert list(elsewhere.iterdir()) == []
