"""What checking many files in one call takes, beside what Python needs to read and parse them, and beside others.

    python bench/bulk.py [--files N] [--runs N] [--check]

In seconds of a clock, start-up included; the files are all different, about 2 KB each. With ``--check`` it exits 1 when
k6cfg takes more than it may.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from startup import ROOT, environment, k6cfg
from table import Table, rows, shown

LIMIT = 20.0
"""How many times as long as reading and parsing the files it may take to validate them."""
BASE = "read and json.loads"
_READ = "import json, sys\nfor name in sys.argv[1:]:\n    with open(name, 'rb') as file: json.loads(file.read())\n"
_MOST = 300
"""Files that are given to a program that is asked once for each, or that is slow; the rest is reckoned from them."""
_TRENDS = ("http_req_duration", "http_req_waiting", "iteration_duration", "http_req_blocked", "grpc_req_duration")


def plain(chance: random.Random) -> str:
    """An everyday configuration, indented."""
    return json.dumps(
        {
            "vus": chance.randint(1, 500),
            "duration": f"{chance.randint(1, 90)}m{chance.randint(1, 59)}s",
            "thresholds": {
                f"{chance.choice(_TRENDS)}{{name:page-{index}-{chance.randint(1, 99999)}}}": [
                    f"p({chance.randint(50, 99)})<{chance.randint(100, 9999)}",
                    f"avg<{chance.randint(50, 5000)}",
                ]
                for index in range(12)
            },
            "tags": {f"tag{index}": f"value-{chance.randint(1, 10**6)}" for index in range(10)},
            "hosts": {
                f"host{index}-{chance.randint(1, 9999)}.test.example": f"10.{chance.randint(0, 255)}.{index}.1"
                for index in range(10)
            },
            "collectors": {
                "cloud": {
                    "token": f"not-a-real-token-{chance.randint(1, 10**9)}",
                    "projectID": chance.randint(1, 10**6),
                }
            },
            "dns": {"ttl": f"{chance.randint(1, 30)}m", "select": "random", "policy": "preferIPv4"},
            "summaryTrendStats": ["avg", "min", "med", "max", f"p({chance.randint(80, 99)})", "count"],
        },
        indent=2,
    )


def scenarios(chance: random.Random) -> str:
    """A configuration of scenarios, without any white space."""
    found: dict[str, object] = {}
    for index in range(4):
        found[f"ramp_{index}_{chance.randint(1, 9999)}"] = {
            "executor": "ramping-vus",
            "startVUs": chance.randint(0, 9),
            "stages": [{"duration": f"{chance.randint(1, 600)}s", "target": chance.randint(1, 300)} for _ in range(6)],
            "gracefulRampDown": f"{chance.randint(1, 60)}s",
            "tags": {"kind": f"ramp-{chance.randint(1, 999)}"},
        }
        found[f"rate_{index}_{chance.randint(1, 9999)}"] = {
            "executor": "constant-arrival-rate",
            "rate": chance.randint(1, 500),
            "timeUnit": "1s",
            "duration": f"{chance.randint(1, 60)}m",
            "preAllocatedVUs": chance.randint(1, 50),
            "maxVUs": chance.randint(50, 500),
            "exec": f"scenario_{index}",
        }
    return json.dumps({"scenarios": found}, separators=(",", ":"))


def taken(command: list[str], environ: dict[str, str], folder: Path) -> float:
    """Seconds of a clock that a command takes; it may find faults, but has to end by itself."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=environ, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{command[:4]} failed")
    return seconds


def ajv(folder: Path) -> list[str] | None:
    """ajv-cli, fetched into a folder of its own where npm is there and can."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    command = [
        npm,
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        "ajv-cli@5",
        "ajv-formats@2",
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    schema = ROOT / "schemas" / "k6-config-2.2.schema.json"
    program = str(folder / "node_modules" / ".bin" / "ajv")
    return [program, "validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats", "-s", str(schema)]


def programs(folder: Path) -> dict[str, tuple[int, Callable[[list[str]], list[str]]]]:
    """How each is asked about files, and about how many of them it is asked at most."""
    python, schema = sys.executable, ROOT / "schemas" / "k6-config.schema.json"
    found: dict[str, tuple[int, Callable[[list[str]], list[str]]]] = {
        BASE: (10**6, lambda files: [python, "-c", _READ, *files]),
        "k6cfg validate": (10**6, lambda files: [*k6cfg(), "validate", "--k6-version", "2.2.0", *files]),
    }
    other = shutil.which("check-jsonschema", path=str(Path(python).parent))
    if other is not None:
        found["check-jsonschema"] = (_MOST, lambda files: [python, other, "--schemafile", str(schema), *files])
    validator = ajv(folder)
    if validator is not None:
        found["ajv-cli"] = (_MOST, lambda files: [*validator, *(word for name in files for word in ("-d", name))])
    k6 = shutil.which("k6")
    if k6 is not None:
        (folder / "script.js").write_text("export default function () {}\n")
        found["k6 inspect, once for each"] = (20, lambda files: [sys.executable, "-c", _EACH, k6, *files])
    return found


_EACH = (
    "import subprocess, sys\n"
    "for name in sys.argv[2:]: subprocess.run([sys.argv[1], 'inspect', '-c', name, 'script.js'], capture_output=True)\n"
)


def measured(count: int, runs: int) -> Table:
    """All programs over the same files, one after the other, as often as ``runs`` says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = environment(folder) | {"PATH": f"{Path(shutil.which('node') or '/nonexistent/node').parent}"}
        chance = random.Random(2026)  # noqa: S311 - the same files every time
        files = []
        for index in range(count):
            file = folder / f"{index:05}.json"
            file.write_text((plain, scenarios)[index % 2](chance))
            files.append(file.name)
        every = programs(folder)
        seconds: dict[str, list[float]] = {key: [] for key in every}
        for _ in range(runs):
            for key, (most, command) in every.items():
                some = files[:most]
                seconds[key].append(taken(command(some), environ, folder) * count / len(some))
        return Table(f"{count:,} files of 2 KB", "seconds", BASE, rows(seconds, BASE))


def late(table: Table) -> list[str]:
    """k6cfg, if it takes more than it may, or longer than another."""
    ours = next(row for row in table.rows if row.name == "k6cfg validate")
    others = (row for row in table.rows if row.name not in {BASE, ours.name})
    return [ours.name] if ours.ratio > LIMIT or any(other.median < ours.median for other in others) else []


def main() -> int:
    arguments = argparse.ArgumentParser(description="What checking many files in one call takes.")
    arguments.add_argument("--files", type=int, default=10_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--check", action="store_true", help="exit 1 when k6cfg takes more than it may")
    options = arguments.parse_args()
    table = measured(options.files, options.runs)
    found = late(table)
    sys.stdout.write(shown(table) + "".join(f"too slow: {name}\n" for name in found))
    return 1 if found and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
