"""Single values into a file: repaired first where it must be, in as few characters as can be, proven."""

from collections.abc import Sequence
from typing import NamedTuple

from k6cfg.edits import insert, set_value
from k6cfg.engine import Checked, Plan, ProofError, Selection, change, check, plan_fixes
from k6cfg.location import pointer
from k6cfg.members import Found, find, is_null
from k6cfg.parser import SYNTAX, locate
from k6cfg.schema import Schema
from k6cfg.tree import Document, plain


class Refusal(Exception):  # noqa: N818 - it is no error of anybody's
    """A value cannot be put into the file. ``message`` goes on with a sentence that starts with the file's name."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.help = remedy


class Change(NamedTuple):
    """A file before (None: there was none) and after; ``repair`` is what had to be mended first."""

    before: Checked | None
    repair: Plan | None
    after: Checked


def put(data: bytes | None, schema: Schema, values: Sequence[tuple[tuple[str, ...], object]]) -> Change:
    """Put values at routes of keys (in k6's spelling), each into the member that k6 reads.

    ``data`` None is a file that does not exist yet. Nothing but these values changes; objects on the way are made where
    there are none.

    Raises:
        Refusal: the text is no JSON and not certain enough to repair, or something stands in the way of an object.
        ProofError: a bug of k6cfg.
    """
    before = check(data, schema, intent=False) if data is not None else None
    repair: Plan | None = None
    if before is None or _is_blank(before.document.text):
        current = check(b"{}\n", schema, intent=False)
    elif before.well_formed:
        current = before
    else:
        repair = plan_fixes(before, Selection(select=frozenset({SYNTAX})), unsafe=False)
        if repair.refused is not None:
            raise Refusal(
                f"is no JSON, and was not repaired: {repair.refused}",
                "k6cfg validate shows what is wrong, and k6cfg validate --fix what could be done",
            )
        current = repair.final
    for route, value in values:
        current = _put_one(current, schema, route, value)
    return Change(before, repair, current)


def _is_blank(text: str) -> bool:
    """Whether a file holds nothing at all, as an interrupted k6 login leaves it."""
    return not text.strip().strip("\ufeff")


def _put_one(current: Checked, schema: Schema, route: tuple[str, ...], value: object) -> Checked:
    document = current.document
    found = find(document, schema, route)
    rest = route[found.matched :]
    if found.member is not None and not rest:
        edits = set_value(document, found.member.value, value) if found.member.value is not None else ()
    elif found.parent is not None:
        edits = insert(document, found.parent, rest[0], _nested(rest[1:], value))
    else:
        holder = found.member.value if found.member is not None else document.root
        if not is_null(holder) or holder is None:
            name = ".".join(route[: found.matched]) or "the top of the file"
            raise Refusal(
                f"has something else than an object at {name}, so there is no place for {route[-1]}",
                "k6cfg validate shows what k6 makes of it; take that value out first",
            )
        edits = set_value(document, holder, _nested(rest, value))
    key = found.member.key if found.member is not None else None
    known = locate(document, key.start) if key is not None else _place(document, found)
    after = change(current, edits, (known + pointer(rest),), intent=False).after
    _prove_read(after, schema, route, value)
    return after


def _place(document: Document, found: Found) -> str:
    return locate(document, found.parent.start) if found.parent is not None else ""


def _prove_read(after: Checked, schema: Schema, route: tuple[str, ...], value: object) -> None:
    """What k6 will read at the route is what was put there."""
    found = find(after.document, schema, route)
    if found.member is None or found.matched < len(route) or plain(after.document, found.member.value) != value:
        raise ProofError("k6 would not read the new value")


def _nested(route: Sequence[str], value: object) -> object:
    for part in reversed(route):
        value = {part: value}
    return value
