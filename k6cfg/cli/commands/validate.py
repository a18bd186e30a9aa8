"""``k6cfg validate``: what k6 will make of a file, and with ``--fix`` the file as it should be."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, cast

import typer

from k6cfg.cli.context import (
    STANDARD_INPUT,
    ConfigOption,
    DiffOption,
    InPlaceOption,
    NoBackupOption,
    Situation,
    VersionOption,
    YesOption,
)
from k6cfg.cli.errors import bug
from k6cfg.cli.exit_codes import BUG, COULD_NOT, FINDINGS, FINE, NOT_DURABLE
from k6cfg.cli.files import WorkerError, each, files_of
from k6cfg.cli.output import PEOPLE, Output, by_itself, show, verdict
from k6cfg.cli.selection import script_of, selection_of, words_of
from k6cfg.cli.stdin import SHOWN
from k6cfg.cli.terminal import ClosedOutputError, complain, out, out_bytes, painter_for, say, talk
from k6cfg.cli.write_options import Manner
from k6cfg.engine.fast_path import Faultless, plainly_good, what_stands_out
from k6cfg.k6.file_kind import LIKELY, SAFE, FileKind, kind_of
from k6cfg.k6.file_kind import Kind as FileFormat
from k6cfg.machine.files import LARGEST_READ, FileError, Kind, Snapshot, read
from k6cfg.machine.files.contents import format_of, not_text
from k6cfg.machine.paths import quoted
from k6cfg.report.model import FileReport, Problem, Remedy

if TYPE_CHECKING:  # of a plainly good file nothing of this is needed
    from collections.abc import Sequence

    from k6cfg.engine import Checked, Plan, Selection
    from k6cfg.k6.decode import Script
    from k6cfg.text.diagnostics import Diagnostic


def command(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Files to check, - for standard input; a folder: every *.json in it; none: the file that k6 reads.",
        ),
    ] = None,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what has one sensible reading, after showing it.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix: mend what has a likely reading, too.")
    ] = False,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULE|GROUP", help="Look for these alone (secrets: for secrets).")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULE|GROUP", help="Pass over these.")] = None,
    diff: DiffOption = False,
    yes: YesOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors for the exit code.")] = False,
    output_format: Annotated[
        Output | None,
        typer.Option(
            "--output-format", help="How findings are printed.", show_default="github in GitHub Actions, else text"
        ),
    ] = None,
    script_exports: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...", help="The functions that the script exports; else any exec is taken to exist."
        ),
    ] = None,
    script_metrics: Annotated[
        str | None,
        typer.Option(metavar="NAME:TYPE,...|none", help="The script's own metrics; else any metric is taken to exist."),
    ] = None,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
) -> None:
    """Say what k6 will make of its config.json; with --fix, mend it."""
    # Where stdout holds a text or a diff, it is no place for annotations.
    plain = diff or (fix and STANDARD_INPUT in (files or ()))
    output = output_format or (Output.TEXT if plain else by_itself())
    run = _Run(
        situation=Situation(k6_version),
        selection=selection_of(select, ignore),
        script=script_of(script_exports, script_metrics),
        words=words_of(select, ignore, k6_version, script_exports, script_metrics),
        fix=fix or diff,
        unsafe=unsafe_fixes,
        manner=Manner(diff, yes, in_place=in_place, report_on_stdout=output not in PEOPLE),
        strict=strict,
        output=output,
        backup=not no_backup,
    )
    raise typer.Exit(_validate(run, files, config))


class _Run(NamedTuple):
    situation: Situation
    selection: "Selection | None"
    script: "Script | None"
    words: str
    """The options of the call that decide what there is to fix, as they are typed."""
    fix: bool
    unsafe: bool
    manner: Manner
    strict: bool
    output: Output
    backup: bool
    first: tuple[str, Snapshot] | None = None
    """The first of several files, which has been read."""


class _Outcome(NamedTuple):
    code: int
    report: FileReport


def _validate(run: _Run, files: list[str] | None, config: str | None) -> int:
    if files and config is not None:
        raise typer.BadParameter("name the file once: as an argument or with --config")
    if files and "" in files:
        raise typer.BadParameter("one of the files has an empty name; is a variable in the command empty?")
    try:
        outcomes = _outcomes(run, files) if files else [_default(run, config)]
    except WorkerError:
        complain(
            "a process that checked a share of the files ended before it was done; nothing can be said of them",
            "the machine may be short of memory: run it again, or with fewer files",
        )
        return BUG
    filtering = run.fix and STANDARD_INPUT in (files or ()) and not run.manner.diff_only
    reports = [outcome.report for outcome in outcomes]
    found = verdict(run.situation, reports, strict=run.strict, is_selection=run.selection is not None)
    show(found, run.output, to_stderr=filtering or (run.manner.diff_only and run.output in PEOPLE))
    return max(outcome.code for outcome in outcomes)


def _outcomes(run: _Run, files: list[str]) -> list[_Outcome]:
    """Several at once, unless something is asked, written or read from standard input."""
    several = not run.fix and STANDARD_INPUT not in files
    names = files_of(files)
    if several and len(names) > 1:
        run = _prepared(run, names[0])
    return list(each(lambda name: _guarded(run, name), names, several=several))


def _prepared(run: _Run, first: str) -> _Run:
    """Load what a closer look needs, where the first file needs one: else each process would do so for itself."""
    try:
        snapshot = read(Path(first))
    except FileError:
        return run
    if not plainly_good(snapshot.data, run.situation.k6.judged_as):
        what_stands_out(b'{"_": 0}', run.situation.schema, run.script)
    return run._replace(first=(first, snapshot))


def _guarded(run: _Run, name: str) -> _Outcome:
    """One of several files; a bug in one is no reason to leave the others out."""
    try:
        return _one(run, name)
    except (ClosedOutputError, MemoryError, typer.Exit, typer.Abort):
        raise
    except Exception as error:  # noqa: BLE001 - said without a word of the file
        shown = run.situation.shown(name)
        code = bug(error, f"{shown} was left as it was")
        problem = Problem(f"a bug of k6cfg ({type(error).__name__}); {shown} was left as it was")
        return _Outcome(code, FileReport(name, shown, None, problem=problem))


def _failed(name: str, shown: str, message: str, remedy: str | None) -> _Outcome:
    """A file that could not be judged: said at once, and again where a program reads the report."""
    complain(message, remedy)
    return _Outcome(COULD_NOT, FileReport(name, shown, None, problem=Problem(message, remedy)))


def _default(run: _Run, config: str | None) -> _Outcome:
    place = run.situation.place(config)
    if place.problem is not None:
        return _failed("", "", place.problem, place.remedy)
    if place.warning is not None:
        say(f"k6 warns at every run: {place.warning}")
    run.situation.say_what_is_ignored(place, "validate")
    return _one(run, place.path, may_be_missing=place.may_be_missing, named=place.path)


def _one(run: _Run, name: str, *, may_be_missing: bool = False, named: str | None = None) -> _Outcome:
    if name == STANDARD_INPUT and named is None:
        return _standard_input(run)
    shown = run.situation.shown(name)
    try:
        snapshot = run.first[1] if run.first is not None and run.first[0] == name else read(Path(name))
    except FileError as error:
        if may_be_missing and error.kind is Kind.MISSING:
            return _Outcome(FINE, FileReport(name, shown, None))
        if named is None and error.kind is Kind.FOLDER and os.access(name, os.R_OK | os.X_OK):
            return _failed(name, shown, f"there is no *.json file in the folder {shown}", "name a config file")
        return _failed(name, shown, error.message, error.help)
    form = format_of(snapshot)
    if not form.is_text:
        failure = not_text(form, shown, quoted(name))
        return _failed(name, shown, failure.message, failure.help)
    if form.kind is not FileFormat.CONFIG:
        return _of_other_format(run, name, snapshot, form)
    if not run.fix:
        return _judged(run, _report(run, _checked(run, snapshot.data), snapshot, (name, shown)))
    from k6cfg.engine import check

    return _fix(run, name, snapshot, check(snapshot.data, run.situation.schema, run.script))


def _of_other_format(run: _Run, name: str, snapshot: Snapshot, form: FileKind) -> _Outcome:
    """Report on a file that k6cfg never changes. Where k6 can load it, its findings are those of a config file."""
    from k6cfg.engine import Selection, check, check_other_format, plan_fixes

    checked = _checked(run, snapshot.data)
    whole = check(snapshot.data, run.situation.schema, run.script)
    if form.convert:
        ways = ((SAFE, False), (LIKELY, True)) if form.convert == LIKELY else ((SAFE, False),)
        works = (way for way, unsafe in ways if plan_fixes(whole, Selection(), unsafe=unsafe).steps)
        form = form._replace(convert=next(works, ""))
    help_ = form.help(quoted(name))
    if not checked.well_formed:
        checked = check_other_format(snapshot.data, run.situation.schema, form.what, help_)
    elif run.fix and _plan(run, whole).steps:
        complain(f"{run.situation.shown(name)} is {form.what}: it was left as it is", help_)
    found = _selected(run, checked)
    return _judged(run, FileReport(name, run.situation.shown(name), checked, found, kind=form.kind))


def _checked(run: _Run, data: bytes) -> "Checked":
    """What k6 will make of a file; most are plainly good, and need no closer look whatever the options."""
    if run.script is None and plainly_good(data, run.situation.k6.judged_as):
        return cast("Checked", Faultless(data, run.situation.k6.judged_as))
    if run.selection is None or not run.selection.wants_secrets:
        found = what_stands_out(data, run.situation.schema, run.script)
        if found is not None:
            return found
    from k6cfg.engine import check, with_repaired

    return with_repaired(check(data, run.situation.schema, run.script), run.script)


def _standard_input(run: _Run) -> _Outcome:
    filtering = run.fix and not run.manner.diff_only
    data = sys.stdin.buffer.read(LARGEST_READ + 1)
    if len(data) > LARGEST_READ:
        if filtering:
            _pass_on(data)
        message, remedy = (
            "more than 64 MiB came in on standard input",
            "a config.json is a few kilobytes; is it this one?",
        )
        return _failed(STANDARD_INPUT, SHOWN, message, remedy)
    form = kind_of(data)
    if not form.is_text and not filtering:
        error = not_text(form, SHOWN, "FILE")
        return _failed(STANDARD_INPUT, SHOWN, error.message, error.help)
    try:
        return _filtered(run, data) if run.fix else _judged(run, _report(run, _checked(run, data)))
    except Exception:
        if filtering:  # whatever goes wrong here, nobody's text is lost in a pipe
            out_bytes(data)
        raise


def _pass_on(data: bytes) -> None:
    while data:
        out_bytes(data)
        data = sys.stdin.buffer.read(1 << 20)


def _filtered(run: _Run, data: bytes) -> _Outcome:
    from k6cfg.engine import check
    from k6cfg.engine.diff import Side, text_diff

    checked = check(data, run.situation.schema, run.script)
    plan = _plan(run, checked)
    if run.manner.diff_only:
        _tell(plan, SHOWN)
        before, after = (Side(one.document.text, one.secrets) for one in (checked, plan.final))
        diff = text_diff(before, after, SHOWN)
        if run.manner.report_on_stdout:
            talk(diff)
        else:
            out(diff)
        judged = _judged(run, _report(run, checked, told=_chosen(plan)))
        return judged._replace(code=max(judged.code, FINDINGS if plan.steps or plan.refused else FINE))
    out_bytes(plan.final.data)
    _tell(plan, SHOWN)
    judged = _judged(run, _report(run, plan.final))
    return judged._replace(code=max(judged.code, FINDINGS if plan.refused else FINE))


def _report(
    run: _Run,
    checked: "Checked",
    snapshot: Snapshot | None = None,
    names: tuple[str, str] = (STANDARD_INPUT, SHOWN),
    told: "Sequence[Diagnostic]" = (),
) -> FileReport:
    """The report on a config file with its path and its name for people, or on standard input (no snapshot)."""
    found = _selected(run, checked)
    kind = kind_of(checked.data).kind if snapshot is None else FileFormat.CONFIG
    is_wanted = run.output in {Output.TEXT, Output.GITHUB} and any(one.fix is not None for one in found)
    if not is_wanted or (snapshot is not None and not _may_change(snapshot)):
        return FileReport(*names, checked, found, told=told, kind=kind)
    remedies = _remedies(run, checked, found, names[0])
    return FileReport(*names, checked, found, remedies, told, kind=kind)


def _may_change(snapshot: Snapshot) -> bool:
    from k6cfg.machine.files import refuse

    try:
        refuse(snapshot, len(snapshot.data))
    except FileError:
        return False
    return True


def _remedies(run: _Run, checked: "Checked", found: "Sequence[Diagnostic]", name: str) -> tuple[Remedy, ...]:
    """The commands that fix a file. The planner says what each would do, so that none promises too much."""
    from k6cfg.engine import ProofError, Selection, check, plan_fixes, selected
    from k6cfg.text.diagnostics import Applicability

    fixes = {one.fix.applicability for one in found if one.fix is not None}
    if fixes <= {Applicability.MANUAL}:
        return ()
    selection = run.selection or Selection()
    # What was only glanced at is not whole.
    whole = check(checked.data, run.situation.schema, run.script) if checked.well_formed else checked
    remedies: list[Remedy] = []
    data = checked.data
    for unsafe, options in ((False, "--fix"), (True, "--fix --unsafe-fixes")):
        if Applicability.UNSAFE not in fixes and unsafe:
            continue
        try:
            plan = plan_fixes(whole, selection, run.script, unsafe=unsafe)
        except ProofError:  # a bug of k6cfg, which --fix reports; here nothing is promised
            continue
        left = selected(plan.final, selection)
        if plan.final.data != data:
            words = f"validate {options}{run.words}"
            command = f"k6cfg {words} -" if name == STANDARD_INPUT else run.situation.command(words, name)
            remedies.append(Remedy(command, len(left), is_safe=not unsafe))
            data = plan.final.data
        if plan.refused is None:
            fixes = {one.fix.applicability for one in left if one.fix is not None}
    return tuple(remedies)


def _fix(run: _Run, name: str, snapshot: Snapshot, checked: "Checked") -> _Outcome:
    from k6cfg.cli.write import apply

    shown = run.situation.shown(name)
    plan = _plan(run, checked)
    _tell(plan, shown)
    code = FINDINGS if plan.refused else FINE
    final = checked
    if plan.steps:
        store = run.situation.store(wanted=run.backup)
        try:
            code = apply(run.situation, snapshot, checked, plan.final, run.manner, store, lambda: _value_changes(plan))
        except FileError as error:
            complain(error.message, error.help)
            code = COULD_NOT
        # What was only shown, or declined, is still as it was.
        final = plan.final if code in _WRITTEN else checked
    # What is still as it was has been listed before the question.
    told = _chosen(plan) if final is checked else ()
    judged = _judged(run, _report(run, final, snapshot, (name, shown), told))
    return judged._replace(code=max(code, judged.code))


def _chosen(plan: "Plan") -> "Sequence[Diagnostic]":
    return [one for step in plan.steps for one in step.chosen]


_WRITTEN: Final = {FINE, NOT_DURABLE}


def _plan(run: _Run, checked: "Checked") -> "Plan":
    from k6cfg.engine import Selection, plan_fixes, prove_settled

    selection = run.selection or Selection()
    plan = plan_fixes(checked, selection, run.script, unsafe=run.unsafe)
    if plan.steps:
        prove_settled(plan.final, selection, run.script, unsafe=run.unsafe)
    return plan


def _tell(plan: "Plan", shown: str) -> None:
    """Each edit with its place and its reason, before anything is written."""
    if plan.refused is not None:
        complain(f"{shown} was not changed: {plan.refused}")
        return
    brush = painter_for(sys.stderr)
    for step in plan.steps:
        for found in step.chosen:
            position = step.before.document.lines.position(found.span.start)
            what = "repair" if found.rule.group == "syntax" else "fix"
            place = f"{shown}:{position.line}:{position.column}"
            say(f"{brush.paint(what, 'green')} {place}: {found.message} [{found.rule.name}]")


def _value_changes(plan: "Plan") -> None:
    """Which values the fixes beyond syntax change, as k6 reads them."""
    steps = [step for step in plan.steps if step.before.reading is not None]
    if not steps:
        return
    from k6cfg.report.value_diff import value_changes

    for line in value_changes(steps[0].before, steps[-1].after):
        say(line)


def _selected(run: _Run, checked: "Checked") -> "Sequence[Diagnostic]":
    if run.selection is None:
        return checked.diagnostics
    from k6cfg.engine import selected

    return selected(checked, run.selection)


def _judged(run: _Run, report: FileReport) -> _Outcome:
    if not report.found:
        return _Outcome(FINE, report)
    from k6cfg.text.diagnostics import Severity

    bad = report.count(Severity.ERROR) + (report.count(Severity.WARNING) if run.strict else 0)
    return _Outcome(FINDINGS if bad else FINE, report)
