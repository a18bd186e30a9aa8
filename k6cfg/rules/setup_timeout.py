"""``setupTimeout`` is more than nothing."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script
from k6cfg.k6.grammars import parse_duration
from k6cfg.rules.builders import CHECKS, long_or_short, refused
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("setup-timeout", CHECKS, "The time for setup() is not more than nothing.")


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, lib/options.go, ``Validate``: "setupTimeout must be positive"; since when, the schema says."""
    timeout = reading.get("setupTimeout")
    above = timeout.known.exclusive_minimum if timeout is not None else None
    limit = parse_duration(above) if isinstance(above, str) else None
    if timeout is not None and isinstance(limit, int) and timeout.number <= limit:
        shown = long_or_short(timeout.number)
        yield refused(RULE, timeout, f"`setupTimeout` has to be more than 0, but is {shown}", "remove it for 60s")
