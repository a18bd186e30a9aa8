"""One place of the file, as one k6 version reads it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from k6cfg.schema.source import Entry, Json, Source, entry, items, moment, target_of
from k6cfg.schema.versions import Version

Window: TypeAlias = "tuple[Version | None, Version | None]"
"""The first version that reads something, and the first that does not any more."""


def _latest(first: Version | None, second: Version | None) -> Version | None:
    return max(first, second) if first and second else first or second


def _earliest(first: Version | None, second: Version | None) -> Version | None:
    return min(first, second) if first and second else first or second


def _texts(value: Json) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(each) for each in items(value))


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Json) -> int | float | None:
    return value if isinstance(value, int | float) else None


class Node:
    """One place of the file and all that is known of it, for exactly one k6 version.

    What is below is built when it is first asked for; nothing ever changes. ``name`` is the key in k6's spelling, ``*``
    for the values of a map, ``[]`` for the items of a list, the executor's name for a variant. ``dotted`` names the
    place as people do: ``stages[].target``, ``scenarios.*<constant-vus>.vus``; the root's is empty. ``since`` and
    ``removed`` are the first version that reads this place and the first that does not any more; what holds for the
    object around it counts too.
    """

    def __init__(self, name: str, dotted: str, window: Window, source: Source, schema: Entry) -> None:
        self.name = name
        self.dotted = dotted
        self._source = source
        self._shape, self._annotations = source.whole(schema)
        self.since = _latest(window[0], moment(self._annotations.get("since")))
        self.removed = _earliest(window[1], moment(self._annotations.get("removed")))

    def __repr__(self) -> str:
        return f"<{self.dotted or 'root'}: {self.type}>"

    # What it is

    @cached_property
    def type(self) -> str:
        """How k6 decodes it; ``schemas/README.md`` lists the names. ``any`` where nothing is known."""
        return str(self._annotations.get("type", "any"))

    @property
    def description(self) -> str:
        """What it does, for a person."""
        return str(self._shape.get("description", ""))

    @property
    def examples(self) -> tuple[Json, ...]:
        """Values that make sense."""
        return tuple(items(self._shape.get("examples")))

    @property
    def default(self) -> Json:
        """What holds when the file does not say; ``None`` where there is nothing, or nothing that is known."""
        return self._source.default(self._shape, self._annotations)

    @cached_property
    def secret(self) -> bool:
        """Whether the value must never be shown; of a map or list, everything in it."""
        return bool(self._annotations.get("secret"))

    @property
    def env(self) -> tuple[str, ...]:
        """The environment variables that override it, the usual one first; ``<name>`` in one stands for anything."""
        return _texts(self._annotations.get("env"))

    @property
    def flag(self) -> tuple[str, ...]:
        """The flags of ``k6 run`` that override it, the long one first."""
        return _texts(self._annotations.get("flag"))

    # What has become of it

    @property
    def deprecated(self) -> Version | None:
        """The version since which k6 advises against it, whether or not this one does."""
        return moment(self._annotations.get("deprecated"))

    @property
    def replaced_by(self) -> str | None:
        """The dotted name of the key that took its place with the same meaning."""
        return _text(self._annotations.get("replacedBy"))

    @property
    def instead(self) -> str | None:
        """What to use instead, for a person, where it is more than another key."""
        return _text(self._annotations.get("instead"))

    @property
    def also_called(self) -> tuple[str, ...]:
        """What people write for it, from other tools and plain English; k6 knows none of these names."""
        return _texts(self._annotations.get("alsoCalled"))

    @property
    def advice(self) -> Mapping[str, str]:
        """For keys that people write here though nothing of k6's is meant: what to do instead."""
        return {key: str(text) for key, text in entry(self._annotations.get("advice")).items()}

    @property
    def ignored(self) -> bool:
        """Whether k6 has it as a variable or flag only and never read it from the file."""
        return bool(self._annotations.get("ignored"))

    @property
    def flag_default_wins(self) -> bool:
        """Whether the default of the flag overrides all that is said elsewhere, with or without the flag."""
        return bool(self._annotations.get("flagDefaultWins"))

    @property
    def lenient(self) -> bool:
        """Whether k6 passes over a value that it cannot read; of a variable."""
        return bool(self._annotations.get("lenient"))

    @property
    def read_when(self) -> str | None:
        """``"cloud"`` or ``"output"`` where k6 decodes it only for that, so that faults in it do not stop a test."""
        return _text(self._annotations.get("readWhen"))

    # What an output makes of it

    @property
    def checked(self) -> bool:
        """Whether the limits of the value are checked when the output that reads it starts, and not while loading."""
        return self._annotations.get("checked") == "output"

    @property
    def file(self) -> str | None:
        """``"read"`` or ``"written"`` where the text is the name of a file that an output reads or writes."""
        return _text(self._annotations.get("file"))

    @property
    def argument(self) -> Mapping[str, Json]:
        """What may stand after ``--out NAME=``, of the settings of an output; empty where nothing is known."""
        return entry(self._annotations.get("argument"))

    @property
    def extensions(self) -> Mapping[str, Mapping[str, Json]]:
        """Well-known outputs that only extensions of k6 bring, by the name of the output."""
        return {name: entry(facts) for name, facts in entry(self._annotations.get("extensions")).items()}

    @property
    def overwritten(self) -> Mapping[str, str]:
        """Of k6's own tags those that replace a tag of the same name in the file, and on what."""
        return {name: str(where) for name, where in entry(self._annotations.get("overwritten")).items()}

    # Which values it takes

    @property
    def nullable(self) -> bool:
        """Whether null means that it is not set."""
        return "null" in self.json_types

    @cached_property
    def json_types(self) -> tuple[str, ...]:
        """The JSON types that are meant to stand here, ``null`` among them; empty where all are."""
        return _texts(self._shape.get("type"))

    @cached_property
    def enum(self) -> tuple[str, ...]:
        """The only texts that are meant to stand here; empty where it is not a choice."""
        return tuple(str(value) for value in items(self._shape.get("enum")) if value is not None)

    @property
    def known(self) -> tuple[str, ...]:
        """The texts that k6 itself knows, where extensions may know more."""
        return tuple(
            str(value) for value in self._source.values(items(self._annotations.get("known")), self._annotations)
        )

    @property
    def enum_since(self) -> Mapping[str, Version]:
        """For values of ``enum`` or ``known`` that came later than the key: since when, whatever this version."""
        return self._moments("enumSince")

    @property
    def enum_removed(self) -> Mapping[str, Version]:
        """For values that k6 does not know any more: since when, whatever this version."""
        return self._moments("enumRemoved")

    @property
    def format(self) -> str | None:
        """The name of the rule that its text follows, such as ``k6-duration``."""
        return _text(self._shape.get("format"))

    @property
    def pattern(self) -> str | None:
        """A regular expression for its text; where there is a ``format`` too, that one is exact."""
        return _text(self._shape.get("pattern"))

    @property
    def minimum(self) -> int | float | str | None:
        """The least value that is meant; of a duration as k6 writes it, such as ``"1s"``."""
        return self._limit("minimum")

    @property
    def exclusive_minimum(self) -> int | float | str | None:
        """What the value must be more than; of a duration as k6 writes it, such as ``"0s"``."""
        return self._limit("exclusiveMinimum")

    @property
    def maximum(self) -> int | float | str | None:
        """The greatest value that is meant."""
        return self._limit("maximum")

    @property
    def keywords(self) -> Mapping[str, Json]:
        """The plain keywords of JSON Schema that hold here, those of what it refers to included."""
        return MappingProxyType(self._shape)

    # What is in it

    @property
    def unknown_keys(self) -> str | None:
        """What k6 does with keys that it does not know here: ``"ignored"``, ``"refused"`` or ``"kept"``."""
        return _text(self._annotations.get("unknownKeys"))

    @property
    def note_pattern(self) -> str | None:
        """A regular expression for keys that are notes of people's own, where k6 lets them pass."""
        return next(iter(entry(self._shape.get("patternProperties"))), None)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The keys that must be there."""
        return _texts(self._shape.get("required"))

    @property
    def properties(self) -> Mapping[str, "Node"]:
        """The keys that this version reads here, in the order in which k6 writes them.

        Of an object whose shape another key picks, those that all shapes have.
        """
        return self._keys[0]

    @property
    def obsolete(self) -> Mapping[str, "Node"]:
        """The keys that this version does not read here: not any more, not yet, or never from the file."""
        return self._keys[1]

    @cached_property
    def values(self) -> "Node | None":
        """What stands under the keys of a map that are not among ``properties``."""
        schema = self._shape.get("additionalProperties")
        return self._child("*", f"{self.dotted}.*", schema) if isinstance(schema, dict) else None

    @cached_property
    def items(self) -> "Node | None":
        """What stands in a list."""
        schema = self._shape.get("items")
        return self._child("[]", f"{self.dotted}[]", schema) if isinstance(schema, dict) else None

    @cached_property
    def variant_key(self) -> str | None:
        """The key whose value picks one of ``variants``."""
        return self._source.variants(self._shape)[0] or None

    @cached_property
    def variants(self) -> Mapping[str, "Node"]:
        """The shapes that the object may have, by the value of ``variant_key``; each is complete in itself."""
        return MappingProxyType(self._picked(known=True))

    @cached_property
    def obsolete_variants(self) -> Mapping[str, "Node"]:
        """The shapes that this version does not know any more, or not yet."""
        return MappingProxyType(self._picked(known=False))

    def below(self, *, obsolete: bool = False) -> "Iterator[Node]":
        """The nodes directly below this one; with ``obsolete`` those too that this version does not read."""
        yield from self.properties.values()
        if obsolete:
            yield from self.obsolete.values()
        yield from filter(None, (self.values, self.items))
        yield from self.variants.values()
        if obsolete:
            yield from self.obsolete_variants.values()

    def step(self, part: str | int, *, obsolete: bool = False) -> "Node | None":
        """The node one key or index further; a list takes indices as text too. ``None`` where nothing is known."""
        if isinstance(part, int):
            return self.items
        found = self.properties.get(part) or (self.obsolete.get(part) if obsolete else None)
        if found is None and part not in self.obsolete:
            found = self.values
        if found is None and part.isdecimal():
            found = self.items
        return found

    @cached_property
    def _keys(self) -> tuple[Mapping[str, "Node"], Mapping[str, "Node"]]:
        read: dict[str, Node] = {}
        unread: dict[str, Node] = {}
        for name, schema in {**entry(self._shape.get("properties")), **self._shared()}.items():
            node = self._child(name, f"{self.dotted}.{name}" if self.dotted else name, entry(schema))
            known = not node.ignored and self._source.within(node.since, node.removed)
            (read if known else unread)[name] = node
        return MappingProxyType(read), MappingProxyType(unread)

    def _shared(self) -> Entry:
        """The keys that all variants take from the same definition."""
        variants = [
            entry(self._source.whole(schema)[0].get("properties"))
            for _, schema in self._source.variants(self._shape)[1].values()
        ]
        first = variants[0] if variants else {}
        return {
            key: schema
            for key, schema in first.items()
            if (target := target_of(entry(schema)))
            and all(target_of(entry(each.get(key))) == target for each in variants)
        }

    def _picked(self, *, known: bool) -> "dict[str, Node]":
        key, variants = self._source.variants(self._shape)
        picked: dict[str, Node] = {}
        for name, (is_known, schema) in variants.items():
            if is_known is known:
                picker = {**self.obsolete, **self.properties}[key]
                window = (picker.enum_since.get(name), picker.enum_removed.get(name))
                picked[name] = self._child(name, f"{self.dotted}<{name}>", schema, window)
        return picked

    def _child(self, name: str, dotted: str, schema: Entry, window: Window = (None, None)) -> "Node":
        both = (_latest(self.since, window[0]), _earliest(self.removed, window[1]))
        return Node(name, dotted, both, self._source, schema)

    def _moments(self, name: str) -> Mapping[str, Version]:
        return {value: found for value, text in entry(self._annotations.get(name)).items() if (found := moment(text))}

    def _limit(self, keyword: str) -> int | float | str | None:
        return _text(self._annotations.get(keyword)) or _number(self._shape.get(keyword))
