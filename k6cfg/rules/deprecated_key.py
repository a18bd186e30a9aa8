"""Keys that k6 still reads but advises against."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from k6cfg.k6.decode import Reading, name_of
from k6cfg.schema import Node
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity

DEPRECATED = Rule("deprecated", "history", "A key that k6 still reads, but advises against.")

HISTORY_RULES: Final = (DEPRECATED,)


def deprecated(reading: Reading) -> Iterator[Diagnostic]:
    """The keys in use whose time is running out in this version. As deep as the schema is."""
    version = reading.schema.version
    pending = [reading.root]
    while pending:
        read = pending.pop()
        since, value = _deprecated(read.known), read.value
        if since is not None and since <= version and read.member is not None and read.member.key is not None:
            yield Diagnostic(
                rule=DEPRECATED,
                severity=Severity.INFO,
                message=f"{name_of(read)} is deprecated since k6 {since}; {version} still reads it",
                help=replacement(read.known),
                span=read.member.key.span,
                pointer=read.pointer,
            )
            continue
        if isinstance(value, dict):
            pending += [each for each in value.values() if each.member is not None]
        elif isinstance(value, list):
            pending += value


@cache
def _deprecated(node: Node) -> Version | None:
    return node.deprecated


def replacement(node: Node) -> str | None:
    """What to write instead of a key that is not read any more, or not for long."""
    if node.replaced_by:
        return f"write `{node.replaced_by}` instead"
    return f"use {node.instead} instead" if node.instead else None
