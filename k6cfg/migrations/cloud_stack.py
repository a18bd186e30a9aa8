"""The cloud commands of k6 2 want a stack beside the token."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, decide
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("cloud-stack", GROUP, "The cloud needs a stack.")
SINCE = Version(2, 0, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Only its owner knows it. Source: release notes of 1.6.0 (#5420) and 2.0.0."""
    reading = journey.reading
    token = reading.get("collectors", "cloud", "token")
    if token is None or not token.string:
        return
    if any(reading.get(*route) is not None for route in (("collectors", "cloud", "stackID"), ("cloud", "stackID"))):
        return
    for place in list(journey.places("collectors", "cloud", "token"))[-1:]:
        message = "there is a token and no `stackID`; the cloud commands of k6 2.0.0 and newer want both"
        yield decide(RULE, place, message, "k6cfg set-token --stack SLUG --stack-id ID, or k6 cloud login")
