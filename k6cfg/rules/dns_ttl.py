"""``dns.ttl`` is a time to live."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script
from k6cfg.k6.grammars import dns_ttl
from k6cfg.rules.builders import CHECKS, refused
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("dns-ttl", CHECKS, "The time to live of DNS answers is none.")


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, js/runner.go: "invalid DNS TTL"."""
    ttl = reading.get("dns", "ttl")
    reason = dns_ttl(ttl.string, schema.version) if ttl is not None else None
    if ttl is not None and reason is not None:
        yield refused(RULE, ttl, f"`ttl` {reason}", 'write a duration such as "5m", "0" for no cache, or "inf"')
