"""The earlier versions of the file that k6cfg keeps."""

import os
from collections.abc import Iterator
from pathlib import Path

from k6cfg.doctor.check import Check, Result, info, ok, skipped
from k6cfg.doctor.commands import k6cfg
from k6cfg.doctor.machine import Machine


def run(machine: Machine) -> Iterator[Result]:
    """How many there are, for they hold earlier tokens."""
    if machine.place.problem is not None:
        yield skipped("there is no file to look at")
        return
    target = machine.snapshot.target if machine.snapshot is not None else Path(os.path.realpath(machine.path))
    count = len(machine.store.list(target))
    if not count:
        yield ok("k6cfg keeps no earlier version of the file")
        return
    versions = "1 earlier version" if count == 1 else f"{count} earlier versions"
    yield info(
        f"k6cfg keeps {versions} of the file in {machine.shown(machine.store.folder)}",
        "Only you can read them, but they may hold earlier tokens.",
        f"To delete them, and with them the way back: {k6cfg(machine, 'undo --purge')}",
    )


CHECK = Check("backups", "Does k6cfg keep earlier versions?", run)
