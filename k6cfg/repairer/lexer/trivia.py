"""What stands between tokens: white space is free, everything else there goes, each bit with a step."""

import re
from functools import lru_cache
from typing import Final

from k6cfg.repairer.search.state import Step, step
from k6cfg.text.diagnostics import Edit

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_COMMENT: Final = re.compile(
    r"(?://|-- )[^\r\n]*|#[^\r\n]*|;+[ \t]*\w[^\r\n\"':{}\[\]]*(?=[\r\n])|/\*.*?\*/|<!--.*?-->"
    r"|(?P<slash>(?<![\w)][ \t])(?<![\w)])/[ \t]+[A-Za-z][^\r\n\"'`:{}\[\]]*(?=[\r\n]|\Z))",
    re.DOTALL,
)
_OPEN: Final = re.compile(r"(?:/\*|<!--)[^\r\n]*")
_ENDS: Final = re.compile(r"[^\r\n\"'{}\[\]:,=]*(?:[\r\n]\s*)?\Z")
"""Words on the last line: if the comment took along more, it was no part of a configuration."""
_MARKS: Final = {"/*": "*/", "<!": "-->"}
_MEMBER: Final = re.compile(r"[\"']\s*:")
_ODD: Final = re.compile(r"(?:[^\S \t\r\n]|[\ufeff\u200b-\u200d\u2060\x85\xad\u2028\u2029])+")
_NUL: Final = re.compile(r"\x00+")
_JOINED: Final = re.compile(r"\\+[ \t]*(?=[\r\n]|\Z)")
_STRUCTURE: Final = re.compile(r"[}\]\"]\s*[,:]\s*[\"{\[]")
_STARTS: Final = frozenset(" \t\r\n")


def skip(text: str, at: int) -> tuple[int, tuple[Step, ...]]:
    """Where the next token starts, and the steps that take away what is no white space on the way."""
    steps: list[Step] = []
    end = len(text)
    while at < end:
        sign = text[at]
        if sign in _STARTS:
            space = _SPACE.match(text, at)
            at = space.end() if space else at + 1
            continue
        if sign in "/#<" or text.startswith("-- ", at) or (sign == ";" and _starts_line(text, at)):
            open_ = _MARKS.get(text[at : at + 2], "") and _is_open(text, at)
            found = _OPEN.match(text, at) if open_ else _COMMENT.match(text, at)
            if not found:
                break
            gone = without_comment(text, at, found.end())
            if steps and steps[-1].edits[-1].end > gone.start:  # the blanks between two comments went with the first
                gone = gone._replace(start=steps[-1].edits[-1].end)
            steps.append(step(_kind(text, at, found, gone), at, found.end(), gone))
        elif sign == "\x00":
            found = _NUL.match(text, at)
            steps.append(
                step("odd-space", at, found.end() if found else at + 1, Edit(at, found.end() if found else at + 1, ""))
            )
        elif sign == "\\":
            found = _JOINED.match(text, at)
            if not found:
                break
            steps.append(step("stray-sign", at, found.end(), Edit(at, found.end(), ""), extra=-0.4))
        else:
            found = _ODD.match(text, at) if sign.isspace() or sign in "\ufeff\u200b\u200c\u200d\u2060\x85\xad" else None
            if not found:
                break
            visible = any(each.isspace() for each in found.group())
            steps.append(step("odd-space", at, found.end(), Edit(at, found.end(), " " if visible else "")))
        at = found.end() if found else at + 1
    return at, tuple(steps)


def _kind(text: str, at: int, found: re.Match[str], gone: Edit) -> str:
    """What a comment is, as the name of a slip."""
    alone = gone.start == 0 or text[gone.start - 1] in "\r\n"
    closed = found.re is not _OPEN and text.startswith("/*", at) and text.find("\n", at, found.end()) < 0
    if (not alone and not closed and _STRUCTURE.search(text, at, found.end())) or _holds_another(text, at, found.end()):
        return "comment-rest"
    if found.re is _OPEN:
        return "comment" if _ENDS.match(text, found.start()) else "comment-open"
    return "comment-slash" if found["slash"] else "comment"


def _holds_another(text: str, at: int, end: int) -> bool:
    """Whether a comment holds a member, and then the start of a further comment: it was to end earlier."""
    another = text.rfind("/*", at + 2, end)
    line = text.find("\n", at, another) if another > 0 else -1
    return line >= 0 and _MEMBER.search(text, line, another) is not None


def _is_open(text: str, at: int) -> bool:
    """Whether nothing ends the block comment that starts at ``at``."""
    mark = _MARKS[text[at : at + 2]]
    return _last(text, mark) < at + 2


@lru_cache(maxsize=2)
def _last(text: str, mark: str) -> int:
    """Where a mark stands for the last time: looked for once, not once for each comment."""
    return text.rfind(mark)


def _starts_line(text: str, at: int) -> bool:
    blanks = at
    while blanks > 0 and text[blanks - 1] in " \t":
        blanks -= 1
    return blanks == 0 or text[blanks - 1] in "\r\n"


def without_line(text: str, start: int, end: int) -> Edit:
    """The edit that removes a stretch, with its line where it stands alone on it."""
    whole = without_comment(text, start, end)
    ends = text[whole.end - 1 : whole.end] in {"\n", "\r"} or whole.end == len(text)
    begins = whole.start == 0 or text[whole.start - 1] in "\r\n" or text[whole.start] in "\r\n"
    return whole if begins and ends else Edit(start, end, "")


def without_comment(text: str, start: int, end: int) -> Edit:
    """The edit that removes a comment: its whole line where it stands alone, else with the blanks before it."""
    before = start
    while before > 0 and text[before - 1] in " \t":
        before -= 1
    after = end
    while after < len(text) and text[after] in " \t":
        after += 1
    first = before == 0 or text[before - 1] in "\r\n"
    last = after == len(text) or text[after] in "\r\n"
    if first and last:
        if after < len(text):
            after += 2 if text.startswith("\r\n", after) else 1
        elif before > 0:
            before -= 2 if text.endswith("\r\n", 0, before) else 1
        return Edit(before, after, "")
    if last:
        return Edit(before, end, "")
    if first:
        return Edit(start, after, "")
    return Edit(before, end, "") if before < start else Edit(start, after, "")
