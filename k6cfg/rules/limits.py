"""What the schema says of a struct's fields that k6 itself checks: what is required, and within which bounds."""

from collections.abc import Iterator

from k6cfg.diagnostics import Diagnostic, Rule
from k6cfg.formats import parse_duration, show_duration
from k6cfg.reading import Read, name_of
from k6cfg.rules.finding import refused


def missing(rule: Rule, holder: Read, who: str = "") -> Iterator[Diagnostic]:
    """The required fields that are absent, null or an empty list. ``who`` is what requires them."""
    for key in () if holder.strange else holder.known.required:
        read = holder.fields.get(key)
        if read is not None and (read.failed or (read.valid and read.value != [])):
            continue
        known = holder.known.properties[key]
        example = f", for example {_example(known.examples[0])}" if known.examples else ""
        yield refused(rule, holder, f"{name_of(holder)} has no `{key}`{who}", f"add `{key}`{example}")


def breaches(rule: Rule, holder: Read, *, unchecked: str = "") -> Iterator[Diagnostic]:
    """The numbers and durations that are out of bounds; ``unchecked`` is the key whose bounds k6 does not check."""
    for read in holder.fields.values():
        if read.failed or type(read.value) is not int or read.known.name == unchecked:
            continue
        if not read.valid and read.known.name in holder.known.required:
            continue
        bound = _breach(read)
        if bound:
            number = show_duration(read.value) if read.known.type == "duration" else str(read.value)
            yield refused(rule, read, f"{name_of(read)} has to be {bound}, but is {number}")


def _breach(read: Read) -> str:
    known, value = read.known, read.number
    timed = known.type == "duration"
    least, above, most = known.minimum, known.exclusive_minimum, known.maximum
    if (limit := _limit(least, timed=timed)) is not None and value < limit:
        return f"at least {least}"
    if (limit := _limit(above, timed=timed)) is not None and value <= limit:
        return f"more than {above}"
    if (limit := _limit(most, timed=timed)) is not None and value > limit:
        return f"at most {most}"
    return ""


def _limit(bound: float | str | None, *, timed: bool) -> float | None:
    """A bound in the unit of the value, which for durations is nanoseconds."""
    if timed:
        nanoseconds = parse_duration(bound) if isinstance(bound, str) else ""
        return None if isinstance(nanoseconds, str) else nanoseconds
    return None if isinstance(bound, str) else bound


def _example(value: object) -> str:
    import json

    return json.dumps(value)
