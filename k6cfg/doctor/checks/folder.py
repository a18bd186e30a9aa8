"""The folder of the file: who else may put a file there, and whether we may."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from k6cfg.doctor.check import Check, Result, error, info, ok, skipped
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import without_others
from k6cfg.doctor.shell_commands import chmod
from k6cfg.machine.paths.config_dirs import WINDOWS


def run(machine: Machine) -> Iterator[Result]:
    """Its permission bits and those of the folders around it, and whether a login could write there."""
    if machine.place.problem is not None or machine.system == WINDOWS:
        yield skipped("there is no folder to look at")
        return
    folder = machine.snapshot.target.parent if machine.snapshot is not None else machine.path.parent
    name = machine.shown(folder)
    status = _status(folder)
    if status is None:
        yield skipped("there is no folder to look at")
        return
    found = next(_open(folder), None)
    mode = stat.S_IMODE(status.st_mode)
    if found is not None:
        yield _result(machine, *found)
    elif not machine.may(folder, os.W_OK | os.X_OK):
        yield info(
            f"{name} cannot be written here: {_effect(machine)}",
            "That is as it should be where the file is mounted or belongs to the system.",
            "Give k6 what differs in K6_* variables.",
        )
    else:
        yield ok(f"nobody else can replace files in {name} (mode {mode:04o})")


def _effect(machine: Machine) -> str:
    if machine.snapshot is not None:
        return "k6 reads the file, but a login cannot change it"
    return "a login cannot store a token"


def _status(folder: Path) -> os.stat_result | None:
    try:
        return folder.stat()
    except OSError:
        return None


def _open(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The folders, from this one on upwards, in which everybody may give and take away names."""
    for each in (folder, *folder.parents):
        status = _status(each)
        if status is not None and status.st_mode & 0o002 and not status.st_mode & stat.S_ISVTX:
            yield each, status


def _result(machine: Machine, folder: Path, status: os.stat_result) -> Result:
    return error(
        f"every user of this machine can replace what is in {machine.shown(folder)}"
        f" (mode {stat.S_IMODE(status.st_mode):04o})",
        "Whatever the mode of the file itself: who can replace it decides where k6 sends the token.",
        chmod(machine, "go-w", folder, sudo=machine.uid not in {0, status.st_uid}),
        # A folder that somebody named may be one where others work, too.
        without_others(folder, status, 0o022) if machine.place.source == "default" else None,
    )


CHECK = Check("folder", "Who else may replace the file?", run)
