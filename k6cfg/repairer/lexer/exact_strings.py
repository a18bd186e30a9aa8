"""Strings whose end is certain, whatever is wrong inside them."""

import re
from typing import Final

from k6cfg.repairer.search.state import Lexeme, step
from k6cfg.text.diagnostics import Edit

_BLOCK: Final = r"-----BEGIN ([A-Z0-9 ]{3,40})-----[^\"'\\{}]*?-----END \%d-----"
_MORE: Final = r"(?:\s*-----BEGIN [A-Z0-9 ]{3,40}-----[^\"'\\{}]*-----END [A-Z0-9 ]{3,40}-----)?"
_CERTIFICATE: Final = re.compile(rf"([\"'`])\s*{_BLOCK % 2}{_MORE}\s*\1")
_BREAK: Final = re.compile(r"[\r\n\t]")
_ESCAPES: Final = {"\r": r"\r", "\n": r"\n", "\t": r"\t"}
_DOUBLED: Final = re.compile(r"'[^'\"\\\x00-\x1f]+(?:''[^'\"\\\x00-\x1f]+)+'(?=[ \t]*[:,}\]\r\n])")
_REACH: Final = 2000
_TWO: Final = re.compile(r"\S''\w{3}")
"""More than the end of a word follows: the two quotes may stand between two strings."""
_STRUCTURAL: Final = re.compile(r"[{}\[\]]|[:=]\s|,\s*(?:[\r\n]|\Z)|[\"'“”]")


def certificate(text: str, at: int) -> Lexeme | None:
    """A certificate or key that was pasted as it is, from its first quote to its last, however many lines it has."""
    if not text.startswith("-----BEGIN ", at + 1):
        return None
    found = _CERTIFICATE.match(text, at)
    if not found:
        return None
    end = found.end()
    edits = [Edit(*one.span(), _ESCAPES[one.group()]) for one in _BREAK.finditer(text, at, end)]
    if not edits:
        return None
    if text[at] != '"':
        edits = [Edit(at, at + 1, '"'), *edits, Edit(end - 1, end, '"')]
    return Lexeme(end, f'"{text[at + 1 : end - 1]}"', (step("line-break", at, end, *edits, extra=-0.8),))


def apostrophes(text: str, at: int) -> Lexeme | None:
    """``'bob''s team'``: in the quotes of YAML and SQL, an apostrophe is written twice."""
    found = _DOUBLED.match(text, at, min(len(text), at + _REACH)) if text[at] == "'" else None
    if not found:
        return None
    end = found.end()
    inside = text[at + 1 : end - 1]
    twice = [Edit(at + 1 + place, at + 2 + place, "") for place in _places(inside)]
    edits = (Edit(at, at + 1, '"'), *twice, Edit(end - 1, end, '"'))
    plain = inside.replace("''", "'")
    # In a list a comma may be missing between the two quotes, and before a colon it may be a key that follows.
    alone = text[max(0, at - 40) : at].rstrip()[-1:] in {":", "=", ">"} and not text.startswith(":", end)
    extra = 1.5 if not alone else 0.7 if _TWO.search(inside) else 0.0
    return Lexeme(end, f'"{plain}"', (step("doubled-apostrophe", at, end, *edits, detail=inside, extra=extra),))


_GUILLEMETS: Final = re.compile(r"[«‹]([^«»‹›\"\\\r\n]{1,200})[»›]")  # noqa: RUF001


def guillemets(text: str, at: int) -> Lexeme | None:
    """``« vus »``: French puts spaces inside its quotes, which are not a part of what is quoted."""
    found = _GUILLEMETS.match(text, at)
    inside = found.group(1).strip() if found else ""
    if not found or not inside or inside == found.group(1):
        return None
    first = text.index(inside, at)
    edits = (Edit(at, first, '"'), Edit(first + len(inside), found.end(), '"'))
    return Lexeme(found.end(), f'"{inside}"', (step("foreign-quotes", at, found.end(), *edits),))


def _places(inside: str) -> list[int]:
    return [found.start() for found in re.finditer("''", inside)]


def is_wrapped_text(text: str, start: int, end: int) -> bool:
    """Whether what stands between two quotes, over however many lines, can be nothing but text."""
    return _STRUCTURAL.search(text, start, end) is None
