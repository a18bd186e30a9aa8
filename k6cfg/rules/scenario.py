"""Each scenario has what its executor needs, within its bounds."""

import re
from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script, name_of
from k6cfg.k6.grammars import quoted
from k6cfg.rules.bounds import breach, breaches, missing
from k6cfg.rules.builders import CHECKS, refused
from k6cfg.rules.execution import scenarios_that_run
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.lazy_regex import late

RULE = Rule("scenario", CHECKS, "A scenario lacks what its executor needs, or is out of its bounds.")

_NAME: Final = late("[0-9a-zA-Z_-]+")
AT_LEAST: Final = {
    "shared-iterations": ("iterations", "vus"),
    "constant-arrival-rate": ("maxVUs", "preAllocatedVUs"),
    "ramping-arrival-rate": ("maxVUs", "preAllocatedVUs"),
    "externally-controlled": ("maxVUs", "vus"),
}
"""The first has to be as much as the second. Source: k6 2.2.0, lib/executor/*.go, ``Validate``."""

_UNCHECKED: Final = "gracefulRampDown"


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, lib/executor: ``Validate`` of each executor's configuration."""
    for name, scenario in scenarios_that_run(reading).items():
        if scenario.failed:
            continue
        if not _NAME.fullmatch(name):
            message = f"{quoted(name)} cannot be a scenario's name, which is made of letters, digits, _ and -"
            better = re.sub("[^0-9a-zA-Z_-]+", "_", name) or "default"
            yield refused(RULE, scenario, message, f'rename it, for example to "{better}"')
        yield from missing(RULE, scenario, reading, f", which the executor {scenario.known.name} needs")
        yield from breaches(RULE, scenario, reading, unchecked=_UNCHECKED)
        yield from _crossed(scenario)
        yield from _stages(scenario, reading)
        yield from _not_there(scenario)


def _crossed(scenario: Read) -> Iterator[Diagnostic]:
    keys = AT_LEAST.get(scenario.known.name)
    if keys is None:
        return
    more, less = (scenario.fields.get(key) for key in keys)
    if more is None or less is None or more.failed or less.failed:
        return
    if scenario.strange and not (more.valid and less.valid):
        return  # the one that is not there may be the misspelt one
    if not more.valid and "iterations" not in keys:
        return  # without `maxVUs` there are as many as there are made ready
    if more.number < less.number and not breach(more):
        place = more if more.valid else less
        yield refused(
            RULE,
            place,
            f"`{keys[0]}` is {more.number}, less than `{keys[1]}`, which is {less.number}",
            f"raise `{keys[0]}` to at least {less.number}, or lower `{keys[1]}`",
        )


def _stages(scenario: Read, reading: Reading) -> Iterator[Diagnostic]:
    stages = scenario.get("stages")
    if stages is None:
        return
    for stage in stages.entries:
        if not stage.failed:
            yield from missing(RULE, stage, reading)
            yield from breaches(RULE, stage, reading)
    start = scenario.fields.get("startVUs")
    if start is None or start.failed or not stages.entries:
        return
    targets = [target for stage in stages.entries if (target := stage.fields.get("target")) is not None]
    if any(target.failed for target in targets) or any(stage.failed for stage in stages.entries):
        return
    if max([start.number, *(target.number for target in targets)]) <= 0:
        yield refused(RULE, stages, "`startVUs` or one of the targets has to be more than 0", "set a `target` above 0")
    most = start.known.maximum
    for target in targets:
        if isinstance(most, int) and target.number > most:
            yield refused(RULE, target, f"`target` has to be at most {most}, but is {target.number}")


def _not_there(scenario: Read) -> Iterator[Diagnostic]:
    """Keys that k6 reads and then refuses, and texts that must not be empty."""
    for read in scenario.fields.values():
        if read.valid and read.known.json_types == ("null",):
            yield refused(
                RULE,
                read,
                f"the executor {scenario.known.name} has no {name_of(read)}",
                "remove it",
            )
