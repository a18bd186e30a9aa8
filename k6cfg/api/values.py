"""Single values out of a text, into it, and away; the token among them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from k6cfg.api.convert import changed, data_of, schema_of, version_of
from k6cfg.api.results import Changed, Refused, Text, VersionLike
from k6cfg.engine import Checked, check
from k6cfg.engine.edit import Change, Refusal, Route, clash, drop, find, new_findings, opened, put, refused_for
from k6cfg.engine.edit.key_path import Key, resolve
from k6cfg.engine.edit.read_value import look, misspelt
from k6cfg.k6.cloud import LARGEST, LOGIN, STACK_ID, STACK_URL, TOKEN, project_route, stack_url, with_project
from k6cfg.k6.display import shown, written
from k6cfg.rules.unknown_key import KEY_RULES
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic

_NO_JSON: Final = "the text is no JSON"


def get_value(
    text: Text, key: str, default: object = None, *, k6_version: VersionLike = None, reveal: bool = False
) -> object:
    """One value as it is written, as ``k6cfg get`` prints it: of several members of one key the one that k6 reads.

    Args:
        text: the content of the file.
        key: dotted (``dns.ttl``) or a JSON Pointer (``/dns/ttl``).
        default: what is given back where the key is not set.
        k6_version: the release to go by.
        reveal: give back a secret instead of ``***``.

    Raises:
        Refused: the text is no JSON, or k6 knows no such key.
        ValueError: there is no such version, or ``key`` is none.
    """
    checked = check(data_of(text), schema_of(k6_version), intent=False)
    if checked.reading is None:
        raise Refused(_NO_JSON, "k6cfg.validate says what is wrong with it")
    place = resolve(key, checked.schema, checked.document)
    found = look(checked, checked.reading, place)
    if found is not None:
        return written(found.value) if reveal else shown(found.value)
    if misspelt(checked.schema, place):
        raise Refused("k6 knows no such key, and it is not in the text")
    return default


def set_value(
    text: Text | None,
    key: str | Mapping[str, object] | Iterable[tuple[str, object]],
    value: object = ...,
    *,
    k6_version: VersionLike = None,
    allow_rejected: bool = False,
) -> Changed:
    """The text with values put in and nothing else changed, as ``k6cfg set`` does; repaired first where it must be.

    Args:
        text: the content of the file; None where there is none yet.
        key: dotted (``dns.ttl``) or a JSON Pointer (``/dns/ttl``); or several keys with their values, as a mapping or
            as pairs, which are set together or not at all.
        value: what ``json.dumps`` takes; it is written as it is, and nothing is converted. Left out where ``key``
            holds the values.
        k6_version: the release to go by.
        allow_rejected: make the change even where k6 would then reject the file.

    Raises:
        Refused: k6 would not read a key or refuse the file, something stands in the way, or the text cannot be
            repaired with certainty.
        ValueError: the version does not exist, a key is not valid or given twice, or JSON cannot hold a value.
    """
    values = _values(key, value)
    schema = schema_of(k6_version)
    start = _opened(text, schema)
    places = [_place(each, schema, start.base) for each, _ in values]
    for place in places:
        if place.inside_a_value:
            raise Refused(f"{place.outer.dotted} is a single value, with nothing inside it")
    routes = [place.route for place in places]
    if clash(routes) is not None:
        raise ValueError("one of the keys is given twice, or is a part of another one")
    plain = [_plain(each) for _, each in values]
    after = _put(start, schema, list(zip(routes, plain, strict=True)), intent=True)
    unread = (found for found in new_findings(after) if found.rule in KEY_RULES)
    _require_accepted(unread if allow_rejected else (*unread, *refused_for(after, schema, routes)))
    return _changed(after)


def unset_value(
    text: Text, key: str | Iterable[str], *, k6_version: VersionLike = None, allow_rejected: bool = False
) -> Changed:
    """The text without one value or several, so that k6 uses its defaults, as ``k6cfg unset`` does.

    Takes and raises what ``set_value`` does. A key that is not set is not an error.
    """
    schema = schema_of(k6_version)
    start = _opened(text, schema)
    routes = []
    for each in [key] if isinstance(key, str) else key:
        place = _place(each, schema, start.base)
        if find(start.base.document, schema, place.route).matched == len(place.route):
            routes.append(place.route)
        elif misspelt(schema, place):
            raise Refused("k6 knows no such key, and it is not in the text")
    after = drop(start, schema, routes, intent=True)
    _require_accepted(() if allow_rejected else refused_for(after, schema, ()))
    return _changed(after)


def set_token(  # noqa: PLR0913 - as many as there are settings of a login
    text: Text | None,
    token: str,
    *,
    stack: str | None = None,
    stack_id: int | None = None,
    project_id: int | None = None,
    k6_version: VersionLike = None,
) -> Changed:
    """The text with the Grafana Cloud token in it and nothing else changed, as ``k6cfg set-token`` does.

    Args:
        text: the content of the file; None where there is none yet.
        token: the token; white space, quotes and ``Bearer`` around it are left out.
        stack: the stack's name, host or URL.
        stack_id: the stack's number.
        project_id: the project that cloud tests belong to.
        k6_version: the release to go by.

    Raises:
        Refused: what was given is no token, or the text cannot be repaired with certainty.
        ValueError: there is no such version, ``stack`` is none, or a number is none that k6 could read.
    """
    from k6cfg.k6.cloud.token import cleaned, fault_of

    version, schema = version_of(k6_version), schema_of(k6_version)
    clean = cleaned(token).token
    fault = fault_of(clean)
    if fault is not None:
        raise Refused(f"what was given as the token {fault}")
    values: list[tuple[Route, object]] = [(TOKEN, clean)]
    if stack is not None:
        values.append((STACK_URL, stack_url(stack, version)))
    for route, number in ((STACK_ID, stack_id), (project_route(version), project_id)):
        if number is not None and (isinstance(number, bool) or not 1 <= number <= LARGEST):
            raise ValueError(f"{route[-1]} is a number from 1 to {LARGEST}")
        values += [(route, number)] if number is not None else []
    start = _opened(text, schema)
    values = [*with_project(values, start.base.document, schema)]
    return _changed(_put(start, schema, values, intent=False))


def remove_token(text: Text, *, everything: bool = False, k6_version: VersionLike = None) -> Changed:
    """The text without its Grafana Cloud token, as ``k6cfg set-token --remove`` does.

    Args:
        text: the content of the file.
        everything: stack and default project too, as ``k6 cloud login --reset``.
        k6_version: the release to go by.

    Raises:
        Refused: the text cannot be repaired with certainty.
        ValueError: there is no such version.
    """
    schema = schema_of(k6_version)
    start = _opened(text, schema)
    there = [
        route
        for route in (LOGIN if everything else (TOKEN,))
        if find(start.base.document, schema, route).matched == len(route)
    ]
    return _changed(drop(start, schema, there) if there else start)


# -- what they share --------------------------------------------------------------------------------------------------


def _values(key: str | Mapping[str, object] | Iterable[tuple[str, object]], value: object) -> list[tuple[str, object]]:
    """The keys with their values."""
    if isinstance(key, str):
        if value is ...:
            raise ValueError("there is no value for the key")
        return [(key, value)]
    if value is not ...:
        raise ValueError("a value goes with one key; of several, each pair holds its own")
    return list(key.items() if isinstance(key, Mapping) else key)


def _require_accepted(found: Iterable[Diagnostic]) -> None:
    for first in found:
        raise Refused(first.message, first.help)


def _plain(value: object) -> object:
    try:
        plain: object = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise ValueError("the value cannot be written as JSON") from None
    return plain


def _opened(text: Text | None, schema: Schema) -> Change:
    try:
        return opened(data_of(text) if text is not None else None, schema, intent=True)
    except Refusal as error:
        raise Refused(f"the text {error.message}", error.help) from None


def _place(key: str, schema: Schema, base: Checked) -> Key:
    place = resolve(key, schema, base.document)
    if not place.route:
        raise ValueError("key names the whole file; name one value in it")
    return place


def _put(start: Change, schema: Schema, values: Sequence[tuple[Route, object]], *, intent: bool) -> Change:
    try:
        return put(start, schema, values, intent=intent)
    except Refusal as error:
        raise Refused(f"the text {error.message}", error.help) from None


def _changed(change: Change) -> Changed:
    steps = change.repair.steps if change.repair is not None else ()
    return changed(change.before.data if change.before is not None else None, change.after, steps)
