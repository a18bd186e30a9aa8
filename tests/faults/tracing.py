"""strace: what a writer asks of the system, in order, and the same with a fault at one of the calls."""

import os
import re
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

WRITER: Final = Path(__file__).with_name("writer.py")
OLD: Final = b'{"old": "' + b"o" * 5000 + b'"}'
NEW: Final = b'{"new": "' + b"n" * 7000 + b'"}'

TRACED: Final = (
    "access,faccessat,faccessat2,openat,open,mkdir,mkdirat,read,write,fsync,close,rename,renameat,renameat2,unlink,"
    "unlinkat,rmdir,chmod,fchmod,fchmodat,chown,fchown,fchownat,newfstatat,fstat,flock,getdents64,flistxattr,fsetxattr,"
    "fgetxattr,ftruncate,truncate,link,linkat"
)
_LINE: Final = re.compile(r"(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)")
_KNOWN: Final = frozenset(TRACED.split(","))


class Call(NamedTuple):
    """One call to the system: its name, how many of that name the process made with it, and its arguments as text."""

    name: str
    number: int
    text: str


class Site(NamedTuple):
    """A fresh folder with a file to write, and where its backups go."""

    target: Path
    store: Path
    new: Path


def site(folder: Path, mode: int = 0o600) -> Site:
    """Everything a writer needs, below ``folder``, which is emptied.

    A file that others may read (``mode``) is replaced; one that is private already is exchanged, where that can be.
    """
    shutil.rmtree(folder, ignore_errors=True)
    home = folder / "home"
    home.mkdir(parents=True)
    made = Site(home / "config.json", folder / "store", folder / "new")
    made.target.write_bytes(OLD)
    made.target.chmod(mode)
    made.new.write_bytes(NEW)
    return made


def command(place: Site, *, backup: bool = True) -> list[str]:
    """The writer's command line, with as little of Python's own start-up as possible.

    Without writing bytecode (``-B``): Python does not notice when a limit cuts that short, and cannot start afterwards.
    """
    store = str(place.store) if backup else "-"
    return [sys.executable, "-I", "-S", "-B", str(WRITER), str(place.target), store, str(place.new)]


def run(place: Site, *strace: str, backup: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the writer, under strace if there are options for it."""
    prefix = ["strace", "-f", "-qq", *strace] if strace else []
    return subprocess.run(
        [*prefix, *command(place, backup=backup)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=hear_signals,
    )


def hear_signals() -> None:
    """For a child that is to hear INT and HUP, though tests in the background, or under nohup, are started deaf to them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@cache
def missing() -> str:
    """Why strace cannot be used here; empty where it can."""
    strace = shutil.which("strace")
    if sys.platform != "linux" or strace is None:
        return "strace is not installed"
    works = subprocess.run([strace, "-qq", "-e", "inject=fsync:error=EIO", "true"], capture_output=True, check=False)
    return "" if works.returncode == 0 else "strace may not trace here"


@cache
def warm_up() -> None:
    """Have Python compile what the writer imports, so that every later run makes the same calls."""
    subprocess.run([sys.executable, "-I", "-S", str(WRITER)], capture_output=True, check=False)


def trace(place: Site, *, backup: bool = True) -> list[Call]:
    """The calls of one good write, from the first to the last that the protocol makes."""
    warm_up()
    log = place.new.with_name("trace")
    done = run(place, "-e", f"trace={TRACED}", "-s", "100", "-o", str(log), backup=backup)
    assert done.returncode == 0, done.stdout + done.stderr
    counts: dict[str, int] = {}
    calls: list[Call] = []
    inside = False
    for line in log.read_text().splitlines():
        found = _LINE.match(line)
        if found is None or found[1] not in _KNOWN:
            continue
        counts[found[1]] = counts.get(found[1], 0) + 1
        if "/k6cfg-end" in line:
            break
        if inside:
            calls.append(Call(found[1], counts[found[1]], found[2]))
        inside = inside or "/k6cfg-begin" in line
    assert calls
    return calls


def inject(place: Site, call: Call, what: str, *, backup: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the writer with a fault (strace's words: ``error=EIO``, ``signal=KILL``) at one call."""
    fault = f"inject={call.name}:{what}:when={call.number}"
    # Stopping at the traced calls alone is twice as fast, but strace 6.1 then sends no signal.
    fast = () if what.startswith("signal") else ("--seccomp-bpf",)
    return run(place, *fast, "-e", f"trace={call.name}", "-e", fault, "-o", os.devnull, backup=backup)


def leftovers(place: Site) -> list[Path]:
    """The temporary files that a writer left."""
    return sorted(place.target.parent.parent.rglob(".k6cfg-*"))


def died_of(done: subprocess.CompletedProcess[str], number: signal.Signals) -> bool:
    """Whether the process ended by that signal; strace passes it on. (Of INT, Python makes an exception first.)"""
    return done.returncode in {-number, 128 + number}
