"""``summaryTrendStats`` holds columns that k6 can compute."""

import re
from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Reading, Script, name_of
from k6cfg.k6.grammars import trend_stat
from k6cfg.rules.builders import CHECKS, corrected, refused
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.lazy_regex import late

RULE = Rule("trend-stat", CHECKS, "A column of the summary is none that k6 knows.")

_PERCENTILE: Final = late(r"[pP]?\(?(\d+(?:\.\d+)?)\)?", re.ASCII)


CHECKED: Final = Version(0, 26, 0)
"""The first k6 that checks the file's columns while it loads the file; earlier ones check the flag only."""


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, cmd/config.go: "invalid trend stat"."""
    if schema.version < CHECKED:
        return
    stats = reading.get("summaryTrendStats")
    for entry in stats.entries if stats is not None else ():
        reason = None if entry.failed else trend_stat(entry.string)
        if reason is not None:
            found = _PERCENTILE.fullmatch(entry.string)
            better = f"p({found.group(1)})" if found else ""
            fixed = bool(better) and trend_stat(better) is None
            help_, fix = (f'write "{better}"', corrected(entry, better)) if fixed else (None, None)
            yield refused(RULE, entry, f"{name_of(entry)} {reason}", help_, fix)
