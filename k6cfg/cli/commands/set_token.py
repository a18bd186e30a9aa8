"""``k6cfg set-token``: the Grafana Cloud token into the file or out of it, and nothing else changed."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from k6cfg.cli.context import (
    ConfigOption,
    DiffOption,
    InPlaceOption,
    NoBackupOption,
    Situation,
    VersionOption,
    YesOption,
)
from k6cfg.cli.edit import (
    UNTOUCHED,
    data_of,
    file_to_change,
    kept_out_of_git,
    refused,
    tell_other_faults,
    tell_overridden,
    write_change,
)
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, FINDINGS, FINE, USAGE
from k6cfg.cli.secret_input import FromEnvOption, FromFileOption, Source, StdinOption, text_of, typed
from k6cfg.cli.terminal import complain, interactive, say
from k6cfg.cli.write_options import Manner
from k6cfg.engine import Checked
from k6cfg.engine.edit import Change, Refusal, Route, drop, find, opened, put
from k6cfg.k6.cloud import (
    CLOUD,
    LARGEST,
    LOGIN,
    STACK_ID,
    STACK_SINCE,
    STACK_URL,
    TOKEN,
    missing,
    project_route,
    stack_url,
    value_of,
    with_project,
)
from k6cfg.k6.cloud.token import cleaned, doubt_of, fault_of
from k6cfg.machine.files import FileError, Snapshot, refuse
from k6cfg.text.tree import Scalar


def command(
    token: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOKEN]", help="The token; shells and ps remember it, so better be asked or use an option."
        ),
    ] = None,
    stdin: StdinOption = False,
    from_env: FromEnvOption = None,
    from_file: FromFileOption = None,
    stack: Annotated[
        str | None, typer.Option("--stack", metavar="NAME|URL", help="The stack too: its name, host or URL.")
    ] = None,
    stack_id: Annotated[
        int | None,
        typer.Option("--stack-id", metavar="ID", min=1, max=LARGEST, help="The stack's number, which k6 2.0 wants."),
    ] = None,
    project_id: Annotated[
        int | None,
        typer.Option("--project-id", metavar="ID", min=1, max=LARGEST, help="The project that cloud tests belong to."),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Ask Grafana Cloud first whether the token is good, as k6's login does."),
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the token out of the file.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --remove: stack and default project too, as k6 cloud login --reset.")
    ] = False,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write even into a file that git tracks; verify even with a foreign host.")
    ] = False,
) -> None:
    """Put the Grafana Cloud token into the config.json that k6 reads, or take it out."""
    situation = Situation(k6_version)
    source = Source(token, stdin, from_env, from_file)
    settings = _settings(situation, stack, stack_id, project_id)
    manner = Manner(diff_only=diff, yes=yes, told=True, may_ask=not stdin, in_place=in_place)
    order = _Order(situation, manner, config, not no_backup, verify, force)
    if remove and (source.given or settings or verify):
        raise typer.BadParameter("--remove takes the token out; it goes with --all alone")
    if everything and not remove:
        raise typer.BadParameter("--all goes with --remove")
    try:
        code = _remove(order, LOGIN if everything else (TOKEN,)) if remove else _set(order, source, settings)
    except FileError as error:
        complain(error.message, error.help)
        code = COULD_NOT
    raise typer.Exit(code)


class _Order(NamedTuple):
    situation: Situation
    manner: Manner
    config: str | None
    backup: bool
    verify: bool
    force: bool


_Settings = tuple[tuple[Route, object], ...]


def _set(order: _Order, source: Source, settings: _Settings) -> int:
    situation, manner = order.situation, order.manner
    snapshot = file_to_change(situation, order.config)
    if isinstance(snapshot, int):
        return snapshot
    # Before anybody types a secret: can it go where it should?
    if not order.force and not manner.diff_only and kept_out_of_git(situation, snapshot, "the token"):
        return DECLINED
    if not source.given and not manner.diff_only:
        refuse(snapshot, len(snapshot.data))
    try:
        start = opened(data_of(snapshot), situation.schema)
    except Refusal as error:
        return refused(situation, snapshot, error)
    values = _values(order, source, settings, snapshot, start.base)
    return values if isinstance(values, int) else _write(order, snapshot, start, values)


def _values(order: _Order, source: Source, settings: _Settings, snapshot: Snapshot, base: Checked) -> _Settings | int:
    """Return what is to be written, or the exit code. Whether the token can be verified is known before it is asked."""
    stored = _stored(order, source, settings, base)
    if not order.verify:
        given = _token(source) if stored is None else None
        return given if isinstance(given, int) else settings if given is None else ((TOKEN, given), *settings)
    from k6cfg.cli.verify_token import server_for, verified

    if stored is not None and (fault := fault_of(stored)) is not None:
        complain(
            f"the token in {order.situation.shown(snapshot.path)} {fault}",
            "nothing was sent; --stdin puts another in its place",
        )
        return FINDINGS
    server = server_for(order.situation, base, settings, force=order.force)
    if isinstance(server, int):
        return server
    given = _token(source) if stored is None else stored
    if isinstance(given, int):
        return given
    answered = verified(server, given, settings)
    if isinstance(answered, int):
        return answered
    return (*([(TOKEN, given)] if stored is None else []), *settings, *answered)


def _write(order: _Order, snapshot: Snapshot, start: Change, values: _Settings) -> int:
    situation = order.situation
    values = with_project(values, start.base.document, start.base.schema)
    try:
        change = put(start, situation.schema, values)
    except Refusal as error:
        return refused(situation, snapshot, error)
    after = change.after
    code = write_change(
        situation,
        snapshot,
        change,
        order.manner,
        backup=order.backup,
        remarks=lambda: tell_other_faults(situation, snapshot, change),
    )
    if code not in UNTOUCHED:
        tell_overridden(situation, [route for route, _ in values])
        for need in missing(after.document, situation.schema, situation.k6.version, situation.environ):
            say(f"note: {need.why}; {need.remedy}{situation.option(snapshot.path)} sets it")
    return code


def _stored(order: _Order, source: Source, settings: _Settings, base: Checked) -> str | None:
    """The token of the file where it is to stay: stack and project can be set, and it verified, without typing it."""
    if source.given or not (settings or (order.verify and not interactive())):
        return None
    value = value_of(base.document, base.schema, TOKEN)
    return base.document.string(value) if isinstance(value, Scalar) else None


# -- out --------------------------------------------------------------------------------------------------------------


def _remove(order: _Order, routes: Sequence[Route]) -> int:
    situation = order.situation
    snapshot = file_to_change(situation, order.config)
    if isinstance(snapshot, int):
        return snapshot
    name = situation.shown(snapshot.path)
    try:
        start = opened(data_of(snapshot), situation.schema)
        base = start.base
        there = [route for route in routes if find(base.document, base.schema, route).matched == len(route)]
        if not there:
            say(f"there is no token in {name}; nothing to do")
            return FINE
        change = drop(start, situation.schema, there)
    except Refusal as error:
        return refused(situation, snapshot, error)
    code = write_change(situation, snapshot, change, order.manner, backup=order.backup)
    if code not in UNTOUCHED:
        _tell_what_is_left(order, snapshot, change.after)
    return code


def _tell_what_is_left(order: _Order, snapshot: Snapshot, after: Checked) -> None:
    situation = order.situation
    node = situation.schema.find(TOKEN)
    for variable in node.env if node is not None else ():
        if situation.environ.get(variable):
            say(f"note: {variable} is set here, so k6 still has a token")
    for route in ((CLOUD[1], TOKEN[-1]), ("ext", "loadimpact", TOKEN[-1])):
        if situation.schema.find(route) is not None and value_of(after.document, after.schema, route) is not None:
            remedy = f"k6cfg unset {'.'.join(route)}{situation.option(snapshot.path)}"
            say(f"note: there is a token in {'.'.join(route)}, too; {remedy} takes it out")
    if order.backup:
        remedy = situation.command("undo --purge", snapshot.path)
        say(f"note: the backups of the file still hold the token; {remedy} deletes them")


# -- the token --------------------------------------------------------------------------------------------------------


def _token(source: Source) -> str | int:
    """The token, or the exit code with which there is none."""
    text = text_of(source, "the token", "set-token")
    if text is None:
        text = _asked()
    if isinstance(text, int):
        return text
    if source.argument is not None:
        say("warning: a token typed as an argument stays in the shell's history and shows in ps; --stdin keeps it out")
    token, remarks = cleaned(text)
    fault = fault_of(token)
    if fault is not None:
        complain(f"what was given as the token {fault}", "nothing was written; copy it again from Grafana Cloud")
        return USAGE
    doubt = doubt_of(token)
    for remark in (*remarks, *([doubt] if doubt is not None else [])):
        say(f"warning: {remark}")
    return token


def _asked() -> str | int:
    if not interactive():
        complain(
            "there is no token, and nobody can be asked for one here",
            "pipe it: k6cfg set-token --stdin < FILE; or --from-env NAME, --from-file PATH",
        )
        return DECLINED
    return typed("Grafana Cloud token")


def _settings(situation: Situation, stack: str | None, stack_id: int | None, project_id: int | None) -> _Settings:
    found: list[tuple[Route, object]] = []
    if stack is not None:
        try:
            found.append((STACK_URL, stack_url(stack, situation.k6.version)))
        except ValueError as error:
            raise typer.BadParameter(f"--stack: {error}") from None
    if stack_id is not None:
        found.append((STACK_ID, stack_id))
    if project_id is not None:
        found.append((project_route(situation.k6.version), project_id))
    if (stack is not None or stack_id is not None) and situation.k6.version < STACK_SINCE:
        say(f"warning: k6 {situation.k6.version} knows no stacks; k6 {STACK_SINCE} is the first that does")
    return tuple(found)
