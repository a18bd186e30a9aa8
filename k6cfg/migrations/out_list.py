"""``out`` was one text before k6 0.21.0."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, done
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Edit, Rule
from k6cfg.text.location import pointer
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Scalar

RULE = Rule("out-list", GROUP, "`out` is a list.")
SINCE = Version(0, 21, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Brackets around the text, an empty one is an empty list. Source: cmd/config.go of 0.20.0 and 0.21.0."""
    for place in journey.places("out"):
        value = place.value
        if isinstance(value, Scalar) and value.kind is Kind.STRING:
            changes: tuple[Edit, ...] = (Edit(value.start, value.start, "["), Edit(value.end, value.end, "]"))
            if not journey.document.string(value):
                changes = (Edit(value.start, value.end, "[]"),)
            message = "`out` is a list since k6 0.21.0: brackets around it"
            yield done(RULE, place, message, changes, (place.pointer, pointer((*place.keys, "0"))))
