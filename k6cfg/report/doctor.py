"""What ``k6cfg doctor`` found, for people and for programs."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from k6cfg.doctor import Level, Result
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import Painter, one_line
from k6cfg.schema.versions import Version

_ORDER: Final = tuple(Level)
_COLOURS: Final = {
    Level.ERROR: "red",
    Level.WARNING: "yellow",
    Level.COULD_NOT: "yellow",
    Level.INFO: "cyan",
    Level.OK: "green",
    Level.SKIPPED: "dim",
}
_COUNTED: Final = {
    Level.ERROR: ("error", "errors"),
    Level.WARNING: ("warning", "warnings"),
    Level.COULD_NOT: ("check failed", "checks failed"),
    Level.INFO: ("note", "notes"),
    Level.OK: ("ok", "ok"),
    Level.SKIPPED: ("skipped", "skipped"),
}


def render(results: Sequence[Result], painter: Painter, why: str, fix: str = "") -> str:
    """The results, worst first, a line each, with what to do below.

    ``why`` says which k6 they are about, ``fix`` is the command that mends those with a mend.
    """
    width = max((len(result.level.value) for result in results), default=0)
    ids = max((len(result.id) for result in results), default=0)
    lines: list[str] = []
    for level in _ORDER:
        group = [result for result in results if result.level is level]
        if lines and group:
            lines.append("")
        for result in group:
            name = painter.paint(f"{level.value:<{width}}", _COLOURS[level])
            lines.append(f"{name}  {result.id:<{ids}}  {one_line(result.finding)}")
            lines += _below(result, painter)
    counted = ", ".join(_said(level, count) for level in _ORDER if (count := _count(results, level)))
    lines += ["", painter.paint(counted or "nothing was asked", "bold")]
    mended = sum(result.mend is not None for result in results)
    if mended and fix:
        lines.append(f"{fix} mends {mended} of them, each after showing it")
    lines.append(painter.paint(why, "dim"))
    return "\n".join(lines) + "\n"


def _below(result: Result, painter: Painter) -> Iterator[str]:
    if result.why is not None:
        yield f"    {painter.paint('why', 'bold')}: {one_line(result.why)}"
    if result.remedy is not None:
        yield f"    {painter.paint('fix', 'bold')}: {one_line(result.remedy)}"


def _count(results: Sequence[Result], level: Level) -> int:
    return sum(result.level is level for result in results)


def _said(level: Level, count: int) -> str:
    one, many = _COUNTED[level]
    return f"{count} {one if count == 1 else many}"


def render_json(results: Sequence[Result], version: Version) -> str:
    """The results on one line: a contract, whose field names do not change."""
    return json.dumps(as_data(results, version))


def as_data(results: Sequence[Result], version: Version) -> dict[str, object]:
    """The results in the order of the checks, as plain data for JSON."""
    return {
        "format_version": FORMAT_VERSION,
        "k6_version": str(version),
        "results": [
            {
                "id": result.id,
                "level": result.level.value,
                "finding": result.finding,
                "why": result.why,
                "remedy": result.remedy,
                "fixable": result.mend is not None,
            }
            for result in results
        ],
        "counts": {level.value: _count(results, level) for level in _ORDER},
    }
