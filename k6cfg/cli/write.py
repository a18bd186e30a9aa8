"""One way for every change: diff, question, safe write, report."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from k6cfg.cli.context import Situation
from k6cfg.cli.exit_codes import DECLINED, FINDINGS, FINE, NOT_DURABLE
from k6cfg.cli.terminal import complain, confirmed, interactive, out, paint_diff, painter_for, say, talk
from k6cfg.cli.write_options import Manner
from k6cfg.engine import Checked, ProofError
from k6cfg.engine.diff import Side, text_diff
from k6cfg.machine.files import FileError, Snapshot, Store, Written, refuse, write
from k6cfg.machine.files.errors import owner, removal
from k6cfg.machine.files.in_place import IRREPLACEABLE
from k6cfg.machine.files.temp_file import owner_after


def apply(
    situation: Situation,
    snapshot: Snapshot,
    before: Checked | None,
    after: Checked,
    manner: Manner,
    store: Store | None,
    remarks: Callable[[], None] = lambda: None,
) -> int:
    """Show the masked diff of a change, ask, write, and say what was done; the exit code.

    Raises:
        FileError: the file could not be written; it is as it was.
    """
    name = situation.shown(snapshot.path)
    if manner.diff_only:
        shown = show_diff(before, after, name, manner)
        return FINDINGS if shown or _reencoded(before, after) else FINE
    if after.data != snapshot.data:
        refuse(snapshot, len(after.data))  # before anybody reads a diff that cannot be
    if snapshot.exists and after.data == snapshot.data and not _tightens(snapshot, after):
        remarks()
        say(f"{name} is already up to date")
        return FINE
    diff = text_diff(_side(before), _side(after), name)
    talk(paint_diff(diff, painter_for(sys.stderr)))
    if _reencoded(before, after):
        encoding = before.document.encoding.upper() if before is not None else ""
        say(f"{name} will be {after.document.encoding.upper()}; until now it is {encoding}")
    remarks()
    if (stranger := _who_else_reads(snapshot, before, after)) is not None:
        say(f"warning: {name} belongs to {stranger}, who can read the secret that is written there")
    if not manner.yes:
        asked = interactive() and manner.may_ask
        if asked and not confirmed(_question(snapshot, after, name)):
            complain("nothing was written")
            return DECLINED
        if not asked and not manner.told:
            complain("nothing was written, because nobody can be asked here", "add --yes to write it")
            return DECLINED
    try:
        done = write(
            snapshot,
            after.data,
            secret=bool(after.secrets),
            backup=store,
            check=_reread(after),
            in_place=manner.in_place,
        )
    except FileError as error:
        raise _with_offer(error, snapshot, manner) from error
    _report(situation, done, snapshot.path)
    return FINE if done.durable else NOT_DURABLE


def show_diff(before: Checked | None, after: Checked, name: str, manner: Manner) -> bool:
    """The masked diff alone, as data or as talk; whether there is any."""
    diff = text_diff(_side(before), _side(after), name)
    if manner.report_on_stdout:
        talk(paint_diff(diff, painter_for(sys.stderr)))
    else:
        out(paint_diff(diff, painter_for(sys.stdout)))
    return bool(diff)


def _with_offer(error: FileError, snapshot: Snapshot, manner: Manner) -> FileError:
    """The same error; its help names --in-place where that is a way."""
    if manner.in_place or error.kind not in IRREPLACEABLE or not os.access(snapshot.target, os.W_OK):
        return error
    offer = (
        "Or add --in-place: it overwrites the file where it stands, after a backup. That is weaker: a program that "
        "reads it at that moment, or a power cut, may find a mixture of old and new."
    )
    return FileError(error.kind, error.message, f"{error.help}\n        {offer}")


def _side(checked: Checked | None) -> Side:
    return Side(checked.document.text, checked.secrets) if checked is not None else Side("", ())


def _reencoded(before: Checked | None, after: Checked) -> bool:
    return before is not None and before.document.encoding != after.document.encoding


def _reread(after: Checked) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        if data != after.data:
            raise ProofError("the file was not written as it was planned")

    return check


def _tightens(snapshot: Snapshot, after: Checked) -> bool:
    """Whether writing would take the file from the view of others, because it holds a secret."""
    from k6cfg.machine.files.temp_file import mode_after

    return bool(after.secrets) and bool(snapshot.mode & ~mode_after(snapshot.status, secret=True))


def _who_else_reads(snapshot: Snapshot, before: Checked | None, after: Checked) -> str | None:
    """The other user whose file it is or will be, where a secret comes into it."""
    if not hasattr(os, "geteuid") or not secret_texts(after) - (secret_texts(before) if before is not None else set()):
        return None
    uid = owner_after(snapshot.target, snapshot.status)
    return None if uid == os.geteuid() else owner(uid)


def secret_texts(checked: Checked) -> set[str]:
    """The secrets of a file, each as it is written there."""
    return {checked.document.text[span.start : span.end] for span in checked.secrets}


def _question(snapshot: Snapshot, after: Checked, name: str) -> str:
    if snapshot.exists and after.data == snapshot.data:
        return f"Give {name} mode 0600, so that only {_readers(snapshot.status)} can read it?"
    return f"Write this to {name}?"


def _readers(status: os.stat_result | None) -> str:
    """Who can read a file with mode 0600."""
    if not hasattr(os, "geteuid") or status is None or status.st_uid == os.geteuid():
        return "you"
    return owner(status.st_uid)


def _report(situation: Situation, done: Written, path: Path) -> None:
    name = situation.shown(done.path)
    only = f"only {_readers(_status(done.path))} can read it"
    if not done.changed:
        say(f"{name} is already up to date" + (f"; {only} now (mode 0600)" if done.tightened else ""))
        return
    for folder in done.made_folders:
        say(f"made the folder {situation.shown(folder)} (mode 0700)")
    how = "created" if done.created else "overwrote, in place," if done.in_place else "wrote"
    mode = f" (mode 0600: {only})" if done.created or done.tightened else ""
    say(
        f"{how} {name}{mode}"
        + (f"; {situation.command('undo', path)} takes it back" if done.backup is not None else "")
    )
    if done.leftover is not None:
        complain(
            "the file is written; the old one could not be removed and has a temporary name now", removal(done.leftover)
        )
    if not done.durable:
        complain(
            "the file is written, but the disk did not confirm that it would survive a power cut",
            "check the disk; the file itself is whole",
        )


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
