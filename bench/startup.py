"""What starting a command costs, in processor time, as a multiple of bare Python; all in one run, one after the other.

    python bench/startup.py [--runs N] [--check]

With ``--check`` it exits 1 when a command costs more than it may.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from process import spent
from table import Table, rows, shown

ROOT = Path(__file__).parent.parent
CONFIG = {
    "vus": 10,
    "duration": "30s",
    "thresholds": {"http_req_duration": ["p(95)<500"]},
    "collectors": {"cloud": {"token": "not-a-real-token", "projectID": 1}},
}
LIMITS = {
    "path": 6.5,
    "--version": 6.5,
    "--help": 7.0,
    "completion": 8.0,
    "explain": 8.0,
    "validate, a good file": 8.0,
    "set-token": 9.0,
    "validate, a bad file": 15.0,
}
"""What each may cost, as a multiple of bare Python, where typer doing nothing costs 5.3 times as much."""
TYPER = "import typer\napp = typer.Typer(add_completion=False)\n@app.command()\ndef nothing() -> None: pass\napp()\n"


def environment(folder: Path) -> dict[str, str]:
    """The variables of a machine without k6, whose Python keeps what it compiled, as installed programs do."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("K6", "PYTHONDONTWRITE"))}
    return kept | {"XDG_CONFIG_HOME": str(folder), "K6CFG_STATE_DIR": str(folder / "state"), "PATH": "/nonexistent"}


def k6cfg() -> list[str]:
    """How k6cfg is started, as people do it."""
    found = shutil.which("k6cfg", path=str(Path(sys.executable).parent))
    return [sys.executable, found] if found is not None else [sys.executable, "-m", "k6cfg"]


def commands(folder: Path) -> dict[str, list[str]]:
    python = sys.executable
    config = folder / "k6" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps(CONFIG, indent=2))
    bad = folder / "bad.json"
    bad.write_text(json.dumps(CONFIG | {"vus": "many", "thresold": {}}, indent=2))
    token = folder / "token"
    token.write_text("also-not-a-real-token\n")
    start = k6cfg()
    found = {
        "bare Python": [python, "-c", "pass"],
        "typer, doing nothing": [python, "-c", TYPER],
        "path": [*start, "path"],
        "--version": [*start, "--version"],
        "--help": [*start, "--help"],
        "explain": [*start, "explain", "dns.ttl"],
        "validate, a good file": [*start, "validate", str(config)],
        "set-token": [*start, "set-token", "--from-file", str(token), "-c", str(config)],
        "validate, a bad file": [*start, "validate", str(bad)],
    }
    if find_spec("k6cfg.cli.completion") is not None:
        found["completion"] = start
    other = shutil.which("check-jsonschema", path=str(Path(python).parent))
    if other is not None:
        schema = ROOT / "schemas" / "k6-config.schema.json"
        found["check-jsonschema"] = [python, other, "--schemafile", str(schema), str(config)]
    k6 = shutil.which("k6")
    if k6 is not None:
        (folder / "script.js").write_text("export default function () {}\n")
        found["k6 inspect"] = [k6, "inspect", "-c", str(config), str(folder / "script.js")]
    return found


def measured(runs: int) -> Table:
    """Every command, one after the other, as often as ``runs`` says; a turn before warms the caches up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = environment(folder)
        every = commands(folder)
        costs: dict[str, list[float]] = {key: [] for key in every}
        for turn in range(runs + 1):
            for key, command in every.items():
                # set-token has to have something to do each time.
                if key == "set-token":
                    (folder / "token").write_text(f"not-a-real-token-{turn}\n")
                more = {"_K6CFG_COMPLETE": "bash\x1fval"} if key == "completion" else {}
                seconds = spent(command, environ | more).seconds
                if turn:
                    costs[key].append(seconds * 1000)
    return Table("start-up", "ms of processor time", "bare Python", rows(costs, "bare Python"))


def late(table: Table) -> list[str]:
    """The commands that cost more than they may."""
    return [row.name for row in table.rows if row.ratio > LIMITS.get(row.name, row.ratio)]


def main() -> int:
    arguments = argparse.ArgumentParser(description="What starting a command costs, beside bare Python.")
    arguments.add_argument("--runs", type=int, default=15)
    arguments.add_argument("--check", action="store_true", help="exit 1 when a command costs more than it may")
    options = arguments.parse_args()
    table = measured(options.runs)
    found = late(table)
    sys.stdout.write(shown(table) + "".join(f"too slow: {name}\n" for name in found))
    return 1 if found and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
