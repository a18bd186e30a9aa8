"""The folder of the file: who else may put a file there, and whether we may."""

import os
import stat
from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, error, info, ok, skipped
from k6cfg.doctor.commands import chmod
from k6cfg.doctor.machine import Machine
from k6cfg.doctor.mends import without_others
from k6cfg.places.folders import WINDOWS


def run(machine: Machine) -> Iterator[Result]:
    """Its permission bits, and whether a login could write there."""
    if machine.place.problem is not None or machine.system == WINDOWS:
        yield skipped("there is no folder to look at")
        return
    folder = machine.snapshot.target.parent if machine.snapshot is not None else machine.path.parent
    name = machine.shown(folder)
    try:
        status = folder.stat()
    except OSError:
        yield skipped("there is no folder to look at")
        return
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o002 and not mode & stat.S_ISVTX:
        yield error(
            f"every user of this machine can replace the files in {name} (mode {mode:04o})",
            "Whatever the mode of the file itself: who can replace it decides where k6 sends the token.",
            chmod(machine, "go-w", folder, sudo=machine.uid not in {0, status.st_uid}),
            # A folder that somebody named may be one where others work, too.
            without_others(folder, status, 0o022) if machine.place.source == "default" else None,
        )
    elif not machine.may(folder, os.W_OK | os.X_OK):
        yield info(
            f"{name} cannot be written here: k6 reads the file, but a login cannot change it",
            "That is as it should be where the file is mounted or belongs to the system.",
            "Give k6 what differs in K6_* variables.",
        )
    else:
        yield ok(f"nobody else can replace files in {name} (mode {mode:04o})")


CHECK = Check("folder", "Who else may replace the file?", run)
