"""A tag of the test or of a scenario has a name that k6 does not use itself."""

from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Diagnostic, Rule
from k6cfg.reading import Read, Reading, Script, name_of
from k6cfg.rules.finding import REMARKS, remark
from k6cfg.schema import Schema

RULE = Rule("reserved-tag", REMARKS, "A tag has the name of one that k6 sets itself.")

_ALWAYS: Final = frozenset({"scenario", "group", "vu", "iter"})
_NAME: Final = "name"


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """Sources: k6 2.2.0, internal/js/runner.go ``Activate``, lib/netext/httpext/transport.go; the same in 0.30.0."""
    own = _own_tags(reading, schema)
    scenarios = reading.get("scenarios")
    places = [reading.get("tags"), *(each.get("tags") for each in (scenarios.fields.values() if scenarios else ()))]
    for tags in places:
        for name, tag in (tags.fields if tags is not None else {}).items():
            if name in own:
                yield _remark(name, tag)


def _own_tags(reading: Reading, schema: Schema) -> frozenset[str]:
    """The tags that k6 sets: those of ``systemTags``, or its default."""
    chosen, known = reading.get("systemTags"), schema.find(("systemTags",))
    if chosen is not None:
        return frozenset(each.string for each in chosen.entries)
    default = known.default if known is not None else None
    return frozenset(map(str, default)) if isinstance(default, list) else frozenset()


def _remark(name: str, tag: Read) -> Diagnostic:
    if name == _NAME:
        effect = "gives every request this one name, so that their metrics cannot be told apart"
    elif name in _ALWAYS:
        effect = "has no effect: k6 sets this tag itself for every metric"
    else:
        effect = "has no effect on requests: k6 sets this tag itself for their metrics"
    return remark(RULE, tag, f"{name_of(tag)} {effect}", "give the tag another name")
