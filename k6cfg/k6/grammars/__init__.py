"""The small grammars in which k6's values are written, as Go and k6 read them. Pure functions, no I/O.

A function gives back what the text means, or says in words for a person why it means nothing (a ``Reason``).
"""

from k6cfg.k6.grammars.durations import dns_ttl, duration, parse_duration, parse_float, parse_int, show_duration
from k6cfg.k6.grammars.fuzzy_match import nearest
from k6cfg.k6.grammars.keypair import certificate, private_key, unrelated
from k6cfg.k6.grammars.network import (
    address_pool,
    cidr,
    host_address,
    host_pattern,
    host_with_address,
    hostname_pattern,
    ip_address,
)
from k6cfg.k6.grammars.quote import Reason, printable, quoted
from k6cfg.k6.grammars.references import reference_kind
from k6cfg.k6.grammars.segments import segment, sequence
from k6cfg.k6.grammars.strvals import strvals
from k6cfg.k6.grammars.thresholds import AGGREGATIONS, METRICS, Threshold, metric_name, threshold, trend_stat

__all__ = [
    "AGGREGATIONS",
    "METRICS",
    "Reason",
    "Threshold",
    "address_pool",
    "certificate",
    "cidr",
    "dns_ttl",
    "duration",
    "host_address",
    "host_pattern",
    "host_with_address",
    "hostname_pattern",
    "ip_address",
    "metric_name",
    "nearest",
    "parse_duration",
    "parse_float",
    "parse_int",
    "printable",
    "private_key",
    "quoted",
    "reference_kind",
    "segment",
    "sequence",
    "show_duration",
    "strvals",
    "threshold",
    "trend_stat",
    "unrelated",
]
