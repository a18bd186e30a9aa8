"""What all the grammars share: how a reason is given, and how a text is shown in one."""

from typing import Final, TypeAlias

Reason: TypeAlias = str
"""Why a text means nothing to k6: a clause that follows the name of the key, such as "has no unit"."""

_LONGEST: Final = 40


def quoted(text: str) -> str:
    """A text for a message: in double quotes, cut where it is long, on one line."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return '"' + "".join(character if character.isprintable() else "�" for character in shown) + '"'
