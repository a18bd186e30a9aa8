"""What set, unset and set-token share: single values into the file or out of it, and nothing that was not asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from k6cfg.cli.context import Situation
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, FINDINGS
from k6cfg.cli.terminal import complain, interactive, say
from k6cfg.cli.write import apply
from k6cfg.cli.write_options import Manner
from k6cfg.engine import differing
from k6cfg.engine.edit import Change, Refusal, Route
from k6cfg.machine.files import LARGEST_WRITE, FileError, Kind, Snapshot, absent, read, read_text, require_config
from k6cfg.text.diagnostics import Diagnostic, Severity
from k6cfg.text.tree import plain

UNTOUCHED: Final = frozenset({DECLINED, FINDINGS})
"""Exit codes of ``write_change`` after which nothing was written."""


def file_to_change(situation: Situation, config: str | None) -> Snapshot | int:
    """Return the config file to change, which may not exist yet, or the exit code.

    Raises:
        FileError: it cannot be read, is too large to be changed, or is not a k6 config file.
    """
    snapshot = snapshot_of(situation, config)
    if not isinstance(snapshot, int):
        require_config(snapshot)
    return snapshot


def snapshot_of(
    situation: Situation, config: str | None, *, limit: int = LARGEST_WRITE, text: bool = True
) -> Snapshot | int:
    """Return the file, which may not exist yet, or the exit code; one that is larger than ``limit`` is not read.

    Raises:
        FileError: it cannot be read, or is not text although ``text`` is asked for.
    """
    place = situation.place(config)
    if place.problem is not None:
        complain(place.problem, place.remedy)
        return COULD_NOT
    try:
        return (read_text if text else read)(Path(place.path), limit=limit)
    except FileError as error:
        if error.kind is not Kind.MISSING:
            raise
        return absent(Path(place.path))


def refused(situation: Situation, snapshot: Snapshot, refusal: Refusal) -> int:
    """Say why a file cannot be changed so; the exit code."""
    # The advice is the same for every file; the commands in it are to be about this one.
    advice = refusal.help.replace("k6cfg validate", situation.command("validate", snapshot.path))
    complain(f"{situation.shown(snapshot.path)} {refusal.message}", advice)
    return FINDINGS


def data_of(snapshot: Snapshot) -> bytes | None:
    """The bytes of a file; None where there is none."""
    return snapshot.data if snapshot.exists else None


def kept_out_of_git(situation: Situation, snapshot: Snapshot, what: str) -> bool:
    """Whether git tracks the file, so that a secret must not go into it; says so."""
    from k6cfg.machine.environment.git import tracked

    if not tracked(snapshot.target):
        return False
    complain(
        f"git tracks {situation.shown(snapshot.path)}: {what} would end up in the repository",
        "use another file (-c), take this one out of git (git rm --cached), or insist with --force",
    )
    return True


def write_change(
    situation: Situation,
    snapshot: Snapshot,
    change: Change,
    manner: Manner,
    *,
    backup: bool,
    remarks: Callable[[], None] = lambda: None,
) -> int:
    """Diff, question, write; the exit code. A repair that is needed on the way is more than what was asked for.

    Raises:
        FileError: the file could not be written; it is as it was.
    """
    name = situation.shown(snapshot.path)
    _tell_repairs(change, name)
    asked = interactive() and manner.may_ask
    if change.repair is not None and not manner.yes and not manner.diff_only and not asked:
        complain(
            f"{name} is malformed and has to be repaired first, which is more than it was asked for",
            f"add --yes to do both, or look at it with {situation.command('validate', snapshot.path)}",
        )
        return DECLINED
    return apply(situation, snapshot, change.before, change.after, manner, situation.store(wanted=backup), remarks)


def _tell_repairs(change: Change, name: str) -> None:
    for step in change.repair.steps if change.repair is not None else ():
        for found in step.chosen:
            position = step.before.document.lines.position(found.span.start)
            say(f"repair {name}:{position.line}:{position.column}: {found.message} [{found.rule.name}]")


def tell_overridden(situation: Situation, routes: Sequence[Route]) -> None:
    """Say which variables are set here that k6 takes instead of what the file says."""
    for route in routes:
        node = situation.schema.find(route)
        for variable in node.env if node is not None else ():
            if situation.environ.get(variable):
                say(f"warning: {variable} is set here, and k6 takes it instead of what the file says")


def tell_other_faults(situation: Situation, snapshot: Snapshot, change: Change, new: Sequence[Diagnostic] = ()) -> None:
    """Other faults of the file do not stand in the way, but are said, and so is what is ``new`` with the change.

    What is still missing beside the values that changed is said first; nothing is said twice.
    """
    errors = [found for found in change.after.diagnostics if found.severity is Severity.ERROR]
    errors.sort(key=lambda found: not _is_beside(found, change))
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        name, look = situation.shown(snapshot.path), situation.command("validate", snapshot.path)
        when = "still rejects" if _was_rejected(change) else "now rejects"
        why = errors[0].message.partition("; k6 refuses")[0]
        say(f"warning: k6 {situation.k6.version} {when} {name}: {why}{more}; {look} shows where")
    for found in new:
        if found not in errors[:1]:
            say(f"warning: {found.message}" + (f"; {found.help}" if found.help else ""))


def _is_beside(found: Diagnostic, change: Change) -> bool:
    """Whether a finding says what an object lacks of which a value was changed."""
    if not found.lacks:
        return False
    before, after = (plain(side.document, side.document.root) for side in (change.base, change.after))
    return any(place.startswith(f"{found.pointer}/") for place in differing(before, after))


def _was_rejected(change: Change) -> bool:
    return not (change.base.accepted_run and change.base.accepted_cloud)
