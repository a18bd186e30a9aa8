"""The earlier versions of the file that k6cfg keeps."""

import os
from collections.abc import Iterator
from pathlib import Path

from k6cfg.doctor.check import Check, Result, info, ok, skipped, warning
from k6cfg.doctor.commands import k6cfg, remove
from k6cfg.doctor.machine import Machine


def run(machine: Machine) -> Iterator[Result]:
    """How many there are, for they hold earlier tokens."""
    if machine.place.problem is not None:
        yield skipped("there is no file to look at")
        return
    target = machine.snapshot.target if machine.snapshot is not None else Path(os.path.realpath(machine.path))
    kept = machine.store.list(target)
    count = len(kept)
    if not count:
        yield ok("k6cfg keeps no earlier version of the file")
        return
    versions = "1 earlier version" if count == 1 else f"{count} earlier versions"
    foreign = next((backup for backup in kept if backup.is_foreign), None)
    if foreign is not None:
        yield warning(
            f"{machine.shown(foreign.path)} belongs to another user, or another user can change it",
            "k6cfg undo does not write it back: it may hold anything.",
            f"Look at it, then {remove(machine, foreign.path)}",
        )
    private = all(backup.is_private and not backup.is_foreign for backup in kept)
    yield info(
        f"k6cfg keeps {versions} of the file in {machine.shown(machine.store.folder)}",
        f"They may hold earlier tokens{'; only you can read them' if private else ''}.",
        f"To delete them, and with them the way back: {k6cfg(machine, 'undo --purge')}",
    )


CHECK = Check("backups", "Does k6cfg keep earlier versions?", run)
