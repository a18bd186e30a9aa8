"""What interrupted writes left behind."""

import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from k6cfg.doctor.check import Check, Result, ok, skipped, warning
from k6cfg.doctor.commands import remove
from k6cfg.doctor.machine import Machine

_NAME: Final = re.compile(r"\.k6cfg-([0-9]{1,10})-[0-9a-f]{12}\.tmp", re.ASCII)
_SETTLED: Final = 60.0
"""Seconds after which a write is over; a healthy one takes a hundredth of one."""


def run(machine: Machine) -> Iterator[Result]:
    """Temporary files of k6cfg's beside the file."""
    folder = machine.snapshot.target.parent if machine.snapshot is not None else machine.path.parent
    try:
        found = sorted(entry for entry in folder.iterdir() if _abandoned(entry))
    except OSError:
        yield skipped("there is no folder that could be looked at")
        return
    if not found:
        yield ok("no interrupted write left anything behind")
        return
    yield warning(
        f"an interrupted k6cfg left {len(found)} temporary file{'' if len(found) == 1 else 's'} in"
        f" {machine.shown(folder)}",
        "They are not used by anything, and may hold a token.",
        f"{remove(machine, *found)}; the next change by k6cfg does it too.",
    )


def _abandoned(path: Path) -> bool:
    if _NAME.fullmatch(path.name) is None:
        return False
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > _SETTLED


CHECK = Check("leftovers", "Did an interrupted write leave anything behind?", run)
