"""The page about every key of the file, from the schema."""

import re
from collections.abc import Iterator

from k6cfg.report.explain import facts
from k6cfg.schema import Node, Schema, load
from making.markdown import NOTE

_VARIANT = re.compile("<[^>]*>")
_CODE = {"default", "example"}


def page() -> str:
    """Every key that some k6 reads or read, in k6's order; those of the past at the end."""
    return "\n".join(_page(load()))


def _page(schema: Schema) -> Iterator[str]:
    version = f"{schema.version.major}.{schema.version.minor}"
    yield f"# The keys of config.json\n\n{NOTE}\n"
    yield f"What k6 {version} reads, in the order in which k6 writes it; what it reads no more stands at the end."
    yield "`*` is a name of your choice, `[]` any entry of a list, `<executor>` the shape of a scenario."
    yield "`k6cfg explain KEY` says the same in the terminal, for any version.\n"
    read = {id(node) for node in schema.nodes()}
    nodes = [node for node in schema.nodes(obsolete=True) if not _again(node, schema) and node.description]
    for node in nodes:
        if id(node) in read:
            yield from _entry(node, schema)
    yield f"## Not read by k6 {version}\n"
    for node in nodes:
        if id(node) not in read:
            yield from _entry(node, schema, level=3)


def _again(node: Node, schema: Schema) -> bool:
    """Whether a key of one executor's scenario is the same in all of them."""
    found = _VARIANT.search(node.dotted)
    if found is None:
        return False
    plain = {each.dotted for each in schema.nodes(obsolete=True) if "<" not in each.dotted}
    return _VARIANT.sub("", node.dotted) in plain and not node.dotted.endswith(">")


def _entry(node: Node, schema: Schema, level: int | None = None) -> Iterator[str]:
    depth = level or (2 if node.dotted.count(".") + node.dotted.count("[") == 0 else 3)
    yield f"{'#' * depth} `{node.dotted}`\n"
    told = list(facts(node, schema))
    yield from (f"{text}\n" for word, text in told if word == "does")
    for word, text in told:
        if word != "does":
            yield f"- {word}: `{text}`" if word in _CODE else f"- {word}: {text}"
    yield ""
