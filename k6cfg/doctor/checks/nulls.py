"""Keys that are null, as k6's login leaves them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from k6cfg.doctor.check import Check, Result, info, of_values, ok
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import NewText
from k6cfg.doctor.shell_commands import k6cfg
from k6cfg.engine import Checked, ProofError, check
from k6cfg.k6.member_lookup import find, is_null
from k6cfg.text.tree import Object

if TYPE_CHECKING:
    from k6cfg.engine.effective import Outcome

_Route = tuple[str, ...]
_DNS: Final = ("dns",)


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
        NewText(snapshot, checked, lambda: _without(checked, routes), same=True) if machine.changeable else None,
    )


def _nulls(checked: Checked) -> Iterator[_Route]:
    """Routes of keys that are null, written once, and where a login writes them."""
    root = checked.schema.root
    holders: list[_Route] = [(), _DNS]
    collectors = root.properties.get("collectors")
    holders += (("collectors", name) for name in (collectors.properties if collectors is not None else ()))
    for holder in holders:
        node = checked.schema.find(holder)
        for key in node.properties if node is not None else ():
            found = find(checked.document, checked.schema, (*holder, key))
            member = found.member if found.matched > len(holder) and not found.shadowed else None
            if member is not None and is_null(member.value):
                yield (*holder, key)


def _without(checked: Checked, routes: list[_Route]) -> Checked:
    """The file without them.

    Raises:
        ProofError: k6 would run with other values.
    """
    from k6cfg.engine.edit import drop
    from k6cfg.engine.effective import outcome

    after = drop(checked.data, checked.schema, _whole(checked, routes)).after
    old, new = (_run_with(outcome(each.data, checked.schema, {})) for each in (checked, after))
    if old != new:
        raise ProofError("k6 would run with other values")
    return check(after.data, checked.schema)


def _run_with(found: "Outcome") -> tuple[object, ...]:
    both = (found.effective, found.cloud)
    return tuple((one.options, _said({**one.beside})) if one is not None else None for one in both)


def _said(value: object) -> object:
    """Plain data without what is null, and without what is empty then: ``collectors`` is kept as it is written."""
    if not isinstance(value, dict):
        return value
    inner = {key: _said(each) for key, each in value.items()}
    return {key: each for key, each in inner.items() if each not in (None, {})}


def _whole(checked: Checked, routes: list[_Route]) -> list[_Route]:
    """The routes, with ``dns`` in the place of what is in it, where nothing else is."""
    found = find(checked.document, checked.schema, _DNS)
    value = found.member.value if found.member is not None and found.matched else None
    inner = [route for route in routes if route[:-1] == _DNS]
    if not inner or not isinstance(value, Object) or len(value.members) > len(inner):
        return routes
    return [*(route for route in routes if route not in inner), _DNS]


CHECK = Check("nulls", "Did a login leave keys that are null?", of_values(run))
