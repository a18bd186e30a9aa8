"""How the test is driven: ``iterations``, ``duration`` and ``stages`` exclude each other and ``scenarios``."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script
from k6cfg.rules.bounds import breaches, missing
from k6cfg.rules.builders import CHECKS, long_or_short, refused, unit
from k6cfg.schema import Schema
from k6cfg.schema.versions import LONE_VUS, SCENARIOS
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("execution", CHECKS, "Options that say how the test is driven exclude each other, or are out of bounds.")

_SHORTEST: Final = 1_000_000_000


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, lib/executor/execution_config_shortcuts.go, ``DeriveScenariosFromShortcuts``, and what follows it."""
    if schema.version < SCENARIOS:  # all shortcuts could stand together, and nothing of them was checked
        return
    iterations, duration, stages = reading.get("iterations"), reading.get("duration"), reading.get("stages")
    scenarios = reading.get("scenarios")
    staged = _stages(stages)
    vus = reading.get("vus")
    kept = stages if staged else None
    if iterations is not None:
        conflicts, found = (
            _conflicts(iterations, kept, scenarios),
            _shared_iterations(reading, iterations, duration, vus),
        )
    elif duration is not None:
        conflicts, found = _conflicts(duration, kept, scenarios), _constant_vus(reading, duration, vus)
    elif kept is not None:
        conflicts, found = _conflicts(kept, scenarios), _ramping_vus(reading, kept, staged, vus)
    else:
        conflicts, found = [], _vus(lone_vus(reading))
    yield from conflicts or found


def scenarios_that_run(reading: Reading) -> dict[str, Read]:
    """The scenarios of the file by name, unless a `vus` that k6 can read replaces them all.

    k6 reads the whole file first and derives the scenarios then: a `vus` that it cannot read replaces nothing.
    """
    scenarios = reading.get("scenarios")
    return {} if scenarios is None or lone_vus(reading) is not None else scenarios.fields


def unread_drivers(reading: Reading) -> bool:
    """Whether k6 could not read all that says how long the test runs, so that it is not known how it is driven."""
    return any(is_unread(reading.root.fields.get(key)) for key in ("iterations", "duration", "stages"))


def is_unread(read: Read | None) -> bool:
    """Whether k6 could not read a value, or one in it."""
    pending = [read] if read is not None else []
    while pending:
        each = pending.pop()
        if each.failed:
            return True
        pending += [*each.fields.values(), *each.entries]
    return False


def lone_vus(reading: Reading) -> Read | None:
    """`vus` where it makes a scenario of its own, because nothing beside it says how long the test runs.

    k6 2.2.0, execution_config_shortcuts.go: not with ``"stages": []`` either, which is set, though empty.
    """
    vus = reading.get("vus")
    if vus is None or reading.schema.version < LONE_VUS:
        return None
    others = [reading.root.fields.get(key) for key in ("iterations", "duration", "stages")]
    return None if any(other.valid or is_unread(other) for other in others if other is not None) else vus


def _stages(stages: Read | None) -> list[Read]:
    """The stages that count: k6 drops those without a duration."""
    return [] if stages is None else [stage for stage in stages.entries if stage.get("duration") is not None]


def _conflicts(first: Read, *others: Read | None) -> list[Diagnostic]:
    return [_conflict(first, other) for other in others if other is not None]


def _conflict(first: Read, other: Read) -> Diagnostic:
    one, two = first.known.name, other.known.name
    more = ", or make a scenario of it" if two == "scenarios" else ""
    message = f"`{one}` and `{two}` cannot stand in one configuration"
    return refused(RULE, other, message, f"remove `{one}` or `{two}`{more}")


def _vus(vus: Read | None) -> Iterator[Diagnostic]:
    if vus is not None and vus.number <= 0:
        yield refused(RULE, vus, f"`vus` has to be at least 1, but is {vus.number}")


def _shared_iterations(
    reading: Reading, iterations: Read, duration: Read | None, vus: Read | None
) -> Iterator[Diagnostic]:
    yield from _vus(vus)
    users = 1 if vus is None else vus.number
    if iterations.number < 1:
        yield refused(RULE, iterations, f"`iterations` has to be at least 1, but is {iterations.number}")
    elif iterations.number < users:
        yield refused(
            RULE,
            iterations,
            f"`iterations` is {iterations.number}, less than the {users} virtual users that share them",
            f"write at least {users}, or lower `vus`",
        )
    if duration is not None and duration.number < _SHORTEST:
        yield _too_short(reading, duration)


def _constant_vus(reading: Reading, duration: Read, vus: Read | None) -> Iterator[Diagnostic]:
    yield from _vus(vus)
    if duration.number < _SHORTEST:
        yield _too_short(reading, duration)


def _too_short(reading: Reading, duration: Read) -> Diagnostic:
    shown = long_or_short(duration.number)
    return refused(RULE, duration, f"`duration` has to be at least 1s, but is {shown}", unit(reading, duration))


def _ramping_vus(reading: Reading, stages: Read, staged: list[Read], vus: Read | None) -> Iterator[Diagnostic]:
    start = 1 if vus is None else vus.number
    if vus is not None and start < 0:
        yield refused(RULE, vus, f"`vus` cannot be negative, but is {start}")
    most = stages.known.items.properties["target"].maximum if stages.known.items is not None else None
    if vus is not None and isinstance(most, int) and start > most:
        yield refused(RULE, vus, f"`vus` has to be at most {most} beside `stages`, but is {start}")
    targets = [target for stage in staged if (target := stage.fields.get("target")) is not None]
    if not any(target.failed for target in targets) and max([start, *(target.number for target in targets)]) <= 0:
        yield refused(RULE, stages, "`vus` or one of the targets has to be more than 0", "set a `target` above 0")
    for stage in staged:
        yield from missing(RULE, stage, reading)
        yield from breaches(RULE, stage, reading)
