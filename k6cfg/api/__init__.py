"""k6cfg for programs: functions of texts. They read and write no file, print nothing, and answer as the commands do."""

from k6cfg.api.documents import diff, effective_options, explain, fix, json_schema, migrate, repair, validate
from k6cfg.api.results import (
    Changed,
    Difference,
    EffectiveOptions,
    Finding,
    Fix,
    Migrated,
    Move,
    Position,
    Refused,
    Validation,
)
from k6cfg.api.values import get_value, remove_token, set_token, set_value, unset_value
from k6cfg.text.diagnostics import Edit

__all__ = [
    "Changed",
    "Difference",
    "Edit",
    "EffectiveOptions",
    "Finding",
    "Fix",
    "Migrated",
    "Move",
    "Position",
    "Refused",
    "Validation",
    "diff",
    "effective_options",
    "explain",
    "fix",
    "get_value",
    "json_schema",
    "migrate",
    "remove_token",
    "repair",
    "set_token",
    "set_value",
    "unset_value",
    "validate",
]
