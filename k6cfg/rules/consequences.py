"""A misspelt key and what k6 makes of its absence are one fault, and so one finding."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from k6cfg.k6.decode import Reading, Unknown
from k6cfg.rules import lone_vus, segment_in_sequence
from k6cfg.rules.unknown_key import UNKNOWN
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity

_MISSED_AT_THE_TOP: Final[dict[Rule, tuple[str, ...]]] = {
    lone_vus.RULE: lone_vus.DRIVERS,
    segment_in_sequence.RULE: ("executionSegment",),
}
"""Rules about one value that speak because another is not there."""


def told_once(reading: Reading, judged: Iterable[Diagnostic], ruled: Iterable[Diagnostic]) -> list[Diagnostic]:
    """All findings; of a key that is surely a misspelt one and is missed for it, the two as one, at the key."""
    unknown = {one.place.pointer: one for one in reading.unknown if not one.refused}
    rest = list(ruled)
    found = []
    for one in judged:
        key = unknown.get(one.pointer) if one.rule is UNKNOWN and one.fix is not None else None
        missed = next(_missing(rest, key, one), None) if key is not None else None
        if missed is not None:
            rest.remove(missed)
            what = f"{one.message.partition('; ')[0]}, so {missed.message}"
            worse, other = (missed, one) if missed.severity is Severity.ERROR else (one, missed)
            one = replace(  # noqa: PLW2901 - it in full
                one, rule=worse.rule, severity=worse.severity, message=what, refuses=missed.refuses, also=other.rule
            )
        found.append(one)
    return [*found, *rest]


def _missing(ruled: Iterable[Diagnostic], unknown: Unknown, found: Diagnostic) -> Iterator[Diagnostic]:
    """The findings that are there because a key is misspelt; the right one is what its fix writes."""
    name = found.fix.edits[0].text.strip('"') if found.fix is not None else ""
    within = unknown.within
    for one in ruled:
        if within.place is None:
            if name in _MISSED_AT_THE_TOP.get(one.rule, ()):
                yield one
        elif one.lacks == (name,) and one.pointer == within.pointer:
            yield one
