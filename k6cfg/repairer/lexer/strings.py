"""The ways to read what starts with a quote.

Where a string ends is the hard question of repair. The few plausible ends are all kept, each with what it costs: the
next quotes, and where none comes, the signs and the end of the line before which one may have been forgotten.
"""

import re
from collections.abc import Iterator
from typing import Final

from k6cfg.repairer.lexer.escapes import PATH, doubled_backslashes, escape_steps, escapes, rendered
from k6cfg.repairer.lexer.exact_strings import apostrophes, certificate, guillemets, is_wrapped_text
from k6cfg.repairer.search.state import Lexeme, Step, step
from k6cfg.repairer.slips import PRUNE, SLIPS
from k6cfg.text.diagnostics import Edit

STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
REACH: Final = 2000
"""How many characters a string with a doubtful end may be long."""
_LINES: Final = 3
_ENDS: Final = 10
_LOOKED_AT: Final = 60
"""How many quotes of any kind a string with a doubtful end may hold."""
_DOUBLE: Final = '"“”„‟〝〞＂″'  # noqa: RUF001
_SINGLE: Final = "'‘’‚‛′"  # noqa: RUF001
FAMILIES: Final = {
    **dict.fromkeys(_DOUBLE, _DOUBLE),
    **dict.fromkeys(_SINGLE, _SINGLE),
    "`": "`´",  # noqa: RUF001
    "´": "´`'",  # noqa: RUF001
    "«": "»",
    "»": "«",
    "‹": "›",  # noqa: RUF001
}
"""What may close a string that this character opens."""
_QUOTES: Final = "".join(FAMILIES) + "›"  # noqa: RUF001
_CLOSERS: Final = {sign: re.compile(f"[{closers}]") for sign, closers in FAMILIES.items()}
_OWN_QUOTE: Final = {sign: re.compile(rf'(?<!\\)[{closers}"]') for sign, closers in FAMILIES.items()}
AFTER_VALUE: Final = re.compile(r"[ \t]*(?:[,}\]\r\n;]|//|/\*|\Z)")
AFTER_KEY: Final = re.compile(r"\s*(?:[:=：]|=>)")  # noqa: RUF001
_NEXT_QUOTE: Final = {
    key: re.compile(
        rf"(?:[^\\{_QUOTES}]|\\[^{_QUOTES}]|\\[{_QUOTES}](?!{follows.pattern}))*"
        rf"(\\(?=[{_QUOTES}]{follows.pattern}))?([{_QUOTES}])"
    )
    for key, follows in ((True, AFTER_KEY), (False, AFTER_VALUE))
}
"""From inside a string to the next quote that may close it: one without a backslash, or one that ends a value."""
_PLUS: Final = re.compile(r"\s*\+\s*")


def strings(text: str, at: int, *, key: bool) -> Iterator[Lexeme]:
    """What starts with a quote."""
    whole = certificate(text, at)
    if whole:
        yield whole
        return
    doubled = apostrophes(text, at)
    if doubled:
        yield doubled
    spaced = guillemets(text, at)
    if spaced:
        yield spaced
        return
    sound = STRING.match(text, at) if text[at] == '"' else None
    if sound:
        yield Lexeme(sound.end(), sound.group())
        yield from _misplaced(text, at, sound.end(), key=key)
    limit = min(len(text), at + REACH)
    yield from _closed(text, at, limit, key=key, sound=sound.end() if sound else -1)
    yield from _unclosed(text, at, limit, key=key)
    if (
        (text[at : at + 2] == '""' or text.startswith("'''", at))
        and at + 2 < len(text)
        and text[at + 2] not in " \t\r\n,:}]"
    ):
        yield from _doubled(text, at, limit, key=key)


def _misplaced(text: str, at: int, end: int, *, key: bool) -> Iterator[Lexeme]:
    """A colon or comma on the wrong side of the closing quote."""
    inside = text[end - 2]
    if key and inside == ":" and end - at > 3 and not AFTER_KEY.match(text, end):
        one = step("colon-in-key", at, end, Edit(end - 2, end, '":'), detail=text[at + 1 : end - 2])
        yield Lexeme(end, text[at : end - 2] + '"', (one,), punctuated=True)
    below = _KEY_BELOW.match(text, end) if inside == "," else None
    if not key and inside == "," and end - at > 3 and (below or not AFTER_VALUE.match(text, end)):
        extra = -0.25 if below else 0.0  # the end of a line is where a comma is
        one = step("comma-in-string", at, end, Edit(end - 2, end, '",'), detail=text[at + 1 : end - 2], extra=extra)
        yield Lexeme(end, text[at : end - 2] + '"', (one,), punctuated=True)


_IN_NO_KEY: Final = re.compile(r"[\"']\s*(?:,\s*[\"']|:)")
_KEY_BELOW: Final = re.compile(r"[ \t]*\r?\n\s*\"")


def _closed(text: str, at: int, limit: int, *, key: bool, sound: int) -> Iterator[Lexeme]:
    """The strings that end at one of the next quotes."""
    family = FAMILIES[text[at]]
    follows = AFTER_KEY if key else AFTER_VALUE
    inner = lines = tried = first = 0
    place = at + 1
    for _ in range(_LOOKED_AT):
        found = _NEXT_QUOTE[key].match(text, place, limit)
        if not found or tried == _ENDS:
            return
        lines += text.count("\n", place, found.end())
        if lines >= _LINES and text[at] != "`" and (key or inner or not is_wrapped_text(text, at + 1, found.end() - 1)):
            return
        place = end = found.end()
        first = first or end
        quote = found.group(2)
        escaped = found.group(1) is not None
        own = quote in family
        if escaped and not own:
            continue
        if own or quote == '"':
            tried += 1
        plausible = follows.match(text, end) is not None
        # A quote of another family closes only where a string may well end.
        closes = (plausible or inner == 0) if own else (plausible and quote in _DOUBLE + _SINGLE and place == first)
        one = _string_to(text, at, end, inner, escaped=escaped) if closes and end != sound else None
        if one is not None and key and one.steps and (lines or _IN_NO_KEY.search(text, at + 1, end - 1)):
            # A key is hardly ever wrapped, and never a list of strings or another entry.
            one = one._replace(steps=(one.steps[0]._replace(cost=one.steps[0].cost + 2), *one.steps[1:]))
        if one is not None:
            yield one
        if own and not escaped and not (quote in _SINGLE and text[end - 2].isalpha() and text[end : end + 1].isalpha()):
            inner += 1  # but for the apostrophe of a word


def _string_to(text: str, at: int, end: int, inner: int, *, escaped: bool) -> Lexeme | None:
    """The string between two given quotes, with ``inner`` more of its kind inside."""
    content = text[at + 1 : end - 1]
    steps = list(_around(text, at, end))
    if escaped:
        # "C:\\k6\\": the backslash was to be one, not to escape the quote.
        if inner or not PATH.match(text, at + 1):
            return None
        steps.append(step("path-end", at, end, *doubled_backslashes(text, at + 1, end - 1)))
        return Lexeme(end, rendered(text, at + 1, end - 1), tuple(steps))
    if inner == 1 and text[end - 2] == text[end - 1]:
        # "30s"": the second quote is one too many; that it belongs to the string is far-fetched.
        steps.append(step("stray-quote", end - 2, end - 1, Edit(end - 2, end - 1, "")))
        return Lexeme(end, rendered(text, at + 1, end - 2), tuple(steps))
    extra = SLIPS["inner-pair"].cost * ((inner - 1) // 2) + (SLIPS["inner-odd"].cost if inner % 2 else 0.0)
    if inner and text[at] == '"' and SLIPS["inner-quotes"].cost + extra + _CROSSING * ("\n" in content) > PRUNE:
        return None  # no search would go on with it
    edits, kinds = escapes(text, at + 1, end - 1)
    if inner and (text[at] != '"' or "quote" in kinds):
        quotes = [edit for edit in edits if edit.start == edit.end and text[edit.start] == '"']
        edits = [edit for edit in edits if edit not in quotes]
        between = _CLOSERS[text[at]].split(content)[1::2]
        several = between != [] and _PUNCTUATION.fullmatch("".join(between)) is not None
        extra += _CROSSING * (len(_STRUCTURE.findall(text, at + 1, end - 1)) + (text[at + 1] == text[at]) + several)
        one = step("inner-quotes", at, end, *quotes, detail=content, extra=extra)
        # Quotes that need no backslash are as doubtful, but nothing to report.
        steps = [*steps, one] if quotes else [each._replace(cost=each.cost + one.cost) for each in steps[:1]]
    steps += escape_steps(text, at, end, edits, kinds)
    return Lexeme(end, rendered(text, at + 1, end - 1), tuple(steps))


def _around(text: str, at: int, end: int) -> Iterator[Step]:
    """The step that puts plain double quotes around a string, where it has others."""
    opening, closing = text[at], text[end - 1]
    edits = [Edit(place, place + 1, '"') for place in (at, end - 1) if text[place] != '"']
    if not edits:
        return
    alike = opening == closing or any({opening, closing} <= family for family in _ALIKE)
    name = "foreign-quotes" if alike else "mixed-quotes"
    if opening == "`" and "${" in text[at:end]:
        name = "placeholder"
    crossed = 1.2 if _CROSSED.search(text, at + 1, end - 1) else 0.0
    yield step(name, at, end, *edits, detail=text[at + 1 : end - 1], extra=crossed)


_CROSSING: Final = 1.2
"""What it costs a string that it would reach over what looks like structure, each time, a line break included."""
_ALIKE: Final = tuple(map(frozenset, ("“”„‟〝〞＂″", "‘’‚‛′", "«»", "‹›", "´`")))  # noqa: RUF001
_STRUCTURE: Final = re.compile(
    r"[\"']\s*[:={\[]|[\"']\s*[;|.+]?\s*[\"']|[\"']\s*,\s*[\w$-]+[\"']?\s*:|[}\]]\s*,\s*[{\[]|\n"
)
_PUNCTUATION: Final = re.compile(r"[\s,;:.+|]*")
"""Between strings there is nothing but these; between the quoted words of one string there are words."""
_CROSSED: Final = re.compile(r"[\w)][\"']\s*:\s*[^\"']*,\s*\w?[\"']\w")
"""A string that reaches over ``vus": 10, "duration`` has its first quote in one key and its last in the next."""


def _unclosed(text: str, at: int, limit: int, *, key: bool) -> Iterator[Lexeme]:
    """The strings that have no closing quote: they end before a sign, or with the line."""
    line = min((place for place in (text.find("\n", at, limit), text.find("\r", at, limit)) if place >= 0), default=-1)
    stop = line if line >= 0 else limit
    own = _OWN_QUOTE[text[at]]
    quote = own.search(text, at + 1, stop)
    reach = quote.start() if quote else stop
    ends: list[int] = []
    if key:
        ends = [found.start() for found in _KEY_ENDS.finditer(text, at + 1, reach)]
        ends = ends[:2] + ends[2:][-3:]
    else:
        for found in re.compile(r"[,}\]]").finditer(text, at + 1, reach):
            after = _AFTER_UNCLOSED.match(text, found.end())
            if after:
                ends.append(found.start())
        ends = ends[:4] + ends[-2:] if len(ends) > 6 else ends
    if not quote and (line >= 0 or stop == len(text)):
        ends.append(stop)
    for end in dict.fromkeys(ends):
        content = text[at + 1 : end].rstrip()
        stopped = at + 1 + len(content)
        if not content:
            continue
        cut = end == len(text)
        edits, _kinds = escapes(text, at + 1, stopped, cut=True)
        opened = [Edit(at, at + 1, '"')] if text[at] != '"' else []
        bare = _SELECTOR.sub("", content)
        extra = 0.0 if cut else 0.3 * sum(bare.count(sign) for sign in ",{}[]" + (":" if key else ""))
        odd = bare[-1:] in _SIGNS or "," in bare or content.endswith('\\"')
        name = "quote-cut" if cut else "quote-close-odd" if odd else "quote-close"
        one = step(name, at, stopped, *opened, *edits, Edit(stopped, stopped, '"'), detail=content, extra=extra)
        yield Lexeme(stopped, rendered(text, at + 1, stopped), (one,))


_SIGNS: Final = frozenset(",;:={}[]")
_KEY_ENDS: Final = re.compile(r"\s*[:{\[]")
_SELECTOR: Final = re.compile(r"\{[^{}\"]*\}")
"""The tags in a threshold's key, ``http_req_duration{status:200}``."""
_AFTER_UNCLOSED: Final = re.compile(r"\s*(?:[\"'}\],]|[A-Za-z_]\w*[\"']?\s*:|//|\Z)|[ \t]*[\r\n]")


_TRIPLE: Final = re.compile(r"(\"\"\"|''')[^\"\\\x00-\x1f]+?\1")


def _doubled(text: str, at: int, limit: int, *, key: bool) -> Iterator[Lexeme]:
    """``""x""``, ``""x"``, and three of them as in Python."""
    triple = _TRIPLE.match(text, at, limit)
    if triple:
        end = triple.end()
        one = step("doubled-quotes", at, end, Edit(at, at + 3, '"'), Edit(end - 3, end, '"'))
        yield Lexeme(end, f'"{text[at + 3 : end - 3]}"', (one,))
        return
    if text[at] != '"':
        return
    close = text.find('"', at + 2, limit)
    if close < 0 or "\n" in text[at:close]:
        return
    end = close + 1
    edits = [Edit(at, at + 1, "")]
    if text[end : end + 1] == '"':
        edits.append(Edit(end, end + 1, ""))
        end += 1
    follows = AFTER_KEY if key else AFTER_VALUE
    if STRING.fullmatch(text, at + 1, close + 1):
        one = step("doubled-quotes", at, end, *edits, extra=0.0 if follows.match(text, end) else 0.6)
        yield Lexeme(end, text[at + 1 : close + 1], (one,))


def concatenated(text: str, first: Lexeme) -> Iterator[Lexeme]:
    """``"30" + "s"``: one string, joined by taking out what is between."""
    end, pieces = first.end, [first.json[1:-1]]
    if any(one.slip != "foreign-quotes" for one in first.steps):
        return
    edits = [edit for one in first.steps for edit in one.edits if edit.end < end]
    while plus := _PLUS.match(text, end):
        other = _PIECE.match(text, plus.end())
        if other is None:
            break
        edits.append(Edit(end - 1, other.start() + 1, ""))
        pieces.append(other.group()[1:-1])
        end = other.end()
    if len(pieces) > 1:
        if text[end - 1] != '"':
            edits.append(Edit(end - 1, end, '"'))
        yield Lexeme(end, f'"{"".join(pieces)}"', (step("concatenation", first.end - 1, end, *edits),))


_ADJACENT: Final = re.compile(rf"{STRING.pattern}(?:[ \t]*\r?\n\s*{STRING.pattern})+(?=\s*[,}}\]])")


def adjacent(text: str, at: int) -> Lexeme | None:
    """Strings below each other with nothing between them, as one string."""
    found = _ADJACENT.match(text, at, min(len(text), at + REACH))
    if not found:
        return None
    edits, pieces, place = [], [], at
    while piece := STRING.match(text, place, found.end()):
        pieces.append(piece.group()[1:-1])
        if piece.end() == found.end():
            break
        following = text.index('"', piece.end())
        edits.append(Edit(piece.end() - 1, following + 1, ""))
        place = following
    return Lexeme(found.end(), f'"{"".join(pieces)}"', (step("adjacent", at, found.end(), *edits),))


_PIECE: Final = re.compile(STRING.pattern + r"|'[^'\"\\\r\n]*'|`[^`\"\\$\r\n]*`")
