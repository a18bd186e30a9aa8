"""What k6 reads from a document: keys, duplicates, null, Go's types. Driven by the annotated schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from k6cfg.k6.decode.custom import expression
from k6cfg.k6.decode.diagnostics import (
    BAD_DURATION,
    KEYS,
    ODD_TYPE,
    RULES,
    VALUES,
    Findings,
    Unknown,
    name_of,
    separated,
)
from k6cfg.k6.decode.plan import decode, decode_kept
from k6cfg.k6.decode.to_json import shape
from k6cfg.k6.decode.value import Place, Read
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic
from k6cfg.text.tree import Document

__all__ = [
    "BAD_DURATION",
    "KEYS",
    "ODD_TYPE",
    "RULES",
    "VALUES",
    "Place",
    "Read",
    "Reading",
    "Script",
    "Unknown",
    "expression",
    "name_of",
    "read",
    "separated",
]


class Script(NamedTuple):
    """What is known of the script that will run with the file; ``None`` is nothing: what the file names is there.

    ``exports`` are the functions it exports, ``metrics`` its own metrics by name, each ``counter``, ``gauge``, ``rate``
    or ``trend``.
    """

    exports: frozenset[str] | None = None
    metrics: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A document as one k6 version reads it.

    ``root`` is the tree of values, ``diagnostics`` what k6 refuses or reads otherwise than written, ``unknown`` the
    keys that it does not read. ``aside`` are keys at the top that stand in the text too, but were left out of the
    document because there is nothing to say of them.
    """

    document: Document
    schema: Schema
    root: Read
    diagnostics: tuple[Diagnostic, ...]
    unknown: tuple[Unknown, ...]
    aside: frozenset[str] = frozenset()

    def get(self, *route: str) -> Read | None:
        """The value at a route of keys in k6's spelling, where it is set and not refused."""
        found: Read | None = self.root
        for key in route:
            if found is None:
                return None
            found = found.get(key)
        return found

    def at(self, route: Sequence[str | int]) -> Read | None:
        """The value, set or not, at a route of keys in k6's spelling and of indices."""
        found: Read | None = self.root
        for part in route:
            if found is None:
                return None
            if isinstance(part, int):
                found = found.entries[part] if part < len(found.entries) else None
            else:
                found = found.fields.get(part)
        return found

    @cached_property
    def shape(self) -> object:
        """The plain value in the shape that the schema judges: k6's spelling of keys, only what k6 reads.

        Numbers in quotes are numbers, durations milliseconds; what k6 refuses is left out.
        """
        return shape(self.root, self.schema.version)


def read(document: Document, schema: Schema, aside: frozenset[str] = frozenset()) -> Reading:
    """What k6 reads from a document without syntax errors. Linear in the document; ``aside`` is that of ``Reading``."""
    found = Findings(document, schema.version)
    root = Read(schema.root, None, document.root)
    decode(found, root, document.root)
    decode_kept(found, root)
    return Reading(
        document=document,
        schema=schema,
        root=root,
        diagnostics=tuple(found.diagnostics),
        unknown=tuple(found.unknown),
        aside=aside,
    )
