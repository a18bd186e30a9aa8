"""What k6 makes of the text: whether it is JSON, whether the installed k6 takes it, whether the newest would."""

from collections.abc import Iterable, Iterator
from typing import Final

from k6cfg.doctor.check import Check, Result, error, info, of_text, of_values, ok, warning
from k6cfg.doctor.checks import token
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import NewText
from k6cfg.doctor.shell_commands import empty, k6cfg, quoted, take_out
from k6cfg.engine import Checked, ProofError, Selection, check, plan_fixes
from k6cfg.k6.cloud import TOKEN
from k6cfg.k6.secrets import MARK
from k6cfg.rules import lone_vus, placeholder_token
from k6cfg.rules.unknown_key import NOT_YET
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import Applicability, Diagnostic, Severity
from k6cfg.text.location import pointer, pointer_parts
from k6cfg.text.parser import locate

_TOKEN: Final = pointer(TOKEN)


def _syntax(machine: Machine, checked: Checked) -> Iterator[Result]:
    if checked.well_formed:
        yield ok("the file is JSON")
        return
    faults = _errors(checked.diagnostics)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    yield error(
        f"the file is no JSON: {_first(checked, faults)}{more}",
        "k6 stops with an error at every run, not only at cloud runs.",
        _remedy(machine, checked),
        _mend(machine, checked),
    )


def _accepted(machine: Machine, checked: Checked) -> Iterator[Result]:
    version = checked.schema.version
    faults = _errors(checked.diagnostics)
    doubts = [found for found in _warnings(checked.diagnostics) if not _said_elsewhere(machine, checked, found)]
    if not checked.accepted_run or not checked.accepted_cloud:
        # Each finding says itself what k6 makes of the file.
        yield error(
            f"the file has {_an(faults, 'error')} for k6 {version}: {_first(checked, faults)}",
            "Every cloud command stops." if checked.accepted_run else "Every run stops, not only cloud runs.",
            _remedy(machine, checked),
            _mend(machine, checked),
        )
    elif doubts:
        yield warning(
            f"the file has {_an(doubts, 'warning')} for k6 {version}: {_first(checked, doubts)}",
            "k6 accepts the file, and does not report this when it reads it.",
            _remedy_of_doubt(machine, checked, doubts[0]),
            _mend(machine, checked),
        )
    else:
        yield ok(f"k6 {version} takes the file")


def _needed(machine: Machine, checked: Checked) -> Iterator[Result]:
    """Keys that came with a later release than the k6 at hand."""
    version = machine.k6.version
    found = [(since, one) for one in checked.diagnostics if (since := _since(checked, one)) is not None]
    if not found:
        yield ok(f"k6 {version} is new enough for all that is in the file")
        return
    since, (_, first) = max(since for since, _ in found), found[0]
    line = checked.document.lines.position(first.span.start).line
    names = ", ".join(dict.fromkeys(one.pointer.rpartition("/")[2] for _, one in found))
    yield warning(
        f"the file needs k6 {since}, and this is {version}: {names} (line {line})",
        f"k6 {version} ignores what came later without a word.",
        "Install a newer k6: https://grafana.com/docs/k6/latest/set-up/install-k6/; or do without:"
        f" {take_out(machine, *(one.pointer for _, one in found))}",
    )


def _since(checked: Checked, found: Diagnostic) -> Version | None:
    if found.rule != NOT_YET:
        return None
    node = checked.schema.find(pointer_parts(found.pointer), obsolete=True)
    return node.since if node is not None else None


def _newest(machine: Machine, checked: Checked) -> Iterator[Result]:
    newest = machine.newest
    if newest is None or checked.schema.version == NEWEST:
        yield ok("the file is judged by the rules of the newest k6 known")
        return
    before = {(found.rule.name, found.pointer) for found in checked.diagnostics}
    new = [found for found in newest.diagnostics if (found.rule.name, found.pointer) not in before]
    faults = _errors(new)
    doubts = _warnings(new)
    if faults:
        yield info(
            f"the file has {_an(faults, 'error')} for k6 {NEWEST}: {_first(newest, faults)}",
            f"After an upgrade to k6 {NEWEST} {'cloud commands stop' if newest.accepted_run else 'every run stops'}.",
            _before_upgrade(machine, checked),
        )
    elif doubts:
        yield info(
            f"the file has {_an(doubts, 'warning')} for k6 {NEWEST}: {_first(newest, doubts)}",
            f"An upgrade to k6 {NEWEST} would change what k6 does, silently.",
            _before_upgrade(machine, checked),
        )
    else:
        yield ok(f"the newest k6 known, {NEWEST}, takes the file just as well")


def _before_upgrade(machine: Machine, checked: Checked) -> str:
    """The command that makes the file one for the newest k6, where nobody has to decide anything."""
    from k6cfg.engine.migration import migrate

    named = f" -c {quoted(machine, machine.path)}" if machine.config_option is not None else ""
    command = f"k6cfg migrate{named} --to {NEWEST}"
    plan = migrate(checked.data, load(NEWEST))
    see = k6cfg(machine, f"validate --k6-version {NEWEST}")
    if plan.changed and not plan.decisions and plan.refused is None and not _errors(plan.final.diagnostics):
        return f"Before you upgrade: `{command}`; see all with {see}"
    return f"Before you upgrade, you have to decide. What: `{command} --check`; see all with {see}"


def _errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in diagnostics if found.severity is Severity.ERROR]


def _warnings(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in diagnostics if found.severity is Severity.WARNING]


def _said_elsewhere(machine: Machine, checked: Checked, found: Diagnostic) -> bool:
    """Whether another check says the same, and more."""
    if found.rule in {NOT_YET, placeholder_token.RULE}:
        return True
    if found.rule == lone_vus.RULE:
        return machine.place.source != "option"
    places = [locate(checked.document, member.start) for _, member in token.misplaced(checked)]
    return any(place == found.pointer or place.startswith(f"{found.pointer}/") for place in places)


def _first(checked: Checked, found: list[Diagnostic]) -> str:
    if not found:
        return "for a reason that k6cfg does not know"
    line = checked.document.lines.position(found[0].span.start).line
    return f"line {line}: {found[0].message}"


def _an(found: list[Diagnostic], what: str) -> str:
    """How many there are; the first is the one that is told."""
    if len(found) > 1:
        return f"{len(found)} {what}s"
    return f"an {what}" if what.startswith("e") else f"a {what}"


def _remedy(machine: Machine, checked: Checked) -> str:
    if not checked.data.strip():
        return _of_nothing(machine)
    see = k6cfg(machine, "validate")
    if machine.other_format is not None:
        return f"It is {machine.other_format.what}, which k6cfg does not change. What to do instead: {see}"
    if checked.well_formed and {one.pointer for one in _errors(checked.diagnostics)} == {_TOKEN}:
        return f"Store a token: {k6cfg(machine, 'set-token')}"
    for options, unsafe in (("--fix", False), ("--fix --unsafe-fixes", True)):
        final = repaired(checked, unsafe=unsafe)
        if final is not None and final.well_formed and final.accepted_run and final.accepted_cloud:
            return f"{k6cfg(machine, f'validate {options}')} mends it; see all with {see}"
    without = _without(machine, checked)
    if without is not None:
        return f"See what to write instead: {see}; or do without it: {without}"
    return f"See where and what to write instead: {see}"


def _without(machine: Machine, checked: Checked) -> str | None:
    """The command that takes out the one value that k6 refuses, where that is all it takes."""
    faults = _errors(checked.diagnostics)
    if not checked.well_formed or len(faults) != 1 or not faults[0].pointer or MARK in faults[0].pointer:
        return None
    from k6cfg.engine.edit import Refusal, drop
    from k6cfg.engine.edit.key_path import resolve

    try:
        key = resolve(faults[0].pointer, checked.schema, checked.document)
        after = drop(checked.data, checked.schema, [key.route]).after
    except (ProofError, Refusal, ValueError):
        return None
    return take_out(machine, faults[0].pointer) if after.accepted_run and after.accepted_cloud else None


def _remedy_of_doubt(machine: Machine, checked: Checked, first: Diagnostic) -> str:
    see = k6cfg(machine, "validate")
    if machine.other_format is not None:
        return f"It is {machine.other_format.what}, which k6cfg does not change. See all: {see}"
    if first.fix is not None and first.fix.applicability is not Applicability.MANUAL:
        options = "--fix" if first.fix.applicability is Applicability.SAFE else "--fix --unsafe-fixes"
        return f"{k6cfg(machine, f'validate {options}')} mends it; see all with {see}"
    if first.pointer and MARK not in first.pointer and checked.well_formed:
        return f"Take it out, if it is not needed: {take_out(machine, first.pointer)}; see all with {see}"
    return f"See all: {see}"


def _mend(machine: Machine, checked: Checked) -> NewText | None:
    """The safe fixes, where k6 takes the file after them, or as it takes it now."""
    if machine.snapshot is None or not machine.changeable:
        return None
    if not checked.data.strip():
        if _earlier(machine):
            return None
        return NewText(machine.snapshot, checked, lambda: check(b"{}\n", checked.schema))
    final = repaired(checked, unsafe=False)
    if final is None or final.data == checked.data:
        return None
    return NewText(machine.snapshot, checked, lambda: final)


def _of_nothing(machine: Machine) -> str:
    """What to do about an empty file, which is what an interrupted login of k6's leaves (run with 2.2.0)."""
    if _earlier(machine):
        return f"{k6cfg(machine, 'undo')} brings back what was there before."
    return f"Put an empty object into it, and log in again: {empty(machine, machine.path)}"


def _earlier(machine: Machine) -> bool:
    """Whether `k6cfg undo` has another text for the file."""
    snapshot = machine.snapshot
    return snapshot is not None and machine.store.latest(snapshot.target, unlike=snapshot.data) is not None


def repaired(checked: Checked, *, unsafe: bool = False) -> Checked | None:
    """The file after the fixes; None where a broken one stays broken."""
    try:
        plan = plan_fixes(checked, Selection(), unsafe=unsafe)
    except ProofError:
        return None
    return plan.final if plan.refused is None else None


SYNTAX = Check("syntax", "Is the file JSON?", of_text(_syntax))
NEEDED = Check("needs", "Is this k6 new enough for the file?", of_values(_needed))
ACCEPTED = Check("accepted", "Does this k6 take the file?", of_values(_accepted))
UPGRADE = Check("newest", "Would the newest k6 take it?", of_values(_newest))
