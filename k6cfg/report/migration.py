"""What a migration does and leaves to do, for people and for programs, without a secret."""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from k6cfg.diagnostics import Diagnostic
from k6cfg.engine import Checked
from k6cfg.masking import without_secrets
from k6cfg.migrating import Migration
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.style import Painter, one_line
from k6cfg.versions import Version

_REPAIR: Final = "repair"
_DECIDE: Final = "decide"


def done(migration: Migration, shown: str, painter: Painter) -> Iterator[str]:
    """A line for each change, with what is still to do elsewhere below it."""
    repairs = migration.repair.steps if migration.repair is not None else ()
    for what, steps in ((_REPAIR, repairs), ("change", migration.steps)):
        for step in steps:
            placed = step.before is migration.start  # others speak of a text that is on its way, and nowhere to see
            yield from _lines(what, step.before, step.chosen, shown, painter, placed=placed)


def left(migration: Migration, shown: str, painter: Painter) -> Iterator[str]:
    """A line for each thing that a person must decide, with the choices below it."""
    yield from _lines(_DECIDE, migration.final, migration.decisions, shown, painter, placed=True)


def _lines(  # noqa: PLR0913 - all that a line is made of
    what: str, checked: Checked, found: tuple[Diagnostic, ...], shown: str, painter: Painter, *, placed: bool
) -> Iterator[str]:
    colour = "yellow" if what == _DECIDE else "green"
    for one in found:
        place = shown
        if placed:
            position = checked.document.lines.position(one.span.start)
            place = f"{shown}:{position.line}:{position.column}"
        yield f"{painter.paint(what, colour)} {place}: {one_line(without_secrets(one.message))} [{one.rule.name}]"
        if one.help is not None and what != _REPAIR:  # what it helps with is done
            yield f"  {painter.paint('help', 'bold')}: {one_line(without_secrets(one.help))}"


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
        "pointer": found.pointer,
        "message": without_secrets(found.message),
        "help": found.help,
    }
