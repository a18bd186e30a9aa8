"""``execution`` and the old names of executors, from before scenarios."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, Place, decide, done, removal, renaming
from k6cfg.migrations.externally_controlled import CHOICES, CONTROLLED
from k6cfg.migrations.externally_controlled import SINCE as GONE
from k6cfg.schema.versions import Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Diagnostic, Edit, Rule
from k6cfg.text.tree import plain

RULE = Rule("execution", GROUP, "`execution` is `scenarios`, and executors have other names.")
SINCE = Version(0, 27, 0)

_NAMES: Final = {
    "constant-looping-vus": "constant-vus",
    "variable-looping-vus": "ramping-vus",
    "variable-arrival-rate": "ramping-arrival-rate",
    "manual-execution": "externally-controlled",
}
_SHORTCUTS: Final = ("duration", "iterations", "stages", "scenarios")


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Source: lib/scheduler of k6 0.24 to 0.26, where it was never finished, and the release notes of 0.27.0."""
    for place in list(journey.places("execution"))[-1:]:
        rival = next((key for key in _SHORTCUTS if journey.reading.get(key) is not None), None)
        if rival is not None or not _scenarios_in(journey, place):
            why = f"`{rival}` drives the test" if rival is not None else "it holds no scenarios"
            yield done(
                RULE, place, f"`execution` is not read since k6 0.27.0, and {why}: it goes", *_out(journey, place)
            )
            return
        if journey.target >= GONE and {"manual-execution", CONTROLLED} & set(_kinds(journey, place)):
            yield decide(RULE, place, f"`execution` has a scenario that is {CONTROLLED}", CHOICES)
            return
        yield from _scenarios(journey, place)
    for place in journey.places("scenarios", "*", "executor"):
        yield from _name(journey, place)


def _scenarios_in(journey: Journey, place: Place) -> bool:
    """Whether every entry is a scenario by its looks."""
    return None not in (kinds := _kinds(journey, place)) and bool(kinds)


def _kinds(journey: Journey, place: Place) -> list[str | None]:
    """The executor of each scenario."""
    found = plain(journey.document, place.value)
    kinds = []
    for each in found.values() if isinstance(found, dict) else ():
        kind = each.get("executor", each.get("type")) if isinstance(each, dict) else None
        kinds.append(kind if isinstance(kind, str) else None)
    return kinds


def _out(journey: Journey, place: Place) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    return removal(journey, place), (place.pointer,)


def _scenarios(journey: Journey, outer: Place) -> Iterator[Diagnostic]:
    """First what is in it, in the next round the key itself: edits of one round do not meet."""
    inner = [*journey.places("execution", "*", "*")]
    found = [one for place in inner for one in _key(journey, place)]
    yield from found
    if not any(one.fix is not None for one in found):
        yield done(RULE, outer, "`execution` is called `scenarios` since k6 0.27.0", *renaming(outer, "scenarios"))


def _key(journey: Journey, place: Place) -> Iterator[Diagnostic]:
    name = place.keys[-1]
    if name == "type":
        changes, pointers = renaming(place, "executor")
        said = plain(journey.document, place.value)
        new = _NAMES.get(said) if isinstance(said, str) else None
        if new is not None and place.value is not None:
            changes = (*changes, *edits.set_value(journey.document, place.value, new))
        yield done(RULE, place, "the `type` of a scenario is its `executor` since k6 0.27.0", changes, pointers)
    elif name == "interruptible":
        cut = plain(journey.document, place.value) is False
        remedy = "set a long `gracefulStop` in the scenario, if iterations have to be finished" if cut else None
        message = "`interruptible` is not read since k6 0.27.0: it goes"
        yield done(RULE, place, message, removal(journey, place), remedy=remedy)
    elif name == "iterationTimeout":
        message = "`iterationTimeout` is not read since k6 0.27.0: it goes"
        remedy = "`gracefulStop` of the scenario comes near to it"
        yield done(RULE, place, message, removal(journey, place), remedy=remedy)


def _name(journey: Journey, place: Place) -> Iterator[Diagnostic]:
    said = plain(journey.document, place.value)
    new = _NAMES.get(said) if isinstance(said, str) else None
    if new is not None and place.value is not None:
        message = f"the executor {said} is called {new} since k6 0.27.0"
        yield done(RULE, place, message, edits.set_value(journey.document, place.value, new))
