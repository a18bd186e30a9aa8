"""Which member of a document k6 reads for a key: folded case, duplicates, null."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from k6cfg.schema import Node, Schema
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Document, Member, Object, Scalar, Value

MERGED: Final = frozenset({"struct", "map", "any-map", "string-map"})
"""Types whose objects k6 reads into what an earlier duplicate left, instead of starting anew."""
EXACT: Final = frozenset({"map", "any-map", "string-map", "scenarios", "hosts", "any"})
"""Types whose keys count as they are written; all others are Go structs, whose keys fold."""


def fold(key: str) -> str:
    """A key as Go compares the keys of structs: without regard to the case of ASCII letters.

    U+017F (long s) counts as s and U+212A (Kelvin sign) as k: encoding/json folds by Unicode's simple folding, and of
    its pairs only these two meet ASCII.
    """
    return key.lower() if key.isascii() else key.lower().replace("\u017f", "s")


class Found(NamedTuple):
    """Where a route leads in a document.

    ``matched`` is how many parts of the route have a member that k6 reads, ``member`` the deepest of these (``None``
    when there is none), ``parent`` the object into which a member for the next part belongs: where k6 reads it, after
    any that it would replace. ``parent`` is ``None`` where there is no object; then the value of ``member``, or the
    whole text, has to be replaced first. ``shadowed`` are the members on the way that k6 does not read, because a
    later one of the same key takes their place.
    """

    member: Member | None
    parent: Object | None
    matched: int
    shadowed: tuple[Member, ...]


def find(document: Document, schema: Schema, route: Sequence[str]) -> Found:
    """The member that k6 reads for a route of keys in k6's spelling, or the place where one belongs.

    Faults elsewhere in the document do not matter. Linear in the members of the objects on the way.
    """
    shadowed: list[Member] = []
    member: Member | None = None
    node: Node | None = schema.root
    objects = [document.root] if isinstance(document.root, Object) else []
    for matched, part in enumerate(route):
        if not objects:
            return Found(member, None, matched, tuple(shadowed))
        named = [each for within in objects for each in within.members if _is(document, each, part, node)]
        if not named:
            return Found(member, objects[-1], matched, tuple(shadowed))
        inner = None if node is None else node.step(part)
        merging = inner is not None and inner.type in MERGED and node is not None and node.type not in EXACT
        counted = _counted(named, inner.type) if merging and inner is not None else named[-1:]
        kept = set(map(id, counted))
        shadowed += [each for each in named if id(each) not in kept]
        member, node = counted[-1], inner
        objects = [each.value for each in counted if isinstance(each.value, Object)]
        if not isinstance(member.value, Object):
            objects = []
    return Found(member, objects[-1] if objects else None, len(route), tuple(shadowed))


def _is(document: Document, member: Member, part: str, node: Node | None) -> bool:
    if member.key is None:
        return False
    key = document.key(member)
    return key == part or (node is not None and node.type not in EXACT and fold(key) == fold(part))


def _counted(named: list[Member], type_: str) -> list[Member]:
    """Of members whose objects k6 reads into one, those that count: null empties a map, to a struct it is nothing."""
    if type_ == "struct":
        return [each for each in named if not is_null(each.value)] or named[-1:]
    last = max((index for index, each in enumerate(named) if is_null(each.value)), default=0)
    return named[last:]


def is_null(value: Value | None) -> bool:
    """Whether a value is written as null."""
    return isinstance(value, Scalar) and value.kind is Kind.NULL
