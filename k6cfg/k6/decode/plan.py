"""What is done with each place of the file: worked out once for each node of the schema."""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from k6cfg.k6.decode.diagnostics import CLOUD_RUN, LOGIN, OUTPUT, Findings, Gate
from k6cfg.k6.decode.scalars import is_null
from k6cfg.k6.decode.value import Read
from k6cfg.k6.member_lookup import MERGED, fold
from k6cfg.schema import Node
from k6cfg.text.tree import Value

Decode: TypeAlias = Callable[[Findings, Read, Value], None]
"""Reads one value of the text into what is already there."""


class Plan(NamedTuple):
    """What is done with a place, worked out once for each node. ``keeps``: null leaves what an earlier one set."""

    decode: Decode
    fields: dict[str, Node]
    old: dict[str, Node]
    refused: bool
    gate: Gate | None
    merged: bool
    keeps: bool


@cache
def plan_of(node: Node) -> Plan:
    """The plan for one node of a schema; kept, for there are few."""
    # The table knows every decoder, and the decoders come back here for what is in their values.
    from k6cfg.k6.decode.registry import DECODERS

    gate = {"cloud": CLOUD_RUN if node.type == "raw" else LOGIN, "output": OUTPUT}.get(node.read_when or "")
    folds = node.type not in {"map", "any-map", "string-map"}
    return Plan(
        decode=DECODERS.get(node.type, keep),
        fields={fold(key) if folds else key: inner for key, inner in node.properties.items()},
        old={fold(key) if folds else key: inner for key, inner in node.obsolete.items()},
        refused=node.unknown_keys == "refused",
        gate=gate,
        merged=node.type in MERGED,
        keeps=node.type in _KEEPING,
    )


_KEEPING: Final = frozenset(
    {"struct", "scenarios", "plain-int", "plain-bool", "plain-string", "dns-select", "dns-policy"}
)


def decode(found: Findings, read: Read, value: Value | None) -> None:
    """Read one value of the text into what is already there; what k6 decodes only when it is used is kept for later."""
    if value is None:
        return
    plan = plan_of(read.known)
    if plan.gate is None:
        plan.decode(found, read, value)
    else:
        read.value, read.valid = None, not is_null(value)


def decode_kept(found: Findings, holder: Read) -> None:
    """Decode what was kept in an object and in its maps as k6 does when it is used: of two with one key, the last."""
    for read in holder.fields.values():
        plan = plan_of(read.known)
        if plan.gate is not None and read.text is not None:
            outer, found.gate = found.gate, plan.gate
            plan.decode(found, read, read.text)
            found.gate = outer
        elif read.known.type == "map":
            decode_kept(found, read)


def keep(_found: Findings, read: Read, value: Value) -> None:
    """What k6 does not look into."""
    read.valid = not is_null(value)
