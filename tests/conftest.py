"""What all tests share: where the fixtures are, and what Hypothesis may take its time for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

FIXTURES = Path(__file__).parent.parent / "fixtures"
SLOWEST = 3600
"""Seconds after which a test that is marked as slow fails; for the others pyproject.toml has the limit."""

# The machine that runs the tests may be busy; a slow example is no failure, and the same examples run everywhere.
settings.register_profile("k6cfg", deadline=None, derandomize=True, max_examples=100)
settings.register_profile(
    "thorough", deadline=None, max_examples=2000
)  # --hypothesis-profile=thorough takes an hour; add --timeout=0
settings.load_profile("k6cfg")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what is found as what is expected, to be reviewed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip slow tests unless ``-m slow`` asks for them, and give them a longer limit than the others."""
    asked = "slow" in config.getoption("markexpr")
    for item in items:
        if item.get_closest_marker("slow") is not None:
            item.add_marker(pytest.mark.timeout(SLOWEST))
            if not asked:
                item.add_marker(pytest.mark.skip(reason="takes long: asked for with -m slow"))


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that knows the plain renaming alone, as Windows and some network file systems."""
    for call in ("exchange", "rename"):
        monkeypatch.setattr(f"k6cfg.machine.files.syscalls.{call}", lambda *_: False)


class Home:
    """A home of its own, with nothing of the machine's k6 in it, and the real command line run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "project"
        self.work.mkdir(parents=True)
        self.programs = folder / "bin"
        self.programs.mkdir()
        self.config = folder / ".config" / "k6" / "config.json"
        keep = ("LANG", "LC_ALL", "SYSTEMROOT", "PYTHONPATH", "COVERAGE_PROCESS_START")
        self.environ = {name: os.environ[name] for name in keep if name in os.environ}
        git = shutil.which("git")
        path = [str(self.programs), *([str(Path(git).parent)] if git else [])]
        self.environ |= {"HOME": str(folder), "PATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"}

    def write(self, data: bytes | str, path: Path | None = None) -> Path:
        """Put a file where k6 looks for it, or elsewhere."""
        path = self.config if path is None else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def run(
        self, *arguments: str | Path, stdin: bytes | str | None = None, timeout: float = 120, **variables: str
    ) -> "Done":
        """Run k6cfg; without ``stdin`` it has none."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "k6cfg", *map(str, arguments)],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            env={**self.environ, **variables},
            cwd=self.work,
            timeout=timeout,
            check=False,
        )
        assert b"Traceback" not in done.stderr
        return Done(
            done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.stdout
        )


class Done(NamedTuple):
    """What a run of k6cfg left: exit code, both outputs as text, and stdout as bytes."""

    code: int
    out: str
    err: str
    raw: bytes


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")
