"""``DeprecatedToken``, which k6 0.18 to 0.20 wrote by mistake."""

from collections.abc import Iterator

from k6cfg.migrations.context import GROUP, Journey, done, removal, renaming
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.tree import plain

RULE = Rule("deprecated-token", GROUP, "The token stood under another key.")
SINCE = Version(0, 21, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """The token moves where there is none yet. Source: cloudapi/config.go of 0.18.0 to 0.20.0."""
    for place in journey.places("collectors", "cloud", "DeprecatedToken"):
        token = journey.beside(place, "token")
        empty = token is None or plain(journey.document, token.value) in (None, "")
        if not plain(journey.document, place.value) or not empty:
            yield done(RULE, place, "`DeprecatedToken` is not read any more: it goes", removal(journey, place))
        elif token is None:
            yield done(RULE, place, "`DeprecatedToken` is called `token`", *renaming(place, "token"))
        elif token.value is not None and place.value is not None:
            # The empty one goes first; the next round finds the other alone.
            message = "`token` is empty beside `DeprecatedToken`, which takes its place"
            yield done(RULE, token, message, removal(journey, token))
