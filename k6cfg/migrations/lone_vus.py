"""``vus`` alone in the file replaces a script's scenarios since k6 2.1.0."""

from collections.abc import Iterator

from k6cfg.diagnostics import Diagnostic, Rule
from k6cfg.migrations.place import GROUP, Journey, done, removal
from k6cfg.versions import Version

RULE = Rule("lone-vus", GROUP, "`vus` alone drives every test.")
SINCE = Version(2, 1, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Before, it was only the number that a script's own `duration` or `iterations` went by. Source: 2.1.0, #5794."""
    reading = journey.reading
    if reading.get("vus") is None:
        return
    if any(reading.get(key) is not None for key in ("duration", "iterations", "stages")):
        return
    for place in journey.places("vus"):
        message = (
            f"`vus` is {journey.text(place.value)} with nothing beside it that says how long a test runs; k6 2.1.0 and "
            "newer then run so many iterations, whatever scenarios a script has: it goes"
        )
        remedy = "give scripts that need it `vus` of their own, or keep it: k6cfg undo"
        yield done(RULE, place, message, removal(journey, place), remedy=remedy, certain=False)
