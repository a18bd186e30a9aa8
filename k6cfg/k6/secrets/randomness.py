"""Words that look as if chance had made them, as tokens and generated passwords do."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.secrets.patterns import after_name
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span

_RUN: Final = late(r"[A-Za-z0-9_+/=.~!$%^*-]{12,}")
_PIECE: Final = late(r"[A-Za-z0-9]{12,}")
_PUBLIC: Final = late(r"-----BEGIN [A-Z0-9 ]{0,40}(?:CERTIFICATE|PUBLIC KEY)-----[^-]*")
"""What looks as random as a secret and is none."""
_SIGNS: Final = late(r"[^A-Za-z0-9]+")
_TURN: Final = late(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
_SHORTEST: Final = 12
_LONG: Final = 20
_LONG_LETTERS: Final = 16
_MOST: Final = 200
"""Characters of a piece that are looked at; a longer one shows by then what it is."""
_FEWEST: Final = 4
_NAMED: Final = 0.85
"""Of what is expected of other words, so much is enough where the name of a secret stands before."""
_DIGEST: Final = late(r"[0-9a-f]{32,}|[0-9A-F]{32,}")


def words_of_chance(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The words of a stretch of a text in which letters and digits are mixed without order, but for certificates."""
    end = len(text) if end is None else end
    public = {place for found in _PUBLIC.finditer(text, start, end) for place in range(*found.span())}
    for run in _RUN.finditer(text, start, end):
        if run.start() not in public and is_of_chance(run[0]):
            yield Span(*run.span())


def is_of_chance(word: str) -> bool:
    """Whether a word, a piece of it, or what follows a secret's name in it is mixed without order."""
    if len(word) < _SHORTEST or word.isdigit():
        return False
    rest = after_name(word)
    pieces = [(piece[0], 1.0) for piece in _PIECE.finditer(word)]
    pieces += (_SIGNS.sub("", word), 1.0), (_SIGNS.sub("", rest), _NAMED if rest != word else 1.0)
    return any(len(piece) >= _SHORTEST and _is_mixed(piece[:_MOST], share) for piece, share in pieces)


def is_telling(piece: str) -> bool:
    """Whether a few characters are hardly a piece of a word: letters and digits, or small and large letters mixed."""
    letters = any(map(str.isalpha, piece))
    return letters and (any(map(str.isdigit, piece)) or _turns(piece) >= _FEWEST)


def _is_mixed(piece: str, least: float) -> bool:
    """Whether a piece is a long hexadecimal number, or turns as often as random characters do.

    The kind of character of those turns six times in ten; in ``sigV4SecretKey`` less than five times. ``least`` is the
    share of the usual number of turns that is enough.
    """
    if piece.isdigit():
        return False
    if _DIGEST.fullmatch(piece):
        return True
    if piece.isalpha():
        share = 0.4 if len(piece) >= _LONG_LETTERS else 1
    elif piece.lower() == piece or piece.upper() == piece:
        share = 0.3 if len(piece) >= _LONG else 0.42
    else:
        share = 0.4 if len(piece) >= _LONG else 0.5
    return _turns(piece) >= least * share * (len(piece) - 1)


def _turns(piece: str) -> int:
    return sum(1 for _ in _TURN.finditer(piece))
