"""Which of several words was meant by one that is none of them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

CLOSE: Final = 0.75
"""How much of two words has to be alike, from 0 to 1, for one to stand for the other."""


@lru_cache(maxsize=16_384)  # whoever misspells a key in one file does so in others
def distance(one: str, other: str, most: int) -> int:
    """How many letters have to be added, left out, changed or swapped with a neighbour, up to ``most + 1``."""
    if abs(len(one) - len(other)) > most or len(set(one).difference(other)) > most:
        return most + 1  # whatever letter the other has not takes a step of its own
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [most + 1] * len(row)
        row[0] = i
        for j in range(max(1, i - most), min(len(other), i + most) + 1):  # elsewhere it is more than `most`
            wanted = other[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
        if min(row) > most and min(before) > most:  # a swap looks back two rows
            return most + 1
    return row[-1]


def nearest(word: str, words: Iterable[str], close: float = CLOSE) -> str | None:
    """The word that is most like the given one; the first of equals, and none where none is close enough.

    In short words one letter may differ, whatever ``close`` says.
    """
    found, least = None, len(word)
    for each in words:
        most = min(max(1, int(max(len(word), len(each)) * (1 - close))), least - 1)
        if most > 0 and (far := distance(word, each, most)) <= most:
            found, least = each, far
    return found
