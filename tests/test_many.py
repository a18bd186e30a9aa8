"""Many files in one call: what the arguments stand for, and the same result from several processes as from one."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Home
from inside import call

from k6cfg.cli.commands import validate
from k6cfg.cli.files import WorkerError, each, files_of
from k6cfg.machine import files

GOOD = '{"vus": 1, "duration": "1s"}'
BAD = '{"vus": 1 "duration": "1s"}'
WARNED = '{"VUS": 1, "duration": "1s", "collectors": {"cloud": {"token": "not-a-real-token", "nam": "x"}}}'

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(GOOD)


def test_a_folder_stands_for_the_json_files_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "c/b.json", "c/a.json", "c/a/z.json", "c/.hidden.json", "c/.git/x.json", "c/node_modules/x.json")
    write(tmp_path, "c/package.json", "c/notes.txt", "other.json")
    monkeypatch.chdir(tmp_path)
    assert files_of(["c"]) == ["c/a.json", "c/b.json", "c/a/z.json"]
    assert files_of(["c/"]) == ["c/a.json", "c/b.json", "c/a/z.json"]
    assert files_of(["other.json", "c/a"]) == ["other.json", "c/a/z.json"]


def test_a_pattern_that_no_shell_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "b.json", "a.json", "d/c.json", "[x].json")
    monkeypatch.chdir(tmp_path)
    assert files_of(["?.json"]) == ["a.json", "b.json"]
    assert files_of(["**/*.json"]) == ["[x].json", "a.json", "b.json", "d/c.json"]
    assert files_of(["[x].json"]) == ["[x].json"]
    assert files_of(["none*.json", "missing.json", "-"]) == ["none*.json", "missing.json", "-"]


@pytest.mark.parametrize("name", ["", "package.json", ".hidden.json", "script.js", "node_modules/a.json"])
def test_a_folder_without_config_files_is_said(home: Home, name: str) -> None:
    (home.work / "empty").mkdir()
    if name:
        home.write("{}", home.work / "empty" / name)
    done = call(home, "validate", "empty")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("k6cfg: there is no *.json file in the folder empty\n")


def test_a_folder_in_place_of_the_default_file_is_said(home: Home) -> None:
    home.config.mkdir(parents=True)
    assert "it is a folder" in call(home, "validate").err


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Enough files for several processes: good ones, broken ones, some with warnings, one that is missing."""
    for number in range(260):
        text = BAD if number % 40 == 3 else WARNED if number % 40 == 5 else GOOD
        (tmp_path / f"{number:03}.json").write_text(text)
    (tmp_path / "100.json").unlink()
    (tmp_path / "100.json").symlink_to(tmp_path / "nowhere")
    return tmp_path


def run_on(home: Home, folder: Path, processors: int, *more: str) -> tuple[int, str, str]:
    code = (
        "import os, sys; have = range(int(sys.argv.pop(1))); os.sched_getaffinity = lambda _: have; "
        "os.cpu_count = lambda: 4; "
        "from k6cfg.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(processors), "validate", str(folder), *more],
        env=home.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@forks
@pytest.mark.parametrize("more", [(), ("--output-format", "json"), ("--strict", "--ignore", "keys")])
def test_several_processes_say_what_one_says(home: Home, many: Path, more: tuple[str, ...]) -> None:
    one = run_on(home, many, 1, *more)
    assert one[0] == 3
    assert "does not exist" in one[2]
    assert "not-a-real-token" not in one[1] + one[2]
    assert run_on(home, many, 3, *more) == one


@forks
@pytest.mark.parametrize("text", ['{"duration": "1.5m", %s}', '{"paused": true, %s}', '{"VUS": 1, %s}', "{%s"])
def test_secrets_that_other_processes_find_are_not_shown(home: Home, tmp_path: Path, text: str) -> None:
    for number in range(260):
        token = '"collectors": {"cloud": {"token": "not-a-real-token"}}' if number % 90 == 1 else '"batch": 1'
        (tmp_path / f"{number:03}.json").write_text(text % token)
    one, several = (run_on(home, tmp_path, count, "--select", "secrets") for count in (1, 3))
    assert one == several
    assert one[1].count("[hardcoded-secret]") == 3
    assert "not-a-real-token" not in one[1] + one[2]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("screen", [Screen(), io.StringIO()])
def test_a_person_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch, screen: io.StringIO) -> None:
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("k6cfg.cli.files._PATIENCE", -1.0)
    assert list(each(lambda name: name, NAMES[:3], several=False)) == NAMES[:3]
    said = screen.getvalue()
    if not isinstance(screen, Screen):
        assert not said
        return
    shown = said.split("\r")
    assert "[####################..........] 2 of 3 files " in shown
    assert shown[-1] == ""
    assert not shown[-2].strip()


def test_what_is_quick_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    list(each(lambda name: name, NAMES[:3], several=False))
    assert not screen.getvalue()


def test_a_folder_that_may_not_be_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "c/a.json", "c/closed/b.json")
    closed, really = str(tmp_path / "c" / "closed"), os.scandir

    def scandir(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "closed", path)
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert files_of([str(tmp_path / "c")]) == [str(tmp_path / "c" / "a.json"), closed]


def work(name: str) -> str:
    sys.stderr.write(f"said {name}\n")
    return name * 2


NAMES = [str(number) for number in range(300)]


@forks
def test_results_and_words_come_in_order(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("k6cfg.cli.files._processors", lambda: 3)
    assert list(each(work, NAMES, several=True)) == [name * 2 for name in NAMES]
    assert capfd.readouterr().err == "".join(f"said {name}\n" for name in NAMES)


def dying(how: Callable[[], object]) -> Callable[[str], str]:
    def work_or_die(name: str) -> str:
        if name == "150":
            how()
        return name

    return work_or_die


@forks
@pytest.mark.parametrize("how", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(1), lambda: 1 / 0])
def test_a_process_that_dies_is_no_result(monkeypatch: pytest.MonkeyPatch, how: Callable[[], object]) -> None:
    monkeypatch.setattr("k6cfg.cli.files._processors", lambda: 2)
    with pytest.raises(WorkerError):
        list(each(dying(how), NAMES, several=True))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_where_no_process_can_be_started_one_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", fork, raising=False)
    monkeypatch.setattr("k6cfg.cli.files._processors", lambda: 2)
    assert list(each(lambda name: (name, os.getpid()), NAMES, several=True)) == [(name, os.getpid()) for name in NAMES]


def test_every_file_is_read_once(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"a.json": WARNED, "b.json": GOOD, "c.json": BAD, "d.json": WARNED}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    opened: list[str] = []

    def read(path: Path) -> files.Snapshot:
        opened.append(path.name)
        return files.read(path)

    monkeypatch.setattr(validate, "read", read)
    assert call(home, "validate", tmp_path).code == 1
    assert opened == list(texts)


@forks
def test_a_dead_worker_is_a_fault_of_ours(home: Home, many: Path) -> None:
    code = (
        "import os; os.sched_getaffinity = lambda _: range(2); os.cpu_count = lambda: 2\n"
        "import k6cfg.cli.commands.validate as v\n"
        "v._guarded = lambda run, name: os._exit(0)\n"
        "from k6cfg.cli.app import main; main()"
    )
    command = [sys.executable, "-c", code, "validate", str(many)]
    done = subprocess.run(command, env=home.environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (70, "")
    assert "ended before it was done" in done.stderr


@forks
def test_an_interrupt_leaves_nobody_behind(home: Home, many: Path, tmp_path: Path) -> None:
    code = (
        "import os, time; os.sched_getaffinity = lambda _: range(2); os.cpu_count = lambda: 2\n"
        "import k6cfg.cli.commands.validate as v\n"
        f"v._guarded = lambda run, name: (open({str(tmp_path)!r} + f'/pid-{{os.getpid()}}', 'w').close(), time.sleep(60))\n"
        "from k6cfg.cli.app import main; main()"
    )
    command = [sys.executable, "-c", code, "validate", str(many)]
    # Where the suite itself ignores SIGINT (nohup, a job in the background), the child must not.
    restored = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(command, env=home.environ, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, restored)
    with running:
        try:
            end = time.monotonic() + 30
            while len(list(tmp_path.glob("pid-*"))) < 2 and time.monotonic() < end:
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=30)
        finally:
            running.kill()
    assert (running.returncode, said) == (130, "k6cfg: interrupted\n")
    for left in tmp_path.glob("pid-*"):
        with pytest.raises(ProcessLookupError):
            os.kill(int(left.name.removeprefix("pid-")), 0)
