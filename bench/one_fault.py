"""What becomes of good files with one fault: put back as they were, refused, or silently wrong.

    python bench/one_fault.py FOLDER [--faults N] [--show N] [--unsafe] [--check]

Takes every file of the folder that is a JSON object. Each structural character in turn is removed, doubled, and
replaced by every other one; the text is cut after each token. What is still JSON is left out. Where that makes more
than N texts of a file, N of them are drawn, the same in each run. Safe fixes alone, unless ``--unsafe`` is given.

A text that was cut cannot be put back: it is *named* when the value is the beginning of the old one and a finding says
that the file ends too early. With ``--check`` it exits 1 when more than one in a thousand is silently wrong.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from k6cfg.engine import Selection, check, plan_fixes
from k6cfg.schema import load
from k6cfg.text.scanner import TRIVIA, scan

SIGNS: Final = "{}[]:,"
ALLOWED: Final = 0.001
SCHEMA: Final = load()
SYNTAX: Final = Selection(frozenset({"syntax"}))


def faults(text: str) -> Iterator[tuple[str, str]]:
    """Texts with one fault, each with the kind of it."""
    for token in scan(text):
        if token.kind in TRIVIA:
            continue
        start, end = token.start, token.end
        sign = text[start:end]
        if sign in SIGNS:
            yield "removed", text[:start] + text[end:]
            yield "doubled", text[:end] + sign + text[end:]
            yield from (("replaced", text[:start] + other + text[end:]) for other in SIGNS if other != sign)
        yield "cut", text[:end]


def value(text: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """What a text means; raises ValueError where it is no JSON."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise ValueError(name)


def is_start(part: Any, whole: Any) -> bool:  # noqa: ANN401 - the same
    """Whether a value is what is left of another one that was cut off."""
    if isinstance(part, dict) and isinstance(whole, dict):
        keys = list(part)
        same = keys == list(whole)[: len(keys)] and all(part[key] == whole[key] for key in keys[:-1])
        return same and all(is_start(part[key], whole[key]) for key in keys[-1:])
    if isinstance(part, list) and isinstance(whole, list):
        same = len(part) <= len(whole) and part[:-1] == whole[: len(part[:-1])]
        return same and all(is_start(one, whole[len(part) - 1]) for one in part[-1:])
    return bool(part == whole)


def outcome(kind: str, broken: str, meant: Any, *, unsafe: bool) -> str:  # noqa: ANN401 - the same
    """``same``, ``refused``, ``named`` (of a text that was cut) or ``wrong``."""
    checked = check(broken.encode(), SCHEMA)
    plan = plan_fixes(checked, SYNTAX, unsafe=unsafe)
    if not plan.steps:
        return "refused"
    found = value(plan.final.document.text)
    if found == meant:
        return "same"
    says = any("the file ends" in one.message for one in checked.diagnostics)
    return "named" if kind == "cut" and says and is_start(found, meant) else "wrong"


def good(folder: Path) -> Iterator[tuple[Path, str, Any]]:
    """The files that are a JSON object, each with its text and value."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        try:
            text = path.read_text("utf-8")
            meant = value(text)
        except ValueError:
            continue
        if isinstance(meant, dict) and meant:
            yield path, text, meant


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--faults", type=int, default=1000, help="texts per file at most")
    parser.add_argument("--show", type=int, default=10, help="how many wrong ones are shown")
    parser.add_argument("--unsafe", action="store_true", help="with unsafe fixes too")
    parser.add_argument("--check", action="store_true", help="exit 1 when more than one in a thousand is wrong")
    options = parser.parse_args()
    table: dict[str, Counter[str]] = {kind: Counter() for kind in ("removed", "doubled", "replaced", "cut")}
    files = drawn = 0
    for path, text, meant in good(options.folder):
        files += 1
        texts = [(kind, broken) for kind, broken in faults(text) if not is_json(broken)]
        if len(texts) > options.faults:
            drawn += 1
            texts = random.Random(0).sample(texts, options.faults)  # noqa: S311 - the same draw in each run
        for kind, broken in texts:
            found = outcome(kind, broken, meant, unsafe=options.unsafe)
            table[kind][found] += 1
            if found == "wrong" and options.show:
                options.show -= 1
                print(f"wrong: {path.name}, {kind} at {_first_difference(text, broken)}")
    print(f"{files} files, {drawn} of them with more than {options.faults} faults, of which that many were drawn")
    print(f"{'fault':<10}{'same':>8}{'named':>8}{'refused':>9}{'wrong':>7}")
    whole = sum(table.values(), Counter[str]())
    for kind, counts in [*table.items(), ("all", whole)]:
        print(f"{kind:<10}{counts['same']:>8}{counts['named']:>8}{counts['refused']:>9}{counts['wrong']:>7}")
    share = whole["wrong"] / max(1, whole.total())
    print(f"silently wrong: {share:.3%} of {whole.total()}")
    return int(options.check and share > ALLOWED)


def is_json(text: str) -> bool:
    """Whether a text is JSON as it is."""
    try:
        value(text)
    except ValueError:
        return False
    return True


def _first_difference(text: str, broken: str) -> str:
    """The line and column where two texts part."""
    place = next((at for at, (old, new) in enumerate(zip(text, broken, strict=False)) if old != new), len(broken))
    return f"{text.count(chr(10), 0, place) + 1}:{place - text.rfind(chr(10), 0, place)}"


if __name__ == "__main__":
    sys.exit(main())
