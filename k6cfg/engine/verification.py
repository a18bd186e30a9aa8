"""The proof of a change, before anything is shown or written: it does what its edits promised, and nothing else."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from k6cfg.engine.checker import Checked
from k6cfg.text.diagnostics import Edit, apply_edits
from k6cfg.text.location import pointer
from k6cfg.text.tree import plain


class ProofError(Exception):
    """A change that k6cfg planned does not do what it promised: a bug of k6cfg. Holds no text of the file."""


def prove(before: Checked, after: Checked, edits: Sequence[Edit], pointers: Sequence[str]) -> None:
    """Check a change before anything is written.

    The new text has no syntax fault, the text outside the edits is the same, and values differ at ``pointers`` alone
    (a text that could not be parsed had no values to compare).

    Raises:
        ProofError: one of that does not hold.
    """
    if not after.well_formed:
        raise ProofError("the changed text is no JSON")
    if _outside(before.document.text, edits) != _outside(after.document.text, _inverse(edits)):
        raise ProofError("the text outside the edits changed")
    if before.well_formed:
        old, new = plain(before.document, before.document.root), plain(after.document, after.document.root)
        declared = sorted(set(pointers))
        for found in differing(old, new):
            if not _covered(found, declared):
                raise ProofError("a value changed that no fix had declared")


def _inverse(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that would take the new text back, without the text that they would put in."""
    made, shift = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start = edit.start + shift
        made.append(Edit(start, start + len(edit.text), ""))
        shift += len(edit.text) - (edit.end - edit.start)
    return tuple(made)


def _outside(text: str, edits: Sequence[Edit]) -> str:
    return apply_edits(text, [Edit(edit.start, edit.end, "") for edit in edits])


def _covered(found: str, declared: Sequence[str]) -> bool:
    """Return whether a difference at ``found`` is part of what was declared; ``declared`` is sorted.

    It is when it is at or below a declared pointer, or above one: an empty or absent holder had to be made for it.
    """
    below = bisect_left(declared, found + "/")
    if below < len(declared) and declared[below].startswith(found + "/"):
        return True
    end = len(found)
    while end >= 0:
        at = bisect_left(declared, found[:end])
        if at < len(declared) and declared[at] == found[:end]:
            return True
        end = found.rfind("/", 0, end)
    return False


class _Link(NamedTuple):
    parent: "_Link | None"
    part: str | int


_ABSENT: Final = object()


def differing(before: object, after: object) -> Iterator[str]:
    """The JSON Pointers of the scalars and empty containers that are not the same on both sides.

    ``1``, ``1.0`` and ``true`` differ. Iterative, so depth is no danger.
    """
    pending: list[tuple[object, object, _Link | None]] = [(before, after, None)]
    while pending:
        old, new, place = pending.pop()
        left, right = _entries(old), _entries(new)
        if not left and not right:
            if type(old) is not type(new) or old != new:
                yield _pointer(place)
            continue
        if not left and old is not _ABSENT:
            yield _pointer(place)
        if not right and new is not _ABSENT:
            yield _pointer(place)
        pending += [
            (left.get(part, _ABSENT), right.get(part, _ABSENT), _Link(place, part)) for part in {**left, **right}
        ]


def _entries(value: object) -> dict[str | int, object]:
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list):
        return dict(enumerate(value))
    return {}


def _pointer(place: _Link | None) -> str:
    parts: list[str | int] = []
    while place is not None:
        parts.append(place.part)
        place = place.parent
    return pointer(reversed(parts))
