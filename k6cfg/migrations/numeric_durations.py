"""Durations as bare numbers: nanoseconds before k6 0.30.0, milliseconds since."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from k6cfg.k6.decode import read
from k6cfg.k6.grammars import show_duration
from k6cfg.migrations.context import GROUP, Journey, Place, decide, done
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.location import pointer_parts
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Object, Scalar

RULE = Rule("numeric-durations", GROUP, "Durations as bare numbers are milliseconds.")
SINCE = Version(0, 30, 0)

_LAST_NANOSECONDS: Final = Version(0, 29, 0)
_TELLING: Final = 1_000_000_000
"""A second in nanoseconds, eleven and a half days in milliseconds: nobody means that by a timeout."""
_TINY: Final = 1_000_000
"""A millisecond in nanoseconds: nobody wrote less."""
_DAY: Final = 86_400_000
"""In milliseconds; from here on up to what is telling, the number may be either."""


class _Number(NamedTuple):
    value: int
    text: Scalar
    place: Place
    pointer: str


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Source: release notes of 0.30.0, #1738."""
    numbers = [*_numbers(journey)]
    old = journey.source is not None or journey.aged
    telling = any(each.value >= _TELLING and each.value % _TINY == 0 for each in numbers)
    for each in numbers:
        name = ".".join(each.place.keys)
        if (old or telling) and (abs(each.value) >= _TINY or journey.source is not None):
            new = show_duration(each.value)
            why = "before k6 0.30.0 a bare number was nanoseconds"
            if not old:
                why += ", and as milliseconds it would be days"
            changes = edits.set_value(journey.document, each.text, new)
            message = f"`{name}` {each.value} is {new}: {why}"
            yield done(RULE, each.place, message, changes, (each.pointer,), certain=old)
        elif old or telling:
            message = f"`{name}` is the bare number {each.value}, in a file whose numbers are nanoseconds"
            yield decide(RULE, each.place, message, f'write it with a unit, such as "{each.value}ms"')
        elif each.value >= _DAY:
            now, then = show_duration(each.value * _TINY), show_duration(each.value)
            message = (
                f"`{name}` {each.value} is {now}; before k6 0.30.0 it was {then}, and the file does not tell its age"
            )
            yield decide(RULE, each.place, message, f'write it with a unit, "{now}" or "{then}", or give --from')


def _numbers(journey: Journey) -> Iterator[_Number]:
    """The durations of the file that are bare numbers other than 0, as k6 0.29.0 reads them."""
    pending = [read(journey.document, load(_LAST_NANOSECONDS)).root]
    root = journey.document.root
    while pending:
        each = pending.pop()
        pending += [*each.entries, *each.fields.values()]
        text = each.text
        if each.known.type != "duration" or not isinstance(text, Scalar) or text.kind is not Kind.NUMBER:
            continue
        if each.valid and each.number and isinstance(root, Object) and each.member is not None:
            place = Place(root, 0, each.member, tuple(pointer_parts(each.pointer)))
            yield _Number(each.number, text, place, each.pointer)


def shows_age(journey: Journey) -> bool:
    """Whether the file has a key that k6 read before 0.30.0 alone."""
    nodes = journey.schema.nodes(obsolete=True)
    old = (node for node in nodes if node.removed is not None and node.removed <= SINCE)
    return any(place.keys[-1] == node.name for node in old for place in journey.places(*node.dotted.split(".")))
