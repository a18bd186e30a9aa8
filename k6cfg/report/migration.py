"""What a migration does and leaves to do, for people and for programs, without a secret."""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from k6cfg.engine import Checked
from k6cfg.engine.migration import Migration
from k6cfg.k6.secrets import without_secrets
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import Painter, one_line
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Severity

_REPAIR: Final = "repair"
_CHANGE: Final = "change"
_LEFT: Final = {
    Severity.ERROR: ("error", "red"),
    Severity.WARNING: ("decide", "yellow"),
    Severity.INFO: ("note", "cyan"),
}
"""By severity, what is left for a person is labelled so."""


def done(migration: Migration, shown: str, painter: Painter) -> Iterator[str]:
    """A line for each change, with what is still to do elsewhere below it."""
    repairs = migration.repair.steps if migration.repair is not None else ()
    for what, steps in ((_REPAIR, repairs), (_CHANGE, migration.steps)):
        label = painter.paint(what, "green")
        for step in steps:
            placed = step.before is migration.start  # others speak of a text that is on its way, and nowhere to see
            for one in step.chosen:
                yield _line(label, step.before, one, shown, placed=placed)
                if what != _REPAIR:  # what it helps with is done
                    yield from _help(one, painter)


def left(migration: Migration, shown: str, painter: Painter) -> Iterator[str]:
    """A line for each thing that a person must decide, the worst first, and whether k6 rejects the file as it is."""
    final = migration.final
    order = [*_LEFT]
    for one in sorted(migration.decisions, key=lambda one: order.index(one.severity)):
        yield _line(painter.paint(*_LEFT[one.severity]), final, one, shown, placed=True)
        yield from _help(one, painter)
    if not (final.accepted_run and final.accepted_cloud):
        who = f"k6 {final.schema.version} rejects" if not final.accepted_run else "the cloud commands of k6 reject"
        yield f"{shown}: {who} this file until the errors above are resolved"


def _line(label: str, checked: Checked, found: Diagnostic, shown: str, *, placed: bool) -> str:
    place = shown
    if placed:
        position = checked.document.lines.position(found.span.start)
        place = f"{shown}:{position.line}:{position.column}"
    return f"{label} {place}: {one_line(without_secrets(found.message))} [{found.rule.name}]"


def _help(found: Diagnostic, painter: Painter) -> Iterator[str]:
    if found.help is not None:
        yield f"  {painter.paint('help', 'bold')}: {one_line(without_secrets(found.help))}"


class Paths(NamedTuple):
    """Where the file is, and where it goes; the same, unless it moves."""

    start: str
    end: str


def render_json(migration: Migration, version: Version, source: Version | None, paths: Paths, *, pending: bool) -> str:
    """All of it on one line: a contract, described in docs/json.md."""
    final = migration.final
    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(version),
        "from": str(source) if source is not None else None,
        "path": paths.start,
        "target": paths.end,
        "pending": pending,
        "changes": [_json(one) for step in migration.steps for one in step.chosen],
        "decisions": [_json(one) for one in migration.decisions],
        "accepted": {"run": final.accepted_run, "cloud": final.accepted_cloud},
        "error": migration.refused,
    }
    return json.dumps(content)


def _json(found: Diagnostic) -> dict[str, object]:
    return {
        "migration": found.rule.name,
        "severity": found.severity.value,
        "pointer": without_secrets(found.pointer),
        "message": without_secrets(found.message),
        "help": found.help,
    }
