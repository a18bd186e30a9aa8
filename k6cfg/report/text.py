"""Findings for people: where, what, why, what to do, with the line itself and a mark under the place."""

from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Applicability, Diagnostic, Severity
from k6cfg.engine import Checked
from k6cfg.masking import Mask
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.style import Painter, one_line

_WIDEST: Final = 160  # characters of a line that a frame shows; what is minified would fill screens
_ELLIPSIS: Final = "..."
_FEW: Final = 3
"""Of more files than these, the faultless ones are counted, not listed."""
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render(verdict: Verdict, painter: Painter, why: str) -> str:
    """The findings of all files and a closing line; ``why`` says why this version judges."""
    lines: list[str] = []
    for file in verdict.files:
        if file.checked is not None and file.found:
            mask = Mask(file.checked.document.text, file.checked.secrets)
            for found in file.found:
                lines += [*_finding(file, file.checked, mask, found, painter), ""]
    lines += _closing(verdict, painter, why)
    return "\n".join(lines) + "\n"


def _finding(file: FileReport, checked: Checked, mask: Mask, found: Diagnostic, painter: Painter) -> Iterator[str]:
    position = checked.document.lines.position(found.span.start)
    severity = painter.paint(found.severity.value, _COLOURS[found.severity])
    place = painter.paint(f"{file.shown}:{position.line}:{position.column}", "bold")
    yield f"{place}: {severity}: {one_line(found.message)} [{found.rule.name}]"
    yield from frame(checked, mask, found, painter)
    if found.help is not None:
        yield f"  {painter.paint('help', 'bold')}: {one_line(found.help)}"
    note = _fix_note(file, found)
    if note is not None:
        yield f"  {painter.paint('fix', 'bold')}:  {note}"


def frame(checked: Checked, mask: Mask, found: Diagnostic, painter: Painter) -> Iterator[str]:
    """The line of a finding with its secrets masked, and a mark under the place; of a long line what is around it."""
    document = checked.document
    if not document.text:
        return
    number = document.lines.position(found.span.start).line
    start = document.lines.start(number)
    end = start + len(document.lines.line(number))
    place = min(found.span.start, end)
    first = start if end - start <= _WIDEST else max(start, place - _WIDEST // 3)
    last = end if end - start <= _WIDEST else min(end, first + _WIDEST)
    head, tail = (_ELLIPSIS if first > start else ""), (_ELLIPSIS if last < end else "")
    before = head + one_line(mask.shown(first, place))
    through = head + one_line(mask.shown(first, max(place, min(found.span.end, last))))
    line = head + one_line(mask.shown(first, last)) + tail
    gutter = f"{number:>4}"
    yield painter.paint(f"{gutter} | ", "dim") + line
    caret = " " * len(before) + painter.paint("^" * max(1, len(through) - len(before)), "red")
    yield painter.paint(" " * len(gutter) + " | ", "dim") + caret


def _fix_note(file: FileReport, found: Diagnostic) -> str | None:
    if found.fix is None:
        return None
    command, name = "k6cfg validate", f" {file.argument}" if file.argument else ""
    if found.fix.applicability is Applicability.SAFE:
        return f"{command} --fix{name} does it"
    if found.fix.applicability is Applicability.UNSAFE:
        return f"likely, not certain: {command} --fix --unsafe-fixes{name} does it"
    return None


def _closing(verdict: Verdict, painter: Painter, why: str) -> Iterator[str]:
    several = len(verdict.files) > _FEW
    for file in verdict.files:
        if not several or not _fine(file):
            yield f"{painter.paint(file.shown, 'bold')}: {_summary(file, verdict, painter)}"
    fine = sum(map(_fine, verdict.files))
    if several and fine:
        taken = painter.paint("k6 takes them", "green")
        yield f"{fine} of {len(verdict.files)} files: {taken}; nothing to complain about"
    yield painter.paint(f"judged as k6 {verdict.version}: {why}", "dim")


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
