"""What is installed is whole: the schema travels along, and nothing is imported that a command does not need."""

import email
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from conftest import FIXTURES, Home

import k6cfg

ROOT = FIXTURES.parent


def built(folder: Path, kind: str, source: Path = ROOT) -> Path:
    """A wheel or a source archive, as a release builds it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        check=True,
        capture_output=True,
    )
    (found,) = (path for path in folder.iterdir() if path.name.startswith("k6cfg-") and path.is_file())
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(wheel.parent / "site")  # noqa: S202 - built a moment ago
    return wheel.parent / "site"


def metadata(unpacked: Path) -> "Message[str, str]":
    (found,) = unpacked.glob("k6cfg-*.dist-info")
    return email.message_from_bytes((found / "METADATA").read_bytes())


def test_wheel_holds_the_schema_and_the_types(unpacked: Path) -> None:
    for name in ("schemas/k6-config.schema.json", "py.typed", "cli/__init__.py", "cli/completion/table.json"):
        assert (unpacked / "k6cfg" / name).is_file()
    data = f"k6cfg-{k6cfg.__version__}.data"
    assert {path.name for path in unpacked.iterdir()} == {"k6cfg", data, data.replace(".data", ".dist-info")}
    assert [path.name for path in (unpacked / "k6cfg" / "schemas").iterdir()] == ["k6-config.schema.json"]
    man = unpacked / data / "data" / "share" / "man" / "man1" / "k6cfg.1"
    assert man.read_bytes() == (ROOT / "man" / "k6cfg.1").read_bytes()


def test_the_version_stands_in_one_place(unpacked: Path) -> None:
    assert metadata(unpacked)["Version"] == k6cfg.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", k6cfg.__version__)
    files = list((ROOT / "k6cfg").rglob("*.py"))
    assert [path.name for path in files if f'"{k6cfg.__version__}"' in path.read_text("utf-8")] == ["__init__.py"]
    assert f'"{k6cfg.__version__}"' not in (ROOT / "pyproject.toml").read_text("utf-8")


def test_what_an_index_shows_is_whole(unpacked: Path) -> None:
    """What ``twine check --strict`` asks for, and the licence as PEP 639 has it."""
    told = metadata(unpacked)
    assert told["Name"] == "k6cfg"
    assert told["Summary"]
    assert told["Description-Content-Type"] == "text/markdown"
    assert str(told.get_payload()).strip() == (ROOT / "README.md").read_text("utf-8").strip()
    assert told["License-Expression"] == "Apache-2.0"
    assert told["Requires-Python"] == ">=3.10"
    (information,) = unpacked.glob("k6cfg-*.dist-info")
    assert (information / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    entry = (information / "entry_points.txt").read_text()
    assert entry.split("\n", 1)[1].strip() == "k6cfg = k6cfg.__main__:main"
    needs = {re.split(r"[<>=;\[ ]", need)[0] for need in told.get_all("Requires-Dist", []) if "extra ==" not in need}
    assert needs == {"typer", "jsonschema", "platformdirs", "deepdiff"}


def test_building_it_again_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = built(tmp_path, "wheel")
    assert (again.name, again.read_bytes()) == (wheel.name, wheel.read_bytes())


@pytest.mark.slow
def test_a_wheel_made_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    archive = built(tmp_path, "sdist")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    for name in ("tests/test_wheel.py", "docs/generate.py", "schemas/publish.py", "fixtures/examples", "CHANGELOG.md"):
        assert (source / name).exists()
    (tmp_path / "again").mkdir()
    assert built(tmp_path / "again", "wheel", source).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_wheel_in_an_empty_environment(wheel: Path, home: Home) -> None:
    """Installed as people install it: its dependencies, the script, the man page, and no file of the project near."""
    folder = home.folder / "environment"
    venv.create(folder, with_pip=True)
    done = subprocess.run(
        [folder / "bin" / "pip", "install", "-q", str(wheel)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0 and ("No matching distribution" in done.stderr or "connection" in done.stderr.lower()):
        pytest.skip("no package index can be reached, and the dependencies come from one")
    assert done.returncode == 0, done.stderr
    home.write('{"vus" 1, "duration": "1s"}')
    environ = {name: value for name, value in home.environ.items() if name != "PYTHONPATH"}

    def run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(folder / "bin" / command[0]), *map(str, command[1:])],
            env=environ,
            cwd=home.work,
            capture_output=True,
            text=True,
            check=False,
        )

    for start in (("k6cfg",), ("python", "-m", "k6cfg")):
        assert run(*start, "--version").stdout == f"k6cfg {k6cfg.__version__}\n"
        assert "missing-colon" in run(*start, "validate").stdout
        assert run(*start, "schema").stdout.startswith("{")
    assert (folder / "share" / "man" / "man1" / "k6cfg.1").is_file()
    code = "import k6cfg; print(k6cfg.repair('{\"vus\" 1}').text)"
    assert run("python", "-c", code).stdout == '{"vus": 1}\n'


def test_wheel_works_away_from_the_project(unpacked: Path, home: Home) -> None:
    home.write('{"vus": 1, "duration": "1s"}')
    code = (
        "import k6cfg, sys; assert k6cfg.__file__.startswith(sys.argv.pop(1)); from k6cfg.cli.app import main; main()"
    )
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
        "from k6cfg.cli.app import main\n"
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
