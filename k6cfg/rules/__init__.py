"""What k6 checks once it has read the file, and what it takes though hardly anyone means it."""

from typing import Final

from k6cfg.k6.decode import Reading, Script
from k6cfg.rules import (
    browser_option,
    buffer_size,
    client_certificate,
    comma_list,
    dns_ttl,
    empty_execution,
    empty_tag,
    exec_function,
    execution,
    lone_vus,
    output_argument,
    output_settings,
    placeholder_token,
    reserved_tag,
    scenario,
    scenario_env,
    segment_in_sequence,
    setup_timeout,
    threshold,
    trend_stat,
    unknown_feature,
    unknown_output,
)
from k6cfg.rules.judge import intended
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic

_RULES: Final = (
    execution,
    scenario,
    exec_function,
    segment_in_sequence,
    setup_timeout,
    threshold,
    trend_stat,
    dns_ttl,
    client_certificate,
    empty_tag,
    lone_vus,
    empty_execution,
    unknown_output,
    output_argument,
    output_settings,
    comma_list,
    unknown_feature,
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
