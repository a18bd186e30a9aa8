"""Every entry of a list stands in quotes of its own."""

from collections.abc import Iterator

from k6cfg.k6.decode import Read, Reading, Script, name_of, separated
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("comma-list", REMARKS, "One entry of a list holds several, with commas between them.")


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """The lists whose entries k6 does not check while it loads the file; what it checks is reported there."""
    lists = [reading.get("out")]
    collectors = reading.get("collectors")
    for collector in collectors.fields.values() if collectors is not None else ():
        lists += [collector.get("tagsAsFields"), collector.get("trendStats")]
    for found in lists:
        for entry in found.entries if found is not None else ():
            if not entry.failed and separated(entry) is not None:
                yield _several(entry)


def _several(entry: Read) -> Diagnostic:
    return remark(RULE, entry, f"{name_of(entry)} holds several entries with commas; k6 reads them as one")
