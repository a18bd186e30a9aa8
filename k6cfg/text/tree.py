"""The lossless tree of a text: which tokens make which value. Read-only once the parser has built it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from k6cfg.text.diagnostics import Diagnostic
from k6cfg.text.encoding import UTF_8
from k6cfg.text.location import LineIndex, Span
from k6cfg.text.scanner import TRIVIA, Kind, Plain, Token


class Node:
    """A stretch of tokens: from the token with the index ``first`` to the one with the index ``last``, both included.

    ``start`` and ``end`` are the offsets that those tokens cover.
    """

    __slots__ = ("end", "first", "last", "start")

    # Each kind of node says this again: a call of super() would double what it costs to make one.
    def __init__(self, first: int, token: Plain) -> None:
        self.first = self.last = first
        _, self.start, self.end = token

    @property
    def span(self) -> Span:
        """The characters of the node."""
        return Span(self.start, self.end)

    def stretch(self, last: int, token: Token) -> None:
        """Make ``token`` the last of the node. For the parser alone."""
        self.last, self.end = last, token.end


class Scalar(Node):
    """A string, number, literal, or a word in the place of one; ``kind`` is that of its token."""

    __slots__ = ("kind",)

    def __init__(self, first: int, token: Plain) -> None:
        self.first = self.last = first
        self.kind, self.start, self.end = token


class Member(Node):
    """A key, a colon and a value. In a broken text any of the three may be missing, but not all."""

    __slots__ = ("colon", "key", "value")

    def __init__(self, first: int, token: Plain, key: Scalar | None) -> None:
        self.first = self.last = first
        _, self.start, self.end = token
        self.key = key
        self.colon: int | None = None
        """The index of the colon's token."""
        self.value: Value | None = None


class Object(Node):
    """Braces around members. ``closed`` is False where the text ends, or another bracket closes, before the brace."""

    __slots__ = ("closed", "members")

    def __init__(self, first: int, token: Plain) -> None:
        self.first = self.last = first
        _, self.start, self.end = token
        self.members: list[Member] = []
        self.closed = False


class Array(Node):
    """Brackets around items."""

    __slots__ = ("closed", "items")

    def __init__(self, first: int, token: Plain) -> None:
        self.first = self.last = first
        _, self.start, self.end = token
        self.items: list[Value] = []
        self.closed = False


class Bogus(Node):
    """Tokens that could not be placed."""

    __slots__ = ()


Value: TypeAlias = Scalar | Object | Array | Bogus


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text, its tokens, its tree and what keeps it from being JSON.

    ``root`` is None where the text holds no value at all. ``rest`` are the values after the first, which k6 refuses.
    A document without diagnostics of severity error is JSON to k6.
    """

    text: str
    encoding: str = UTF_8
    tokens: Sequence[Token]
    root: Value | None
    rest: Sequence[Value] = ()
    diagnostics: Sequence[Diagnostic] = ()
    _strings: dict[int, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def lines(self) -> LineIndex:
        """Where the lines of the text start."""
        return LineIndex(self.text)

    def source(self, node: Node) -> str:
        """The text of a node, as written."""
        return self.text[node.start : node.end]

    def string(self, scalar: Scalar) -> str:
        """What a string means, its escapes resolved, as Go resolves them but for lone surrogates, which stay.

        For a scalar that is no well-formed string: its characters, without quotes where it has some.
        """
        if scalar.kind is Kind.STRING:
            plain_text = self.text[scalar.start + 1 : scalar.end - 1]
            if "\\" not in plain_text:
                return plain_text
        known = self._strings.get(scalar.first)
        if known is None:
            known = self._strings[scalar.first] = self._read_string(scalar)
        return known

    def _read_string(self, scalar: Scalar) -> str:
        text = self.source(scalar)
        if scalar.kind is Kind.STRING:
            return str(json.loads(text))
        if scalar.kind is Kind.OPEN_STRING:
            return text[1:]
        if scalar.kind in (Kind.LOOSE_STRING, Kind.FOREIGN_STRING):
            return text[1:-1]
        return text

    def significant(self, index: int, step: int) -> int | None:
        """The index of the nearest token that is no trivia, from ``index`` on (included), in the direction ``step``."""
        while 0 <= index < len(self.tokens):
            if self.tokens[index].kind not in TRIVIA:
                return index
            index += step
        return None

    def key(self, member: Member) -> str:
        """The decoded key of a member; ``""`` for one that has none."""
        return self.string(member.key) if member.key is not None else ""

    def walk(self) -> Iterator[Node]:
        """Every member and value of the tree in the order of the text, a member before its value.

        Iterative and linear, so deep documents are no danger.
        """
        pending: list[Node] = list(reversed([self.root, *self.rest])) if self.root is not None else []
        while pending:
            node = pending.pop()
            yield node
            if isinstance(node, Object):
                pending += reversed(node.members)
            elif isinstance(node, Array):
                pending += reversed(node.items)
            elif isinstance(node, Member) and node.value is not None:
                pending.append(node.value)


_LITERALS: Final[dict[Kind, object]] = {Kind.TRUE: True, Kind.FALSE: False, Kind.NULL: None}


def plain(document: Document, node: Value | None) -> object:
    """The plain Python data of a value: dict, list, str, int, float, bool or None.

    The last of several equal keys wins. Words and bogus stretches of a broken text come out as strings. Numbers without
    fraction and exponent are integers of any size. Iterative, so depth is no danger.
    """
    results: list[object] = []
    holder: list[object] = results
    pending: list[tuple[Value | None, dict[str, object] | list[object], str | None]] = [(node, holder, None)]
    while pending:
        current, target, key = pending.pop()
        made = _leaf(document, current)
        if isinstance(target, dict):
            target[key or ""] = made
        else:
            target.append(made)
        if isinstance(current, Object) and isinstance(made, dict):
            last = {document.key(member): member for member in current.members}
            made.update(dict.fromkeys(last))  # in the order of the text; the values come later, from the back
            pending += [(member.value, made, name) for name, member in last.items()]
        elif isinstance(current, Array) and isinstance(made, list):
            pending += [(item, made, None) for item in reversed(current.items)]
    return results[0]


def _leaf(document: Document, node: Value | None) -> object:
    if node is None:
        return None
    if isinstance(node, Object):
        return {}
    if isinstance(node, Array):
        return []
    if isinstance(node, Bogus):
        return document.source(node)
    if node.kind in _LITERALS:
        return _LITERALS[node.kind]
    if node.kind is Kind.NUMBER:
        return number(document.source(node))
    return document.string(node)


_MANY_DIGITS: Final = 4000  # int() refuses more, to keep conversion from being quadratic


class Large(float):
    """A number that no float holds: infinite, with the text that it is written as. ``values.as_json`` writes it."""

    text = ""


def number(text: str) -> int | float:
    """The value of a JSON number: an integer where it is written as one, however large, else a float."""
    if any(character in text for character in ".eE") or len(text) > _MANY_DIGITS:
        value = float(text)
        if abs(value) < _INFINITE:
            return value
        large = Large(text)
        large.text = text
        return large
    return int(text)


_INFINITE: Final = float("inf")
