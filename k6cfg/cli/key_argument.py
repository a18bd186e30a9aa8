"""KEY on the command line: from what was typed to a place of the file."""

import re
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from k6cfg.k6.secrets import MARK, without_secrets
from k6cfg.text.lazy_regex import late

if TYPE_CHECKING:
    from k6cfg.engine.edit.key_path import Key
    from k6cfg.engine.edit.locate import Route
    from k6cfg.schema import Schema
    from k6cfg.text.tree import Document

_KEY: Final = "Dotted (dns.ttl, tags.team, stages.0.target, 'ext.\"my.tool\".x') or a JSON Pointer (/dns/ttl)."
KeyArgument: TypeAlias = Annotated[str, typer.Argument(metavar="KEY", help=_KEY, show_default=False)]

KeysArgument: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="KEY...", help=f"{_KEY} Several go in one write.", show_default=False)
]

_MEANT: Final = "did you mean"
_BEGUN: Final = 3
"""Letters. Fewer are no beginning of anything."""
_FEW: Final = 4
_LONG: Final = 20
_WORDS: Final = late(r"[A-Za-z]+|[0-9]+", re.ASCII)


def key_of(text: str, schema: "Schema", document: "Document") -> "Key":
    """The place that was named.

    Raises:
        typer.BadParameter: it is no KEY.
    """
    from k6cfg.engine.edit.key_path import resolve

    try:
        return resolve(text, schema, document)
    except ValueError as error:
        raise typer.BadParameter(f"that is no KEY: {error}") from None


def named(route: "Route") -> str:
    """A route as people type it, fit to be printed: what may be a token pasted in the wrong place is not repeated."""
    parts = [str(part) for part in route]
    shown = (f'"{part}"' if not part or set(part) & {".", '"', " "} else part for part in map(harmless, parts))
    return ".".join(shown) or "the whole file"


def harmless(word: str) -> str:
    """A word that somebody typed, unless it looks like a secret: long, and digits among its letters."""
    if without_secrets(word) != word:
        return MARK
    if len(word) >= _LONG and any(map(str.isdigit, word)) and len(_WORDS.findall(word)) > 3:
        return MARK
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in word)


def without(message: str, word: str | None) -> str:
    """A message without a word of the command line that may be a secret."""
    return message.replace(word, MARK) if word and harmless(word) != word else message


def meant(schema: "Schema", key: "Key") -> str:
    """What was probably meant by a KEY that k6 does not know: what the judge says of a file with it."""
    from k6cfg.engine.edit import Refusal, new_findings, put

    try:
        findings = list(new_findings(put(None, schema, [(key.route, None)])))
    except Refusal:
        findings = []
    helps = [found.help for found in findings if found.help and _MEANT in found.help]
    return advice(schema, key, helps[0] if helps else None)


def advice(schema: "Schema", key: "Key", found: str | None) -> str:
    """What to say about a KEY that k6 does not know: which the judge found near it, else which begin so."""
    if found is not None and _MEANT in found:
        return without_secrets(found)
    names = _begun(schema, key)
    if names:
        return f"{_MEANT} {' or '.join(f'`{name}`' for name in names)}?"
    return found or "k6cfg show lists what is in the file, k6cfg schema every key that k6 knows"


def _begun(schema: "Schema", key: "Key") -> list[str]:
    """The keys, if they are few, that begin with the first part of a KEY that is not known."""
    from k6cfg.k6.member_lookup import fold

    known = next(length for length in range(len(key.route), -1, -1) if schema.find(key.route[:length]) is not None)
    outer = schema.find(key.route[:known])
    if outer is None or known == len(key.route):
        return []
    begun = fold(str(key.route[known]))
    names = sorted(name for name in outer.properties if fold(name).startswith(begun))
    return names if len(begun) >= _BEGUN and len(names) <= _FEW else []
