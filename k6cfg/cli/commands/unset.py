"""``k6cfg unset``: one value out of the file, and nothing else changed."""

from collections.abc import Sequence

import typer

from k6cfg.cli.context import (
    AllowRejectedOption,
    ConfigOption,
    DiffOption,
    InPlaceOption,
    NoBackupOption,
    Situation,
    VersionOption,
    YesOption,
)
from k6cfg.cli.edit import UNTOUCHED, data_of, file_to_change, refused, tell_other_faults, tell_overridden, write_change
from k6cfg.cli.exit_codes import COULD_NOT, FINDINGS, FINE, USAGE
from k6cfg.cli.key_argument import KeysArgument, key_of, meant, named
from k6cfg.cli.terminal import complain, say
from k6cfg.cli.write_options import Manner
from k6cfg.engine.edit import Refusal, drop, find, new_findings, opened, refused_for
from k6cfg.engine.edit.read_value import misspelt
from k6cfg.machine.files import FileError


def command(
    key: KeysArgument,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
    allow_rejected: AllowRejectedOption = False,
) -> None:
    """Remove values from the config.json that k6 reads, so that k6 uses its defaults."""
    situation = Situation(k6_version)
    manner = Manner(diff_only=diff, yes=yes, told=True, in_place=in_place)
    try:
        raise typer.Exit(_unset(situation, key, config, manner, backup=not no_backup, allow_rejected=allow_rejected))
    except FileError as error:
        complain(error.message, error.help)
        raise typer.Exit(COULD_NOT) from None


def _unset(
    situation: Situation,
    typed_keys: Sequence[str],
    config: str | None,
    manner: Manner,
    *,
    backup: bool,
    allow_rejected: bool,
) -> int:
    snapshot = file_to_change(situation, config)
    if isinstance(snapshot, int):
        return snapshot
    name = situation.shown(snapshot.path)
    schema = situation.schema
    routes = []
    try:
        start = opened(data_of(snapshot), schema, intent=True)
        for typed_key in typed_keys:
            key = key_of(typed_key, schema, start.base.document)
            if not key.route:
                raise typer.BadParameter("KEY names the whole file; name one value in it")
            if find(start.base.document, schema, key.route).matched == len(key.route):
                routes.append(key.route)
            elif misspelt(schema, key):
                complain(f"k6 knows no key {named(key.route)}, and it is not in {name}", meant(schema, key))
                return USAGE
            else:
                say(f"{named(key.route)} is not set in {name}; nothing to do")
        if not routes:
            return FINE
        change = drop(start, schema, routes, intent=True)
    except Refusal as error:
        return refused(situation, snapshot, error)
    findings = tuple(new_findings(change))
    errors = refused_for(change, schema, ())
    if errors and not allow_rejected:
        complain(
            f"nothing was written: without {', '.join(map(named, routes))} k6 {situation.k6.version} would reject the"
            f" file: {errors[0].message.partition('; k6 refuses')[0]}",
            f"{errors[0].help or 'set another value instead'}; or add --allow-rejected",
        )
        return FINDINGS

    code = write_change(
        situation,
        snapshot,
        change,
        manner,
        backup=backup,
        remarks=lambda: tell_other_faults(situation, snapshot, change, findings),
    )
    if code not in UNTOUCHED:
        tell_overridden(situation, routes)
    return code
