"""Keys that are null, as k6's login leaves them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from k6cfg.doctor.check import Check, Result, info, of_values, ok
from k6cfg.doctor.commands import k6cfg
from k6cfg.doctor.machine import Machine
from k6cfg.doctor.mends import NewText
from k6cfg.engine import Checked, ProofError, check
from k6cfg.members import find, is_null
from k6cfg.tree import Object

if TYPE_CHECKING:
    from k6cfg.consolidating import Outcome

_Route = tuple[str, ...]


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """How many known keys are null; each says what leaving it out says.

    Source: every login writes all keys it knows, those that are not set as null: 72 lines of a file that had 7 (run
    with 2.2.0, 1.8.1, 0.57.0 and 0.45.0).
    """
    routes = list(_nulls(checked))
    if not routes or machine.snapshot is None:
        yield ok("no key is there only to say null")
        return
    snapshot = machine.snapshot
    many = f"{len(routes)} keys are" if len(routes) > 1 else f"{'.'.join(routes[0])} is"
    yield info(
        f"{many} null, as k6's login leaves what is not set",
        "To k6 that is the same as not being there; to people it hides what is set.",
        k6cfg(machine, "doctor --fix --only nulls"),
        NewText(snapshot, checked, lambda: _without(checked, routes), same=True),
    )


def _nulls(checked: Checked) -> Iterator[_Route]:
    """Routes of keys that are null, of the whole object where all in it are."""
    for node in checked.schema.nodes():
        route = tuple(node.dotted.split("."))
        if any(set(part) & set("*[]<>") for part in route):
            continue
        found = find(checked.document, checked.schema, route)
        if found.member is not None and found.matched == len(route) and is_null(found.member.value):
            yield route


def _without(checked: Checked, routes: list[_Route]) -> Checked:
    """The file without them.

    Raises:
        ProofError: k6 would run with other values.
    """
    from k6cfg.changing import drop
    from k6cfg.consolidating import outcome

    after = drop(checked.data, checked.schema, _whole(checked, routes)).after
    old, new = (_run_with(outcome(each.data, checked.schema, {})) for each in (checked, after))
    if old != new:
        raise ProofError("k6 would run with other values")
    return check(after.data, checked.schema)


def _run_with(found: "Outcome") -> tuple[object, ...]:
    return tuple((one.options, one.beside) if one is not None else None for one in (found.effective, found.cloud))


def _whole(checked: Checked, routes: list[_Route]) -> list[_Route]:
    """The routes, with an object that would be left empty in the place of what is in it."""
    wanted = dict.fromkeys(routes)
    for holder in {route[:-1] for route in routes if len(route) == 2}:
        found = find(checked.document, checked.schema, holder)
        value = found.member.value if found.member is not None and found.matched == len(holder) else None
        inner = [route for route in routes if route[:-1] == holder]
        if isinstance(value, Object) and len(value.members) == len(inner):
            wanted = dict.fromkeys([*(route for route in wanted if route not in inner), holder])
    return list(wanted)


CHECK = Check("nulls", "Did a login leave keys that are null?", of_values(run))
