"""``executionSegment`` is one of the segments of ``executionSegmentSequence``."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script
from k6cfg.k6.grammars.segments import whole
from k6cfg.rules.builders import CHECKS, refused
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("segment-in-sequence", CHECKS, "The execution segment is none of those of the sequence.")


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, lib/options.go, ``Validate``: "can't be found in sequence". Without a segment it is all of the test."""
    sequence = reading.get("executionSegmentSequence")
    if sequence is None or not isinstance(sequence.value, tuple):
        return
    own = reading.root.fields.get("executionSegment")
    if own is not None and own.failed:
        return
    segment = own.value if own is not None and own.valid else whole()
    if segment not in sequence.value:
        parts = ", ".join(f'"{each}"' for each in sequence.value[:5])
        yield refused(
            RULE,
            own if own is not None and own.valid else sequence,
            f'the segment "{segment}" is none of those that `executionSegmentSequence` makes',
            f"set `executionSegment` to one of {parts}" if parts else "name at least two points, such as 0,1",
        )
