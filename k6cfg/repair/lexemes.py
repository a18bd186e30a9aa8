"""The lattice of the lexer: every sensible way to read one key or value at a place, each with its steps.

Where the text is sound there is one way. Where a quote is missing or one too many, where a string ends is the hard
question of repair; the few plausible ends are all kept, and the search decides by what follows them.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from k6cfg.diagnostics import Edit
from k6cfg.repair.states import Step, step
from k6cfg.repair.words import bare_values

STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
_REACH: Final = 2000
"""How many characters a string with a doubtful end may be long."""
_LINES: Final = 3
_ENDS: Final = 10
_DOUBLE: Final = '"“”„‟〝〞＂'  # noqa: RUF001
_SINGLE: Final = "'‘’‚‛"  # noqa: RUF001
FAMILIES: Final = {
    **dict.fromkeys(_DOUBLE, _DOUBLE),
    **dict.fromkeys(_SINGLE, _SINGLE),
    "`": "`",
    "´": "´`'",
    "«": "»",
    "»": "«",
    "‹": "›",
}
"""What may close a string that this character opens."""
_ANY_QUOTE: Final = re.compile("[" + "".join(FAMILIES) + "›]")
_ESCAPE: Final = re.compile(
    r'\\(?:(?P<good>["\\/bfnrt]|u[0-9a-fA-F]{4})|x(?P<hex>[0-9a-fA-F]{2})|(?P<line>\r\n|\r|\n)|(?P<other>.)|\Z)'
    r'|(?P<quote>")|(?P<control>[\x00-\x1f])',
    re.DOTALL,
)
_CONTROLS: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
_AFTER_VALUE: Final = re.compile(r"[ \t]*(?:[,}\]\r\n;]|//|/\*|\Z)")
_AFTER_KEY: Final = re.compile(r"\s*(?:[:=：]|=>)")  # noqa: RUF001
_PATH: Final = re.compile(r"[A-Za-z]:\\|\\\\[A-Za-z]|\.{1,2}\\")
_KEY: Final = re.compile(r"[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)*")
_ODD_KEY: Final = re.compile(r"[^\s\"'`,:{}\[\]][^\"'`,:{}\[\]\r\n]*?(?:\{[^{}\r\n\"]*\})?(?=\s*:)")
_HALF_KEY: Final = re.compile(r"[^\s\"'`,:{}\[\]\r\n][^\"'`,:\[\]\r\n]*?(?:\{[^{}\r\n\"]*\})?[\"'“”]")
_HALF_VALUE: Final = re.compile(r"[^\s\"'{}\[\],:][^\"'\r\n]*?[\"'“”]")
_PLUS: Final = re.compile(r"\s*\+\s*")
_TEMPLATE: Final = re.compile(r"\$\{|\{\{|<%|%\(|@@")


class Lexeme(NamedTuple):
    """A key or value: where it ends, what it is in JSON, and the steps that make it so.

    ``colon`` says that it brings its colon (a key) or its comma (a value) along.
    """

    end: int
    json: str
    steps: tuple[Step, ...] = ()
    punctuated: bool = False


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
    if text[at] in FAMILIES:
        found += _strings(text, at, key=True)
    else:
        found += _bare_keys(text, at)
    return found


def values(text: str, at: int) -> list[Lexeme]:
    """The ways to read a string, number or literal at ``at``, where no white space stands."""
    if text.startswith("```", at):
        return []
    if text[at] in FAMILIES:
        found = list(_strings(text, at, key=False))
        found += [more for one in found[:1] for more in _concatenated(text, one)]
        return found
    found = list(bare_values(text, at, Lexeme))
    found += _dashes(text, at)
    half = _HALF_VALUE.match(text, at, min(len(text), at + _REACH))
    if half and _AFTER_VALUE.match(text, half.end()):
        content = text[at : half.end() - 1]
        odd = sum(content.count(sign) for sign in ",{}[]")
        edits = [Edit(at, at, '"'), *_escapes(text, at, half.end() - 1)[0]]
        if text[half.end() - 1] != '"':
            edits.append(Edit(half.end() - 1, half.end(), '"'))
        one = step("quote-open", at, half.end(), *edits, detail=content, extra=0.8 * odd)
        found.append(Lexeme(half.end(), _rendered(text, at, half.end() - 1), (one,)))
    return found


_DASH: Final = re.compile(
    r"-[ \t]+(\"[^\"\\\r\n]*\"|'[^'\"\\\r\n]*'|[^\s\"'{}\[\],:#-][^\"'{}\[\]\r\n#]*?)[ \t]*(?=[\r\n]|\Z)"
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
    if items and _LINE_START.search(text, max(0, at - 200), at):
        edits.append(Edit(end, end, "]"))
        yield Lexeme(end, f"[{','.join(items)}]", (step("dashes", at, end, *edits),))


_BLANK: Final = re.compile(r"\s+")
_LINE_START: Final = re.compile(r"[\r\n][ \t]*\Z")


def _bare_keys(text: str, at: int) -> Iterator[Lexeme]:
    limit = min(len(text), at + _REACH)
    name = _KEY.match(text, at, limit)
    if name:
        end = name.end()
        key = f'"{name.group()}"'
        extra = 0.0 if _AFTER_KEY.match(text, end, limit) else 0.5
        both = (Edit(at, at, '"'), Edit(end, end, '"'))
        yield Lexeme(end, key, (step("bare-key", at, end, *both, detail=name.group(), extra=extra),))
    odd = _ODD_KEY.match(text, at, limit)
    if odd and (not name or odd.end() != name.end()):
        end = at + len(odd.group().rstrip())
        both = (Edit(at, at, '"'), Edit(end, end, '"'))
        extra = 0.4 * odd.group().count(" ")
        yield Lexeme(end, _rendered(text, at, end), (step("bare-odd-key", at, end, *both, extra=extra),))
    half = _HALF_KEY.match(text, at, limit)
    if half and not half.group()[0].isspace():
        end = half.end()
        edits = [Edit(at, at, '"')]
        if text[end - 1] != '"':
            edits.append(Edit(end - 1, end, '"'))
        extra = 0.0 if _AFTER_KEY.match(text, end, limit) else 0.6
        one = step("quote-open", at, end, *edits, detail=text[at : end - 1], extra=extra)
        yield Lexeme(end, _rendered(text, at, end - 1), (one,))


def _strings(text: str, at: int, *, key: bool) -> Iterator[Lexeme]:
    """What starts with a quote."""
    sound = STRING.match(text, at) if text[at] == '"' else None
    if sound:
        yield Lexeme(sound.end(), sound.group())
        yield from _misplaced(text, at, sound.end(), key=key)
    limit = min(len(text), at + _REACH)
    yield from _closed(text, at, limit, key=key, sound=sound.end() if sound else -1)
    yield from _unclosed(text, at, limit, key=key)
    if text[at : at + 2] == '""' and at + 2 < len(text) and text[at + 2] not in " \t\r\n,:}]":
        yield from _doubled(text, at, limit, key=key)


def _misplaced(text: str, at: int, end: int, *, key: bool) -> Iterator[Lexeme]:
    """A colon or comma on the wrong side of the closing quote."""
    inside = text[end - 2]
    if key and inside == ":" and end - at > 3 and not _AFTER_KEY.match(text, end):
        one = step("colon-in-key", at, end, Edit(end - 2, end, '":'), detail=text[at + 1 : end - 2])
        yield Lexeme(end, text[at : end - 2] + '"', (one,), punctuated=True)
    if not key and inside == "," and end - at > 3 and not _AFTER_VALUE.match(text, end):
        one = step("comma-in-string", at, end, Edit(end - 2, end, '",'), detail=text[at + 1 : end - 2])
        yield Lexeme(end, text[at : end - 2] + '"', (one,), punctuated=True)


def _closed(text: str, at: int, limit: int, *, key: bool, sound: int) -> Iterator[Lexeme]:
    """The strings that end at one of the next quotes."""
    family = FAMILIES[text[at]]
    follows = _AFTER_KEY if key else _AFTER_VALUE
    inner = lines = tried = 0
    place = at + 1
    while tried < _ENDS:
        found = _ANY_QUOTE.search(text, place, limit)
        if not found:
            return
        lines += text.count("\n", place, found.start())
        if lines >= _LINES and text[at] != "`":
            return
        place = end = found.end()
        quote = found.group()
        escaped = _is_escaped(text, found.start(), at)
        own = quote in family
        if escaped and not (own and follows.match(text, end)):
            continue
        if own or quote == '"':
            tried += 1
        plausible = follows.match(text, end) is not None
        if end != sound and (own or plausible) and (plausible or inner == 0):
            # A quote of another family closes only where a string may well end.
            if own or quote in _DOUBLE + _SINGLE:
                one = _string_to(text, at, end, inner, own=own, escaped=escaped)
                if one is not None:
                    yield one
        if own and not escaped:
            inner += 1


def _string_to(text: str, at: int, end: int, inner: int, *, own: bool, escaped: bool) -> Lexeme | None:
    """The string between two given quotes."""
    opening, closing = text[at], text[end - 1]
    edits, kinds = _escapes(text, at + 1, end - 1)
    steps: list[Step] = []
    around = [Edit(at, at + 1, '"')] if opening != '"' else []
    if closing != '"':
        around.append(Edit(end - 1, end, '"'))
    if escaped:
        # "C:\k6\": the backslash was to be one, not to escape the quote.
        if not _PATH.match(text, at + 1):
            return None
        edits = _doubled_backslashes(text, at + 1, end - 1)
        steps.append(step("path-end", at, end, *edits))
        edits, kinds = [], set()
    if around:
        pair = {opening, closing}
        same = opening == closing or pair <= set("“”„‟〝〞＂") or pair <= set("‘’‚‛") or pair <= set("«»‹›")  # noqa: RUF001
        name = "foreign-quotes" if same and own else "mixed-quotes"
        steps.append(step(name, at, end, *around, detail=text[at + 1 : end - 1]))
    if inner:
        if text[end - 2] == closing and inner == 1:
            # "30s"": the second quote is one too many; that it belongs to the string is far-fetched.
            one = step("stray-quote", end - 2, end - 1, Edit(end - 2, end - 1, ""))
            return Lexeme(end, _rendered(text, at + 1, end - 2), (*steps, one))
        quotes = [edit for edit in edits if edit.start == edit.end and text[edit.start] == '"']
        edits = [edit for edit in edits if edit not in quotes]
        extra = SLIP_PAIR * ((inner - 1) // 2) + (SLIP_ODD if inner % 2 else 0.0)
        extra += 1.2 * (len(_STRUCTURE.findall(text, at + 1, end - 1)) + (text[at + 1] == opening))
        steps.append(step("inner-quotes", at, end, *quotes, detail=text[at + 1 : end - 1], extra=extra))
        kinds.discard("quote")
    steps += _escape_steps(text, at, end, edits, kinds)
    return Lexeme(end, _rendered(text, at + 1, end - 1), tuple(steps))


_STRUCTURE: Final = re.compile(r'"\s*[:{\[]|"\s*"|"\s*,\s*"[\w$-]+"\s*:|\n')
SLIP_PAIR: Final = 0.5
SLIP_ODD: Final = 0.9


def _escape_steps(text: str, at: int, end: int, edits: list[Edit], kinds: set[str]) -> Iterator[Step]:
    if not edits:
        return
    if "other" in kinds and "good" in kinds and _PATH.match(text, at + 1):
        yield step("path", at, end, *_doubled_backslashes(text, at + 1, end - 1))
    elif "line" in kinds:
        yield step("line-break", at, end, *edits, extra=0.3 * (len(edits) - 1))
    else:
        yield step("escape", at, end, *edits)


def _unclosed(text: str, at: int, limit: int, *, key: bool) -> Iterator[Lexeme]:
    """The strings that have no closing quote: they end before a sign, or with the line."""
    line = min((place for place in (text.find("\n", at, limit), text.find("\r", at, limit)) if place >= 0), default=-1)
    stop = line if line >= 0 else limit
    quote = _ANY_QUOTE.search(text, at + 1, stop)
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
        edits, _kinds = _escapes(text, at + 1, stopped, cut=True)
        opened = [Edit(at, at + 1, '"')] if text[at] != '"' else []
        bare = _SELECTOR.sub("", content)
        extra = 0.0 if cut else 0.3 * sum(bare.count(sign) for sign in ",{}[]" + (":" if key else ""))
        name = "quote-cut" if cut else "quote-close"
        one = step(name, at, stopped, *opened, *edits, Edit(stopped, stopped, '"'), detail=content, extra=extra)
        yield Lexeme(stopped, _rendered(text, at + 1, stopped), (one,))


_KEY_ENDS: Final = re.compile(r"\s*[:{\[]")
_SELECTOR: Final = re.compile(r"\{[^{}\"]*\}")
"""The tags in a threshold's key, ``http_req_duration{status:200}``."""
_AFTER_UNCLOSED: Final = re.compile(r"\s*(?:[\"'}\],]|[A-Za-z_]\w*[\"']?\s*:|//|\Z)|[ \t]*[\r\n]")


_TRIPLE: Final = re.compile(r'"""[^"\\\x00-\x1f]+"""')


def _doubled(text: str, at: int, limit: int, *, key: bool) -> Iterator[Lexeme]:
    """``""x""``, ``""x"``, and three of them as in Python."""
    triple = _TRIPLE.match(text, at, limit)
    if triple:
        one = step("doubled-quotes", at, triple.end(), Edit(at, at + 2, ""), Edit(triple.end() - 2, triple.end(), ""))
        yield Lexeme(triple.end(), text[at + 2 : triple.end() - 2], (one,))
        return
    close = text.find('"', at + 2, limit)
    if close < 0 or "\n" in text[at:close]:
        return
    end = close + 1
    edits = [Edit(at, at + 1, "")]
    if text[end : end + 1] == '"':
        edits.append(Edit(end, end + 1, ""))
        end += 1
    follows = _AFTER_KEY if key else _AFTER_VALUE
    if STRING.fullmatch(text, at + 1, close + 1):
        one = step("doubled-quotes", at, end, *edits, extra=0.0 if follows.match(text, end) else 0.6)
        yield Lexeme(end, text[at + 1 : close + 1], (one,))


def _concatenated(text: str, first: Lexeme) -> Iterator[Lexeme]:
    """``"30" + "s"``: one string, joined by taking out what is between."""
    end, pieces, steps = first.end, [first.json[1:-1]], list(first.steps)
    if steps:
        return
    edits: list[Edit] = []
    while plus := _PLUS.match(text, end):
        after = plus.end()
        other = STRING.match(text, after)
        if other is None:
            break
        edits.append(Edit(end - 1, after + 1, ""))
        pieces.append(other.group()[1:-1])
        end = other.end()
    if edits:
        one = step("concatenation", first.end - 1, end, *edits)
        yield Lexeme(end, f'"{"".join(pieces)}"', (*steps, one))


# -- the inside of strings ------------------------------------------------------------------------------------------


def _is_escaped(text: str, at: int, start: int) -> bool:
    """Whether an odd number of backslashes stands before ``at``."""
    place = at - 1
    while place > start and text[place] == "\\":
        place -= 1
    return (at - 1 - place) % 2 == 1


def _escapes(text: str, start: int, end: int, *, cut: bool = False) -> tuple[list[Edit], set[str]]:
    """The edits that make a stretch the inside of a JSON string, and the kinds of faults it has."""
    edits: list[Edit] = []
    kinds: set[str] = set()
    for found in _ESCAPE.finditer(text, start, end):
        kind = found.lastgroup or "cut"
        first, last = found.span()
        kinds.add(kind)
        if kind == "hex":
            edits.append(Edit(first, last, f"\\u00{found.group('hex')}"))
        elif kind == "line":
            edits.append(Edit(first, last, ""))
        elif kind == "other":
            sign = found.group("other")
            if sign in "'`$":
                edits.append(Edit(first, first + 1, ""))
            elif sign == "u" and cut:
                edits.append(Edit(first, end, ""))
                break
            else:
                edits.append(Edit(first, first + 1, "\\\\"))
        elif kind == "cut":
            edits.append(Edit(first, last, ""))
        elif kind == "quote":
            edits.append(Edit(first, first, "\\"))
        elif kind == "control":
            sign = found.group()
            if sign in "\r\n":
                kinds.add("line")
            edits.append(Edit(first, last, _CONTROLS.get(sign) or f"\\u{ord(sign):04x}"))
    return edits, kinds


def _doubled_backslashes(text: str, start: int, end: int) -> list[Edit]:
    return [Edit(place, place, "\\") for place in range(start, end) if text[place] == "\\"]


def _rendered(text: str, start: int, end: int) -> str:
    """A stretch as the JSON string that the edits make of it: only to tell one value from another."""
    return '"' + text[start:end] + '"'
