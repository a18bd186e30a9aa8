"""``k6cfg migrate``: the file, its place and its mode, from an older k6 to a newer one."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from k6cfg.cli.context import (
    STANDARD_INPUT,
    AllowRejectedOption,
    ConfigOption,
    DiffOption,
    Format,
    InPlaceOption,
    NoBackupOption,
    Situation,
    YesOption,
)
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, FINDINGS, FINE, NOT_DURABLE
from k6cfg.cli.migration_paths import Way, is_read, way
from k6cfg.cli.stdin import standard_input
from k6cfg.cli.terminal import complain, interactive, out, out_bytes, painter_for, say
from k6cfg.cli.write import apply, show_diff
from k6cfg.cli.write_options import Manner
from k6cfg.engine import Checked
from k6cfg.engine.migration import Migration, migrate, new_options
from k6cfg.machine.files import LARGEST_WRITE, FileError
from k6cfg.machine.files.privacy import close_to_others, open_to_others
from k6cfg.machine.paths.config_path import SHORT
from k6cfg.schema.versions import Version, named

_OTHERS: Final = 0o077


def command(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]", help="The file to carry over, - for a filter; none: the one in k6's own place."
        ),
    ] = None,
    config: ConfigOption = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="X.Y.Z|auto|latest",
            help="The k6 version to migrate to, also X.Y or X; auto is the k6 on PATH, else latest.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="X.Y.Z",
            help="The k6 version that the file worked with; what it ignored or read differently is then reported.",
        ),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when there is something to do.")
    ] = False,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
    allow_rejected: AllowRejectedOption = False,
    output_format: Annotated[Format, typer.Option("--output-format", help="How it is reported.")] = Format.TEXT,
) -> None:
    """Carry the config.json from an older k6 to a newer one: its keys, its place, its mode."""
    if file is not None and config is not None:
        raise typer.BadParameter("name the file once: as an argument or with --config")
    situation = _situation(to)
    for_programs = output_format is Format.JSON
    run = _Run(
        situation=situation,
        source=_source(source, situation.k6.version),
        check_only=check_only,
        manner=Manner(diff_only=diff, yes=yes, in_place=in_place, report_on_stdout=for_programs),
        backup=not no_backup,
        allow_rejected=allow_rejected,
        for_programs=for_programs,
    )
    try:
        code = _filtered(run) if file == STANDARD_INPUT else _migrate(run, file if file is not None else config)
    except FileError as error:
        complain(error.message, error.help)
        code = COULD_NOT
    raise typer.Exit(code)


class _Run(NamedTuple):
    situation: Situation
    source: Version | None
    check_only: bool
    manner: Manner
    backup: bool
    allow_rejected: bool
    for_programs: bool


def _situation(to: str | None) -> Situation:
    try:
        return Situation(to)
    except typer.BadParameter as error:
        raise typer.BadParameter(str(error).replace("--k6-version", "--to")) from None


def _source(text: str | None, target: Version) -> Version | None:
    if text is None:
        return None
    try:
        source = named(text)
    except ValueError:
        raise typer.BadParameter("--from wants a version such as 0.29.0") from None
    if source > target:
        raise typer.BadParameter(f"--from {source} is newer than the k6 that the file is to be for, {target}")
    return source


def _migrate(run: _Run, named: str | None) -> int:
    carried = way(run.situation, named)
    if carried is None:
        if run.for_programs:
            nowhere = run.situation.place(None).path
            _print_json(run, migrate(b"{}", run.situation.schema, run.source), nowhere, nowhere, pending=False)
        return FINE
    plan = migrate(carried.data, run.situation.schema, run.source)
    shown = run.situation.shown(carried.start.path)
    folder = _loose_folder(carried, plan.final)
    pending = carried.moves or plan.changed or _loose(carried, plan.final) or folder is not None
    if run.for_programs:
        _print_json(run, plan, str(carried.start.path), str(carried.end.path), pending=pending)
    if plan.refused is not None:
        return _not_repaired(shown, plan.refused, run.situation.command("validate", carried.start.path))
    if not run.for_programs:
        _report(run, plan, carried)
    refused = _refused(plan)
    if not pending or run.check_only:
        if not pending:
            say(f"{shown}: {_nothing_to_do(run, plan)}")
        return FINDINGS if pending or refused else FINE
    if _is_worse(run, carried, plan) and not _is_allowed(run, carried):
        return DECLINED
    code = _written(run, carried, plan, folder)
    if refused and code in {FINE, NOT_DURABLE}:
        end = run.situation.shown(carried.end.path)
        complain(f"k6 {run.situation.k6.version} rejects {end}: every run fails until the items above are resolved")
    return max(code, FINDINGS) if refused else code


def _is_worse(run: _Run, carried: Way, plan: Migration) -> bool:
    """Whether k6 accepts what it reads today, no file at all included, and would reject the result."""
    today = plan.start
    if carried.moves and not is_read(carried.start.path, run.situation):
        return _refused(plan)
    run_fails = today.accepted_run and not plan.final.accepted_run
    return run_fails or (today.accepted_cloud and not plan.final.accepted_cloud)


def _is_allowed(run: _Run, carried: Way) -> bool:
    """Whether a file that k6 rejects may be written: by the option, or by the answer that a person will give."""
    version, end = run.situation.k6.version, run.situation.shown(carried.end.path)
    if run.allow_rejected or run.manner.diff_only:
        return True
    if not run.manner.yes and interactive():
        complain(f"k6 {version} accepts today's configuration and would reject {end}: every run would then fail")
        return True
    complain(
        f"nothing was written: k6 {version} accepts today's configuration and would reject {end}",
        f"resolve the items above in {run.situation.shown(carried.start.path)} first, or add --allow-rejected",
    )
    return False


def _written(run: _Run, carried: Way, plan: Migration, folder: Path | None) -> int:
    """Show, ask, write, and close the folder; the exit code."""
    store = run.situation.store(wanted=run.backup)
    before = None if carried.moves else plan.start
    code = apply(run.situation, carried.end, before, plan.final, run.manner, store, lambda: _values(plan))
    if run.manner.diff_only:
        return FINDINGS
    if code in {FINE, NOT_DURABLE}:
        if folder is not None:
            close_to_others(folder)
        if carried.moves:
            name = run.situation.shown(carried.start.path)
            say(f"{name} is still there; take it away when you have seen that all is well")
    return code


def _filtered(run: _Run) -> int:
    """Standard input carried over to standard output; everything else goes to stderr, and nothing is asked."""
    data = standard_input(limit=LARGEST_WRITE)
    plan = migrate(data, run.situation.schema, run.source)
    if run.for_programs:
        _print_json(run, plan, STANDARD_INPUT, STANDARD_INPUT, pending=plan.changed)
    elif not run.check_only and not run.manner.diff_only:
        out_bytes(plan.final.data)
    if plan.refused is not None:
        return _not_repaired(_STDIN_SHOWN, plan.refused, f"k6cfg validate {STANDARD_INPUT}")
    if not run.for_programs:
        _say_changes(plan, _STDIN_SHOWN)
        _say_decisions(plan, _STDIN_SHOWN)
    if run.manner.diff_only:
        show_diff(plan.start, plan.final, _STDIN_SHOWN, run.manner)
    to_do = plan.changed and (run.check_only or run.manner.diff_only)
    return FINDINGS if to_do or _refused(plan) else FINE


_STDIN_SHOWN: Final = "<standard input>"


def _not_repaired(shown: str, why: str, validate: str) -> int:
    complain(f"{shown} is no JSON, and was not repaired: {why}", f"{validate} shows what is wrong")
    return COULD_NOT


def _refused(plan: Migration) -> bool:
    return not (plan.final.accepted_run and plan.final.accepted_cloud)


def _nothing_to_do(run: _Run, plan: Migration) -> str:
    version = run.situation.k6.version
    if _refused(plan):
        return f"nothing to change automatically for k6 {version}"
    return f"nothing to change for k6 {version}"


def _print_json(run: _Run, plan: Migration, start: str, end: str, *, pending: bool) -> None:
    from k6cfg.report.migration import Paths, render_json

    out(render_json(plan, run.situation.k6.version, run.source, Paths(start, end), pending=pending) + "\n")


def _report(run: _Run, plan: Migration, carried: Way) -> None:
    brush = painter_for(sys.stderr)
    start, end = run.situation.shown(carried.start.path), run.situation.shown(carried.end.path)
    _say_changes(plan, start)
    if carried.moves:
        version = run.situation.k6.version
        say(f"{brush.paint('change', 'green')} {start}: k6 {version} looks for {end}: it is copied there [place]")
        alive = new_options(plan.final) if not is_read(carried.start.path, run.situation) else ()
        if alive:
            say(
                f"{brush.paint('note', 'cyan')} k6 {version} ignores {start} today; from now on every test uses what it"
                f" sets: {', '.join(alive)}"
            )
    if _loose(carried, plan.final):
        why = "others can read it, and it holds a secret: only you shall (mode 0600)"
        say(f"{brush.paint('change', 'green')} {end}: {why} [mode]")
    if (folder := _loose_folder(carried, plan.final)) is not None:
        why = "others can look into k6's folder: only you shall, as k6 2.1.0 and newer have it (mode 0700)"
        say(f"{brush.paint('change', 'green')} {run.situation.shown(folder)}: {why} [mode]")
    _say_decisions(plan, end)


def _say_changes(plan: Migration, shown: str) -> None:
    from k6cfg.report.migration import done

    for line in done(plan, shown, painter_for(sys.stderr)):
        say(line)


def _say_decisions(plan: Migration, shown: str) -> None:
    from k6cfg.report.migration import left

    for line in left(plan, shown, painter_for(sys.stderr)):
        say(line)


def _values(plan: Migration) -> None:
    from k6cfg.report.value_diff import value_changes

    for line in value_changes(plan.start, plan.final):
        say(line)


def _loose(carried: Way, final: Checked) -> bool:
    """Whether others may read a file that holds a secret, on a system where the mode says so."""
    return os.name == "posix" and not carried.moves and bool(final.secrets) and bool(carried.end.mode & _OTHERS)


def _loose_folder(carried: Way, final: Checked) -> Path | None:
    """k6's own folder, where a file with a secret is to lie in it and others may look into it."""
    folder = carried.end.path.parent
    own = folder.name == SHORT[0]
    return folder if own and final.secrets and open_to_others(folder) else None
