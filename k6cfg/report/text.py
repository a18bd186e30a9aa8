"""Findings for people: where, what, why, what to do, with the line itself and a mark under the place."""

from collections.abc import Iterator, Sequence
from typing import Final

from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import COLOURS, Painter, columns, one_line, slice_columns
from k6cfg.text.diagnostics import Diagnostic, Severity
from k6cfg.text.lazy_regex import late

_WIDEST: Final = 160  # columns of a line that a frame shows; what is minified would fill screens
_NARROWEST: Final = 20
_ELLIPSIS: Final = "..."
_FEW: Final = 3
"""Of more files than these, the faultless ones are counted, not listed."""
_FEW_ALIKE: Final = 3
"""Of more findings of one kind than these, the first is shown and the others are counted."""


def render(verdict: Verdict, painter: Painter) -> str:
    """The findings of all files and a closing line; nothing where no file could be judged."""
    files = [file for file in verdict.files if file.problem is None]
    if not files:
        return ""
    lines: list[str] = []
    for file in files:
        for group in _groups(file.untold):
            lines += [*_finding(file, group[0], painter), *_more(file, group[1:], painter), ""]
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


def _groups(found: Sequence[Diagnostic]) -> list[list[Diagnostic]]:
    """The findings in their order; those of one kind are together where the first of them is, if they are many."""
    kinds: dict[tuple[str, ...], list[Diagnostic]] = {}
    for one in found:
        kinds.setdefault(_kind(one), []).append(one)
    groups: list[list[Diagnostic]] = []
    for one in found:
        group = kinds[_kind(one)]
        if len(group) <= _FEW_ALIKE:
            groups.append([one])
        elif one is group[0]:
            groups.append(group)
    return groups


def _kind(found: Diagnostic) -> tuple[str, ...]:
    """What findings of one kind have in common: the rule and, for values, what is said without the text it quotes."""
    said = () if _is_syntax(found) else (_QUOTED.sub("", found.message), found.help or "")
    return found.rule.name, found.severity.value, *said


def _is_syntax(found: Diagnostic) -> bool:
    from k6cfg.text.parser import SYNTAX  # it is loaded where there is a finding

    return found.rule.group == SYNTAX


_QUOTED: Final = late(r"\"[^\"]*\"|`[^`]*`|\d+")


def _more(file: FileReport, group: Sequence[Diagnostic], painter: Painter) -> Iterator[str]:
    """The rest of a group: its size, and where each is."""
    if not group:
        return
    first = group[0]
    lines = [file.position(one.span.start).line for one in group]
    keys = "" if _is_syntax(first) else f": {', '.join(dict.fromkeys(one.pointer for one in group))}"
    noun = _NAMES[first.severity]
    said = f"{len(group)} more {noun}s of this kind [{first.rule.name}], {_on_lines(lines)}{one_line(keys)}"
    yield f"  {painter.wrapped(painter.line(said), 2, '  ')}"


def _on_lines(lines: Sequence[int]) -> str:
    """``on line 3`` or ``on lines 3, 5 to 9``."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1][1:] = [line]
        else:
            runs.append([line])
    said = ", ".join(" to ".join(map(str, run)) for run in runs)
    return f"on line{'s' if len(set(lines)) > 1 else ''} {said}"


def _remedies(file: FileReport, painter: Painter) -> Iterator[str]:
    """What to type; asked of the planner, so it is true."""
    for remedy in file.remedies:
        left = "" if not remedy.left else f"; {_counted(remedy.left, 'finding')} will be left"
        doubt = "" if remedy.is_safe else " (likely, not certain: look at the diff)"
        yield f"  {painter.paint('fix', 'bold')}: {painter.line(remedy.command)}{doubt}{left}"


def _closing(files: Sequence[FileReport], verdict: Verdict, painter: Painter) -> Iterator[str]:
    several = len(files) > _FEW
    for file in files:
        if not several or not _fine(file, verdict):
            yield f"{painter.link(painter.paint(file.shown, 'bold'), file.path)}: {_summary(file, verdict, painter)}"
            yield from _remedies(file, painter)
    fine = sum(_fine(file, verdict) for file in files)
    if several and fine:
        taken = painter.paint("k6 takes them", "green")
        said = f"no findings{_SELECTED}" if verdict.is_selection else f"{taken}; nothing to complain about"
        yield f"{fine} of {len(files)} files: {said}"
    yield painter.paint(f"judged as k6 {verdict.version}: {verdict.why}", "dim")


def _fine(file: FileReport, verdict: Verdict) -> bool:
    accepted = file.checked is None or (file.checked.accepted_run and file.checked.accepted_cloud)
    return not file.found and (verdict.is_selection or accepted)


def _summary(file: FileReport, verdict: Verdict, painter: Painter) -> str:
    checked = file.checked
    if checked is None:
        return f"no such file, and none is needed: k6 {verdict.version} runs with its defaults"
    counts = [_counted(file.count(severity), name) for severity, name in _NAMES.items() if file.count(severity)]
    if verdict.is_selection:
        return painter.paint(", ".join(counts) or "no findings", "red" if counts else "green") + _SELECTED
    said = ", ".join(counts) or "nothing to complain about"
    if checked.accepted_run and checked.accepted_cloud:
        return f"{painter.paint('k6 takes it', 'green')}; {said}"
    if checked.accepted_run:
        return f"{painter.paint('k6 run takes it, the cloud commands refuse it', 'red')}; {said}"
    return f"{painter.paint('k6 refuses it', 'red')}; {said}"


_SELECTED: Final = " of the selected rules"
_NAMES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
