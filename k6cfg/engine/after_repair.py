"""What is wrong with the values of a broken text, so that its syntax errors do not hide it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from k6cfg.engine.checker import Checked, check_values, knowing
from k6cfg.text.diagnostics import NOTHING, Diagnostic, Edit, apply_edits
from k6cfg.text.encoding import UTF_8
from k6cfg.text.location import Span
from k6cfg.text.parser import parse

if TYPE_CHECKING:
    from k6cfg.k6.decode import Script


def with_repaired(checked: Checked, script: "Script | None" = None) -> Checked:
    """Return the same check with the findings about the repaired text, where the repair is complete.

    Each is shown where its text stands in the broken one, is marked (``after_repair``), refuses nothing more than the
    broken text does, and has no fix: that applies to the repaired text.
    """
    if not checked.repairable:
        return checked
    edits = sorted(edit for one in checked.diagnostics if one.fix is not None for edit in one.fix.edits)
    document = parse(apply_edits(checked.document.text, edits), UTF_8)
    if document.root is None:
        return checked
    repaired = knowing(check_values(b"", document, checked.schema, script), checked)
    origin = _Origin(edits)
    known = {(one.rule, one.span) for one in checked.diagnostics}
    found = [
        replace(
            one,
            message=f"after repair: {one.message}",
            span=span,
            fix=None,
            refuses=NOTHING,
            after_repair=True,
        )
        for one in repaired.diagnostics
        # What the repair put in was not written by anybody.
        if (span := origin.span(one)) is not None and (one.rule, span) not in known
    ]
    return replace(checked, diagnostics=tuple(sorted((*checked.diagnostics, *found), key=lambda one: one.span)))


class _Origin:
    """Where the characters of an edited text were before the edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._starts: list[int] = []
        shift = 0
        for edit in edits:
            self._starts.append(edit.start + shift)
            shift += len(edit.text) - (edit.end - edit.start)

    def span(self, found: Diagnostic) -> Span | None:
        """The span of a finding before the edits; None where all of it is new."""
        start, end = self._offset(found.span.start), self._offset(found.span.end)
        return None if start == end and found.span.start < found.span.end else Span(start, max(start, end))

    def _offset(self, offset: int) -> int:
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        edit, start = self._edits[index], self._starts[index]
        inside = offset - start
        return edit.start if inside < len(edit.text) else edit.end + inside - len(edit.text)
