"""``blacklistIPs`` as objects, which k6 0.25 to 0.33 wrote and could not read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from k6cfg.k6.grammars.network import network_text
from k6cfg.k6.member_lookup import fold
from k6cfg.migrations.context import GROUP, Journey, decide, done
from k6cfg.schema.versions import Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity
from k6cfg.text.location import pointer
from k6cfg.text.tree import Array, Object, Value, plain

RULE = Rule("network-texts", GROUP, "Networks are texts.")
SINCE: Version | None = None

_SINCE: Final = Version(0, 25, 0)
_UNTIL: Final = Version(0, 34, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """``{"IP": "10.0.0.0", "Mask": "/wAAAA=="}`` is ``"10.0.0.0/8"``. Source: release notes of 0.34.0, #2083."""
    if not journey.leaves(_SINCE, _UNTIL):
        return
    for place in journey.places("blacklistIPs"):
        for index, item in enumerate(place.value.items if isinstance(place.value, Array) else ()):
            if not isinstance(item, Object):
                continue
            text = _network(journey, item)
            if text is None:
                message = f"entry {index} of `blacklistIPs` is an object that is no network"
                remedy = 'write it as a string such as "10.0.0.0/8", or remove it'
                found = decide(RULE, place, message, remedy, Severity.ERROR)
                yield replace(found, span=item.span, pointer=pointer((*place.keys, str(index))))
            else:
                message = f"a network in `blacklistIPs` is a text: {text}"
                changes = edits.set_value(journey.document, item, text)
                yield done(RULE, place, message, changes, (pointer((*place.keys, str(index))),))


def _network(journey: Journey, item: Value) -> str | None:
    found = plain(journey.document, item)
    said = {fold(key): value for key, value in found.items()} if isinstance(found, dict) else {}
    address, mask = said.get("ip"), said.get("mask")
    if not isinstance(address, str) or not isinstance(mask, str):
        return None
    return network_text(address, mask)
