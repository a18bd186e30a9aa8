"""``k6cfg doctor``: why k6 does not do what the file says, and what mends it."""

import os
import sys
from typing import Annotated

import typer

from k6cfg.cli.exits import FINDINGS, FINE
from k6cfg.cli.situation import ConfigOption, Format, VersionOption
from k6cfg.cli.terminal import out, painter_for
from k6cfg.doctor import CHECKS, Level, Machine, Result, examine


def command(
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    only: Annotated[list[str] | None, typer.Option(metavar="ID", help="Ask this alone; may be repeated.")] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="ID", help="Do not ask this; may be repeated.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings, and checks that failed, count as errors for the exit code.")
    ] = False,
    output_format: Annotated[Format, typer.Option("--output-format", help="How results are printed.")] = Format.TEXT,
) -> None:
    """Examine this machine's k6 configuration, and say what mends what is wrong."""
    machine = Machine(environ=os.environ, config_option=config, version_option=k6_version)
    try:
        chosen = machine.k6
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    results = examine(machine, _ids("--only", only), _ids("--skip", skip))
    if output_format is Format.JSON:
        from k6cfg.report.doctor import render_json

        out(render_json(results, chosen.version) + "\n")
    else:
        from k6cfg.report.doctor import render

        why = f"examined for k6 {chosen.version}: {chosen.why}"
        out(render(results, painter_for(sys.stdout), why))
    raise typer.Exit(_code(results, strict=strict))


def _code(results: tuple[Result, ...], *, strict: bool) -> int:
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
