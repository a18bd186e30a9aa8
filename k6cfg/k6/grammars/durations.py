"""Numbers and stretches of time, as Go's strconv and time read them and k6 puts them together."""

import math
import re
from typing import Final

from k6cfg.k6.grammars.quote import Reason, quoted
from k6cfg.schema.versions import Version
from k6cfg.text.lazy_regex import late

_INT: Final = late(r"[+-]?[0-9]+", re.ASCII)
_DIGITS: Final = r"[0-9](?:_?[0-9])*"
_FLOAT: Final = late(rf"[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?", re.ASCII)
_HEX: Final = r"[0-9a-fA-F](?:_?[0-9a-fA-F])*"
_HEX_FLOAT: Final = late(rf"[+-]?0[xX](?:_?{_HEX}(?:\.(?:{_HEX})?)?|\.{_HEX})[pP][+-]?{_DIGITS}", re.ASCII)
_SPECIAL: Final = late(r"nan|[+-]?inf(?:inity)?", re.ASCII | re.IGNORECASE)

_MILLISECOND: Final = 1_000_000
_SECOND: Final = 1000 * _MILLISECOND
_HOUR: Final = 3600 * _SECOND
_UNITS: Final = {
    "ns": 1,
    "us": 1000,
    "\u00b5s": 1000,
    "\u03bcs": 1000,
    "ms": _MILLISECOND,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": _HOUR,
}
_PIECE: Final = late(r"([0-9]*)(?:(\.)([0-9]*))?([^.0-9]*)", re.ASCII | re.DOTALL)
_EVERYDAY: Final = late("([0-9]{1,6})(ms|s|m|h)", re.ASCII)  # what nearly all are, and what fits 64 bits
_TOO_LONG: Final = 4000  # int() refuses more digits than about that
_INT64: Final = range(-(2**63), 2**63)

NUMBERS_ARE_MILLISECONDS: Final = Version(0, 30, 0)
DAYS: Final = Version(0, 27, 0)


def parse_int(text: str) -> int | Reason:
    """What ``strconv.ParseInt(text, 10, 64)`` gives: an optional sign and digits, nothing else, within 64 bits."""
    if not _INT.fullmatch(text):
        return "is no whole number"
    value = int(text) if len(text) < _TOO_LONG else 2**63
    return value if value in _INT64 else "is too large for k6, which counts in 64 bits"


def parse_float(text: str) -> float | Reason:
    """What ``strconv.ParseFloat(text, 64)`` gives: decimals, exponents, hexadecimals with p, ``1_000``, inf, NaN."""
    if _FLOAT.fullmatch(text):
        value = float(text.replace("_", ""))
        return value if math.isfinite(value) else "is too large a number"
    if _HEX_FLOAT.fullmatch(text):
        try:
            return float.fromhex(text.replace("_", ""))
        except OverflowError:
            return "is too large a number"
    return float(text) if _SPECIAL.fullmatch(text) else "is no number"


def parse_duration(text: str) -> int | Reason:
    """Nanoseconds, as Go's ``time.ParseDuration`` counts them: ``1h30m``, ``-1.5s``, ``.5ms``, ``0``; units needed."""
    rest = text[1:] if text[:1] in {"+", "-"} else text
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest) or not rest:
        found = _PIECE.match(rest, at)
        whole, _, fraction, unit = found.groups(default="") if found else ("", "", "", "")
        if found is None or not (whole or fraction):
            return f"is no duration: {quoted(text)}" if text else "is an empty text, which is no duration"
        if not unit:
            return f"has a number without a unit in {quoted(text)}"
        if unit not in _UNITS:
            return f"has the unit {quoted(unit)}, which k6 does not know"
        if len(whole) > _TOO_LONG:
            return "is too long a time"
        total += int(whole or "0") * _UNITS[unit] + _fraction(fraction, _UNITS[unit])
        if total > 2**63:
            return "is too long a time"
        at = found.end()
    if text.startswith("-"):
        return -total
    return total if total in _INT64 else "is too long a time"


def _fraction(digits: str, unit: int) -> int:
    value, scale = 0, 1.0
    for digit in digits:
        if value > (2**63 - 1) // 10:
            break  # Go too stops counting where 64 bits are full
        value = value * 10 + int(digit)
        scale *= 10
    return int(value * (unit / scale)) if value else 0


def duration(text: str, version: Version, *, number: bool = False) -> int | Reason:
    """Nanoseconds of a text, or with ``number`` of a number as it is written, for ``types.NullDuration`` of k6.

    k6 2.2.0: a number, also one in quotes, is milliseconds; a text may start with whole days (``1d12h``). What does not
    fit 64 bits wraps to a negative time, as on amd64. Before 0.30.0 numbers are nanoseconds and have to be whole, and
    numbers in quotes are refused; days came with 0.27.0.
    """
    everyday = _EVERYDAY.fullmatch(text)
    if everyday is not None:
        return int(everyday[1]) * _UNITS[everyday[2]]
    if version < NUMBERS_ARE_MILLISECONDS:
        if number:
            value = parse_int(text)
            return "has to be a whole number of nanoseconds before k6 0.30.0" if isinstance(value, str) else value
    else:
        milliseconds = parse_float(text)
        if not isinstance(milliseconds, str):
            return _wrapped(milliseconds * _MILLISECOND)
        if number:
            return milliseconds
    day = text.find("d") if version >= DAYS else -1
    return parse_duration(text) if day < 0 else _days(text, day)


def _days(text: str, day: int) -> int | Reason:
    rest = 0
    if day + 1 < len(text):
        parsed = parse_duration(text[day + 1 :])
        if isinstance(parsed, str):
            return parsed if not isinstance(parse_int(text[:day]), str) else f"is no duration: {quoted(text)}"
        if parsed < 0:
            return "has a sign after its days"
        rest = parsed
    days = parse_int(text[:day])
    if isinstance(days, str):
        if parse_duration(text[:day] + "s") == 0 or not isinstance(parse_float(text[:day]), str):
            return "has part of a day; days are whole, and hours follow them: 1d12h"
        return f"is no duration: {quoted(text)}"
    return _low_bits(days * 24 * _HOUR + (-rest if days < 0 else rest))


def _wrapped(nanoseconds: float) -> int:
    if math.isnan(nanoseconds) or not -(2.0**63) <= nanoseconds < 2.0**63:
        return -(2**63)
    return int(nanoseconds)


def _low_bits(value: int) -> int:
    return (value + 2**63) % 2**64 - 2**63


def dns_ttl(text: str, version: Version) -> Reason | None:
    """Why k6 refuses a time to live; ``inf``, ``0``, an empty text and any duration that is not negative are taken.

    Source: k6 2.2.0, js/runner.go, ``parseTTL``: "invalid DNS TTL".
    """
    if text in {"inf", "0", ""}:
        return None
    value = duration(text, version)
    if isinstance(value, str):
        return value
    return "is negative" if value < 0 else None


def show_duration(nanoseconds: int) -> str:
    """A duration in words that k6 reads, such as ``1m30s`` or ``500ms``."""
    if nanoseconds == 0:
        return "0s"
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest < _SECOND:
        unit = next(name for name in ("ms", "us", "ns") if rest >= _UNITS[name])
        return f"{sign}{rest / _UNITS[unit]:.10g}{unit}"
    pieces = []
    for unit in ("h", "m"):
        count, rest = divmod(rest, _UNITS[unit])
        if count:
            pieces.append(f"{count}{unit}")
    if rest:
        pieces.append(f"{rest / _SECOND:.12g}s")
    return sign + "".join(pieces)
