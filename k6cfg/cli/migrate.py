"""``k6cfg migrate``: the file, its place and its mode, from an older k6 to a newer one."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from k6cfg.cli.applying import Manner, apply
from k6cfg.cli.exits import COULD_NOT, FINDINGS, FINE, NOT_DURABLE
from k6cfg.cli.situation import ConfigOption, DiffOption, Format, InPlaceOption, NoBackupOption, Situation, YesOption
from k6cfg.cli.terminal import complain, out, painter_for, say
from k6cfg.engine import Checked, check
from k6cfg.files import FileError, Kind, Snapshot, absent, read
from k6cfg.migrating import Migration, migrate
from k6cfg.places import default, present
from k6cfg.places.choice import SHORT_RULE, legacy_path
from k6cfg.versions import Version

_OTHERS: Final = 0o077
_YAML: Final = (".yml", ".yaml")


def command(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="The file to carry over; none: the one of k6's own place.")
    ] = None,
    config: ConfigOption = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="X.Y.Z|auto", help="The k6 it is to be for; auto is the k6 on PATH, else the newest."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="X.Y.Z", help="The k6 it was written for, where the file itself cannot tell."),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when there is something to do.")
    ] = False,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
    output_format: Annotated[Format, typer.Option("--output-format", help="How it is reported.")] = Format.TEXT,
) -> None:
    """Carry the config.json from an older k6 to a newer one: its keys, its place, its mode."""
    if file is not None and config is not None:
        raise typer.BadParameter("name the file once: as an argument or with --config")
    situation = _situation(to)
    run = _Run(
        situation=situation,
        source=_version(source),
        check_only=check_only,
        manner=Manner(diff_only=diff, yes=yes, in_place=in_place),
        backup=not no_backup,
        output_format=output_format,
    )
    try:
        code = _migrate(run, file if file is not None else config)
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
    output_format: Format


class _Way(NamedTuple):
    """What is read and where it goes: the same file, unless it moves. ``data`` are the bytes to carry over."""

    start: Snapshot
    end: Snapshot
    data: bytes

    @property
    def moves(self) -> bool:
        return self.start is not self.end


def _situation(to: str | None) -> Situation:
    try:
        return Situation(to)
    except typer.BadParameter as error:
        raise typer.BadParameter(str(error).replace("--k6-version", "--to")) from None


def _version(text: str | None) -> Version | None:
    if text is None:
        return None
    try:
        return Version.parse(text)
    except ValueError:
        raise typer.BadParameter("--from wants a version such as 0.29.0") from None


def _migrate(run: _Run, named: str | None) -> int:
    way = _way(run, named)
    if way is None:
        return FINE
    plan = migrate(way.data, run.situation.schema, run.source)
    shown = run.situation.shown(way.start.path)
    pending = way.moves or plan.changed or _loose(way, plan.final)
    if run.output_format is Format.JSON:
        from k6cfg.report.migration import Paths, render_json

        paths = Paths(str(way.start.path), str(way.end.path))
        out(render_json(plan, run.situation.k6.judged_as, run.source, paths, pending=pending) + "\n")
    if plan.refused is not None:
        complain(f"{shown} is no JSON, and was not repaired: {plan.refused}", "k6cfg validate shows what is wrong")
        return COULD_NOT
    if run.output_format is Format.TEXT:
        _report(run, plan, way)
    refused = not (plan.final.accepted_run and plan.final.accepted_cloud)
    if not pending or run.check_only:
        if not pending:
            say(f"{shown}: nothing to change for k6 {run.situation.k6.version}")
        return FINDINGS if pending or refused else FINE
    store = run.situation.store(wanted=run.backup)
    before = None if way.moves else plan.start
    code = apply(run.situation, way.end, before, plan.final, run.manner, store, lambda: _values(plan))
    if run.manner.diff_only:
        return FINDINGS
    if code in {FINE, NOT_DURABLE} and way.moves:
        say(f"{shown} is still there; take it away when you have seen that all is well")
    return max(code, FINDINGS) if refused else code


def _report(run: _Run, plan: Migration, way: _Way) -> None:
    from k6cfg.report.migration import done, left

    brush = painter_for(sys.stderr)
    start, end = run.situation.shown(way.start.path), run.situation.shown(way.end.path)
    for line in done(plan, start, brush):
        say(line)
    if way.moves:
        version = run.situation.k6.version
        say(f"{brush.paint('change', 'green')} {start}: k6 {version} looks for {end}: it is copied there [place]")
    if _loose(way, plan.final):
        why = "others can read it, and it holds a secret: only you shall (mode 0600)"
        say(f"{brush.paint('change', 'green')} {end}: {why} [mode]")
    for line in left(plan, end, brush):
        say(line)


def _values(plan: Migration) -> None:
    from k6cfg.report.changes import value_changes

    for line in value_changes(plan.start, plan.final):
        say(line)


def _loose(way: _Way, final: Checked) -> bool:
    """Whether others may read a file that holds a secret, on a system where the mode says so."""
    return os.name == "posix" and not way.moves and bool(final.secrets) and bool(way.end.mode & _OTHERS)


# -- the place --------------------------------------------------------------------------------------------------------


def _way(run: _Run, named: str | None) -> _Way | None:
    """What is to be carried over, and where to; None where there is nothing."""
    if named is not None:
        return _yaml(Path(named)) if named.lower().endswith(_YAML) else _same(read(Path(named)))
    situation = run.situation
    place = situation.place(None)
    if place.problem is not None:
        raise FileError(Kind.MISSING, place.problem, place.remedy)
    if place.source != "default":
        return _same(read(Path(place.path)))
    version = situation.k6.version
    new = default(version, system=situation.system, environ=situation.environ).path
    old = legacy_path(version, system=situation.system, environ=situation.environ)
    if version < SHORT_RULE or not present(old):
        if not present(place.path):
            say(f"{situation.shown(place.path)}: no such file, so there is nothing to carry over")
            return None
        return _same(read(Path(place.path)))
    if not present(new):
        start = read(Path(old))
        return _Way(start, absent(Path(new)), start.data)
    _compare(run, Path(old), Path(new))
    return _same(read(Path(new)))


def _same(snapshot: Snapshot) -> _Way:
    return _Way(snapshot, snapshot, snapshot.data)


def _yaml(path: Path) -> _Way:
    """The file of k6 0.16 and 0.17; the new one goes beside it."""
    from k6cfg.migrations.yaml_config import converted

    start = read(path)
    text = converted(start.data.decode("utf-8", "replace"))
    if text is None:
        help_ = "k6 0.16 and 0.17 knew collectors.influxdb.default_url alone; write the rest as JSON by hand"
        raise FileError(
            Kind.NOT_REGULAR, f"{path.name} holds something else than the one setting that k6 ever read", help_
        )
    return _Way(start, absent(path.with_name("config.json")), text.encode())


def _compare(run: _Run, old: Path, new: Path) -> None:
    """Both exist: the new one counts, neither is lost, and a person hears what is different."""
    situation = run.situation
    before, after = (check(read(path).data, situation.schema, intent=False) for path in (old, new))
    if before.data == after.data:
        say(f"{situation.shown(old)} is still there, the same as {situation.shown(new)}; k6 reads the new one alone")
        return
    say(f"{situation.shown(old)} is still there, and differs; k6 {situation.k6.version} reads {situation.shown(new)}:")
    from k6cfg.report.changes import value_changes

    for line in value_changes(before, after):
        say(line)
    say(f"  help: {situation.command('diff', old)} shows it all; what you miss, take over with k6cfg set")
