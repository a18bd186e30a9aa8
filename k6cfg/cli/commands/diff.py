"""``k6cfg diff``: what differs between two files, as k6 reads them and as text."""

import enum
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from k6cfg.cli.context import STANDARD_INPUT, ConfigOption, Situation, VersionOption
from k6cfg.cli.exit_codes import COULD_NOT, FINDINGS, FINE
from k6cfg.cli.stdin import SHOWN, standard_input
from k6cfg.cli.terminal import complain, out, paint_diff, painter_for, say
from k6cfg.engine import Checked, check
from k6cfg.engine.diff import Change, Side, text_diff
from k6cfg.machine.files import FileError, Kind, read_text
from k6cfg.report import FORMAT_VERSION


class Format(str, enum.Enum):
    """How the differences are printed."""

    TEXT = "text"
    JSON = "json"
    PATCH = "json-patch"


def command(
    first: Annotated[str, typer.Argument(metavar="A", help="The file before; - is standard input.")],
    second: Annotated[
        str | None, typer.Argument(metavar="[B]", help="The file after; none: the one that k6 reads.")
    ] = None,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    output_format: Annotated[
        Format, typer.Option("--output-format", help="json-patch: RFC 6902, without changes of secrets.")
    ] = Format.TEXT,
) -> None:
    """Show what differs between two files as k6 reads them, and as text; exit 1 when k6 reads them differently."""
    if second is not None and config is not None:
        raise typer.BadParameter("name two files: A and B, or A and --config")
    if first == second == STANDARD_INPUT:
        raise typer.BadParameter("only one of the two can be standard input")
    situation = Situation(k6_version)
    try:
        place = situation.place(config)
        if second is None and place.problem is not None:
            complain(place.problem, "unset K6_CONFIG, or name a second file")
            raise typer.Exit(COULD_NOT)
        before = _side(situation, first, must_exist=True)
        named = second is not None or config is not None or bool(situation.environ.get("K6_CONFIG"))
        after = _side(situation, place.path if second is None else second, must_exist=named)
    except FileError as error:
        complain(error.message, error.help)
        raise typer.Exit(COULD_NOT) from None
    raise typer.Exit(_diff(situation, before, after, output_format))


class _File(NamedTuple):
    """One of the two; ``checked`` is None for a default file that is not there."""

    path: str
    shown: str
    checked: Checked | None

    @property
    def text(self) -> Side:
        return Side(self.checked.document.text, self.checked.secrets) if self.checked is not None else Side("", ())


def _side(situation: Situation, name: str, *, must_exist: bool) -> _File:
    if name == STANDARD_INPUT:
        return _File(name, SHOWN, check(standard_input(), situation.schema, intent=False))
    shown = situation.shown(name)
    try:
        data = read_text(Path(name)).data
    except FileError as error:
        if must_exist or error.kind is not Kind.MISSING:
            raise
        say(f"note: {shown} does not exist; k6 {situation.k6.version} runs with its defaults")
        return _File(name, shown, None)
    return _File(name, shown, check(data, situation.schema, intent=False))


def _diff(situation: Situation, before: _File, after: _File, form: Format) -> int:
    from k6cfg.report.value_diff import between

    broken = [each for each in (before, after) if each.checked is not None and not each.checked.well_formed]
    for each in broken:
        say(f"note: {each.shown} is no JSON, so k6 reads no values from it; only the texts can be compared")
    found = None if broken else between(before.checked, after.checked)
    if form is Format.PATCH:
        return _patch(before, after)
    text = text_diff(before.text, after.text, before.shown, after.shown)
    if form is Format.JSON:
        _print_json(situation, before, after, found, text)
    else:
        _print_text(situation, before, after, found, text)
    return FINDINGS if (found is None and text) or found else FINE


def _print_text(situation: Situation, before: _File, after: _File, found: tuple[Change, ...] | None, text: str) -> None:
    from k6cfg.report.value_diff import lines

    if found:
        count = f"{len(found)} value{'s' if len(found) > 1 else ''}"
        out(f"k6 {situation.k6.version} reads {count} differently in {after.shown} than in {before.shown}:\n")
        out("".join(f"{line}\n" for line in lines(found)))
    elif found is not None:
        out(f"k6 {situation.k6.version} reads the same from both" + (", though the texts differ:\n" if text else "\n"))
    if text:
        out(("\n" if found else "") + paint_diff(text, painter_for(sys.stdout)))
    elif found is None:
        out("the texts are the same\n")


def _print_json(situation: Situation, before: _File, after: _File, found: tuple[Change, ...] | None, text: str) -> None:
    from k6cfg.k6.display import as_json
    from k6cfg.report.value_diff import as_data

    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(situation.k6.version),
        "before": before.path,
        "after": after.path,
        "changes": None if found is None else as_data(found),
        "text_diff": text,
    }
    out(as_json(content) + "\n")


def _patch(before: _File, after: _File) -> int:
    from k6cfg.k6.display import as_json
    from k6cfg.report.value_diff import as_patch

    patch = as_patch(before.checked, after.checked)
    if patch is None:
        complain("there is no patch from or to a text that is no JSON", "k6cfg validate FILE shows what is wrong")
        return COULD_NOT
    out(as_json(patch.operations) + "\n")
    if patch.withheld:
        withheld = (
            "1 change with a secret in it stays"
            if patch.withheld == 1
            else f"{patch.withheld} changes with secrets in them stay"
        )
        say(f"note: {withheld} out of the patch; the file itself has to be copied for that")
    return FINDINGS if patch.operations or patch.withheld else FINE
