"""What is installed is whole: the schema travels along, and nothing is imported that a command does not need."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import FIXTURES, Home

ROOT = FIXTURES.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_wheel_holds_the_schema_and_the_types(unpacked: Path) -> None:
    for name in ("schemas/k6-config.schema.json", "py.typed", "cli/__init__.py"):
        assert (unpacked / "k6cfg" / name).is_file()
    assert sorted(path.name for path in unpacked.iterdir() if "dist-info" not in path.name) == ["k6cfg"]
    assert [path.name for path in (unpacked / "k6cfg" / "schemas").iterdir()] == ["k6-config.schema.json"]


def test_wheel_works_away_from_the_project(unpacked: Path, home: Home) -> None:
    home.write('{"vus": 1, "duration": "1s"}')
    code = "import k6cfg, sys; assert k6cfg.__file__.startswith(sys.argv.pop(1)); from k6cfg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(unpacked), "validate"],
        env={**home.environ, "PYTHONPATH": str(unpacked)},
        cwd=home.work,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "k6 takes it" in done.stdout


# typer itself brings difflib and subprocess along.
HEAVY = {"jsonschema", "deepdiff", "rich", "pydantic", "platformdirs", "asyncio", "hashlib"}


@pytest.mark.parametrize(
    ("arguments", "may"),
    [
        (["path"], set()),
        (["--version"], set()),
        (["validate"], {"jsonschema"}),
        (["set-token", "--from-env", "MINE"], {"hashlib"}),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(home: Home, arguments: list[str], may: set[str]) -> None:
    home.write('{\n  "vus": 1,\n  "duration": "1s",\n  "collectors": {"cloud": {"token": "old"}}\n}\n')
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('IMPORTED', *sorted({name.split('.')[0] for name in sys.modules})))\n"
        "from k6cfg.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**home.environ, "MINE": "T0KEN"},
        cwd=home.work,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("IMPORTED"))
    assert set(line.split()) & HEAVY <= may
