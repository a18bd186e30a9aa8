"""Edits of an edited text as edits of the original one, so that repairs can be found one upon the other.

A wrapper is taken off first, and what is left is repaired; what the user sees are places in the file as it is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from k6cfg.repairer.search.state import Step
from k6cfg.text.diagnostics import Edit, apply_edits


class _Piece(NamedTuple):
    """A replacement: where it stands in the edited text, and the edit of the original that made it."""

    start: int
    end: int
    edit: Edit


class Layer:
    """A text and what edits make of it. ``edits`` must be sorted and must not overlap."""

    def __init__(self, text: str, edits: Sequence[Edit]) -> None:
        self.text = apply_edits(text, edits)
        self._pieces: list[_Piece] = []
        shift = 0
        for edit in edits:
            start = edit.start + shift
            self._pieces.append(_Piece(start, start + len(edit.text), edit))
            shift += len(edit.text) - (edit.end - edit.start)
        self._starts = [piece.start for piece in self._pieces]

    def offset(self, offset: int, *, after: bool = False) -> int:
        """Where an offset of the edited text is in the original; ``after`` what was removed there, or before it."""
        index = bisect_right(self._starts, offset) - 1
        if not after:
            while index >= 0 and self._pieces[index].start == offset:
                index -= 1
        if index < 0:
            return offset
        piece = self._pieces[index]
        if offset < piece.end:
            return piece.edit.end if after else piece.edit.start
        return offset - piece.end + piece.edit.end

    def edit(self, edit: Edit) -> Edit:
        """An edit of the edited text as one of the original; what it touches of our own replacements it takes along."""
        touched = self._touched(edit)
        if not touched:
            if edit.start == edit.end:
                start = self.offset(edit.start)
                return Edit(start, start, edit.text)
            return Edit(self.offset(edit.start, after=True), self.offset(edit.end), edit.text)
        first, last = touched[0], touched[-1]
        start, end, text = edit.start, edit.end, edit.text
        if first.start < start:
            text = self.text[first.start : start] + text
            start = first.start
        if last.end > end:
            text += self.text[end : last.end]
            end = last.end
        left = first.edit.start if first.start == start else self.offset(start, after=True)
        right = last.edit.end if last.end == end else self.offset(end)
        return Edit(min(left, first.edit.start), max(right, last.edit.end), text)

    def _touched(self, edit: Edit) -> list[_Piece]:
        """The replacements that an edit overlaps."""
        index = max(0, bisect_right(self._starts, edit.start) - 1)
        found: list[_Piece] = []
        while index < len(self._pieces) and self._pieces[index].start < edit.end + 1:
            piece = self._pieces[index]
            if (
                (piece.start < edit.end and edit.start < piece.end)
                or (piece.start == piece.end and edit.start < piece.start < edit.end)
                or (edit.start == edit.end and piece.start < edit.start < piece.end)
            ):
                found.append(piece)
            index += 1
        return found

    def step(self, one: Step) -> Step:
        """A step in the edited text as one in the original."""
        start = self.offset(one.start, after=one.start < one.end)
        end = max(start, self.offset(one.end))
        detail = str(self.offset(int(one.detail), after=True)) if one.slip == "close" else one.detail
        return one._replace(start=start, end=end, edits=tuple(map(self.edit, one.edits)), detail=detail)


def down(layers: Iterable[Layer], one: Step) -> Step:
    """A step in the text of the first layer as one in the text that the last layer was made from."""
    for layer in layers:
        one = layer.step(one)
    return one


def settled(steps: Iterable[Step]) -> list[Step] | None:
    """Steps whose edits do not overlap: what a larger edit takes away goes with it. ``None``: that cannot be done."""
    listed = list(steps)
    larger = sorted((edit.start, edit.end, index) for index, one in enumerate(listed) for edit in one.edits)
    larger = [entry for entry in larger if entry[0] < entry[1]]
    starts = [start for start, _, _ in larger]
    kept: list[Step] = []
    for index, one in enumerate(listed):
        place = bisect_right(starts, one.start) - 1
        swallowed = (
            one.start < one.end
            and place >= 0
            and larger[place][2] != index
            and larger[place][1] >= one.end
            and larger[place][1] - larger[place][0] > sum(edit.end - edit.start for edit in one.edits)
        )
        if not swallowed:
            kept.append(one)
    kept = _without_inner(kept)
    done = 0
    for edit in sorted((edit for one in kept for edit in one.edits), key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            return None
        done = edit.end
    return kept


def _without_inner(steps: list[Step]) -> list[Step]:
    """The steps without the edits that lie inside an edit of a later one, which takes them along."""
    inner: set[tuple[int, Edit]] = set()
    outer, owner = Edit(0, 0, ""), -1
    listed = [(edit, index) for index, one in enumerate(steps) for edit in one.edits]
    for edit, index in sorted(listed, key=lambda entry: (entry[0].start, -entry[0].end, -entry[1])):
        if edit.start < edit.end and edit.end <= outer.end and index < owner:
            inner.add((index, edit))
        elif edit.start < edit.end and edit.end > outer.end:
            outer, owner = edit, index
    if not inner:
        return steps
    kept = []
    for index, one in enumerate(steps):
        edits = tuple(edit for edit in one.edits if (index, edit) not in inner)
        if edits or not one.edits:
            kept.append(one._replace(edits=edits))
    return kept
