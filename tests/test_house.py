"""The house keeps its order: a room imports what stands below it, and each third-party package has one room."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from k6cfg.schema import load

PACKAGE = Path(__file__).parent.parent / "k6cfg"

# From the roof to the ground; ARCHITECTURE.md says what each room holds.
ROOMS = (
    "__main__",
    "cli",
    "completing",
    "api",
    "report",
    "doctor",
    "changing",
    "explaining",
    "consolidating",
    "migrating",
    "glance",
    "engine",
    "cloud",
    "files",
    "places",
    "environment",
    "compare",
    "migrations",
    "rules",
    "repairing",
    "judge",
    "values",
    "masking",
    "effective",
    "outputs",
    "reading",
    "members",
    "schema",
    "formats",
    "kinds",
    "placeholders",
    "versions",
    "edits",
    "parser",
    "tree",
    "diagnostics",
    "scanner",
    "decoding",
    "location",
    "patterns",
)
GROUND = ROOMS[ROOMS.index("edits") :]
THIRD_PARTY = {"typer": "cli", "jsonschema": "judge", "deepdiff": "compare", "platformdirs": "places"}
EXITS = {"__main__", "cli"}
PRINTS = {"cli"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts != ("__init__",):
            yield parts[0], path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: imports are absolute"
            yield node.module or ""


MODULES = [pytest.param(room, path, id=str(path.relative_to(PACKAGE))) for room, path in modules()]


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_room_is_known_and_imports_downhill(room: str, path: Path) -> None:
    assert room in ROOMS, f"{room} has no place in the house"
    below = ROOMS[ROOMS.index(room) :]
    for name in imports(path):
        if name.startswith("k6cfg."):
            assert name.split(".")[1] in below, f"{room} imports {name}, which stands above it"


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_third_party_packages_have_one_room(room: str, path: Path) -> None:
    for name in imports(path):
        package = name.split(".")[0]
        if package == "k6cfg" or package in sys.stdlib_module_names:
            continue
        assert THIRD_PARTY.get(package) == room, f"{room} imports {package}"


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_ground_does_no_input_and_output(room: str, path: Path) -> None:
    if room in GROUND:
        assert not {name.split(".")[0] for name in imports(path)} & {
            "os",
            "pathlib",
            "subprocess",
            "io",
            "sys",
            "shutil",
        }


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_only_the_command_line_prints_and_exits(room: str, path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name != "print", "cli writes to its streams"
            if name in {"sys.stdout.write", "sys.stderr.write"}:
                assert room in PRINTS
            if name in {"sys.exit", "exit", "os._exit"}:
                assert room in EXITS


def test_every_room_of_the_list_exists() -> None:
    found = {room for room, _ in modules()}
    assert set(ROOMS) == found


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_files_stay_small(room: str, path: Path) -> None:
    del room
    assert len(path.read_text("utf-8").splitlines()) <= 450, "a room that needs a map is split"


KEYS = {
    node.name
    for node in load().nodes(obsolete=True)
    if node.name.isidentifier() and node.name != node.name.lower() and len(node.name) > 5
}


@pytest.mark.parametrize(("room", "path"), MODULES)
def test_what_is_known_of_a_key_stands_in_the_schema(room: str, path: Path) -> None:
    """The rooms that read, judge and mask by the schema name no option of k6."""
    if room in {"schema", "members", "reading", "masking", "judge", "repairing", "engine", "edits"}:
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        assert not {node.value for node in nodes if isinstance(node, ast.Constant)} & KEYS


def test_the_version_of_printed_json_is_written_once() -> None:
    keys, constants = set(), set()
    for room, path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict) and room != "environment":  # what it remembers is for nobody else
                pairs = zip(node.keys, node.values, strict=True)
                keys |= {ast.unparse(value) for key, value in pairs if ast.unparse(key or value) == "'format_version'"}
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "FORMAT_VERSION":
                constants.add(str(path.relative_to(PACKAGE)))
    assert constants == {"report/__init__.py"}
    assert keys == {"FORMAT_VERSION"}
