"""Cuts any text into tokens: every character in exactly one, none lost, no failure possible."""

import enum
import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import accumulate, compress, islice
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias, overload


class Kind(enum.Enum):
    """What a token is. What stands from ``SPACE`` to ``NULL`` is JSON; the rest is what people write."""

    __hash__ = object.__hash__
    """A token's kind is looked up in sets for every character class of a text; Enum's own hash is written in Python."""

    SPACE = enum.auto()
    """Space, tab, carriage return, line feed: what JSON calls white space."""
    OPEN_BRACE = enum.auto()
    CLOSE_BRACE = enum.auto()
    OPEN_BRACKET = enum.auto()
    CLOSE_BRACKET = enum.auto()
    COLON = enum.auto()
    COMMA = enum.auto()
    STRING = enum.auto()
    NUMBER = enum.auto()
    TRUE = enum.auto()
    FALSE = enum.auto()
    NULL = enum.auto()
    LINE_COMMENT = enum.auto()
    """``//`` or ``#`` to the end of the line."""
    BLOCK_COMMENT = enum.auto()
    """``/*`` to ``*/``, or to the end of the text."""
    BYTE_ORDER_MARK = enum.auto()
    """U+FEFF at the start of the text."""
    ODD_SPACE = enum.auto()
    """White space that JSON does not know: no-break space, form feed, zero-width space, a mark that is not first."""
    LOOSE_STRING = enum.auto()
    """Double quotes that close on the same line, around an escape or a control character that JSON does not allow."""
    OPEN_STRING = enum.auto()
    """A double quote with no other on its line; it takes the rest of the line."""
    FOREIGN_STRING = enum.auto()
    """A string in other quotes: single, back-tick, typographic, guillemets."""
    WORD = enum.auto()
    """A run of anything else: a bare key, ``05``, ``1_000``, ``None``, ``NaN``, ``=``."""


TRIVIA: Final = frozenset({Kind.SPACE, Kind.LINE_COMMENT, Kind.BLOCK_COMMENT, Kind.BYTE_ORDER_MARK, Kind.ODD_SPACE})
"""Tokens that carry no value. All of them but ``SPACE`` are faults to k6."""

COMMENTS: Final = frozenset({Kind.LINE_COMMENT, Kind.BLOCK_COMMENT})
STRINGS: Final = frozenset({Kind.STRING, Kind.LOOSE_STRING, Kind.OPEN_STRING, Kind.FOREIGN_STRING})


class Token(NamedTuple):
    """A stretch of the text, from ``start`` to ``end`` (offsets in characters)."""

    kind: Kind
    start: int
    end: int


Plain: TypeAlias = tuple[Kind, int, int]
"""A token without its names."""

# What opens a typographic string, and what may close it: people mix them, so any of a family closes any of it.
_DOUBLE_QUOTES: Final = "“”„‟〝〞＂″"  # noqa: RUF001
_SINGLE_QUOTES: Final = "‘’‚‛′"  # noqa: RUF001
_ODD: Final = r"[^\S \t\r\n]|[\ufeff\u200b\u200c\u200d\u2060\x85\xad]"
_PUNCTUATION: Final = {
    "{": Kind.OPEN_BRACE,
    "}": Kind.CLOSE_BRACE,
    "[": Kind.OPEN_BRACKET,
    "]": Kind.CLOSE_BRACKET,
    ":": Kind.COLON,
    ",": Kind.COMMA,
}
# A word ends at white space, at punctuation, at any quote and where a comment starts.
_WORD_END: Final = rf"\s\ufeff\u200b-\u200d\u2060\xad{{}}\[\]:,\"'`«»{_DOUBLE_QUOTES}{_SINGLE_QUOTES}"

_APOSTROPHES: Final = r"'[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*'"

# Every alternative consumes at least one character, and one that looks further than its own end is not tried again
# before the place to which it looked: see _one_by_one. So scanning is linear in the text.
_TOKEN: Final = rf"""
      (?P<SPACE>[ \t\r\n]+)
    | (?P<PUNCTUATION>[{{}}\[\]:,])
    | (?P<STRING>"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}})[^"\\\x00-\x1f]*)*")
    | (?P<NUMBER>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?=[{_WORD_END}]|//|/\*|\Z))
    | (?P<TRUE>true(?=[{_WORD_END}]|//|/\*|\Z))
    | (?P<FALSE>false(?=[{_WORD_END}]|//|/\*|\Z))
    | (?P<NULL>null(?=[{_WORD_END}]|//|/\*|\Z))
    | (?P<LINE_COMMENT>(?://|\#)[^\r\n]*)
    | (?P<BLOCK_COMMENT>/\*(?:.*?\*/|.*))
    | (?P<BYTE_ORDER_MARK>\A\ufeff)
    | (?P<ODD_SPACE>(?:{_ODD})+)
    | (?P<LOOSE_STRING>"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*")
    | (?P<OPEN_STRING>"[^\r\n]*)
    | (?P<FOREIGN_STRING>
          {_APOSTROPHES}
        | `[^`]*`
        | [{_DOUBLE_QUOTES}][^"\r\n{_DOUBLE_QUOTES}]*["{_DOUBLE_QUOTES}]
        | [{_SINGLE_QUOTES}][^'\r\n{_SINGLE_QUOTES}]*['{_SINGLE_QUOTES}]
        | «[^«»\r\n]*»
      )
    | (?P<WORD>(?:[^{_WORD_END}/]+|/(?![/*]))+|.)
    """


@cache
def _any_token(apostrophes: str = _APOSTROPHES) -> tuple[re.Pattern[str], list[Kind | None]]:
    """Every alternative, and its kind by its number; punctuation tells its kind by its character.

    ``apostrophes`` is what a string between apostrophes looks like. To compile it costs as much as half of starting
    Python, and a text that is JSON does without.
    """
    compiled = re.compile(_TOKEN.replace(_APOSTROPHES, apostrophes), re.VERBOSE | re.DOTALL)
    return compiled, [None, *(getattr(Kind, name, None) for name in compiled.groupindex)]


# What JSON consists of: the first alternatives of _TOKEN, which the first character tells apart.
_PIECE: Final = rf"""
      [ \t\r\n]+
    | [{{}}\[\]:,]
    | "[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}})[^"\\\x00-\x1f]*)*"
    | (?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?=[{_WORD_END}]|//|/\*|\Z)
    """
_JSON: Final = re.compile(_PIECE, re.VERBOSE)
_JSON_AND_REST: Final = re.compile(rf"{_PIECE} | (?s:.+)", re.VERBOSE)
_BY_FIRST: Final = {
    **_PUNCTUATION,
    **dict.fromkeys(" \t\r\n", Kind.SPACE),
    **dict.fromkeys("-0123456789", Kind.NUMBER),
    '"': Kind.STRING,
    "t": Kind.TRUE,
    "f": Kind.FALSE,
    "n": Kind.NULL,
}


class Tokens(Sequence[Token]):
    """The tokens of a text, each made when it is asked for: a large text has more of them than anyone looks at."""

    def __init__(self, kinds: list[Kind], ends: list[int]) -> None:
        self._kinds = kinds
        self._starts, self._ends = [0, *ends][:-1], ends

    def __len__(self) -> int:
        return len(self._kinds)

    @overload
    def __getitem__(self, index: int) -> Token: ...

    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...

    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            pieces = zip(self._kinds[index], self._starts[index], self._ends[index], strict=True)
            return list(map(Token._make, pieces))
        return Token(self._kinds[index], self._starts[index], self._ends[index])

    def __iter__(self) -> Iterator[Token]:
        return map(partial(tuple.__new__, Token), self.plain())

    def plain(self) -> Iterator[Plain]:
        """The same without their names, for the loops that see every token of every text."""
        return zip(self._kinds, self._starts, self._ends, strict=True)

    def of(self, kinds: frozenset[Kind]) -> Iterator[tuple[int, Token]]:
        """Those of some kinds, each with its index."""
        wanted = compress(range(len(self)), map(kinds.__contains__, self._kinds))
        return ((index, self[index]) for index in wanted)


def scan(text: str) -> Tokens:
    """The tokens of a text, in order; together they are the text, character for character.

    Stretches that are made of JSON's tokens are cut out without a step of Python for each. Where one stops, the token
    there is cut by itself, and the next stretch is looked for no further than twice as far: so all the looking adds up
    to a few times the text, however often it stops.
    """
    kinds: list[Kind] = []
    ends: list[int] = []
    at, reach, end = 0, len(text), len(text)
    unclosed = 0
    while at < end:
        stop = min(end, at + reach)
        pieces = _JSON_AND_REST.findall(text, at, stop)
        # The last piece is no token of JSON, or may go on behind the place that was looked to.
        if stop < end or not _JSON.fullmatch(pieces[-1]):
            pieces.pop()
        kinds += map(_BY_FIRST.__getitem__, map(itemgetter(0), pieces))
        ends += islice(accumulate(map(len, pieces), initial=at), 1, None)
        before, at = at, ends[-1] if ends else 0
        if at < end:
            at, unclosed = _one_by_one(text, at, kinds, ends, unclosed)
        reach = 2 * (at - before) + _LEAST
    return Tokens(kinds, ends)


_LEAST: Final = 32
"""How many characters are looked at, at least."""


_LINE_END: Final = re.compile(r"[\r\n]")


def _end_of_line(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def _one_by_one(text: str, at: int, kinds: list[Kind], ends: list[int], unclosed: int) -> tuple[int, int]:
    """Cut the token at an offset, and those after it until one may be JSON's; where the last one ends.

    ``unclosed`` is the end of a line on which an apostrophe was looked for in vain. Those that stand in between were
    seen then, each behind a backslash: none of them is closed either, and to look again would cost the line each time.
    """
    while True:
        alone = at < unclosed
        every, kinds_of = _any_token("(?!)" if alone else _APOSTROPHES)
        for found in every.finditer(text, at):
            start, at = at, found.end()
            kinds.append(kinds_of[found.lastindex or 0] or _PUNCTUATION[text[start]])
            ends.append(at)
            if not alone and found.group() == "'":
                unclosed = _end_of_line(text, at)
            if text[at : at + 1] in _BY_FIRST:
                return at, unclosed
            if alone is not (at < unclosed):
                break
        else:
            return at, unclosed
