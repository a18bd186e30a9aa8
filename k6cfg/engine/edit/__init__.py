"""Single values into a file or out of it: repaired first where it must be, in as few characters as can be, proven."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from k6cfg.engine import Checked, Plan, ProofError, Selection, change, check, differing, plan_fixes
from k6cfg.engine.edit.locate import Route, Spot, find, null_after_another
from k6cfg.engine.fast_path import plainly_good
from k6cfg.k6.member_lookup import is_null
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Edit, Severity
from k6cfg.text.edits import append, insert, remove, set_value
from k6cfg.text.location import pointer
from k6cfg.text.parser import SYNTAX
from k6cfg.text.tree import Array, Object, plain

__all__ = [
    "Change",
    "Refusal",
    "Route",
    "Spot",
    "clash",
    "drop",
    "find",
    "is_inside",
    "new_findings",
    "opened",
    "put",
    "refused_for",
]


class Refusal(Exception):  # noqa: N818 - it is no error of anybody's
    """A value cannot be put into the file. ``message`` goes on with a sentence that starts with the file's name."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.help = remedy


class Change(NamedTuple):
    """A file before (None: there was none) and after.

    ``repair`` is what had to be mended first, ``base`` the text that the values then went into. ``removed`` are the
    pointers of lists of which an entry was taken out, with its number, in that order.
    """

    before: Checked | None
    repair: Plan | None
    base: Checked
    after: Checked
    removed: tuple[tuple[str, int], ...] = ()


def clash(routes: Sequence[Route]) -> tuple[Route, Route] | None:
    """Two routes of which one leads to the other's value or into it, so that they cannot both be set in one change."""
    for index, route in enumerate(routes):
        for other in routes[:index]:
            shorter = min(len(route), len(other))
            if route[:shorter] == other[:shorter]:
                return other, route
    return None


def opened(data: bytes | None, schema: Schema, *, intent: bool = False) -> Change:
    """A file made ready for changes, with none made yet; an absent or empty one is an empty object.

    Raises:
        Refusal: the text is no JSON, and not certain enough to repair.
        ProofError: a bug of k6cfg.
    """
    before = check(data, schema, intent=intent, glance=plainly_good) if data is not None else None
    if before is None or _is_blank(before.document.text):
        base = check(b"{}\n", schema, intent=intent, glance=plainly_good)
        return Change(before, None, base, base)
    if before.well_formed:
        return Change(before, None, before, before)
    repair = plan_fixes(before, Selection(select=frozenset({SYNTAX})), unsafe=False)
    if repair.refused is not None:
        raise Refusal(
            f"is no JSON, and was not repaired: {repair.refused}",
            "k6cfg validate shows what is wrong",
        )
    return Change(before, repair, repair.final, repair.final)


def put(
    data: bytes | Change | None, schema: Schema, values: Sequence[tuple[Route, object]], *, intent: bool = False
) -> Change:
    """Put values at routes (keys in k6's spelling), each into the member that k6 reads.

    ``data`` None is a file that does not exist yet; one that was `opened` already is not looked at anew. Nothing but
    these values changes; objects on the way are made where there are none. ``intent`` as for `check`.

    Raises:
        Refusal: the text is no JSON and not certain enough to repair, or something stands in the way of a value.
        ProofError: a bug of k6cfg.
    """
    start = data if isinstance(data, Change) else opened(data, schema, intent=intent)
    current = start.base
    for route, value in values:
        current = _put_one(current, schema, route, value, intent=intent)
    return start._replace(after=current)


def drop(data: bytes | Change | None, schema: Schema, routes: Sequence[Route], *, intent: bool = False) -> Change:
    """Take values out, so that k6 reads nothing at their routes: of several members of one key all that would count.

    ``data`` and ``intent`` as for `put`.

    Raises:
        Refusal: the text is no JSON and not certain enough to repair.
        ProofError: a bug of k6cfg.
    """
    change = data if isinstance(data, Change) else opened(data, schema, intent=intent)
    # What goes with another value goes once; of a list the last entries go first, for all behind one move up.
    apart = [route for route in dict.fromkeys(routes) if not _is_in_another(route, routes)]
    for route in sorted(apart, key=_numbers, reverse=True):
        change = _drop_one(change, schema, route, intent=intent)
    return change


def _is_in_another(route: Route, routes: Sequence[Route]) -> bool:
    """Whether a value goes with another one around it."""
    return any(len(other) < len(route) and route[: len(other)] == other for other in routes)


def _numbers(route: Route) -> list[int]:
    return [part if isinstance(part, int) else -1 for part in route]


def new_findings(change: Change) -> Iterator[Diagnostic]:
    """What is wrong after a change that was not wrong there before it, worst first.

    Findings are compared by what they are about, not counted or compared by their words: one fault in exchange for
    another is a new one.
    """
    places = ((found, _moved(change, found)) for found in change.base.diagnostics)
    known = Counter(_gist(found, place) for found, place in places if place is not None)
    fresh = []
    for found in change.after.diagnostics:
        gist = _gist(found, found.pointer)
        known[gist] -= 1
        if known[gist] < 0:
            fresh.append(found)
    severities = list(Severity)
    yield from sorted(fresh, key=lambda found: severities.index(found.severity))


def refused_for(change: Change, schema: Schema, routes: Sequence[Route]) -> tuple[Diagnostic, ...]:
    """The errors for which a change is not made, unless somebody asks for a file that k6 rejects; worst first.

    These are faults that the file did not have, and those of the values at ``routes``, which were put into it. So what
    is incomplete can be completed step by step where k6 rejected the file before, and only there.
    """
    fresh = [found for found in new_findings(change) if found.severity is Severity.ERROR]
    spots = [(route, find(change.after.document, schema, route)) for route in routes]
    places = [spot.pointer for route, spot in spots if spot.matched == len(route)]
    old = [
        found
        for found in change.after.diagnostics
        if found.severity is Severity.ERROR and found not in fresh and any(is_inside(found, place) for place in places)
    ]
    return (*fresh, *old)


def is_inside(found: Diagnostic, place: str) -> bool:
    """Whether a finding is about the value at a pointer, or about something in it."""
    return found.pointer == place or found.pointer.startswith(f"{place}/")


def _gist(found: Diagnostic, place: str) -> tuple[str, str, Severity, frozenset[str]]:
    return found.rule.name, place, found.severity, found.refuses


def _moved(change: Change, found: Diagnostic) -> str | None:
    """Where a finding of the file before is after a change; None where its entry of a list was taken out."""
    place = found.pointer
    for outer, number in change.removed:
        if not place.startswith(f"{outer}/"):
            continue
        part, slash, rest = place[len(outer) + 1 :].partition("/")
        if part == str(number):
            return None
        if part.isdecimal() and int(part) > number:
            place = f"{outer}/{int(part) - 1}{slash}{rest}"
    return place


def _is_blank(text: str) -> bool:
    """Whether a file holds nothing at all, as an interrupted k6 login leaves it."""
    return not text.strip().strip("\ufeff")


# -- in ---------------------------------------------------------------------------------------------------------------


def _put_one(current: Checked, schema: Schema, route: Route, value: object, *, intent: bool) -> Checked:
    spot = find(current.document, schema, route)
    edits, declared = _putting(current, schema, route, spot, value)
    after = change(current, edits, (declared,), intent=intent, glance=plainly_good).after
    placed = find(after.document, schema, route)
    if placed.matched < len(route) or plain(after.document, placed.value) != value:
        raise ProofError("k6 would not read the new value")
    _prove_seen(current, after, schema, route)
    return after


def _putting(current: Checked, schema: Schema, route: Route, spot: Spot, value: object) -> tuple[tuple[Edit, ...], str]:
    """The edits, and the pointer at which values may differ by them."""
    document, rest = current.document, route[spot.matched :]
    if not rest and spot.value is not None:
        if next(differing(plain(document, spot.value), value), None) is None:
            return (), spot.pointer  # however it is spelled, it is that already
        return set_value(document, spot.value, value), spot.pointer
    if spot.parent is not None:
        inner = _nested(rest[1:], value)
        if isinstance(spot.parent, Array):
            return append(document, spot.parent, inner), spot.pointer + pointer(rest)
        return insert(document, spot.parent, str(rest[0]), inner), spot.pointer + pointer(rest)
    if spot.value is None or not is_null(spot.value):
        raise _in_the_way(route, spot)
    inner = _nested(rest, value)
    if isinstance(spot.holder, Object) and null_after_another(document, schema, route, spot):
        key = document.key(spot.holder.members[spot.at])
        return insert(document, spot.holder, key, inner), spot.pointer
    return set_value(document, spot.value, inner), spot.pointer


def _in_the_way(route: Route, spot: Spot) -> Refusal:
    name = ".".join(map(str, route[: spot.matched])) or "the top of the file"
    part = route[spot.matched] if spot.matched < len(route) else ""
    if isinstance(part, int) and isinstance(spot.value, Array):
        return Refusal(
            f"has {len(spot.value.items)} entries at {name}, so there can be no number {part} yet",
            f"entries are counted from 0; the next one is {len(spot.value.items)}",
        )
    kind = "a list" if isinstance(part, int) else "an object"
    if not spot.matched:
        return Refusal(f"is not {kind}, so there is no place for {part} in it", "write {} into it, and set it again")
    return Refusal(
        f"has something else than {kind} at {name}, so there is no place for {route[-1]}",
        "k6cfg validate shows what k6 makes of it; take that value out first",
    )


def _nested(route: Sequence[str | int], value: object) -> object:
    for part in reversed(route):
        if isinstance(part, int) and part:
            raise Refusal(f"has no list there yet, so there can be no number {part}", "the first entry is number 0")
        value = [value] if isinstance(part, int) else {part: value}
    return value


# -- out --------------------------------------------------------------------------------------------------------------


def _drop_one(before: Change, schema: Schema, route: Route, *, intent: bool) -> Change:
    start = current = before.after
    removed = before.removed
    while True:
        spot = find(current.document, schema, route)
        if spot.matched < len(route) or spot.holder is None:
            break
        edits = remove(current.document, spot.holder, spot.at)
        place = pointer(route[:-1]) if isinstance(spot.holder, Array) else ""
        declared = spot.pointer.rpartition("/")[0] if place else spot.pointer
        current = change(current, edits, (declared,), intent=intent, glance=plainly_good).after
        if isinstance(spot.holder, Array):  # what follows moves up; it is another entry
            removed = (*removed, (spot.pointer.rpartition("/")[0], spot.at))
            break
    if current is not start:
        _prove_seen(start, current, schema, route)
    return before._replace(after=current, removed=removed)


# -- proof ------------------------------------------------------------------------------------------------------------


def _prove_seen(before: Checked, after: Checked, schema: Schema, route: Route) -> None:
    """What k6 reads elsewhere than on the route is what it read before.

    An executor decides what is read of its scenario, and an entry of a list moves those behind it: then the whole
    scenario, or list, counts as the route. What k6 refuses it does not read, so faults on the way excuse too.
    """
    if before.plain and after.plain:
        return  # k6 reads what stands there, and of that it was proven
    if before.reading is None or after.reading is None:
        raise ProofError("the changed text could not be read")
    allowed = route[:-1] if _decides(schema, route) else route
    for found in differing(before.reading.shape, after.reading.shape):
        places = (pointer(allowed), found)
        if not any(one == other or one.startswith(f"{other}/") for one, other in (places, places[::-1])):
            raise ProofError("k6 would read another value differently")


def _decides(schema: Schema, route: Route) -> bool:
    if isinstance(route[-1], int):
        return True
    outer = schema.find(route[:-1])
    return outer is not None and outer.variant_key == route[-1]
