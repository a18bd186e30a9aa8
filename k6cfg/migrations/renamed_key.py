"""Keys that got another name in the same object: a table, which the schema holds."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, done, removal, renaming
from k6cfg.schema import Node
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("renamed-key", GROUP, "A key got another name.")
SINCE = None

_OWN: Final = frozenset({"DeprecatedToken", "exporterType", "execution", "type"})
"""Keys whose values change with the name: they have migrations of their own."""


def find(journey: Journey) -> Iterator[Diagnostic]:
    """``replacedBy`` of the schema, where it stays in the same object. Source: the release notes of each version."""
    for node in journey.schema.nodes(obsolete=True):
        name = _same_object(node)
        if name is None or node.name in _OWN or not journey.crosses(node.removed):
            continue
        for place in journey.places(*node.dotted.split(".")):
            key = place.keys[-1]
            if key == name:
                continue
            new = journey.beside(place, name)
            said = f"`{key}` is called `{name}` since k6 {node.removed}"
            if new is not None and new.nth != place.nth:
                message = f"{said}, and that is there too: the old one goes"
                yield done(RULE, place, message, removal(journey, place))
            else:
                yield done(RULE, place, said, *renaming(place, name))


def _same_object(node: Node) -> str | None:
    if node.replaced_by is None or "<" in node.dotted:
        return None
    outer, _, name = node.replaced_by.rpartition(".")
    return name if outer == node.dotted.rpartition(".")[0] else None
