"""What k6 takes and what its authors intend: one finding for each fault, at the narrowest place."""

from collections.abc import Iterable, Iterator
from typing import Final

from k6cfg.k6.decode import BAD_DURATION, ODD_TYPE, Reading, read
from k6cfg.k6.decode import RULES as READING_RULES
from k6cfg.rules.deprecated_key import HISTORY_RULES, deprecated
from k6cfg.rules.schema_violation import INTENT_RULES, intended
from k6cfg.rules.unknown_key import KEY_RULES, unknown_keys
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Severity
from k6cfg.text.tree import Document

__all__ = ["JUDGE_RULES", "intended", "judge", "once"]

JUDGE_RULES: Final = (*READING_RULES, *KEY_RULES, *HISTORY_RULES, *INTENT_RULES)
"""All kinds of findings that reading and judging make."""


def judge(
    document: Document, schema: Schema, aside: frozenset[str] = frozenset()
) -> tuple[Reading, tuple[Diagnostic, ...]]:
    """Read a document that is JSON, and say what k6 refuses, reads otherwise, ignores or advises against.

    ``aside`` is that of ``Reading``. What k6 takes although the schema does not intend it follows from ``intended``,
    once the rules have spoken.
    """
    reading = read(document, schema, aside)
    return reading, (*reading.diagnostics, *unknown_keys(reading), *deprecated(reading))


def once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings without what k6 reads oddly where it refuses what it read: one fault, one finding."""
    found = tuple(found)
    refused = {one.pointer for one in found if one.severity is Severity.ERROR}
    for one in found:
        if one.severity is Severity.ERROR or one.rule not in _ODDITIES or one.pointer not in refused:
            yield one


_ODDITIES: Final = frozenset({ODD_TYPE, BAD_DURATION})
