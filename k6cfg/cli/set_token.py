"""``k6cfg set-token``: the Grafana Cloud token into the file, and nothing else changed."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from k6cfg.changing import Refusal, put
from k6cfg.cli.applying import Manner, apply
from k6cfg.cli.exits import COULD_NOT, DECLINED, FINDINGS, USAGE
from k6cfg.cli.situation import (
    ConfigOption,
    DiffOption,
    NoBackupOption,
    Situation,
    VersionOption,
    YesOption,
)
from k6cfg.cli.terminal import complain, hidden, interactive, say
from k6cfg.cloud import (
    PROJECT_ID,
    STACK_ID,
    STACK_SINCE,
    STACK_URL,
    TOKEN,
    missing,
    placeholder,
    stack_url,
    value_of,
)
from k6cfg.decoding import decode
from k6cfg.diagnostics import Severity
from k6cfg.engine import Checked, Plan
from k6cfg.files import FileError, Kind, Snapshot, absent, read
from k6cfg.parser import parse

_LONGEST: Final = 64 * 1024  # bytes of a token that is read from a file or a pipe


def command(
    token: Annotated[
        str | None, typer.Argument(help="The token; shells and ps remember it, so better be asked or use an option.")
    ] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the token from standard input.")] = False,
    from_env: Annotated[
        str | None, typer.Option("--from-env", metavar="NAME", help="Take the token from an environment variable.")
    ] = None,
    from_file: Annotated[
        str | None, typer.Option("--from-file", metavar="PATH", help="Take the token from a file.")
    ] = None,
    stack: Annotated[
        str | None, typer.Option("--stack", metavar="NAME|URL", help="The stack too: its name, host or URL.")
    ] = None,
    stack_id: Annotated[
        int | None, typer.Option("--stack-id", metavar="ID", min=1, help="The stack's number, which k6 2.0 wants.")
    ] = None,
    project_id: Annotated[
        int | None, typer.Option("--project-id", metavar="ID", min=1, help="The project that cloud tests belong to.")
    ] = None,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    force: Annotated[bool, typer.Option("--force", help="Write even into a file that git tracks.")] = False,
) -> None:
    """Put the Grafana Cloud token into the config.json that k6 reads."""
    situation = Situation(k6_version)
    settings = _settings(situation, stack, stack_id, project_id)
    source = _Source(token, stdin, from_env, from_file)
    manner = Manner(diff_only=diff, yes=yes, told=True, may_ask=not stdin)
    raise typer.Exit(_set_token(situation, source, settings, config, manner, backup=not no_backup, force=force))


class _Source(NamedTuple):
    """Where the token comes from: at most one of them."""

    argument: str | None
    stdin: bool
    variable: str | None
    file: str | None


_Settings = tuple[tuple[tuple[str, ...], object], ...]


def _set_token(
    situation: Situation,
    source: _Source,
    settings: _Settings,
    config: str | None,
    manner: Manner,
    *,
    backup: bool,
    force: bool,
) -> int:
    place = situation.place(config)
    if place.problem is not None:
        complain(place.problem, "unset K6_CONFIG, or name a file")
        return COULD_NOT
    try:
        snapshot = _snapshot(Path(place.path))
        # Before anybody types a secret: can it go where it should?
        if not force and not manner.diff_only and _tracked(snapshot):
            complain(
                f"git tracks {situation.shown(place.path)}: the token would end up in the repository",
                "use another file (-c), take this one out of git (git rm --cached), or insist with --force",
            )
            return DECLINED
        if settings and not any(source) and _has_token(situation, snapshot):
            return _write(situation, snapshot, settings, manner, backup=backup)
        secret = _token(source)
        if isinstance(secret, int):
            return secret
        return _write(situation, snapshot, ((TOKEN, secret), *settings), manner, backup=backup)
    except FileError as error:
        complain(error.message, error.help)
        return COULD_NOT


def _write(situation: Situation, snapshot: Snapshot, values: _Settings, manner: Manner, *, backup: bool) -> int:
    schema = situation.schema
    name = situation.shown(snapshot.path)
    try:
        change = put(snapshot.data if snapshot.exists else None, schema, values)
    except Refusal as error:
        complain(f"{name} {error.message}", error.help)
        return FINDINGS
    _tell_repairs(change.repair, name)
    after = change.after
    if change.repair is not None and not manner.yes and not manner.diff_only and not (interactive() and manner.may_ask):
        complain(
            f"{name} is malformed and has to be repaired first, which is more than it was asked for",
            "add --yes to repair it and set the token, or look at it with k6cfg validate",
        )
        return DECLINED
    code = apply(
        situation, snapshot, change.before, after, manner, situation.store(wanted=backup), lambda: _faults(name, after)
    )
    if code not in {DECLINED, FINDINGS}:
        _remarks(situation, after, values)
    return code


def _snapshot(path: Path) -> Snapshot:
    try:
        return read(path)
    except FileError as error:
        if error.kind is not Kind.MISSING:
            raise
        return absent(path)


def _has_token(situation: Situation, snapshot: Snapshot) -> bool:
    """Whether the file has a token already, which then stays: stack and project can be set without typing it again."""
    document = parse(*decode(snapshot.data))
    return value_of(document, situation.schema, TOKEN) is not None


def _tracked(snapshot: Snapshot) -> bool:
    from k6cfg.environment.repository import tracked

    return tracked(snapshot.target)


# -- the token ----------------------------------------------------------------------------------------------------


def _token(source: _Source) -> str | int:
    """The token, or the exit code with which there is none."""
    given = [name for name, value in zip(_NAMES, source, strict=True) if value not in {None, False}]
    if len(given) > 1:
        complain(f"the token comes from one place only, not from {' and '.join(given)}", "k6cfg set-token --help")
        return USAGE
    text = _read_token(source)
    if isinstance(text, int):
        return text
    fault = _fault_of(text.strip())
    if fault is not None:
        complain(f"the token {fault}; nothing was written", "copy it again from Grafana Cloud")
        return USAGE
    if text.strip() != text.rstrip("\r\n"):
        say("warning: white space around the token was left out")
    return text.strip()


_NAMES: Final = ("the argument", "--stdin", "--from-env", "--from-file")


def _read_token(source: _Source) -> str | int:
    if source.argument is not None:
        say("warning: a token typed as an argument stays in the shell's history and shows in ps; --stdin keeps it out")
        return source.argument
    if source.stdin:
        return _decoded(sys.stdin.buffer.read(_LONGEST + 1), "standard input")
    if source.variable is not None:
        text = os.environ.get(source.variable)
        if text is None:
            complain("the variable that --from-env names is not set", "export it, or use --stdin")
            return COULD_NOT
        return text
    if source.file is not None:
        return _decoded(read(Path(source.file), limit=_LONGEST).data, "the file")
    if not interactive():
        complain(
            "there is no token, and nobody can be asked for one here",
            "pipe it: k6cfg set-token --stdin < FILE; or --from-env NAME, --from-file PATH",
        )
        return DECLINED
    try:
        return hidden("Grafana Cloud token (not shown): ")
    except EOFError:
        complain("no token was typed; nothing was written")
        return DECLINED


def _decoded(data: bytes, where: str) -> str | int:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        complain(f"{where} holds no text in UTF-8, so no token", "a token is letters and digits")
        return USAGE


def _fault_of(token: str) -> str | None:
    """Why a text is no token, without a word of it."""
    if not token:
        return "is empty"
    if len(token) > _LONGEST:
        return "is far too long"
    if any(letter.isspace() for letter in token):
        return "has white space in it"
    if not token.isascii() or not token.isprintable():
        return "holds characters that no token has"
    if placeholder(token):
        return "is a placeholder"
    return None


# -- the rest -----------------------------------------------------------------------------------------------------


def _settings(situation: Situation, stack: str | None, stack_id: int | None, project_id: int | None) -> _Settings:
    found: list[tuple[tuple[str, ...], object]] = []
    if stack is not None:
        try:
            found.append((STACK_URL, stack_url(stack, situation.k6.version)))
        except ValueError as error:
            raise typer.BadParameter(f"--stack: {error}") from None
    if stack_id is not None:
        found.append((STACK_ID, stack_id))
    if project_id is not None:
        found.append((PROJECT_ID, project_id))
    if (stack is not None or stack_id is not None) and situation.k6.version < STACK_SINCE:
        say(f"warning: k6 {situation.k6.version} knows no stacks; k6 {STACK_SINCE} is the first that does")
    return tuple(found)


def _tell_repairs(repair: Plan | None, name: str) -> None:
    for step in repair.steps if repair is not None else ():
        for found in step.chosen:
            position = step.before.document.lines.position(found.span.start)
            say(f"repair {name}:{position.line}:{position.column}: {found.message} [{found.rule.name}]")


def _faults(name: str, after: Checked) -> None:
    """Other faults of the file do not stand in the way, but are said."""
    errors = [found for found in after.diagnostics if found.severity is Severity.ERROR]
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        say(f"warning: k6 will still refuse {name}: {errors[0].message}{more}; k6cfg validate shows where")


def _remarks(situation: Situation, after: Checked, values: Sequence[tuple[tuple[str, ...], object]]) -> None:
    for route, _ in values:
        node = situation.schema.find(route)
        for variable in node.env if node is not None else ():
            if situation.environ.get(variable):
                say(f"warning: {variable} is set here, and k6 takes it instead of what the file says")
    for need in missing(after.document, situation.schema, situation.k6.version, situation.environ):
        say(f"note: {need.why}; {need.remedy} sets it")
