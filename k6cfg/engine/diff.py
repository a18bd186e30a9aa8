"""What differs between two texts: as a text diff, and as values by pointer."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from k6cfg.k6.secrets import MARK, with_those_of
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span, pointer

BEFORE: Final = " (before)"
AFTER: Final = " (after)"
_CONTEXT: Final = 3
_LINE: Final = late(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class Side(NamedTuple):
    """A text with the spans of its secrets (as ``masking.secrets`` gives them)."""

    text: str
    secrets: Sequence[Span]


def text_diff(before: Side, after: Side, name: str, other: str | None = None) -> str:
    """A unified diff in which no secret appears; ``""`` when the texts are equal.

    ``other`` is the name of the second file where it is not the first one, changed.

    A secret is ``***``; where it is not the same on both sides of a change, it says on which side it is.
    """
    if before.text == after.text:
        return ""
    numbers: dict[str, int] = {}
    old, new = _stood_in(_informed(before, after), numbers), _stood_in(_informed(after, before), numbers)
    lines = difflib.unified_diff(old, new, f"{name}{BEFORE}", f"{other or name}{AFTER}", n=_CONTEXT)
    return "".join(_masked(_printable(line) for line in lines))


def _informed(side: Side, other: Side) -> Side:
    """A side that knows the secrets of the other: a broken text hides whose value something is, a mended one says."""
    return Side(side.text, with_those_of(side.text, side.secrets, other.text, other.secrets))


# While lines are compared, a number stands for each secret, so that two different ones are not the same line.
# No decoded text holds these two characters.
_OPEN, _CLOSE = "\ud800", "\ud801"
_STAND_IN: Final = late(f"{_OPEN}([0-9]+){_CLOSE}")


def _stood_in(side: Side, numbers: dict[str, int]) -> list[str]:
    pieces: list[str] = []
    at = 0
    for span in side.secrets:
        number = numbers.setdefault(side.text[span.start : span.end], len(numbers))
        pieces += (side.text[at : span.start], f"{_OPEN}{number}{_CLOSE}")
        at = span.end
    pieces.append(side.text[at:])
    return _LINE.findall("".join(pieces))


def _masked(lines: Iterable[str]) -> Iterator[str]:
    """The lines with ``***`` for what stands for a secret; in a change, the secrets that differ say on which side."""
    block: list[str] = []
    for line in lines:
        if line.startswith(("-", "+")) and not line.startswith(("---", "+++")):
            block.append(line)
            continue
        yield from _block(block)
        block = []
        yield _STAND_IN.sub(MARK, line)
    yield from _block(block)


def _block(lines: Sequence[str]) -> Iterator[str]:
    sides = {sign: [number for line in lines if line[0] == sign for number in _STAND_IN.findall(line)] for sign in "-+"}
    aligned = len(sides["-"]) == len(sides["+"])
    for sign, label in (("-", BEFORE), ("+", AFTER)):
        others = iter(sides["+" if sign == "-" else "-"])
        known = set(sides["+" if sign == "-" else "-"])

        def mark(
            found: re.Match[str], label: str = label, others: Iterator[str] = others, known: set[str] = known
        ) -> str:
            same = next(others) == found[1] if aligned else found[1] in known
            return MARK if same else MARK + label

        for line in lines:
            if line[0] == sign:
                yield _STAND_IN.sub(mark, line)


def _printable(line: str) -> str:
    """A line of the diff that ends in one line feed, whatever it ended in, and acts on no terminal."""
    body = line.rstrip("\r\n")
    ending = "" if body != line else "\\ No newline at end of file\n"
    return "".join(each if each in _PLAIN or each.isprintable() else _escaped(each) for each in body) + "\n" + ending


_PLAIN: Final = frozenset({"\t", _OPEN, _CLOSE})


def _escaped(letter: str) -> str:
    return ascii(letter)[1:-1]


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

    from k6cfg.k6.display import Leaf

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
