"""Where a document holds secrets: by the place in the schema, by the name beside them, by their looks."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, TypeAlias

from k6cfg.k6.member_lookup import fold
from k6cfg.k6.secrets.patterns import (
    HERE_DOCUMENT,
    NAMED_VALUE,
    SHAPE,
    TOLD_VALUE,
    entry_of,
    may_look_secret,
    may_name_secret,
    misspelt_secret,
    names_secret,
    opened_by,
    secret_name,
    setting_of,
)
from k6cfg.k6.secrets.randomness import words_of_chance
from k6cfg.schema import Node as SchemaNode
from k6cfg.schema import Schema
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span
from k6cfg.text.scanner import COMMENTS, STRINGS, TRIVIA, Kind, Token
from k6cfg.text.tree import Array, Bogus, Document, Member, Object, Scalar, Value

_STRUCTURE: Final = frozenset({Kind.COLON, Kind.OPEN_BRACE, Kind.OPEN_BRACKET})
_CLOSING: Final = frozenset({Kind.CLOSE_BRACE, Kind.CLOSE_BRACKET})
_OPENING: Final = frozenset({Kind.OPEN_BRACE, Kind.OPEN_BRACKET})
_NAMING: Final = STRINGS | {Kind.WORD}
_SPEAKING: Final = _NAMING | COMMENTS
_SIGNS: Final = frozenset({"=", "=>", ";"})
_TAIL: Final = 160
"""How many characters the end of a string has that may name a secret."""
_LONGEST_BLOCK: Final = 1000
"""How many characters an object in comments has whose values are secrets."""
_FARTHEST: Final = 4096
"""How many characters a string goes on for whose closing quote is not on its line."""

_PARAMETER: Final = late(r"[?&][\w.-]{1,100}=")
_MOST_PARAMETERS: Final = 20
"""How many secrets of a URL are hidden one by one; what follows them is hidden whole."""

_FREE: Final = frozenset({"any", "any-value", "raw", "string", "plain-string"})
"""Types of values that may be anything, so that only their names tell; others are thresholds, hosts and the like."""

_Nodes: TypeAlias = tuple[SchemaNode, ...]


def by_place(document: Document, schema: Schema) -> Iterator[Span]:
    """Values that the schema calls secret, or whose key does, and what stands in place of an object with secrets."""
    if document.root is None:
        return
    tops = {id(document.root), *map(id, document.rest)}
    pending: list[tuple[Value, _Nodes, bool]] = [(document.root, (schema.root,), False)]
    pending += [(value, (schema.root,), False) for value in document.rest]
    while pending:
        value, nodes, secret = pending.pop()
        if isinstance(value, Object):
            for member in value.members:
                # In a map of secrets, such as headers, keys are names; elsewhere a secret has no business with keys.
                swapped = _is_swapped(document, schema, member, nodes)
                if member.key is not None and (swapped or _is_no_name(secret, nodes)):
                    yield inner(member.key)
                if member.value is not None:
                    below, named = _member(schema, document.key(member), nodes)
                    pending.append((member.value, below, secret or named))
        elif isinstance(value, Array):
            items = tuple(node.items for node in nodes if node.items is not None)
            stands = id(value) not in tops and _stand_for_an_object(nodes)
            # A list in place of an object with secrets: of its strings nobody can tell which one is the token.
            pending += [(item, nodes if stands else items, secret) for item in value.items]
        elif isinstance(value, Scalar) and value.kind is Kind.NULL:
            continue
        elif secret or (
            _is_text(value)
            and (not document.rest if id(value) in tops else _stand_for_an_object(nodes))
            and inner(value).end - inner(value).start >= _SHORTEST
        ):
            yield inner(value)


_SHORTEST: Final = 6
"""Characters: what is shorter in place of an object is a mistake, and no token."""


def _is_no_name(secret: bool, nodes: _Nodes) -> bool:  # noqa: FBT001 - as it is known of the object
    return secret and not any(node.values is not None for node in nodes)


def _is_swapped(document: Document, schema: Schema, member: Member, nodes: _Nodes) -> bool:
    """Whether a member of an object with secrets has its secret as the key: before the name, or without one."""
    if member.key is None or not any(inner_node.secret for node in nodes for inner_node in node.properties.values()):
        return False
    if _member(schema, document.key(member), nodes)[0]:
        return False
    value = member.value
    if value is None:
        return True
    return isinstance(value, Scalar) and _is_text(value) and names_secret(document.source(value), schema.secret_names)


def _is_text(value: Scalar | Bogus) -> bool:
    return isinstance(value, Scalar) and value.kind in _NAMING


def _stand_for_an_object(nodes: _Nodes) -> bool:
    """Whether a text is where an object with secrets in it belongs: the token without what goes around it."""
    return any(node.properties and _holds_secrets(node) for node in nodes)


@cache
def _holds_secrets(node: SchemaNode) -> bool:
    return node.secret or any(_holds_secrets(inner_node) for inner_node in node.below(obsolete=True))


@lru_cache(maxsize=4096)  # the keys of one file are those of the next
def _member(schema: Schema, name: str, nodes: _Nodes) -> tuple[_Nodes, bool]:
    """The schema nodes that may describe what stands under a key, and whether that is secret.

    A key that one version or executor knows as secret is secret for all: masking too much is no harm.
    """
    known = [inner_node for node in nodes for inner_node in _keys(node).get(fold(name), ())]
    values = [node.values for node in nodes if node.values is not None]
    secret = any(node.secret for node in (*known, *values))
    if not secret and not known and all(node.type in _FREE for node in values):
        names = schema.secret_names
        secret = secret_name(name) or (not values and (fold(name) in names or misspelt_secret(name, names)))
    return (*known, *values), secret


@cache
def _keys(node: SchemaNode) -> dict[str, _Nodes]:
    """What a key may be, by its folded name, in whichever shape the object has and whichever version reads it."""
    found: dict[str, _Nodes] = {}
    for shape in (node, *node.variants.values(), *node.obsolete_variants.values()):
        for key, below in (*shape.properties.items(), *shape.obsolete.items()):
            found[fold(key)] = (*found.get(fold(key), ()), below)
    return found


def inner(value: Scalar | Bogus) -> Span:
    """The span of a scalar without its quotes."""
    kind = value.kind if isinstance(value, Scalar) else Kind.WORD
    if kind is Kind.OPEN_STRING:
        return Span(value.start + 1, value.end)
    if kind in STRINGS:
        return Span(value.start + 1, value.end - 1)
    return value.span


def _is_number(document: Document, span: Span) -> bool:
    """Whether a span is a whole number of sound JSON: its digits alone do not make it a token."""
    if document.diagnostics or not document.text[span.start : span.end].isdecimal():
        return False
    at = bisect_left(document.tokens, span.start, key=lambda token: token.start)
    return at < len(document.tokens) and tuple(document.tokens[at]) == (Kind.NUMBER, *span)


def by_looks(document: Document, schema: Schema) -> Iterator[Span]:
    """What looks like a secret or stands behind a secret's name, in plain sight or behind escapes."""
    text = document.text
    for found in SHAPE.finditer(text) if may_look_secret(text) else ():
        span = Span(*found.span(found.lastindex or 0))
        if not _is_number(document, span):
            yield span
    named, escaped = may_name_secret(text), "\\" in text
    for index, token in enumerate(document.tokens) if named or escaped else ():
        if token[0] not in _SPEAKING:
            continue
        piece = text[token.start : token.end]
        if named and (":" in piece or "=" in piece) and may_name_secret(piece):
            yield from _named_values(document, token)
        if named and may_name_secret(piece):  # the sign between a name and its value is lost, perhaps
            yield from words_of_chance(text, token.start, token.end)
        if token.kind is Kind.STRING and "\\" in piece:
            plain = document.string(Scalar(index, token))
            if any(pattern.search(plain) for pattern in (SHAPE, NAMED_VALUE, entry_of(schema.secret_names))):
                yield Span(token.start + 1, token.end - 1)


def _named_values(document: Document, token: Token) -> Iterator[Span]:
    """The values of secrets that are named in a string or comment; in the query of a URL, up to the next parameter."""
    text, at = document.text, token.start
    address = text.find("://", token.start, token.end) if not document.diagnostics else -1
    for step in range(_MOST_PARAMETERS + 1):
        found = NAMED_VALUE.search(text, at, token.end)
        if found is None:
            return
        span = Span(*found.span(found.lastindex or 0))
        asked = text.rfind("?", token.start, found.start())
        parameter = max(asked, text.rfind("&", token.start, found.start()))
        if step < _MOST_PARAMETERS and 0 <= address < asked and _PARAMETER.fullmatch(text, parameter, span.start):
            following = _PARAMETER.search(text, span.start, span.end)
            span = Span(span.start, following.start() if following else span.end)
        yield span
        at = max(span.end, at + 1)


# -- by what stands beside it, in a text with faults ------------------------------------------------------------------


def by_neighbour(document: Document, schema: Schema) -> Iterator[Span]:
    """Whatever follows a secret's name, up to the end of its entry or its line."""
    names = schema.secret_names
    yield from _by_lines(document.text, names)
    entry = _Entry()
    silent: set[str] = set()  # what was seen to say nothing of secrets: most keys of a long text, and many values
    for index, token in enumerate(document.tokens):
        kind = token[0]
        text = document.text[token.start : token.end]
        if not entry.open and (kind not in _SPEAKING or text in silent):
            continue
        if _is_quoting(kind, text):
            yield from _entries(document, token, text, names)
            if kind in STRINGS and opened_by(names).search(text[-_TAIL:]):
                entry = _Entry(open=True)  # its quotes are the wrong ones, and the value follows
                continue
        tales = list(_told(token, text)) if kind in _SPEAKING else []
        yield from tales
        if entry.open and kind in COMMENTS and not entry.filled:
            yield Span(token.start, token.end)  # between the name and the value
        told = kind in _SPEAKING and NAMED_VALUE.search(text) is not None
        entry.move(token, text)
        if entry.open and entry.after_comma and kind in _NAMING and _is_key(document, index):
            entry = _Entry()
        if entry.open and (kind in _NAMING or kind is Kind.NUMBER) and text not in _SIGNS:
            entry.filled = entry.filled or any(map(str.isalnum, text))  # signs alone: the value is still to come
            yield _whole(document, index, token)
        if not entry.open and kind in _NAMING and not told:
            name = document.string(Scalar(index, token)) if kind is Kind.STRING and "\\" in text else text
            entry = _Entry(open=names_secret(name, names))
            if not entry.open and not tales:
                silent.add(text)


def _by_lines(text: str, names: frozenset[str]) -> Iterator[Span]:
    """What lines of other formats set, and here-documents."""
    yield from (Span(*found.span("value")) for found in setting_of(names).finditer(text))
    if "<<" in text:
        yield from (Span(*found.span("value")) for found in HERE_DOCUMENT.finditer(text))


def _told(token: Token, text: str) -> Iterator[Span]:
    for found in TOLD_VALUE.finditer(text):
        yield Span(token.start + found.start(1), token.start + found.end(1))


def _is_quoting(kind: Kind, text: str) -> bool:
    """Whether a token may hold entries itself: a comment, a string with faults, or one with quotes in it."""
    return kind in COMMENTS or (kind in STRINGS and (kind is not Kind.STRING or "\\" in text))


def _entries(document: Document, token: Token, text: str, names: frozenset[str]) -> Iterator[Span]:
    """The values of secrets in a token that quotes entries; of an object in comments, the lines below its name."""
    for found in entry_of(names).finditer(document.text, token.start, token.end):
        yield Span(*found.span(found.lastindex or 0))
    if token.kind in COMMENTS and text.endswith("{") and opened_by(names).search(text[-_TAIL:]):
        last = min(len(document.text), token.end + _LONGEST_BLOCK)
        closing = document.text.find("}", token.end, last)
        yield Span(token.end, last if closing < 0 else closing)


@dataclass(slots=True)
class _Entry:
    """The entry of a secret's name that we may be in.

    ``filled``: its value has begun, so a line's end ends it. ``after_comma``: what follows is part of it only where it
    is no entry of its own. ``signed``: there was a sign after the name. ``stray``: a closing bracket stood before the
    value. ``depth``: how many brackets of its value are open; all that is in them belongs to it.
    """

    open: bool = False
    filled: bool = False
    after_comma: bool = False
    signed: bool = False
    stray: bool = False
    depth: int = 0

    def move(self, token: Token, text: str) -> None:
        self.signed = self.signed or token.kind is Kind.COLON or text in _SIGNS
        if token.kind in _OPENING and (self.depth or not self.filled):
            self.depth += self.open
        elif token.kind in _CLOSING and self.depth > 1:
            self.depth -= 1
        elif self.depth and token.kind not in _CLOSING:
            return
        elif token.kind in _CLOSING and self.signed and not self.filled and not self.stray:
            self.stray = True  # what follows at once may be the value, after a bracket too many
        elif token.kind in _CLOSING or (self.filled and token.kind in TRIVIA and ("\n" in text or "\r" in text)):
            self.open = False
        elif token.kind is Kind.COMMA:
            self.after_comma = self.filled
            self.open = self.filled or not self.stray


def _is_key(document: Document, index: int) -> bool:
    """Whether the token at ``index`` is the key of another entry, or a string of its own: not the rest of a value."""
    following = document.significant(index + 1, 1)
    kind = document.tokens[index].kind
    return kind in STRINGS or (following is not None and document.tokens[following].kind is Kind.COLON)


def _whole(document: Document, index: int, token: Token) -> Span:
    """The span of a value; of a string that is not closed on its line, up to the next quote."""
    span = inner(Scalar(index, token))
    if token.kind is Kind.OPEN_STRING:
        closing = document.text.find('"', token.end, token.end + _FARTHEST)
        return Span(span.start, closing if closing >= 0 else span.end)
    return span
