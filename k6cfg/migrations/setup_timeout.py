"""``setupTimeout`` has to be more than 0 since k6 0.54.0."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, done, removal
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("setup-timeout", GROUP, "`setupTimeout` has to be more than 0.")
SINCE = Version(0, 54, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Without it the default holds. Source: cmd/config.go of 0.54.0."""
    read = journey.reading.get("setupTimeout")
    if read is None or read.number > 0:
        return
    for place in journey.places("setupTimeout"):
        message = f"`setupTimeout` is {journey.text(place.value)}, and k6 wants more than 0: it goes, the default holds"
        yield done(RULE, place, message, removal(journey, place), certain=False)
