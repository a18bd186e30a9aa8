"""How k6cfg, json_repair (pip) and jsonrepair (npm) fare on published suites of malformed JSON.

    python bench/peers.py FILE... [--show N] [--check]

Each file is a JSON list of cases: ``text`` and what it means, as a value (``expected``) or as JSON (``expectedText``).
Taken are the texts that are no JSON and mean an object, but for those whose meaning holds a value that nobody wrote. A
program is right, silently wrong, or refuses. A suite holds its own tool's answers for truth, so with ``--check`` it
exits 1 unless k6cfg, with unsafe fixes, is ahead of the tool that the suite is not of and less often silently wrong.
A peer that is not installed is left out; npm packages are looked for as ``NODE_PATH`` says, and globally.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from one_fault import SCHEMA, SYNTAX, is_json, value
from repair import missing, node_environment

from k6cfg.engine import check, plan_fixes


class Case(NamedTuple):
    """A malformed text and the object it means."""

    text: str
    meant: dict[str, Any]


_NOTHING: Final = {"null": ("null", "None", "undefined", "NULL", "Null", "nil", "NaN"), '""': ('""', "''", "``", "“”")}


def cases(path: Path) -> Iterator[Case]:
    """The cases of a suite that are asked, each once."""
    seen = set()
    for one in json.loads(path.read_bytes()):
        text = one["text"]
        try:
            meant = value(one["expectedText"]) if "expectedText" in one else one["expected"]
        except ValueError:
            continue
        if text not in seen and isinstance(meant, dict) and not is_json(text) and not _invented(text, meant):
            seen.add(text)
            yield Case(text, meant)


def _invented(text: str, meant: object) -> bool:
    """Whether a meaning holds nothing in a place where the text does not say so."""
    if isinstance(meant, dict | list):
        return any(_invented(text, each) for each in (meant.values() if isinstance(meant, dict) else meant))
    written = _NOTHING.get(json.dumps(meant))
    return written is not None and not any(each in text for each in written)


def ours(text: str, *, unsafe: bool) -> str | None:
    plan = plan_fixes(check(text.encode("utf-8", "surrogatepass"), SCHEMA), SYNTAX, unsafe=unsafe)
    return plan.final.document.text if plan.steps else None


def json_repair(text: str) -> str | None:
    from json_repair import repair_json  # type: ignore[import-not-found, unused-ignore]

    return str(repair_json(text))


_NODE: Final = """
const { jsonrepair } = require('jsonrepair');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const repaired = (text) => { try { return jsonrepair(text); } catch (refused) { return null; } };
process.stdout.write(JSON.stringify(texts.map(repaired)));
"""


def jsonrepair(texts: Sequence[str]) -> list[str | None]:
    done = subprocess.run(
        [str(shutil.which("node")), "-e", _NODE],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env=node_environment(),
    )
    answers: list[str | None] = json.loads(done.stdout)
    return answers


def _each(one: Callable[[str], str | None]) -> Callable[[Sequence[str]], list[str | None]]:
    return lambda texts: list(map(one, texts))


PROGRAMS: Final[dict[str, Callable[[Sequence[str]], list[str | None]]]] = {
    "k6cfg, safe fixes": _each(lambda text: ours(text, unsafe=False)),
    "k6cfg": _each(lambda text: ours(text, unsafe=True)),
    "json_repair": _each(json_repair),
    "jsonrepair": jsonrepair,
}


def outcome(answer: str | None, meant: object) -> str:
    """``right``, ``wrong`` or ``refused``; what is still no JSON is a refusal."""
    if answer is None:
        return "refused"
    try:
        return "right" if value(answer) == meant else "wrong"
    except ValueError:
        return "refused"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=0, help="how many silently wrong ones of k6cfg are shown")
    parser.add_argument("--check", action="store_true", help="exit 1 unless k6cfg is ahead of the other tool")
    options = parser.parse_args()
    behind = False
    for path in options.files:
        asked = list(cases(path))
        print(f"{path.stem}: {len(asked)} malformed objects\n{'':<20}{'right':>7}{'wrong':>7}{'refused':>9}")
        table: dict[str, Counter[str]] = {}
        for name, program in PROGRAMS.items():
            if name in {"json_repair", "jsonrepair"} and missing(name):
                print(f"{name:<20}  left out: {missing(name)}")
                continue
            answers = program([one.text for one in asked])
            outcomes = [outcome(answer, one.meant) for answer, one in zip(answers, asked, strict=True)]
            counts = table[name] = Counter(outcomes)
            print(f"{name:<20}{counts['right']:>7}{counts['wrong']:>7}{counts['refused']:>9}")
            if name == "k6cfg":
                wrong = [at for at, found in enumerate(outcomes) if found == "wrong"][: options.show]
                for at in wrong:
                    print(f"  wrong: {asked[at].text!r}\n    is   {answers[at]!r}\n    not  {asked[at].meant!r}")
        mine = table["k6cfg"]
        others = (table[name] for name in ("json_repair", "jsonrepair") if name in table and name != path.stem)
        behind |= any(mine["right"] <= other["right"] or mine["wrong"] >= other["wrong"] for other in others)
    return int(options.check and behind)


if __name__ == "__main__":
    sys.exit(main())
