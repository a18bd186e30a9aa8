"""Execution segments: which part of a test a machine runs. Fractions as Go's ``big.Rat`` reads them."""

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from k6cfg.k6.grammars.quote import Reason, quoted
from k6cfg.text.lazy_regex import late

if TYPE_CHECKING:  # slow to import, and few files have segments
    from fractions import Fraction

_PERCENT: Final = late(r"[+-]?[0-9]+", re.ASCII)
_DIGIT: Final = {2: "[01]", 8: "[0-7]", 10: "[0-9]", 16: "[0-9a-fA-F]"}
_PREFIX: Final = {"0b": 2, "0o": 8, "0x": 16}
_LONGEST: Final = 1000  # more digits than any segment needs, fewer than cost time
_LARGEST_EXPONENT: Final = 5000  # beyond it the value is as good as none, or far above 1
_MOST: Final = 1_000_000  # larger ones Go refuses
_NUMBER: Final = {
    # To base 16 an e is a digit, wherever it stands.
    base: late(
        rf"((?:_|{digit})*)(?:\.((?:_|{digit})*))?(?:([{'pP' if base == 16 else 'eEpP'}])([+-]?[0-9](?:_?[0-9])*))?",
        re.ASCII,
    )
    for base, digit in _DIGIT.items()
}


class Segment(NamedTuple):
    """From a fraction of the test to another one; 0 <= start < end <= 1."""

    start: "Fraction"
    end: "Fraction"

    def __str__(self) -> str:
        return f"{self.start}:{self.end}"


def whole() -> Segment:
    """All of a test, which is what k6 runs without a segment."""
    from fractions import Fraction

    return Segment(Fraction(0), Fraction(1))


def segment(text: str) -> Segment | Reason:
    """What ``from:to``, ``to`` or an empty text (all of it) means.

    Source: k6 2.2.0, lib/execution_segment.go; points are percents (``50%``), decimals or fractions (``1/2``).
    """
    from fractions import Fraction

    before, colon, after = text.partition(":")
    start = _point(before) if colon else Fraction(0)
    end = _point(after if colon else before or "1")
    if isinstance(start, str):
        return start
    if isinstance(end, str):
        return end
    if start < 0:
        return "starts below 0"
    if start >= end:
        return "has to start before it ends"
    return Segment(start, end) if end <= 1 else "ends above 1, which is the whole test; percentages need a %"


def sequence(text: str) -> tuple[Segment, ...] | Reason:
    """The segments between the points of a list such as ``0,1/4,1/2,1``; an empty text is an empty list."""
    if not text:
        return ()
    points = text.split(",")
    if len(points) < 2:
        return "needs at least two points, such as 0,1/2,1"
    found: list[Segment] = []
    for start, end in pairwise(points):
        one = segment(f"{start}:{end}")
        if isinstance(one, str):
            return f"holds the part {quoted(f'{start}:{end}')}, which {one}"
        found.append(one)
    return tuple(found)


def _point(text: str) -> "Fraction | Reason":
    from fractions import Fraction

    if len(text) > _LONGEST:
        return "is too long"
    if text.endswith("%"):
        number = text[:-1]
        if _PERCENT.fullmatch(number):
            return Fraction(int(number), 100)
        return f"holds {quoted(text)}, which is no whole percentage"
    value = _fraction(text) if "/" in text else _decimal(text)
    return f"holds {quoted(text)}, which is no percentage, decimal or fraction" if value is None else value


def _fraction(text: str) -> "Fraction | None":
    from fractions import Fraction

    above, _, below = text.partition("/")
    sign = -1 if above.startswith("-") else 1
    numerator = _integer(above[1:] if above[:1] in {"+", "-"} else above)
    denominator = _integer(below)
    return Fraction(sign * numerator, denominator) if numerator is not None and denominator else None


def _integer(text: str) -> int | None:
    """A number without sign whose prefix says its base; a leading 0 says 8."""
    base = _PREFIX.get(text[:2].lower(), 8 if len(text) > 1 and text[0] == "0" else 10)
    digits = text[2:] if text[:2].lower() in _PREFIX else text
    return _digits(digits, base, after_prefix=base != 10)


def _digits(text: str, base: int, *, after_prefix: bool = False) -> int | None:
    digit = _DIGIT[base]
    first = "_?" if after_prefix else ""
    return int(text.replace("_", ""), base) if re.fullmatch(rf"{first}{digit}(?:_?{digit})*", text) else None


def _decimal(text: str) -> "Fraction | None":
    from fractions import Fraction

    unsigned = text[1:] if text[:1] in {"+", "-"} else text
    base = _PREFIX.get(unsigned[:2].lower(), 10)
    found = _NUMBER[base].fullmatch(unsigned[2:] if base != 10 else unsigned)
    if found is None:
        return None
    whole, part, mark, exponent = found.groups(default="")
    value = _digits(whole + part, base, after_prefix=base != 10)
    power = int(exponent or "0")
    if value is None or "_." in unsigned or "._" in unsigned or abs(power) > (_MOST if value else 2**63):
        return None
    power = max(-_LARGEST_EXPONENT, min(_LARGEST_EXPONENT, power))
    scale = (10 if mark in {"e", "E"} else 2) ** abs(power)
    below = base ** len(part.replace("_", ""))
    scaled = Fraction(value * scale, below) if power > 0 else Fraction(value, below * scale)
    return -scaled if text.startswith("-") else scaled
