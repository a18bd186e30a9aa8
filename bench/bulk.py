"""What ``k6cfg validate`` costs per file in one call over many, beside ``json.loads`` of the same bytes.

    python bench/bulk.py [--files N] [--runs N] [--check]

In processor time after start-up: a call over all files, less a call over one of them. The files are all different. With
``--check`` it exits 1 when a thousand of them cost more than a second.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from startup import cost

LIMIT = 1.0
"""Seconds for a thousand files."""
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


def loads(files: list[str]) -> float:
    """The processor time of ``json.loads`` over what the files hold, in seconds."""
    texts = [Path(name).read_bytes() for name in files]
    start = time.process_time()
    for text in texts:
        json.loads(text)
    return time.process_time() - start


def main() -> int:
    arguments = argparse.ArgumentParser(description="What validating many files in one call costs per file.")
    arguments.add_argument("--files", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=7)
    arguments.add_argument("--check", action="store_true", help="exit 1 over a second for a thousand files")
    options = arguments.parse_args()
    slow = False
    sys.stdout.write(
        f"{'files':<12} {'bytes':>6} {'ms per file (median)':>21} {'(min - max)':>14} {'json.loads':>11}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("K6_")}
        environ |= {"PYTHONPATH": str(Path(__file__).parent.parent), "K6CFG_STATE_DIR": folder, "PATH": "/nonexistent"}
        command = [sys.executable, "-m", "k6cfg", "validate", "--k6-version", "2.2.0"]
        for make in (plain, scenarios):
            chance = random.Random(2026)  # noqa: S311 - the same files every time
            files = [f"{folder}/{make.__name__}-{index}.json" for index in range(options.files)]
            for name in files:
                Path(name).write_text(make(chance))
            size = sum(Path(name).stat().st_size for name in files) / len(files)
            each = []
            for _ in range(options.runs):
                start_up = cost([*command, files[0]], environ)
                each.append((cost([*command, *files], environ) - start_up) * 1000 / (len(files) - 1))
            middle = statistics.median(each)
            base = statistics.median(loads(files) for _ in range(options.runs)) * 1000 / len(files)
            spread = f"{min(each):.2f} - {max(each):.2f}"
            sys.stdout.write(f"{make.__name__:<12} {size:>6.0f} {middle:>21.2f} {spread:>14} {middle / base:>9.0f} x\n")
            slow = slow or middle > LIMIT
    if slow:
        sys.stdout.write("too slow: a thousand files cost more than a second\n")
    return 1 if slow and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
