"""What all the grammars share: how a reason is given, and how a text is shown in one."""

from typing import Final, TypeAlias

Reason: TypeAlias = str
"""Why a text means nothing to k6: a clause that follows the name of the key, such as "has no unit"."""

_LONGEST: Final = 40


def quoted(text: str) -> str:
    """A text for a message: in double quotes, cut where it is long, on one line."""
    return f'"{printable(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")}"'


def printable(text: str) -> str:
    """A text on one line, with U+FFFD for every character that cannot be shown."""
    return text if text.isprintable() else "".join(each if each.isprintable() else "\ufffd" for each in text)
