"""Twelve packages in one order: each imports only what stands above it, and each third-party package has one home."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from k6cfg.schema import load

PACKAGE: Final = Path(__file__).parent.parent / "k6cfg"
LAYERS: Final = (
    "text",
    "schema",
    "k6",
    "rules",
    "repairer",
    "migrations",
    "engine",
    "machine",
    "doctor",
    "report",
    "api",
    "cli",
)
"""ARCHITECTURE.md says what each holds; ``__main__`` may import all of them."""
THIRD_PARTY: Final = {
    "typer": "cli",
    "jsonschema": "rules.schema_violation",
    "deepdiff": "engine.diff",
    "platformdirs": "machine.paths",
}
TESTED: Final = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
"""Every module, read once."""
NO_OUTSIDE: Final = frozenset({"os", "pathlib", "subprocess", "io", "sys", "shutil"})
BY_SCHEMA: Final = ("schema", "k6.member_lookup", "k6.decode", "k6.secrets", "rules.judge", "rules.unknown_key")
BY_SCHEMA_TOO: Final = ("rules.schema", "rules.deprecated", "repairer", "engine.check", "engine.fixes", "text.edits")
LONGEST: Final = 450
KEYS: Final = {
    node.name
    for node in load().nodes(obsolete=True)
    if node.name.isidentifier() and node.name != node.name.lower() and len(node.name) > 5
}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_every_package_has_its_layer() -> None:
    found = {path.relative_to(PACKAGE).parts[0] for path in TESTED if path.parent != PACKAGE}
    assert found == set(LAYERS)


def test_each_layer_imports_only_those_above_it() -> None:
    offenders = []
    for path, tree in TESTED.items():
        layer = module_of(path).partition(".")[0]
        if layer not in LAYERS:
            continue
        allowed = LAYERS[: LAYERS.index(layer) + 1]
        for name in imported(tree):
            package, _, rest = name.partition(".")
            if package == "k6cfg" and rest.partition(".")[0] in LAYERS and rest.partition(".")[0] not in allowed:
                offenders.append(f"{module_of(path)} imports {name}")
    assert offenders == []


def test_each_third_party_package_has_one_home() -> None:
    offenders = [
        f"{module_of(path)} imports {name}"
        for path, tree in TESTED.items()
        for name in imported(tree)
        if (package := name.partition(".")[0]) != "k6cfg" and package not in sys.stdlib_module_names
        if not f"{module_of(path)}.".startswith(f"{THIRD_PARTY.get(package)}.")
    ]
    assert offenders == []


def test_text_knows_nothing_of_the_outside() -> None:
    offenders = [
        f"{module_of(path)} imports {name}"
        for path, tree in TESTED.items()
        if module_of(path).startswith("text.")
        for name in imported(tree)
        if name.partition(".")[0] in NO_OUTSIDE
    ]
    assert offenders == []


def test_only_the_command_line_prints_and_exits() -> None:
    offenders = []
    for path, tree in TESTED.items():
        layer = module_of(path).partition(".")[0]
        for node in ast.walk(tree):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name == "print" or (
                name in {"sys.stdout.write", "sys.stderr.write", "sys.exit", "exit", "os._exit"}
                and layer not in {"cli", "__main__"}
            ):
                offenders.append(f"{module_of(path)}:{node.lineno} calls {name}")  # type: ignore[attr-defined]
    assert offenders == []


def test_files_stay_small() -> None:
    lines = {module_of(path): len(path.read_text("utf-8").splitlines()) for path in TESTED}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_what_is_known_of_a_key_stands_in_the_schema() -> None:
    """The modules that decode, judge, mask and repair by the schema name no option of k6."""
    offenders = [
        f"{module_of(path)} names {sorted(map(str, found))}"
        for path, tree in TESTED.items()
        if module_of(path).startswith((*BY_SCHEMA, *BY_SCHEMA_TOO))
        if (found := {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} & KEYS)
    ]
    assert offenders == []


def test_the_version_of_printed_json_is_written_once() -> None:
    keys, constants = set(), set()
    for path, tree in TESTED.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict) and not module_of(path).startswith("machine.environment"):  # its own cache
                pairs = zip(node.keys, node.values, strict=True)
                keys |= {ast.unparse(value) for key, value in pairs if ast.unparse(key or value) == "'format_version'"}
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "FORMAT_VERSION":
                constants.add(module_of(path))
    assert constants == {"report"}
    assert keys == {"FORMAT_VERSION"}
