"""What interrupted writes left behind."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from k6cfg.doctor.check import Check, Result, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import sweep
from k6cfg.doctor.shell_commands import remove
from k6cfg.machine.files.directory import TEMPORARY

_SETTLED: Final = 60.0
"""Seconds after which a write is over; a healthy one takes a hundredth of one."""


def run(machine: Machine) -> Iterator[Result]:
    """Temporary files of k6cfg's beside the file, and beside its backups."""
    beside = machine.snapshot.target.parent if machine.snapshot is not None else machine.path.parent
    folders = [beside, *_below(machine.store.folder)]
    found = [(folder, names) for folder in folders if (names := _abandoned_in(folder))]
    for folder, names in found:
        yield warning(
            f"an interrupted k6cfg left {len(names)} temporary file{'' if len(names) == 1 else 's'} in"
            f" {machine.shown(folder)}",
            "They are not used by anything, and may hold a token.",
            f"{remove(machine, *(folder / name for name in names))}{_swept(folder, beside, names)}",
            sweep(folder, names),
        )
    if not found and not os.path.isdir(beside):  # noqa: PTH112 - Path's may raise
        yield skipped("there is no folder that could be looked at")
    elif not found:
        yield ok("no interrupted write left anything behind")


def _swept(folder: Path, beside: Path, names: tuple[str, ...]) -> str:
    """What k6cfg does by itself: a write removes what is ours in the folder of its file."""
    ours = folder == beside and sweep(folder, names) is not None
    return "; the next change of the file by k6cfg does it too." if ours else ""


def _below(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir())
    except OSError:
        return []


def _abandoned_in(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(entry.name for entry in folder.iterdir() if _abandoned(entry)))
    except OSError:
        return ()


def _abandoned(path: Path) -> bool:
    if TEMPORARY.fullmatch(path.name) is None:
        return False
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > _SETTLED


CHECK = Check("leftovers", "Did an interrupted write leave anything behind?", run)
