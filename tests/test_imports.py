"""What is imported for which command: nothing heavy before it is needed."""

import importlib
import inspect
import os
import subprocess
import sys

import pytest
from conftest import Home

from k6cfg.cli.app import COMMANDS, SUMMARIES
from k6cfg.cli.output import Output

CODE = """
import atexit, sys
atexit.register(lambda: print("IMPORTED", *sorted(sys.modules), file=sys.stderr))
from k6cfg.__main__ import main
main()
"""
HEAVY = {"rich", "pydantic", "jsonschema", "deepdiff", "platformdirs", "asyncio", "http", "ssl", "email", "markdown_it"}
"""What no command of everyday imports; typer itself brings difflib, subprocess and the like."""
JUDGES = {
    "k6cfg.engine.checker",
    "k6cfg.rules.judge",
    "k6cfg.rules",
    "k6cfg.k6.decode",
    "k6cfg.text.parser",
    "k6cfg.schema.loader",
    "k6cfg.k6.secrets",
    "k6cfg.engine.diff",
}
REPAIR = {"k6cfg.repairer", "k6cfg.text.recovering_parser"}
CLOSE = {"k6cfg.rules.judge", "k6cfg.rules", "k6cfg.k6.decode", "k6cfg.k6.grammars", "hashlib"}
"""What a plainly good file is changed without."""
WRITES = {"k6cfg.machine.files.atomic_write", "k6cfg.machine.files.backups"}
FILES = {"k6cfg.machine.files"}
GOOD = '{"vus": 1, "duration": "30s", "collectors": {"cloud": {"token": "not-a-real-token"}}}'

SHORT = [
    (["path"], JUDGES | REPAIR | FILES | {"json"}),
    (["--version"], JUDGES | REPAIR | FILES | {"json"} | set(COMMANDS.values())),
    (["--help"], JUDGES | REPAIR | FILES | {"json"} | set(COMMANDS.values())),
    (["explain", "dns.ttl"], (JUDGES - {"k6cfg.schema.loader"}) | REPAIR | FILES | {"k6cfg.migrations"}),
    (["explain", "K6_VUS"], (JUDGES - {"k6cfg.schema.loader", "k6cfg.k6.secrets", "k6cfg.k6.decode"}) | REPAIR | FILES),
    (["validate"], JUDGES | REPAIR | WRITES | {"pickle"}),
    *(
        (["validate", "--output-format", each.value], JUDGES | REPAIR | WRITES)
        for each in Output
        if each is not Output.SARIF
    ),
    (["validate", "--output-format", "sarif"], REPAIR | WRITES),  # it names every rule
    (["completion", "bash"], JUDGES | REPAIR | FILES),
    (["get", "vus"], REPAIR),
    (["set", "vus", "2", "--yes"], REPAIR),
    (["unset", "vus", "--yes"], REPAIR),
    (["set-token", "--from-env", "SOURCE", "--yes"], REPAIR | CLOSE),
    (["schema"], (JUDGES - {"k6cfg.schema.loader"}) | REPAIR | FILES),
]


def imported(home: Home, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        env=home.environ | {"SOURCE": "also-not-a-real-token"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("IMPORTED")[2].split())


@pytest.mark.parametrize(("arguments", "unneeded"), SHORT, ids=lambda each: each[0] if isinstance(each, list) else "")
def test_a_command_imports_what_it_needs(home: Home, arguments: list[str], unneeded: set[str]) -> None:
    home.write(GOOD)
    found = imported(home, *arguments)
    heavy = HEAVY - ({"platformdirs"} if sys.platform == "darwin" or os.name == "nt" else set())
    assert found & (heavy | unneeded) == set()


def test_the_list_of_commands_says_what_they_say_themselves() -> None:
    said = {name: inspect.getdoc(importlib.import_module(module).command) for name, module in COMMANDS.items()}
    assert said == SUMMARIES
    assert list(said) == list(SUMMARIES)
