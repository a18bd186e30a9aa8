"""Outputs that k6 dropped: `out` with one of them, and no test starts."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, decide
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.tree import Array, plain

RULE = Rule("gone-output", GROUP, "k6 dropped an output.")
SINCE: Version | None = None


def find(journey: Journey) -> Iterator[Diagnostic]:
    """No equal, so a person chooses. Source: release notes of 0.34.0 (#2081) and 0.55.0 (#3849)."""
    out = journey.schema.root.properties["out"]
    removed = out.items.enum_removed if out.items is not None else {}
    for place in journey.places("out"):
        for item in place.value.items if isinstance(place.value, Array) else ():
            value = plain(journey.document, item)
            name = value.partition("=")[0] if isinstance(value, str) else ""
            since = removed.get(name)
            if since is None or not journey.crosses(since):
                continue
            block = journey.schema.find(("collectors", name), obsolete=True)
            instead = block.instead if block is not None and block.instead else "an extension that brings it"
            message = f"`out` has `{name}`, which k6 has not had since {since}: no test starts with it"
            yield decide(RULE, place, message, f"take it out of `out`, or use {instead}; its settings may stay")
