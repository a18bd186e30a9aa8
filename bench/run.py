"""All benches, and the tables of them in ``docs/performance.md``.

    python bench/run.py [--quick] [--check]

It takes a quarter of an hour; with ``--quick`` a minute, and nothing is written. With ``--check`` it exits 1 when
something takes more than it may. A bench is a module here whose ``measured`` gives back tables.
"""

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import bulk
import growth
import startup
from table import Table, shown

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def tables(*, quick: bool) -> Iterator[Table]:
    """Every table there is."""
    yield startup.measured(3 if quick else 15)
    yield bulk.measured(400 if quick else 10_000, 1 if quick else 3)
    yield from growth.measured(1 if quick else 3)
    if (Path(__file__).parent / "repair.py").exists():
        yield importlib.import_module("repair").measured(1 if quick else 5)


def machine() -> str:
    """What was measured on, without a name of it."""
    return (
        f"Measured with Python {platform.python_version()} on {platform.system()} ({platform.machine()}), "
        f"{os.cpu_count()} processors.\n"
    )


def page(text: str, found: str) -> str:
    """The page with what was measured between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{found}\n{END}{after}"


def main() -> int:
    arguments = argparse.ArgumentParser(description="All benches, and the tables of docs/performance.md.")
    arguments.add_argument("--quick", action="store_true", help="a few runs of each; nothing is written")
    arguments.add_argument("--check", action="store_true", help="exit 1 when something takes more than it may")
    options = arguments.parse_args()
    found: list[Table] = []
    for table in tables(quick=options.quick):
        found.append(table)
        sys.stdout.write(shown(table) + "\n")
        sys.stdout.flush()
    if not options.quick:
        text = "\n".join([machine(), *map(shown, found)])
        PAGE.write_text(page(PAGE.read_text("utf-8"), text), "utf-8", newline="\n")
    late = [*startup.late(found[0]), *bulk.late(found[1])]
    sys.stdout.write("".join(f"too slow: {name}\n" for name in late))
    return 1 if late and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
