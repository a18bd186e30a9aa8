"""Modes are changed of what is one's own, and whether others can read a file is told as the system would do it."""

import os
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from k6cfg.machine.files import FileError, Kind
from k6cfg.machine.files.chmod import change_mode
from k6cfg.machine.files.permissions import User, obstacles, user

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes and access lists as on Linux")
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="root alone may be somebody else")
SOMEBODY = 4242
GROUP = 4343


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_get_their_mode(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    for mode in (0o644, 0o600, 0, 0o640):
        change_mode(path, path.stat(), mode)
        assert mode_of(path) == mode
    change_mode(tmp_path, tmp_path.stat(), 0o711)
    assert mode_of(tmp_path) == 0o711


def test_no_link_is_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_text("x")
    path.chmod(0o644)
    link.symlink_to(path)
    for seen in (link.stat(), link.lstat()):
        with pytest.raises(FileError):
            change_mode(link, seen, 0o600)
    assert mode_of(path) == 0o644


def test_what_was_exchanged_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    for each in (path, other):
        each.write_text("x")
        each.chmod(0o644)
    seen = path.stat()
    other.replace(path)
    with pytest.raises(FileError, match="changed while") as caught:
        change_mode(path, seen, 0o600)
    assert caught.value.kind is Kind.CONFLICT
    assert mode_of(path) == 0o644
    seen = path.stat()
    path.chmod(0o640)
    with pytest.raises(FileError, match="changed while"):
        change_mode(path, seen, 0o600)


@as_root
def test_what_belongs_to_another_user_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    os.chown(path, SOMEBODY, SOMEBODY)
    before = path.stat()
    with pytest.raises(FileError, match="another user") as caught:
        change_mode(path, before, 0o600)
    assert caught.value.kind is Kind.FOREIGN_OWNER
    assert path.stat().st_mode == before.st_mode


# -- what another user can read ---------------------------------------------------------------------------------------


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not in tmp_path, which nobody but us may enter.
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def really(path: Path, asking: User) -> bool:
    """Whether the system lets them read it."""
    done = subprocess.run(
        ["/bin/cat", path],
        user=asking.uid,
        group=asking.gid,
        extra_groups=sorted(asking.groups),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


ASKING = (User(SOMEBODY, SOMEBODY, frozenset({SOMEBODY})), User(SOMEBODY, GROUP, frozenset({GROUP, SOMEBODY})))
OWNERS = ((0, 0), (0, GROUP), (SOMEBODY, 0))


@as_root
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o604, 0o044, 0o400, 0o060, 0o666, 0])
def test_bits_of_a_file_mean_what_they_mean_to_the_system(folder: Path, mode: int) -> None:
    path = folder / "config.json"
    path.write_text("{}")
    for owner in OWNERS:
        os.chown(path, *owner)
        path.chmod(mode)
        for asking in ASKING:
            assert (not obstacles(path, asking)) is really(path, asking), (oct(mode), owner, asking)


@as_root
@pytest.mark.parametrize("mode", [0o700, 0o750, 0o701, 0o611, 0o077, 0o711])
def test_bits_of_a_folder_mean_what_they_mean_to_the_system(folder: Path, mode: int) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "config.json").write_text("{}")
    (folder / "link").symlink_to("inner/../inner/config.json")
    for owner in OWNERS:
        os.chown(inner, *owner)
        inner.chmod(mode)
        for asking in ASKING:
            for path in (inner / "config.json", folder / "link"):
                found = obstacles(path, asking)
                assert (not found) is really(path, asking), (oct(mode), owner, asking)
                assert all(each.is_folder and each.path == inner for each in found)


LISTS = (
    ((1, 6, -1), (2, 4, SOMEBODY), (4, 0, -1), (16, 4, -1), (32, 0, -1)),
    ((1, 6, -1), (2, 0, SOMEBODY), (4, 4, -1), (16, 4, -1), (32, 4, -1)),
    ((1, 6, -1), (2, 4, SOMEBODY), (4, 4, -1), (16, 0, -1), (32, 4, -1)),
    ((1, 6, -1), (4, 0, -1), (8, 4, GROUP), (16, 4, -1), (32, 0, -1)),
    ((1, 6, -1), (4, 4, -1), (8, 0, GROUP), (16, 6, -1), (32, 4, -1)),
    ((1, 6, -1), (4, 0, -1), (8, 0, GROUP), (16, 6, -1), (32, 4, -1)),
    ((1, 6, -1), (2, 4, 1), (4, 0, -1), (16, 4, -1), (32, 4, -1)),
)


@as_root
@pytest.mark.parametrize("entries", LISTS)
def test_access_lists_mean_what_they_mean_to_the_system(
    folder: Path, entries: tuple[tuple[int, int, int], ...]
) -> None:
    path = folder / "config.json"
    path.write_text("{}")
    for owner in OWNERS:
        os.chown(path, *owner)
        data = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
        try:
            os.setxattr(path, "system.posix_acl_access", data)
        except OSError:
            pytest.skip("no access lists here")
        for asking in ASKING:
            assert (not obstacles(path, asking)) is really(path, asking), (owner, asking)


def test_a_circle_of_links_is_no_way(folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    with pytest.raises(FileError, match="in a circle"):
        obstacles(folder / "a", ASKING[0])


def test_a_user_that_nobody_knows_is_in_the_group_of_the_same_number() -> None:
    assert user(12345) == User(12345, 12345, frozenset({12345}))
    assert user(0).gid == 0
