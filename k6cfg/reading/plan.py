"""What is done with each place of the file: worked out once for each node of the schema."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeAlias

from k6cfg.members import MERGED, fold
from k6cfg.reading.findings import CLOUD_RUN, LOGIN, OUTPUT, Findings, Gate
from k6cfg.reading.scalars import is_null
from k6cfg.reading.values import Read
from k6cfg.schema import Node
from k6cfg.tree import Value

Decode: TypeAlias = Callable[[Findings, Read, Value], None]
"""Reads one value of the text into what is already there."""


class Plan(NamedTuple):
    """What is done with a place, worked out once for each node."""

    decode: Decode
    fields: dict[str, Node]
    old: dict[str, Node]
    refused: bool
    gate: Gate | None
    merged: bool


@cache
def plan_of(node: Node) -> Plan:
    """The plan for one node of a schema; kept, for there are few."""
    # The table knows every decoder, and the decoders come back here for what is in their values.
    from k6cfg.reading.table import DECODERS

    gate = {"cloud": CLOUD_RUN if node.type == "raw" else LOGIN, "output": OUTPUT}.get(node.read_when or "")
    folds = node.type not in {"map", "string-map"}
    return Plan(
        decode=DECODERS.get(node.type, keep),
        fields={fold(key) if folds else key: inner for key, inner in node.properties.items()},
        old={fold(key) if folds else key: inner for key, inner in node.obsolete.items()},
        refused=node.unknown_keys == "refused",
        gate=gate,
        merged=node.type in MERGED,
    )


def decode(found: Findings, read: Read, value: Value | None) -> None:
    """Read one value of the text into what is already there."""
    if value is None:
        return
    plan = plan_of(read.known)
    if plan.gate is None:
        plan.decode(found, read, value)
        return
    outer, found.gate = found.gate, plan.gate
    plan.decode(found, read, value)
    found.gate = outer


def keep(_found: Findings, read: Read, value: Value) -> None:
    """What k6 does not look into."""
    read.valid = not is_null(value)
