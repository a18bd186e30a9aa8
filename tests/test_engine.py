"""Check, plan, prove: whatever the file, nothing raises, fixes settle, and a fix changes what it said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.engine import (
    Checked,
    ProofError,
    Selection,
    change,
    check,
    differing,
    plan_fixes,
    prove_settled,
    rule_names,
    selected,
)
from k6cfg.engine.edit import Refusal, put
from k6cfg.engine.verification import _covered
from k6cfg.k6.cloud import TOKEN
from k6cfg.report.json import render as render_json
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import PLAIN
from k6cfg.report.text import render as render_text
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import Applicability, Edit, Severity

SCHEMA = load()
ALL = Selection()
SYNTAX = Selection(select=frozenset({"syntax"}))
PIECES = st.sampled_from(
    [
        *"{}[]:,\"'\n =",
        '"vus"', '"VUS"', "vus", "1", '"5"', "1.0", '"duration"', '"10s"', '"collectors"', '"cloud"', '"token"', "'x'", "null", "true",
        "nul", "// c\n", "/* c */", '"thresholds"', '["p(95)<500"]', '"stages"', '{"target": 1, "duration": "1s"}', '"scenarios"',
        '{"executor": "constant-vus", "duration": "1s"}', '"thresold"', '"tags"', "\ufeff", "\x00", '"x', "…", "=>", "<<<<<<< a\n",
    ]
)  # fmt: skip
KEYS = sorted({node.name for node in SCHEMA.nodes(obsolete=True) if node.name.isidentifier()})
ODD = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    ["", "5", "1m", "10s", "0", "-1s", "p(95)<500", "constant-vus", "x"]
)  # fmt: skip
CONFIGS = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS) | st.sampled_from(KEYS).map(str.upper) | st.text(max_size=3), inner, max_size=4
        )
    ),
    max_leaves=10,
)


def both(data: bytes) -> Checked:
    """Check, plan with safe and with all fixes, print both ways; the outcome with all fixes."""
    checked = check(data, SCHEMA)
    for unsafe in (False, True):
        plan = plan_fixes(checked, ALL, unsafe=unsafe)
        if plan.steps:
            prove_settled(plan.final, ALL, unsafe=unsafe)
        if plan.refused is None:
            assert plan.final.well_formed
        assert plan.final.accepted_run or not checked.accepted_run
    verdict = Verdict(NEWEST, [FileReport("f", "f", checked, checked.diagnostics)])
    json.loads(render_json(verdict))
    render_text(verdict, PLAIN)
    return plan.final


@pytest.mark.parametrize(
    ("keys", "mended"),
    [
        (["iteratons", "stagess"], ["iterations", "stagess"]),
        (["paussed", "stagess", "iteratons", "batchh"], ["paused", "stages", "iteratons", "batch"]),
        (["iterations", "stagess", "batchh"], ["iterations", "stagess", "batch"]),
    ],
)
def test_fixes_that_k6_would_not_take_together(keys: list[str], mended: list[str]) -> None:
    values = {"i": 5, "s": [{"duration": "1s", "target": 1}], "p": True, "b": 3}
    start = check(json.dumps({key: values[key[0]] for key in keys}).encode(), SCHEMA)
    plan = plan_fixes(start, ALL, unsafe=True)
    assert start.accepted_run
    assert plan.final.accepted_run
    assert list(json.loads(plan.final.data)) == mended
    prove_settled(plan.final, ALL, unsafe=True)


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    both(data)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text(text: str) -> None:
    both(text.encode("utf-8", "surrogatepass"))


@given(CONFIGS, st.sampled_from([None, 2, "\t"]))
def test_any_config(value: object, indent: int | str | None) -> None:
    checked = check(json.dumps(value, indent=indent).encode(), SCHEMA)
    assert checked.well_formed
    both(checked.data)


@given(CONFIGS, st.sampled_from(["0.18.0", "0.30.0", "0.45.0", "1.0.0", "2.0.0"]))
def test_any_config_of_any_version(value: object, version: str) -> None:
    check(json.dumps(value).encode(), load(Version.parse(version)))


@given(CONFIGS, st.sampled_from([None, 2, "\t"]))
def test_token_changes_nothing_else(value: object, indent: int | str | None) -> None:
    data = json.dumps(value, indent=indent).encode()
    try:
        done = put(data, SCHEMA, [(TOKEN, "T0KEN")])
    except Refusal:
        return
    again = put(done.after.data, SCHEMA, [(TOKEN, "T0KEN")])
    assert again.after.data == done.after.data


def test_fixes_name_what_they_change() -> None:
    checked = check(b'{"VUS": "5", "duration": "1s"}', SCHEMA)
    plan = plan_fixes(checked, ALL, unsafe=False)
    assert plan.final.document.text == '{"vus": 5, "duration": "1s"}'
    assert not plan.final.diagnostics


def test_selection() -> None:
    checked = check(b'{"VUS": 5, "duration": "1s",}', SCHEMA)
    assert plan_fixes(checked, SYNTAX, unsafe=False).final.document.text == '{"VUS": 5, "duration": "1s"}'
    assert plan_fixes(checked, Selection(ignore=frozenset({"syntax"})), unsafe=False).refused is not None
    assert {"syntax", "missing-colon", "unknown-key"} <= rule_names()


def test_no_fix_makes_a_file_worse() -> None:
    text = b'{"outputs": {"json": 1}, "duration": "1s"}'
    assert plan_fixes(check(text, SCHEMA), ALL, unsafe=True).final.data == text


def test_utf_16_becomes_utf_8() -> None:
    data = '\ufeff{"vus": 5,, "duration": "1s"}'.encode("utf-16-le")
    plan = plan_fixes(check(data, SCHEMA), ALL, unsafe=False)
    assert plan.final.data == b'{"vus": 5, "duration": "1s"}'


def test_undeclared_change_is_a_bug() -> None:
    checked = check(b'{"vus": 5, "rps": 1}', SCHEMA)
    change(checked, (Edit(8, 9, "6"),), ("/vus",))
    for edits in ((Edit(8, 9, "6"), Edit(18, 19, "2")), (Edit(0, 1, ""),)):
        with pytest.raises(ProofError):
            change(checked, edits, ("/vus",))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 1.0}, ["/a"]),
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": None}, {"a": {"b": 1}}, ["/a", "/a/b"]),
        ({}, {"a": {"b": [1, 2]}}, ["", "/a/b/0", "/a/b/1"]),
        ({"a": [1, 2]}, {"a": [1]}, ["/a/1"]),
    ],
)
def test_differing(before: object, after: object, expected: list[str]) -> None:
    assert sorted(differing(before, after)) == expected


POINTERS = st.lists(st.sampled_from("ab/") | st.just("/a"), max_size=6).map("".join)


@given(POINTERS, st.lists(POINTERS, max_size=5))
def test_what_a_declaration_covers(found: str, declared: list[str]) -> None:
    expected = any(found == one or found.startswith(f"{one}/") or one.startswith(f"{found}/") for one in declared)
    assert _covered(found, sorted(set(declared))) is expected


def test_findings_are_complete_sentences_with_a_place() -> None:
    for text in ('{"a" 1}', '{"vus": "x"}', '{"thresold": 1}', '{"duration": true}', '{"scenarios": {"a": {}}}'):
        for found in check(text.encode(), SCHEMA).diagnostics:
            assert found.message
            assert not found.message.endswith(".")
            assert 0 <= found.span.start <= found.span.end <= len(text)
            assert found.severity is not Severity.ERROR or found.refuses
            assert found.fix is None or found.fix.applicability in Applicability


@pytest.mark.parametrize(
    ("text", "rule", "span"),
    [
        ('{\n  "vus: 5,\n  "throw": true\n}', "unclosed-string", (4, 12)),
        ('{\n  "collectors" {}\n}', "missing-colon", (16, 16)),
        ('"vus": 5, "throw": true}', "unopened-bracket", (0, 5)),
        ('{"vus": 5', "unclosed-bracket", (9, 9)),
    ],
)
def test_the_first_error_reaches_to_where_k6_stops(text: str, rule: str, span: tuple[int, int]) -> None:
    first = check(text.encode(), load()).diagnostics[0]
    assert (first.rule.name, *first.span) == (rule, *span)


@pytest.mark.parametrize(
    ("text", "rule", "pointer", "refused"),
    [
        ('{"duation": "1m", "vus": 5}', "unknown-key", "/duation", False),
        ('{"stages": [{"duration": "1s", "taget": 5}]}', "execution", "/stages/0/taget", True),
        ('{"stages": [{"duraton": "1s", "target": 5}]}', "unknown-key", "/stages/0/duraton", False),
        ('{"thresholds": {"checks": [{"treshold": "rate>0"}]}}', "threshold", "/thresholds/checks/0/treshold", True),
        (
            '{"executionSegmentSequence": "0,1/2,1", "excutionSegment": "0:1/2"}',
            "segment-in-sequence",
            "/excutionSegment",
            True,
        ),
    ],
)
def test_a_misspelt_key_and_what_its_absence_causes_are_one_finding(
    text: str, rule: str, pointer: str, refused: bool
) -> None:
    before = check(text.encode(), SCHEMA)
    (found,) = before.diagnostics
    assert (found.rule.name, found.pointer, before.accepted_run) == (rule, pointer, not refused)
    assert "knows no key" in found.message
    assert found.help is not None
    assert found.help.startswith("did you mean")
    plan = plan_fixes(before, Selection(), unsafe=True)
    assert not plan.final.diagnostics


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ('{"stages": [{"duration": "1s", "targt": 1}]}', "unknown-key", "execution"),
        ('{"vus": 5, "durration": "10s"}', "unknown-key", "lone-vus"),
    ],
)
def test_a_finding_of_two_rules_is_selected_by_either_and_ignored_by_both(text: str, one: str, other: str) -> None:
    checked = check(text.encode(), SCHEMA)
    for name in (one, other):
        assert selected(checked, Selection(select=frozenset({name})))
        assert selected(checked, Selection(ignore=frozenset({name})))
        assert plan_fixes(checked, Selection(select=frozenset({name})), unsafe=True).steps
    assert not selected(checked, Selection(ignore=frozenset({one, other})))


def test_what_has_nothing_to_do_with_a_misspelt_key_is_said_beside_it() -> None:
    found = check(
        b'{"stages": [{"duration": "1s"}], "thresholds": {"checks": ["x"]}, "pausd": true}', SCHEMA
    ).diagnostics
    assert [one.rule.name for one in found] == ["execution", "threshold", "unknown-key"]
