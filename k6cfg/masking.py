"""Which places of a text hold secrets, and the text without them.

Masking is by place, before anything is formatted: no message, frame, diff or JSON output is made from a text that still
holds a secret. Where the place says nothing (an unknown key, a broken text, a comment), the name beside the value does,
and as a last net the shape of the value itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from k6cfg.diagnostics import Edit
from k6cfg.location import Span
from k6cfg.members import fold
from k6cfg.scanner import COMMENTS, STRINGS, TRIVIA, Kind, Token
from k6cfg.schema import Node as SchemaNode
from k6cfg.schema import Schema
from k6cfg.tree import Array, Bogus, Document, Member, Object, Scalar, Value

MARK: Final = "***"

_STRUCTURE: Final = frozenset({Kind.COLON, Kind.OPEN_BRACE, Kind.OPEN_BRACKET})
_ENDING: Final = frozenset({Kind.COMMA, Kind.CLOSE_BRACE, Kind.CLOSE_BRACKET})
_NAMING: Final = STRINGS | {Kind.WORD}
_SIGNS: Final = frozenset({"=", "=>", ";"})
_QUOTES: Final = "\"'`“”«»\u2018\u2019"

_NAMES: Final = r"token|passw(?:or)?d|passphrase|secret|credential|authorization|bearer|api[-_]?key|private[-_]?key"
_SECRET_NAME: Final = re.compile(_NAMES, re.IGNORECASE)
_NAMED_VALUE: Final = re.compile(
    rf"(?:{_NAMES})[\w-]*[\"'`]?(?:\s*[:=]>?\s*|\s+)[\"'`]?(?:(?:bearer|basic) )?([^\s\"'`,;}}\]]+)", re.IGNORECASE
)
_SHAPES: Final = re.compile(
    r"""
      \bgl(?:c|sa)_[\w+/=.-]+                            # Grafana's tokens say what they are
    | \beyJ[\w-]{8,4096}\.[\w-]+(?:\.[\w-]*)?               # a JSON Web Token
    | (?<=://)[^/@\s"'?\#]+(?=@)                         # user and password in a URL
    | [?&](?:\w*token|\w*key|\w*secret|password)=([^&\s"']+)
    | -----BEGIN[ A-Z]*PRIVATE\ KEY-----(?:(?!-----END)[^"])*
    """,
    re.VERBOSE,
)
_LINE: Final = re.compile(r"[^\r\n]+")


def secrets(document: Document, schema: Schema) -> tuple[Span, ...]:
    """The spans of all secrets of a document, in order, not overlapping, none across a line end.

    A string's quotes are not part of its span, so that the masked text still shows its structure.
    """
    found = [*_by_place(document, schema), *_by_shape(document)]
    if document.diagnostics:
        found += _by_neighbour(document, schema)
    return tuple(_merge(piece for span in found for piece in _lines(document.text, span)))


class Mask:
    """A text with its secrets, ready to be shown without them."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._spans = spans
        self._ends = [span.end for span in spans]
        self._values = {text[span.start : span.end] for span in spans}

    def shown(self, start: int, end: int, label: str = "") -> str:
        """The stretch from ``start`` to ``end`` with every secret in it replaced; ``label`` tells two masks apart."""
        pieces: list[str] = []
        at = start
        for span in self._spans[bisect_left(self._ends, start + 1) :]:
            if span.start >= end:
                break
            pieces += (self._text[at : span.start], MARK + label)
            at = min(span.end, end)
        return "".join(pieces) + self._text[at:end]

    def column(self, start: int, offset: int) -> int:
        """How far from ``start`` the character at ``offset`` is in the shown text. Inside a secret: where it begins."""
        inside = next((span for span in self._spans[bisect_left(self._ends, offset + 1) :]), None)
        if inside is not None and inside.start < offset < inside.end:
            offset = inside.start
        return len(self.shown(start, offset))

    def holds_secret(self, edits: Sequence[Edit]) -> bool:
        """Whether the text that one of the edits puts in holds a secret of this text."""
        return any(value in edit.text for edit in edits if edit.text for value in self._values)


def without_secrets(text: str) -> str:
    """A single value without what looks like a secret in it."""
    return _SHAPES.sub(lambda found: found[0].replace(found[found.lastindex or 0], MARK), text)


def secret_name(name: str) -> bool:
    """Whether a key of this name probably holds a secret, wherever it stands."""
    return _SECRET_NAME.search(name) is not None


# -- by place ---------------------------------------------------------------------------------------------------------


def _by_place(document: Document, schema: Schema) -> Iterator[Span]:
    if document.root is None:
        return
    pending: list[tuple[Value, tuple[SchemaNode, ...], bool]] = [(document.root, (schema.root,), False)]
    pending += [(value, (schema.root,), False) for value in document.rest]
    while pending:
        value, nodes, secret = pending.pop()
        if isinstance(value, Object):
            pending += [
                (member.value, *_member(document, member, nodes, inherited=secret))
                for member in value.members
                if member.value is not None
            ]
        elif isinstance(value, Array):
            items = tuple(node.items for node in nodes if node.items is not None)
            pending += [(item, items, secret) for item in value.items]
        elif secret and not (isinstance(value, Scalar) and value.kind is Kind.NULL):
            yield _inner(value)


def _member(
    document: Document, member: Member, nodes: tuple[SchemaNode, ...], *, inherited: bool
) -> tuple[tuple[SchemaNode, ...], bool]:
    """The schema nodes that may describe a member's value, and whether it is secret.

    A key that one version or executor knows as secret is secret for all: masking too much is no harm.
    """
    name = document.key(member)
    folded = fold(name)
    known = [inner for node in nodes for inner in _keys(node).get(folded, ())]
    known += [node.values for node in nodes if node.values is not None]
    secret = inherited or any(node.secret for node in known) or secret_name(name)
    return tuple(known), secret


@cache
def _keys(node: SchemaNode) -> dict[str, tuple[SchemaNode, ...]]:
    """What a key may be, by its folded name, in whichever shape the object has and whichever version reads it."""
    found: dict[str, tuple[SchemaNode, ...]] = {}
    shapes = (node, *node.variants.values(), *node.obsolete_variants.values())
    for shape in shapes:
        for key, inner in (*shape.properties.items(), *shape.obsolete.items()):
            found[fold(key)] = (*found.get(fold(key), ()), inner)
    return found


def _inner(value: Scalar | Bogus) -> Span:
    """The span of a scalar without its quotes."""
    kind = value.kind if isinstance(value, Scalar) else Kind.WORD
    if kind is Kind.OPEN_STRING:
        return Span(value.start + 1, value.end)
    if kind in STRINGS:
        return Span(value.start + 1, value.end - 1)
    return value.span


# -- by what stands beside it -----------------------------------------------------------------------------------------


def _by_neighbour(document: Document, schema: Schema) -> Iterator[Span]:
    """In a text with faults: whatever follows a secret's name, up to the end of its entry or its line."""
    names = schema.secret_names
    entry = _Entry()
    for token in document.tokens:
        text = document.text[token.start : token.end]
        if token.kind in COMMENTS or token.kind in _NAMING:
            for found in _NAMED_VALUE.finditer(text):
                yield Span(token.start + found.start(1), token.start + found.end(1))
        if entry.goes_on(token, text):
            if token.kind not in TRIVIA and token.kind not in _STRUCTURE and text not in _SIGNS:
                entry.filled = True
                yield _inner(Scalar(0, token))
        elif token.kind in _NAMING:
            bare = text.strip(_QUOTES).rstrip(":= ")
            if fold(bare) in names or secret_name(bare):
                entry = _Entry(open=True)


@dataclass(slots=True)
class _Entry:
    """The entry of a secret's name that we may be in. ``filled``: its value has begun, so a line's end ends it."""

    open: bool = False
    filled: bool = False

    def goes_on(self, token: Token, text: str) -> bool:
        if token.kind in _ENDING or (self.filled and token.kind in TRIVIA and ("\n" in text or "\r" in text)):
            self.open = False
        return self.open


def _by_shape(document: Document) -> Iterator[Span]:
    for found in _SHAPES.finditer(document.text):
        yield Span(*found.span(found.lastindex or 0))


# -- spans ------------------------------------------------------------------------------------------------------------


def _lines(text: str, span: Span) -> Iterator[Span]:
    for found in _LINE.finditer(text, span.start, span.end):
        yield Span(*found.span())


def _merge(spans: Iterator[Span]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if current is not None and span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
        else:
            if current is not None:
                yield current
            current = span
    if current is not None:
        yield current
