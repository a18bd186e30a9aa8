"""Offsets, lines and pointers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.text.location import LineIndex, Position, pointer, pointer_parts


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, Position(1, 1)),
        ("ab", 2, Position(1, 3)),
        ("a\nb", 2, Position(2, 1)),
        ("a\r\nb", 3, Position(2, 1)),
        ("a\r\nb", 2, Position(1, 3)),
        ("a\rb", 2, Position(2, 1)),
        ("a\n", 2, Position(2, 1)),
    ],
)
def test_position(text: str, offset: int, expected: Position) -> None:
    assert LineIndex(text).position(offset) == expected


def test_line_has_no_ending() -> None:
    lines = LineIndex("a\r\nb\n\nc")
    assert [lines.line(number) for number in range(1, len(lines) + 1)] == ["a", "b", "", "c"]


def test_pointer_escapes() -> None:
    assert pointer(["a/b", "~", 0]) == "/a~1b/~0/0"
    assert pointer([]) == ""


@given(st.lists(st.text()))
def test_pointer_round_trip(parts: list[str]) -> None:
    assert pointer_parts(pointer(parts)) == parts


@pytest.mark.parametrize("text", ["a", "/~2", "/~"])
def test_no_pointer(text: str) -> None:
    with pytest.raises(ValueError, match="JSON Pointer"):
        pointer_parts(text)
