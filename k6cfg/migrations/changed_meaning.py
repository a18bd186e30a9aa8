"""What stands in the file as before and means something else: said only where the earlier version is known."""

from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Diagnostic, Rule, Severity
from k6cfg.location import Span
from k6cfg.migrations.place import GROUP, Journey, decide
from k6cfg.versions import Version

RULE = Rule("changed-meaning", GROUP, "The same file means something else to a newer k6.")
SINCE: Version | None = None

_LONGER_TIMEOUTS: Final = Version(0, 27, 0)
_VARIABLES_FIRST: Final = Version(0, 34, 0)
_TIMEOUTS: Final = ("setupTimeout", "teardownTimeout")


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Source: release notes of 0.27.0 and 0.34.0 (#2099)."""
    if journey.source is None:
        return
    missing = [key for key in _TIMEOUTS if journey.reading.get(key) is None]
    if journey.crosses(_LONGER_TIMEOUTS) and missing and journey.reading.root.fields:
        names = " and ".join(f"`{key}`" for key in missing)
        yield Diagnostic(
            rule=RULE,
            severity=Severity.WARNING,
            message=f"{names} not being set meant 10s before k6 0.27.0, and means 60s since",
            help='nothing has to be done, unless 10s is what you want: then write "10s"',
            span=Span(0, min(1, len(journey.document.text))),
        )
    if journey.crosses(_VARIABLES_FIRST):
        for route in (("cloud", "token"), ("ext", "loadimpact", "token")):
            for place in journey.places(*route):
                message = f"`{'.'.join(place.keys)}` beat K6_CLOUD_TOKEN before k6 0.34.0; since then the variable wins"
                yield decide(RULE, place, message, "see to it that the variable, where it is set, has the right token")
