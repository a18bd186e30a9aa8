"""Homes for the doctor: real folders, modes, links and variables, and a k6 that only prints a version."""

import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import conftest
import pytest
from inside import call

from k6cfg.doctor import Machine, Result, examine

ROOT: Final = Path(__file__).parent.parent
SECRET: Final = "n0t-a-real-T0KEN-at-all"
ANOTHER: Final = "an0ther-T0KEN-that-is-none"
CLOUD: Final = {"token": SECRET, "stackID": 123, "defaultProjectID": 456}
WHOLE: Final = json.dumps({"collectors": {"cloud": CLOUD}}, indent=2)
NOBODY: Final = 65534


def cloud(**more: object) -> str:
    """A file with a whole login, and more in it."""
    return json.dumps({"collectors": {"cloud": {**CLOUD, **more}}})


class Home(conftest.Home):
    """A home folder with a k6, a k6cfg and variables of its own; ``work``, programs and state lie beside it."""

    def __init__(self, top: Path, version: str | None = "2.2.0") -> None:
        self.top, self.folder, self.work, self.programs = top, top / "ann", top / "work", top / "bin"
        self.environ = {"HOME": str(self.folder), "PATH": f"{top}/bin:/usr/bin:/bin", "K6CFG_STATE_DIR": f"{top}/state"}
        self.config = self.folder / ".config" / "k6" / "config.json"
        self.legacy = self.folder / ".config" / "loadimpact" / "k6" / "config.json"
        self.option: str | None = None
        self.version_option: str | None = None
        self.reader: int | None = None
        self.uid = os.geteuid()
        self.later: list[Callable[[], object]] = []
        for folder in (top, self.folder, self.work):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        self.program(top / "bin" / "k6cfg", f'PYTHONPATH={ROOT} exec {sys.executable} -m k6cfg "$@"')
        if version is not None:
            self.k6(version)

    def program(self, path: Path, body: str) -> None:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def k6(self, version: str, folder: str = "bin") -> None:
        self.program(self.top / folder / "k6", f"echo 'k6 v{version} (go1.25.5, linux/amd64)'")

    def put(self, text: str | bytes, path: Path | None = None, mode: int = 0o600) -> Path:
        path = self.write(text, path)
        path.chmod(mode)
        return path

    def machine(self) -> Machine:
        return Machine(
            environ=self.environ,
            config_option=self.option,
            version_option=self.version_option,
            uid=self.uid,
            reader=self.reader,
        )

    def examine(self) -> tuple[Result, ...]:
        return examine(self.machine())

    def found(self) -> dict[str, Result]:
        """The last result of each check."""
        return {one.id: one for one in self.examine()}

    def k6cfg(self, *arguments: str) -> conftest.Done:
        return call(self, *arguments, NEW_TOKEN=ANOTHER)

    def follow(self, line: str) -> None:
        """What a shell does with a line; the variables that it sets stay."""
        parts = line.split(" && ")
        if all(re.fullmatch(r"k6cfg [^&|;<>$`()]+", part) for part in parts):  # no shell is needed, nor another Python
            for part in parts:
                words = [re.sub("^~(?=/|$)", self.environ["HOME"], word) for word in shlex.split(part)[1:]]
                done = self.k6cfg(*words)
                assert done.code == 0, (part, done.err)
            return
        said = self.top / "environ"
        said.write_text("")
        said.chmod(0o666)
        shell = ["/bin/sh", "-c", f'{{ {line}; }} >&2 || exit; "$0" -0 > "$1"', "/usr/bin/env", str(said)]
        ended = subprocess.run(
            shell,
            env={**self.environ, "NEW_TOKEN": ANOTHER},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.work,
            check=False,
            user=self.uid if os.geteuid() == 0 and self.uid == NOBODY else None,
        )
        assert ended.returncode == 0, (line, ended.stderr)
        ours = {"PWD", "OLDPWD", "_", "SHLVL", "NEW_TOKEN"}
        pairs = (pair.partition("=") for pair in said.read_text().split("\0") if pair)
        self.environ = {name: value for name, _, value in pairs if name not in ours}

    def tool(self, *words: str, undo: tuple[str, ...] = ()) -> None:
        """Run a program that may be missing or forbidden here; what it did is undone with the home."""
        if not shutil.which(words[0]) or subprocess.run(words, capture_output=True, check=False).returncode:
            pytest.skip(f"{words[0]} cannot do that here")
        if undo:
            self.later.append(lambda: subprocess.run(undo, capture_output=True, check=True))


@contextlib.contextmanager
def living(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A new home, not in tmp_path, which nobody but us may enter."""
    umask = os.umask(0o022)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top, monkeypatch.context() as patch:
        made = Home(Path(top))
        patch.chdir(made.work)
        # Messages about files go by the process's own home folder.
        patch.setenv("HOME", str(made.folder))
        try:
            yield made
        finally:
            for undo in reversed(made.later):
                undo()
    os.umask(umask)


@contextlib.contextmanager
def acting_as(uid: int) -> Iterator[None]:
    """Let the system take us for another user, as far as files go."""
    if uid == os.geteuid() or os.geteuid() != 0 or uid != NOBODY:
        yield
        return
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)


def commands(result: Result) -> list[str]:
    """The commands that a remedy proposes."""
    return re.findall(r"`([^`]+)`", result.remedy or "")
