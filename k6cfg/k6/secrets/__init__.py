"""Which places of a text hold secrets, and the text without them.

Masking is by place, before anything is formatted: no message, frame, diff or JSON output is made from a text that still
holds a secret. Where the place says nothing (an unknown key, a broken text, a comment), the name beside the value does,
and as a last net the looks of the value itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from k6cfg.k6.secrets.blocks import below_names
from k6cfg.k6.secrets.detect import by_looks, by_neighbour, by_place, inner
from k6cfg.k6.secrets.patterns import NAMED_VALUE, SHAPE, may_hold_secret, may_look_secret, may_name_secret, secret_name
from k6cfg.k6.secrets.randomness import is_of_chance, is_telling, words_of_chance
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Edit
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span
from k6cfg.text.tree import Document

__all__ = [
    "HEAD",
    "MARK",
    "Mask",
    "inner",
    "key_without_secrets",
    "may_hold_secret",
    "merged",
    "secret_name",
    "secrets",
    "with_those_of",
    "without_secrets",
]

MARK: Final = "***"

_QUOTED: Final = late(r"(?<=\")[^\"\r\n]+(?=\")")
_LINE: Final = late(r"[^\r\n]+")
_NEXT_STRING: Final = late(
    r"[\"'`][ \t]{0,80}(?:\+[ \t]{0,80})?(?:\r?\n[ \t]{0,200})?(?:\+[ \t]{0,80})?"
    r"[\"'`]([^\"'`\r\n]+)(?=[\"'`](?![ \t]{0,80}:))"
)
_PIECE: Final = late(r"[^\s\"'`,;{}\[\]]{8,}")
_LONGEST: Final = 4096
"""Characters of a secret of which pieces are looked for."""
_TELLING: Final = 4
"""A value of at least so many characters is looked for anywhere; a shorter one only between quotes."""
_MOST: Final = 50
"""Of how many secrets it is looked where else they stand: no configuration has more."""
HEAD: Final = 8
"""A message that quotes only the beginning of a long value quotes at least so many characters of it."""


def secrets(document: Document, schema: Schema) -> tuple[Span, ...]:
    """The spans of all secrets of a document, in order, not overlapping, none across a line end.

    A string's quotes are not part of its span, so that the masked text still shows its structure.
    """
    found = [*by_place(document, schema), *by_looks(document, schema)]
    if document.diagnostics:
        found += by_neighbour(document, schema)
        found += below_names(document.text, schema.secret_names)
        found += words_of_chance(document.text)
        found += _continued(document.text, found)
    spans = list(_merge(piece for span in found for piece in _lines(document.text, span)))
    values = {document.text[span.start : span.end] for span in spans}
    again = _repeated(document.text, values)
    again += _pieces(document.text, values)
    return tuple(_merge((*spans, *again)) if again else spans)


def with_those_of(text: str, spans: Sequence[Span], other: str, hidden: Sequence[Span]) -> tuple[Span, ...]:
    """The spans of secrets in a text, with those that only an other version of it (``hidden`` in ``other``) tells."""
    values = {other[span.start : span.end] for span in hidden}
    again = [*_repeated(text, values), *_pieces(text, values)]
    return tuple(_merge((*spans, *again))) if again else tuple(spans)


def _continued(text: str, spans: Iterable[Span]) -> list[Span]:
    """The strings below those that hold secrets, with nothing but a plus between them: they belong together."""
    more: list[Span] = []
    end = 0
    for span in sorted(spans):
        if span.end < end:
            continue  # it was come by already
        end = span.end
        while found := _NEXT_STRING.match(text, end):
            more.append(Span(*found.span(1)))
            end = found.end(1)
    return more


def _repeated(text: str, values: Iterable[str]) -> list[Span]:
    """Where else in the text the secrets stand: in a note, under a wrong key."""
    found = []
    for value in sorted(each for each in values if len(each) >= HEAD)[:_MOST]:
        at = text.find(value)
        while at >= 0:
            found.append(Span(at, at + len(value)))
            at = text.find(value, at + len(value))
    return found


def _pieces(text: str, values: Iterable[str]) -> Iterator[Span]:
    """Where else in a text pieces of secrets stand, as an edit that went wrong leaves them."""
    telling = sorted(value[:_LONGEST] for value in values if len(value) >= HEAD)[:_MOST]
    cuts = {cut: False for value in telling for cut in _cuts(value)}
    for value in telling:
        random = is_of_chance(value)
        cuts |= {cut: True for cut in _cuts(value) if random or is_telling(cut)}
    for word in _PIECE.finditer(text) if any(cuts.values()) else ():
        found = [at for at in range(word.start(), word.end() - HEAD + 1) if text[at : at + HEAD] in cuts]
        if any(cuts[text[at : at + HEAD]] for at in found):
            yield from (Span(at, at + HEAD) for at in found)


def _cuts(value: str) -> Iterator[str]:
    return (value[at : at + HEAD] for at in range(len(value) - HEAD + 1))


def without_secrets(text: str) -> str:
    """A single value without what looks like a secret in it."""
    if not may_look_secret(text):
        return text
    return SHAPE.sub(lambda found: found[0].replace(found[found.lastindex or 0], MARK), text)


def key_without_secrets(key: str) -> str:
    """Return a key as it may be shown: a threshold's name can hold a tag such as ``token:...``."""
    text = without_secrets(key)
    if not may_name_secret(text):
        return text
    text = NAMED_VALUE.sub(lambda found: text[found.start() : found.start(found.lastindex or 0)] + MARK, text)
    for span in sorted(words_of_chance(text), reverse=True):
        text = text[: span.start] + MARK + text[span.end :]
    return text


class Mask:
    """A text with its secrets, ready to be shown without them."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._spans = spans
        self._ends = [span.end for span in spans]
        values = sorted({text[span.start : span.end] for span in spans}, key=len, reverse=True)
        self._heads = dict.fromkeys((value[:HEAD], len(value) > HEAD) for value in values)

    def shown(self, start: int, end: int) -> str:
        """The stretch from ``start`` to ``end`` with every secret in it replaced."""
        pieces: list[str] = []
        at = start
        for index in range(bisect_left(self._ends, start + 1), len(self._spans)):
            span = self._spans[index]
            if span.start >= end:
                break
            pieces += (self._text[at : span.start], MARK)
            at = min(span.end, end)
        return "".join(pieces) + self._text[at:end]

    def told(self, words: str) -> str:
        """A message about the text, without any secret of the text that it quotes, or what looks like one."""
        for head, longer in self._heads_in(words):
            if len(head) >= _TELLING:
                if head in words:
                    words = re.sub(re.escape(head) + (r"[^\s\"'`]*" if longer else ""), MARK, words)
            else:
                for quote in "\"'`":
                    words = words.replace(f"{quote}{head}{quote}", f"{quote}{MARK}{quote}")
        # Of a text within a text, what it quotes may be no piece of it.
        words = _QUOTED.sub(lambda found: key_without_secrets(found[0]), words) if may_name_secret(words) else words
        return without_secrets(words)

    def told_pointer(self, pointer: str) -> str:
        """Return a pointer without any key that is a secret, or a piece of one."""
        parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
        shown = (MARK if self._is_piece(part) else self.told(key_without_secrets(part)) for part in parts)
        return "/".join(part.replace("~", "~0").replace("/", "~1") for part in shown)

    def _is_piece(self, part: str) -> bool:
        long = len(part) >= HEAD and not secret_name(part)
        return long and any(part in self._text[span.start : span.end] for span in self._spans[:_MOST])

    def _heads_in(self, words: str) -> Iterable[tuple[str, bool]]:
        """How secrets that may stand in some words begin; where there are far more, not each of them is looked for."""
        if len(self._heads) <= HEAD * len(words):
            return self._heads
        stretches = ((at, at + size) for size in range(1, HEAD + 1) for at in range(len(words) - size + 1))
        pieces = {words[start:end] for start, end in stretches}
        found = ((piece, longer) for piece in pieces for longer in (True, False))
        return sorted(
            (each for each in found if each in self._heads), key=lambda each: (len(each[0]), each[1]), reverse=True
        )

    def touches(self, span: Span) -> bool:
        """Whether a stretch of the text holds a piece of a secret."""
        index = bisect_left(self._ends, span.start + 1)
        return index < len(self._spans) and self._spans[index].start < span.end

    def holds_secret(self, edits: Iterable[Edit]) -> bool:
        """Whether the text that one of the edits puts in holds a secret, in its own spelling or in another."""
        return any(
            (self.touches(Span(edit.start, edit.end)) and any(map(str.isalnum, edit.text)))
            or self.told(edit.text) != edit.text
            for edit in edits
            if edit.text
        )


def _lines(text: str, span: Span) -> Iterator[Span]:
    for found in _LINE.finditer(text, span.start, span.end):
        yield Span(*found.span())


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that overlap made one."""
    return tuple(_merge(spans))


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
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
