"""What every bench gives back: rows of one table, measured in one run, each beside the first."""

import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One measured thing. ``median``, ``low`` and ``high`` are in the unit of the table; ``ratio`` is to its base."""

    name: str
    median: float
    low: float
    high: float
    ratio: float


class Table(NamedTuple):
    """Rows with what their figures are; ``base`` names what ``ratio`` is a multiple of."""

    title: str
    unit: str
    base: str
    rows: Sequence[Row]


def rows(measured: Mapping[str, Sequence[float]], base: str) -> list[Row]:
    """A row for each thing that was measured several times, turn by turn."""
    unit = statistics.median(measured[base])
    return [
        Row(name, statistics.median(taken), min(taken), max(taken), statistics.median(taken) / unit)
        for name, taken in measured.items()
    ]


def shown(table: Table) -> str:
    """A table in Markdown, as it is printed and as ``docs/performance.md`` shows it."""
    lines = [f"| {table.title} | {table.unit} (median) | spread | beside {table.base} |", "|---|---:|---:|---:|"]
    lines += [
        f"| {row.name} | {_figure(row.median)} | {_figure(row.low)} to {_figure(row.high)} | {_figure(row.ratio)} x |"
        for row in table.rows
    ]
    return "\n".join(lines) + "\n"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
