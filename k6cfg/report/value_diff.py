"""Which values a change touches, as k6 reads them, without a secret: for people, as JSON, as a JSON Patch."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from k6cfg.engine import Checked
from k6cfg.engine.diff import AFTER, BEFORE, Change, changes
from k6cfg.k6.display import Leaf, Seen, as_json, holds_secret, seen, shown, written
from k6cfg.k6.secrets import MARK, key_without_secrets
from k6cfg.text.location import pointer, pointer_parts

_LONGEST: Final = 60


def between(before: Checked | None, after: Checked | None) -> tuple[Change, ...] | None:
    """The values that differ, as k6 reads them; a file that is not there sets nothing.

    None where one of the texts is no JSON, so that there are no values to compare.
    """
    old, new = _seen(before), _seen(after)
    return None if old is None or new is None else changes(old, new)


def _seen(checked: Checked | None) -> "Seen | None":
    if checked is None:
        return {}
    return seen(checked.reading, checked.secrets) if checked.reading is not None else None


# -- for people -------------------------------------------------------------------------------------------------------


def value_changes(before: Checked, after: Checked) -> Iterator[str]:
    """The changed values as lines such as ``vus: "5" becomes 6``; nothing where a side could not be parsed."""
    return lines(between(before, after) or ())


def lines(found: Sequence[Change]) -> Iterator[str]:
    """A line for each change."""
    for change in found:
        yield f"  {dotted(change.pointer)}: {_said(change)}"


def dotted(place: str) -> str:
    """A pointer as people write it; names that hold dots in quotes, as the commands take them."""
    parts = (f'"{part}"' if not part or set(part) & {".", '"', " "} else part for part in pointer_parts(place))
    return ".".join(map(key_without_secrets, parts)) or "the whole file"


def _said(change: Change) -> str:
    old, new = _short(change.before, BEFORE), _short(change.after, AFTER)
    if change.kind == "added":
        return f"is now {new}"
    if change.kind == "removed":
        return f"is gone; it was {old}"
    return f"{old} becomes {new}"


def _short(value: object, side: str) -> str:
    data = _masked(value, side)
    if data == MARK + side:
        return MARK + side
    text = as_json(data, ensure_ascii=False)
    if len(text) <= _LONGEST:
        return text
    if isinstance(value, Leaf) or not isinstance(data, dict | list):
        return text[:_LONGEST] + "..."
    if isinstance(data, dict):
        return f"an object with {len(data)} {'key' if len(data) == 1 else 'keys'}"
    return f"a list with {len(data)} {'entry' if len(data) == 1 else 'entries'}"


def _masked(value: object, side: str) -> object:
    """A side of a change without its secrets; a text with one in it says which side it is of."""
    if not isinstance(value, Leaf | dict | list):
        return None
    data = shown(value)
    return data.replace(MARK, MARK + side) if isinstance(data, str) and _is_secret(value) else data


def _is_secret(value: object) -> bool:
    return isinstance(value, Leaf | dict | list) and holds_secret(value)


# -- for programs -----------------------------------------------------------------------------------------------------


def as_data(found: Sequence[Change]) -> list[dict[str, object]]:
    """The changes as plain data for JSON; a missing side is left out."""
    made = []
    for change in found:
        entry: dict[str, object] = {"pointer": _pointer(change), "kind": change.kind}
        if change.kind != "added":
            entry["before"] = _masked(change.before, BEFORE)
        if change.kind != "removed":
            entry["after"] = _masked(change.after, AFTER)
        entry["secret"] = _secret(change)
        made.append(entry)
    return made


class Patch(NamedTuple):
    """Operations of a JSON Patch (RFC 6902), and how many more there are that would hold a secret."""

    operations: list[dict[str, object]]
    withheld: int


def as_patch(before: Checked | None, after: Checked | None) -> Patch | None:
    """The operations after which k6 reads from the first file what it reads from the second.

    Pointers spell keys as the first file does. A list is replaced as a whole where its length differs. Nothing that
    holds a secret is in it, be it only to be taken away. None where one of the texts is no JSON.
    """
    old, new = _seen(before), _seen(after)
    if old is None or new is None:
        return None
    operations: list[dict[str, object]] = []
    withheld = 0
    for change in changes(_by_length(old, new, first=True), _by_length(new, old, first=False)):
        if _secret(change):
            withheld += 1
            continue
        where = _spelled(before, pointer_parts(change.pointer))
        operation: dict[str, object] = {"op": _OPERATIONS[change.kind], "path": where}
        if change.kind != "removed":
            operation["value"] = written(change.after)  # type: ignore[arg-type]  # sides of trees are trees
        operations.append(operation)
    return Patch(operations, withheld)


_OPERATIONS: Final = {"added": "add", "removed": "remove", "changed": "replace"}


def _by_length(this: Seen, that: Seen, *, first: bool) -> Seen:
    """One of two trees, in which lists that differ in length are single leaves."""
    if isinstance(this, dict) and isinstance(that, dict):
        return {key: _by_length(each, that[key], first=first) if key in that else each for key, each in this.items()}
    if isinstance(this, list) and isinstance(that, list):
        if len(this) == len(that):
            return [_by_length(*pair, first=first) for pair in zip(this, that, strict=True)]
        whole = written(this)
        return Leaf(("list", first), whole, MARK if holds_secret(this) else whole, "")
    return this


def _spelled(before: Checked | None, parts: Sequence[str]) -> str:
    """The pointer to a place with keys as a file writes them, as far as it has them."""
    found = before.reading.root if before is not None and before.reading is not None else None
    written_as = ""
    for index, part in enumerate(parts):
        inner = None
        if found is not None:
            inner = found.fields.get(part)
            if inner is None and part.isdecimal() and int(part) < len(found.entries):
                inner = found.entries[int(part)]
        if inner is None or inner.place is None or inner.text is None:
            return written_as + pointer(parts[index:])
        found, written_as = inner, inner.pointer
    return written_as


def _pointer(change: Change) -> str:
    return "/".join(map(key_without_secrets, change.pointer.split("/")))


def _secret(change: Change) -> bool:
    return _pointer(change) != change.pointer or any(map(_is_secret, (change.before, change.after)))
