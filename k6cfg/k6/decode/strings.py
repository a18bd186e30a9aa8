"""How k6 decodes the texts that it gives a meaning: durations, segments, choices, networks, names."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from k6cfg.k6.decode.diagnostics import BAD_DURATION, BAD_VALUE, Findings, name_of
from k6cfg.k6.decode.scalars import go_string, is_null, is_number
from k6cfg.k6.decode.value import Read
from k6cfg.k6.grammars import cidr, duration, hostname_pattern, ip_address, nearest, segment, sequence
from k6cfg.schema.versions import Version
from k6cfg.text.lazy_regex import late
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Array, Scalar, Value


def null_duration(found: Findings, read: Read, value: Value) -> None:
    """``types.NullDuration``: a text with units, or a number."""
    if is_null(value):
        read.valid = False
        return
    if not isinstance(value, Scalar) or value.kind not in {Kind.STRING, Kind.NUMBER}:
        found.wrong_type(read, value)
        return
    number = value.kind is Kind.NUMBER
    text = found.document.source(value) if number else go_string(found.document, value)
    nanoseconds = duration(text, found.version, number=number)
    if isinstance(nanoseconds, str):
        better = _better_duration(found, text)
        found.refuse(
            BAD_DURATION,
            read,
            nanoseconds,
            f'write "{better}"' if better else 'write it like "30s", "1m30s", "500ms" or "1d12h"',
            found.replacing(read, f'"{better}"') if better else None,
        )
        return
    read.value, read.valid = nanoseconds, True
    if nanoseconds == -(2**63) and not text.startswith("-"):
        found.remark(BAD_DURATION, read, f"{name_of(read)} is so long that k6 reads a negative time")


_WORD_UNITS: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}
_LONG: Final = 200
"""No duration that somebody wrote is longer."""
_SPACED: Final = late(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*", re.ASCII)


def _better_duration(found: Findings, text: str) -> str | None:
    """``10 s``, ``10S``, ``10min`` and the like, as k6 reads them."""
    pieces = _SPACED.findall(text) if len(text) <= _LONG else []
    if not pieces or "".join(_SPACED.split(text)[0::3]):
        return None
    units = [_WORD_UNITS.get(unit.lower()) for _, unit in pieces]
    better = "".join(f"{number}{unit}" for (number, _), unit in zip(pieces, units, strict=True))
    return better if None not in units and isinstance(duration(better, found.version), int) else None


def segment_value(found: Findings, read: Read, value: Value) -> None:
    """``*lib.ExecutionSegment`` and ``*lib.ExecutionSegmentSequence``: a text; null is not set."""
    if is_null(value):
        read.value, read.valid = None, False
    elif isinstance(value, Scalar) and value.kind is Kind.STRING:
        text = go_string(found.document, value)
        parsed = segment(text) if read.known.type == "execution-segment" else sequence(text)
        if isinstance(parsed, str):
            found.refuse(BAD_VALUE, read, parsed)
        else:
            read.value, read.valid = parsed, True
    else:
        found.wrong_type(read, value, f'"{found.document.source(value)}"' if is_number(value) else None)


def enumerated(found: Findings, read: Read, value: Value) -> None:
    """A choice that k6 checks when it decodes, such as a TLS version; case matters."""
    if is_null(value):
        read.valid = False
    elif isinstance(value, Scalar) and value.kind is Kind.STRING:
        text = go_string(found.document, value)
        if text in read.known.enum:
            read.value, read.valid = text, True
        else:
            not_known(found, read, text)
    else:
        found.wrong_type(read, value)


def dns_choice(found: Findings, read: Read, value: Value) -> None:
    """``types.NullDNSSelect`` and ``types.NullDNSPolicy``: unlike other choices, null leaves what is there."""
    if not is_null(value):
        enumerated(found, read, value)


def not_known(found: Findings, read: Read, text: str) -> None:
    """A text that is none of a choice, with the one that was probably meant."""
    choices = [choice for choice in read.known.enum if choice]
    folded = {_letters(choice): choice for choice in choices}
    near = nearest(_letters(text), folded) or _only_end(_letters(text), folded)
    removed = read.known.enum_removed.get(text)
    what = f"is not one of {', '.join(choices)}" if len(choices) < 8 else "is no name that k6 knows"
    if removed is not None:
        what = f"names what k6 does not know any more since {removed}"
    meant = folded[near] if near is not None else None
    found.refuse(
        BAD_VALUE,
        read,
        what,
        f'write "{meant}"' if meant else None,
        found.replacing(read, f'"{meant}"') if meant and _letters(meant) == _letters(text) else None,
    )


def _only_end(letters: str, words: Iterable[str]) -> str | None:
    """The one word that ends so: ``1.2`` of ``tls1.2``."""
    found = [word for word in words if letters and word.endswith(letters)]
    return found[0] if len(found) == 1 else None


def _letters(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())


def network(found: Findings, read: Read, value: Value) -> None:
    """``*lib.IPNet``: a network; null is none."""
    _checked_text(found, read, value, lambda text: cidr(text, found.version))


def ip(found: Findings, read: Read, value: Value) -> None:
    """``net.IP``: an address; empty is none, null leaves what is there."""
    _checked_text(found, read, value, lambda text: _no_address(text, found.version) if text else None)


def _no_address(text: str, version: Version) -> str | None:
    family = ip_address(text, version)
    return family if isinstance(family, str) else None


def byte_slice(found: Findings, read: Read, value: Value) -> None:
    """``[]byte``: base64 in a text, or a list of numbers from 0 to 255; null is not set."""
    if isinstance(value, Array):
        read.value, read.valid = "", True
        wrong = [item for item in value.items if not _is_byte(found, item)]
        if wrong:
            found.wrong_type(read, wrong[0])
    elif is_null(value):
        read.value, read.valid = None, False
    else:
        _checked_text(found, read, value, _no_base64)


def _is_byte(found: Findings, item: Value) -> bool:
    return is_null(item) or (is_number(item) and _BYTE.fullmatch(found.document.source(item)) is not None)


_BYTE: Final = late(r"25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]", re.ASCII)


def _no_base64(text: str) -> str | None:
    """Why Go's ``base64.StdEncoding`` rejects a text; it skips line breaks."""
    import base64

    try:
        base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except ValueError:
        return "is not base64"
    return None


def hostname(found: Findings, read: Read, value: Value) -> None:
    """One name to block; null is the empty name."""
    _checked_text(found, read, value, hostname_pattern)


def _checked_text(found: Findings, read: Read, value: Value, check: Callable[[str], str | None]) -> None:
    if isinstance(value, Scalar) and value.kind is Kind.STRING:
        read.value, read.valid = go_string(found.document, value), True
        reason = check(read.string)
        if reason is not None:
            found.refuse(BAD_VALUE, read, reason)
    elif not is_null(value):
        found.wrong_type(read, value)
