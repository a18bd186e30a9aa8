"""Texts that are not looked through: far too large, or long and rubble from the beginning."""

import re
from typing import Final

from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.encoding import Decoded, undecodable
from k6cfg.text.location import Span
from k6cfg.text.parser import (
    EXTRA_COLON,
    EXTRA_COMMA,
    MISSING_COLON,
    MISSING_COMMA,
    MISSING_KEY,
    MISSING_VALUE,
    STRAY_CLOSER,
    SYNTAX,
    TOO_DEEP,
    UNCLOSED,
    fault,
    parse,
    stop,
)
from k6cfg.text.tree import Object

LARGE: Final = 4 * 1024 * 1024
"""A text of more characters than these is only looked at closely when it is JSON: a log is no configuration."""

TOO_LARGE: Final = Rule("large-and-broken", SYNTAX, "A text far larger than any configuration is no JSON.")

_SUSPECT: Final = 256 * 1024
_BEGINNING: Final = 16 * 1024
_DENSE: Final = 500
_LOOSE: Final = 1_000
_BINARY: Final = 2_000
_LINES: Final = 50
"""In the beginning of a text of more characters than are suspect, so many faults of structure, so many values beside
each other at the top, so many bytes that are no text, or so many objects one after the other and nothing else, as in a
log of JSON, say that it is no configuration."""
_FAR: Final = 4 * _BEGINNING
_TELLING: Final = r"""\{|[\w"'\u201d\u2019`]\s{0,80}[:=]"""
"""What every configuration has within so many characters: a brace, or a key; a long run of anything else is none."""

_OF_STRUCTURE: Final = frozenset(
    {EXTRA_COLON, EXTRA_COMMA, MISSING_COLON, MISSING_COMMA, MISSING_KEY, MISSING_VALUE, STRAY_CLOSER, UNCLOSED}
)


def unfit(decoded: Decoded) -> Diagnostic | None:
    """Why a text need not be looked through, where k6 stops reading it; None for what may be a configuration."""
    text = decoded.text
    if len(text) > LARGE:
        return _stop(text)
    return _rubble(text) if len(text) > _SUSPECT else None


def _stop(text: str) -> Diagnostic | None:
    """Where a large text stops being JSON, if it does."""
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return _too_large(text, error.pos)
    except (RecursionError, ValueError):  # too deep, or numbers too long: the parser knows better
        return None
    return None


def _rubble(text: str) -> Diagnostic | None:
    """What the beginning of a long text says."""
    if sum(map(undecodable, text[:_BEGINNING])) >= _BINARY:
        return _too_large(text, stop(text))
    head = text[:_BEGINNING]
    if "\x1b[" in head:
        from k6cfg.repairer.wrappers.layers import COLOURS  # seldom needed

        head = COLOURS.sub("", head)
    beginning = parse(head)
    deep = next((found for found in beginning.diagnostics if found.rule is TOO_DEEP), None)
    if deep is not None:
        return deep
    if not re.search(_TELLING, text[:_FAR]) and (place := stop(text)) < len(text):
        return _too_large(text, place)
    structure = sum(found.rule in _OF_STRUCTURE for found in beginning.diagnostics)
    many = len(beginning.rest)
    lines = many >= _LINES and all(isinstance(value, Object) for value in beginning.rest)
    return _too_large(text, stop(text)) if structure >= _DENSE or many >= _LOOSE or lines else None


def _too_large(text: str, place: int) -> Diagnostic:
    message = f"k6 stops reading here; the file is too large ({len(text):,} characters) to look further"
    return fault(TOO_LARGE, Span(place, place), message, "it is no configuration of k6's, or two files have become one")
