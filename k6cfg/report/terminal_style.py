"""How text looks where it is read: colours, links, its width, the letters that the place knows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.text.lazy_regex import late

_CODES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
COLOURS: Final = {"error": "red", "warning": "yellow", "info": "cyan"}
"""By what a severity is called."""

_NO: Final = frozenset({"", "0", "false"})
_UNIT: Final = late(r"(?:`[^`]*`|\S)+")
_NARROWEST: Final = 20


class Painter(NamedTuple):
    """What a stream can show.

    ``width`` is in columns, 0 where lines may be of any length. ``encoding`` is the one that text will be written in.
    """

    colour: bool = False
    links: bool = False
    width: int = 0
    encoding: str = "utf-8"

    def paint(self, text: str, style: str) -> str:
        """The text in a style: ``bold``, ``dim`` or a colour."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, path: str) -> str:
        """The text, leading to a file where the terminal can follow."""
        if not self.links or not path or path == "-":
            return text
        try:
            uri = Path(path).absolute().as_uri()
        except (OSError, ValueError):
            return text
        return f"\x1b]8;;{uri}\x1b\\{text}\x1b]8;;\x1b\\"

    def line(self, text: str) -> str:
        """Text as it will stand on one line; what the encoding does not have is an escape, so that it counts as one."""
        text = one_line(text)
        return text if text.isascii() else text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def wrapped(self, text: str, taken: int, indent: str) -> str:
        """Text over as many lines as the width asks for, broken between words and never within backquotes.

        ``taken`` columns of the first line are in use already; the others begin with ``indent``.
        """
        if not self.width:
            return text
        lines, used = [""], taken
        for unit in _UNIT.findall(text):
            wide = columns(unit)
            if lines[-1] and used + 1 + wide > max(self.width, len(indent) + _NARROWEST):
                lines.append(unit)
                used = len(indent) + wide
            else:
                used += wide + bool(lines[-1])
                lines[-1] += " " + unit if lines[-1] else unit
        return f"\n{indent}".join(lines)


PLAIN: Final = Painter()


def painter(
    environ: Mapping[str, str], *, terminal: bool, encoding: str | None = None, width: int | None = None
) -> Painter:
    """What output may look like. ``width`` is that of the terminal, where it is known."""
    return Painter(
        colour=_coloured(environ, terminal=terminal),
        links=_linked(environ, terminal=terminal),
        width=_width(environ, width),
        encoding=encoding or "utf-8",
    )


def _coloured(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """``NO_COLOR`` and ``K6_NO_COLOR`` forbid colour even when empty, as k6 reads them.

    ``FORCE_COLOR`` and ``CLICOLOR_FORCE`` ask for it (``FORCE_COLOR=0`` forbids it), ``CLICOLOR=0`` and a dumb terminal
    forbid it, and without any of them a terminal decides.
    """
    if "NO_COLOR" in environ or "K6_NO_COLOR" in environ:
        return False
    if environ.get("FORCE_COLOR"):
        return environ["FORCE_COLOR"].lower() not in _NO
    if environ.get("CLICOLOR_FORCE", "") not in _NO:
        return True
    return terminal and environ.get("CLICOLOR") != "0" and environ.get("TERM") != "dumb"


_LINKING_TERMS: Final = frozenset({"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "wezterm"})
_LINKING_PROGRAMS: Final = frozenset({"iTerm.app", "WezTerm", "ghostty", "vscode", "Hyper"})
_BETWEEN: Final = frozenset({"TMUX", "STY", "SSH_CONNECTION", "SSH_TTY"})
_LINKING_VTE: Final = 5002
_LINKING_KONSOLE: Final = 201200


def _linked(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether the terminal is one that is known to follow OSC 8 links; ``FORCE_HYPERLINK`` says yes or no.

    What stands between (screen, tmux) may show them as garbage, and at the end of a remote shell the file is another:
    then there are none.
    """
    forced = environ.get("FORCE_HYPERLINK")
    if forced:
        return forced.lower() not in _NO
    term = environ.get("TERM", "")
    if not terminal or term == "dumb" or term.startswith(("screen", "tmux")) or not _BETWEEN.isdisjoint(environ):
        return False
    return (
        term in _LINKING_TERMS
        or environ.get("TERM_PROGRAM") in _LINKING_PROGRAMS
        or "WT_SESSION" in environ
        or _number(environ.get("VTE_VERSION")) >= _LINKING_VTE
        or _number(environ.get("KONSOLE_VERSION")) >= _LINKING_KONSOLE
    )


def _width(environ: Mapping[str, str], width: int | None) -> int:
    """``COLUMNS`` where somebody set it, else the terminal's own width, else none."""
    return _number(environ.get("COLUMNS")) or width or 0


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def one_line(text: str) -> str:
    """Text that cannot move the cursor nor forge a line, whatever characters a file or a name holds."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _visible(letter) for letter in text)


def visible(text: str) -> str:
    """Return what a terminal gets of a text: its lines and tabs, and an escape for each sign that it could obey."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in "\t\n\r" else ascii(each)[1:-1] for each in text)


def visible_json(text: str) -> str:
    """Return the same JSON, in which the signs that a terminal could obey are escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in "\t\n\r" else _json_escape(each) for each in text)


def _json_escape(letter: str) -> str:
    import json

    return json.dumps(letter)[1:-1]


def _visible(letter: str) -> str:
    return " " if letter in "\t\r\n" else f"\\u{ord(letter):04x}" if ord(letter) > 0xFF else f"\\x{ord(letter):02x}"


def columns(text: str) -> int:
    """How many columns of a terminal a text on one line takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    from unicodedata import combining, east_asian_width

    return 0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1


def slice_columns(text: str, start: int, end: int) -> str:
    """The letters of a text on one line that stand between two columns, counted from 0."""
    if text.isascii():
        return text[start:end]
    found, at = [], 0
    for letter in text:
        wide = _columns(letter)
        if at >= start and at + wide <= end:
            found.append(letter)
        at += wide
    return "".join(found)
