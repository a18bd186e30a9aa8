"""Whether a piece of a secret, or a crash, comes out of k6cfg for damaged texts.

    python bench/leaks.py [--first N] [--texts N] [--asked N] [--seconds S] [--show N]

Each text (``tests/leaking.py`` makes it from its number) is shown, and then asked about in ``--asked`` other ways,
chosen in turn from every command in every form of output and the functions of the API; 0 asks in all ways. It stops
after ``--texts`` texts or ``--seconds``. It exits 1 when there is a crash, a hang, or eight characters of a secret with
its name. Where the damage removed the name, no program can know that there is a secret: such leaks are counted apart.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from conftest import Home
from leaking import Fault, case, faults, prepared, questions


def chosen(number: int, asked: int) -> list[list[str]]:
    """What is asked about the text of a number."""
    first, *others = questions_
    if not asked:
        return questions_
    start = number * asked
    return [first, *(others[(start + step) % len(others)] for step in range(asked))]


questions_ = questions()


def main() -> None:
    parser = argparse.ArgumentParser(description="Look for pieces of secrets in all that k6cfg says.")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--asked", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--show", type=int, default=10, help="how many faults to print, one for each kind of text")
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    texts: dict[str, set[int]] = {}
    shown: dict[tuple[str, ...], Fault] = {}
    end = time.monotonic() + arguments.seconds
    with tempfile.TemporaryDirectory() as folder:
        home = prepared(Home(Path(folder) / "home"))
        for number in range(arguments.first, arguments.first + arguments.texts):
            if time.monotonic() > end:
                break
            one = case(number)
            asked = chosen(number, arguments.asked)
            counts["texts"] += 1
            counts["calls"] += len(asked)
            for fault in faults(home, one, asked):
                kind = fault.kind if one.told or fault.kind != "leak" else "leak without a name"
                counts[kind] += 1
                texts.setdefault(kind, set()).add(number)
                shown.setdefault((kind, one.place, one.notation), fault)
    for (kind, place, notation), fault in sorted(shown.items())[: arguments.show]:
        sys.stdout.write(f"{kind}: {fault.case.number} {place}, {notation}, {fault.case.damage}: {fault.asked}\n")
        sys.stdout.write(f"    {fault.case.text!r}\n    {fault.case.core}\n")
    row = [f"{name} {counts[name]}" for name in ("texts", "calls", "crash", "hang", "leak", "leak without a name")]
    row += [f"texts with {kind} {len(found)}" for kind, found in sorted(texts.items())]
    sys.stdout.write(", ".join(row) + "\n")
    raise SystemExit(bool(counts["crash"] or counts["hang"] or counts["leak"]))


if __name__ == "__main__":
    main()
