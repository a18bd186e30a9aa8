"""A change of one value changes that value: read by a model of its own, not by the code that made the change."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k6cfg.engine import check
from k6cfg.engine.edit import Refusal, Route, drop, new_findings, put
from k6cfg.engine.edit.key_path import resolve
from k6cfg.engine.edit.parse_value import typed
from k6cfg.report.value_diff import between
from k6cfg.schema import Node, load
from k6cfg.text.parser import parse

SCHEMA = load()
FEWER = settings(max_examples=80)

# -- a model of how k6 reads ------------------------------------------------------------------------------------------

MAPS = {("tags",), ("collectors",), ("ext",), ("ext", "tool")}
MERGING = {("tags",), ("collectors",), ("ext",)}


def tree(text: str) -> Any:
    """JSON with objects as pairs in their order and numbers as they are spelled."""
    return json.loads(text, object_pairs_hook=lambda pairs: ("object", pairs), parse_int=str, parse_float=str)


def flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every scalar and empty container with its path, in the order of the text, duplicates and all."""
    if isinstance(value, tuple) and value[1]:
        for key, inner in value[1]:
            yield from flat(inner, (*path, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from flat(inner, (*path, str(index)))
    else:
        yield path, json.dumps(value)


def folded(path: tuple[str, ...], outer: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A path with keys folded where k6 folds them."""
    if not path:
        return outer
    key = path[0] if outer in MAPS else path[0].lower()
    return folded(path[1:], (*outer, key))


def as_read(value: Any, outer: tuple[str, ...] = ()) -> Any:
    """What k6 reads: folded keys, the last of equal ones, maps put together, null as nothing."""
    return without_null(with_null(value, outer))


def with_null(value: Any, outer: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [with_null(each, (*outer, "0")) for each in value]
    if not isinstance(value, tuple):
        return value
    found: dict[str, Any] = {}
    for key, inner in value[1]:
        name = key if outer in MAPS else key.lower()
        made = with_null(inner, (*outer, name))
        earlier = found.get(name)
        if (*outer, name) in MERGING and isinstance(made, dict) and isinstance(earlier, dict):
            made = {**earlier, **made}
        found[name] = made
    return found


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(each) for key, each in value.items() if each is not None}
    return value


def at(value: Any, route: tuple[str, ...]) -> Any:
    for part in route:
        value = value.get(part) if isinstance(value, dict) else None
    return value


# -- files ------------------------------------------------------------------------------------------------------------

VALUES: dict[tuple[str, ...], list[object]] = {
    ("vus",): [1, 50],
    ("duration",): ["10s", "1m30s", 60000],
    ("rps",): [5],
    ("throw",): [True, False],
    ("userAgent",): ["me", "caf\u00e9 / \\ \u2028"],
    ("summaryTrendStats",): [["avg"], ["p(95)", "max"]],
    ("dns", "ttl"): ["5m", "inf"],
    ("dns", "select"): ["first"],
    ("tags", "team"): ["a", ""],
    ("tags", "A.b"): ["x"],
    ("collectors", "cloud", "stackID"): [7],
    ("collectors", "cloud", "name"): ["n"],
    ("ext", "tool", "Level"): [1, [1, {"a": None}], {}],
}  # fmt: skip
ROUTES = sorted(VALUES)
JUNK = ['"x"', "1e2", "12345678901234567890", "null", "[]", "{}", "[1,  2]", '"\\u00e9\\/"', '{"a":{"b":1}}']


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A file with some of the values, some keys twice or in another case, some that k6 does not know, in any layout."""
    newline = draw(st.sampled_from(["\n", "\r\n", "", " "]))
    unit = draw(st.sampled_from(["  ", "\t", "    "])) if newline.strip(" ") else ""
    colon = draw(st.sampled_from([":", ": ", " : "]))

    def render(pairs: "list[tuple[str, Any]]", depth: int) -> str:
        if not pairs:
            return "{}"
        pad = newline + unit * (depth + 1)
        inner = [
            f"{json.dumps(key)}{colon}{render(value, depth + 1) if isinstance(value, list) else value}"
            for key, value in pairs
        ]
        return "{" + pad + ("," + pad).join(inner) + newline + unit * depth + "}"

    def members(prefix: tuple[str, ...], depth: int) -> "list[tuple[str, Any]]":
        made: list[tuple[str, Any]] = []
        names = sorted(
            {route[len(prefix)] for route in ROUTES if route[: len(prefix)] == prefix and len(route) > len(prefix)}
        )
        for name in draw(st.lists(st.sampled_from(names), max_size=4)):
            route = (*prefix, name)
            spelled = name
            if prefix not in MAPS and draw(st.integers(0, 4)) == 0:
                spelled = name.swapcase()
            if route in VALUES:
                value: Any = json.dumps(draw(st.sampled_from(VALUES[route])))
            else:
                value = members(route, depth + 1) if draw(st.integers(0, 5)) else "null"
            made.append((spelled, value))
        for index in range(draw(st.integers(0, 2))):
            made.insert(draw(st.integers(0, len(made))), (f"_junk{index}", draw(st.sampled_from(JUNK))))
        return made

    return render(members((), 0), 0) + draw(st.sampled_from(["", "\n"]))


def untouched(text: str, route: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """What a change at a route has to leave: all but what is there, below it, or stands empty on the way."""
    wanted = folded(route)
    kept = []
    for path, value in flat(tree(text)):
        mine = folded(path)
        on_the_way = wanted[: len(mine)] == mine and value in {"null", '["object", []]'}
        if mine[: len(wanted)] != wanted and not on_the_way:
            kept.append((path, value))
    return kept


def one_stretch(before: str, after: str) -> str:
    """What is not the same at both ends."""
    head = common(before, after)
    tail = common(before[head:][::-1], after[head:][::-1])
    return before[head : len(before) - tail]


def common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


# -- properties -------------------------------------------------------------------------------------------------------


@FEWER
@given(texts(), st.sampled_from(ROUTES), st.data())
def test_set_then_read_gives_the_value_and_leaves_the_rest(
    text: str, route: tuple[str, ...], data: st.DataObject
) -> None:
    value = data.draw(st.sampled_from(VALUES[route]))
    after = put(text.encode(), SCHEMA, [(route, value)]).after.data.decode()
    read = as_read(tree(after))
    assert at(read, folded(route)) == as_read(tree(json.dumps(value)), folded(route))
    assert untouched(after, route) == untouched(text, route)
    was, now = as_read(tree(text)), read
    for other in ROUTES:
        if other != route:
            assert at(now, folded(other)) == at(was, folded(other))
    if at(was, folded(route)) is None:
        assert one_stretch(text, after).strip() in {"", "null"}
    # To set it again changes nothing.
    assert put(after.encode(), SCHEMA, [(route, value)]).after.data.decode() == after


@FEWER
@given(texts(), st.sampled_from(ROUTES))
def test_unset_leaves_nothing_to_read_and_all_else(text: str, route: tuple[str, ...]) -> None:
    after = drop(text.encode(), SCHEMA, [route]).after.data.decode()
    assert at(as_read(tree(after)), folded(route)) is None
    for other in ROUTES:
        if other != route:
            assert at(as_read(tree(after)), folded(other)) == at(as_read(tree(text)), folded(other))
    assert untouched(after, route) == untouched(text, route)
    assert drop(after.encode(), SCHEMA, [route]).after.data.decode() == after


@FEWER
@given(texts(), st.sampled_from(ROUTES), st.data())
def test_unset_undoes_set(text: str, route: tuple[str, ...], data: st.DataObject) -> None:
    if at(as_read(tree(text)), folded(route)) is not None:
        text = drop(text.encode(), SCHEMA, [route]).after.data.decode()
    holder = at(as_read(tree(text)), folded(route[:-1])) if len(route) > 1 else {}
    value = data.draw(st.sampled_from(VALUES[route]))
    changed = put(text.encode(), SCHEMA, [(route, value)]).after.data
    back = drop(changed, SCHEMA, [route]).after.data.decode()
    mine = folded(route)
    gone = not any(folded(path)[: len(mine)] == mine for path, _ in flat(tree(text)))
    if gone and (holder or len(route) == 1):
        assert tree(back) == tree(text)
    assert untouched(back, route) == untouched(text, route)


@FEWER
@given(texts(), texts(), st.sampled_from(ROUTES))
def test_changes_agree_with_the_model(first: str, second: str, route: tuple[str, ...]) -> None:
    found = between(check(first.encode(), SCHEMA), check(second.encode(), SCHEMA))
    assert found is not None
    pointers = [change.pointer.split("/")[1:] for change in found]
    old, new = at(as_read(tree(first)), folded(route)), at(as_read(tree(second)), folded(route))
    touched = any(list(route)[: len(each)] == each or each[: len(route)] == list(route) for each in pointers)
    if old == new:
        assert not any(each[: len(route)] == list(route) for each in pointers)
    else:
        assert touched or {old, new} == {"60000", "1m"}


# -- keys -------------------------------------------------------------------------------------------------------------


def plain_routes(node: Node, route: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, inner in node.properties.items():
        yield (*route, name)
        yield from plain_routes(inner, (*route, name))


def test_every_key_is_found_dotted_as_a_pointer_and_in_any_case() -> None:
    empty = parse("{}")
    for route in plain_routes(SCHEMA.root):
        for text in (".".join(route), "/" + "/".join(route), ".".join(f'"{part}"' for part in route)):
            assert resolve(text, SCHEMA, empty).route == route
        assert resolve(".".join(route).upper(), SCHEMA, empty).route == route


@given(st.text(max_size=30))
def test_any_key_is_resolved_or_refused(text: str) -> None:
    try:
        key = resolve(text, SCHEMA, parse('{"stages": [{}], "ext": {"a": [1]}}'))
    except ValueError as error:
        said = str(error)
    else:
        said = ""
        with contextlib.suppress(Refusal):
            put(b"{}", SCHEMA, [(key.route or ("x",), 1)])
    assert len(text) < 4 or text not in said


@given(st.text(max_size=30), st.sampled_from(list(SCHEMA.nodes())))
def test_any_value_is_typed_or_refused(text: str, node: Node) -> None:
    try:
        value = typed(node, text)
    except ValueError:
        return
    json.dumps(value)
    if "string" in node.json_types and not text.strip().startswith(('"', "{", "[", "null")):
        assert value == text or "number" in node.json_types


@pytest.mark.parametrize(
    ("text", "key"),
    [('{"vus": 1}', "vus.x"), ('{"tags": []}', "tags.a"), ("[]", "vus"), ('{"stages": {}}', "stages.0")],
)
def test_what_stands_in_the_way_is_not_replaced(text: str, key: str) -> None:
    route = resolve(key, SCHEMA, parse(text)).route
    with pytest.raises(Refusal):
        put(text.encode(), SCHEMA, [(route, 1)])


def test_new_findings_are_those_of_the_change() -> None:
    change = put(b'{"throw": 5}', SCHEMA, [(("vus",), "x"), (("rps",), 1)])
    assert [found.pointer for found in new_findings(change)] == ["/vus"]
    routes: list[Route] = [("throw",)]
    assert not list(new_findings(drop(b'{"throw": 5}', SCHEMA, routes)))
