"""``k6cfg doctor``: why k6 does not do what the file says, and what mends it."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from k6cfg.cli.context import ConfigOption, DiffOption, Format, InPlaceOption, NoBackupOption, VersionOption, YesOption
from k6cfg.cli.exit_codes import COULD_NOT, FINDINGS, FINE
from k6cfg.cli.terminal import out, painter_for
from k6cfg.doctor import CHECKS, Level, Machine, Result, examine
from k6cfg.machine.files import Kind

_LARGEST_UID: Final = 2**32 - 2


def command(
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    only: Annotated[list[str] | None, typer.Option(metavar="ID", help="Ask this alone; may be repeated.")] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="ID", help="Do not ask this; may be repeated.")] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe to mend, each after showing it.")] = False,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
    online: Annotated[bool, typer.Option("--online", help="Ask Grafana Cloud whether it takes the token.")] = False,
    as_uid: Annotated[
        int | None,
        typer.Option(
            "--as-uid",
            metavar="UID",
            min=0,
            max=_LARGEST_UID,
            help="Who will run k6: can that user read the file? 12345 is the user of the official image.",
        ),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Print all of it for an issue, without secrets and names.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings, and checks that failed, count as errors for the exit code.")
    ] = False,
    output_format: Annotated[Format, typer.Option("--output-format", help="How results are printed.")] = Format.TEXT,
) -> None:
    """Examine this machine's k6 configuration, and say what mends what is wrong."""
    fix = fix or diff
    if report and fix:
        raise typer.BadParameter("--report only looks; leave out --fix and --diff")
    if not fix and (yes or no_backup or in_place):
        raise typer.BadParameter("--yes, --no-backup and --in-place go with --fix")
    chosen, left_out = _ids("--only", only), _ids("--skip", skip)

    def machine(*, asking: bool) -> Machine:
        return Machine(
            environ=os.environ, config_option=config, version_option=k6_version, reader=as_uid, online=asking
        )

    first = machine(asking=online)
    try:
        _ = first.k6
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    code = FINE
    results: Sequence[Result] = examine(first, chosen, left_out)
    if fix:
        from k6cfg.cli.context import Situation
        from k6cfg.cli.doctor_fix import Way, mend_all
        from k6cfg.cli.write_options import Manner

        situation = Situation(k6_version)
        manner = Manner(diff, yes, in_place=in_place)
        way = Way(situation, manner, situation.store(wanted=not no_backup))
        found = results
        code, results = mend_all(way, found, lambda: examine(machine(asking=False), chosen, left_out))
        if online and results is not found:  # once, when all is mended, and not after each mend
            results = examine(machine(asking=True), chosen, left_out)
    _print(first, results, output_format, report=report)
    if first.failure is not None and first.failure.kind is Kind.NOT_TEXT:
        code = max(code, COULD_NOT)
    raise typer.Exit(max(code, _code(results, strict=strict)))


def _print(machine: Machine, results: Sequence[Result], output_format: Format, *, report: bool) -> None:
    version = machine.k6.version
    why = f"examined for k6 {version}: {machine.k6.why}"
    if report:
        from k6cfg.doctor.system_info import gather, names
        from k6cfg.report.support_bundle import bundle, bundle_json

        facts, known = gather(machine), names(machine)
        if output_format is Format.JSON:
            out(bundle_json(facts, results, known, version) + "\n")
        else:
            out(bundle(facts, results, known, why))
    elif output_format is Format.JSON:
        from k6cfg.report.doctor import render_json

        out(render_json(results, version) + "\n")
    else:
        from k6cfg.doctor.shell_commands import k6cfg
        from k6cfg.report.doctor import render

        out(render(results, painter_for(sys.stdout), why, k6cfg(machine, "doctor --fix")))


def _code(results: Sequence[Result], *, strict: bool) -> int:
    bad = {Level.ERROR, Level.WARNING, Level.COULD_NOT} if strict else {Level.ERROR}
    return FINDINGS if any(result.level in bad for result in results) else FINE


def _ids(option: str, given: list[str] | None) -> frozenset[str]:
    words = frozenset(word.strip() for many in given or () for word in many.split(","))
    known = sorted(check.id for check in CHECKS)
    for word in sorted(words):
        if word not in known:
            import difflib

            near = difflib.get_close_matches(word, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise typer.BadParameter(f"{option} knows no check of that name: {hint}")
    return words
