"""Any text has a document, and what is wrong with it is where k6 stops."""

import gc
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.text import parser
from k6cfg.text.diagnostics import Severity
from k6cfg.text.parser import MAX_DEPTH, locate, parse
from k6cfg.text.tree import Array, Member, Object, plain

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        '"a"',
        "'b'",
        " ",
        "\n",
        "1",
        "true",
        "nul",
        "//x\n",
        '"x',
        "/*",
        "\\",
        "05",
        '{"a":1}',
        "=>",
        "\ufeff",
    ]
)


@given(JSON_VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_parses_to_its_value(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = parse(text)
    assert not [found for found in document.diagnostics if found.severity is Severity.ERROR]
    assert plain(document, document.root) == json.loads(text)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_anything_parses(text: str) -> None:
    document = parse(text)
    assert "".join(text[token.start : token.end] for token in document.tokens) == text
    for node in document.walk():
        assert 0 <= node.start <= node.end <= len(text)
        inner: list[Member] | list[object] = []
        if isinstance(node, Object):
            inner = node.members
        assert all(
            node.start <= member.start and member.end <= node.end for member in inner if isinstance(member, Member)
        )
    for found in document.diagnostics:
        assert 0 <= found.span.start <= found.span.end <= len(text)
        locate(document, found.span.start)
    plain(document, document.root)


@given(st.lists(PIECES).map("".join))
def test_verdict_is_that_of_a_strict_parser(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        assert parse(text).diagnostics
    else:
        assert not parse(text).diagnostics


@pytest.mark.parametrize(
    ("text", "rule", "offset"),
    [
        ('{\n    "collectors" {}\n}', parser.MISSING_COLON, 18),
        ('{"a": 1 "b": 2}', parser.MISSING_COMMA, 7),
        ('{"a": 1,}', parser.EXTRA_COMMA, 7),
        ('{"a": 1,, "b": 2}', parser.EXTRA_COMMA, 8),
        ("[1,]", parser.EXTRA_COMMA, 2),
        ("[1 2]", parser.MISSING_COMMA, 2),
        ('{"a":: 1}', parser.EXTRA_COLON, 5),
        ('{"a" = 1}', parser.MISSING_COLON, 5),
        ('{"a"}', parser.MISSING_VALUE, 4),
        ("{a: 1}", parser.BARE_KEY, 1),
        ('{"a": ture}', parser.BARE_VALUE, 6),
        ("{'a': 1}", parser.FOREIGN_QUOTES, 1),
        ('{"a": 1', parser.UNCLOSED, 7),
        ('{"a": [1}', parser.UNCLOSED, 8),
        ('{"a": 1]}', parser.STRAY_CLOSER, 7),
        ("{} {}", parser.TRAILING_TEXT, 3),
        ("", parser.EMPTY, 0),
        (" \n", parser.EMPTY, 0),
        ("\ufeff{}", parser.BYTE_ORDER_MARK, 0),
        ("{\xa0}", parser.ODD_SPACE, 1),
        ('{"a": "\\x"}', parser.BAD_STRING, 6),
        ('{"a": "x}\n', parser.OPEN_STRING, 6),
        ("{} // x", parser.COMMENT, 3),
    ],
)
def test_first_fault_and_its_place(text: str, rule: object, offset: int) -> None:
    first = parse(text).diagnostics[0]
    assert (first.rule, first.span.start) == (rule, offset)


def test_utf_16_is_one_finding() -> None:
    found = parse("\ufeff{}", "utf-16-le").diagnostics
    assert [one.rule for one in found] == [parser.ENCODING]
    assert "UTF-16" in found[0].message


def test_invalid_bytes_in_a_string_are_a_warning() -> None:
    (found,) = parse('{"a": "caf\udce9"}').diagnostics
    assert (found.rule, found.severity) == (parser.INVALID_UTF_8, Severity.WARNING)
    assert found.fix is not None
    assert [edit.text for edit in found.fix.edits] == ["é"]


def test_depth_is_counted_as_k6_does() -> None:
    assert not parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).diagnostics
    deeper = parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).diagnostics
    assert [one.rule for one in deeper] == [parser.TOO_DEEP]


@pytest.mark.parametrize("piece", ["[", '{"a":', "{]", "[}", "]", ",", ":", '"a"', "[{"])
def test_deep_and_wrong_texts_cost_linear_time(piece: str) -> None:
    def cost(count: int) -> float:
        gc.disable()  # it would walk over whatever else the process holds
        start = time.process_time()
        document = parse(piece * count)
        plain(document, document.root)
        spent = time.process_time() - start
        gc.enable()
        return spent

    small = min(cost(2_500) for _ in range(2))
    assert min(cost(20_000) for _ in range(2)) < 25 * small + 0.2


def test_a_hundred_thousand_levels() -> None:
    document = parse("[" * 100_000)
    depth = sum(isinstance(node, Array) for node in document.walk())
    assert depth == 100_000


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ('{"a": {"b": [1, {"c/d": 2}]}}', 24, "/a/b/1/c~1d"),
        ('{"a": 1}', 0, ""),
        ('{"a" {"b": 1}}', 4, "/a"),
        ("[1, 2]", 4, "/1"),
    ],
)
def test_locate(text: str, offset: int, expected: str) -> None:
    assert locate(parse(text), offset) == expected


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ('{"a": 1}', 8),
        ('{"a" 1}', 5),
        ('{"a": 1,}', 8),
        ('{"a: 1}\n', 7),
        ('{"a: "b"}', 6),
        ('{"a": "\\x"}', 8),
        ('{"a": "\\u12g4"}', 11),
        ('{"a": tru}', 9),
        ('{"a": 01}', 7),
        ('{"a": -}', 7),
        ('{"a": 1.}', 8),
        ('{"a": 1e+}', 9),
        ("[1 2]", 3),
        ("[1]]", 3),
        ("{} x", 3),
        ("\ufeff{}", 0),
        ('{"a": [1}', 8),
        ("[", 1),
    ],
)
def test_k6_stops_at_the_first_character_that_no_json_has_there(text: str, offset: int) -> None:
    assert parser.stop(text) == offset


@given(st.lists(PIECES).map("".join))
def test_k6_stops_no_sooner_than_a_strict_parser_and_for_one_character(text: str) -> None:
    place, strict = parser.stop(text), len(text)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        strict = error.pos
    assert strict <= place
    assert parser.stop(text[: place + 1]) == place
