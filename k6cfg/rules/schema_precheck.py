"""Whether the schema might object to what was read: the quick look that spares the validator.

It may doubt what is fine, but never passes what the validator would not: a keyword that it does not know is a doubt.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple, TypeAlias, cast

from k6cfg.k6 import grammars
from k6cfg.k6.decode import Read
from k6cfg.k6.grammars.durations import NUMBERS_ARE_MILLISECONDS
from k6cfg.schema import Node
from k6cfg.schema.versions import Version
from k6cfg.text.lazy_regex import late

FORMATS: Final[Mapping[str, Callable[[str, Version], object]]] = {
    "k6-duration": grammars.duration,
    "k6-execution-segment": lambda text, _: grammars.segment(text),
    "k6-execution-segment-sequence": lambda text, _: grammars.sequence(text),
    "k6-cidr": grammars.cidr,
    "k6-hostname-pattern": lambda text, _: grammars.hostname_pattern(text),
    "k6-host-pattern": grammars.host_pattern,
    "k6-host-address": grammars.host_with_address,
    "k6-ip": grammars.ip_address,
    "k6-metric": lambda text, _: grammars.metric_name(text),
    "k6-threshold": grammars.threshold,
    "k6-trend-stat": lambda text, _: grammars.trend_stat(text),
    "k6-dns-ttl": grammars.dns_ttl,
}
"""What says why a text does not follow a format of the schema; a result that is no text is fine."""

_SILENT: Final = frozenset(
    {
        *("$schema", "$id", "title", "description", "examples", "default", "deprecated"),
        # What is below is looked at where it stands; keys that nobody knows were dropped when the file was read.
        *("properties", "patternProperties", "additionalProperties", "items", "allOf"),
        *("type", "enum", "minimum", "exclusiveMinimum", "maximum", "pattern", "format", "minLength", "minItems"),
        *("required", "propertyNames"),
    }
)
_JSON_TYPES: Final[Mapping[type, frozenset[str]]] = {
    type(None): frozenset({"null"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    str: frozenset({"string"}),
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
}


def follows(name: str, text: str, version: Version) -> bool:
    """Whether a text follows a format of the schema; one that is not ours is anybody's."""
    check = FORMATS.get(name)
    return check is None or not isinstance(check(text, version), str)


_Texts: TypeAlias = tuple[re.Pattern[str] | None, Callable[[str, Version], object] | None, int]
"""What a text has to be: its pattern, what says why it does not follow its format, its least length."""


class _Check(NamedTuple):
    """The keywords of one place, ready to be looked at."""

    unknown: bool
    types: frozenset[str]
    enum: frozenset[str | None] | None
    bounds: tuple[float | None, float | None, float | None]
    texts: _Texts
    names: _Texts | None
    items: int
    required: tuple[str, ...]


@cache
def _check(node: Node) -> _Check:
    words = node.keywords
    choices = words.get("enum")
    names = words.get("propertyNames")
    return _Check(
        unknown=not words.keys() <= _SILENT,
        types=frozenset(node.json_types),
        enum=frozenset(cast("list[str | None]", choices)) if isinstance(choices, list) else None,
        bounds=(_number(words.get("minimum")), _number(words.get("exclusiveMinimum")), _number(words.get("maximum"))),
        texts=_texts(words),
        names=_texts(names) if isinstance(names, dict) else None,
        items=int(_number(words.get("minItems")) or 0),
        required=node.required,
    )


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _texts(words: Mapping[str, object]) -> _Texts:
    pattern, name = words.get("pattern"), words.get("format")
    compiled = late(pattern) if isinstance(pattern, str) else None
    return compiled, FORMATS.get(name) if isinstance(name, str) else None, int(_number(words.get("minLength")) or 0)


def doubtful(read: Read, version: Version, about: frozenset[str] | set[str] = frozenset()) -> bool:
    """Whether the schema might object to a value or to anything in it; recursion is as deep as the schema.

    ``about`` are the pointers of what was spoken of already: whatever is there or below is in no doubt.
    """
    check = _check(read.known)
    value = read.value if read.valid else None
    if check.unknown:
        return not covered(read.pointer, about)
    if isinstance(value, dict):
        fields = {key: each for key, each in value.items() if each.member is not None and not each.failed}
        if _wrong_object(check, fields, version) or (check.types and "object" not in check.types):
            return not covered(read.pointer, about)
        for each in fields.values():  # noqa: SIM110 - any() costs a generator for each object
            if doubtful(each, version, about):
                return True
        return False
    if isinstance(value, list):
        if len(value) < check.items or "array" not in (check.types or {"array"}):
            return not covered(read.pointer, about)
        return any(doubtful(each, version, about) for each in value)
    return _wrong_scalar(read, check, value, version) and not covered(read.pointer, about)


def covered(place: str, about: frozenset[str] | set[str]) -> bool:
    """Whether something was said of a place, a pointer, or of what it is in."""
    while place not in about:
        if not place:
            return False
        place = place.rpartition("/")[0]
    return True


def _wrong_object(check: _Check, fields: Mapping[str, Read], version: Version) -> bool:
    if any(key not in fields for key in check.required):
        return True
    return check.names is not None and any(_wrong_text(check.names, key, version) for key in fields)


def _wrong_scalar(read: Read, check: _Check, value: object, version: Version) -> bool:
    if read.valid and (value is None or not isinstance(value, str | int | float)):
        return check.types != frozenset() and not check.types & {"object", "string"}  # raw, or parsed already
    if check.types and not check.types & _JSON_TYPES[type(value)]:
        return not (isinstance(value, int) and read.known.type == "duration" and "number" in check.types)
    if check.enum is not None and value not in check.enum:
        return True
    if isinstance(value, str):
        return _wrong_text(check.texts, value, version)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _out_of_bounds(read, check, value, version)
    return False


def _out_of_bounds(read: Read, check: _Check, value: float, version: Version) -> bool:
    if read.known.type == "duration":
        if version < NUMBERS_ARE_MILLISECONDS:
            return value < 0
        value /= 1_000_000
    least, above, most = check.bounds
    return (
        (least is not None and value < least)
        or (above is not None and value <= above)
        or (most is not None and value > most)
    )


def _wrong_text(texts: _Texts, value: str, version: Version) -> bool:
    pattern, check, shortest = texts
    if len(value) < shortest or (pattern is not None and pattern.search(value) is None):
        return True
    return check is not None and isinstance(check(value, version), str)
