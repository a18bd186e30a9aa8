"""What the schema says of a struct's fields that k6 itself checks: what is required, and within which bounds."""

from collections.abc import Iterator
from functools import cache

from k6cfg.k6.decode import Read, Reading, name_of
from k6cfg.k6.grammars import parse_duration
from k6cfg.rules.builders import long_or_short, refused, unit
from k6cfg.rules.unknown_key import meant_in
from k6cfg.schema import Node
from k6cfg.text.diagnostics import Diagnostic, Rule


def missing(rule: Rule, holder: Read, reading: Reading, who: str = "") -> Iterator[Diagnostic]:
    """The required fields that are absent, null or an empty list, and not misspelt. ``who`` is what requires them."""
    misspelt = meant_in(reading, holder)
    for key in holder.known.required:
        read = holder.fields.get(key)
        if key in misspelt or (read is not None and (read.failed or (read.valid and read.value != []))):
            continue
        known = holder.known.properties[key]
        example = f", for example {_example(known.examples[0])}" if known.examples else ""
        place = holder if read is None or read.member is None else read  # where it is, though not set
        message, lacks = f"{name_of(holder)} has no `{key}`{who}", (key,) if place is holder else ()
        yield refused(rule, place, message, f"add `{key}`{example}", lacks=lacks)


def breaches(rule: Rule, holder: Read, reading: Reading, *, unchecked: str = "") -> Iterator[Diagnostic]:
    """The numbers and durations that are out of bounds; ``unchecked`` is the key whose bounds k6 does not check."""
    for read in holder.fields.values():
        if read.failed or type(read.value) is not int or read.known.name == unchecked:
            continue
        if not read.valid and read.known.name in holder.known.required:
            continue
        bound = breach(read)
        if bound:
            timed = read.known.type == "duration"
            number, help_ = (long_or_short(read.value), unit(reading, read)) if timed else (str(read.value), None)
            yield refused(rule, read, f"{name_of(read)} has to be {bound}, but is {number}", help_)


def breach(read: Read) -> str:
    """Which bound a value does not keep, in words; empty where it keeps all."""
    least, above, most = _bounds(read.known)
    value = read.number
    if least is not None and value < least:
        return f"at least {read.known.minimum}"
    if above is not None and value <= above:
        return f"more than {read.known.exclusive_minimum}"
    if most is not None and value > most:
        return f"at most {read.known.maximum}"
    return ""


@cache
def _bounds(known: Node) -> tuple[float | None, float | None, float | None]:
    timed = known.type == "duration"
    bounds = (known.minimum, known.exclusive_minimum, known.maximum)
    least, above, most = (_limit(bound, timed=timed) for bound in bounds)
    return least, above, most


def _limit(bound: float | str | None, *, timed: bool) -> float | None:
    """A bound in the unit of the value, which for durations is nanoseconds."""
    if timed:
        nanoseconds = parse_duration(bound) if isinstance(bound, str) else ""
        return None if isinstance(nanoseconds, str) else nanoseconds
    return None if isinstance(bound, str) else bound


def _example(value: object) -> str:
    import json

    return json.dumps(value)
