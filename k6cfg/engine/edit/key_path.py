"""KEY as people type it: dotted or as a JSON Pointer, in k6's spelling or nearly."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from k6cfg.engine.edit.locate import Route, find
from k6cfg.k6.member_lookup import EXACT, fold
from k6cfg.schema import Node, Schema
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import pointer_parts
from k6cfg.text.tree import Array, Document, Object

_PART: Final = late(r'"((?:[^"\\]|\\.)*)"(?=\.|$)|([^."]+)(?=\.|$)')


class Key(NamedTuple):
    """A place that somebody named: where it leads, and what is known of it (None: nothing).

    ``outer`` is the deepest place on the way of which something is known, which may be the place itself.
    """

    route: Route
    node: Node | None
    outer: Node

    @property
    def inside_a_value(self) -> bool:
        """Whether it lies in what is a single value, such as a number, and can have nothing in it."""
        outer = self.outer
        return self.node is None and not _has_names(outer) and outer.items is None and outer.type != "any"


def resolve(text: str, schema: Schema, document: Document) -> Key:
    """The place that a KEY names.

    ``thresholds.http_req_duration`` and ``/thresholds/http_req_duration`` are the same place; ``""`` is the whole file,
    as of a pointer. In a dotted KEY a name with dots stands in double quotes (``ext."my.tool".x``); where only one more
    name can follow, as in ``hosts``, ``tags`` and ``thresholds``, the rest of the KEY is that name, dots and all. Keys
    that k6 reads whatever their case may be typed so; what is not known stays as it was typed. ``document`` says what
    an executor or a list makes of a part.

    Raises:
        ValueError: it is no KEY; the text of the exception says why, and repeats nothing of it.
    """
    if not text or text.startswith("/"):
        parts, exact = _pointer(text), True
    else:
        parts, exact = _dotted(text, schema), False
    route: Route = ()
    outer = schema.root
    node: Node | None = outer
    file = _File(document, schema)
    for part in parts:
        step = _step(part, node, route, file, exact=exact)
        node = _inner(node, step, (*route, step), document, schema)
        route = (*route, step)
        outer = node or outer
    return Key(route, node, outer)


class _File(NamedTuple):
    document: Document
    schema: Schema

    def value(self, route: Route) -> object:
        """What stands at a route that is there in full."""
        spot = find(self.document, self.schema, route)
        return spot.value if spot.matched == len(route) else None


def _pointer(text: str) -> list[str]:
    try:
        return pointer_parts(text)
    except ValueError:
        raise ValueError("in a JSON Pointer ~ is written as ~0, and / in a name as ~1") from None


def _dotted(text: str, schema: Schema) -> list[str]:
    parts: list[str] = []
    at = 0
    node: Node | None = schema.root
    while at <= len(text):
        if node is not None and _holds_plain_names(node) and not text.startswith('"', at):
            if at == len(text):
                raise ValueError("a name is missing at its end")
            return [*parts, text[at:]]
        found = _PART.match(text, at)
        if found is None:
            raise ValueError("names are separated by single dots; one that holds dots stands in double quotes")
        part = re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
        node = _known(node, part)
        parts.append(part)
        at = found.end() + 1
        if found.end() == len(text):
            break
    return parts


def _holds_plain_names(node: Node) -> bool:
    """Whether under a name in here there is a value and no further name."""
    values = node.values
    return node.type in EXACT and values is not None and not _has_names(values) and not node.properties


def _has_names(node: Node) -> bool:
    return bool(node.properties or node.variants or node.values or node.unknown_keys)


def _known(node: Node | None, part: str) -> Node | None:
    """The node one part further, whatever its case and whichever executor it is of."""
    if node is None:
        return None
    for shape in (node, *node.variants.values()):
        name = _canonical(shape, part)
        found = shape.step(name) if name is not None else None
        if found is not None:
            return found
    return None


def _canonical(node: Node, part: str) -> str | None:
    """The key of an object that a part names; None where it has none of that name."""
    if part in node.properties:
        return part
    if part in node.obsolete:
        return part
    near = {fold(name): name for name in (*node.obsolete, *node.properties)}.get(fold(part))
    if near is not None:
        return near
    return part if node.values is not None or node.items is not None else None


def _step(part: str, node: Node | None, route: Route, file: _File, *, exact: bool) -> str | int:
    if part.isdecimal() and part.isascii() and _is_list(node, route, file):
        return int(part)
    if node is None or (exact and node.type in EXACT):
        return part
    if node.type in EXACT and _has(route, part, file):
        return part
    shapes = (node, *node.variants.values())
    return next((name for shape in shapes if (name := _canonical(shape, part)) is not None), part)


def _has(route: Route, part: str, file: _File) -> bool:
    """Whether an object of the document has a key exactly so."""
    value = file.value(route)
    return isinstance(value, Object) and any(file.document.key(member) == part for member in value.members)


def _is_list(node: Node | None, route: Route, file: _File) -> bool:
    if node is not None and node.items is not None:
        return True
    return (node is None or not _has_names(node)) and isinstance(file.value(route), Array)


def _inner(node: Node | None, step: str | int, route: Route, document: Document, schema: Schema) -> Node | None:
    """The node of a step, in the shape that the document gives it."""
    if node is None:
        return None
    found = node.step(step, obsolete=True)
    if found is None and node.variants:
        found = next((inner for shape in node.variants.values() if (inner := shape.step(step)) is not None), None)
    return shape_of(found, route, document, schema) if found is not None else None


def shape_of(node: Node, route: Sequence[str | int], document: Document, schema: Schema) -> Node:
    """The shape of a node that another key picks, such as a scenario's by its executor; else the node itself."""
    if not node.variants or node.variant_key is None:
        return node
    picker = find(document, schema, (*route, node.variant_key))
    if picker.value is None or picker.matched <= len(route):
        return node
    return node.variants.get(document.source(picker.value).strip('"'), node)
