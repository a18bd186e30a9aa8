"""What is known of the file for one k6 version, from ``schemas/k6-config.schema.json``."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

from k6cfg.schema.export import document
from k6cfg.schema.node import Node
from k6cfg.schema.source import ANNOTATIONS, Entry, Source, annotated, entry
from k6cfg.schema.versions import NEWEST, OLDEST, Version


class Schema:
    """All that one k6 version reads from the file. ``version`` is never newer than the newest one known."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self._source = Source(version)
        whole = {keyword: value for keyword, value in annotated().items() if keyword != "$defs"}
        self.root = Node("", "", (None, None), self._source, whole)

    @cached_property
    def document(self) -> Entry:
        """The plain draft 2020-12 schema for exactly this version; shared by all callers, so never changed."""
        return document(self._source)

    @cached_property
    def secret_names(self) -> frozenset[str]:
        """The names, in lower case, of all keys that hold a secret in any version, wherever they stand."""
        return frozenset(node.name.lower() for node in self.nodes(obsolete=True) if node.secret)

    @cached_property
    def variables(self) -> Mapping[str, Node]:
        """The ``K6_*`` variables that this version reads and that are no keys of the file, as far as it checks them."""
        return {name: node for name, node in self._variables.items() if self._source.within(node.since, node.removed)}

    @cached_property
    def obsolete_variables(self) -> Mapping[str, Node]:
        """Those that this version does not read: not any more, or not yet."""
        return {name: node for name, node in self._variables.items() if name not in self.variables}

    @cached_property
    def _variables(self) -> Mapping[str, Node]:
        known = entry(entry(annotated()[ANNOTATIONS]).get("variables"))
        return {name: Node(name, name, (None, None), self._source, entry(schema)) for name, schema in known.items()}

    def find(self, route: Sequence[str | int], *, variant: str | None = None, obsolete: bool = False) -> Node | None:
        """The node at a route of keys in k6's spelling and of indices; ``None`` where nothing is known.

        ``variant`` says which shape an object on the way has, where another key picks it: the executor of a scenario.
        Without it, or with one that this version does not know, only the keys that all shapes have are found. With
        ``obsolete`` the keys are found too that this version does not read.
        """
        node: Node | None = self.root
        for part in route:
            if node is None:
                return None
            node = node.step(part, obsolete=obsolete)
            if node is not None and variant is not None:
                node = node.variants.get(variant) or (node.obsolete_variants.get(variant) if obsolete else None) or node
        return node

    def nodes(self, *, obsolete: bool = False) -> Iterator[Node]:
        """Every node below the root, each before what is in it; ``obsolete``: also what this version does not read."""
        todo = list(self.root.below(obsolete=obsolete))[::-1]
        while todo:
            node = todo.pop()
            yield node
            todo += list(node.below(obsolete=obsolete))[::-1]


def load(version: Version = NEWEST) -> Schema:
    """The schema of one k6 version; a version newer than all known ones is judged like the newest of them.

    Raises:
        ValueError: the version is older than the first one that had a config.json.
        OSError: the schema cannot be read; the installation is broken.
    """
    if version < OLDEST:
        raise ValueError(f"k6 {version} has no config.json; the first version with one is {OLDEST}")
    return _load(min(version, NEWEST))


@cache
def _load(version: Version) -> Schema:
    return Schema(version)
