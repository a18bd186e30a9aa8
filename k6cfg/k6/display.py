"""What k6 reads from a document as plain data: keys in k6's spelling, nothing unset, no secret unless asked.

The tree is of dicts, lists and leaves. A leaf knows what was written and what that means to k6, so that two files can
be compared by the one and shown by the other.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from k6cfg.k6.decode import Read, Reading, expression
from k6cfg.k6.secrets import MARK, Mask, key_without_secrets, secrets, with_those_of, without_secrets
from k6cfg.schema import Schema
from k6cfg.text.encoding import UTF_8
from k6cfg.text.location import Span
from k6cfg.text.parser import parse
from k6cfg.text.scanner import STRINGS, Kind
from k6cfg.text.tree import Array, Document, Large, Object, Scalar, Value, plain

_UNORDERED: Final = frozenset({"system-tags", "tag-set", "cidr-list", "hostname-list"})
"""Lists of which k6 makes a set, or asks each entry in turn: their order means nothing."""
_DEEPEST: Final = 100
"""Containers within each other that are looked into; what is deeper is one leaf. No file of people's is so deep."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value as it is written, and what it means.

    ``means`` is equal for two leaves that k6 reads as the same: 60000 and ``"1m"``, ``5`` and ``"5"``. ``shown`` is
    what is written without a secret in it; the two differ where ``secret``. ``pointer`` is where it stands, keys as
    written.
    """

    means: object
    written: object
    shown: object
    pointer: str

    @property
    def secret(self) -> bool:
        """Whether there is a secret in it."""
        return self.shown != self.written


Seen: TypeAlias = "Leaf | dict[str, Seen] | list[Seen]"
"""What is set at a place."""


def seen(reading: Reading, secrets: tuple[Span, ...]) -> Seen:
    """All that k6 reads from a document; ``secrets`` are the spans that ``masking.secrets`` found in it."""
    return _View(reading, secrets).at(reading.root) or {}


def seen_at(reading: Reading, secrets: tuple[Span, ...], read: Read) -> "Seen | None":
    """What k6 reads at one place of a reading; None where nothing is set."""
    return _View(reading, secrets).at(read)


def unread(document: Document, secrets: tuple[Span, ...], value: Value, pointer: str) -> Seen:
    """A value that k6 does not look into, as it is written."""
    return _Text(document, secrets).tree(value, pointer, 0)


def shown(value: Seen) -> object:
    """The plain data of a tree as it is written, without secrets."""
    return _plain(value, reveal=False)


def written(value: Seen) -> object:
    """The plain data of a tree as it is written, secrets and all."""
    return _plain(value, reveal=True)


def _plain(value: Seen, *, reveal: bool) -> object:
    if isinstance(value, Leaf):
        return value.written if reveal else value.shown
    if isinstance(value, dict):
        return {key if reveal else key_without_secrets(key): _plain(each, reveal=reveal) for key, each in value.items()}
    return [_plain(each, reveal=reveal) for each in value]


class Masker:
    """Plain data that came from several sources, without what ``masking.secrets`` finds in a file with that content.

    ``known`` are texts that are secrets wherever they stand.
    """

    def __init__(self, schema: Schema, known: Iterable[str] = ()) -> None:
        self._schema = schema
        self._known = "\n".join(known)
        lines = self._known.split("\n") if self._known else []
        starts = itertools.accumulate((len(line) + 1 for line in lines), initial=0)
        self._spans = tuple(Span(start, start + len(line)) for start, line in zip(starts, lines, strict=False))

    def masked(self, data: object, route: Sequence[str] = ()) -> object:
        """Return data that stands at a route of keys without its secrets."""
        for part in reversed(route):
            data = {part: data}
        document = parse(as_json(data, ensure_ascii=False), UTF_8)
        if document.root is None:
            return MARK
        spans = with_those_of(document.text, secrets(document, self._schema), self._known, self._spans)
        made = shown(unread(document, spans, document.root, ""))
        for _ in route:
            made = next(iter(made.values())) if isinstance(made, dict) else made
        return made


def as_json(data: object, *, ensure_ascii: bool = True) -> str:
    """Plain data as JSON on one line; a number that no float holds (``tree.Large``) is the text that it was written as.

    Python's own encoder writes ``Infinity`` for it, which is not JSON.
    """
    import json

    text = json.dumps(data, ensure_ascii=ensure_ascii)
    if "Infinity" not in text:
        return text
    mark = "number:"
    while mark in text:
        mark += ":"
    return re.sub(f'"{mark}([^"]*)"', r"\1", json.dumps(_marked(data, mark), ensure_ascii=ensure_ascii))


def _marked(data: object, mark: str) -> object:
    if isinstance(data, dict):
        return {key: _marked(each, mark) for key, each in data.items()}
    if isinstance(data, list | tuple):
        return [_marked(each, mark) for each in data]
    return mark + data.text if isinstance(data, Large) else data


def holds_secret(value: Seen) -> bool:
    """Whether there is a secret anywhere in a tree, be it in a key."""
    if isinstance(value, Leaf):
        return value.secret
    if isinstance(value, dict):
        return any(key_without_secrets(key) != key or holds_secret(each) for key, each in value.items())
    return any(map(holds_secret, value))


class _Text:
    """Values as they are written."""

    def __init__(self, document: Document, secrets: tuple[Span, ...]) -> None:
        self.document = document
        self._mask = Mask(document.text, secrets)

    def leaf(self, value: Value, pointer: str, means: object = None) -> Leaf:
        if _is_deep(value):
            return Leaf(means, self.document.source(value), self._mask.shown(value.start, value.end), pointer)
        data = plain(self.document, value)
        return Leaf((type(data), data) if means is None else means, data, self._shown(value, data), pointer)

    def _shown(self, value: Value, data: object) -> object:
        source = self.document.source(value)
        masked = self._mask.shown(value.start, value.end)
        if masked == source:
            return data
        if isinstance(value, Scalar) and value.kind in STRINGS and "\\" not in source:
            return masked[1:-1]
        return MARK

    def tree(self, value: Value, pointer: str, depth: int) -> Seen:
        if isinstance(value, Object) and any(each.key and self._mask.touches(each.key.span) for each in value.members):
            # A key that is itself a secret: the whole object is one.
            return Leaf(("deep", self.document.source(value)), plain(self.document, value), MARK, pointer)
        if depth < _DEEPEST and isinstance(value, Object):
            last = {self.document.key(each): each.value for each in value.members if each.value is not None}
            return {key: self.tree(each, f"{pointer}/{_escaped(key)}", depth + 1) for key, each in last.items()}
        if depth < _DEEPEST and isinstance(value, Array):
            return [self.tree(each, f"{pointer}/{index}", depth + 1) for index, each in enumerate(value.items)]
        means = None if isinstance(value, Scalar) else ("deep", self.document.source(value))
        return self.leaf(value, pointer, means)


class _View(_Text):
    """Values as k6 reads them."""

    def __init__(self, reading: Reading, secrets: tuple[Span, ...]) -> None:
        super().__init__(reading.document, secrets)

    def at(self, read: Read) -> "Seen | None":
        if read.text is None:
            return {} if read.valid else None
        if read.failed:
            return self.leaf(read.text, read.pointer, ("refused", self._refused(read.text)))
        if not read.valid:
            return None
        means = _means(read)
        if means is not None:
            return self.leaf(read.text, read.pointer, means)
        if isinstance(read.value, dict):
            return self._object(read)
        if isinstance(read.value, list):
            return [self.at(each) or _unset(each) for each in read.entries]
        if read.value is None:
            return self.tree(read.text, read.pointer, 0)
        if isinstance(read.text, Scalar) and read.text.kind is Kind.NULL:  # which left what an earlier duplicate set
            kept = without_secrets(read.value) if isinstance(read.value, str) else read.value
            shown_ = MARK if read.known.secret else kept
            return Leaf((type(read.value), read.value), read.value, shown_, read.pointer)
        return self.leaf(read.text, read.pointer, (type(read.value), read.value))

    def _refused(self, value: Value) -> object:
        return plain(self.document, value) if isinstance(value, Scalar) else self.document.source(value)

    def _object(self, read: Read) -> Seen:
        found: dict[str, Seen] = {}
        for key, each in read.fields.items():
            inner = self.at(each) if each.member is not None else None
            if inner is not None:
                found[key] = inner
        if read.known.unknown_keys == "kept" and isinstance(read.text, Object):
            for member in read.text.members:
                key = self.document.key(member)
                if key not in read.fields and member.value is not None:
                    found[key] = self.tree(member.value, f"{read.pointer}/{_escaped(key)}", 0)
        return found


def _is_deep(value: Value) -> bool:
    """Whether containers are in each other deeper than can be shown as JSON; such a value is shown as its text."""
    level: list[Value] = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            for inner in (
                each.items
                if isinstance(each, Array)
                else [member.value for member in each.members if member.value is not None]
                if isinstance(each, Object)
                else ()
            )
        ]
        if not level:
            return False
    return True


def _unset(read: Read) -> Leaf:
    return Leaf(None, None, None, read.pointer)


def _means(read: Read) -> object:
    """What a value means whose spelling may vary beyond numbers in quotes; None where it is what it is."""
    type_ = read.known.type
    if type_ == "duration":
        return ("duration", read.number)
    if type_ in _UNORDERED:
        return ("set", frozenset(each.string for each in read.entries))
    if type_ == "tls-versions":
        if not isinstance(read.value, dict):
            return ("versions", read.string, read.string)
        return ("versions", *(end.string if end else "" for end in map(read.fields.get, ("min", "max"))))
    if type_ == "threshold":
        text, fields = expression(read), read.fields
        stops, wait = fields.get("abortOnFail"), fields.get("delayAbortEval")
        said = (text.string if text else None, bool(stops and stops.value), wait.number if wait else 0)
        return ("threshold", *said) if not any(each.failed for each in fields.values()) else None
    return None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
