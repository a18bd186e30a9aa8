"""One line for each finding: what editors and grep read."""

from collections.abc import Iterator

from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import COLOURS, Painter, one_line


def render(verdict: Verdict, painter: Painter) -> str:
    """``path:line:column: severity rule message``; nothing for a file without findings."""
    return "".join(f"{line}\n" for file in verdict.files for line in _lines(file, painter))


def _lines(file: FileReport, painter: Painter) -> Iterator[str]:
    for found in file.untold:
        place = file.position(found.span.start)
        severity = painter.paint(found.severity.value, COLOURS[found.severity.value])
        where = painter.link(f"{file.shown}:{place.line}:{place.column}", file.path)
        yield f"{where}: {severity} {found.rule.name} {one_line(found.message)}"
