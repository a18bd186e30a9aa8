"""Which steps of a reading another reading explains as well, seen from the text that they lead to.

A closing bracket that nothing opens may be one too many, or its opening line may be lost. The search knows the first
reading only, for no text says what a lost line held. So such a step is in doubt unless every object beside it holds
what k6 knows there and nothing else: then a lost line would have left its entries in the wrong place.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from k6cfg.repairer.lexer.bare_values import SOUND
from k6cfg.repairer.search.heuristics import Hints
from k6cfg.repairer.search.state import Frame, Step
from k6cfg.text.diagnostics import Edit
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Array, Document, Object, Scalar, Value

_Path: TypeAlias = "list[tuple[Frame, Object | Array]]"

_OPENERS: Final = frozenset({"stray-opener", "doubled-opener"})
_CLOSERS: Final = frozenset({"stray-closer"})
_CHANGED: Final = frozenset(
    {"close", "close-end", "open", "wrong-opener", "sign-opener", "wrong-closer", "sign-closer"}
)
_JOINED: Final = frozenset({"colon-comma", "concatenation"})
_HALF: Final = frozenset({"quote-open", "quote-close", "stray-quote", "mixed-quotes", "bare-text", "colon-in-key"})
ASKED: Final = _OPENERS | _CLOSERS | _CHANGED | _JOINED | _HALF | {"stray-sign", "comment"}
"""The slips of which some are in doubt."""


class Judge:
    """The text after all steps, asked about single steps; ``edits`` are those that lead to it."""

    def __init__(self, after: Document, edits: Sequence[Edit], steps: Sequence[Step], hints: Hints) -> None:
        self._after = after
        self._edits = sorted(edits, key=lambda edit: (edit.start, edit.end))
        self._slips = {one.slip for one in steps}
        self._hints = hints

    def doubts(self, text: str, one: Step) -> bool:
        """Whether a step of the text before may be wrong although the search has no other reading."""
        slip = one.slip
        if slip in _OPENERS:
            return not text[: one.start].rstrip().endswith(one.detail)
        if slip in _CLOSERS:
            return not all(self._belongs(edit) for edit in one.edits)
        if slip in _CHANGED:
            return any(self._misfit(edit, known=one.detail in _KINDS) for edit in one.edits)
        if slip in _JOINED:
            return isinstance(self._path(self._offset(one.start))[-1][1], Array)
        if slip == "stray-sign":
            return text[one.end - 1 : one.end] == "\\" and text[one.end : one.end + 1] in {'"', "'"}
        if slip == "comment":
            if _HALF_STRING.match(text, one.start, one.end):
                return True  # the sign that starts it may stand for a quote
            return "close-end" in self._slips and _STRUCTURE.search(text, one.start, one.end) is not None
        return self._is_half(one)

    # -- brackets -------------------------------------------------------------------------------------------------

    def _offset(self, offset: int) -> int:
        """Where what stands at an offset of the text before stands in the text after."""
        shift = 0
        for edit in self._edits:
            if edit.start >= offset:
                break
            shift += len(edit.text) - (edit.end - edit.start)
        return offset + shift

    def _belongs(self, edit: Edit) -> bool:
        """Whether what stands around a closer that was taken out can only belong where it is now."""
        text, at = self._after.text, self._offset(edit.start)
        first, last = at, at
        while first > 0 and text[first - 1] in _RUN:
            first -= 1
        while last < len(text) and text[last] in _RUN:
            last += 1
        inner = self._path(first)
        ending = [each for each in inner if each[1].end <= last]
        beside = inner[: len(inner) - len(ending)][-1:]
        if not all(self._fits(*each) for each in ending):
            return False
        if not beside:
            return True
        frame, container = beside[0]
        node = self._hints.node(frame)
        closed = isinstance(container, Object) and node is not None and node.values is None
        return closed and self._fits(frame, container)

    def _path(self, at: int) -> _Path:
        """The objects and arrays that an offset is in, the outermost first; one that ends there counts."""
        path: _Path = []
        value: Value | None = self._after.root
        frame, key = None, ""
        while isinstance(value, Object | Array):
            frame = Frame(frame, value.start, key, is_object=isinstance(value, Object))
            path.append((frame, value))
            value, key = next(
                ((inner, name) for name, inner in self._entries(value) if inner.start < at <= inner.end), (None, "")
            )
        return path

    def _entries(self, container: Object | Array) -> Iterator[tuple[str, Value]]:
        if isinstance(container, Array):
            for item in container.items:
                yield "", item
            return
        for member in container.members:
            if member.key is not None and member.value is not None:
                yield self._after.source(member.key), member.value

    def _fits(self, frame: Frame, container: Object | Array) -> bool:
        """Whether k6 knows every key of an object, and takes every value or item where it stands."""
        return all(
            self._hints.names_key(frame, key)
            and not self._hints.names_below(frame, key)
            and not self._hints.value(frame, key, self._after.source(value))
            for key, value in self._entries(container)
        )

    def _misfit(self, edit: Edit, *, known: bool) -> bool:
        """Whether a bracket that was put in belongs to an object or array where k6 takes none.

        ``known``: nor where nothing is known of what k6 takes.
        """
        first = self._offset(edit.start)
        last = first + len(edit.text)
        return any(
            (first <= container.start <= last or first <= container.end <= last + 1)
            and (
                self._hints.value(frame.parent, frame.key, self._after.text[container.start])
                or (known and self._hints.node(frame) is None)
            )
            for at in (first, last)
            for frame, container in self._path(at)
        )

    # -- quotes ---------------------------------------------------------------------------------------------------

    def _is_half(self, one: Step) -> bool:
        """Whether a string that lacked a quote ends in what may stand for it, or is no text but for its quote."""
        start, end = self._offset(one.start), self._offset(one.end)
        end += sum(len(edit.text) for edit in one.edits if edit.start == edit.end == one.end)
        path = self._path(end)
        if not path:
            return False
        frame, container = path[-1]
        for key, value in self._entries(container):
            if one.slip == "stray-quote" and value.start <= start <= value.end and isinstance(value, Scalar):
                if value.kind is not Kind.STRING and not self._hints.value(frame, key, '"'):
                    return True  # the text of a number, which k6 takes as well
            elif value.start <= start and end <= value.end and self._after.text[value.start] == '"':
                content = self._after.text[value.start + 1 : value.end - 1]
                plain = SOUND.fullmatch(content.strip(" \t,;"))
                kind = content.strip(" \t,;")[:1] or '"'
                if plain and (one.slip != "bare-text") and not self._hints.value(frame, key, kind):
                    return True
        if one.slip in {"quote-open", "quote-close", "colon-in-key"}:
            outer = one.detail[:1] if one.slip == "quote-open" else one.detail[-1:]
            return not outer.isalnum() and not _is_balanced(one.detail, outer)
        return False


def _is_balanced(content: str, last: str) -> bool:
    opener = _PAIRS.get(last)
    return opener is not None and content.count(opener) == content.count(last)


_KINDS: Final = frozenset({"{[", "[{"})
"""An object that becomes an array, and the other way round."""
_PAIRS: Final = {")": "(", "}": "{"}
_RUN: Final = frozenset("}] \t\r\n")
_HALF_STRING: Final = re.compile(r"#[^\s\"#][^\"\r\n]*\"[ \t]*[:,}\]\r\n]?")
_STRUCTURE: Final = re.compile(r"[}\]]|[\"']\s*:")
