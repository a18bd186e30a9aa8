"""Findings for people: where, what, why, what to do, with the line itself and a mark under the place."""

from collections.abc import Iterator, Sequence
from typing import Final

from k6cfg.diagnostics import Applicability, Diagnostic, Severity
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.style import COLOURS, Painter, columns, one_line, slice_columns

_WIDEST: Final = 160  # columns of a line that a frame shows; what is minified would fill screens
_NARROWEST: Final = 20
_ELLIPSIS: Final = "..."
_FEW: Final = 3
"""Of more files than these, the faultless ones are counted, not listed."""


def render(verdict: Verdict, painter: Painter) -> str:
    """The findings of all files and a closing line; nothing where no file could be judged."""
    files = [file for file in verdict.files if file.problem is None]
    if not files:
        return ""
    lines: list[str] = []
    for file in files:
        for found in file.found:
            lines += [*_finding(file, found, painter), ""]
    lines += _closing(files, verdict, painter)
    return "\n".join(lines) + "\n"


def _finding(file: FileReport, found: Diagnostic, painter: Painter) -> Iterator[str]:
    position = file.position(found.span.start)
    severity = painter.paint(found.severity.value, COLOURS[found.severity.value])
    place = painter.link(painter.paint(f"{file.shown}:{position.line}:{position.column}", "bold"), file.path)
    yield f"{place}: {severity}: {one_line(found.message)} [{found.rule.name}]"
    yield from _frame(file, found, painter)
    if found.help is not None:
        help_ = painter.wrapped(painter.line(found.help), len("  help: "), " " * len("  help: "))
        yield f"  {painter.paint('help', 'bold')}: {help_}"
    note = _fix_note(file, found)
    if note is not None:
        yield f"  {painter.paint('fix', 'bold')}:  {note}"


def _frame(file: FileReport, found: Diagnostic, painter: Painter) -> Iterator[str]:
    """The line of a finding with its secrets masked, and a mark under the place; of a long line what is around it."""
    if file.checked is None or not file.checked.document.text:
        return
    lines = file.checked.document.lines
    number = lines.position(found.span.start).line
    gutter = f"{number:>4}"
    room = max(_NARROWEST, min(_WIDEST, painter.width - len(gutter) - len(" | "))) if painter.width else _WIDEST
    start, end = lines.start(number), lines.end(number)
    place = min(found.span.start, end)
    # More characters than these cannot be shown, whatever becomes of them.
    first, last = max(start, place - room), min(end, place + room)

    def shown(stop: int) -> str:
        return (_ELLIPSIS if first > start else "") + painter.line(file.mask.shown(first, stop))

    line = shown(last) + (_ELLIPSIS if last < end else "")
    left, right = columns(shown(place)), columns(shown(max(place, min(found.span.end, last))))
    whole = columns(line)
    begin = max(0, min(left - room // 3, whole - room))
    head, tail = (_ELLIPSIS if begin else ""), (_ELLIPSIS if begin + room < whole else "")
    visible = begin + len(head)
    kept = slice_columns(line, visible, begin + room - len(tail))
    yield painter.paint(f"{gutter} | ", "dim") + head + kept + tail
    space = " " * columns(head + slice_columns(line, visible, left))
    mark = "^" * max(1, min(right, begin + room) - left)
    yield painter.paint(" " * len(gutter) + " | ", "dim") + space + painter.paint(mark, "red")


def _fix_note(file: FileReport, found: Diagnostic) -> str | None:
    if found.fix is None:
        return None
    command, name = "k6cfg validate", f" {file.argument}" if file.argument else ""
    if found.fix.applicability is Applicability.SAFE:
        return f"{command} --fix{name} does it"
    if found.fix.applicability is Applicability.UNSAFE:
        return f"likely, not certain: {command} --fix --unsafe-fixes{name} does it"
    return None


def _closing(files: Sequence[FileReport], verdict: Verdict, painter: Painter) -> Iterator[str]:
    several = len(files) > _FEW
    for file in files:
        if not several or not _fine(file):
            yield f"{painter.link(painter.paint(file.shown, 'bold'), file.path)}: {_summary(file, verdict, painter)}"
    fine = sum(map(_fine, files))
    if several and fine:
        taken = painter.paint("k6 takes them", "green")
        yield f"{fine} of {len(files)} files: {taken}; nothing to complain about"
    yield painter.paint(f"judged as k6 {verdict.version}: {verdict.why}", "dim")


def _fine(file: FileReport) -> bool:
    return not file.found and (file.checked is None or (file.checked.accepted_run and file.checked.accepted_cloud))


def _summary(file: FileReport, verdict: Verdict, painter: Painter) -> str:
    checked = file.checked
    if checked is None:
        return f"no such file, and none is needed: k6 {verdict.version} runs with its defaults"
    counts = [_counted(file.count(severity), name) for severity, name in _NAMES.items() if file.count(severity)]
    passed_over = len(checked.diagnostics) - len(file.found)
    nothing = "nothing of what was selected" if passed_over else "nothing to complain about"
    said = ", ".join(counts) or nothing
    if checked.accepted_run and checked.accepted_cloud:
        return f"{painter.paint('k6 takes it', 'green')}; {said}"
    if checked.accepted_run:
        return f"{painter.paint('k6 run takes it, the cloud commands refuse it', 'red')}; {said}"
    return f"{painter.paint('k6 refuses it', 'red')}; {said}"


_NAMES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
