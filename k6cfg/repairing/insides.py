"""The inside of strings: which edits make a stretch of text the inside of a JSON string."""

import re
from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Edit
from k6cfg.repairing.certain import is_wrapped_text
from k6cfg.repairing.states import Step, step

PATH: Final = re.compile(r"[A-Za-z]:\\|\\\\[A-Za-z]|\.{1,2}\\")
"""How a Windows path starts."""
_DRIVE: Final = re.compile(r"[A-Za-z]:(?:\\[^\\/:*?\"<>|+^$\x00-\x1f]+)+")
"""A whole path from its drive on, with single backslashes and names that Windows allows."""
_LETTER: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[^\"\\/bfnrtux'`$\r\n]")
_ESCAPE: Final = re.compile(
    r'\\(?:(?P<good>["\\/bfnrt]|u[0-9a-fA-F]{4})|x(?P<hex>[0-9a-fA-F]{2})|(?P<line>\r\n|\r|\n)|(?P<other>.)|\Z)'
    r'|(?P<quote>")|(?P<control>[\x00-\x1f])',
    re.DOTALL,
)
_CONTROLS: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}


def escapes(text: str, start: int, end: int, *, cut: bool = False) -> tuple[list[Edit], set[str]]:
    """The edits that make a stretch the inside of a JSON string, and the kinds of faults it has.

    ``cut`` says that the text ends there, so that an escape may be incomplete.
    """
    edits: list[Edit] = []
    kinds: set[str] = set()
    for found in _ESCAPE.finditer(text, start, end):
        kind = found.lastgroup or "cut"
        kinds.add(kind)
        if kind == "other" and found["other"] == "u" and cut:
            edits.append(Edit(found.start(), end, ""))
            break
        if kind != "good":
            edits.append(_mended(found, kind))
        if kind == "control" and found.group() in "\r\n":
            kinds.add("line")
    return edits, kinds


def _mended(found: re.Match[str], kind: str) -> Edit:
    """The edit for one fault."""
    first, last = found.span()
    if kind == "hex":
        return Edit(first, last, f"\\u00{found['hex']}")
    if kind == "quote":
        return Edit(first, first, "\\")
    if kind == "control":
        sign = found.group()
        return Edit(first, last, _CONTROLS.get(sign) or f"\\u{ord(sign):04x}")
    if kind == "other":
        return Edit(first, first + 1, "" if found["other"] in "'`$" else "\\\\")
    return Edit(first, last, "")


def doubled_backslashes(text: str, start: int, end: int) -> list[Edit]:
    """The edits that make each backslash of a stretch stand for itself."""
    return [Edit(place, place, "\\") for place in range(start, end) if text[place] == "\\"]


def _is_pair(text: str, start: int, place: int) -> bool:
    """Whether a backslash is of two that stand for one already: anywhere but at the start of a path."""
    return place > start + 1 and "\\" in {text[place - 1], text[place + 1]}


def rendered(text: str, start: int, end: int) -> str:
    """A stretch as the JSON string that the edits make of it: only to tell one value from another."""
    return '"' + text[start:end] + '"'


def escape_steps(text: str, at: int, end: int, edits: list[Edit], kinds: set[str]) -> Iterator[Step]:
    """The step for the faults inside a string from ``at`` to ``end``, its quotes included; none where it has none."""
    if not edits:
        return
    if "other" in kinds and "good" in kinds and PATH.match(text, at + 1):
        name = "path-drive" if _DRIVE.fullmatch(text, at + 1, end - 1) else "path"
        single = [edit for edit in doubled_backslashes(text, at + 1, end - 1) if not _is_pair(text, at + 1, edit.start)]
        yield step(name, at, end, *single)
    elif "line" in kinds:
        # More lines are more of a surprise, but not where nothing on them could be anything but text.
        most = 1 if is_wrapped_text(text, at + 1, end - 1) else len(edits)
        yield step("line-break", at, end, *edits, extra=0.3 * min(len(edits) - 1, most))
    else:
        odd = "other" in kinds and text[at] != '"' and _LETTER.search(text, at, end)
        yield step("escape-odd" if odd else "escape", at, end, *edits)
