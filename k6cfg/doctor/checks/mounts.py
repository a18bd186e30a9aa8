"""What keeps the file from being changed though its mode allows it: mounts, read-only disks, marks."""

import os
from collections.abc import Iterator
from typing import Final

from k6cfg.doctor.check import Check, Result, info, ok, skipped
from k6cfg.doctor.context import Machine
from k6cfg.machine.files import FileError
from k6cfg.machine.files.directory import reach
from k6cfg.machine.files.preconditions import mounted, refuse_marked
from k6cfg.machine.paths.config_dirs import WINDOWS

_READ: Final = "k6 reads it all the same; a login, and k6cfg, cannot change it."


def run(machine: Machine) -> Iterator[Result]:
    """How the file, or the folder that it would be in, is mounted, and whether either is marked."""
    target = machine.snapshot.target if machine.snapshot is not None else machine.path
    folder = target.parent
    if machine.place.problem is not None or machine.system == WINDOWS or not os.path.isdir(folder):  # noqa: PTH112
        yield skipped("there is no file or folder to look at")
        return
    name = machine.shown(target if machine.snapshot is not None else folder)
    if machine.managed:
        yield info(
            f"{name} comes from a Kubernetes ConfigMap or Secret",
            "Whatever is changed there is gone with the next update.",
            "Change the ConfigMap or Secret itself: `kubectl edit`",
        )
    elif os.statvfs(folder).f_flag & os.ST_RDONLY:
        yield info(
            f"{name} is on a file system that is mounted read-only",
            _READ,
            "Change it where it comes from, mount it without the option ro, or give k6 what differs in K6_* variables.",
        )
    elif machine.snapshot is not None and mounted(target):
        yield info(
            f"{name} is mounted as a single file",
            "It cannot be replaced as a whole, so that a change of it is never quite safe.",
            "Mount its folder instead (Docker: `-v FOLDER:FOLDER`); k6cfg changes such a file only with --in-place.",
        )
    else:
        yield from _marked(machine)


def _marked(machine: Machine) -> Iterator[Result]:
    target = machine.snapshot.target if machine.snapshot is not None else machine.path
    try:
        with reach(target.parent) as folder:
            refuse_marked(folder, target)
    except FileError as error:
        yield info(error.message, _READ, error.help)
    except OSError:
        yield skipped("the folder may not be looked at")
    else:
        yield ok("no mount and no mark keeps the file from being changed")


CHECK = Check("mounts", "Does anything keep the file from being changed?", run)
