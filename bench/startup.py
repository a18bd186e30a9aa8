"""What starting a command costs, in processor time, as a multiple of bare Python; all in one run, one after the other.

    python bench/startup.py [--runs N] [--check]

With ``--check`` it exits 1 when a command costs more than it may.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONFIG = {
    "vus": 10,
    "duration": "30s",
    "thresholds": {"http_req_duration": ["p(95)<500"]},
    "collectors": {"cloud": {"token": "not-a-real-token", "projectID": 1}},
}
LIMITS = {"path": 8.0, "set-token": 11.0, "validate": 15.0}
SHARE = 2 / 3
"""What ``validate`` of a good file may cost of what check-jsonschema costs on the same file."""
TYPER = "import typer\napp = typer.Typer(add_completion=False)\n@app.command()\ndef nothing() -> None: pass\napp()\n"


def cost(command: list[str], environ: dict[str, str]) -> float:
    """The processor time (user and system) of one run, in seconds."""
    child = os.fork()
    if not child:
        sink = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(sink, descriptor)
        try:
            os.execve(command[0], command, environ)  # noqa: S606 - without a shell, on purpose
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime


def commands(folder: Path) -> dict[str, list[str]]:
    python = sys.executable
    config = folder / "k6" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps(CONFIG, indent=2))
    token = folder / "token"
    token.write_text("also-not-a-real-token\n")
    k6cfg = shutil.which("k6cfg", path=str(Path(python).parent))
    start = [python, k6cfg] if k6cfg is not None else [python, "-m", "k6cfg"]
    found = {
        "bare Python": [python, "-c", "pass"],
        "typer, doing nothing": [python, "-c", TYPER],
        "path": [*start, "path"],
        "validate": [*start, "validate", str(config)],
        "set-token": [*start, "set-token", "--from-file", str(token), "-c", str(config)],
    }
    other = shutil.which("check-jsonschema", path=str(Path(python).parent))
    if other is not None:
        schema = ROOT / "schemas" / "k6-config.schema.json"
        found["check-jsonschema"] = [python, other, "--schemafile", str(schema), str(config)]
    return found


def main() -> int:
    arguments = argparse.ArgumentParser(description="What starting a command costs, beside bare Python.")
    arguments.add_argument("--runs", type=int, default=15)
    arguments.add_argument("--check", action="store_true", help="exit 1 when a command costs more than it may")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("K6_")}
        environ |= {"XDG_CONFIG_HOME": name, "K6CFG_STATE_DIR": str(folder / "state"), "PATH": "/nonexistent"}
        every = commands(folder)
        costs: dict[str, list[float]] = {key: [] for key in every}
        for turn in range(options.runs + 1):
            for key, command in every.items():
                # set-token has to have something to do each time.
                if key == "set-token":
                    (folder / "token").write_text(f"not-a-real-token-{turn}\n")
                seconds = cost(command, environ)
                if turn:  # the first turn warms the caches up
                    costs[key].append(seconds)
    bare = statistics.median(costs["bare Python"])
    ratios = {key: statistics.median(taken) / bare for key, taken in costs.items()}
    sys.stdout.write(f"{'command':<22} {'times bare Python':>18} {'ms (median)':>12} {'ms (min - max)':>16}\n")
    for key, taken in costs.items():
        spread = f"{min(taken) * 1000:.0f} - {max(taken) * 1000:.0f}"
        sys.stdout.write(f"{key:<22} {ratios[key]:>18.1f} {statistics.median(taken) * 1000:>12.0f} {spread:>16}\n")
    late = [key for key, limit in LIMITS.items() if ratios[key] > limit]
    if "check-jsonschema" in ratios and ratios["validate"] > SHARE * ratios["check-jsonschema"]:
        late.append("validate, beside check-jsonschema")
    for key in late:
        sys.stdout.write(f"too slow: {key}\n")
    return 1 if late and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
