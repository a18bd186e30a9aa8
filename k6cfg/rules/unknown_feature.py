"""``features`` names features that k6 has."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script, name_of
from k6cfg.k6.grammars import nearest, quoted
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("unknown-feature", REMARKS, "A feature that this k6 does not have.")


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0 logs an error for a feature that it does not know, and runs without it."""
    features = reading.get("features")
    for entry in features.entries if features is not None else ():
        for name in (each.strip() for each in entry.string.split(",")):
            if entry.failed or not name or name in entry.known.known:
                continue
            since = entry.known.enum_since.get(name)
            later = since is not None and schema.version < since
            what = f"came with k6 {since}" if later else "is none that k6 knows"
            near = nearest(name.lower(), entry.known.known)
            message = f"{name_of(entry)}: the feature {quoted(name)} {what}; k6 logs an error and runs without it"
            yield remark(RULE, entry, message, f"did you mean `{near}`?" if near is not None else None)
