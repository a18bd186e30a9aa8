"""A file carried to a newer k6: each migration a proven step, and a list of what a person must still decide."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from k6cfg.engine import Checked, Plan, ProofError, Selection, Step, apart, change, check, knowing, plan_fixes
from k6cfg.engine.checker import told
from k6cfg.k6.member_lookup import fold
from k6cfg.k6.secrets import Mask
from k6cfg.migrations import Journey, pending, shows_age
from k6cfg.migrations.changed_meaning import RULE as CHANGED_MEANING
from k6cfg.migrations.context import folded, is_within
from k6cfg.schema import Schema
from k6cfg.schema.versions import OLDEST, Version
from k6cfg.text.diagnostics import Diagnostic, Edit, Severity
from k6cfg.text.location import pointer_parts
from k6cfg.text.parser import SYNTAX

_MANY: Final = 20
_ROUNDS: Final = 1000
"""More than any file needs; each round makes every change that does not meet another one."""


class Migration(NamedTuple):
    """What a migration comes to. ``repair`` is what had to be mended first, ``refused`` says why it cannot be.

    ``decisions`` are what only a person can settle, found in the file as it would be; ``final`` is that file.
    """

    start: Checked
    repair: Plan | None
    steps: tuple[Step, ...]
    final: Checked
    decisions: tuple[Diagnostic, ...]
    refused: str | None = None

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.final.data != self.start.data


def migrate(data: bytes, target: Schema, source: Version | None = None) -> Migration:
    """Plan the way of a file from ``source`` (None: nobody knows) to the version of ``target``.

    Raises:
        ProofError: a bug of k6cfg.
    """
    start = current = check(data, target, intent=False)
    repair: Plan | None = None
    if not start.well_formed:
        repair = plan_fixes(start, Selection(select=frozenset({SYNTAX})), unsafe=False)
        if repair.refused is not None:
            return Migration(start, repair, (), start, (), repair.refused)
        current = repair.final
    steps: list[Step] = []
    harmful: set[tuple[str, str]] = set()
    journey = Journey(document=current.document, schema=target, source=source, origin=current.document)
    journey = replace(journey, aged=shows_age(journey))
    for _ in range(_ROUNDS):
        found, decisions = _next(journey, harmful)
        if not found:
            final = knowing(check(current.data, target), start)
            refused = tuple(_left(final, decisions, source))
            rejected = {one.pointer for one in refused}
            # That two versions read it differently is said already where the newer one rejects it.
            decisions = tuple(one for one in decisions if one.rule != CHANGED_MEANING or one.pointer not in rejected)
            # The texts before and after: what is removed may have been a secret too.
            masks = [Mask(each.document.text, each.secrets) for each in (start, final)] if decisions else []
            for mask in masks:
                decisions = tuple(told(mask, one) for one in decisions)
            return Migration(start, repair, tuple(steps), final, (*decisions, *refused))
        step = _step(current, found)
        if not step.worse:
            steps.append(step)
            current = step.after
            journey = replace(journey, document=current.document, told=(*journey.told, *_pointers(found)))
        else:
            harmful |= _harmful(current, found)
    raise ProofError("the migrations do not come to an end")


def new_options(final: Checked) -> tuple[str, ...]:
    """Return the options of a file that change a test, in k6's spelling: all but `collectors`."""
    fields = final.reading.root.fields if final.reading is not None else {}
    return tuple(name for name, read in fields.items() if (read.valid or read.failed) and name != _SETTINGS)


_SETTINGS: Final = "collectors"


def _next(journey: Journey, harmful: set[tuple[str, str]]) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The changes of the first migration that has any, or none and all decisions."""
    decisions: list[Diagnostic] = []
    for found in pending(journey):
        changes = tuple(apart(one for one in found if one.fix is not None and _name(one) not in harmful))
        if changes:
            return changes, ()
        spoken = {folded(one.pointer) for one in decisions}
        decisions += (
            _undone(one) for one in found if one.rule != CHANGED_MEANING or not is_within(one.pointer, spoken)
        )
    return (), tuple(decisions)


def _harmful(current: Checked, found: tuple[Diagnostic, ...]) -> set[tuple[str, str]]:
    """Those of the changes without which k6 would go on taking the file; of very many, all: each costs a check."""
    alone = [one for one in found if _step(current, (one,)).worse] if 1 < len(found) <= _MANY else []
    return {_name(one) for one in alone or found}


def _name(found: Diagnostic) -> tuple[str, str]:
    return found.rule.name, found.pointer


def _undone(found: Diagnostic) -> Diagnostic:
    if found.fix is None:
        return found
    message = f"{found.message.removesuffix(': it goes')}; not done, for k6 would then refuse the file"
    return replace(found, fix=None, message=message, help=found.help or "decide what the file is to say here")


def _edits(found: Diagnostic) -> tuple[Edit, ...]:
    return found.fix.edits if found.fix is not None else ()


def _pointers(found: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    return tuple(place for one in found if one.fix is not None for place in one.fix.pointers)


def _step(current: Checked, found: tuple[Diagnostic, ...]) -> Step:
    changes = tuple(edit for one in found for edit in _edits(one))
    return change(current, changes, _pointers(found), chosen=found, intent=False)


def _left(final: Checked, decisions: tuple[Diagnostic, ...], source: Version | None) -> Iterator[Diagnostic]:
    """What the target still refuses, and no migration has spoken of."""
    spoken = {folded(one.pointer) for one in decisions if one.severity is Severity.ERROR}
    for one in final.diagnostics:
        if one.refuses and not is_within(one.pointer, spoken):
            yield _with_age(final, one, source)


def _with_age(final: Checked, found: Diagnostic, source: Version | None) -> Diagnostic:
    """A finding about a key that older versions passed over says so: that is why nobody has noticed yet."""
    since = _since(final, found)
    help_ = f"{found.help}, or take it out" if found.help else "correct it, or take it out"
    if since is None or since <= (source or OLDEST):
        return found if found.help else replace(found, help=help_)
    return replace(found, help=f"{help_}; k6 before {since} did not read it")


def _since(final: Checked, found: Diagnostic) -> Version | None:
    """The first version that read the place, or the innermost place around it that k6 knows."""
    read = final.reading.root if final.reading is not None else None
    since = None
    for part in pointer_parts(found.pointer) if found.pointer else ():
        fields = read.fields if read is not None else {}
        read = fields.get(part) or next((each for key, each in fields.items() if fold(key) == fold(part)), None)
        if read is None:
            break
        since = read.known.since
    return since
