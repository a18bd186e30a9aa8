"""The earlier versions of the file that k6cfg keeps."""

import os
import stat
from collections.abc import Iterator
from typing import Final

from k6cfg.doctor.check import Check, Result, info, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import Mend, without_others
from k6cfg.doctor.shell_commands import chmod, k6cfg, put_aside, remove
from k6cfg.machine.files.errors import owner
from k6cfg.machine.files.trust import Doubt

_OTHERS: Final = 0o077


def run(machine: Machine) -> Iterator[Result]:
    """How many there are, for they hold earlier tokens; and those that another user may have written."""
    if machine.place.problem is not None:
        yield skipped("there is no file to look at")
        return
    kept = machine.backups
    if not kept:
        yield ok("k6cfg keeps no earlier version of the file")
        return
    # One folder that is open to others makes every backup in it doubtful, and is one fault.
    yield from (_doubtful(machine, doubt) for doubt in machine.backup_doubts.values())
    versions = "1 earlier version" if len(kept) == 1 else f"{len(kept)} earlier versions"
    yield info(
        f"k6cfg keeps {versions} of the file in {machine.shown(machine.store.folder)}",
        f"{_readers(machine)}hey may hold earlier tokens.",
        f"To delete them, and with them the way back: {k6cfg(machine, 'undo --purge')}",
    )


def _readers(machine: Machine) -> str:
    """Who can read the backups, as far as that is sure; the beginning of a sentence."""
    if os.name != "posix" or machine.backup_doubts:
        return "T"
    found = [path.lstat() for path in (machine.store.folder, *(backup.path for backup in machine.backups))]
    if any(stat.S_IMODE(status.st_mode) & _OTHERS for status in found):
        return "T"
    owners = {status.st_uid for status in found}
    if owners == {machine.uid}:
        return "Only you can read them, but t"
    return f"Only {' and '.join(owner(uid) for uid in sorted(owners | {0}))} can read them, but t"


def _doubtful(machine: Machine, doubt: Doubt) -> Result:
    """What lets another user put a backup there, and what to do about it."""
    status = doubt.path.lstat()
    mend: Mend | None = None
    own = machine.store.folder == doubt.path or machine.store.folder in doubt.path.parents
    if doubt.too_open:
        # Those above k6cfg's own folders others may have to read.
        mode = ("700" if stat.S_ISDIR(status.st_mode) else "600") if own else "go-w"
        remedy = chmod(machine, mode, doubt.path, sudo=machine.uid not in {0, status.st_uid})
        mend = without_others(doubt.path, status) if own else None
    elif stat.S_ISDIR(status.st_mode):
        remedy = f"Put the backups aside: {put_aside(machine, machine.backups[0].path.parent)}"
    else:
        remedy = f"If you do not know what it is: {remove(machine, doubt.path)}"
    return warning(
        f"another user may have written a backup of the file: {doubt.why}",
        "A backup that is written back decides what k6 runs, and where it sends the token. `k6cfg undo` does not offer"
        " such a backup.",
        remedy,
        mend,
    )


CHECK = Check("backups", "Does k6cfg keep earlier versions?", run)
