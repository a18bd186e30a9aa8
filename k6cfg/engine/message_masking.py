"""Messages in which only the user's text is masked, not a word of their own that happens to be a secret too.

With ``"token": "quotes"`` in the file, masking makes "the key vus is not in ***" of "the key vus is not in quotes".
Which words are the message's own shows when the same text is checked with another secret in place of that one.
"""

import string
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from k6cfg.k6.secrets import HEAD, MARK
from k6cfg.text.diagnostics import Diagnostic
from k6cfg.text.location import Span

_LONGEST: Final = 256 * 1024
"""Characters; in longer texts messages stay masked as they are."""
_OTHERS: Final = str.maketrans(string.ascii_letters, "q" * 26 + "Q" * 26)
_WORD: Final = 4
"""Secrets of fewer letters are masked between quotes only, where no word of a message is."""


def other_words(text: str, hidden: Sequence[Span], found: Iterable[Diagnostic]) -> str | None:
    """Return a text of the same length in which other letters are in place of secrets that are plain words.

    None where no finding is masked, or no secret could be a word of a message.
    """
    if not hidden or len(text) > _LONGEST or not any(_is_masked(one) for one in found):
        return None
    values = {text[span.start : span.end] for span in hidden}
    words = {value for value in values if len(value) >= _WORD and value.isascii() and value.isalpha()}
    # The beginning of a secret counts as the secret, wherever it is.
    pieces = sorted({*words, *(word[:HEAD] for word in words)}, key=len, reverse=True)
    disguised = text
    for piece in pieces:
        disguised = disguised.replace(piece, piece.translate(_OTHERS))
    return disguised if disguised != text else None


def reworded(found: Iterable[Diagnostic], again: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings with the messages that they have in the other text, where they are there too."""
    others = {(one.rule, one.span): one for one in again}
    return tuple(
        _with_words_of(one, others.get((one.rule, one.span), one)) if _is_masked(one) else one for one in found
    )


def _with_words_of(found: Diagnostic, other: Diagnostic) -> Diagnostic:
    return replace(found, message=other.message, help=other.help)


def _is_masked(found: Diagnostic) -> bool:
    return MARK in found.message or (found.help is not None and MARK in found.help)
