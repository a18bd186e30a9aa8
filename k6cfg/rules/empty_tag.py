"""A tag has a name."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Reading, Script
from k6cfg.rules.builders import CHECKS, refused
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("empty-tag", CHECKS, "A tag has no name.")

CRASHES: Final = Version(0, 41, 0)
"""Since then tags are kept in a structure that takes no empty name."""


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 0.45.0 to 2.2.0 crash while they load such a file."""
    tags = reading.get("tags")
    empty = tags.fields.get("") if tags is not None else None
    if empty is not None and schema.version >= CRASHES:
        yield refused(RULE, empty, "a tag has no name, and k6 crashes on that", "give it a name, or remove it")
