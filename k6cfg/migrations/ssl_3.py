"""SSL 3.0, which k6 dropped: one word of it, and the whole file is refused."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, Place, done
from k6cfg.schema.versions import Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.tree import plain

RULE = Rule("ssl-3", GROUP, "There is no SSL 3.0 any more.")
SINCE = Version(0, 32, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """An empty text is "any". Source: release notes of 0.32.0, #1897."""
    node = journey.schema.root.properties.get("tlsVersion")
    for name in ("", *(node.properties if node is not None else ())):
        for place in journey.places(*filter(None, ("tlsVersion", name))):
            yield from _gone(journey, place)


def _gone(journey: Journey, place: Place) -> Iterator[Diagnostic]:
    known = journey.schema.find(("tlsVersion", "min"))
    value = plain(journey.document, place.value)
    if known is None or place.value is None or not isinstance(value, str):
        return
    if (removed := known.enum_removed.get(value)) is not None and journey.crosses(removed):
        message = f"`{'.'.join(place.keys)}` is {value}, which k6 has not had since {removed}: now any version will do"
        changes = edits.set_value(journey.document, place.value, "")
        yield done(RULE, place, message, changes, certain=False)
