"""What repairing costs, beside json_repair (pip), jsonrepair and jsonc-parser (npm), and ``json`` for the scale.

    python bench/repair.py [--runs N] [--limit SECONDS] [--large] [--check]

Every program gets the same text and makes JSON of it (or refuses), in a process of its own that is given ``--limit``
seconds for all its runs. Processor time; the ratio is to ``json.loads`` of a good text of that size. Then time and
memory from 1 KB on (to 10 MB with ``--large``), the patterns on which repairers grow faster than the text, and the
setting of one value.
A peer that is not installed is named and left out; npm packages are looked for as ``NODE_PATH`` says, and globally.
With ``--check`` it exits 1 when a text with one fault is repaired at less than 1 MB/s.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from typing import Final, NamedTuple

from table import Table
from table import rows as table_rows

SIZES: Final = {"10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000}
LEAST: Final = 1.0
"""Megabytes in a second of processor time, on a text with one fault."""
PATTERN_SIZES: Final = (10_000, 40_000)


class Row(NamedTuple):
    """One line of the table: seconds of processor time, and how many times those of ``json.loads`` (0: not asked)."""

    name: str
    median: float
    spread: float
    ratio: float
    megabytes: float = 0.0
    """A second; 0 where nothing was measured."""
    note: str = ""


def good(size: int) -> str:
    """A configuration of about ``size`` characters."""
    scenario = {"executor": "constant-vus", "vus": 1, "duration": "30s", "tags": {"a": "b"}, "exec": "main"}
    pair = len(json.dumps({"scenarios": {"s00000": scenario}}, indent=2)) - 23
    return json.dumps({"scenarios": {f"s{at}": scenario for at in range(max(1, size // pair))}}, indent=2)


def one_fault(size: int) -> str:
    text = good(size)
    middle = text.index('": {', len(text) // 2)
    return f"{text[:middle]}" + text[middle:].replace('": {', '" {', 1)


def many_faults(size: int) -> str:
    """A thousand colons are missing, or as many as there are."""
    return good(size).replace('"tags":', '"tags"', 1000)


TEXTS: Final[dict[str, Callable[[int], str]]] = {
    "good": good,
    "one fault": one_fault,
    "a thousand faults": many_faults,
}
PATTERNS: Final[dict[str, Callable[[int], str]]] = {
    "[ without end": lambda size: "[" * size,
    '{"a": without end': lambda size: '{"a":' * (size // 5),
    "quotes": lambda size: '"' * size,
    "single quotes": lambda size: "'" * size,
    "escaped quotes": lambda size: '{"a": "' + '\\"' * (size // 2),
    "unclosed strings": lambda size: "{" + '"a": "x\n' * (size // 8),
    "words": lambda size: "a " * (size // 2),
    "comments": lambda size: "/*" * (size // 2),
    "no colons": lambda size: '{"a" 1, ' * (size // 8),
    "closers": lambda size: "}" * size,
}


# -- one program, one text, in a process of its own ------------------------------------------------------------------


def k6cfg(text: str) -> str:
    from k6cfg.repairer import repair
    from k6cfg.schema import load
    from k6cfg.text.diagnostics import apply_edits
    from k6cfg.text.parser import parse

    result = repair(parse(text), load())
    fixes = [found.fix for found in result.diagnostics if found.fix is not None]
    return apply_edits(text, [edit for fix in fixes for edit in fix.edits]) if result.complete else text


def k6cfg_set(text: str) -> str:
    from k6cfg.text.diagnostics import apply_edits
    from k6cfg.text.edits import set_value
    from k6cfg.text.parser import parse
    from k6cfg.text.tree import Object

    document = parse(text)
    assert isinstance(document.root, Object)
    node = document.root.members[0].value
    while isinstance(node, Object):
        node = node.members[-1].value
    assert node is not None
    return apply_edits(text, set_value(document, node, "other"))


def json_repair(text: str) -> str:
    from json_repair import repair_json  # type: ignore[import-not-found, unused-ignore]

    return str(repair_json(text))


def scale(text: str) -> str:
    json.loads(text)
    return text


PROGRAMS: Final[dict[str, Callable[[str], str]]] = {
    "k6cfg": k6cfg,
    "k6cfg set": k6cfg_set,
    "json_repair": json_repair,
    "json": scale,
}
_TIMING: Final = """
const text = require('fs').readFileSync(0, 'utf8');
const times = [];
for (let run = 0; run < RUNS; run++) {
  const before = process.cpuUsage();
  try { work(text); } catch (refused) {}
  const spent = process.cpuUsage(before);
  times.push((spent.user + spent.system) / 1e6);
}
process.stdout.write(JSON.stringify([times, process.resourceUsage().maxRSS]));
"""
NODE: Final = {
    "jsonrepair": "const { jsonrepair } = require('jsonrepair'); const work = jsonrepair;",
    "jsonc-parser set": """const { modify, applyEdits, parseTree } = require('jsonc-parser');
function work(text) {
  let node = parseTree(text), path = [];
  while (node.type === 'object') {
    const last = node.children[path.length ? node.children.length - 1 : 0];
    path.push(last.children[0].value); node = last.children[1];
  }
  return applyEdits(text, modify(text, path, 'other', { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
}""",
}


def child(name: str, runs: int) -> None:
    """Time one program in this process; on stdout the seconds of each run and the most memory used, in KB."""
    text = sys.stdin.buffer.read().decode()
    program = PROGRAMS[name]
    program('{"a": {"b": 1}}')  # what is imported at the first call is no part of the work
    times = []
    for _ in range(runs):
        before = time.process_time()
        program(text)
        times.append(time.process_time() - before)
    print(json.dumps([times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))


@cache
def node_environment() -> dict[str, str] | None:
    """Where node finds global packages; None where there is no node."""
    npm = shutil.which("npm")
    if shutil.which("node") is None or npm is None:
        return None
    found = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
    paths = [path for path in (os.environ.get("NODE_PATH"), found) if path]
    return {**os.environ, "NODE_PATH": os.pathsep.join(paths)}


@cache
def missing(name: str) -> str:
    """Why a program cannot be measured here; empty where it can."""
    if name in PROGRAMS:
        return "" if name != "json_repair" or find_spec(name) is not None else "pip install json_repair"
    package = name.split(" ", maxsplit=1)[0]
    environ = node_environment()
    if environ is None:
        return "node is not installed"
    command = ["node", "-e", f"require('{package}')"]
    done = subprocess.run(command, capture_output=True, check=False, env=environ)
    return f"npm install --global {package}" if done.returncode else ""


def timed(name: str, text: str, runs: int, limit: float) -> tuple[list[float], int]:
    """The seconds of each run and the most memory in KB; no seconds where the limit came first, or the program fell."""
    environ = None
    command = [sys.executable, __file__, "--child", name, "--runs", str(runs)]
    if name in NODE:
        environ = node_environment()
        command = ["node", "-e", NODE[name] + _TIMING.replace("RUNS", str(runs))]
    # The limit is one of processor time, too: on a busy machine another clock would judge the others.
    command = ["sh", "-c", f'ulimit -t {limit:.0f}; exec "$@"', "sh", *command]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, env=environ)
    if done.returncode:
        return [], 0 if -done.returncode in {signal.SIGXCPU, signal.SIGKILL} else -1
    times, memory = json.loads(done.stdout)
    return times, memory


# -- the tables -------------------------------------------------------------------------------------------------------


class Way(NamedTuple):
    """How often a program gets a text, and for how many seconds at most."""

    runs: int
    limit: float


def _row(name: str, program: str, text: str, way: Way, unit: float = 0.0) -> Row:
    times, memory = timed(program, text, *way)
    if not times:
        return Row(name, 0.0, 0.0, 0.0, note=f"more than {way.limit:.0f} s" if memory == 0 else "fell over")
    median = statistics.median(times)
    ratio = median / unit if unit else 0.0
    rate = len(text.encode()) / 1e6 / median if median else 0.0
    return Row(name, median, max(times) - min(times), ratio, rate, f"{memory / 1024:.0f} MB")


def rows(runs: int = 3, limit: float = 30.0, *, large: bool = False) -> Iterator[Row]:
    """Every line of the table, as it is measured; a peer that is missing has a line that says so."""
    names = ["k6cfg", "json_repair", "jsonrepair", "k6cfg set", "jsonc-parser set"]
    yield from (Row(name, 0.0, 0.0, 0.0, note=f"left out: {missing(name)}") for name in names if missing(name))
    here = [name for name in names if not missing(name)]
    setters = [name for name in here if name.endswith(" set")]
    repairers = [name for name in here if name not in setters]
    way = Way(runs, limit)
    for label, size in SIZES.items():
        scale_ = _row(f"{label}, good: json", "json", good(size), way)
        yield scale_._replace(ratio=1.0)
        for kind, make in TEXTS.items():
            yield from (_row(f"{label}, {kind}: {name}", name, make(size), way, scale_.median) for name in repairers)
        yield from (_row(f"{label}, one value: {name}", name, good(size), way, scale_.median) for name in setters)
    once = Way(1, limit)
    for size in (1_000, 10_000, 100_000, 1_000_000, *([10_000_000] if large else [])):
        yield _row(f"{size:,} characters, one fault: k6cfg", "k6cfg", one_fault(size), Way(1, limit * 4))
    for pattern, make in PATTERNS.items():
        for name in repairers:
            yield from (_row(f"{pattern}, {size:,}: {name}", name, make(size), once) for size in PATTERN_SIZES)


def measured(runs: int) -> Table:
    """The texts with none, one and a thousand faults, for the page that shows every bench.

    What takes less than some clocks can tell is left out.
    """
    base, found = "1 MB, good: json", dict[str, list[float]]()
    for label, size in list(SIZES.items())[1:]:
        for kind, make in TEXTS.items():
            for name in ("json", "k6cfg", "json_repair", "jsonrepair"):
                if (name == "json" and f"{label}, {kind}: {name}" != base) or missing(name):
                    continue
                seconds, _ = timed(name, make(size), runs, 60.0)
                if seconds:
                    found[f"{label}, {kind}: {name}"] = [each * 1000 for each in seconds]
    return Table("repair", "ms of processor time", base, table_rows(found, base))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds that one program gets for one text")
    parser.add_argument("--large", action="store_true", help="10 MB too")
    parser.add_argument("--check", action="store_true", help="exit 1 when one fault costs more than a second for 1 MB")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.runs)
        return 0
    slow = False
    print(f"{'':<48}{'seconds':>9}{'spread':>9}{'x json':>8}{'MB/s':>7}  memory")
    for row in rows(options.runs, options.limit, large=options.large):
        if row.megabytes:
            numbers = f"{row.median:9.4f}{row.spread:9.4f}{row.ratio:8.1f}{row.megabytes:7.2f}"
            print(f"{row.name:<48}{numbers}  {row.note}", flush=True)
        else:
            print(f"{row.name:<48}  {row.note}", flush=True)
        slow = slow or (row.name == "1 MB, one fault: k6cfg" and row.megabytes < LEAST)
    return int(options.check and slow)


if __name__ == "__main__":
    sys.exit(main())
