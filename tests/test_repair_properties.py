"""What holds for every repair: nothing raises, nothing is lost without a word, twice is once, faults are found again."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from k6cfg.repairer import Repair, repair
from k6cfg.schema import load
from k6cfg.text.diagnostics import Applicability, Severity, apply_edits
from k6cfg.text.encoding import decode
from k6cfg.text.parser import parse
from k6cfg.text.tree import Document

SCHEMA = load()
CONFIGURATION = {
    "vus": 10,
    "duration": "1m30s",
    "stages": [{"duration": "10s", "target": 5}, {"duration": "1m", "target": 0}],
    "thresholds": {"http_req_duration": ["p(95)<500", "avg<200"], "http_req_failed{a:b}": ["rate<0.01"]},
    "scenarios": {
        "one": {"executor": "constant-vus", "vus": 1, "env": {"A": "b, c: d"}, "tags": {"t": "x"}},
        "two": {"executor": "per-vu-iterations", "iterations": 3, "exec": "other"},
    },
    "linger": True,
    "batch": None,
    "collectors": {"cloud": {"token": "T0KEN", "projectID": 7, "name": 'say "hi" {to} [all]'}},
}
LAYOUTS = {
    "indented": json.dumps(CONFIGURATION, indent=2),
    "one-line": json.dumps(CONFIGURATION),
    "minified": json.dumps(CONFIGURATION, separators=(",", ":")),
}
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
SIGNS = "{}[]:,"


def errors(text: str) -> bool:
    return any(found.severity is Severity.ERROR for found in parse(text).diagnostics)


def mended(document: Document, result: Repair, *allowed: Applicability) -> str:
    """The text after the allowed fixes; the text itself where they do not make it JSON."""
    if not result.complete:
        return document.text
    fixes = [one.fix for one in result.diagnostics if one.fix is not None and one.fix.applicability in allowed]
    text = apply_edits(document.text, [edit for fix in fixes for edit in fix.edits])
    return document.text if errors(text) else text


PIECES = st.sampled_from(
    [
        *'{}[]:,"\'`“”()=;.#/\\\n \t\0-+', *"abt1", "//", "/*", "*/", '"a"', '"vus"', "true", "True", "null", "10", "1e", '\\"',
        "'x'", "vus:", '": ', '",\n', "export const options = ", "```", "- ", "\r\n", "&quot;", "\ufeff", "\uff1a", "\udc93", "+ ", "NaN",
        '{"vus": 10, "tags": {"a": "b"}}', "<<<<<<< ", "${X}", "1,000", "ture", "...",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))
DAMAGED = st.builds(
    lambda text, places, pieces: "".join(
        text[start:end] + piece
        for start, end, piece in zip([0, *sorted(places)], [*sorted(places), len(text)], ["", *pieces], strict=False)
    ),
    st.sampled_from(list(LAYOUTS.values())),
    st.lists(st.integers(0, 600), max_size=4),
    st.lists(PIECES, min_size=4, max_size=4),
)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])


@given(text=st.one_of(TEXTS, DAMAGED), with_schema=st.booleans())
@example(text="", with_schema=True)
@example(text="\udcff{'\udc93", with_schema=True)
@relaxed
def test_any_text_is_repaired_or_left_alone(text: str, with_schema: bool) -> None:
    document = parse(text)
    result = repair(document, SCHEMA if with_schema else None)
    spans = [one.span for one in result.diagnostics]
    assert spans == sorted(spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert all(one.pointer == "" or one.pointer.startswith("/") for one in result.diagnostics)
    if result.complete:
        assert errors(text)
        every = [one.fix for one in result.diagnostics if one.fix is not None]
        assert not any(fix.applicability is Applicability.MANUAL for fix in every)
        after = apply_edits(text, [edit for fix in every for edit in fix.edits])
        assert not errors(after)
        assert repair(parse(after), SCHEMA) == Repair((), complete=False)


@given(st.binary(max_size=200))
@relaxed
def test_any_bytes_are_repaired_or_left_alone(data: bytes) -> None:
    document = parse(*decode(data))
    result = repair(document)
    if result.complete:
        edits = [edit for one in result.diagnostics if one.fix is not None for edit in one.fix.edits]
        assert not errors(apply_edits(document.text, edits))


SCALARS = re.compile(r"[A-Za-z0-9]+")


@given(st.one_of(TEXTS, DAMAGED))
@relaxed
def test_safe_fixes_lose_no_letter_and_no_digit(text: str) -> None:
    document = parse(text)
    result = repair(document, SCHEMA)
    for found in result.diagnostics if result.complete else ():
        fix = found.fix
        if fix is None or fix.applicability is not Applicability.SAFE or found.rule.name in MAY_GO:
            continue
        for edit in fix.edits:
            gone = Counter(SCALARS.findall(text[edit.start : edit.end]))
            assert not gone - Counter(SCALARS.findall(edit.text)), found


MAY_GO = {"comment", "wrapper", "foreign-literal", "text-after-value", "bad-string", "stray-character"}
"""Comments, `export const options =`, `True` and `\\x41` are no values that could be lost; `\\`\\`\\`json` neither."""


# -- one fault in a good file ---------------------------------------------------------------------------------------


def faults(text: str) -> Iterator[str]:
    """The text without each sign in turn, with it twice, and with another sign in its place."""
    for found in TOKEN.finditer(text):
        start, end = found.span()
        token = found.group()
        if token in SIGNS:
            yield text[:start] + text[end:]
            yield text[:start] + token + token + text[end:]
            yield from (text[:start] + other + text[end:] for other in SIGNS if other != token)
        elif token[0] == '"':
            yield text[:start] + text[start + 1 :]
            yield text[: end - 1] + text[end:]


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_fault_is_mended_or_refused_and_never_silently_wrong(layout: str) -> None:
    outcomes: Counter[str] = Counter()
    # Every fourth fault, another one in each layout: all of them take a minute and say no more.
    for broken in itertools.islice(faults(LAYOUTS[layout]), list(LAYOUTS).index(layout), None, 4):
        if is_json(broken):
            continue
        document = parse(broken)
        text = mended(document, repair(document, SCHEMA), Applicability.SAFE)
        outcome = "refused" if text == broken else "right" if json.loads(text) == CONFIGURATION else "wrong"
        outcomes[outcome] += 1
    assert outcomes["wrong"] == 0
    assert outcomes["right"] > 1.5 * outcomes["refused"]


def is_start_of(value: Any, whole: Any) -> bool:
    """Whether a value is what is left of another that was cut off."""
    if isinstance(value, dict) and isinstance(whole, dict):
        keys = list(value)
        if keys != list(whole)[: len(keys)]:
            return False
        return all(value[key] == whole[key] for key in keys[:-1]) and all(
            is_start_of(value[key], whole[key]) for key in keys[-1:]
        )
    if isinstance(value, list) and isinstance(whole, list):
        return value[:-1] == whole[: len(value[:-1])] and all(
            is_start_of(one, other) for one, other in zip(value[-1:], whole[len(value) - 1 :], strict=False)
        )
    return bool(value == whole)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_cut_text_keeps_what_is_there_and_says_so(layout: str) -> None:
    whole = LAYOUTS[layout]
    for found in TOKEN.finditer(whole):
        document = parse(whole[: found.end()])
        result = repair(document, SCHEMA)
        text = mended(document, result, Applicability.SAFE, Applicability.UNSAFE)
        if text != document.text:
            assert is_start_of(json.loads(text), CONFIGURATION), document.text
            assert any("the file ends" in one.message for one in result.diagnostics)


@given(st.sampled_from(list(LAYOUTS.values())), st.data())
@relaxed
def test_what_no_edit_touches_stays(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    broken = text[:place] + data.draw(PIECES) + text[place:]
    document = parse(broken)
    result = repair(document, SCHEMA)
    edits = sorted(edit for one in result.diagnostics if one.fix is not None for edit in one.fix.edits)
    if result.complete:
        kept = []
        done = 0
        for edit in edits:
            kept.append(broken[done : edit.start])
            done = edit.end
        after = apply_edits(broken, edits)
        position = 0
        for piece in [*kept, broken[done:]]:
            position = after.index(piece, position) + len(piece)
