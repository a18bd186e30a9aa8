"""Repairing costs time in proportion to the text, on good text and on what has made other repairers hang."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from k6cfg.engine import check
from k6cfg.repairer import repair
from k6cfg.repairer.search.moves import Moves
from k6cfg.repairer.search.state import State
from k6cfg.schema import load
from k6cfg.text.diagnostics import apply_edits
from k6cfg.text.parser import parse

SCHEMA = load()
CASES = Path(__file__).parent.parent / "fixtures" / "repair"


def configuration(size: int) -> str:
    scenarios: dict[str, object] = {}
    while len(scenarios) * 175 < size:
        scenarios[f"s{len(scenarios)}"] = {"executor": "constant-vus", "vus": 1, "duration": "30s", "tags": {"a": "b"}}
    return json.dumps({"scenarios": scenarios}, indent=2)


def seconds(text: str) -> float:
    document = parse(text)
    before = time.process_time()
    repair(document, SCHEMA)
    return time.process_time() - before


PATTERNS: dict[str, Callable[[int], str]] = {
    "brackets": lambda size: "[" * size,
    "braces": lambda size: "{" * size,
    "openers": lambda size: "[{" * (size // 2),
    "closers": lambda size: "}" * size,
    "quotes": lambda size: '"' * size,
    "single quotes": lambda size: "'" * size,
    "back-ticks": lambda size: "{a: " + "`" * size,
    "escaped quotes": lambda size: '{"a": "' + '\\"' * (size // 2),
    "commas": lambda size: "{" + "," * size,
    "colons": lambda size: "{" + ":" * size,
    "comments": lambda size: "/*" * (size // 2),
    "comments in a comment": lambda size: '{"a": 1, /*' + '\n"b": 2,' * (size // 8) + '*/ "c" 3}',
    "open comments": lambda size: "{" + "/*\n" * (size // 3),
    "certificates": lambda size: "{" + '"-----BEGIN CERTIFICATE-----\n' * (size // 29),
    "apostrophes": lambda size: "{'a': '" + "x''" * (size // 3) + "'}",
    "open keys": lambda size: '{"a":' * (size // 5),
    "hashes": lambda size: "# " * (size // 2) + "x",
    "one long name": lambda size: "vus = 1\n" + "a.b-" * (size // 4),
    "words": lambda size: "a " * (size // 2),
    "one word before": lambda size: "a" * size + '{"vus": 1,}',
    "open comments of PHP": lambda size: "<?php return [" + "/* " * (size // 3),
    "comments of PHP": lambda size: "<?php " + "//a" * (size // 3),
    "blanks after PHP": lambda size: "<?php return ['a' => 1]" + " " * size + "x",
    "parentheses": lambda size: '{"a": ' + ")" * size,
    "closers after all": lambda size: '{"a": 1} ' + "]" * size,
    "objects after all": lambda size: '{"a": 1} ' + "\n]" * (size // 2),
    "quotes that are escaped": lambda size: '{"a": 1} ' + "\\'" * (size // 2),
    "constants": lambda size: (
        "".join(f"const a{at} = {at};\n" for at in range(size // 17)) + "export const options = {};"
    ),
    "blanks": lambda size: "export const options = " + " " * size + "x",
    "secrets": lambda size: '{"vus": 1,\n' + "12token" * (size // 7),
    "names of secrets": lambda size: "{" + "".join(f'"token" "{at:08}x" ' for at in range(size // 19)),
    "bare lines": lambda size: "{" + '"a": "x\n' * (size // 8),
    "no colons": lambda size: '{"a" 1, ' * (size // 8),
    "numbers": lambda size: "[1" + " 2" * (size // 2),
    "zeros": lambda size: "\0" * size + "x",
    "log": lambda size: "2026-01-01 12:00:00 INFO it happened: {'a': 1}\n" * (size // 46),
    "javascript": lambda size: "export const options = " + configuration(size).replace('"', "'") + ";",
    "one fault": lambda size: configuration(size).replace('"s9":', '"s9"'),
    "a closer short": lambda size: configuration(size).replace('"b"\n      }', '"b"', 1),
    "cut off": lambda size: configuration(size)[: size // 2],
    "many faults": lambda size: configuration(size).replace('0": {', '0" {'),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_time_grows_with_the_text_alone(pattern: str) -> None:
    make = PATTERNS[pattern]
    small, large = seconds(make(1_500)), seconds(make(7_500))
    # The search has a budget of its own, so a small text may cost as much as a large one; five times the text must not
    # cost more than some eight times the time, beyond what the budget allows at most.
    assert large < 8 * small + 2


@pytest.mark.parametrize("piece", ['\\"', "\\' ", "«", '"\u2018', "'\\\\"])
def test_a_quote_does_not_look_at_every_other_one(piece: str) -> None:
    assert seconds("out: [a, " + piece * (2_300 // len(piece))) < 2  # longer than such a string may be


def test_a_long_text_with_one_fault_is_repaired_at_once() -> None:
    broken = configuration(250_000).replace('"s700":', '"s700"')
    document = parse(broken)
    before = time.process_time()
    result = repair(document, SCHEMA)
    spent = time.process_time() - before
    assert [one.rule.name for one in result.diagnostics] == ["missing-colon"]
    assert spent < 1.5


RUBBLE = [
    *(
        '"',
        "'",
        "{",
        "[",
        '"a": 1 ',
        "word ",
        "a=1 b=2\n",
        "\xff\xfe\x80",
        "\\\n",
        "a.",
        "(a",
        "# x\n",
        "/* a */",
        "\\u0041",
    ),
    *(
        '{"time": 1, "level": "info"}\n',
        "\x1b[0m a ",
        "2026-01-01 12:00:00 INFO it happened: {'a': 1}\n",
        "\tat a.b(C.java:1)\n",
    ),
]


@pytest.mark.parametrize("piece", RUBBLE)
def test_megabytes_of_rubble_are_refused_by_their_beginning(piece: str) -> None:
    data = (piece.encode("latin-1") * (4_000_000 // len(piece)))[: 4 * 1024 * 1024]
    before = time.process_time()
    checked = check(data, SCHEMA)
    assert time.process_time() - before < 3
    assert {one.rule.name for one in checked.diagnostics} <= {"large-and-broken", "too-deep"}
    assert checked.diagnostics
    assert not checked.repairable


@pytest.mark.parametrize("text", ["[" + "1, " * 100_000 + "1]", " " * 300_000 + "{}", '"' + "a " * 150_000 + '"'])
def test_a_long_text_without_a_brace_at_its_beginning_may_be_json(text: str) -> None:
    assert check(text.encode(), SCHEMA).well_formed


@pytest.mark.parametrize(("size", "repairable"), [(20_000, True), (300_000, False)])
def test_a_long_text_of_which_an_object_ends_too_early_is_no_log(size: int, *, repairable: bool) -> None:
    good = configuration(size)
    checked = check(good.replace('"b"\n      }\n    }', '"b"\n      }\n    }}', 1).encode(), SCHEMA)
    assert "large-and-broken" not in {one.rule.name for one in checked.diagnostics}
    # Where it was closed is only looked for so far from where that shows; farther away no other bracket is to blame.
    assert checked.repairable is repairable
    if repairable:
        (found,) = checked.diagnostics
        assert found.fix is not None
        assert apply_edits(checked.document.text, found.fix.edits) == good


def test_readings_that_are_not_made_would_have_been_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [json.loads(line)["text"] or "" for line in (CASES / "cases.jsonl").read_text("utf-8").split("\n") if line]
    texts += [folder.read_bytes().decode("utf-8", "replace") for folder in CASES.glob("*/input.json")]
    texts += [PATTERNS[name](1_500) for name in ("many faults", "a closer short", "no colons", "bare lines")]
    documents = list(map(parse, texts[::2]))
    sparing = [repair(document, SCHEMA) for document in documents]
    after = Moves.after

    def all_after(moves: Moves, state: State, _limit: float, *, near: bool) -> Iterator[State]:
        return after(moves, state, float("inf"), near=near)

    monkeypatch.setattr(Moves, "after", all_after)
    assert [repair(document, SCHEMA) for document in documents] == sparing
