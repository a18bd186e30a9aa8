"""The fault matrix: whatever goes wrong at whatever call, the file is the old one or the new one, byte for byte."""

import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults.tracing import NEW, OLD, Call, Site, command, died_of, inject, leftovers, missing, run, site, trace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")

needs_strace = pytest.mark.skipif(bool(missing()), reason=missing() or "-")

LASTING = frozenset({"write", "fsync", "rename", "renameat", "renameat2", "mkdirat", "fchmod", "fchown", "unlinkat"})


def lasting(calls: list[Call]) -> list[Call]:
    """The calls that change something on the disk: between them, one moment to die is like another."""
    return [call for call in calls if call.name in LASTING or "O_CREAT" in call.text]


PLAUSIBLE = {
    "openat": ("EACCES", "ENOSPC"),
    "mkdirat": ("EROFS",),
    "write": ("ENOSPC", "EINTR"),
    "fsync": ("EIO",),
    "close": ("EIO",),
    "renameat": ("EIO", "EPERM", "EBUSY"),
    "renameat2": ("EIO", "EINVAL", "EBUSY"),
    "fchmod": ("EPERM",),
    "flock": ("ENOLCK", "EIO"),
}
PRIVATE, OPEN = 0o600, 0o644
"""The modes of a file that is exchanged, and of one that is replaced."""
EVERY_ERROR = ("EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EINTR")


def whole(place: Site) -> bytes:
    """What is in the file, which must be one of the two and parse."""
    found = place.target.read_bytes()
    assert found in {OLD, NEW}, f"torn: {len(found)} bytes"
    json.loads(found)
    return found


def mend(place: Site) -> None:
    """After a kill: what was left is private, and the next write removes it."""
    left = leftovers(place)
    for path in left:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    if not left:
        return
    place.new.write_bytes(b'{"next": true}')
    done = run(place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.target.read_bytes() == b'{"next": true}'
    assert leftovers(place) == []


def signalled(tmp_path: Path, call: Call, name: str, mode: int) -> bytes:
    place = site(tmp_path / "site", mode)
    done = inject(place, call, f"signal={name}")
    found = whole(place)
    if name == "KILL":
        assert died_of(done, signal.SIGKILL), (call, done)
        mend(place)
        return found
    assert leftovers(place) == [], (call, name)
    assert done.returncode != 0, (call, name, done)
    assert "Traceback" not in done.stderr or "KeyboardInterrupt" in done.stderr
    return found


def failed(tmp_path: Path, call: Call, error: str, mode: int) -> int:
    place = site(tmp_path / "site", mode)
    done = inject(place, call, f"error={error}")
    found = whole(place)
    about = (call, error, done.returncode, done.stdout, done.stderr)
    assert done.returncode in {0, 3, 5}, about
    assert (found == OLD) is (done.returncode == 3), about
    assert done.stderr == "", about
    # A temporary file can stay only if its removal is what fails, and then once.
    assert leftovers(place) == [] or call.name.startswith("unlink"), about
    if done.returncode == 3:
        assert list(place.store.rglob("*.bak")) == [], about
    return done.returncode


@needs_strace
@pytest.mark.parametrize(
    ("name", "mode", "step"),
    [
        ("KILL", PRIVATE, 2),
        ("TERM", OPEN, 2),
        ("INT", PRIVATE, 3),
        ("HUP", OPEN, 3),
        ("QUIT", PRIVATE, 5),
        ("USR1", OPEN, 7),
        ("ALRM", OPEN, 7),
        ("XCPU", PRIVATE, 7),
    ],
)
def test_a_signal_at_any_call_that_lasts(tmp_path: Path, name: str, mode: int, step: int) -> None:
    calls = lasting(trace(site(tmp_path / "site", mode)))[::step]
    found = {signalled(tmp_path, call, name, mode) for call in calls}
    # What can be held back waits until the file is written.
    assert found == ({OLD, NEW} if name == "KILL" else {NEW})


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize("mode", [PRIVATE, OPEN])
@pytest.mark.parametrize("name", ["KILL", "TERM", "INT", "HUP"])
def test_a_signal_at_every_call(tmp_path: Path, name: str, mode: int) -> None:
    calls = trace(site(tmp_path / "site", mode))
    assert {signalled(tmp_path, call, name, mode) for call in calls} == {OLD, NEW}


@needs_strace
@pytest.mark.parametrize(("part", "mode"), [(0, PRIVATE), (1, OPEN)])
def test_a_plausible_error_at_any_call(tmp_path: Path, part: int, mode: int) -> None:
    calls = trace(site(tmp_path / "site", mode))
    tried = [(call, error) for call in calls for error in PLAUSIBLE.get(call.name, ())][part::4]
    assert {failed(tmp_path, call, error, mode) for call, error in tried} >= {0, 3}


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize("mode", [PRIVATE, OPEN])
@pytest.mark.parametrize("error", EVERY_ERROR)
def test_every_error_at_every_call(tmp_path: Path, error: str, mode: int) -> None:
    for call in trace(site(tmp_path / "site", mode)):
        failed(tmp_path, call, error, mode)


@needs_strace
def test_the_first_sync_fails_and_nothing_was_written_the_last_and_it_was(tmp_path: Path) -> None:
    syncs = [call for call in trace(site(tmp_path / "site"), backup=False) if call.name == "fsync"]
    assert len(syncs) == 2
    place = site(tmp_path / "site")
    done = inject(place, syncs[0], "error=EIO", backup=False)
    assert (done.returncode, place.target.read_bytes()) == (3, OLD)
    assert done.stdout.startswith("INPUT_OUTPUT")
    place = site(tmp_path / "site")
    done = inject(place, syncs[1], "error=EIO", backup=False)
    assert (done.returncode, place.target.read_bytes()) == (5, NEW)


@needs_strace
def test_an_interrupted_write_call_is_made_again(tmp_path: Path) -> None:
    call = next(call for call in trace(site(tmp_path / "site"), backup=False) if call.name == "write")
    place = site(tmp_path / "site")
    assert inject(place, call, "error=EINTR", backup=False).returncode == 0
    assert place.target.read_bytes() == NEW


@needs_strace
@pytest.mark.parametrize("mode", [PRIVATE, OPEN])
def test_the_order_of_the_calls(tmp_path: Path, mode: int) -> None:
    calls = trace(site(tmp_path / "site", mode))
    lines = [f"{call.name}({call.text}" for call in calls]
    exchange = next(place for place, line in enumerate(lines) if re.match(r"rename.*\"config\.json\"", line))
    temporary = re.search(r'"(\.k6cfg-\d+-[0-9a-f]{12}\.tmp)"', lines[exchange])
    assert temporary is not None
    opening = next(place for place, line in enumerate(lines) if f'"{temporary[1]}"' in line)
    assert "O_CREAT" in lines[opening]
    assert "O_EXCL" in lines[opening]
    assert "O_NOFOLLOW" in lines[opening]
    assert "O_CLOEXEC" in lines[opening]
    assert re.search(r", 0600\) += \d+$", lines[opening])
    descriptor = lines[opening].rsplit("= ", 1)[1]
    on_it = [
        calls[place].name for place in range(opening + 1, exchange) if re.match(rf"{descriptor}[,)]", calls[place].text)
    ]
    # All that concerns the temporary file before its descriptor's number is used for something else.
    life = on_it[: on_it.index("close")]
    assert life.index("fchmod") < life.index("write") < life.index("read") < life.index("fsync")
    assert "fchmod" not in life[life.index("write") :]
    folder = lines[exchange].split("(")[1].split(",")[0]
    synced = next(place for place in range(exchange, len(lines)) if lines[place].startswith(f"fsync({folder})"))
    removed = [place for place, line in enumerate(lines) if line.startswith("unlink") and temporary[1] in line]
    # Of two names that were exchanged, the temporary one goes once the new file is there to stay.
    assert [place > synced for place in removed] == ([True] if mode == PRIVATE else [])
    backup = next(place for place, line in enumerate(lines) if re.match(r"rename.*\.bak\"", line))
    assert backup < exchange
    assert any(line.startswith("fsync(") for line in lines[backup + 1 : exchange])
    assert not [line for line in lines if "O_TRUNC" in line or line.startswith(("truncate", "ftruncate"))]
    assert not [line for line in lines if line.startswith(("chmod", "fchmodat", "chown", "fchownat"))]
    assert not [
        line for line in lines if line.startswith("open") and '"config.json"' in line and "O_RDONLY" not in line
    ]


@needs_strace
def test_no_other_folder_is_touched(tmp_path: Path) -> None:
    place = site(tmp_path / "site")
    before = {path: path.stat() for path in (place.target.parent, place.target.parent.parent)}
    changed = [call for call in trace(place, backup=False) if call.name in {"chmod", "fchmod", "fchmodat", "fchown"}]
    assert len(changed) == 1, "the temporary file's mode and nothing else"
    for path, status in before.items():
        assert (path.stat().st_mode, path.stat().st_uid) == (status.st_mode, status.st_uid)


def killed_at_random(tmp_path: Path, runs: int) -> tuple[int, int]:
    dice = random.Random(6)  # noqa: S311 -- for moments, not for secrets
    place = site(tmp_path / "site")
    began = time.monotonic()
    assert run(place).returncode == 0
    span = time.monotonic() - began
    old = new = 0
    for _ in range(runs):
        place = site(tmp_path / "site")
        process = subprocess.Popen(command(place))
        time.sleep(span * dice.uniform(0.8, 1.2))
        process.kill()
        process.wait()
        # Later next time if it was too early, and the other way round: most kills hit the write itself.
        if whole(place) == OLD:
            old += 1
            span *= 1.05
        else:
            new += 1
            span *= 0.95
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in leftovers(place))
    mend(place)
    return old, new


def test_kill_at_random_moments(tmp_path: Path) -> None:
    old, new = killed_at_random(tmp_path, 40)
    assert min(old, new) >= 1


@pytest.mark.slow
def test_kill_at_a_thousand_random_moments(tmp_path: Path) -> None:
    old, new = killed_at_random(tmp_path, 1000)
    assert min(old, new) >= 100


def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    import resource

    place = site(tmp_path / "site")
    done = subprocess.run(
        command(place),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)),
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("DISK_FULL")
    assert place.target.read_bytes() == OLD
    assert leftovers(place) == []


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    mounted = tmp_path / "small"
    mounted.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("needs root, to mount a small disk")
    options = [mount, "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(mounted)]
    if subprocess.run(options, capture_output=True, check=False).returncode:
        pytest.skip("root may not mount here")
    try:
        place = site(mounted / "site")
        (mounted / "filler").write_bytes(b"x" * 8192)
        for backup, kind in ((True, "BACKUP"), (False, "DISK_FULL")):
            done = run(place, backup=backup)
            assert (done.returncode, done.stdout.split("\n")[0]) == (3, kind), done.stdout + done.stderr
            assert "disk is full" in done.stdout
            assert place.target.read_bytes() == OLD
            assert leftovers(place) == []
            (mounted / "filler").write_bytes(b"x" * 12000)
    finally:
        subprocess.run([umount, str(mounted)], check=True)


def counted(tmp_path: Path, writers: int, times: int) -> None:
    target = tmp_path / "config.json"
    target.write_text('{"count": 0}')
    counter = Path(__file__).parent / "faults" / "counter.py"
    processes = [
        subprocess.Popen([sys.executable, "-I", "-S", str(counter), str(target), str(times)], stdout=subprocess.PIPE)
        for _ in range(writers)
    ]
    reads = 0
    while not reads or any(process.poll() is None for process in processes):
        assert json.loads(target.read_bytes())["count"] >= 0
        reads += 1
        time.sleep(0.001)
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0] * writers
    assert json.loads(target.read_bytes()) == {"count": writers * times}
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


def test_four_writers_lose_no_change(tmp_path: Path) -> None:
    counted(tmp_path, 4, 10)


@pytest.mark.slow
def test_eight_writers_lose_no_change(tmp_path: Path) -> None:
    counted(tmp_path, 8, 100)
