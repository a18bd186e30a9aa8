"""A tag of the test or of a scenario does not have the name of one that k6 sets."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script, name_of
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("reserved-tag", REMARKS, "A tag has the name of one that k6 sets itself.")

NAME: Final = "name"
"""The tag that k6 does not overwrite but obeys: the script gives it to single requests."""
_SCENARIO: Final = "scenario"
"""The tag in which k6 puts the name of the scenario; a tag with that value says the same."""
_HELP: Final = "give the tag another name"


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """Sources: js/runner.go ``Activate``, lib/netext/httpext/transport.go and modules/k6/k6.go, from k6 0.21 to 2.2.0.

    Since 0.41.0 ``vu`` and ``iter`` are no tags but metadata, which does not touch tags. ``service`` and ``subproto``
    are set on gRPC calls and WebSockets alone, so that most scripts may use these names.
    """
    own = _own_tags(reading, schema)
    names = schema.find(("systemTags", 0))
    where = names.overwritten if names is not None else {}
    scenarios = reading.get("scenarios")
    holders = (scenarios.fields if scenarios is not None else {}).items()
    for scenario, holder in [(None, reading.root), *holders]:
        tags = holder.get("tags")
        for name, tag in (tags.fields if tags is not None else {}).items():
            if tag.failed or (name == _SCENARIO and tag.string == scenario):
                continue
            if name in own and name in where:
                message = f"k6 replaces the tag {name_of(tag)} by its own value on {where[name]}"
                yield remark(RULE, tag, message, _HELP)
            elif name == NAME and not own.isdisjoint({NAME, "url"}):
                yield _named(tag)


def _own_tags(reading: Reading, schema: Schema) -> frozenset[str]:
    """The tags that k6 sets: those of ``systemTags``, or its default."""
    chosen, known = reading.get("systemTags"), schema.find(("systemTags",))
    if chosen is not None:
        return frozenset(each.string for each in chosen.entries)
    default = known.default if known is not None else None
    return frozenset(map(str, default)) if isinstance(default, list) else frozenset()


def _named(tag: Read) -> Diagnostic:
    message = f"the tag {name_of(tag)} becomes the name of every request, so that their metrics cannot be told apart"
    return remark(RULE, tag, message, f"{_HELP}; the script names single requests")
