"""The inside of strings: which edits make a stretch of text the inside of a JSON string."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from k6cfg.repairer.lexer.exact_strings import is_wrapped_text
from k6cfg.repairer.search.state import Step, step
from k6cfg.text.diagnostics import Edit

PATH: Final = re.compile(r"(?:[\w-]{1,40}=)?(?:[A-Za-z]:\\|\\\\[A-Za-z]|\.{1,2}\\)")
"""How a Windows path starts, as an output has it too: ``json=C:\\results``."""
_DRIVE: Final = re.compile(r"(?:[\w-]{1,40}=)?[A-Za-z]:(?:\\[^\\/:*?\"<>|+^$\x00-\x1f]+)+")
"""A whole path from its drive on, with single backslashes and names that Windows allows."""
_LETTER: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[^\"\\/bfnrtux'`$\r\n]")
_OF_JSON: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[bfnrtu]")
_ESCAPE: Final = re.compile(
    r'\\(?:(?P<good>["\\/bfnrt]|u[0-9a-fA-F]{4})|(?P<point>u\{[0-9a-fA-F]{1,6}\}|U00[0-9a-fA-F]{6})|x(?P<hex>[0-9a-fA-F]{2})|(?P<line>\r\n|\r|\n)|(?P<other>.)|\Z)'
    r'|(?P<quote>")|(?P<control>[\x00-\x1f])',
    re.DOTALL,
)
_LAST: Final = 0x10FFFF
_CONTROLS: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}


def escapes(text: str, start: int, end: int, *, cut: bool = False) -> tuple[list[Edit], set[str]]:
    """The edits that make a stretch the inside of a JSON string, and the kinds of faults it has.

    The backslash before a letter that JSON does not escape is meant as such, as in a regular expression; the one before
    a sign protects it from another language, such as Markdown, unless the same string has the other kind too.
    ``cut`` says that the text ends there, so that an escape may be incomplete.
    """
    edits: list[Edit] = []
    kinds: set[str] = set()
    for found in _ESCAPE.finditer(text, start, end):
        kind = found.lastgroup or "cut"
        if kind == "other" and found["other"] == "u" and cut:
            edits.append(Edit(found.start(), end, ""))
            kinds.add(kind)
            break
        if kind == "point" and int(found["point"].strip("uU{}"), 16) > _LAST:
            kind = "other"  # there is no such character
        elif kind == "other" and not found["other"].isalnum():
            kind = "protected" if found["other"] in "'`$" else "sign"
        kinds.add(kind)
        if kind != "good":
            edits.append(_mended(found, kind))
        if kind == "control" and found.group() in "\r\n":
            kinds.add("line")
    if {"sign", "other"} <= kinds:
        edits = [edit._replace(text="\\\\") if _is_sign(text, edit) else edit for edit in edits]
    return edits, kinds


def _is_sign(text: str, edit: Edit) -> bool:
    """Whether an edit takes away the backslash before a sign."""
    return not edit.text and text[edit.start] == "\\" and edit.end == edit.start + 1 and text[edit.end] not in "'`$"


def _mended(found: re.Match[str], kind: str) -> Edit:
    """The edit for one fault."""
    first, last = found.span()
    if kind == "hex":
        return Edit(first, last, f"\\u00{found['hex']}")
    if kind == "point":
        return Edit(first, last, _by_code(int(found["point"].strip("uU{}"), 16)))
    if kind == "quote":
        return Edit(first, first, "\\")
    if kind == "control":
        sign = found.group()
        return Edit(first, last, _CONTROLS.get(sign) or f"\\u{ord(sign):04x}")
    if kind in {"other", "sign", "protected"}:
        return Edit(first, first + 1, "\\\\" if kind == "other" else "")
    return Edit(first, last, "")


def _by_code(point: int) -> str:
    """A character in JSON's escapes, two of them where it is beyond the 65,536 of the first plane."""
    codes = chr(point).encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{codes[at : at + 4]}" for at in range(0, len(codes), 4))


def joint(text: str, start: int, end: int) -> str | None:
    """What the line breaks of a string stand for where a full line was the reason for them; None where it was not.

    A blank, where the first word of no line would have fitted on the line before; nothing, where all lines of the text
    were cut at the same column.
    """
    width, full = _width(text)
    if width < _NARROW:
        return None
    breaks = list(_LINE_BREAK.finditer(text, start, end))
    lengths = [found.start() - _line_start(text, found.start()) for found in breaks]
    if full >= _CUT and all(length == width for length in lengths):
        return ""
    words = [_FIRST_WORD.match(text, found.end()) for found in breaks]
    if all(
        word and length + 1 + word.end() - word.start() > width for word, length in zip(words, lengths, strict=True)
    ):
        return " "
    return None


@lru_cache(maxsize=2)
def _width(text: str) -> tuple[int, int]:
    """How long the longest line of a text is, and how many lines are as long."""
    lengths = [len(line) for line in text.splitlines()]
    longest = max(lengths, default=0)
    return longest, lengths.count(longest)


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


_NARROW: Final = 50
"""No page or mail is narrower, in characters."""
_CUT: Final = 3
"""So many lines of exactly the same, greatest length were cut there."""
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_FIRST_WORD: Final = re.compile(r"[^\s]{1,200}")


def _joined(text: str, edit: Edit, between: str) -> Edit:
    """The edit of a line break, of whose two characters the first goes."""
    if text[edit.start] == "\n" or (text[edit.start] == "\r" and text[edit.end : edit.end + 1] != "\n"):
        return edit._replace(text="" if text[edit.start - 1] in " \t" else between)
    return edit._replace(text="") if text[edit.start] == "\r" else edit


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
    if ({"other", "good"} <= kinds or not kinds.isdisjoint(_AFTER_DRIVE)) and PATH.match(text, at + 1):
        name = "path-drive" if _DRIVE.fullmatch(text, at + 1, end - 1) else "path"
        single = [edit for edit in doubled_backslashes(text, at + 1, end - 1) if not _is_pair(text, at + 1, edit.start)]
        yield step(name, at, end, *single)
    elif {"line", "control"} <= kinds and (between := joint(text, at + 1, end - 1)) is not None:
        yield step("line-wrap", at, end, *(_joined(text, edit, between) for edit in edits))
    elif "line" in kinds:
        # More lines are more of a surprise, but not where nothing on them could be anything but text.
        most = 1 if is_wrapped_text(text, at + 1, end - 1) else len(edits)
        yield step("line-break", at, end, *edits, extra=0.3 * min(len(edits) - 1, most))
    else:
        odd = _is_odd(text, at, end, kinds)
        if odd and "other" in kinds and kinds <= {"other", "sign", "good"}:
            # Who writes one backslash for itself does so with all of them.
            inside = doubled_backslashes(text, at + 1, end - 1)
            edits = [edit for edit in inside if not _is_pair(text, at, edit.start)]
        yield step("escape-odd" if odd else "escape", at, end, *edits)


_AFTER_DRIVE: Final = frozenset({"sign", "hex", "point"})
"""What is no escape in a path: ``C:\\_tmp``, ``C:\\x64``."""


def _is_odd(text: str, at: int, end: int, kinds: set[str]) -> bool:
    """Whether what a string's backslashes stand for depends on where it comes from."""
    if "sign" in kinds:
        return True
    # Beside an escape that JSON has, one that it does not have makes the first doubtful; in other quotes each is.
    return "other" in kinds and (_OF_JSON if text[at] == '"' else _LETTER).search(text, at, end) is not None
