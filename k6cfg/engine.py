"""The order of work: check a file, plan a change, prove it. Nothing here reads or writes a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from k6cfg.decoding import UTF_8, Decoded, decode, encode
from k6cfg.diagnostics import CLOUD, RUN, Applicability, Diagnostic, Edit, Rule, Severity, apply_edits
from k6cfg.judge import JUDGE_RULES, judge, once
from k6cfg.location import Span, pointer
from k6cfg.masking import Mask, secrets
from k6cfg.masking.findings import RULE as SECRETS
from k6cfg.masking.findings import find as find_secrets
from k6cfg.parser import RULES as SYNTAX_RULES
from k6cfg.parser import SYNTAX, fault, locate, parse, stop
from k6cfg.reading import Reading, Script
from k6cfg.rules import RULES as VALUE_RULES
from k6cfg.rules import check as check_rules
from k6cfg.schema import Schema, load
from k6cfg.tree import Document, plain
from k6cfg.versions import Version

_ROUNDS: Final = 10  # fixes that overlap wait for the next round; no file needs many


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file and everything k6cfg has to say of it. ``reading`` is None where the text is no JSON."""

    data: bytes
    document: Document
    schema: Schema
    diagnostics: tuple[Diagnostic, ...]
    reading: Reading | None
    repairable: bool = False
    """The text is no JSON, and the fixes of its findings would together make it JSON."""
    known_secrets: tuple[Span, ...] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        # What another process needs to print it: the text and the findings, but not the tree, which is large.
        document = self.document
        return _sent, (document.text, document.encoding, self.schema.version, self.diagnostics, self.known_secrets)

    @cached_property
    def secrets(self) -> tuple[Span, ...]:
        """Where the text holds secrets; looked for when something of it is to be shown or written."""
        return self.known_secrets if self.known_secrets is not None else secrets(self.document, self.schema)

    @property
    def well_formed(self) -> bool:
        """Whether the text is JSON to k6, whatever its values."""
        return self.reading is not None

    @property
    def accepted_run(self) -> bool:
        """Whether ``k6 run`` of that version would load, consolidate and validate the file."""
        return not any(RUN in found.refuses for found in self.diagnostics)

    @property
    def accepted_cloud(self) -> bool:
        """Whether the cloud login commands of that version would read the file."""
        return not any(CLOUD in found.refuses for found in self.diagnostics)


def _sent(
    text: str, encoding: str, version: Version, found: tuple[Diagnostic, ...], hidden: tuple[Span, ...] | None
) -> Checked:
    return Checked(
        data=b"",
        document=Document(text=text, encoding=encoding, tokens=(), root=None),
        schema=load(version),
        diagnostics=found,
        reading=None,
        known_secrets=hidden or (),
    )


def check(data: bytes, schema: Schema, script: Script | None = None, *, intent: bool = True) -> Checked:
    """What k6 of the schema's version will make of a file; findings come in the order of the text.

    Without ``intent`` only what k6 itself refuses or does otherwise is looked for, not what the schema means besides:
    that is enough to change a single value, and much quicker.
    """
    decoded = decode(data)
    unfit = _stop(decoded) if len(decoded.text) > LARGE else None
    if unfit is not None:
        seen = decoded.text[: unfit.span.end + _MARGIN]
        bare = Document(text=seen, encoding=decoded.encoding, tokens=(), root=None)
        return _checked(data, bare, schema, [unfit])
    document = parse(decoded.text, decoded.encoding)
    if any(found.severity is Severity.ERROR for found in document.diagnostics):
        from k6cfg.repairing import repair  # only a broken text needs it, and it is the largest room

        repaired = repair(document, schema)
        found = [_with_pointer(document, one) for one in repaired.diagnostics or document.diagnostics]
        return _checked(data, document, schema, _reaching(document, found), repairable=repaired.complete)
    reading, judged = judge(document, schema)
    ruled = check_rules(reading, schema, script or Script(), intent=intent)
    noted = [_of_sound_text(document, one) for one in document.diagnostics]
    return _checked(data, document, schema, [*noted, *once([*judged, *ruled])], reading=reading)


LARGE: Final = 4 * 1024 * 1024
"""A text of more characters than these is only looked at closely when it is JSON: a log is no configuration."""

_MARGIN: Final = 4096
"""How much of such a text behind the place where k6 stops is kept to be shown."""

TOO_LARGE: Final = Rule("large-and-broken", SYNTAX, "A text far larger than any configuration is no JSON.")


def _stop(decoded: Decoded) -> Diagnostic | None:
    """Where a large text stops being JSON, if it does."""
    import json

    try:
        json.loads(decoded.text)
    except json.JSONDecodeError as error:
        place, why = error.pos, "it is no configuration of k6's, or two files have become one"
        message = f"k6 stops reading here; the file is too large ({len(decoded.text):,} characters) to look further"
        return fault(TOO_LARGE, Span(place, place), message, why)
    except (RecursionError, ValueError):  # too deep, or numbers too long: the parser knows better
        return None
    return None


def _reaching(document: Document, found: list[Diagnostic]) -> list[Diagnostic]:
    """The findings, the first errors among them reaching to where k6 stops reading; white space does not count.

    What has to be mended and where k6 notices may lie apart: a quote is missing, and k6 stops at the end of the line.
    """
    text, place = document.text, stop(document.text)
    if document.encoding != UTF_8 or place == len(text):
        return found
    start, end = min(one.span for one in found if one.severity is Severity.ERROR)
    if not (text[end:place] or text[place:start]).strip(_JSON_SPACE):
        return found
    reach = Span(min(start, place), max(end, place))
    return [replace(one, span=reach) if one.span == (start, end) else one for one in found]


_JSON_SPACE: Final = " \t\r\n"


def _checked(  # noqa: PLR0913 - what is known of a file
    data: bytes,
    document: Document,
    schema: Schema,
    found: list[Diagnostic],
    *,
    reading: Reading | None = None,
    repairable: bool = False,
) -> Checked:
    hidden = secrets(document, schema) if found else None
    if hidden:
        mask = Mask(document.text, hidden)
        found = [_told(mask, one) for one in found]
    # By place alone: of edits at one place, those of the first finding come first.
    ordered = tuple(sorted(found, key=lambda one: one.span))
    return Checked(
        data=data,
        document=document,
        schema=schema,
        diagnostics=ordered,
        reading=reading,
        repairable=repairable,
        known_secrets=hidden,
    )


def _told(mask: Mask, found: Diagnostic) -> Diagnostic:
    """A finding whose words hold no secret; a help that would spell out what is secret goes."""
    help_ = mask.told(found.help) if found.help is not None else None
    if found.fix is not None and mask.holds_secret(found.fix.edits):
        help_ = "the fix is certain, but what it writes is a secret and not shown here"
    message, pointer_ = mask.told(found.message), mask.told(found.pointer)
    if (message, pointer_, help_) == (found.message, found.pointer, found.help):
        return found
    return replace(found, message=message, pointer=pointer_, help=help_)


def _with_pointer(document: Document, found: Diagnostic) -> Diagnostic:
    return found if found.pointer else replace(found, pointer=locate(document, found.span.start))


def _of_sound_text(document: Document, found: Diagnostic) -> Diagnostic:
    """A finding of the parser in a text that has values: its fix, if there is one, changes the value, or the key."""
    found = _with_pointer(document, found)
    if found.fix is None or found.fix.pointers:
        return found
    # Where the bytes stand in a key, it gets another name: the change is then of its object.
    holder = found.pointer.rpartition("/")[0]
    return replace(found, fix=found.fix._replace(pointers=(found.pointer, holder)))


def selected(checked: Checked, selection: "Selection") -> tuple[Diagnostic, ...]:
    """The findings that count, in the order of the text; secrets are among them where they were asked for."""
    found = checked.diagnostics
    if not selection.select.isdisjoint({SECRETS.name, SECRETS.group}):
        hidden = checked.secrets
        mask = Mask(checked.document.text, hidden)
        secret = [_told(mask, one) for one in find_secrets(checked.document, checked.schema, hidden)]
        # What was not looked at may hold some.
        unseen = [one for one in found if one.rule is TOO_LARGE]
        rest = [one for one in found if selection.holds(one) and one.rule is not TOO_LARGE]
        return tuple(
            sorted((*unseen, *rest, *(one for one in secret if selection.holds(one))), key=lambda one: one.span)
        )
    return tuple(one for one in found if selection.holds(one))


def rule_names() -> frozenset[str]:
    """The names of all rules and groups, as ``--select`` takes them."""
    return frozenset(name for rule in all_rules() for name in (rule.name, rule.group))


def all_rules() -> tuple[Rule, ...]:
    """Every rule there is, by group."""
    from k6cfg.repairing import RULES as REPAIR_RULES

    return tuple(dict.fromkeys((*SYNTAX_RULES, TOO_LARGE, *REPAIR_RULES, *JUDGE_RULES, *VALUE_RULES, SECRETS)))


# -- plan -----------------------------------------------------------------------------------------------------------


class Selection(NamedTuple):
    """Which findings count. ``select`` and ``ignore`` hold names of rules and groups; no ``select`` is all."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def holds(self, found: Diagnostic) -> bool:
        """Whether a finding is selected and not ignored."""
        names = {found.rule.name, found.rule.group}
        return (not self.select or not names.isdisjoint(self.select)) and names.isdisjoint(self.ignore)


class Step(NamedTuple):
    """Edits of one text, and what becomes of it. ``chosen`` are the findings that the edits cure."""

    before: Checked
    chosen: tuple[Diagnostic, ...]
    edits: tuple[Edit, ...]
    after: Checked


class Plan(NamedTuple):
    """What would be done to a file: no step means nothing. ``refused`` says why a broken text stays as it is."""

    start: Checked
    steps: tuple[Step, ...]
    refused: str | None = None

    @property
    def final(self) -> Checked:
        """The file as it would be."""
        return self.steps[-1].after if self.steps else self.start


def plan_fixes(start: Checked, selection: Selection, script: Script | None = None, *, unsafe: bool) -> Plan:
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
    current: Checked, selection: Selection, allowed: set[Applicability], script: Script | None
) -> Step | None:
    """The next round of fixes beyond syntax; one after which k6 would refuse what it takes now is left out."""
    chosen = tuple(_without_overlap(one for one in current.diagnostics if _applies(one, selection, allowed)))
    if not chosen:
        return None
    step = _step(current, chosen, script)
    if not _worse(step):
        return step
    harmless = tuple(one for one in chosen if not _worse(_step(current, (one,), script)))
    return _step(current, harmless, script) if harmless else None


def _worse(step: Step) -> bool:
    before, after = step.before, step.after
    return (before.accepted_run and not after.accepted_run) or (before.accepted_cloud and not after.accepted_cloud)


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
        if found.fix.applicability not in allowed:
            return (), "part of it is only likely, not certain: k6cfg validate --fix --unsafe-fixes allows that too"
    return tuple(needed), None


def _without_overlap(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Of fixes that touch the same text only the first; the next round picks up the rest."""
    done = -1
    for one in sorted(found, key=lambda one: one.fix.edits[:1] if one.fix is not None else ()):
        if one.fix is None:
            continue
        start = min((edit.start for edit in one.fix.edits), default=0)
        if start > done:
            yield one
            done = max((edit.end for edit in one.fix.edits), default=done)


def _step(before: Checked, chosen: tuple[Diagnostic, ...], script: Script | None) -> Step:
    fixes = [found.fix for found in chosen if found.fix is not None]
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    encoding = UTF_8 if any(fix.reencode for fix in fixes) else before.document.encoding
    declared = tuple(place for fix in fixes for place in fix.pointers)
    return change(before, edits, declared, script, encoding=encoding, chosen=chosen)


def change(  # noqa: PLR0913 - what a step is made of
    before: Checked,
    edits: tuple[Edit, ...],
    pointers: Sequence[str],
    script: Script | None = None,
    *,
    encoding: str | None = None,
    chosen: tuple[Diagnostic, ...] = (),
    intent: bool = True,
) -> Step:
    """One proven step: the edits applied, and nothing but the values at ``pointers`` different.

    Raises:
        ProofError: the result is not what the edits promised. That is a bug of k6cfg; nothing may be written.
    """
    text = apply_edits(before.document.text, edits)
    after = check(encode(text, encoding or before.document.encoding), before.schema, script, intent=intent)
    prove(before, after, edits, pointers)
    return Step(before, chosen, edits, after)


# -- proof ----------------------------------------------------------------------------------------------------------


class ProofError(Exception):
    """A change that k6cfg planned does not do what it promised: a bug of k6cfg. Holds no text of the file."""


def prove(before: Checked, after: Checked, edits: Sequence[Edit], pointers: Sequence[str]) -> None:
    """Check a change before anything is written.

    The new text has no syntax fault, the text outside the edits is the same, and values differ at ``pointers`` alone
    (a text that could not be parsed had no values to compare).

    Raises:
        ProofError: one of that does not hold.
    """
    if not after.well_formed:
        raise ProofError("the changed text is no JSON")
    if _outside(before.document.text, edits) != _outside(after.document.text, _inverse(edits)):
        raise ProofError("the text outside the edits changed")
    if before.well_formed:
        old, new = plain(before.document, before.document.root), plain(after.document, after.document.root)
        for found in differing(old, new):
            if not any(_covers(declared, found) for declared in pointers):
                raise ProofError("a value changed that no fix had declared")


def prove_settled(final: Checked, selection: Selection, script: Script | None = None, *, unsafe: bool) -> None:
    """Planning again must find nothing. Raises ProofError where it does."""
    if plan_fixes(final, selection, script, unsafe=unsafe).steps:
        raise ProofError("the same fixes would be applied again")


def _inverse(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that would take the new text back, without the text that they would put in."""
    made, shift = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start = edit.start + shift
        made.append(Edit(start, start + len(edit.text), ""))
        shift += len(edit.text) - (edit.end - edit.start)
    return tuple(made)


def _outside(text: str, edits: Sequence[Edit]) -> str:
    return apply_edits(text, [Edit(edit.start, edit.end, "") for edit in edits])


def _covers(declared: str, found: str) -> bool:
    """Whether a difference at ``found`` is part of what was declared.

    It is when it lies at or below the declared place, or above it: an empty or absent holder had to be made for it.
    """
    return found == declared or found.startswith(declared + "/") or declared.startswith(found + "/")


class _Link(NamedTuple):
    parent: "_Link | None"
    part: str | int


_ABSENT: Final = object()


def differing(before: object, after: object) -> Iterator[str]:
    """The JSON Pointers of the scalars and empty containers that are not the same on both sides.

    ``1``, ``1.0`` and ``true`` differ. Iterative, so depth is no danger.
    """
    pending: list[tuple[object, object, _Link | None]] = [(before, after, None)]
    while pending:
        old, new, place = pending.pop()
        left, right = _entries(old), _entries(new)
        if not left and not right:
            if type(old) is not type(new) or old != new:
                yield _pointer(place)
            continue
        if not left and old is not _ABSENT:
            yield _pointer(place)
        if not right and new is not _ABSENT:
            yield _pointer(place)
        pending += [
            (left.get(part, _ABSENT), right.get(part, _ABSENT), _Link(place, part)) for part in {**left, **right}
        ]


def _entries(value: object) -> dict[str | int, object]:
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list):
        return dict(enumerate(value))
    return {}


def _pointer(place: _Link | None) -> str:
    parts: list[str | int] = []
    while place is not None:
        parts.append(place.part)
        place = place.parent
    return pointer(reversed(parts))
