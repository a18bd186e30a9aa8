"""The OpenTelemetry output lost its ``experimental-``, and its protocol got another key."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, Place, decide, done, removal, renaming
from k6cfg.schema.versions import Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.location import pointer
from k6cfg.text.tree import Array, Object, plain

RULE = Rule("opentelemetry", GROUP, "The OpenTelemetry output and its keys have other names.")
SINCE: Version | None = None

_SINCE: Final = Version(1, 4, 0)
_UNTIL: Final = Version(2, 0, 0)
_OLD, _NEW = "experimental-opentelemetry", "opentelemetry"
_PROTOCOLS: Final = {"http": "http/protobuf"}


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Source: release notes of 1.4.0 (#5333, #5334) and 2.0.0 (#5754)."""
    if not journey.leaves(_SINCE, _UNTIL):
        return
    for place in journey.places("out"):
        yield from _entries(journey, place)
    taken = {place.keys[-1] for place in journey.places("collectors", _NEW)}
    for place in journey.places("collectors", _OLD):
        if taken:
            message = f"`collectors` has settings for both `{_OLD}` and `{_NEW}`"
            yield decide(RULE, place, message, f"put them together under `{_NEW}`, the name since k6 1.4.0")
        else:
            message = f"the output `{_OLD}` is called `{_NEW}` since k6 1.4.0: so are its settings"
            yield done(RULE, place, message, *renaming(place, _NEW))
    for name in (_OLD, _NEW):
        for place in journey.places("collectors", name, "exporterType"):
            yield _protocol(journey, place)


def _entries(journey: Journey, place: Place) -> Iterator[Diagnostic]:
    for index, item in enumerate(place.value.items if isinstance(place.value, Array) else ()):
        value = plain(journey.document, item)
        name, sign, rest = value.partition("=") if isinstance(value, str) else ("", "", "")
        if name == _OLD:
            message = f"the output `{_OLD}` is called `{_NEW}` since k6 1.4.0"
            changes = edits.set_value(journey.document, item, _NEW + sign + rest)
            yield done(RULE, place, message, changes, (pointer((*place.keys, str(index))),))


def _protocol(journey: Journey, place: Place) -> Diagnostic:
    key, name = place.keys[-1], "exporterProtocol"
    if journey.beside(place, name) is not None:
        return done(RULE, place, f"`{key}` counts for nothing beside `{name}`: it goes", removal(journey, place))
    said = plain(journey.document, place.value)
    changes, pointers = renaming(place, name)
    value = _PROTOCOLS.get(said) if isinstance(said, str) else None
    if value is not None and place.value is not None and not isinstance(place.value, Object):
        changes = (*changes, *edits.set_value(journey.document, place.value, value))
        return done(RULE, place, f'`{key}` "{said}" is `{name}` "{value}" since k6 1.4.0', changes, pointers)
    return done(RULE, place, f"`{key}` is called `{name}` since k6 1.4.0", changes, pointers)
