"""Repairs, each in a folder: what is broken, what is said of it, and the text after all fixes that may be made.

`expected.json` is the text after safe and unsafe fixes; without it nothing may change. `cases.jsonl` and `pasted.jsonl`
are malformed files with the values that were meant.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from k6cfg.repairer import RULES, Repair, repair
from k6cfg.schema import load
from k6cfg.text.diagnostics import Applicability, Severity, apply_edits
from k6cfg.text.encoding import decode
from k6cfg.text.parser import parse
from k6cfg.text.tree import Document

FOLDER = Path(__file__).parent.parent / "fixtures" / "repair"
FOLDERS = sorted(path.parent for path in FOLDER.glob("*/input.json"))
CASES = [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text("utf-8").split("\n") if line]
BOTH = frozenset({Applicability.SAFE, Applicability.UNSAFE})
SAFE = frozenset({Applicability.SAFE})


def is_json(text: str) -> bool:
    return not any(found.severity is Severity.ERROR for found in parse(text).diagnostics)


def fixed(document: Document, result: Repair, allowed: frozenset[Applicability]) -> bytes | None:
    """The text after the allowed fixes, as UTF-8; nothing where they do not make it JSON."""
    if not result.complete:
        return None
    fixes = [one.fix for one in result.diagnostics if one.fix is not None and one.fix.applicability in allowed]
    text = apply_edits(document.text, [edit for fix in fixes for edit in fix.edits])
    return text.encode("utf-8", "surrogateescape") if is_json(text) else None


def repaired(data: bytes, allowed: frozenset[Applicability] = BOTH) -> tuple[Document, Repair, bytes | None]:
    document = parse(*decode(data))
    result = repair(document, load())
    return document, result, fixed(document, result, allowed)


def shown(document: Document, result: Repair) -> str:
    lines = [] if result.complete else ["left alone"]
    for one in result.diagnostics:
        line, column = document.lines.position(one.span.start)
        lines += [f"{one.rule.name} {line}:{column}", f"  {one.message}"]
        lines += [f"  = {one.help}"] if one.help else []
        if one.fix is not None:
            edits = ", ".join(json.dumps(edit.text, ensure_ascii=False) for edit in one.fix.edits)
            lines.append(f"  + {one.fix.applicability.value} {edits}")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("folder", FOLDERS, ids=[path.name for path in FOLDERS])
def test_folder(folder: Path, *, accept: bool) -> None:
    document, result, text = repaired((folder / "input.json").read_bytes())
    expected = folder / "expected.json"
    if accept:
        (folder / "diagnostics.txt").write_text(shown(document, result), "utf-8")
        expected.unlink(missing_ok=True)
        if text is not None:
            expected.write_bytes(text)
    assert shown(document, result) == (folder / "diagnostics.txt").read_text("utf-8")
    assert text == (expected.read_bytes() if expected.exists() else None)


# -- the cases ------------------------------------------------------------------------------------------------------


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and no boolean passes for a number."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True) or (
        isinstance(one, dict)
        and isinstance(other, dict)
        and one.keys() == other.keys()
        and all(same(one[key], other[key]) for key in one)
    )


def outcome(case: dict[str, Any], allowed: frozenset[Applicability]) -> str:
    data = base64.b64decode(case["b64"]) if case["text"] is None else case["text"].encode()
    if is_json(decode(data).text):
        return "sound"
    text = repaired(data, allowed)[2]
    wanted = [case["expected"], *case.get("alternatives", [])]
    if text is None:
        return "right" if {"$refuse": True} in wanted else "refused"
    return "right" if any(same(json.loads(text), value) for value in wanted) else f"wrong: {text!r}"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
@pytest.mark.parametrize("allowed", [SAFE, BOTH], ids=["safe", "both"])
def test_no_case_is_silently_wrong(case: dict[str, Any], allowed: frozenset[Applicability]) -> None:
    assert outcome(case, allowed) in {"sound", "right", "refused"}


@pytest.mark.parametrize(("allowed", "least"), [(SAFE, 70), (BOTH, 84)], ids=["safe", "both"])
def test_most_cases_come_out_right(allowed: frozenset[Applicability], least: int) -> None:
    outcomes = [outcome(case, allowed) for case in CASES if not case["ambiguous"]]
    assert sum(one in {"sound", "right"} for one in outcomes) >= least


# -- the contract ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("allowed", "least"), [(SAFE, 0.8), (BOTH, 0.97)], ids=["safe", "both"])
def test_what_people_paste_comes_out_right(allowed: frozenset[Applicability], least: float) -> None:
    cases = [json.loads(line) for line in (FOLDER / "pasted.jsonl").read_text("utf-8").split("\n") if line]
    outcomes = {case["id"]: outcome(case, allowed) for case in cases}
    assert not [(name, found) for name, found in outcomes.items() if found not in {"right", "refused"}]
    clear = [outcomes[case["id"]] for case in cases if not case["ambiguous"]]
    assert clear.count("right") >= least * len(clear)


def test_a_missing_colon_is_a_place_after_the_key() -> None:
    result = repair(parse('{\n  "collectors" {"cloud": {"token": "T0KEN"}}\n}\n'))
    (found,) = result.diagnostics
    assert (found.rule.name, found.span, found.severity) == ("missing-colon", (16, 16), Severity.ERROR)
    assert found.message == '"collectors" has no colon after it; k6 stops reading here'
    assert found.fix is not None
    assert (found.fix.applicability, found.fix.edits) == (Applicability.SAFE, ((16, 16, ":"),))


def test_sound_text_has_nothing_to_repair() -> None:
    assert repair(parse('{"vus": 1}')) == Repair((), complete=False)


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert {rule.group for rule in RULES} == {"syntax"}


def test_no_message_shows_a_token() -> None:
    for case in CASES:
        if case["text"] is not None and "token" in case["text"]:
            text = case["text"].replace('"X"', '"not-a-real-token"').replace("'X'", "'not-a-real-token'")
            for found in repair(parse(text), load()).diagnostics:
                assert "not-a-real-token" not in f"{found.message} {found.help}"


@pytest.mark.parametrize(
    "text",
    [
        "This is no configuration.\nIt is prose: a few words.\n",
        "2024-01-01 12:00:01 INFO starting\n2024-01-01 12:00:02 ERROR invalid character\n",
        "# Title\n\nSome *text* with `code`.\n\n- one\n- two\n",
        "a,b,c\n1,2,3\n4,5,6\n",
        "10 20",
        "not-a-real-token\n",
    ],
)
def test_a_text_without_an_object_is_one_fault(text: str) -> None:
    result = repair(parse(text), load())
    assert [(one.rule.name, one.fix) for one in result.diagnostics] == [("not-a-configuration", None)]
    assert not result.complete


@pytest.mark.parametrize(
    "text",
    [
        "{'summaryTrendStats': ['max''p(95)']}",
        "{'thresholds': {'http_req_duration': ['p(95)<500''p(99)<900']}}",
        "{'blacklistIPs': ['a''bc']}",
        '{\n "tags": {\n  "a": "b"\n  },\n$ nano config.json\n "vus": 1,\n "duration": "1s"\n',
        '{\n "userAgent": `a\n$ foo bar\nc`',
        '{"vus": 1}\n❯ duration: 10s',  # noqa: RUF001
        '{"vus": 1}\nλ vus: 10',
        '{"vus": 1, "duration": "1s"},\n  iterations: 100 %',
        '{"vus": 1, "duration": "1s"}\nduration 10s #',
        '{"vus": 1}\nTRUE',
        "tags: {a: b, a: c}",
    ],
)
def test_what_may_be_a_part_of_the_configuration_is_never_taken_away_safely(text: str) -> None:
    assert repaired(text.encode(), SAFE)[2] is None


def test_two_texts_of_a_list_without_a_comma_are_two() -> None:
    assert repaired(b"{'summaryTrendStats': ['max''p(95)']}")[2] == b'{"summaryTrendStats": ["max","p(95)"]}'
    assert repaired(b"{'tags': {'owner': 'bob''s team'}}", SAFE)[2] == b'{"tags": {"owner": "bob\'s team"}}'


def test_a_key_of_php_may_be_a_number() -> None:
    assert repaired(b"<?php return ['vus' => 1, 5=>'a'];")[2] == b'{"vus" : 1, "5":"a"}'
