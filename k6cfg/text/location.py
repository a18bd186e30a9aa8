"""Where something is in a text: spans, lines and columns, and JSON Pointers."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open stretch of a text; both ends are offsets in characters from 0."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people count: line and column from 1, columns in characters."""

    line: int
    column: int


class LineIndex:
    """Turns offsets of one text into positions.

    A line ends with a line feed, a carriage return, or both together, as editors count. Building it is linear in the
    text, a look-up logarithmic in the number of lines.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *map(re.Match.end, _LINE_END.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """Where ``offset`` (0 to the text's length) is; inside a line ending it is still the line that it ends."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def start(self, line: int) -> int:
        """The offset at which a line (from 1) starts."""
        return self._starts[line - 1]

    def end(self, line: int) -> int:
        """The offset at which a line (from 1) ends, before its line ending."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def line(self, line: int) -> str:
        """The text of a line (from 1), without its line ending."""
        return self._text[self.start(line) : self.end(line)]


def pointer(parts: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a route of keys and indices; ``""`` is the whole document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def pointer_parts(text: str) -> list[str]:
    """The route that a JSON Pointer names, indices as text.

    Raises:
        ValueError: the text is no JSON Pointer.
    """
    if not text:
        return []
    if not text.startswith("/") or re.search(r"~(?![01])", text):
        raise ValueError("not a JSON Pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/")]
