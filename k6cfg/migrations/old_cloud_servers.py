"""Servers of the cloud that are no more, written into the file by a login of long ago."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, done, removal
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.tree import plain

RULE = Rule("old-cloud-servers", GROUP, "The servers of the cloud have other names.")
SINCE = Version(0, 26, 1)

_OLD_DEFAULTS: Final = {
    "host": "https://ingest.loadimpact.com",
    "webAppURL": "https://app.loadimpact.com",
}


def find(journey: Journey) -> Iterator[Diagnostic]:
    """What was the default once goes; what somebody chose stays. Source: release notes of 0.26.1."""
    for name, default in _OLD_DEFAULTS.items():
        for place in journey.places("collectors", "cloud", name):
            value = plain(journey.document, place.value)
            if isinstance(value, str) and value.rstrip("/") == default:
                message = f"`{name}` names {default}, which k6 used before 0.26.1: it goes, and k6's own default holds"
                yield done(RULE, place, message, removal(journey, place))
