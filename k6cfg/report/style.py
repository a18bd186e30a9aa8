"""Colour, where it is wanted."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_CODES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Painter(NamedTuple):
    """Paints text, or leaves it plain."""

    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style: ``bold``, ``dim`` or a colour."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text


PLAIN: Final = Painter()


def painter(environ: Mapping[str, str], *, terminal: bool) -> Painter:
    """Whether output may be coloured: ``NO_COLOR`` and ``K6_NO_COLOR`` forbid it even when empty, as k6 reads them.

    ``FORCE_COLOR`` and ``CLICOLOR_FORCE`` ask for it (not when ``0`` or empty), ``CLICOLOR=0`` and a dumb terminal
    forbid it, and without any of them a terminal decides.
    """
    if "NO_COLOR" in environ or "K6_NO_COLOR" in environ:
        return PLAIN
    if any(environ.get(name, "0") not in {"0", ""} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return Painter(colour=True)
    if environ.get("CLICOLOR") == "0" or environ.get("TERM") == "dumb":
        return PLAIN
    return Painter(colour=terminal)


def one_line(text: str) -> str:
    """Text that cannot move the cursor nor forge a line, whatever characters a file or a name holds."""
    return "".join(letter if letter.isprintable() else _visible(letter) for letter in text)


def _visible(letter: str) -> str:
    return " " if letter in "\t\r\n" else f"\\u{ord(letter):04x}" if ord(letter) > 0xFF else f"\\x{ord(letter):02x}"
