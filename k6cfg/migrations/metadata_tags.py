"""``vu`` and ``iter`` cannot be asked for in thresholds any more."""

from collections.abc import Iterator

from k6cfg.k6.grammars import metric_name
from k6cfg.migrations.context import GROUP, Journey, decide
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("metadata-tags", GROUP, "`vu` and `iter` are no tags any more, but metadata.")
SINCE = Version(0, 41, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """k6 takes such a threshold, and it holds always. Source: release notes of 0.41.0."""
    for place in journey.places("thresholds", "*"):
        found = metric_name(place.keys[-1])
        tags = () if isinstance(found, str) else found[1]
        for tag in tags:
            name = tag.partition(":")[0]
            if name in {"vu", "iter"}:
                message = f"a threshold asks for the tag `{name}`, which is no tag since k6 0.41.0: nothing meets it"
                yield decide(RULE, place, message, "ask for a tag of your own that the script sets, or take it out")
