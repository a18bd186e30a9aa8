"""Fake k6 programs that answer well, badly or never; and variables that override, mislead or do nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.machine import environment
from k6cfg.machine.environment import k6_binary, k6_version_cache
from k6cfg.schema.versions import NEWEST, Version

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake programs are shell scripts")

SHELL = shutil.which("dash") or "/bin/sh"
SYSTEM_PATH = "/usr/bin:/bin"


def fake(folder: Path, body: str) -> environment.Binary:
    """A k6 that does what a shell script says."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "k6"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return environment.Binary(str(path), str(path))


def program(folder: Path, answer: str) -> environment.Binary:
    """A k6 that is no script: a shell under that name, which runs the file ``version`` of the working directory."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "k6"
    shutil.copy(SHELL, path)
    (folder / "version").write_text(f"echo asked >> asked; echo '{answer}'\n")
    return environment.Binary(str(path), str(path))


def says(line: str) -> str:
    return f"cat <<'EOF'\n{line}\nEOF"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("k6 v2.2.0 (go1.25.5, linux/amd64)", "2.2.0"),
        ("k6 v1.0.0 (commit/41b4984b75, go1.24.2, linux/amd64)", "1.0.0"),
        ("k6.exe v0.57.0 (commit/50afd82c18, go1.23.6, windows/amd64)", "0.57.0"),
        ("k6 v0.30.0 (2021-01-20T13:14:50+0000/2193de0, go1.15.7, linux/amd64)", "0.30.0"),
        ("k6 v0.26.0 (dev build, go1.13.5, linux/amd64)", "0.26.0"),
        ("k6 v0.18.0", "0.18.0"),
        ("k6 v2.0.0-rc1 (commit/0000000000, go1.25.5, linux/amd64)", "2.0.0"),
        ("k6 v2.3.0-devel (go1.25.5, linux/amd64)", "2.3.0"),
        ("k6 v1.2.4-0.20250821120000-e2181aa00abc (go1.24.2, linux/amd64)", "1.2.4"),
        ("k6 v1.5.0+dirty (go1.24.2, linux/amd64)", "1.5.0"),
        ("k6 v1.8.1 (go1.25.5, linux/amd64)\nExtensions:\n  github.com/grafana/xk6-sql v1.0.4, k6/x/sql [js]", "1.8.1"),
        ("a line of somebody's wrapper\nk6 v1.8.1 (go1.25.5, linux/amd64)", "1.8.1"),
    ],
)
def test_versions_that_k6_prints(tmp_path: Path, line: str, expected: str) -> None:
    answer = environment.version_of(fake(tmp_path, says(line)), {"PATH": SYSTEM_PATH})
    assert answer == (Version.parse(expected), "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (says("k6 v(devel) (go1.25.5, linux/amd64)"), "is a development build that names no release"),
        (says("k6 devel (go1.25.5, linux/amd64)"), "is a development build that names no release"),
        (says("k6 v0.0.0-20250821120000-e2181aa00abc (go1.24.2)"), "is a development build that names no release"),
        ("exit 0", "does not print a version"),
        (says("hello, I am a k6 of sorts, release 5"), "does not print a version"),
        (says("grafana v2.2.0"), "does not print a version"),
        ("echo k6 v2.2.0 >&2", "does not print a version"),
        ("printf '\\377\\376\\000 garbage'", "does not print a version"),
        (f"{says('k6 v2.2.0 (go1.25.5)')}\nexit 3", "failed with exit status 3"),
        ("kill -SEGV $$", "was ended by signal 11"),
        ("yes k6-noise", "prints much more than a version"),
    ],
)
def test_a_k6_that_names_no_version(tmp_path: Path, body: str, reason: str) -> None:
    assert environment.version_of(fake(tmp_path, body), {"PATH": SYSTEM_PATH}) == (None, reason)


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    binary = fake(tmp_path, "")
    Path(binary.path).write_bytes(b"\x00\x01 no program")
    version, reason = environment.version_of(binary, {"PATH": SYSTEM_PATH})
    assert version is None
    assert reason.startswith("cannot be started: ")


# Bounded, so that nothing stays even where the product does not end it, or the test run itself is ended.
BEAT = "n=0; while [ $n -lt 400 ]; do n=$((n+1)); echo beat >> BEATS; sleep 0.02; done"


def still(beats: Path) -> bool:
    """Whether nothing beats any more; on a busy machine a last beat may come late."""
    for _ in range(10):
        at_the_end = heard(beats)
        time.sleep(0.15)
        if heard(beats) == at_the_end:
            return True
    return False


def heard(beats: Path) -> bytes:
    return beats.read_bytes() if beats.exists() else b""  # ended before it could begin


@pytest.mark.parametrize(
    "body", [BEAT, f"({BEAT}) & wait", f"{says('k6 v2.2.0')}\n{BEAT}", f"exec >&-; {BEAT}", f"({BEAT}) &"]
)
def test_a_k6_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(k6_binary, "TIMEOUT", 0.3)
    beats = tmp_path / "beats"
    answer = environment.version_of(fake(tmp_path, body.replace("BEATS", str(beats))), {"PATH": SYSTEM_PATH})
    assert answer == (None, "did not tell its version within 0.3 seconds")
    assert still(beats)


def test_a_k6_that_says_too_much_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    body = f"({BEAT.replace('BEATS', str(beats))}) &\nuntil [ -e {beats} ]; do sleep 0.01; done\nhead -c 200000 /dev/zero &\nexit 0"
    answer = environment.version_of(fake(tmp_path, body), {"PATH": SYSTEM_PATH})
    assert answer == (None, "prints much more than a version")
    assert still(beats)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_k6_that_hangs_does_not_outlive_us(tmp_path: Path, number: int) -> None:
    beats = tmp_path / "beats"
    binary = fake(tmp_path, f"({BEAT.replace('BEATS', str(beats))}) & wait")
    program_text = (
        f"import signal; signal.signal({int(number)}, signal.SIG_DFL); from k6cfg.machine import environment as e; "
        "e.k6_binary.TIMEOUT = 600; "
        f"e.version_of(e.Binary(*{tuple(binary)!r}), {{'PATH': '/bin'}})"
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(environment.__file__).parents[3])}
    with subprocess.Popen([sys.executable, "-S", "-c", program_text], env=environ) as asking:
        until = time.monotonic() + 60
        while not beats.exists() and time.monotonic() < until:
            time.sleep(0.01)
        asking.send_signal(number)
        assert asking.wait(60) == -number
    assert still(beats)


def test_a_signal_that_comes_before_k6_is_known_ends_it_too(tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    binary = fake(tmp_path, f"({BEAT.replace('BEATS', str(beats))}) & wait")
    lines = f"""
import os, signal, subprocess, time
from k6cfg.machine import environment
real = subprocess.Popen
def slow(*given, **named):
    process = real(*given, **named)
    while not os.path.exists({str(beats)!r}):
        time.sleep(0.01)
    signal.raise_signal(signal.SIGTERM)
    return process
subprocess.Popen = slow
signal.signal(signal.SIGTERM, signal.SIG_DFL)
environment.version_of(environment.Binary(*{tuple(binary)!r}), {{"PATH": "/bin"}})
"""
    environ = {**os.environ, "PYTHONPATH": str(Path(environment.__file__).parents[3])}
    done = subprocess.run([sys.executable, "-S", "-c", lines], env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGTERM, b"")
    assert still(beats)


def test_signals_mean_afterwards_what_they_meant_before(tmp_path: Path) -> None:
    def mine(*_: object) -> None:
        pass

    term = signal.getsignal(signal.SIGTERM)
    before = signal.signal(signal.SIGHUP, mine)
    try:
        environment.version_of(fake(tmp_path, says("k6 v2.2.0 (go1.25.5)")), {"PATH": SYSTEM_PATH})
        assert signal.getsignal(signal.SIGHUP) is mine
        assert signal.getsignal(signal.SIGTERM) is term
    finally:
        signal.signal(signal.SIGHUP, before)


def test_k6_is_run_without_its_variables(tmp_path: Path) -> None:
    binary = fake(tmp_path, f"env > {tmp_path}/env; echo $# $* > {tmp_path}/argv; echo k6 v2.2.0")
    environ = {"PATH": SYSTEM_PATH, "HOME": "/h", "K6_CLOUD_TOKEN": "T0KEN", "K6_CONFIG": "/x", "k6_out": "T0KEN"}
    assert environment.version_of(binary, environ).version == Version(2, 2)
    passed = (tmp_path / "env").read_text()
    assert "HOME=/h" in passed
    assert "T0KEN" not in passed
    assert "K6_" not in passed.upper()
    assert (tmp_path / "argv").read_text() == "1 version\n"


def test_k6_gets_nothing_of_our_stdin(tmp_path: Path) -> None:
    binary = fake(tmp_path, f"cat > {tmp_path}/stdin; echo k6 v2.2.0")
    reading, writing = os.pipe()
    os.write(writing, b"T0KEN")
    os.close(writing)
    saved = os.dup(0)
    os.dup2(reading, 0)
    try:
        environment.version_of(binary, {"PATH": SYSTEM_PATH})
        left = os.read(0, 100)
    finally:
        os.dup2(saved, 0)
        os.close(saved)
        os.close(reading)
    assert left == b"T0KEN"
    assert (tmp_path / "stdin").read_text() == ""


def test_no_shell_reads_the_path(tmp_path: Path) -> None:
    folder = tmp_path / "a; touch pwned $(touch pwned)"
    binary = fake(folder, says("k6 v2.2.0 (go1.25.5)"))
    assert environment.version_of(binary, {"PATH": SYSTEM_PATH}).version == Version(2, 2)
    assert not list(tmp_path.rglob("pwned"))


def test_an_answer_is_remembered_until_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, cache = tmp_path / "bin", tmp_path / "cache" / "k6cfg"
    binary = program(folder, "k6 v1.8.1 (go1.25.5)")
    monkeypatch.chdir(folder)
    for _ in range(3):
        assert environment.version_of(binary, {"PATH": SYSTEM_PATH}, lambda: cache).version == Version(1, 8, 1)
    assert (folder / "asked").read_text() == "asked\n"
    assert cache.stat().st_mode & 0o777 == 0o700
    assert (cache / k6_version_cache.FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in cache.iterdir()] == [k6_version_cache.FILE]

    (folder / "version").write_text("echo 'k6 v2.2.0 (go1.25.5)'\n")
    os.utime(binary.path, ns=(1, 1))
    assert environment.version_of(binary, {"PATH": SYSTEM_PATH}, lambda: cache).version == Version(2, 2)


def test_what_may_change_unseen_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    shim = fake(tmp_path / "shims", says("k6 v1.8.1 (go1.25.5)"))
    assert environment.version_of(shim, {"PATH": SYSTEM_PATH}, lambda: cache).version == Version(1, 8, 1)
    snap = program(tmp_path / "snap", "k6 v1.8.1 (go1.25.5)")
    Path(snap.path).rename(tmp_path / "snap" / "snap")
    Path(snap.path).symlink_to("snap")
    monkeypatch.chdir(tmp_path / "snap")
    (found,) = environment.find_k6({"PATH": str(tmp_path / "snap")})
    assert environment.version_of(found, {"PATH": SYSTEM_PATH}, lambda: cache).version == Version(1, 8, 1)
    assert not cache.exists()


def test_a_binary_that_is_gone_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "k6"
    path.touch()
    k6_version_cache.remember(tmp_path, str(path), Version(1, 0))
    assert k6_version_cache.recall(tmp_path, str(path)) == Version(1, 0)
    path.unlink()
    assert k6_version_cache.recall(tmp_path, str(path)) is None
    (tmp_path / k6_version_cache.FILE).write_text(
        json.dumps({"format_version": 1, "binaries": {str(path): {"file": None, "version": "1.0.0"}}})
    )
    assert k6_version_cache.recall(tmp_path, str(path)) is None


def test_a_failure_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = program(tmp_path / "bin", "nothing useful")
    monkeypatch.chdir(tmp_path / "bin")
    assert environment.version_of(binary, {"PATH": SYSTEM_PATH}, lambda: tmp_path / "cache").version is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format_version": 2}',
        '{"format_version": 1, "binaries": ["x"]}',
        '{"format_version": 1, "binaries": {"PATH": 3}}',
        '{"format_version": 1, "binaries": {"PATH": {"file": null, "version": "1.0.0"}}}',
        '{"format_version": 1, "binaries": {"PATH": {"file": IDENTITY, "version": "x"}}}',
        '{"format_version": 1, "binaries": {"PATH": {"file": IDENTITY}}}',
        "[" * 50_000,
        "\udcff",
    ],
)
def test_a_spoilt_memory_is_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    binary = program(tmp_path / "bin", "k6 v1.8.1 (go1.25.5)")
    monkeypatch.chdir(tmp_path / "bin")
    text = text.replace("PATH", binary.path).replace("IDENTITY", json.dumps(k6_version_cache._identity(binary.path)))
    (tmp_path / k6_version_cache.FILE).write_text(text, "utf-8", "surrogateescape")
    assert environment.version_of(binary, {"PATH": SYSTEM_PATH}, lambda: tmp_path).version == Version(1, 8, 1)
    assert (tmp_path / "bin" / "asked").exists()
    assert k6_version_cache.recall(tmp_path, binary.path) == Version(1, 8, 1)


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = program(tmp_path / "bin", "k6 v1.8.1 (go1.25.5)")
    monkeypatch.chdir(tmp_path / "bin")
    (tmp_path / "file").touch()
    for cache in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none"), Path("nul\0")):
        answer = environment.version_of(binary, {"PATH": SYSTEM_PATH}, lambda cache=cache: cache)  # type: ignore[misc]
        assert answer.version == Version(1, 8, 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else for a moment")
@pytest.mark.parametrize("mode", [0o700, 0o755])
@pytest.mark.parametrize("filled", [False, True])
def test_a_cache_that_belongs_to_root_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], mode: int, filled: bool
) -> None:
    # Whoever types `sudo k6cfg` leaves one. Not in tmp_path, which nobody but us may enter.
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        binary = program(Path(top, "bin"), "k6 v1.8.1 (go1.25.5)")
        Path(top, "bin").chmod(0o777)
        Path(top, "bin", "version").write_text("echo 'k6 v1.8.1 (go1.25.5)'\n")
        monkeypatch.chdir(Path(top, "bin"))
        cache = Path(top, "cache")
        cache.mkdir()
        if filled:
            k6_version_cache.remember(cache, binary.path, Version(0, 30))
        cache.chmod(mode)
        environ = {"PATH": f"{top}/bin:{SYSTEM_PATH}"}
        os.seteuid(65534)
        try:
            assert environment.find_k6(environ)[0] == binary
            for folder in (cache, cache / "below"):
                assert environment.version_of(binary, environ, lambda folder=folder: folder).version == Version(1, 8, 1)  # type: ignore[misc]
        finally:
            os.seteuid(0)
        assert sorted(path.name for path in cache.iterdir()) == ([k6_version_cache.FILE] if filled else [])
        monkeypatch.undo()
    assert capfd.readouterr() == ("", "")


def test_a_failing_disk_leaves_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = program(tmp_path / "bin", "k6 v1.8.1 (go1.25.5)")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    k6_version_cache.remember(tmp_path / "cache", binary.path, Version(1, 8, 1))
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_memory_stays_small(tmp_path: Path) -> None:
    paths = []
    for number in range(k6_version_cache._MOST + 3):
        path = tmp_path / f"k6-{number}"
        path.touch()
        paths.append(str(path))
        k6_version_cache.remember(tmp_path, str(path), Version(1, 0))
    assert [k6_version_cache.recall(tmp_path, path) for path in paths] == [None] * 3 + [
        Version(1, 0)
    ] * k6_version_cache._MOST


def test_every_k6_on_path_in_order_and_once(tmp_path: Path) -> None:
    first, second = fake(tmp_path / "one", ""), fake(tmp_path / "two", "")
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "k6").symlink_to(first.path)
    (tmp_path / "four" / "k6").mkdir(parents=True)
    fake(tmp_path / "five", "")
    (tmp_path / "five" / "k6").chmod(0o644)
    names = ["none", "four", "five", "three", "one", "two", "one"]
    path = os.pathsep.join(str(tmp_path / name) for name in names)
    found = environment.find_k6({"PATH": path})
    assert [binary.path for binary in found] == [str(tmp_path / "three" / "k6"), second.path]
    assert found[0].real == os.path.realpath(first.path)


@pytest.mark.parametrize("path", ["", ".", ":", "bin", "./bin:bin/../bin"])
def test_nothing_is_found_because_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    fake(tmp_path, "")
    fake(tmp_path / "bin", "")
    monkeypatch.chdir(tmp_path)
    assert environment.find_k6({"PATH": path}) == ()
    assert environment.find_k6({}) == ()


def test_on_windows_the_extensions_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("k6", "k6.EXE", "k6.CMD"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setattr(sys, "platform", "win32")
    found = environment.find_k6({"Path": f'"{tmp_path}"', "PATHEXT": ".EXE;.CMD"})
    assert [Path(binary.path).name for binary in found] == ["k6.EXE", "k6.CMD"]


def _never() -> Path:
    raise AssertionError("the cache is not needed")


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("2.2.0", "2.2.0"),
        ("v0.57.0", "0.57.0"),
        ("1.0", "1.0.0"),
        ("1.8.x", "1.8.0"),
        ("1", "1.8.0"),
        ("v1.x", "1.8.0"),
        ("0.X", "0.59.0"),
        (str(NEWEST.major), str(NEWEST)),
        (f"{NEWEST.major}.x", str(NEWEST)),
        (f"{NEWEST.major}.x.x", str(NEWEST)),
        ("latest", str(NEWEST)),
        (" Latest", str(NEWEST)),
    ],
)
def test_a_version_that_is_named(option: str, expected: str) -> None:
    chosen = environment.k6_version(option, {}, _never)
    assert (str(chosen.version), chosen.source, chosen.warning) == (expected, "option", None)


@pytest.mark.parametrize(
    "option", ["", "x", "2.", "2.y", "2.x.1", "lates", "2.2.0.0", "-1.0.0", "\u0662.\u0662.\u0660"]
)
def test_a_version_that_is_none(option: str) -> None:
    with pytest.raises(ValueError, match="--k6-version wants a version such as") as caught:
        environment.k6_version(option, {})
    assert caught.value.__suppress_context__


def test_a_version_from_before_the_file() -> None:
    with pytest.raises(ValueError, match=r"k6 0\.17\.2 reads no config\.json: that came with k6 0\.18\.0"):
        environment.k6_version("0.17.2", {})


def test_a_version_from_the_future() -> None:
    future = Version(NEWEST.major, NEWEST.minor + 1)
    chosen = environment.k6_version(str(future), {})
    assert chosen.version == future
    assert chosen.judged_as == NEWEST
    assert chosen.warning == f"k6cfg knows k6 up to {NEWEST}; k6 {future} is newer and is judged like {NEWEST}."
    patch = NEWEST._replace(patch=NEWEST.patch + 1)
    assert environment.k6_version(str(patch), {}).warning is None


@pytest.mark.parametrize("option", [None, "auto", "AUTO"])
def test_auto_asks_the_first_k6_on_path(tmp_path: Path, option: str | None) -> None:
    first = fake(tmp_path / "one", says("k6 v1.8.1 (go1.25.5)"))
    fake(tmp_path / "two", says("k6 v0.57.0 (go1.23.6)"))
    environ = {"PATH": f"{tmp_path}/one:{tmp_path}/two:{SYSTEM_PATH}"}
    chosen = environment.k6_version(option, environ, lambda: tmp_path / "cache")
    assert chosen == (Version(1, 8, 1), "the k6 on PATH is 1.8.1", "binary", None, first)


def test_auto_without_k6_is_the_newest_known() -> None:
    chosen = environment.k6_version("auto", {"PATH": "/nowhere"}, _never)
    assert (chosen.version, chosen.source, chosen.warning) == (NEWEST, "newest", None)
    assert chosen.why == f"there is no k6 on PATH, so it is the newest that k6cfg knows, {NEWEST}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("exit 3", "The k6 on PATH failed with exit status 3; k6cfg takes it for"),
        (says("k6 v0.17.2"), "The k6 on PATH is k6 0.17.2, from before config.json; k6cfg takes it for"),
    ],
)
def test_auto_with_a_broken_k6_is_the_newest_known_and_says_so(tmp_path: Path, body: str, said: str) -> None:
    fake(tmp_path, body)
    chosen = environment.k6_version(None, {"PATH": f"{tmp_path}:{SYSTEM_PATH}"}, lambda: tmp_path / "cache")
    assert (chosen.version, chosen.source) == (NEWEST, "newest")
    assert chosen.warning is not None
    assert chosen.warning.startswith(said)


NODES = [
    ("vus", "K6_VUS", False),
    ("userAgent", "K6_USER_AGENT", False),
    ("collectors.cloud.token", "K6_CLOUD_TOKEN", True),
    ("collectors.cloud.stackID", "K6_CLOUD_STACK_ID", False),
    ("collectors.opentelemetry.headers", "K6_OTEL_HEADERS", True),
    ("collectors.experimental-opentelemetry.headers", "K6_OTEL_HEADERS", True),
    (
        "collectors.experimental-prometheus-rw.headers",
        "K6_PROMETHEUS_RW_HEADERS_<name>, K6_PROMETHEUS_RW_HTTP_HEADERS",
        True,
    ),
]


def test_variables_that_override_keys() -> None:
    environ = {"K6_VUS": "7", "K6_CLOUD_TOKEN": "T0KEN", "PATH": "/bin"}
    found = environment.overrides(NODES, environ)
    assert found.overrides == (
        ("collectors.cloud.token", "K6_CLOUD_TOKEN", False, True),
        ("vus", "K6_VUS", False, False),
    )
    assert found.suspicious == ()


def test_an_empty_variable_is_told_apart() -> None:
    (override,) = environment.overrides(NODES, {"K6_CLOUD_TOKEN": ""}).overrides
    assert override.empty


def test_a_variable_may_speak_for_several_keys_or_have_a_name_in_it() -> None:
    found = environment.overrides(NODES, {"K6_OTEL_HEADERS": "a=b"}).overrides
    assert [override.key for override in found] == [
        "collectors.opentelemetry.headers",
        "collectors.experimental-opentelemetry.headers",
    ]
    for variable in ("K6_PROMETHEUS_RW_HEADERS_X_SCOPE", "K6_PROMETHEUS_RW_HTTP_HEADERS"):
        (override,) = environment.overrides(NODES, {variable: "T0KEN"}).overrides
        assert (override.key, override.variable) == ("collectors.experimental-prometheus-rw.headers", variable)


@pytest.mark.parametrize(
    ("variable", "version", "kind", "instead"),
    [
        ("K6CLOUD_TOKEN", "2.2.0", "obsolete", "K6_CLOUD_TOKEN"),
        ("K6CLOUD_TOKEN", "0.34.0", "obsolete", "K6_CLOUD_TOKEN"),
        ("K6CLOUD_TOKEN", "0.33.0", None, None),
        ("NO_SETUP", "0.35.0", "obsolete", "K6_NO_SETUP"),
        ("NO_SETUP", "0.34.1", None, None),
        ("K6_TLS_VERSION", "0.28.0", "obsolete", None),
        ("K6_TLS_VERSION", "0.27.1", None, None),
        ("K6_NO_SUMMARY", "2.0.0", "obsolete", "K6_SUMMARY_MODE"),
        ("K6_NO_SUMMARY", "1.8.1", None, None),
        ("K6_STATSD_ADDR", "0.55.0", "obsolete", None),
        ("K6_STATSD_ADDR", "0.54.0", None, None),
        ("K6_BROWSER_ENABLED", "0.46.0", "obsolete", None),
        ("K6_CLOUD_AGGREGATION_OUTLIER_IQR_RADIUS", "0.50.0", "obsolete", None),
        ("K6_FEATURES", "2.0.0", "newer", None),
        ("K6_FEATURES", "2.1.0", None, None),
        ("K6_QUIET", "2.2.0", "never", None),
        ("K6_TOKEN", "2.2.0", "never", "K6_CLOUD_TOKEN"),
        ("K6_CLOUD_TOKNE", "2.2.0", "near", "K6_CLOUD_TOKEN"),
        ("K6_USERAGENT", "2.2.0", "near", "K6_USER_AGENT"),
        ("K6_LOGOUTPUT", "2.2.0", "near", "K6_LOG_OUTPUT"),
        ("k6_vus", "2.2.0", "near", "K6_VUS"),
        ("K6_MY_OWN_SETTING", "2.2.0", "unknown", None),
        ("K6_CONFIG", "2.2.0", None, None),
        ("K6_CONFIG", "0.18.0", "newer", None),
        ("K6_SECRET_SOURCE_URL_TIMEOUT", "2.2.0", None, None),
        ("K6_WEB_DASHBOARD_PORT", "2.2.0", None, None),
        ("K6_BROWSER_HEADLESS", "2.2.0", None, None),
        ("K6_CLOUD_LOGS_TAIL_URL", "2.2.0", None, None),
        ("K6_OPERATOR_SERVICE_HOST", "2.2.0", None, None),
        ("K6_RUNNER_1_PORT_6565_TCP_ADDR", "2.2.0", None, None),
        ("K6CFG_STATE_DIR", "2.2.0", None, None),
        ("HOME", "2.2.0", None, None),
    ],
)
def test_variables_that_do_nothing(variable: str, version: str, kind: str | None, instead: str | None) -> None:
    found = environment.overrides(NODES, {variable: "T0KEN"}, version=Version.parse(version))
    assert found.overrides == ()
    if kind is None:
        assert found.suspicious == ()
        return
    (suspicious,) = found.suspicious
    assert (suspicious.variable, suspicious.kind, suspicious.instead) == (variable, kind, instead)
    assert variable in suspicious.message
    assert instead is None or instead in suspicious.message or suspicious.kind == "obsolete"


def test_a_key_of_another_version_is_not_misspelt() -> None:
    nodes = [node for node in NODES if node[0] != "collectors.cloud.stackID"]
    everything = dict.fromkeys(names for _, names, _ in NODES)
    found = environment.overrides(
        nodes, {"K6_CLOUD_STACK_ID": "1"}, version=Version(1, 5), also_known=everything
    ).suspicious
    assert [(one.variable, one.kind) for one in found] == [("K6_CLOUD_STACK_ID", "other")]
    assert found[0].message == "K6_CLOUD_STACK_ID does nothing: other releases of k6 read it, k6 1.5.0 does not."


def test_no_name_is_in_both_tables() -> None:
    known = {row.name for row in environment.KNOWN}
    assert known.isdisjoint(row.name for row in environment.OBSOLETE)
    assert len(known) == len(environment.KNOWN)


def test_what_replaces_a_variable_is_known() -> None:
    known = {row.name for row in environment.KNOWN} | {node[1] for node in NODES}
    of_the_schema = {
        "K6_OUT",
        "K6_TAGS",
        "K6_STAGES",
        "K6_NO_SETUP",
        "K6_NO_TEARDOWN",
        "K6_OTEL_EXPORTER_PROTOCOL",
        "K6_CLOUD_PROJECT_ID",
    }
    for row in environment.OBSOLETE:
        assert row.instead is None or row.instead in known | of_the_schema


@given(st.dictionaries(st.from_regex(r"[Kk]6_?[A-Z_*<>]{0,12}", fullmatch=True), st.just("T0KEN")))
def test_no_value_comes_out_and_nothing_raises(environ: dict[str, str]) -> None:
    found = environment.overrides(NODES, environ)
    assert "T0KEN" not in repr(found)
    assert {one.variable for one in found.suspicious}.isdisjoint(one.variable for one in found.overrides)


def test_looking_costs_no_heavy_import(tmp_path: Path) -> None:
    program_text = (
        "import sys; from k6cfg.machine import environment as e; "
        f"e.k6_version('2.2.0', {{}}); e.k6_version(None, {{'PATH': {str(tmp_path)!r}}}); e.overrides([], {{}}); "
        "sys.exit(str([name for name in ('subprocess', 'json', 'difflib', 'threading') if name in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program_text], capture_output=True, check=False, text=True)
    assert done.stderr.strip() == ""


def test_the_cache_is_asked_for_only_when_there_is_a_k6(tmp_path: Path) -> None:
    asked: list[int] = []

    def cache() -> Path:
        asked.append(1)
        return tmp_path / "cache"

    answer: Callable[[str], environment.Chosen] = lambda path: environment.k6_version(None, {"PATH": path}, cache)  # noqa: E731
    answer("/nowhere")
    assert not asked


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else for a moment")
def test_a_folder_on_path_that_may_not_be_entered_is_passed_over(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "k6").write_text("#!/bin/sh\n")
    tmp_path.chmod(0o755)
    os.seteuid(65534)
    try:
        assert environment.find_k6({"PATH": str(closed)}) == ()
    finally:
        os.seteuid(0)


def test_a_version_of_five_thousand_digits_is_none(tmp_path: Path) -> None:
    answer = environment.version_of(fake(tmp_path, says(f"k6 v{'9' * 5000}.0.0 (x)")), {})
    assert answer.version is None
    assert "9999" not in answer.reason
    with pytest.raises(ValueError, match="not a version"):
        Version.parse("9" * 5000)


@pytest.mark.parametrize("make", ["fifo", "folder", "dangling link"])
def test_what_is_remembered_is_read_without_waiting(tmp_path: Path, make: str) -> None:
    """A pipe in the cache folder, by accident or by malice, must not hang every command."""
    path = tmp_path / k6_version_cache.FILE
    if make == "fifo":
        os.mkfifo(path)
    elif make == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    assert k6_version_cache.recall(tmp_path, "/bin/k6") is None
