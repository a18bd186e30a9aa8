"""Words that look as if chance had made them, as tokens and generated passwords do."""

from collections.abc import Iterator
from typing import Final

from k6cfg.location import Span
from k6cfg.patterns import late

_RUN: Final = late(r"[A-Za-z0-9_+/=.~!$%^*-]{12,}")
_PIECE: Final = late(r"[A-Za-z0-9]{12,}")
_TURN: Final = late(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
_LONG: Final = 20
_MOST: Final = 200
"""Characters of a piece that are looked at; a longer one shows by then what it is."""
_SHARES: Final = {(3, True): 0.42, (3, False): 0.5, (2, True): 0.3, (2, False): 0.42}
"""How often the kind of character turns, at least: by how many kinds there are, and whether the piece is long.

Between random characters of three kinds it turns six times in ten; in ``sigV4SecretKey`` four times and a half.
"""


def words_of_chance(text: str) -> Iterator[Span]:
    """The words of a text that hold a piece in which letters and digits follow each other without order."""
    for run in _RUN.finditer(text):
        if any(_is_of_chance(piece[0][:_MOST]) for piece in _PIECE.finditer(text, run.start(), run.end())):
            yield Span(*run.span())


def _is_of_chance(piece: str) -> bool:
    if piece.isalpha() or piece.isdigit():
        return False
    kinds = 3 - (piece.lower() == piece) - (piece.upper() == piece)
    turns = sum(1 for _ in _TURN.finditer(piece))
    return turns >= _SHARES[kinds, len(piece) >= _LONG] * (len(piece) - 1)
