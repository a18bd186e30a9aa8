"""How a migration finds what it is about, and says what it does."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from k6cfg.k6.decode import Reading, read
from k6cfg.k6.member_lookup import EXACT, fold
from k6cfg.schema import Node, Schema, load
from k6cfg.schema.versions import OLDEST, Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Applicability, Diagnostic, Edit, Fix, Rule, Severity
from k6cfg.text.location import Span, pointer, pointer_parts
from k6cfg.text.tree import Document, Member, Object, Value

GROUP = "migration"


class Place(NamedTuple):
    """A member of the document: the object that it stands in, which one of it it is, and the keys that lead to it."""

    parent: Object
    nth: int
    member: Member
    keys: tuple[str, ...]

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the member."""
        return pointer(self.keys)

    @property
    def value(self) -> Value | None:
        """What stands behind the key."""
        return self.member.value

    @property
    def span(self) -> Span:
        """Where to point: at the key."""
        return self.member.key.span if self.member.key is not None else self.member.span


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A file on its way: from ``source`` (None: nobody knows) to the version of ``schema``.

    ``aged`` says that the file had a key, when it set out, that only k6 before 0.30.0 read. ``origin`` is the document
    before the first change, ``told`` the pointers of the changes that were made since.
    """

    document: Document
    schema: Schema
    source: Version | None
    aged: bool = False
    origin: Document
    told: tuple[str, ...] = ()

    @property
    def target(self) -> Version:
        """The version that the file is to be for."""
        return self.schema.version

    def crosses(self, version: Version | None) -> bool:
        """Whether what changed in a version lies on the way."""
        return version is not None and version <= self.target and (self.source is None or self.source < version)

    def leaves(self, since: Version, until: Version) -> bool:
        """Whether what has another form ``since`` a version lies on the way, where the old one is read ``until`` one.

        Between the two k6 takes both: a file that was fine there may have kept the old form.
        """
        return since <= self.target and (self.source is None or self.source < until)

    @cached_property
    def source_schema(self) -> Schema:
        """What ``source`` reads; without one, what the target reads."""
        return load(max(self.source, OLDEST)) if self.source is not None else self.schema

    def is_told(self, place: str, *, inside: bool = False) -> bool:
        """Whether a change was made at a pointer or around it, or ``inside`` it, whatever the case of its keys."""
        return is_within(place, self._told) or (inside and folded(place) in self._around_told)

    @cached_property
    def _told(self) -> frozenset[tuple[str, ...]]:
        return frozenset(map(folded, self.told))

    @cached_property
    def _around_told(self) -> frozenset[tuple[str, ...]]:
        return frozenset(route[:length] for route in self._told for length in range(len(route)))

    @cached_property
    def reading(self) -> Reading:
        """The document as the target reads it."""
        return read(self.document, self.schema)

    def places(self, *route: str) -> Iterator[Place]:
        """Every member that a route of keys in k6's spelling leads to, duplicates included; ``*`` is any key."""
        if isinstance(self.document.root, Object):
            yield from self._below(self.document.root, self.schema.root, route, ())

    def _below(self, holder: Object, node: Node | None, route: Sequence[str], keys: tuple[str, ...]) -> Iterator[Place]:
        name, *rest = route
        exact = node is None or node.type in EXACT
        for index, member in enumerate(holder.members):
            if member.key is None:
                continue
            key = self.document.key(member)
            if name in {key, "*"} or (not exact and fold(key) == fold(name)):
                here = (*keys, key)
                if not rest:
                    yield Place(holder, index, member, here)
                elif isinstance(member.value, Object):
                    inner = node.step(name, obsolete=True) if node is not None else None
                    yield from self._below(member.value, inner, rest, here)

    def beside(self, place: Place, name: str) -> Place | None:
        """The last member of the same object with that key, whatever its case."""
        found = None
        for index, member in enumerate(place.parent.members):
            if member.key is not None and fold(self.document.key(member)) == fold(name):
                found = Place(place.parent, index, member, (*place.keys[:-1], self.document.key(member)))
        return found

    def text(self, value: Value | None) -> str:
        """The text of a value as it is written."""
        return self.document.source(value) if value is not None else ""


def folded(place: str) -> tuple[str, ...]:
    """The route of a pointer, the same for keys that differ in case only."""
    return tuple(map(fold, pointer_parts(place)))


def is_within(place: str, routes: AbstractSet[tuple[str, ...]]) -> bool:
    """Whether a pointer names one of some folded routes, or something inside one; in linear time."""
    route = folded(place)
    return any(route[:length] in routes for length in range(1, len(route) + 1))


def done(  # noqa: PLR0913 - what a change is made of
    rule: Rule,
    place: Place,
    message: str,
    changes: tuple[Edit, ...],
    pointers: tuple[str, ...] = (),
    *,
    remedy: str | None = None,
    certain: bool = True,
) -> Diagnostic:
    """A change that the migration makes; ``remedy`` is what is still left to do elsewhere."""
    applicability = Applicability.SAFE if certain else Applicability.UNSAFE
    return Diagnostic(
        rule=rule,
        severity=Severity.WARNING,
        message=message,
        help=remedy,
        span=place.span,
        pointer=place.pointer,
        fix=Fix(applicability, changes, pointers=pointers or (place.pointer,)),
    )


def decide(rule: Rule, place: Place, message: str, remedy: str, severity: Severity = Severity.WARNING) -> Diagnostic:
    """What a person must decide: nothing is changed. It is an error where k6 refuses the file as it is."""
    return Diagnostic(
        rule=rule,
        severity=severity,
        message=message,
        help=remedy,
        span=place.span,
        pointer=place.pointer,
    )


def removal(journey: Journey, place: Place) -> tuple[Edit, ...]:
    """The edits that take a member out."""
    return edits.remove(journey.document, place.parent, place.nth)


def renaming(place: Place, name: str) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """The edits that give a member another key, and the pointers that change by it."""
    return edits.rename(place.member, name), (place.pointer, pointer((*place.keys[:-1], name)))


def dedented(journey: Journey, value: Value, outer: int) -> str:
    """The text of a value for a place that is less indented; ``outer``: the offset whose line says how much.

    JSON has no line end inside a text, so that white space at the start of a line is layout alone.
    """
    text = journey.text(value)
    inner_indent, outer_indent = _indent(journey, value.start), _indent(journey, outer)
    if not inner_indent.startswith(outer_indent) or inner_indent == outer_indent:
        return text
    lines = text.splitlines(keepends=True)
    return lines[0] + "".join(
        outer_indent + line[len(inner_indent) :] if line.startswith(inner_indent) else line for line in lines[1:]
    )


def _indent(journey: Journey, offset: int) -> str:
    lines = journey.document.lines
    line = lines.line(lines.position(offset).line)
    return line[: len(line) - len(line.lstrip(" \t"))]
