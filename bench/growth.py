"""How time and memory of ``k6cfg validate`` grow with the file, from 1 KB to 10 MB; start-up included.

    python bench/growth.py [--runs N]

A plainly good file, one with a warning (which is judged closely) and one with a missing comma in its middle.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

from process import spent
from startup import environment, k6cfg
from table import Table, rows, shown

SIZES = {"1 KB": 10**3, "10 KB": 10**4, "100 KB": 10**5, "1 MB": 10**6, "10 MB": 10**7}


def text(size: int) -> str:
    """A configuration of about so many characters: hosts, as a generated file would have them."""
    chance = random.Random(2026)  # noqa: S311 - the same file every time
    hosts: dict[str, str] = {}
    length = 60
    while length < size:
        name, address = f"host-{len(hosts)}.test.example", f"10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.1"
        hosts[name] = address
        length += len(name) + len(address) + 12
    return json.dumps({"vus": 10, "duration": "30s", "hosts": hosts}, indent=2)


def damaged(good: str) -> str:
    """The same without a comma in its middle."""
    comma = good.index(",\n", len(good) // 2)
    return good[:comma] + good[comma + 1 :]


KINDS = {
    "good": lambda good: good,
    "with a warning": lambda good: good.replace('"vus"', '"VUS"', 1),
    "broken": damaged,
}


def measured(runs: int) -> tuple[Table, Table]:
    """Time and memory, each beside what the smallest good file takes."""
    time: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = environment(folder)
        for _ in range(runs):
            for size, count in SIZES.items():
                good = text(count)
                for kind, make in KINDS.items():
                    path = folder / "config.json"
                    path.write_text(make(good))
                    seconds, megabytes = spent([*k6cfg(), "validate", str(path)], environ)
                    time.setdefault(f"{size}, {kind}", []).append(seconds * 1000)
                    memory.setdefault(f"{size}, {kind}", []).append(megabytes)
    return _table("time by size", "ms of processor time", time), _table("memory by size", "MB", memory)


def _table(title: str, unit: str, found: dict[str, list[float]]) -> Table:
    base = next(iter(found))
    return Table(title, unit, base, rows(found, base))


def main() -> None:
    arguments = argparse.ArgumentParser(description="How time and memory grow with the file.")
    arguments.add_argument("--runs", type=int, default=3)
    for table in measured(arguments.parse_args().runs):
        sys.stdout.write(shown(table) + "\n")


if __name__ == "__main__":
    main()
