"""Where a route of keys and indices leads in a document: what k6 reads there, or the place where it belongs."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from k6cfg.k6.member_lookup import EXACT, MERGED, fold, is_null
from k6cfg.k6.member_lookup import find as find_member
from k6cfg.schema import Node, Schema
from k6cfg.text.location import pointer
from k6cfg.text.parser import locate
from k6cfg.text.tree import Array, Document, Object, Value

Route: TypeAlias = tuple[str | int, ...]
"""Keys in k6's spelling, and indices of lists."""


class Spot(NamedTuple):
    """The deepest place on a route that is there.

    ``matched`` parts of the route lead to ``value`` (None where the document holds nothing at all), which is the entry
    ``at`` of ``holder`` (None for the whole document). ``pointer`` is where it stands, with keys as written. The
    next part of the route belongs into ``parent``: an object, or a list with exactly as many entries as that part
    says; None where there is neither.
    """

    matched: int
    value: Value | None
    holder: Object | Array | None
    at: int
    pointer: str
    parent: Object | Array | None


def find(document: Document, schema: Schema, route: Sequence[str | int]) -> Spot:
    """Follow a route (keys in k6's spelling) as k6 reads the document: folded keys, the last of several."""
    keys: list[str] = []
    for part in route:
        if not isinstance(part, str):
            break
        keys.append(part)
    spot = _by_keys(document, schema, keys)
    if spot.matched < len(keys):
        return spot
    node = schema.find(keys)
    for part in route[len(keys) :]:
        inner = _inside(document, spot, part, node)
        if inner is None:
            break
        spot = inner
        node = node.step(part) if node is not None else None
    return spot._replace(parent=_parent(spot, route))


def _by_keys(document: Document, schema: Schema, keys: Sequence[str]) -> Spot:
    found = find_member(document, schema, keys)
    if found.member is None or not found.matched:
        return Spot(0, document.root, None, 0, "", found.parent)
    holder = _holder(document, found.member.start, found.matched, keys, schema)
    index = next(index for index, each in enumerate(holder.members) if each is found.member)
    key = found.member.key
    place = locate(document, key.start) if key is not None else ""
    return Spot(found.matched, found.member.value, holder, index, place, found.parent)


def _holder(document: Document, start: int, matched: int, keys: Sequence[str], schema: Schema) -> Object:
    """The object in which the member that starts at an offset stands; of duplicates it need not be the last."""
    outer = find_member(document, schema, keys[: matched - 1])
    candidates = [outer.parent, *(each.value for each in outer.shadowed)]
    for each in candidates:
        if isinstance(each, Object) and any(member.start == start for member in each.members):
            return each
    return next(
        node
        for node in document.walk()
        if isinstance(node, Object) and any(member.start == start for member in node.members)
    )


def _inside(document: Document, spot: Spot, part: str | int, node: Node | None) -> Spot | None:
    """One part further, within a list."""
    value = spot.value
    if isinstance(part, int):
        if not isinstance(value, Array) or part >= len(value.items):
            return None
        place = spot.pointer + pointer([part])
        return Spot(spot.matched + 1, value.items[part], value, part, place, None)
    if not isinstance(value, Object):
        return None
    folds = node is not None and node.type not in EXACT
    for index in range(len(value.members) - 1, -1, -1):
        key = document.key(value.members[index])
        if key == part or (folds and fold(key) == fold(part)):
            place = spot.pointer + pointer([key])
            return Spot(spot.matched + 1, value.members[index].value, value, index, place, None)
    return None


def _parent(spot: Spot, route: Sequence[str | int]) -> Object | Array | None:
    if spot.matched == len(route):
        return spot.parent
    part = route[spot.matched]
    if isinstance(part, int):
        fits = isinstance(spot.value, Array) and len(spot.value.items) == part
        return spot.value if isinstance(spot.value, Array) and fits else None
    if spot.parent is not None:
        return spot.parent
    return spot.value if isinstance(spot.value, Object) else None


def null_after_another(document: Document, schema: Schema, route: Sequence[str | int], spot: Spot) -> bool:
    """Whether a null empties what an earlier member of the same key holds, and would not if an object took its place.

    k6 2.2.0: ``{"tags": {"a": "1"}, "tags": null}`` has no tags; with an object in place of the null it has both.
    """
    keys = [part for part in route[: spot.matched] if isinstance(part, str)]
    node = schema.find(keys) if len(keys) == spot.matched else None
    if node is None or node.type not in MERGED - {"struct"} or not is_null(spot.value):
        return False
    return isinstance(spot.holder, Object) and any(
        isinstance(each.value, Object) and fold(document.key(each)) == fold(keys[-1])
        for each in spot.holder.members[: spot.at]
    )
