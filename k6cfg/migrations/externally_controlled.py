"""The executor ``externally-controlled``, which has no equal."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, decide
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity
from k6cfg.text.tree import plain

CONTROLLED: Final = "externally-controlled"
RULE = Rule(CONTROLLED, GROUP, "k6 dropped an executor.")
SINCE = Version(2, 0, 0)
CHOICES: Final = (
    "choose: constant-vus with the same `vus` and a `duration` (without `maxVUs`, and nobody can change it while it "
    "runs), ramping-vus with `stages`, or take the scenario out"
)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """One such scenario, and k6 refuses the whole file. Source: release notes of 2.0.0, #5846."""
    for place in journey.places("scenarios", "*", "executor"):
        if plain(journey.document, place.value) == CONTROLLED:
            message = (
                f"the scenario `{place.keys[1]}` is {CONTROLLED}, which k6 has not had since 2.0.0: it refuses the file"
            )
            yield decide(RULE, place, message, CHOICES, Severity.ERROR)
