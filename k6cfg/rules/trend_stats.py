"""``summaryTrendStats`` holds columns that k6 can compute."""

from collections.abc import Iterator

from k6cfg.diagnostics import Diagnostic, Rule
from k6cfg.formats import trend_stat
from k6cfg.reading import Reading, Script, name_of
from k6cfg.rules.finding import CHECKS, refused
from k6cfg.schema import Schema

RULE = Rule("trend-stat", CHECKS, "A column of the summary is none that k6 knows.")


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, cmd/config.go: "invalid trend stat"."""
    stats = reading.get("summaryTrendStats")
    for entry in stats.entries if stats is not None else ():
        reason = None if entry.failed else trend_stat(entry.string)
        if reason is not None:
            yield refused(RULE, entry, f"{name_of(entry)} {reason}")
