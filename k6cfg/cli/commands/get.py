"""``k6cfg get``: one value, as k6 reads it."""

import sys
from typing import Annotated

import typer

from k6cfg.cli.context import ConfigOption, Format, Situation, VersionOption
from k6cfg.cli.edit import data_of, snapshot_of
from k6cfg.cli.exit_codes import COULD_NOT, FINDINGS, FINE, USAGE
from k6cfg.cli.key_argument import KeyArgument, harmless, key_of, meant, named
from k6cfg.cli.terminal import complain, out, say
from k6cfg.engine import check
from k6cfg.engine.edit.key_path import Key
from k6cfg.engine.edit.read_value import look, misspelt
from k6cfg.k6.display import Seen, as_json, holds_secret, shown, written
from k6cfg.machine.files import LARGEST_READ, FileError, require_config
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import visible, visible_json
from k6cfg.text.location import pointer


def command(
    key: KeyArgument,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    output_format: Annotated[
        Format, typer.Option("--output-format", help="text: a text without quotes, all else as JSON.")
    ] = Format.TEXT,
    reveal: Annotated[bool, typer.Option("--reveal", help="Print a secret instead of ***.")] = False,
) -> None:
    """Print one value of the config.json that k6 reads; exit 1 when it is not set."""
    situation = Situation(k6_version)
    try:
        raise typer.Exit(_get(situation, key, config, output_format, reveal=reveal))
    except FileError as error:
        complain(error.message, error.help)
        raise typer.Exit(COULD_NOT) from None


def _get(situation: Situation, typed_key: str, config: str | None, form: Format, *, reveal: bool) -> int:
    snapshot = snapshot_of(situation, config, limit=LARGEST_READ)
    if isinstance(snapshot, int):
        return snapshot
    name = situation.shown(snapshot.path)
    if not snapshot.exists and config is not None:
        complain(f"{name} does not exist", "check the name, or leave out -c for the file that k6 reads")
        return COULD_NOT
    data = data_of(snapshot)
    checked = check(data if data is not None else b"{}", situation.schema, intent=False)
    if checked.reading is None:
        require_config(snapshot)
        command = situation.command("validate", snapshot.path)
        complain(f"{name} is no JSON, so k6 reads nothing from it", f"{command} shows what is wrong with it")
        return COULD_NOT
    key = key_of(typed_key, situation.schema, checked.document)
    looked = look(checked, checked.reading, key)
    found = looked.value if looked is not None else None
    if looked is not None and looked.overlooked:
        say(f"note: k6 does not read {named(key.route)}; it is in the file all the same")
    if found is None and misspelt(situation.schema, key):
        complain(f"k6 knows no key {named(key.route)}, and it is not in {name}", meant(situation.schema, key))
        return USAGE
    if found is None:
        say(f"{named(key.route)} is not set in {name}" + ("" if snapshot.exists else ", which does not exist"))
    if form is Format.JSON:
        out(_json(situation, str(snapshot.path), key, found, reveal=reveal) + "\n")
    elif found is not None:
        out(_text(written(found) if reveal else shown(found)) + "\n")
    if found is not None and holds_secret(found) and not reveal:
        say("note: a secret is shown as ***; --reveal prints it")
    return FINE if found is not None else FINDINGS


def _text(value: object) -> str:
    """A text as it is, for a terminal with escapes; all else as JSON."""
    if isinstance(value, str):
        return visible(value) if sys.stdout.isatty() else value
    return visible_json(as_json(value, ensure_ascii=False))


def _json(situation: Situation, path: str, key: Key, found: "Seen | None", *, reveal: bool) -> str:
    content: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(situation.k6.version),
        "path": path,
        "pointer": pointer(harmless(str(part)) for part in key.route),
        "set": found is not None,
        "value": None if found is None else written(found) if reveal else shown(found),
        "masked": found is not None and holds_secret(found) and not reveal,
    }
    return as_json(content)
