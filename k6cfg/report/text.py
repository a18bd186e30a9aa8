"""Findings for people: where, what, why, what to do, with the line itself and a mark under the place."""

from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Applicability, Diagnostic, Severity
from k6cfg.engine import Checked
from k6cfg.masking import Mask
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.style import Painter

_WIDEST: Final = 160  # characters of a line that a frame shows; what is minified would fill screens
_ELLIPSIS: Final = "..."
_FEW: Final = 3
"""Of more files than these, the faultless ones are counted, not listed."""
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render(verdict: Verdict, painter: Painter, why: str) -> str:
    """The findings of all files and a closing line; ``why`` says why this version judges."""
    lines: list[str] = []
    for file in verdict.files:
        if file.checked is not None:
            for found in file.found:
                lines += [*_finding(file, file.checked, found, painter), ""]
    lines += _closing(verdict, painter, why)
    return "\n".join(lines) + "\n"


def _finding(file: FileReport, checked: Checked, found: Diagnostic, painter: Painter) -> Iterator[str]:
    position = checked.document.lines.position(found.span.start)
    severity = painter.paint(found.severity.value, _COLOURS[found.severity])
    place = painter.paint(f"{file.shown}:{position.line}:{position.column}", "bold")
    yield f"{place}: {severity}: {_one_line(found.message)} [{found.rule.name}]"
    yield from frame(checked, found, painter)
    if found.help is not None:
        yield f"  {painter.paint('help', 'bold')}: {_one_line(found.help)}"
    note = _fix_note(found)
    if note is not None:
        yield f"  {painter.paint('fix', 'bold')}:  {note}"


def _one_line(text: str) -> str:
    """Text that cannot move the cursor, whatever characters a file holds."""
    return "".join(letter if letter.isprintable() else _visible(letter) for letter in text)


def _visible(letter: str) -> str:
    return " " if letter in "\t\r\n" else f"\\u{ord(letter):04x}" if ord(letter) > 0xFF else f"\\x{ord(letter):02x}"


def frame(checked: Checked, found: Diagnostic, painter: Painter) -> Iterator[str]:
    """The line of a finding with its secrets masked, and a mark under the place."""
    document = checked.document
    if not document.text:
        return
    number = document.lines.position(found.span.start).line
    start = document.lines.start(number)
    end = start + len(document.lines.line(number))
    mask = Mask(document.text, checked.secrets)
    stop = min(max(found.span.end, found.span.start + 1), max(end, found.span.start + 1))
    column = len(_one_line(mask.shown(start, min(found.span.start, end))))
    width = max(1, len(_one_line(mask.shown(start, min(stop, end)))) - column)
    line = _one_line(mask.shown(start, end))
    line, column, width = _clip(line, column, width)
    gutter = f"{number:>4}"
    yield painter.paint(f"{gutter} | ", "dim") + line
    yield painter.paint(" " * len(gutter) + " | ", "dim") + " " * column + painter.paint("^" * width, "red")


def _clip(line: str, column: int, width: int) -> tuple[str, int, int]:
    if len(line) <= _WIDEST:
        return line, column, width
    first = max(0, min(column - _WIDEST // 3, len(line) - _WIDEST))
    last = min(len(line), first + _WIDEST)
    head = _ELLIPSIS if first else ""
    tail = _ELLIPSIS if last < len(line) else ""
    return head + line[first:last] + tail, column - first + len(head), min(width, last - column)


def _fix_note(found: Diagnostic) -> str | None:
    if found.fix is None:
        return None
    if found.fix.applicability is Applicability.SAFE:
        return "k6cfg validate --fix does it"
    if found.fix.applicability is Applicability.UNSAFE:
        return "likely, not certain: k6cfg validate --fix --unsafe-fixes does it"
    return None


def _closing(verdict: Verdict, painter: Painter, why: str) -> Iterator[str]:
    several = len(verdict.files) > _FEW
    for file in verdict.files:
        if file.found or not several:
            yield f"{painter.paint(file.shown, 'bold')}: {_summary(file, verdict, painter)}"
    fine = sum(not file.found for file in verdict.files)
    if several and fine:
        taken = painter.paint("k6 takes them", "green")
        yield f"{fine} of {len(verdict.files)} files: {taken}; nothing to complain about"
    yield painter.paint(f"judged as k6 {verdict.version}: {why}", "dim")


def _summary(file: FileReport, verdict: Verdict, painter: Painter) -> str:
    checked = file.checked
    if checked is None:
        return f"no such file, and none is needed: k6 {verdict.version} runs with its defaults"
    counts = [_counted(file.count(severity), name) for severity, name in _NAMES.items() if file.count(severity)]
    said = ", ".join(counts) or "nothing to complain about"
    if checked.accepted_run and checked.accepted_cloud:
        return f"{painter.paint('k6 takes it', 'green')}; {said}"
    if checked.accepted_run:
        return f"{painter.paint('k6 run takes it, the cloud commands refuse it', 'red')}; {said}"
    return f"{painter.paint('k6 refuses it', 'red')}; {said}"


_NAMES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
