"""What k6 makes of the text: whether it is JSON, whether the installed k6 takes it, whether the newest would."""

from collections.abc import Iterable, Iterator

from k6cfg.diagnostics import Diagnostic, Severity
from k6cfg.doctor import login
from k6cfg.doctor.check import Check, Result, error, info, of_text, of_values, ok, warning
from k6cfg.doctor.commands import empty, k6cfg
from k6cfg.doctor.machine import Machine
from k6cfg.engine import Checked, ProofError, Selection, plan_fixes
from k6cfg.parser import locate
from k6cfg.rules import lone_vus
from k6cfg.versions import NEWEST


def _syntax(machine: Machine, checked: Checked) -> Iterator[Result]:
    if checked.well_formed:
        yield ok("the file is JSON")
        return
    faults = _errors(checked.diagnostics)
    yield error(
        f"the file is no JSON: {_first(checked, faults)}",
        "k6 stops with an error at every run, not only at cloud runs.",
        _remedy(machine, checked),
    )


def _accepted(machine: Machine, checked: Checked) -> Iterator[Result]:
    version = checked.schema.version
    faults = _errors(checked.diagnostics)
    doubts = [found for found in _warnings(checked.diagnostics) if not _said_elsewhere(machine, checked, found)]
    if not checked.accepted_run or not checked.accepted_cloud:
        runs = checked.accepted_run
        what = "runs tests, but its cloud commands refuse the file" if runs else "refuses the file"
        yield error(
            f"k6 {version} {what}: {_first(checked, faults)}",
            f"Until it is mended, {'every cloud command' if runs else 'k6'} stops with an error.",
            _remedy(machine, checked),
        )
    elif doubts:
        yield warning(
            f"k6 {version} takes the file, but not as it is written: {_first(checked, doubts)}",
            "What k6 ignores or reads differently, it does so without a word.",
            f"See all: {k6cfg(machine, 'validate')}",
        )
    else:
        yield ok(f"k6 {version} takes the file")


def _newest(machine: Machine, checked: Checked) -> Iterator[Result]:
    newest = machine.newest
    if newest is None or checked.schema.version == NEWEST:
        yield ok("the file is judged by the rules of the newest k6 known")
        return
    before = {(found.rule.name, found.pointer) for found in checked.diagnostics}
    new = [found for found in newest.diagnostics if (found.rule.name, found.pointer) not in before]
    faults = _errors(new)
    doubts = _warnings(new)
    see = f"Before you upgrade: {k6cfg(machine, f'validate --k6-version {NEWEST}')}"
    if faults:
        yield info(f"k6 {NEWEST} would refuse the file: {_first(newest, faults)}", "An upgrade would stop k6.", see)
    elif doubts:
        yield info(
            f"k6 {NEWEST} would not read all of the file as it is written: {_first(newest, doubts)}",
            "An upgrade would change what k6 does, without a word.",
            see,
        )
    else:
        yield ok(f"the newest k6 known, {NEWEST}, takes the file just as well")


def _errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in diagnostics if found.severity is Severity.ERROR]


def _warnings(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in diagnostics if found.severity is Severity.WARNING]


def _said_elsewhere(machine: Machine, checked: Checked, found: Diagnostic) -> bool:
    """Whether another check says the same, and more."""
    if found.rule == lone_vus.RULE:
        return machine.place.source != "option"
    places = [locate(checked.document, member.start) for _, member in login.misplaced(checked)]
    return any(place == found.pointer or place.startswith(f"{found.pointer}/") for place in places)


def _first(checked: Checked, found: list[Diagnostic]) -> str:
    if not found:
        return "for a reason that k6cfg does not know"
    line = checked.document.lines.position(found[0].span.start).line
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"line {line}: {found[0].message}{more}"


def _remedy(machine: Machine, checked: Checked) -> str:
    if not checked.data.strip():
        return _of_nothing(machine)
    for options, unsafe in (("--fix", False), ("--fix --unsafe-fixes", True)):
        if _mends(checked, unsafe=unsafe):
            return f"{k6cfg(machine, f'validate {options}')} mends it; see all with {k6cfg(machine, 'validate')}"
    return f"See where and what to write instead: {k6cfg(machine, 'validate')}"


def _of_nothing(machine: Machine) -> str:
    """What to do about an empty file, which is what an interrupted login of k6's leaves (run with 2.2.0)."""
    if machine.snapshot is not None and machine.store.list(machine.snapshot.target):
        return f"{k6cfg(machine, 'undo')} brings back what was there before."
    return f"Put an empty object into it, and log in again: {empty(machine, machine.path)}"


def _mends(checked: Checked, *, unsafe: bool) -> bool:
    try:
        final = plan_fixes(checked, Selection(), unsafe=unsafe).final
    except ProofError:
        return False
    return final.well_formed and final.accepted_run and final.accepted_cloud


SYNTAX = Check("syntax", "Is the file JSON?", of_text(_syntax))
ACCEPTED = Check("accepted", "Does this k6 take the file?", of_values(_accepted))
UPGRADE = Check("newest", "Would the newest k6 take it?", of_values(_newest))
