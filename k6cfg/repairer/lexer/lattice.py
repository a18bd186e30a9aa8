"""The lattice of the lexer: every sensible way to read one key or value at a place, each with its steps.

Where the text is sound there is one way, and it is free. Elsewhere all are kept; the search decides by what follows.
"""

import re
from collections.abc import Iterator
from typing import Final

from k6cfg.repairer.lexer.bare_values import bare_values
from k6cfg.repairer.lexer.escapes import escapes, rendered
from k6cfg.repairer.lexer.strings import AFTER_KEY, AFTER_VALUE, FAMILIES, concatenated, strings
from k6cfg.repairer.search.state import Lexeme, step
from k6cfg.text.diagnostics import Edit

_KEY: Final = re.compile(r"[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)*")
_SELECTOR: Final = re.compile(r"[a-z]\w*\{\w+:[\w./-]+(?:,[ ]?\w+:[\w./-]+)*\}")
"""The key of a threshold with tags: ``http_req_duration{scenario:smoke}``."""
_ODD_KEY: Final = re.compile(
    r"[^\s\"'`,:{}\[\]](?:[^\"'`,:{}\[\]\r\n]*[^\s\"'`,:{}\[\]])?(?:[^\S\r\n]*\{[^{}\r\n\"]*\})?(?=\s*:)"
)
_HOST: Final = re.compile(r"[\w*.-]{1,253}:[0-9]{1,5}(?=\s*:\s)")
_HALF_KEY: Final = re.compile(r"[^\s\"'`,:{}\[\]\r\n][^\"'`,:\[\]\r\n]*?(?:\{[^{}\r\n\"]*\})?[\"'“”]")
_REACH: Final = 400
"""How many characters a bare key, or a value without its first quote, may be long."""
_HALF_VALUE: Final = re.compile(r"[^\s\"'{}\[\],:][^\"'\r\n]*?[\"'“”]")


class Lattice:
    """The lexemes of one text, each found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[int, list[Lexeme]] = {}
        self._values: dict[int, list[Lexeme]] = {}

    def keys(self, at: int) -> list[Lexeme]:
        """The ways to read a key at ``at``, where no white space stands."""
        found = self._keys.get(at)
        if found is None:
            found = self._keys[at] = keys(self._text, at)
        return found

    def values(self, at: int) -> list[Lexeme]:
        """The ways to read a string, number or literal at ``at``, where no white space stands."""
        found = self._values.get(at)
        if found is None:
            found = self._values[at] = values(self._text, at)
        return found


def keys(text: str, at: int) -> list[Lexeme]:
    """The ways to read a key at ``at``, where no white space stands."""
    found: list[Lexeme] = []
    if text.startswith("```", at):
        return found
    if text[at] == "\\":
        found += _escaped(text, at)
    elif text[at] in FAMILIES:
        found += strings(text, at, key=True)
    else:
        found += _prefixed(text, at, key=True)
        found += _computed_key(text, at)
        found += _bare_keys(text, at)
    return found


def values(text: str, at: int) -> list[Lexeme]:
    """The ways to read a string, number or literal at ``at``, where no white space stands."""
    if text.startswith("```", at):
        return []
    if text[at] in FAMILIES:
        found = list(strings(text, at, key=False))
        found += [more for one in found[:2] for more in concatenated(text, one)]
        return found
    if text[at] == "\\":
        return list(_escaped(text, at))
    found = [*_prefixed(text, at, key=False), *bare_values(text, at)]
    found += _dashes(text, at)
    half = _HALF_VALUE.match(text, at, min(len(text), at + _REACH))
    if half and AFTER_VALUE.match(text, half.end()) and not _NUMBER_AND_COMMA.fullmatch(half.group()):
        content = text[at : half.end() - 1]
        odd = sum(content.count(sign) for sign in ",{}[]")
        edits = [Edit(at, at, '"'), *escapes(text, at, half.end() - 1)[0]]
        if text[half.end() - 1] != '"':
            edits.append(Edit(half.end() - 1, half.end(), '"'))
        one = step("quote-open", at, half.end(), *edits, detail=content, extra=0.8 * odd)
        found.append(Lexeme(half.end(), rendered(text, at, half.end() - 1), (one,)))
    return found


_NUMBER_AND_COMMA: Final = re.compile(r"(?:-?[0-9.]+|true|false|null)[ \t]*,[ \t]*[\"']")
"""A value that is whole, its comma, and a quote for nothing."""
_ESCAPED: Final = re.compile(r"\\\"[^\"\\\r\n]*\\\"")


def _escaped(text: str, at: int) -> Iterator[Lexeme]:
    r"""A string that was inside another one: ``\"30s\"``."""
    found = _ESCAPED.match(text, at)
    if found:
        end = found.end()
        one = step("escaped-quotes", at, end, Edit(at, at + 1, ""), Edit(end - 2, end - 1, ""))
        yield Lexeme(end, text[at + 1 : end - 2] + '"', (one,))


_PREFIX: Final = re.compile(r"[uUbBrR]{1,2}(?=[\"'])")


def _prefixed(text: str, at: int, *, key: bool) -> Iterator[Lexeme]:
    """A string of Python with a letter before it: ``u'vus'``. With ``r`` its backslashes stand for themselves."""
    found = _PREFIX.match(text, at)
    if not found:
        return
    quote = found.end()
    for lexeme in strings(text, quote, key=key):
        inside = text[quote : lexeme.end]
        if lexeme.punctuated or any(one.slip != "foreign-quotes" for one in lexeme.steps) or "\\" in inside:
            continue
        edits = [edit for one in lexeme.steps for edit in one.edits]
        one = step("foreign-quotes", at, lexeme.end, Edit(at, quote, ""), *edits, detail=inside[1:-1])
        yield lexeme._replace(steps=(one,))


_COMPUTED_KEY: Final = re.compile(r"\[\s*(\"[^\"\\\r\n]*\"|'[^'\"\\\r\n]*')\s*\](?=\s*[:=])")


def _computed_key(text: str, at: int) -> Iterator[Lexeme]:
    """``["vus"]: 10`` of JavaScript, ``["vus"] = 10`` of Lua."""
    found = _COMPUTED_KEY.match(text, at)
    if found:
        name = found.group(1)[1:-1]
        one = step("computed-key", at, found.end(), Edit(at, found.end(), f'"{name}"'), detail=name)
        yield Lexeme(found.end(), f'"{name}"', (one,))


_DASH: Final = re.compile(
    r"-[ \t]+(\"[^\"\\\r\n]*\"|'[^'\"\\\r\n]*'|[^\s\"'{}\[\],:#-](?:[^\"'{}\[\]\r\n#]*[^ \t\"'{}\[\]\r\n#])?)"
    r"[ \t]*(?=[\r\n]|\Z)"
)


def _dashes(text: str, at: int) -> Iterator[Lexeme]:
    """A list as in YAML: one item to a line, each after a dash."""
    edits: list[Edit] = []
    items: list[str] = []
    place = end = at
    while found := _DASH.match(text, place):
        if items:
            edits.append(Edit(end, end, ","))
        item = found.group(1)
        edits.append(Edit(place, found.start(1), "" if items else "["))
        if item[0] != '"':
            quoted = item[0] == "'"
            edits.append(Edit(found.start(1), found.start(1) + quoted, '"'))
            edits.append(Edit(found.end(1) - quoted, found.end(1), '"'))
        items.append(item)
        end = found.end(1)
        blank = _BLANK.match(text, found.end())
        place = blank.end() if blank else found.end()
    if items and not any(_IS_ENTRY.match(item) for item in items) and _LINE_START.search(text, max(0, at - 200), at):
        edits.append(Edit(end, end, "]"))
        yield Lexeme(end, f"[{','.join(items)}]", (step("dashes", at, end, *edits),))


_IS_ENTRY: Final = re.compile(r"[\w-]+:(?:\s|\Z)")
_BLANK: Final = re.compile(r"\s+")
_LINE_START: Final = re.compile(r"[\r\n][ \t]*\Z")


def _bare_keys(text: str, at: int) -> Iterator[Lexeme]:
    limit = min(len(text), at + _REACH)
    name = _KEY.match(text, at, limit)
    if name:
        end = name.end()
        key = f'"{name.group()}"'
        extra = 0.0 if AFTER_KEY.match(text, end, limit) else 0.5
        both = (Edit(at, at, '"'), Edit(end, end, '"'))
        yield Lexeme(end, key, (step("bare-key", at, end, *both, detail=name.group(), extra=extra),))
    host = _HOST.match(text, at, limit)
    if host:
        end = host.end()
        both = (Edit(at, at, '"'), Edit(end, end, '"'))
        yield Lexeme(end, rendered(text, at, end), (step("bare-odd-key", at, end, *both),))
    odd = _ODD_KEY.match(text, at, limit)
    if odd and (not name or odd.end() != name.end()):
        end = at + len(odd.group().rstrip())
        both = (Edit(at, at, '"'), Edit(end, end, '"'))
        extra = 0.4 * odd.group().count(" ")
        slip = "bare-selector" if _SELECTOR.fullmatch(text, at, end) else "bare-odd-key"
        yield Lexeme(end, rendered(text, at, end), (step(slip, at, end, *both, extra=extra),))
    half = _HALF_KEY.match(text, at, limit)
    if half and not half.group()[0].isspace():
        end = half.end()
        edits = [Edit(at, at, '"')]
        if text[end - 1] != '"':
            edits.append(Edit(end - 1, end, '"'))
        extra = 0.0 if AFTER_KEY.match(text, end, limit) else 0.6
        one = step("quote-open", at, end, *edits, detail=text[at : end - 1], extra=extra)
        yield Lexeme(end, rendered(text, at, end - 1), (one,))
