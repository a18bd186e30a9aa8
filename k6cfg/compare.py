"""What differs between two texts: as a text diff, and as values by pointer."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from k6cfg.location import Span, pointer
from k6cfg.masking import MARK

BEFORE: Final = " (before)"
AFTER: Final = " (after)"
_CONTEXT: Final = 3
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class Side(NamedTuple):
    """A text with the spans of its secrets (as ``masking.secrets`` gives them)."""

    text: str
    secrets: Sequence[Span]


def text_diff(before: Side, after: Side, name: str, other: str | None = None) -> str:
    """A unified diff in which no secret appears; ``""`` when the texts are equal.

    ``other`` is the name of the second file where it is not the first one, changed.

    A secret that both sides hold is ``***``; one that only one side holds says which side that is.
    """
    if before.text == after.text:
        return ""
    kept = set(_values(before)) & set(_values(after))
    old, new = _shown(before, kept, BEFORE), _shown(after, kept, AFTER)
    lines = difflib.unified_diff(old, new, f"{name}{BEFORE}", f"{other or name}{AFTER}", n=_CONTEXT)
    return "".join(_printable(line) for line in lines)


def _values(side: Side) -> Iterator[str]:
    return (side.text[span.start : span.end] for span in side.secrets)


def _shown(side: Side, kept: set[str], label: str) -> list[str]:
    pieces: list[str] = []
    at = 0
    for span, value in zip(side.secrets, _values(side), strict=True):
        pieces += (side.text[at : span.start], MARK if value in kept else MARK + label)
        at = span.end
    pieces.append(side.text[at:])
    return _LINE.findall("".join(pieces))


def _printable(line: str) -> str:
    """A line of the diff that ends in one line feed, whatever it ended in."""
    body = line.rstrip("\r\n")
    return f"{body}\n" if body != line else f"{body}\n\\ No newline at end of file\n"


class Change(NamedTuple):
    """One value that differs. ``kind`` is ``added``, ``removed`` or ``changed``; the missing side is None.

    Each side is plain data or, where trees of ``values`` were compared, such a tree.
    """

    pointer: str
    kind: str
    before: object
    after: object


_KINDS: Final = {
    "dictionary_item_added": "added",
    "iterable_item_added": "added",
    "dictionary_item_removed": "removed",
    "iterable_item_removed": "removed",
}


def changes(before: object, after: object) -> tuple[Change, ...]:
    """The values that differ between two pieces of plain data or two trees of ``values``, by their pointers.

    Leaves that mean the same to k6 do not differ, however they are written.
    """
    from deepdiff import DeepDiff
    from deepdiff.operator import BaseOperatorPlus

    from k6cfg.values import Leaf

    class AsRead(BaseOperatorPlus):
        """Leaves are compared by what they mean."""

        def match(self, level: Any) -> bool:  # noqa: ANN401 - deepdiff has no type for it
            return isinstance(level.t1, Leaf) or isinstance(level.t2, Leaf)

        def give_up_diffing(self, level: Any, diff_instance: Any) -> bool:  # noqa: ANN401
            one, other = level.t1, level.t2
            if not (isinstance(one, Leaf) and isinstance(other, Leaf) and one.means == other.means):
                diff_instance.custom_report_result("differs", level)
            return True

        def normalize_value_for_hashing(self, parent: Any, obj: Any) -> Any:  # noqa: ANN401, ARG002
            return obj

    # threshold_to_diff_deeper: at its default, a renamed key is reported as one change of the whole document.
    found = DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0, custom_operators=[AsRead()])
    made = []
    for name, levels in found.items():
        kind = _KINDS.get(name, "changed")
        for level in levels:
            old, new = (None if kind == "added" else level.t1), (None if kind == "removed" else level.t2)
            made.append(Change(pointer(level.path(output_format="list")), kind, old, new))
    return tuple(sorted(made, key=lambda change: change.pointer))
