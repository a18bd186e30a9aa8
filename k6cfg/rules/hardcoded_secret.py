"""Secrets as findings, for whoever wants none in a file: one that is to be committed, or sent. Off unless asked for.

Masking rather hides too much. A finding has to be worth a look, so what is only near a secret is left out here.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from k6cfg.k6.member_lookup import fold
from k6cfg.k6.secrets.patterns import secret_name
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span, pointer_parts
from k6cfg.text.parser import locate
from k6cfg.text.tree import Document

GROUP: Final = "secrets"
RULE: Final = Rule("hardcoded-secret", GROUP, "A token, a password or a key stands in the file in plain text.")

_STAND_IN: Final = late(
    r"\$\{?[\w.:-]+\}?|\$?\{\{.*\}\}|<[^<>]*>|%\w+%|[^\w]*|null|true|false|(?i:x+|redacted|your[ _-].*)"
)
"""What stands for a secret: a variable, a gap in a template, a mask."""
_ADDRESS: Final = late(r"https?://[^@?]*")
_HASH: Final = late(r"[0-9a-fA-F]+")
_KEY: Final = late(r"\\?[\"'`]?\s*:")
_FEW: Final = 4
"""Letters and digits that a secret in a broken text begins with, at least; with fewer it is some piece of the file."""

_MESSAGE: Final = "a secret stands here in plain text: whoever gets the file gets the secret"
_HELP: Final = (
    "take it out before the file is committed; k6 takes the Cloud token from K6_CLOUD_TOKEN, too, and `k6cfg set-token "
    "--remove` takes it out of the file; one that was committed already is known: make a new one"
)


def find(document: Document, schema: Schema, secrets: Iterable[Span]) -> Iterator[Diagnostic]:
    """A finding for each of the spans that ``masking.secrets`` made out and that holds a secret rather than not."""
    for span in secrets:
        place = locate(document, span.start)
        if _holds(document, schema, span, place):
            yield Diagnostic(rule=RULE, severity=Severity.ERROR, message=_MESSAGE, help=_HELP, span=span, pointer=place)


def _holds(document: Document, schema: Schema, span: Span, place: str) -> bool:
    text = document.text[span.start : span.end]
    if _STAND_IN.fullmatch(text) or _ADDRESS.fullmatch(text) or _KEY.match(document.text, span.end):
        return False
    if document.diagnostics:  # a secret's name somewhere before it is all that is known
        word = text.split(None, 1)[0]
        return sum(map(str.isalnum, word)) >= _FEW and not word.endswith(":")
    named = any(secret_name(part) or fold(part) in schema.secret_names for part in pointer_parts(place))
    return named or _HASH.fullmatch(text) is None  # else it may be a commit, or a checksum
