"""``ext.loadimpact`` is ``cloud``."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations.context import GROUP, Journey, Place, decide, dedented, done, removal
from k6cfg.schema.versions import Version
from k6cfg.text import edits
from k6cfg.text.diagnostics import Diagnostic, Edit, Rule
from k6cfg.text.location import pointer
from k6cfg.text.tree import Object, plain

RULE = Rule("ext-loadimpact", GROUP, "The settings of the cloud moved.")
SINCE: Version | None = None

_SINCE: Final = Version(0, 50, 0)
_UNTIL: Final = Version(2, 0, 0)


def find(journey: Journey) -> Iterator[Diagnostic]:
    """Where there is a ``cloud`` already it counts alone, as it did to k6. Source: release notes of 0.50.0, 2.0.0."""
    if not journey.leaves(_SINCE, _UNTIL):
        return
    new = [place for place in journey.places("cloud") if plain(journey.document, place.value) is not None]
    for place in list(journey.places("ext", "loadimpact"))[-1:]:
        if plain(journey.document, place.value) is None:
            yield done(RULE, place, "`ext.loadimpact` is null: it goes", *_without(journey, place))
        elif new and journey.source is not None and journey.source < _SINCE:
            message = "k6 before 0.50.0 applies `ext.loadimpact` and ignores `cloud`; newer ones do the opposite"
            yield decide(RULE, place, message, "keep in `cloud` what the tests need, and remove `ext.loadimpact`")
        elif new:
            message = "`ext.loadimpact` has counted for nothing beside `cloud` since k6 0.50.0: it goes"
            yield done(RULE, place, message, *_without(journey, place))
        else:
            yield _moved(journey, place)


def _without(journey: Journey, place: Place) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """The block taken out, and what held it alone with it."""
    outer = next(each for each in journey.places("ext") if each.value is place.parent)
    if len(place.parent.members) == 1:
        return removal(journey, outer), (outer.pointer,)
    return removal(journey, place), (place.pointer,)


def _moved(journey: Journey, place: Place) -> Diagnostic:
    outer = next(each for each in journey.places("ext") if each.value is place.parent)
    pointers = (outer.pointer, pointer(["cloud"]))
    message = "`ext.loadimpact` is `cloud` since k6 0.50.0, and not read since 2.0.0: it moved there, as it is"
    root, value = journey.document.root, place.value
    null = next(journey.places("cloud"), None)  # it would stand in the way
    if null is not None:
        return done(RULE, null, "`cloud` is null, and gives way to `ext.loadimpact`", removal(journey, null))
    if len(place.parent.members) == 1 and outer.member.key is not None and value is not None:
        text = dedented(journey, value, outer.member.start)
        holder = place.parent
        changes = (*edits.rename(outer.member, "cloud"), Edit(holder.start, holder.end, text))
        return done(RULE, place, message, changes, pointers)
    inserted = edits.insert(journey.document, root, "cloud", 0) if isinstance(root, Object) else ()
    text = dedented(journey, value, outer.member.start) if value is not None else "{}"
    *before, last = inserted
    with_value = Edit(last.start, last.end, _for_zero(last.text, text))
    changes = tuple(sorted((*removal(journey, place), *before, with_value)))
    return done(RULE, place, message, changes, pointers)


def _for_zero(inserted: str, text: str) -> str:
    """The inserted member with its value in the place of the 0 that kept it."""
    at = inserted.rindex("0")
    return inserted[:at] + text + inserted[at + 1 :]
