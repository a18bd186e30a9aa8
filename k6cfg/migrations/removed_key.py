"""Keys that k6 does not read any more and that have no successor in the file: a table, which the schema holds."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, done, removal
from k6cfg.schema import Node
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.tree import plain

RULE = Rule("removed-key", GROUP, "A key is not read any more.")
SINCE = None

_STRUCTURE: Final = frozenset("<*[")


def find(journey: Journey) -> Iterator[Diagnostic]:
    """``removed`` of the schema. The blocks of outputs that are gone stay: an extension may read them."""
    gone: list[str] = []
    for node in journey.schema.nodes(obsolete=True):
        if node.removed is None or _STRUCTURE & set(node.dotted) or _within(node, gone):
            continue
        if node.type in {"map", "struct", "raw"} or node.replaced_by is not None:
            gone.append(node.dotted)
            continue
        if not journey.crosses(node.removed):
            continue
        for place in journey.places(*node.dotted.split(".")):
            message = f"`{place.keys[-1]}` is not read since k6 {node.removed}: it goes"
            meant = plain(journey.document, place.value) not in (None, False, "")
            remedy = f"instead: {node.instead}" if meant and node.instead else None
            yield done(RULE, place, message, removal(journey, place), remedy=remedy)


def _within(node: Node, outer: list[str]) -> bool:
    return any(node.dotted.startswith(f"{name}.") for name in outer)
