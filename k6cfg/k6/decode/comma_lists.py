"""Lists written as one text with commas, as k6 reads them from its variables, where the file needs an entry each."""

import json
import re
from typing import Final

from k6cfg.k6.grammars import Threshold, cidr, hostname_pattern, threshold, trend_stat
from k6cfg.schema import Node
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.lazy_regex import late

_NAME: Final = late(r"[A-Za-z_][\w.-]*(?::[a-z]+)?", re.ASCII)
"""A tag, perhaps with the type of its field."""
_STATS: Final = ("summaryTrendStats[]", "trendStats[]")
_FREE: Final = ("tagsAsFields[]",)


def pieces(known: Node, text: str, version: Version = NEWEST) -> list[str] | None:
    """The entries of a text with commas, if each of them is valid in a list of such entries; None otherwise.

    k6 splits its variables at every comma. In ``out`` an argument may hold one: a piece that names no output is a part
    of the argument before it, and what is meant is not certain.
    """
    found = [piece.strip() for piece in text.split(",")]
    return found if len(found) > 1 and all(_is_entry(known, piece, version) for piece in found) else None


def holds_commas(known: Node) -> bool:
    """Whether an entry may be valid with a comma in it, or nothing is known of what is valid."""
    checked = known.enum or known.type in _CHECKED or known.dotted.endswith((*_STATS, *_FREE))
    return not checked


def written(entries: list[str]) -> str:
    """Entries as JSON, without the brackets of their list."""
    return ", ".join(json.dumps(entry, ensure_ascii=False) for entry in entries)


_CHECKED: Final = frozenset({"hostname", "cidr", "threshold"})


def _is_entry(known: Node, piece: str, version: Version) -> bool:
    if not piece:
        return False
    if known.enum:
        return piece in known.enum
    if known.known:
        return piece.partition("=")[0] in known.known
    if known.dotted.endswith(_STATS):
        return trend_stat(piece) is None
    if known.dotted.endswith(_FREE):
        return _NAME.fullmatch(piece) is not None
    if known.type == "hostname":
        return hostname_pattern(piece) is None
    if known.type == "cidr":
        return cidr(piece, version) is None
    return known.type == "threshold" and isinstance(threshold(piece, version), Threshold)
