"""Thresholds: expressions that k6 can read, on metrics that have what they ask for."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script, expression, name_of
from k6cfg.k6.grammars import AGGREGATIONS, METRICS, metric_name, nearest, quoted, threshold
from k6cfg.k6.grammars.fuzzy_match import CLOSE
from k6cfg.rules.builders import CHECKS, corrected, refused, remark
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.lazy_regex import late

RULE = Rule("threshold", CHECKS, "A threshold is not written as k6 reads it, or asks what its metric does not have.")

EXPRESSIONS: Final = Version(0, 37, 0)
"""Before, thresholds were JavaScript."""
METRICS_ARE_CHECKED: Final = Version(0, 38, 0)
_NEAR: Final = 0.92
_PERCENTILE: Final = late(r"^\s*p\(?(\d+(?:\.\d+)?)\)?(?=\s*[<>=!])", re.ASCII)

_TURNED: Final = late("=([<>])(?!=)")
_UNIT: Final = late(r"(.*[<>=]\s*)(\d+(?:\.\d+)?)\s*(ms|s|%)\s*", re.ASCII)


def check(reading: Reading, schema: Schema, script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, metrics/thresholds.go, ``Parse`` and ``Validate``."""
    thresholds = reading.get("thresholds")
    if thresholds is None or schema.version < EXPRESSIONS:
        return
    metrics = {**METRICS, **(script.metrics or {})}
    for name, entry in thresholds.fields.items():
        if entry.failed:
            continue
        type_ = None
        if schema.version >= METRICS_ARE_CHECKED:
            found = metric_name(name)
            if isinstance(found, str):
                yield refused(RULE, entry, f"{name_of(entry)} is no name of a metric: it {found}")
                continue
            type_ = metrics.get(found[0])
            if type_ is None:
                yield from _unknown(entry, found[0], metrics, known=script.metrics is not None)
        for each in entry.entries:
            yield from _expression(each, schema.version, name, type_)


def _unknown(entry: Read, name: str, metrics: Mapping[str, str], *, known: bool) -> Iterator[Diagnostic]:
    near = nearest(name, metrics, CLOSE if known else _NEAR)
    help_ = f"did you mean `{near}`?" if near is not None else None
    if known:
        yield refused(RULE, entry, f"there is no metric {quoted(name)}", help_)
    elif near is not None or not name:
        message = f"k6 itself has no metric {quoted(name)}; unless the script makes one, it refuses to run"
        yield remark(RULE, entry, message, help_)


_TEXT: Final = "threshold"


def _expression(read: Read, version: Version, name: str, type_: str | None) -> Iterator[Diagnostic]:
    text = expression(read)
    if read.failed or (text is not None and text.failed):
        return
    place = text or read
    parsed = threshold(place.string, version)
    if isinstance(parsed, str):
        if not place.string:
            parsed = "says nothing"
        message = "an empty threshold" if not place.string else f"the threshold {quoted(place.string)}"
        better, why, certain = _better(place.string)
        if better == place.string or isinstance(threshold(better, version), str):
            help_, fix = 'write it like "p(95)<500", "rate<0.01" or "count>100"', None
        else:
            help_, fix = f"write {quoted(better)}{why}", corrected(place, better, certain=certain)
        lacks = (_TEXT,) if text is None and isinstance(read.value, dict) else ()
        yield refused(RULE, place, f"{message} {parsed}", help_, fix, lacks=lacks)
    elif type_ is not None and parsed.method not in AGGREGATIONS[type_]:
        known = ", ".join(_shown(each) for each in sorted(AGGREGATIONS[type_]))
        yield refused(
            RULE,
            place,
            f"{quoted(name)} is a {type_}, which has no {_shown(parsed.method)}",
            f"a {type_} has {known}",
        )


def _better(text: str) -> tuple[str, str, bool]:
    """What was probably meant, why it is written so, and whether there is no doubt: ``p95``, ``500ms``, ``1%``."""
    better = _TURNED.sub(r"\1=", _PERCENTILE.sub(r"p(\1)", text))
    found = _UNIT.fullmatch(better)
    if found is None:
        return better, "", True
    before, number, unit = found.groups()
    if unit == "%":
        return f"{before}{float(number) / 100:g}", "; a rate goes from 0 to 1", False
    milliseconds = float(number) * (1000 if unit == "s" else 1)
    return f"{before}{milliseconds:g}", "; k6 counts times in milliseconds", False


def _shown(method: str) -> str:
    return "p(N)" if method == "p" else method
