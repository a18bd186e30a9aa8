"""A change touches what it has to, in the style of what stands beside it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES
from hypothesis import assume, given
from hypothesis import strategies as st

from k6cfg.text import edits
from k6cfg.text.diagnostics import Edit, OverlapError, Severity, apply_edits
from k6cfg.text.location import pointer_parts
from k6cfg.text.parser import parse
from k6cfg.text.tree import Array, Document, Member, Object, Value, plain

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = sorted(path.parent for path in (FIXTURES / "edits").glob("*/*/case.toml"))


def reach(document: Document, pointer: str) -> tuple[Object | Array | None, int, Member | None, Value | None]:
    """The holder, the index in it, the member and the value at a pointer; of duplicates the last."""
    holder: Object | Array | None = None
    index, member, value = 0, None, document.root
    for part in pointer_parts(pointer):
        if isinstance(value, Object):
            holder = value
            index = max(at for at, each in enumerate(value.members) if document.key(each) == part)
            member = value.members[index]
            value = member.value
        else:
            assert isinstance(value, Array)
            holder, index, member = value, int(part), None
            value = value.items[index]
    return holder, index, member, value


def edited(kind: str, document: Document, case: dict[str, Any]) -> tuple[Edit, ...]:
    holder, index, member, value = reach(document, case.get("pointer", ""))
    if kind == "insert":
        if isinstance(value, Array):
            return edits.append(document, value, case["value"])
        assert isinstance(value, Object)
        return edits.insert(document, value, case["key"], case["value"])
    if kind == "set":
        assert value is not None
        return edits.set_value(document, value, case["value"])
    if kind == "rename":
        assert member is not None
        return edits.rename(member, case["key"])
    assert holder is not None
    return edits.remove(document, holder, index)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_case(folder: Path, accept: bool) -> None:
    text = (folder / "input.json").read_bytes().decode()
    document = parse(text)
    found = apply_edits(text, edited(folder.parent.name, document, tomllib.loads((folder / "case.toml").read_text())))
    if accept:
        (folder / "expected.json").write_bytes(found.encode())
    assert found == (folder / "expected.json").read_bytes().decode()


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
STYLES = st.sampled_from(
    [
        {"indent": None, "separators": (",", ":")},
        {"indent": None, "separators": (", ", ": ")},
        {"indent": 2, "separators": (",", ": ")},
        {"indent": "\t", "separators": (",", " : ")},
    ]
)


def holders(document: Document) -> list[Object | Array]:
    return [node for node in document.walk() if isinstance(node, Object | Array)]


def changed_span(before: str, after: str) -> tuple[int, int]:
    head = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, len(before) - tail


@given(VALUES, STYLES, st.data(), st.text(max_size=4), VALUES, st.sampled_from(["\n", "\r\n"]))
def test_insert_adds_one_entry_and_removes_nothing(
    value: object, style: dict[str, Any], data: st.DataObject, key: str, new: object, newline: str
) -> None:
    text = json.dumps(value, **style).replace("\n", newline)
    document = parse(text)
    assume(holders(document))
    holder = data.draw(st.sampled_from(holders(document)))
    made = (
        edits.insert(document, holder, key, new) if isinstance(holder, Object) else edits.append(document, holder, new)
    )
    assert all(not text[edit.start : edit.end].strip() for edit in made)
    after = parse(apply_edits(text, made))
    assert not after.diagnostics
    if newline in text:
        assert "\n" not in after.text.replace(newline, "")
    grown = next(node for node in holders(after) if node.start == holder.start)
    entries = grown.members if isinstance(grown, Object) else grown.items
    before = holder.members if isinstance(holder, Object) else holder.items
    assert len(entries) == len(before) + 1
    last = entries[-1]
    assert plain(after, last.value if isinstance(last, Member) else last) == json.loads(json.dumps(new))


@given(VALUES, STYLES, st.data())
def test_insert_then_remove_gives_back_the_value(value: object, style: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(value, **style)
    document = parse(text)
    assume(holders(document))
    place = data.draw(st.integers(0, len(holders(document)) - 1))
    holder = holders(document)[place]
    made = edits.insert(document, holder, "new", 1) if isinstance(holder, Object) else edits.append(document, holder, 1)
    grown = parse(apply_edits(text, made))
    again = holders(grown)[place]
    entries = again.members if isinstance(again, Object) else again.items
    back = parse(apply_edits(grown.text, edits.remove(grown, again, len(entries) - 1)))
    assert not back.diagnostics
    assert plain(back, back.root) == json.loads(text)


@given(VALUES, STYLES, st.data())
def test_remove_takes_one_entry(value: object, style: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(value, **style)
    document = parse(text)
    full = [
        (at, node)
        for at, node in enumerate(holders(document))
        if (node.members if isinstance(node, Object) else node.items)
    ]
    assume(full)
    at, holder = data.draw(st.sampled_from(full))
    entries = holder.members if isinstance(holder, Object) else holder.items
    index = data.draw(st.integers(0, len(entries) - 1))
    after = parse(apply_edits(text, edits.remove(document, holder, index)))
    assert not after.diagnostics
    left = holders(after)[at]
    kept = [document.source(entry) for position, entry in enumerate(entries) if position != index]
    assert [after.source(entry) for entry in (left.members if isinstance(left, Object) else left.items)] == kept


@given(VALUES, STYLES, st.data(), SCALARS)
def test_set_changes_its_span_alone(value: object, style: dict[str, Any], data: st.DataObject, new: object) -> None:
    text = json.dumps(value, **style)
    document = parse(text)
    nodes = [node for node in document.walk() if not isinstance(node, Member)]
    node = data.draw(st.sampled_from(nodes))
    assert not isinstance(node, Member)
    (edit,) = edits.set_value(document, node, new)  # type: ignore[arg-type]
    assert (edit.start, edit.end) == node.span
    after = apply_edits(text, [edit])
    start, end = changed_span(text, after)
    assert start == end or (node.start <= start and end <= node.end)
    assert not [one for one in parse(after).diagnostics if one.severity is Severity.ERROR]


def test_a_member_without_key_cannot_be_renamed() -> None:
    document = parse('{{"a": 1}}')
    assert isinstance(document.root, Object)
    with pytest.raises(ValueError, match="no key"):
        edits.rename(document.root.members[0], "b")


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(OverlapError):
        apply_edits("abc", [Edit(0, 2, ""), Edit(1, 3, "")])
    with pytest.raises(OverlapError):
        apply_edits("abc", [Edit(2, 4, "")])
