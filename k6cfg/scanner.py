"""Cuts any text into tokens: every character in exactly one, none lost, no failure possible."""

import enum
import re
from functools import cache, partial
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple


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


# What opens a typographic string, and what may close it: people mix them, so any of a family closes any of it.
_DOUBLE_QUOTES: Final = "“”„‟〝〞＂"  # noqa: RUF001
_SINGLE_QUOTES: Final = "‘’‚‛"  # noqa: RUF001
_ODD: Final = r"[^\S \t\r\n]|[\ufeff\u200b\u200c\u200d\u2060\x85]"
_PUNCTUATION: Final = {
    "{": Kind.OPEN_BRACE,
    "}": Kind.CLOSE_BRACE,
    "[": Kind.OPEN_BRACKET,
    "]": Kind.CLOSE_BRACKET,
    ":": Kind.COLON,
    ",": Kind.COMMA,
}
# A word ends at white space, at punctuation, at any quote and where a comment starts.
_WORD_END: Final = rf"\s\ufeff\u200b-\u200d\u2060{{}}\[\]:,\"'`«»{_DOUBLE_QUOTES}{_SINGLE_QUOTES}"

# Every alternative consumes at least one character and none looks further than its own end but for the rest of one
# line (or, for a back-tick and a block comment, the next delimiter), so scanning is linear in the text.
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
          '[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*'
        | `[^`]*`
        | [{_DOUBLE_QUOTES}][^"\r\n{_DOUBLE_QUOTES}]*["{_DOUBLE_QUOTES}]
        | [{_SINGLE_QUOTES}][^'\r\n{_SINGLE_QUOTES}]*['{_SINGLE_QUOTES}]
        | «[^«»\r\n]*»
      )
    | (?P<WORD>(?:[^{_WORD_END}/]+|/(?![/*]))+|.)
    """


@cache
def _any_token() -> tuple[re.Pattern[str], list[Kind | None]]:
    """Every alternative, and its kind by its number; punctuation tells its kind by its character.

    To compile it costs as much as half of starting Python, and a text that is JSON does without.
    """
    compiled = re.compile(_TOKEN, re.VERBOSE | re.DOTALL)
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


def scan(text: str) -> list[Token]:
    """The tokens of a text, in order; together they are the text, character for character."""
    # Where the text is made of JSON's tokens up to its last one, they are cut out without a step of Python for each.
    pieces = _JSON_AND_REST.findall(text)
    if pieces and _JSON.fullmatch(pieces[-1]):
        ends = list(accumulate(map(len, pieces), initial=0))
        kinds = map(_BY_FIRST.__getitem__, map(itemgetter(0), pieces))
        return list(map(partial(tuple.__new__, Token), zip(kinds, ends, ends[1:], strict=False)))
    make, tokens = tuple.__new__, []
    every, kinds_of = _any_token()
    for found in every.finditer(text):
        start, end = found.span()
        kind = kinds_of[found.lastindex or 0] or _PUNCTUATION[text[start]]
        tokens.append(make(Token, (kind, start, end)))
    return tokens
