"""Threshold expressions, metric names and the statistics of trends."""

from functools import lru_cache
from typing import Final, NamedTuple

from k6cfg.k6.grammars.durations import parse_float
from k6cfg.k6.grammars.quote import Reason, quoted
from k6cfg.schema.versions import Version

_OPERATORS: Final = ("<=", "<", ">=", ">", "===", "==", "!=")
"""In the order in which k6 looks for them."""
_METHODS: Final = ("value", "count", "rate", "avg", "min", "max", "med", "p")
_STATISTICS: Final = ("avg", "min", "med", "max", "count")

PERCENTILES_ARE_CHECKED: Final = Version(2, 0, 0)

COUNTER, GAUGE, RATE, TREND = "counter", "gauge", "rate", "trend"
AGGREGATIONS: Final = {
    COUNTER: frozenset({"count", "rate"}),
    GAUGE: frozenset({"value"}),
    RATE: frozenset({"rate"}),
    TREND: frozenset({"avg", "min", "max", "med", "p"}),
}
"""Which aggregations k6 has for which type of metric. Source: k6 2.2.0, metrics/metric_type.go."""


class Threshold(NamedTuple):
    """One expression: the aggregation (``p`` for all percentiles), the comparison, the number."""

    method: str
    operator: str
    value: float


def threshold(text: str, version: Version) -> Threshold | Reason:
    """What an expression such as ``p(95) < 500`` means to k6 from 0.37.0 on.

    Source: k6 2.2.0, metrics/thresholds_parser.go.
    """
    return _remembered(text, version) if len(text) < _SHORT else _parsed(text, version)


_SHORT: Final = 80
"""Characters; what is longer is hardly an expression or a metric, and not kept."""


def _parsed(text: str, version: Version) -> Threshold | Reason:
    for operator in _OPERATORS:
        before, found, after = text.partition(operator)
        if found:
            break
    else:
        return "has no comparison; one looks like p(95)<500"
    method = _method(before.strip(_GO_SPACE), version)
    if method[1]:
        return method[1]
    value = parse_float(after.strip(_GO_SPACE))
    if isinstance(value, str):
        return f"compares with {quoted(after.strip())}, which is no plain number"
    return Threshold(method[0], operator, value)


_remembered: Final = lru_cache(maxsize=128)(_parsed)  # a rule and the judge ask for each


_GO_SPACE: Final = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # noqa: E501


def _method(text: str, version: Version) -> tuple[str, Reason]:
    if text in _METHODS:
        return text, ""
    if text.startswith("p(") and text.endswith(")"):
        percentile = parse_float(text[2:-1])
        if isinstance(percentile, str):
            return "", f"has the percentile {quoted(text)}; between the brackets there has to be a number"
        if version >= PERCENTILES_ARE_CHECKED and (percentile < 0 or percentile > 100):
            return "", f"has the percentile {quoted(text)}, which is not between 0 and 100"
        return "p", ""
    return "", f"starts with {quoted(text)}; k6 knows value, count, rate, avg, min, max, med and p(N)"


def metric_name(text: str) -> tuple[str, tuple[str, ...]] | Reason:
    """The metric and the tags that a key of ``thresholds`` names, such as ``http_reqs{status:200}``.

    Source: k6 2.2.0, metrics/metric.go, ``ParseMetricName``.
    """
    return _remembered_name(text) if len(text) < _SHORT else _parsed_name(text)


def _parsed_name(text: str) -> tuple[str, tuple[str, ...]] | Reason:
    opening, closing = text.find("{"), text.rfind("}")
    if opening < 0 and closing < 0:
        return text, ()
    if opening < 0:
        return "has a } that no { opens"
    if closing < 0:
        return "has a { that no } closes"
    if closing < opening or closing != len(text) - 1:
        return "has to end with the } that closes its tags"
    tags = text[opening + 1 : closing].split(",")
    for tag in tags:
        _, colon, value = tag.partition(":")
        if not colon or not value:
            return f"has the tag {quoted(tag)}; a tag looks like status:200"
    return text[:opening], tuple(tag.strip(_GO_SPACE) for tag in tags)


_remembered_name: Final = lru_cache(maxsize=128)(_parsed_name)


def trend_stat(text: str) -> Reason | None:
    """Why k6 refuses a column of the summary. Source: k6 2.2.0, "invalid trend stat"."""
    if text in _STATISTICS:
        return None
    if text.startswith("p(") and text.endswith(")"):
        percentile = parse_float(text[2:-1])
        if isinstance(percentile, str) or percentile < 0 or percentile > 100:
            return f"holds {quoted(text)}; between the brackets there has to be a number from 0 to 100"
        return None
    return f"holds {quoted(text)}; k6 knows avg, min, med, max, count and p(N)"


METRICS: Final = {
    "vus": GAUGE,
    "vus_max": GAUGE,
    "iterations": COUNTER,
    "iteration_duration": TREND,
    "dropped_iterations": COUNTER,
    "checks": RATE,
    "group_duration": TREND,
    "http_reqs": COUNTER,
    "http_req_failed": RATE,
    "http_req_duration": TREND,
    "http_req_blocked": TREND,
    "http_req_connecting": TREND,
    "http_req_tls_handshaking": TREND,
    "http_req_sending": TREND,
    "http_req_waiting": TREND,
    "http_req_receiving": TREND,
    "ws_sessions": COUNTER,
    "ws_msgs_sent": COUNTER,
    "ws_msgs_received": COUNTER,
    "ws_ping": TREND,
    "ws_session_duration": TREND,
    "ws_connecting": TREND,
    "grpc_req_duration": TREND,
    "data_sent": COUNTER,
    "data_received": COUNTER,
}
"""The metrics that k6 itself has before any script runs. Source: k6 2.2.0, metrics/builtin.go."""
