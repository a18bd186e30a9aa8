"""What two versions of k6 read differently from one file: reported only where the earlier version is known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from k6cfg.migrations.context import GROUP, Journey, decide
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity
from k6cfg.text.location import Span, pointer

if TYPE_CHECKING:
    from k6cfg.k6.decode import Reading
    from k6cfg.k6.display import Seen

RULE = Rule("changed-meaning", GROUP, "The same file means something else to a newer k6.")
SINCE: Version | None = None

_VARIABLES_FIRST: Final = Version(0, 34, 0)
_MAX_SHOWN: Final = 60
"""Characters of a value in a message."""

Route: TypeAlias = tuple[str | int, ...]


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Compare what ``source`` reads from the file with what ``target`` reads from the migrated one.

    Source: the release notes; for the variables those of 0.34.0 (#2099).
    """
    if journey.source is None:
        return
    yield from _defaults(journey)
    started_with = replace(journey, document=journey.origin).places("ext", "loadimpact", "token")
    if journey.crosses(_VARIABLES_FIRST) and any(started_with):
        for route in (("cloud", "token"), ("ext", "loadimpact", "token")):
            for place in journey.places(*route):
                message = f"`{'.'.join(place.keys)}` beat K6_CLOUD_TOKEN before k6 0.34.0; since then the variable wins"
                yield decide(RULE, place, message, "see to it that the variable, where it is set, has the right token")
    yield from _readings(journey)


# -- keys that the file does not set -----------------------------------------------------------------------------------


def _defaults(journey: Journey) -> Iterator[Diagnostic]:
    """Report each option whose default changed on the way: nothing to do, unless a test depends on the old one."""
    old = journey.source_schema.root.properties
    for key, node in journey.schema.root.properties.items():
        before = old[key].default if key in old else None
        if before in (None, node.default) or not (before or node.default) or journey.reading.get(key) is not None:
            continue
        if str(journey.target) in str(node.default):
            continue  # the user agent: it has the version of each k6
        yield Diagnostic(
            rule=RULE,
            severity=Severity.INFO,
            message=f"`{key}` is not set, and its default changed between k6 {journey.source} and {journey.target}: "
            f"{_change(before, node.default)}",
            span=Span(0, min(1, len(journey.document.text))),
            pointer=pointer([key]),
        )


def _change(old: object, new: object) -> str:
    if not isinstance(old, list) or not isinstance(new, list):
        return f"from {_short(old)} to {_short(new)}"
    signs = [*(f"+{each}" for each in new if each not in old), *(f"-{each}" for each in old if each not in new)]
    return ", ".join(signs)


# -- keys that it sets -------------------------------------------------------------------------------------------------


class _Difference(NamedTuple):
    """What one version reads at a route of keys in k6's spelling, and what the other; None: nothing.

    ``old`` and ``new`` are what people are shown of it.
    """

    route: Route
    before: "Seen | None"
    after: "Seen | None"
    old: object
    new: object


def _readings(journey: Journey) -> Iterator[Diagnostic]:
    """Every value that the two versions read differently, unless a change of the migration said so."""
    from k6cfg.k6.decode import read

    origin = read(journey.origin, journey.source_schema)
    unchanged = read(journey.origin, journey.schema)
    for found in _differences(origin, journey.reading):
        came_alive = found.before is None and _is_set(unchanged, found.route)
        inside = found.before is not None and found.after is not None
        read_now = journey.reading.at(found.route)
        if inside and read_now is not None and read_now.failed:
            continue  # the target rejects it: that is another finding
        if came_alive or not journey.is_told(pointer(found.route), inside=inside):
            yield _decision(journey, found)


def _differences(before: "Reading", after: "Reading") -> Iterator[_Difference]:
    from k6cfg.k6.display import seen
    from k6cfg.k6.effective import layer_of
    from k6cfg.k6.secrets import secrets

    layers = layer_of(before).values, layer_of(after).values
    trees = [seen(each, secrets(each.document, each.schema)) for each in (before, after)]
    for key in dict.fromkeys((*layers[1], *layers[0])):
        old, new = (
            tree.get(key, {}) if isinstance(tree, dict) and (key in layer or key == _BLOCKS) else None
            for tree, layer in zip(trees, layers, strict=True)
        )
        found = [*_between((key,), old, new)]
        node = after.schema.root.properties.get(key)
        if node is not None and node.type in _TRANSFORMED and old is not None and new is not None:
            forms = layers[0].get(key), layers[1].get(key)
            found = [_Difference((key,), old, new, *forms)] if forms[0] != forms[1] else []
        yield from found


_BLOCKS: Final = "collectors"
"""The key whose members belong to different outputs, and are compared one by one."""
_TRANSFORMED: Final = frozenset({"hosts", "system-tags"})
"""Types of which k6 does not use what is written: it changes the case of hosts, and drops unknown tags."""


def _difference(route: Route, before: "Seen | None", after: "Seen | None") -> _Difference:
    from k6cfg.k6.display import shown

    return _Difference(route, before, after, *(None if each is None else shown(each) for each in (before, after)))


def _between(route: Route, before: "Seen | None", after: "Seen | None") -> Iterator[_Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*after, *before)):
            yield from _between((*route, key), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _between((*route, index), old, new)
    elif before is not None or after is not None:
        from k6cfg.k6.display import Leaf

        same = isinstance(before, Leaf) and isinstance(after, Leaf) and before.means == after.means
        if not same:
            yield _difference(route, before, after)


def _is_set(reading: "Reading", route: Route) -> bool:
    found = reading.at(route)
    return found is not None and found.valid and not found.failed


def _decision(journey: Journey, found: _Difference) -> Diagnostic:
    read = journey.reading.at(found.route)
    name = ".".join(map(str, found.route))
    old, new = _short(found.old), _short(found.new)
    if found.before is None:
        message = f"`{name}` is ignored by k6 {journey.source} and applied by k6 {journey.target}: {new}"
        help_ = "keep it if this is what you want, or remove it"
    elif found.after is None:
        known = journey.schema.find(found.route, obsolete=True)
        message = f"`{name}` is applied by k6 {journey.source}, as {old}, and ignored by k6 {journey.target}"
        help_ = (
            f"remove it; instead: {known.instead}" if known is not None and known.instead else "remove or correct it"
        )
    elif old == new:
        message = f"k6 {journey.source} and k6 {journey.target} read `{name}` differently: {new}"
        help_ = "check that it is still what you want, or remove it"
    else:
        message = f"`{name}` means {old} to k6 {journey.source} and {new} to k6 {journey.target}"
        help_ = "keep it if the new meaning is what you want, or change it"
    member = read.member if read is not None else None
    span = member.key.span if member is not None and member.key is not None else read.span if read is not None else None
    return Diagnostic(
        rule=RULE,
        severity=Severity.WARNING,
        message=message,
        help=help_,
        span=span or Span(0, min(1, len(journey.document.text))),
        pointer=read.pointer if read is not None and read.text is not None else pointer(found.route),
    )


def _short(data: object) -> str:
    from k6cfg.k6.display import as_json

    text = as_json(data, ensure_ascii=False)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
