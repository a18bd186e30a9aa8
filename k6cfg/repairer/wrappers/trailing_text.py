"""What follows the end of the configuration."""

import re
from functools import lru_cache
from itertools import islice
from typing import Final

from k6cfg.repairer.search.state import Step, step
from k6cfg.text.diagnostics import Edit

_TYPE: Final = r"as const|(?:as|satisfies) [A-Za-z][\w.<>]*(?:\[\])?"
_TAGS: Final = r"(?:</(?:code|pre|p|div|span|td|textarea)>\s*)*"
_NO_ENTRY: Final = r"(?!\s*\w+\s*(?:=|:\s)|\s*\w+[ \t]+[\w.]+[ \t]*#)"
"""A key with its value is none of the signs."""
_PROMPT: Final = (
    r"PS [^\r\n]*>|[A-Z]:\\[^\r\n{}\"]*>|\[[\w.-]+@[\w. ~/-]+\][$#%]|[\w.-]+@[\w.-]+[\w.~/@: -]*[$#%>]"
    rf"|(?<=\s){_NO_ENTRY}[\w.~/@: -]*[$#%>]|[➜❯λ]{_NO_ENTRY}[^\r\n{{}}\"\[\]]*"  # noqa: RUF001
)
_EDITOR: Final = r"(?:~\s*)*(?::(?:wqa?|wa?|qa?|x)!?|\(END\))|(?:~\s*)+|%"
_MODULE: Final = r"export\s*\{\s*\w+\s*\}|export\s+default\s+[A-Za-z_]\w*|module\.exports\s*=\s*[A-Za-z_]\w*"
_SIGNS: Final = re.compile(
    rf"(?:[\s;),`'\"\\.\x00\x1a—]|\\[nrt](?!\w))*(?:{_TYPE})?[\s;)]*{_TAGS}"
    rf"(?:[`'\"][ \t]*>+[ \t]*[\w./~-]+|(?<=\s)(?:[-─━═=*_~]{{3,}}|(?!TRUE|FALSE|NULL|NONE)[A-Z]{{3,8}})"
    rf"|{_PROMPT}|{_EDITOR}|(?:{_MODULE})\s*;?)?\s*\Z"
)
"""What ends a statement or a text, a tag, the end of a heredoc, a ruler, a prompt, what an editor was to do."""
_STARTS_VALUE: Final = re.compile(r"[,;\s]*[{\[]")
_ENTRY: Final = re.compile(r"[,;\s]*[\"'][^\"'\r\n]*[\"']\s*:|\s*,\s*[\"'][\w.-]")
_TALK: Final = 2000
"""More than this is no remark after the configuration."""
_MEMBER: Final = re.compile(r"[\"']\s*:")
_CODE: Final = re.compile(r"[;\s)]{0,200}(?:(?:export|import|function|async|const|let|var|class)\b|/[/*])")


def tail_step(text: str, at: int, root: int, last: int) -> Step | None:
    """The step that takes away what stands from ``at`` to the end of the text, where there is a way to take it.

    ``root`` and ``last`` are where the value before it starts and ends. There is no way where it is another value: then
    two configurations stand in one file, and which one is meant is for a person to say.
    """
    end = len(text)
    if text[root : root + 1] not in {"{", "["}:
        return None  # a lone word or number is no configuration that something could follow
    gone = Edit(last, last + _kept(text, last, end), "")
    if _is_signs(text, at):
        return step("tail-sign", at, end, gone, detail=text[at : at + _SHORT].strip()[:40])
    if at >= _filled(text, " \t\r\n,;}])"):
        return None  # brackets too many are taken one by one
    if _is_same(text, at, root, last):
        return step("tail-same", at, end, gone)
    if text[root] == "[" or _STARTS_VALUE.match(text, at) or _ENTRY.match(text, at):
        return None  # an array is no configuration whose remainder could go
    if not is_code(text, at) and (
        end - at > _TALK or outweighs(text[at:end], text[root:last]) or _follows(text, at, last)
    ):
        return None
    first = text[at : at + _TALK].split("\n", 1)[0].strip()
    return step("tail", at, end, gone, detail=first[:40])


def _is_signs(text: str, at: int) -> bool:
    end = max(at, _filled(text, _BLANK))
    if end - at > _SHORT:
        return at >= _filled(text, _BLANK + ";),`'\"\\.\x1a—")
    return _SIGNS.match(text, at, end) is not None


def _is_same(text: str, at: int, root: int, last: int) -> bool:
    """Whether what stands at ``at`` is the value before it once more."""
    while text[at] in " \t\r\n,;":
        at += 1
    return _filled(text, " \t\r\n,;") - at == last - root and text.startswith(text[root:last], at)


@lru_cache(maxsize=8)
def _filled(text: str, signs: str) -> int:
    """From where on a text has nothing but some signs: looked for once, not from each place of it."""
    return len(text.rstrip(signs))


_BLANK: Final = " \t\r\n\x00"
_SHORT: Final = 200
"""More than this is no sign, but for the same ones over and over."""


def _follows(text: str, at: int, last: int) -> bool:
    """Whether what stands at ``at`` is a part of the configuration that ends at ``last``.

    With a gap before it, what holds members is no remainder of an older file.
    """
    return at > last and _MEMBER.search(text, at) is not None


def outweighs(dropped: str, kept: str) -> bool:
    """Whether what would go holds data, and no less of it than what would stay: then it is not for us to choose."""
    goes = len(_WORDS.findall(dropped))
    stays = sum(1 for _ in islice(_WORDS.finditer(kept), goes + 1))
    return goes >= stays and (_DATA.search(dropped) is not None or (goes > 0 and not stays))


_WORDS: Final = re.compile(r"\w+")
_DATA: Final = re.compile(r"[\"']\s*[:=]|[\[{]\s*[\"'\w{\[]|^[^\S\n]*[\w-]+\s*[:=]\s*[\"'\d\[{]", re.MULTILINE)


def holds_data(text: str) -> bool:
    """Whether a text that stands around the configuration may hold a part of one."""
    return "{" in text or _DATA.search(text) is not None


def is_code(text: str, at: int) -> bool:
    """Whether what stands at ``at`` is a statement of JavaScript."""
    return _CODE.match(text, at) is not None


def _kept(text: str, last: int, end: int) -> int:
    """How much goes: all but a final line break."""
    stop = end
    if text.endswith("\r\n", last, end):
        stop -= 2
    elif text.endswith("\n", last, end):
        stop -= 1
    return stop - last
