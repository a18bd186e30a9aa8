"""What k6 takes and what its authors intend: one finding for each fault, at the narrowest place."""

from typing import Final

from k6cfg.diagnostics import Diagnostic
from k6cfg.judge.history import HISTORY_RULES, deprecated
from k6cfg.judge.intent import INTENT_RULES, intended
from k6cfg.judge.keys import KEY_RULES, unknown_keys
from k6cfg.reading import RULES as READING_RULES
from k6cfg.reading import Reading, read
from k6cfg.schema import Schema
from k6cfg.tree import Document

__all__ = ["JUDGE_RULES", "intended", "judge"]

JUDGE_RULES: Final = (*READING_RULES, *KEY_RULES, *HISTORY_RULES, *INTENT_RULES)
"""All kinds of findings that reading and judging make."""


def judge(document: Document, schema: Schema) -> tuple[Reading, tuple[Diagnostic, ...]]:
    """Read a document that is JSON, and say what k6 refuses, reads otherwise, ignores or advises against.

    What k6 takes although the schema does not intend it follows from ``intended``, once the rules have spoken.
    """
    reading = read(document, schema)
    return reading, (*reading.diagnostics, *unknown_keys(reading), *deprecated(reading))
