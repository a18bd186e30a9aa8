"""A power cut: the disk as it is at the moment of success, copied under the running system, and its journal replayed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.tracing import NEW, OLD, Site, run

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None,
    reason="needs root and mkfs.ext4, to make a disk of its own",
)
MOUNTS = ["data=ordered,auto_da_alloc", "data=ordered,noauto_da_alloc", "data=writeback,noauto_da_alloc"]


def asked(name: str, *arguments: str | Path) -> bool:
    command = [str(shutil.which(name)), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    yield before, after
    for place in (before, after):
        if place.is_mount():
            assert asked("umount", place)


def cut(places: tuple[Path, Path], options: str) -> tuple[bytes, list[bytes]]:
    """The file and its backups on a disk whose power went as soon as the writer had said that it was done."""
    before, after = places
    disk, copy = before.with_name("disk"), before.with_name("copy")
    with disk.open("wb") as file:
        file.truncate(24 << 20)
    assert asked("mkfs.ext4", "-q", "-F", disk)
    if not asked("mount", "-o", f"loop,{options}", disk, before):
        pytest.skip("root may not mount here")
    home = before / "home"
    home.mkdir()
    place = Site(home / "config.json", before / "state" / "store", before.with_name("new"))
    place.target.write_bytes(OLD)
    place.new.write_bytes(NEW)
    os.sync()
    done = run(place)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copyfile(disk, copy)
    assert asked("umount", before)
    assert asked("mount", "-o", "loop", copy, after)
    found = (after / "home" / "config.json").read_bytes()
    backups = [path.read_bytes() for path in (after / "state" / "store").rglob("*.bak")]
    assert asked("umount", after)
    return found, backups


@pytest.mark.parametrize("options", MOUNTS)
def test_what_was_reported_as_written_is_there(places: tuple[Path, Path], options: str) -> None:
    for _ in range(3):
        assert cut(places, options) == (NEW, [OLD])


@pytest.mark.slow
@pytest.mark.parametrize("options", MOUNTS)
def test_what_was_reported_is_there_every_time(places: tuple[Path, Path], options: str) -> None:
    for _ in range(40):
        assert cut(places, options) == (NEW, [OLD])
