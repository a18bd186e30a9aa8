"""``k6cfg set``: values into the file, typed and checked before they are written."""

from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

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
from k6cfg.cli.key_argument import KeyArgument, advice, harmless, key_of, named
from k6cfg.cli.secret_input import FromEnvOption, FromFileOption, Source, StdinOption, text_of
from k6cfg.cli.secret_input import typed as asked
from k6cfg.cli.terminal import complain, interactive
from k6cfg.cli.write_options import Manner
from k6cfg.engine.edit import Change, Refusal, Route, clash, find, is_inside, new_findings, opened, put, refused_for
from k6cfg.engine.edit.key_path import Key
from k6cfg.engine.edit.parse_value import typed
from k6cfg.k6.cloud import TOKEN
from k6cfg.k6.secrets import secret_name
from k6cfg.machine.files import FileError, Snapshot
from k6cfg.rules.unknown_key import KEY_RULES
from k6cfg.schema import Node
from k6cfg.text.diagnostics import Diagnostic
from k6cfg.text.location import Span, pointer_parts

_FEW: Final = 8
_MOST: Final = 3
"""Faults that are named when a value is refused."""


def command(
    key: KeyArgument,
    value: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VALUE] [KEY VALUE]...",
            help="As text, or as JSON: 10, 1m30s, '[\"p(95)<500\"]', null; @FILE takes it from a file, @- from"
            " standard input. More pairs are set in the same write. Before a value that starts with - write --.",
            show_default=False,
        ),
    ] = None,
    stdin: StdinOption = False,
    from_env: FromEnvOption = None,
    from_file: FromFileOption = None,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    diff: DiffOption = False,
    yes: YesOption = False,
    no_backup: NoBackupOption = False,
    in_place: InPlaceOption = False,
    allow_rejected: AllowRejectedOption = False,
    force: Annotated[bool, typer.Option("--force", help="Write a secret even into a file that git tracks.")] = False,
) -> None:
    """Set values in the config.json that k6 reads, and change nothing else."""
    situation = Situation(k6_version)
    pairs = _pairs(key, value or [], Source(None, stdin, from_env, from_file))
    piped = any(pair.source.reads_stdin for pair in pairs)
    manner = Manner(diff_only=diff, yes=yes, told=True, may_ask=not piped, in_place=in_place)
    try:
        raise typer.Exit(_set(_Order(situation, manner, config, not no_backup, force, allow_rejected), pairs))
    except FileError as error:
        complain(error.message, error.help)
        raise typer.Exit(COULD_NOT) from None


class _Order(NamedTuple):
    situation: Situation
    manner: Manner
    config: str | None
    backup: bool
    force: bool
    allow_rejected: bool


class _Pair(NamedTuple):
    """What was typed for one value: its key, and where the value comes from."""

    key: str
    source: Source


class _Assignment(NamedTuple):
    """One value that is to be set."""

    key: Key
    source: Source
    text: str
    value: object


def _pairs(key: str, words: Sequence[str], other: Source) -> list[_Pair]:
    """The keys with their values; ``other`` is where the value of a single key comes from, if not from an argument."""
    if len(words) <= 1:
        return [_Pair(key, _source(words[0], other) if words else other)]
    if other.given:
        raise typer.BadParameter("--stdin, --from-env and --from-file give the value of one KEY; use @FILE for more")
    if len(words) % 2 == 0:
        raise typer.BadParameter("each KEY needs a VALUE: k6cfg set KEY VALUE KEY VALUE")
    keys = [key, *words[1::2]]
    pairs = [_Pair(each, _source(value, other)) for each, value in zip(keys, words[0::2], strict=True)]
    if sum(pair.source.reads_stdin for pair in pairs) > 1:
        raise typer.BadParameter("standard input (@-) gives the value of one KEY; use @FILE for the others")
    return pairs


def _source(word: str, other: Source) -> Source:
    """Where a word says that the value is: ``@FILE`` is a file and ``@-`` standard input, as for curl and gh.

    All else is the value itself.
    """
    if word.startswith("@") and len(word) > 1:
        return other._replace(file=word[1:]) if other.file is None else other._replace(argument=word)
    return other._replace(argument=word)


def _set(order: _Order, pairs: Sequence[_Pair]) -> int:
    situation = order.situation
    snapshot = file_to_change(situation, order.config)
    if isinstance(snapshot, int):
        return snapshot
    try:
        start = opened(data_of(snapshot), situation.schema, intent=True)
        found = []
        for pair in pairs:
            one = _assignment(situation, pair, start)
            if isinstance(one, int):
                return one
            found.append(one)
        _require_apart([one.key.route for one in found])
        change = put(start, situation.schema, [(one.key.route, one.value) for one in found], intent=True)
    except Refusal as error:
        return refused(situation, snapshot, error)
    return _write(order, snapshot, change, found)


def _require_apart(routes: Sequence[Route]) -> None:
    """Refuse to set a value twice in one call, by another spelling of its key or inside of another value too."""
    twice = clash(routes)
    if twice is None:
        return
    first, second = map(named, twice)
    if first == second:
        raise typer.BadParameter(f"{first} is set twice; name each KEY once")
    inner, outer = (first, second) if len(twice[0]) > len(twice[1]) else (second, first)
    raise typer.BadParameter(f"{inner} is a part of {outer}, which is set in the same call; name one of them")


def _assignment(situation: Situation, pair: _Pair, start: Change) -> _Assignment | int:
    """What is to be set, or the exit code."""
    key = key_of(pair.key, situation.schema, start.base.document)
    if not key.route:
        raise typer.BadParameter("KEY names the whole file; name one value in it")
    if key.inside_a_value:
        complain(f"{named(key.route)} cannot be: {key.outer.dotted} is a single value, with nothing inside it")
        return USAGE
    text = _text(pair.source, key)
    if isinstance(text, int):
        return text
    try:
        return _Assignment(key, pair.source, text, typed(key.node, text))
    except ValueError as error:
        complain(f"the value cannot be used: {error}", "nothing was written")
        return USAGE


def _text(source: Source, key: Key) -> str | int:
    """The value as it was typed, or the exit code."""
    text = text_of(source, "the value", "set")
    if text is not None:
        return text
    if _known_secret(key) and interactive():
        return asked(named(key.route))
    complain(f"there is no value for {named(key.route)}", f"k6cfg set {named(key.route)} VALUE; null sets it to null")
    return USAGE


def _known_secret(key: Key) -> bool:
    return (key.node is not None and key.node.secret) or secret_name(str(key.route[-1]))


def _write(order: _Order, snapshot: Snapshot, change: Change, found: Sequence[_Assignment]) -> int:
    situation = order.situation
    findings = tuple(new_findings(change))
    code = FINE
    for one in found:
        about = [each for each in findings if len(found) == 1 or is_inside(each, _place(change, one))]
        code = code or _refused_key(situation, one.key, about)
        code = code or _refused_secret(order, snapshot, change, one.key, one.source)
    errors = refused_for(change, situation.schema, [one.key.route for one in found])
    if code == FINE and errors and not order.allow_rejected:
        code = _refused_value(order, snapshot, change, found, errors)
    if code != FINE:
        return code

    code = write_change(
        situation,
        snapshot,
        change,
        order.manner,
        backup=order.backup,
        remarks=lambda: tell_other_faults(situation, snapshot, change, findings),
    )
    if code not in UNTOUCHED:
        tell_overridden(situation, [one.key.route for one in found])
    return code


def _place(change: Change, one: _Assignment) -> str:
    """The pointer of a value that is set, with keys as they are written."""
    return find(change.after.document, change.after.schema, one.key.route).pointer


# -- what is refused --------------------------------------------------------------------------------------------------


_UNREAD: Final = frozenset(rule.name for rule in KEY_RULES)


def _refused_key(situation: Situation, key: Key, findings: Sequence[Diagnostic]) -> int:
    """A key that k6 would not read is not written: a misspelt one would never be noticed."""
    for found in findings:
        if found.rule.name in _UNREAD:
            safe = harmless(str(key.route[-1])) == str(key.route[-1])
            complain(
                f"{found.message if safe else 'k6 knows no such key'}; nothing was written",
                advice(situation.schema, key, found.help),
            )
            return USAGE
    return FINE


def _refused_secret(order: _Order, snapshot: Snapshot, change: Change, key: Key, source: Source) -> int:
    if not _holds_secret(change, order.situation, key.route):
        return FINE
    if source.argument is not None:
        name = named(key.route)
        other = "k6cfg set-token" if key.route == TOKEN else f"k6cfg set {name} --stdin, --from-env NAME"
        complain(
            f"{name} is or holds a secret, and a secret typed as an argument stays in the shell's history and shows "
            "in ps; nothing was written",
            f"{other} or --from-file PATH keep it out of there"
            if key.route != TOKEN
            else f"{other} asks for it hidden",
        )
        return DECLINED
    if not order.force and not order.manner.diff_only and kept_out_of_git(order.situation, snapshot, "the secret"):
        return DECLINED
    return FINE


def _holds_secret(change: Change, situation: Situation, route: Route) -> bool:
    """Whether what now stands there is a secret, or has one in it."""
    value = find(change.after.document, situation.schema, route).value
    place = value.span if value is not None else Span(0, 0)
    return any(span.start < place.end and span.end > place.start for span in change.after.secrets)


def _refused_value(
    order: _Order, snapshot: Snapshot, change: Change, found: Sequence[_Assignment], errors: Sequence[Diagnostic]
) -> int:
    """Say why a file that k6 would reject is not written, and what to do instead; the exit code."""
    situation = order.situation
    places = [(each, _place(change, each)) for each in found]
    plain = all(each.source.argument is not None and harmless(each.text) == each.text for each in found)
    reasons, advice_ = [], []
    for error in errors:
        one = next((each for each, place in places if is_inside(error, place)), found[0])
        beside = [each for each, place in places if place.startswith(f"{error.pointer}/")] if error.lacks else []
        if plain or beside:  # what an object lacks repeats no value
            reasons.append(error.message.partition("; k6 refuses")[0])
        else:
            reasons.append(f"the value is not one that {named(one.key.route)} may have")
        advice_.append(
            _together(order, snapshot, error, beside) if beside else _accepted(situation, snapshot, one.key, error)
        )
    whys = list(dict.fromkeys(reasons))
    more = f" (and {len(whys) - _MOST} more)" if len(whys) > _MOST else ""
    accepted = change.base.accepted_run and change.base.accepted_cloud
    when = "accepts the file and would then reject it" if accepted else "would still reject the file"
    complain(
        f"nothing was written: k6 {situation.k6.version} {when}: {'; '.join(whys[:_MOST])}{more}",
        "; ".join(dict.fromkeys(advice_[:_MOST])),
    )
    return FINDINGS


def _together(order: _Order, snapshot: Snapshot, found: Diagnostic, beside: Sequence[_Assignment]) -> str:
    """How to set what is missing in the same call as the values beside it."""
    schema, first = order.situation.schema, beside[0]
    words = [(one.key.route, _stand_in(one.key.node, one.source)) for one in beside]
    outer = first.key.route[: len(pointer_parts(found.pointer))]
    words += [((*outer, key), _stand_in(schema.find((*outer, key)), first.source, new=True)) for key in found.lacks]
    pairs = " ".join(f"{_quoted(named(route))} {value}" for route, value in words)
    option = order.situation.option(snapshot.path)
    return f"set them in one call: k6cfg set{option} {pairs}; or add --allow-rejected to set one after the other"


def _stand_in(node: Node | None, source: Source, *, new: bool = False) -> str:
    """What stands for a value in a command that is shown; for a ``new`` one an example, where there is one."""
    if node is not None and new and node.enum:
        return node.enum[0]
    return "@FILE" if source.hidden or (node is not None and node.secret) else "VALUE"


def _accepted(situation: Situation, snapshot: Snapshot, key: Key, found: Diagnostic) -> str:
    """What to do instead: what the finding advises, and what the place takes."""
    said = [found.help] if found.help else []
    node, route = key.node, key.route
    if node is not None:
        if 0 < len(node.enum) <= _FEW:
            said.append(f"{named(route)} is one of {', '.join(node.enum)}")
        elif node.examples and not node.enum:
            import json

            example = f"{named(route)} {_quoted(json.dumps(node.examples[0]))}"
            said.append(f"for example: k6cfg set{situation.option(snapshot.path)} {example}")
        elif not said:
            said.append(f"k6cfg explain {_quoted(node.dotted)} says what it takes")
    return "; ".join(said) or f"{situation.command('validate', snapshot.path)} shows what k6 makes of the file"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text[1:-1] if text.startswith('"') and "\\" not in text else text)
