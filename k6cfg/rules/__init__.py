"""What k6 checks once it has read the file, and what it takes though hardly anyone means it."""

from typing import Final

from k6cfg.diagnostics import Diagnostic
from k6cfg.judge import intended
from k6cfg.reading import Reading, Script
from k6cfg.rules import (
    browser_option,
    buffer_size,
    client_certificates,
    comma_list,
    dns_ttl,
    empty_tag,
    exec_function,
    execution,
    features,
    lone_vus,
    output_argument,
    output_settings,
    outputs,
    placeholder_token,
    reserved_tag,
    scenario_env,
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
    output_argument,
    output_settings,
    comma_list,
    features,
    buffer_size,
    placeholder_token,
    reserved_tag,
    browser_option,
    scenario_env,
)
RULES: Final = tuple(module.RULE for module in _RULES)


def check(reading: Reading, schema: Schema, script: Script, *, intent: bool = True) -> tuple[Diagnostic, ...]:
    """The findings of all rules, and what the schema does not intend though no rule and no reading spoke of it.

    Without ``intent`` the latter is not looked for: k6 accepts it, and finding it costs more than all the rest. k6
    stops at its first error; what it checks after reading is reported all the same. Each rule leaves out what depends
    on a value that k6 could not read.
    """
    found = [one for module in _RULES for one in module.check(reading, schema, script)]
    return (*found, *(intended(reading, schema, found) if intent else ()))
