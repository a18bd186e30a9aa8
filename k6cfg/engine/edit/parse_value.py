"""A value as people type it, in the type that the schema wants at its place."""

import json
from typing import Final

from k6cfg.schema import Node

_SPLIT: Final = frozenset({"system-tags", "tag-set", "cidr-list", "hostname-list"})
"""Lists that k6's flags and variables take with commas between the entries, which have none themselves."""
_SIGNS: Final = {dict: "object", list: "array", bool: "boolean", type(None): "null"}


class _NoJsonError(ValueError):
    pass


def typed(node: Node | None, text: str) -> object:
    """Plain data for a text that was typed as the value of a place; ``node`` None is a place of which nothing is known.

    JSON is taken as JSON where the place takes that type; where a text belongs, ``5`` and ``true`` are texts too (in
    double quotes any text is). An entry alone becomes a list of one where a list belongs. What fits nothing stays a
    text, for k6's own rules to refuse. Nothing is rounded or converted.

    Raises:
        ValueError: the JSON names a key twice, or the text is not UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it is no text in UTF-8") from None
    try:
        return _fitting(node, text, _json(text))
    except _NoJsonError:
        return _bare(node, text)


def _json(text: str) -> object:
    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(found)
        if len(made) < len(found):
            raise ValueError("its JSON has one key twice, and which one is meant is not clear")
        return made

    def constant(_: str) -> object:
        raise _NoJsonError

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except (json.JSONDecodeError, RecursionError):
        raise _NoJsonError from None
    except ValueError as error:
        if "twice" in str(error):
            raise
        raise _NoJsonError from None  # more digits than Python reads


def _fitting(node: Node | None, text: str, value: object) -> object:
    """JSON in the type that is wanted, if it can be."""
    wanted = node.json_types if node is not None else ()
    if node is None or not wanted or isinstance(value, str):
        return _in_list(node, value) if isinstance(value, str) else value
    if _sign(value) in wanted or (
        isinstance(value, int | float) and not isinstance(value, bool) and "number" in wanted
    ):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and "integer" in wanted:
        return value
    if value is not None and "array" in wanted:
        return [typed(node.items, text)]
    if "string" in wanted:
        return text
    return value


def _sign(value: object) -> str:
    return _SIGNS.get(type(value), "")


def _bare(node: Node | None, text: str) -> object:
    """What is no JSON: a text, or texts where a list belongs."""
    if node is not None and node.type in _SPLIT:
        return [entry.strip() for entry in text.split(",") if entry.strip()]
    return _in_list(node, text)


def _in_list(node: Node | None, text: object) -> object:
    if (
        node is not None
        and "array" in node.json_types
        and "string" not in node.json_types
        and not _looks_like_json(text)
    ):
        return [text]
    return text


def _looks_like_json(text: object) -> bool:
    """Whether somebody tried to write a list or an object: that is no entry, but a mistake to be told."""
    return isinstance(text, str) and text.lstrip().startswith(("[", "{"))
