"""``k6cfg show``: the file without its secrets; with ``--effective`` what k6 will run with."""

import json
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from k6cfg.cli.context import STANDARD_INPUT, ConfigOption, Format, Situation, VersionOption
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, FINDINGS, FINE
from k6cfg.cli.stdin import SHOWN, standard_input
from k6cfg.cli.terminal import complain, out, painter_for, say
from k6cfg.k6 import file_kind
from k6cfg.machine.files import FileError, Kind, read_text
from k6cfg.machine.files.contents import format_of
from k6cfg.machine.paths import quoted
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import visible


class _Text(NamedTuple):
    """A file that is to be shown: its bytes, None for a default file that is not there."""

    path: str
    shown: str
    data: bytes | None


def command(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Files to show, - for standard input; none: the file that k6 reads."),
    ] = None,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    effective: Annotated[
        bool, typer.Option("--effective", help="What k6 will run with, and which layer each value comes from.")
    ] = False,
    script_options: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="With --effective: the script's options, as k6 inspect prints them."),
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show secrets too; on a terminal only.")] = False,
    output_format: Annotated[Format, typer.Option("--output-format", help="How it is printed.")] = Format.TEXT,
) -> None:
    """Show the config.json without its secrets, or what k6 will run with."""
    if files and config is not None:
        raise typer.BadParameter("name the file once: as an argument or with --config")
    if script_options is not None and not effective:
        raise typer.BadParameter("--script-options goes with --effective")
    if reveal and effective:
        raise typer.BadParameter("--reveal shows the file alone, without --effective")
    situation = Situation(k6_version)
    if reveal and not _on_terminal():
        complain("secrets are shown on a terminal only, and this output goes elsewhere", "leave out --reveal")
        raise typer.Exit(DECLINED)
    code, found = _texts(situation, files, config)
    script = _script(situation, script_options) if script_options is not None else None
    if effective:
        code = max(code, _effective(situation, found, script, output_format))
    else:
        _plain(situation, found, output_format, reveal=reveal)
    raise typer.Exit(code)


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def _texts(situation: Situation, files: list[str] | None, config: str | None) -> tuple[int, list[_Text]]:
    if files:
        named = [(name, False) for name in files]
    else:
        place = situation.place(config)
        if place.problem is not None:
            complain(place.problem, place.remedy)
            return COULD_NOT, []
        if place.warning is not None:
            say(f"k6 warns at every run: {place.warning}")
        situation.say_what_is_ignored(place, "show")
        named = [(place.path, place.may_be_missing)]
    code, found = FINE, []
    for name, may_be_missing in named:
        text = _text(situation, name, may_be_missing=may_be_missing, standard=bool(files))
        if text is None:
            code = COULD_NOT
        else:
            found.append(text)
    return code, found


def _text(situation: Situation, name: str, *, may_be_missing: bool, standard: bool) -> _Text | None:
    if name == STANDARD_INPUT and standard:
        try:
            return _Text(name, SHOWN, standard_input())
        except FileError as error:
            complain(error.message, error.help)
            return None
    try:
        return _Text(name, situation.shown(name), read_text(Path(name)).data)
    except FileError as error:
        if may_be_missing and error.kind is Kind.MISSING:
            return _Text(name, situation.shown(name), None)
        complain(error.message, error.help)
        return None


def _script(situation: Situation, name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            return standard_input()
        snapshot = read_text(Path(name))
    except FileError as error:
        complain(error.message, error.help)
        raise typer.Exit(COULD_NOT) from None
    found = format_of(snapshot)
    if found.kind is file_kind.Kind.CONFIG:
        return snapshot.data
    is_script = found.kind is file_kind.Kind.SCRIPT
    complain(
        f"{situation.shown(name)} is {found.what}, not the options that k6 inspect prints",
        f"k6 inspect {quoted(name)} > options.json" if is_script else "name the file that k6 inspect has printed",
    )
    raise typer.Exit(COULD_NOT)


# -- the file ---------------------------------------------------------------------------------------------------------


def _plain(situation: Situation, found: list[_Text], form: Format, *, reveal: bool) -> None:
    texts = [(text, _masked(situation, text.data, reveal=reveal)) for text in found]
    if form is Format.JSON:
        files = [{"path": text.path, "exists": text.data is not None, "text": shown} for text, shown in texts]
        out(
            json.dumps({"format_version": FORMAT_VERSION, "k6_version": str(situation.k6.judged_as), "files": files})
            + "\n"
        )
        return
    for text, shown in texts:
        if shown is None:
            say(f"{text.shown}: no such file, and none is needed: k6 runs with its defaults")
            continue
        if len(texts) > 1:
            say(f"{text.shown}:")
        out(visible(shown) if _on_terminal() else shown)
        if not shown.endswith("\n"):
            out("\n")


def _masked(situation: Situation, data: bytes | None, *, reveal: bool) -> str | None:
    if data is None:
        return None
    from k6cfg.k6.secrets import Mask, secrets
    from k6cfg.text.encoding import decode
    from k6cfg.text.parser import parse

    decoded = decode(data)
    if reveal:
        return decoded.text
    document = parse(decoded.text, decoded.encoding)
    return Mask(document.text, secrets(document, situation.schema)).shown(0, len(document.text))


# -- what k6 runs with ------------------------------------------------------------------------------------------------


def _effective(situation: Situation, found: list[_Text], script: bytes | None, form: Format) -> int:
    from k6cfg.engine.effective import outcome
    from k6cfg.report.effective import EffectiveFile, render, render_json

    files = []
    for text in found:
        if text.data is None:
            say(f"{text.shown}: no such file, and none is needed: k6 runs with its defaults")
        made = outcome(text.data, situation.schema, situation.environ, script)
        files.append(EffectiveFile(text.path, text.shown, made))
    if form is Format.JSON:
        out(render_json(files, situation.schema, situation.k6.judged_as) + "\n")
    else:
        why = f"as k6 {situation.k6.judged_as} puts it together: {situation.k6.why}"
        out(render(files, situation.schema, painter_for(sys.stdout), why))
    return FINDINGS if any(file.outcome.effective is None for file in files) else FINE
