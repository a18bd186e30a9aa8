"""``vus`` alone in the file replaces a script's scenarios since k6 2.1.0."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, decide, done, removal
from k6cfg.rules.execution import lone_vus
from k6cfg.schema.versions import LONE_VUS
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("lone-vus", GROUP, "`vus` alone drives every test.")
SINCE = LONE_VUS

_CHOICES = (
    "choose: set `vus` in each script that relies on it and remove it here (k6cfg unset vus); set beside it how long "
    "the tests run; or keep it, if no script has scenarios"
)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Removing it would run every script that sets only `duration` with 1 virtual user. Source: 2.1.0, #5794."""
    vus = lone_vus(journey.reading)
    if vus is None:
        return
    if vus.number > 0:
        message = (
            f"`vus` is {vus.number} without `duration`, `iterations` or `stages`: before k6 {LONE_VUS} it applies only "
            "to scripts that set one of them; since then it also replaces all scenarios, here and in scripts"
        )
        yield from (decide(RULE, place, message, _CHOICES) for place in [*journey.places("vus")][-1:])
        return
    message = f"`vus` is {vus.number}, which k6 {LONE_VUS} and newer reject: removed; the default is 1"
    for place in journey.places("vus"):
        yield done(RULE, place, message, removal(journey, place), certain=False)
