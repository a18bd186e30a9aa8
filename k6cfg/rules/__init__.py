"""What k6 checks once it has read the file, and what it takes though hardly anyone means it."""

from typing import Final

from k6cfg.diagnostics import LOADING, Diagnostic, Severity
from k6cfg.judge import intended
from k6cfg.reading import Reading, Script
from k6cfg.rules import (
    buffer_size,
    client_certificates,
    dns_ttl,
    empty_tag,
    exec_function,
    execution,
    features,
    lone_vus,
    outputs,
    scenarios,
    segments,
    setup_timeout,
    stages,
    thresholds,
    trend_stats,
)
from k6cfg.schema import Schema

_RULES: Final = (
    execution,
    scenarios,
    exec_function,
    segments,
    setup_timeout,
    thresholds,
    trend_stats,
    dns_ttl,
    client_certificates,
    empty_tag,
    lone_vus,
    stages,
    outputs,
    features,
    buffer_size,
)
RULES: Final = tuple(module.RULE for module in _RULES)


def check(reading: Reading, schema: Schema, script: Script, *, intent: bool = True) -> tuple[Diagnostic, ...]:
    """The findings of all rules, and what the schema does not intend though no rule and no reading spoke of it.

    Without ``intent`` the latter is not looked for: k6 takes it, and finding it costs more than all the rest. Of a file
    that k6 cannot load, what it would refuse afterwards is left out: k6 does not come that far, and neither would who
    reads about it.
    """
    found = [one for module in _RULES for one in module.check(reading, schema, script)]
    others = intended(reading, schema, found) if intent else ()
    if any(one.refuses >= LOADING for one in reading.diagnostics):
        found = [one for one in found if one.severity is not Severity.ERROR]
    return (*found, *others)
