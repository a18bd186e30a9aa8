"""What is wrong with a variable, and the quotes that were kept in its value."""

from collections.abc import Callable
from typing import Final, NamedTuple

_QUOTES: Final = "\"'"
KEPT_QUOTES: Final = "has quotes around its value, which are part of it: docker's --env-file keeps them; remove them"
"""How a sentence about such a variable goes on."""


class Fault(NamedTuple):
    """A variable that k6 rejects, or passes over. ``reason`` goes on with a sentence that starts with its name.

    ``key`` is the option that it sets, ``""`` for one that is no key of the file. ``refused``: k6 does not start a test
    with it. ``when``: it stops only what is named there, ``cloud`` or ``output``. No value is in the reason.
    """

    variable: str
    key: str
    reason: str
    refused: bool
    when: str | None = None


class RefusedError(Exception):
    """The text means nothing to k6; the message says why, without the text."""


class UnsetError(Exception):
    """The text counts as not set; the message says why."""


def without_quotes(text: str) -> str | None:
    """Return a text without the quotes around it; ``None`` where there are none."""
    return text[1:-1] if len(text) > 1 and text[0] in _QUOTES and text[0] == text[-1] else None


def quotes_kept(text: str, accepts: Callable[[str], bool]) -> str | None:
    """Return the reason for a rejected text that k6 accepts without the quotes around it; else ``None``."""
    bare = without_quotes(text)
    return KEPT_QUOTES if bare is not None and accepts(bare) else None
