"""Fixes chosen and made, each step proven: what makes the text JSON first, then, in rounds, what the values need."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from k6cfg.engine.checker import Checked, check, knowing
from k6cfg.engine.selection import Selection
from k6cfg.engine.verification import ProofError, prove
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Applicability, Diagnostic, Edit, apply_edits
from k6cfg.text.encoding import UTF_8, encode
from k6cfg.text.parser import SYNTAX

if TYPE_CHECKING:
    from k6cfg.k6.decode import Script

_ROUNDS: Final = 10  # fixes that overlap wait for the next round; no file needs many


class Step(NamedTuple):
    """Edits of one text, and what becomes of it. ``chosen`` are the findings that the edits cure."""

    before: Checked
    chosen: tuple[Diagnostic, ...]
    edits: tuple[Edit, ...]
    after: Checked

    @property
    def worse(self) -> bool:
        """Whether k6 would refuse what it takes now."""
        before, after = self.before, self.after
        return (before.accepted_run and not after.accepted_run) or (before.accepted_cloud and not after.accepted_cloud)


class Plan(NamedTuple):
    """What would be done to a file: no step means nothing. ``refused`` says why a broken text stays as it is."""

    start: Checked
    steps: tuple[Step, ...]
    refused: str | None = None

    @property
    def final(self) -> Checked:
        """The file as it would be."""
        return self.steps[-1].after if self.steps else self.start


def plan_fixes(start: Checked, selection: Selection, script: "Script | None" = None, *, unsafe: bool) -> Plan:
    """The fixes to apply: what makes the text JSON first, and all of that or nothing; then what the values need."""
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    steps: list[Step] = []
    current = start
    if not current.well_formed:
        chosen, refused = _syntax_fixes(current, selection, allowed)
        if refused is not None:
            return Plan(start, (), refused)
        steps.append(_step(current, chosen, script))
        current = steps[-1].after
        if not current.well_formed:
            raise ProofError("a repair did not make the text JSON")
    for _ in range(_ROUNDS):
        step = _value_step(current, selection, allowed, script)
        if step is None:
            return Plan(start, tuple(steps))
        steps.append(step)
        current = step.after
    raise ProofError("the fixes do not come to an end")


def _value_step(
    current: Checked, selection: Selection, allowed: set[Applicability], script: "Script | None"
) -> Step | None:
    """The next round of fixes beyond syntax; one after which k6 would refuse what it takes now is left out."""
    chosen = tuple(apart(one for one in current.diagnostics if _applies(one, selection, allowed)))
    return _joined(current, None, chosen, script) if chosen else None


def _joined(current: Checked, kept: Step | None, more: tuple[Diagnostic, ...], script: "Script | None") -> Step | None:
    """A step with the fixes of ``kept`` and as many more as do no harm together, the first going before the others.

    Two may be harmless, each alone, and not together: of two ways to drive a test k6 takes one.
    """
    step = _step(current, (*(kept.chosen if kept is not None else ()), *more), script)
    if not step.worse:
        return step
    if len(more) == 1:
        return kept
    half = len(more) // 2
    return _joined(current, _joined(current, kept, more[:half], script), more[half:], script)


def _applies(found: Diagnostic, selection: Selection, allowed: set[Applicability]) -> bool:
    return found.fix is not None and found.fix.applicability in allowed and selection.holds(found)


def _syntax_fixes(
    checked: Checked, selection: Selection, allowed: set[Applicability]
) -> tuple[tuple[Diagnostic, ...], str | None]:
    needed = [found for found in checked.diagnostics if found.rule.group == SYNTAX]
    if not checked.repairable:
        empty = not checked.document.text.strip("\ufeff \t\r\n")
        return (), "there is nothing in it" if empty else "it is not certain enough what was meant"
    for found in needed:
        if not selection.holds(found):
            return (), f"it cannot be mended without the rule {found.rule.name}, which was not selected"
        if found.fix is None or found.fix.applicability is Applicability.MANUAL:
            return (), "part of it is for a person to decide"
    # Only now: what a person has to decide, --unsafe-fixes does not repair either.
    if any(found.fix is None or found.fix.applicability not in allowed for found in needed):
        return (), "part of it is only likely, not certain; validate --fix --unsafe-fixes allows that too"
    return tuple(needed), None


def apart(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Of findings whose fixes touch the same text only the first; the next round picks up the rest."""
    done = -1
    fixes = ((one, sorted(one.fix.edits)) for one in found if one.fix is not None)
    for one, edits in sorted(fixes, key=lambda each: each[1][:1]):
        if not edits or edits[0].start > done:
            yield one
            done = max((edit.end for edit in edits), default=done)


def _step(before: Checked, chosen: tuple[Diagnostic, ...], script: "Script | None") -> Step:
    fixes = [found.fix for found in chosen if found.fix is not None]
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    encoding = UTF_8 if any(fix.reencode for fix in fixes) else before.document.encoding
    declared = tuple(place for fix in fixes for place in fix.pointers)
    return change(before, edits, declared, script, encoding=encoding, chosen=chosen)


def change(  # noqa: PLR0913 - what a step is made of
    before: Checked,
    edits: tuple[Edit, ...],
    pointers: Sequence[str],
    script: "Script | None" = None,
    *,
    encoding: str | None = None,
    chosen: tuple[Diagnostic, ...] = (),
    intent: bool = True,
    glance: Callable[[bytes, Version], bool] | None = None,
) -> Step:
    """One proven step: the edits applied, and nothing but the values at ``pointers`` different.

    ``intent`` and ``glance`` as for `check`.

    Raises:
        ProofError: the result is not what the edits promised. That is a bug of k6cfg; nothing may be written.
    """
    text = apply_edits(before.document.text, edits)
    data = encode(text, encoding or before.document.encoding)
    after = knowing(check(data, before.schema, script, intent=intent, glance=glance), before)
    prove(before, after, edits, pointers)
    return Step(before, chosen, edits, after)


def prove_settled(final: Checked, selection: Selection, script: "Script | None" = None, *, unsafe: bool) -> None:
    """Planning again must find nothing. Raises ProofError where it does."""
    if plan_fixes(final, selection, script, unsafe=unsafe).steps:
        raise ProofError("the same fixes would be applied again")
