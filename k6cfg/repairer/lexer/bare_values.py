"""Values without quotes: the literals and numbers of other languages, placeholders, plain text."""

import math
import re
from collections.abc import Iterator
from typing import Final

from k6cfg.repairer.search.state import Lexeme, Step, step
from k6cfg.text.diagnostics import Edit

END: Final = r"(?=[\s,:}\]{\[\"';)，、،؛；：｝］）]|//|/\*|\Z)"  # noqa: RUF001
SOUND: Final = re.compile(rf"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null){END}")
_WORD: Final = re.compile(r"[^\s,:{}\[\]\"'`;()，、،؛；：｝］]+")  # noqa: RUF001
_CLOCK: Final = re.compile(r"[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,9})?(?=\s*[,}\]\r\n]|\Z)")
"""Hours, minutes and seconds, which k6 writes otherwise."""
_ADDRESS: Final = re.compile(r"([0-9a-fA-F:]{2,40}(?:\.[0-9]{1,3}){0,3})(?:/[0-9]{1,3})?(?=\s*[,}\]\r\n]|\Z)")
"""An address of IPv6, or what has its letters."""
_THOUSANDS: Final = re.compile(
    rf"-?[1-9][0-9]{{0,2}}(?P<mark>[,' \u00a0\u2009\u202f])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*{END}"
)
_SPACED: Final = re.compile(r"-[ \t]+(?=[0-9])")
_SUM: Final = re.compile(rf"[0-9]+(?:\.[0-9]+)?(?:(?:\s*[*+]\s*|\s+[/-]\s+)[0-9]+(?:\.[0-9]+)?)+{END}")
"""Arithmetic of plain numbers. Without blanks ``-`` and ``/`` make dates and segments."""
_COMPUTED: Final = re.compile(r"[0-9.]+[ \t]*[*/%+-][ \t]*[A-Za-z_$][\w$.]*(?=\s*[,}\]\r\n])")
"""Arithmetic with a name in it."""
_UNIT: Final = re.compile(rf"[0-9]+(?:\.[0-9]+)?([ \t]+)(?:ns|us|µs|ms|s|m|h){END}")
_PLACEHOLDER: Final = re.compile(
    r"\$\{[^{}\"'\r\n]*\}[^\s,:{}\[\]\"'`;()]*|\{\{[^{}\"'\r\n]*\}\}|<[A-Za-z_][^<>\"\r\n,{}]*>|%\([^)\r\n\"]*\)s|\$[A-Z_]+|\$\([^)\r\n\"]*\)"
)
_FILTER: Final = re.compile(r"\|\s*(?:s?quote|to_?[jJ]son|json|dump|json_encode|tojson)\b")
"""What puts its own quotes around a value when a template is filled in."""
_UNKNOWABLE: Final = re.compile(
    r"(?:__ENV|process\.env|import\.meta|open\(|new\s|function\b|[+-]?Infinity\b|[+-]?NaN\b)[^\r\n,}\]]*"
    r"|(?!p\()[\w.]+\((?:[^()\r\n]|\([^()\r\n]*\))*\)(?=\s*[,}\]\r\n])"
    r"|[^\s\"'`,{}\[\]]+\s*(?:\|\||&&|\?\?|=>|[*](?=[\s\w])|\s?[/%?]\s|[+-]\s)[^\r\n,}\]]*"
    r"|(?:--|\+\+|!(?![01][\s,}\]]))[^\r\n,}\]]*"
    r"|[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?(?=[\s,}\]]|\Z)"
)
_SWITCH: Final = re.compile(r"(?:(yes|on)|no|off)(?=\s*[,}\]\r\n])", re.IGNORECASE)
"""The booleans of YAML 1.1, which are words elsewhere."""
_TORN: Final = re.compile(r"(?:t *r *u *e|f *a *l *s *e|n *u *l *l)(?=\s*(?:[,}\]\r\n]|//|/\*|\Z))")
"""A literal with blanks inside."""
_VOID: Final = re.compile(r"void\s+0(?![.\w])")
_URL: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://[^\s\"',{}\[\]]+|[\w.-]+:[0-9]{2,5}(?:/[^\s\"',{}\[\]]*)?(?=[\s,}\]]|\Z)"
)
_PHRASE: Final = re.compile(r"[^\s,:{}\[\]\"'`;][^,{}\[\]\"'`\r\n]*(?=[,}\]\r\n]|\Z)")
_TEXT: Final = re.compile(
    r"(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+|(?=[0-9a-fA-F]*[0-9])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{6,}"
    r"|(?:glc_|eyJ)[\w.+/=-]+|[0-9]+(?:\.[0-9]+){3}(?:/[0-9]+)?"
)
_AGGREGATE: Final = r"(?:avg|min|max|med|count|rate|value)"
_FORMULA: Final = re.compile(
    rf"(?:p\([0-9.]+\)(?:\s*[<>=]=?\s*[0-9.]+)?|{_AGGREGATE}[ \t]*(?:[<>]=?|[=!]==?)[ \t]*[0-9.]+)"
    rf"(?=\s*(?:[,}}\]\r\n]|\Z)|[ \t]+(?:p\(|{_AGGREGATE}[ \t]*[<>=!]))"
    r"|[0-9]+(?:/[0-9]+)?:[0-9]+(?:/[0-9]+)?(?=\s*[,}\]\r\n])"
)
"""Text of k6 with signs that no word has: ``p(95)``, ``rate<0.01``, a segment such as ``0:1/2``."""
_LITERALS: Final = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    "None": "null", "NULL": "null", "Null": "null", "nil": "null", "NONE": "null", "!0": "true", "!1": "false",
}  # fmt: skip
_NUMBERS: Final = (
    ("notation", re.compile(rf"[+]?(?:0|[1-9][0-9]*|(?=\.[0-9]))(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?{END}")),
    ("notation", re.compile(rf"-(?:(?:0|[1-9][0-9]*)\.|\.[0-9]+)(?:[eE][+-]?[0-9]+)?{END}")),
    ("notation", re.compile(rf"-?[1-9][0-9]*(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?{END}")),
    ("base", re.compile(rf"0[xX][0-9a-fA-F]+{END}")),
    ("base", re.compile(rf"0[oO][0-7]+{END}")),
    ("base", re.compile(rf"0[bB][01]+{END}")),
    ("zeros-before", re.compile(rf"-?0[0-9]+{END}")),
    ("notation", re.compile(rf"[\u2212]?\d+{END}")),
)
_ELIDED: Final = re.compile(r"(?:Object|Array|Function|Circular)(?=\])")
"""What Node.js prints in brackets for what it leaves out."""
_LETTERS: Final = ("true", "false", "null")
_LONG: Final = 400


def bare_values(text: str, at: int) -> Iterator[Lexeme]:
    """The ways to read a value without quotes."""
    limit = min(len(text), at + _LONG)
    sound = SOUND.match(text, at)
    if sound:
        yield Lexeme(sound.end(), sound.group())
    for end, json, one in _readings(text, at, limit, sound=sound is not None):
        yield Lexeme(end, json, (one,))


def _readings(text: str, at: int, limit: int, *, sound: bool) -> Iterator[tuple[int, str, Step]]:
    clock = _CLOCK.match(text, at, limit)
    if clock:
        yield clock.end(), f'"{clock.group()}"', step("unknowable", at, clock.end(), detail=clock.group())
        return
    address = _ADDRESS.match(text, at, limit)
    if address and _is_address(address.group(1)):
        yield _quoted("bare-text", at, address.end(), address.group())
        return
    thousands = _THOUSANDS.match(text, at, limit)
    if thousands:
        mark = thousands["mark"]
        json = thousands.group().replace(mark, "")
        marks = (Edit(m.start(), m.end(), "") for m in re.compile(mark).finditer(text, at, thousands.end()))
        yield thousands.end(), json, step("thousands", at, thousands.end(), *marks, detail=json)
    product = _SUM.match(text, at, limit)
    if product:
        json = _computed(product.group())
        if json:
            yield product.end(), json, _whole("product", at, product.end(), json)
    formula = _FORMULA.match(text, at, limit)
    if formula:
        yield _quoted("bare-text", at, formula.end(), formula.group())
        return
    if sound:
        yield from _after_number(text, at, limit)
        return
    yield from _others(text, at, limit)


def _is_address(written: str) -> bool:
    from ipaddress import IPv6Address  # seldom needed

    try:
        IPv6Address(written)
    except ValueError:
        return False
    return True


def _others(text: str, at: int, limit: int) -> Iterator[tuple[int, str, Step]]:
    spaced = _SPACED.match(text, at, limit)
    number = SOUND.match(text, spaced.end()) if spaced else None
    if spaced and number:
        one = step("notation", at, number.end(), Edit(at + 1, spaced.end(), ""), detail="-" + number.group())
        yield number.end(), "-" + number.group(), one
        return
    void = _VOID.match(text, at, limit)
    if void:
        yield void.end(), "null", _whole("undefined", at, void.end(), "null")
        return
    found = _placeholder(text, at, limit) or _number(text, at, limit)
    if found:
        yield found
        if found[2].slip in {"zeros-before", "zeros-plain"}:  # or text, as in a token of digits
            yield _quoted("bare-word", at, found[0], text[at : found[0]])
        return
    switch = _SWITCH.match(text, at, limit)
    if switch:
        json = "true" if switch.group(1) else "false"
        yield switch.end(), json, _whole("switch", at, switch.end(), json)
    else:
        yield from _words(text, at, limit)


def _words(text: str, at: int, limit: int) -> Iterator[tuple[int, str, Step]]:
    torn = _TORN.match(text, at, limit)
    if torn and " " in torn.group():
        json = torn.group().replace(" ", "")
        yield torn.end(), json, _whole("typo", at, torn.end(), json)
    elided = _ELIDED.match(text, at) if text[at - 1 : at] == "[" else None
    if elided:
        yield elided.end(), f'"{elided.group()}"', step("unknowable", at, elided.end(), detail=elided.group())
    else:
        yield from _texts(text, at, limit)


def _after_number(text: str, at: int, limit: int) -> Iterator[tuple[int, str, Step]]:
    """A number that is the beginning of a value only: ``60 / x``, ``30 s``."""
    computed = _COMPUTED.match(text, at, limit)
    if computed:
        end, written = computed.end(), computed.group()
        yield end, f'"{written}"', step("unknowable", at, end, detail=written)
    unit = _UNIT.match(text, at, limit)
    if unit:
        end, (first, last) = unit.end(), unit.span(1)
        json = f'"{text[at:first]}{text[last:end]}"'
        both = (Edit(at, at, '"'), Edit(first, last, ""), Edit(end, end, '"'))
        yield end, json, step("bare-word", at, end, *both, detail=json)


def _placeholder(text: str, at: int, limit: int) -> tuple[int, str, Step] | None:
    found = _PLACEHOLDER.match(text, at, limit)
    if found and _FILTER.search(found.group()):
        return found.end(), f'"{found.group()}"', step("unknowable", at, found.end(), detail=found.group())
    return _quoted("placeholder", at, found.end(), found.group()) if found else None


def _number(text: str, at: int, limit: int) -> tuple[int, str, Step] | None:
    for name, pattern in _NUMBERS:
        found = pattern.match(text, at, limit)
        if found and found.group():
            json = _plain_number(found.group())
            if json:
                plain = name == "zeros-before" and _is_plain(json)
                return found.end(), json, _whole("zeros-plain" if plain else name, at, found.end(), json)
    return None


def _is_plain(json: str) -> bool:
    """Whether a number with zeros before it is the same to who reads it as octal, or cannot be read as that."""
    return len(json.lstrip("-")) == 1 or "8" in json or "9" in json


def _plain_number(written: str) -> str:
    """A number of another notation in JSON's, or nothing where it is none."""
    lowered = written.lower()
    if lowered.startswith(("0x", "0o", "0b")):
        return str(int(lowered, 0)) if len(written) < 40 else ""
    written = written.replace("\u2212", "-")
    if written.lstrip("-").isdecimal():
        return str(int(written)) if len(written) < 40 else ""
    sign = "-" if written.startswith("-") else ""
    digits = written.lstrip("+-").replace("_", "")
    mantissa, mark, exponent = digits.partition("e" if "e" in digits else "E")
    whole, point, fraction = mantissa.partition(".")
    json = f"{sign}{whole or '0'}{point + fraction if fraction else ''}{mark}{exponent}"
    return json if SOUND.fullmatch(json) else ""


def _computed(written: str) -> str:
    """What arithmetic of plain numbers comes to; nothing where that is no short number."""
    result = 0.0
    for sign, term in re.findall(r"(^|[+]|\s-\s)([^+-]+)", written):
        value = 1.0
        for operator, factor in re.findall(r"(^|[*/])\s*([0-9.]+)", term.strip()):
            if operator == "/" and not float(factor):
                return ""
            value = value / float(factor) if operator == "/" else value * float(factor)
        result += -value if "-" in sign else value
    if not math.isfinite(result):
        return ""
    if result == int(result):
        return str(int(result)) if abs(result) < 2**53 else ""
    return repr(result) if len(repr(result)) <= _SHORT else ""


_SHORT: Final = 8


def _texts(text: str, at: int, limit: int) -> Iterator[tuple[int, str, Step]]:
    url = _URL.match(text, at, limit)
    if url:
        yield _quoted("bare-text", at, url.end(), url.group())
    unknowable = None if url else _UNKNOWABLE.match(text, at, limit)
    if unknowable:
        written = unknowable.group().rstrip()
        yield at + len(written), f'"{written}"', step("unknowable", at, at + len(written), detail=written)
        return
    word = _WORD.match(text, at, limit)
    if not word:
        return
    written = word.group()
    end = word.end()
    if written in _LITERALS:
        yield end, _LITERALS[written], _whole("literal", at, end, _LITERALS[written])
        return
    if written == "undefined":
        yield end, "null", _whole("undefined", at, end, "null")
        return
    if set(written) <= set(";.=+*/\\|&<>!?~^-\x00"):
        return
    meant = _misspelt(written) or (_cut_short(written) if end == len(text) else "")
    if meant:
        yield end, meant, _whole("typo", at, end, meant)
        return
    plain = _TEXT.fullmatch(written) is not None
    yield _quoted("bare-text" if plain else "bare-word", at, end, written)
    phrase = _PHRASE.match(text, at, limit)
    if phrase and phrase.end() > end:
        content = phrase.group().rstrip()
        comment = content.find(" //")
        content = content[:comment].rstrip() if comment > 0 else content
        if len(content) > len(written):
            yield _quoted("bare-word", at, at + len(content), content, extra=0.4)


def _misspelt(written: str) -> str:
    """The literal that a word is but for one letter too few, too many, wrong or swapped with its neighbour."""
    word = written.lower()
    for literal in _LETTERS if word.removeprefix("$").isalnum() else ():
        if word == literal or (len(word) > 2 and literal.startswith(word)):
            return literal
        if abs(len(word) - len(literal)) <= 1 and len(word) > 2 and _one_apart(word, literal):
            return literal
    return ""


def _cut_short(written: str) -> str:
    """The literal that the end of the text has cut off."""
    return next((literal for literal in _LETTERS if literal.startswith(written)), "")


def _one_apart(word: str, literal: str) -> bool:
    start = 0
    while start < min(len(word), len(literal)) and word[start] == literal[start]:
        start += 1
    left, right = word[start:], literal[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _quoted(slip: str, at: int, end: int, content: str, extra: float = 0.0) -> tuple[int, str, Step]:
    inner = [Edit(at + place, at + place, "\\") for place, sign in enumerate(content) if sign == "\\"]
    one = step(slip, at, end, Edit(at, at, '"'), *inner, Edit(end, end, '"'), detail=content, extra=extra)
    return end, f'"{content}"', one


def _whole(slip: str, at: int, end: int, json: str) -> Step:
    return step(slip, at, end, Edit(at, end, json), detail=json)
