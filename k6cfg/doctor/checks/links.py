"""Symbolic and hard links."""

import os
from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, info, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import quoted, remove


def run(machine: Machine) -> Iterator[Result]:
    """Where a symbolic link leads, and whether the file has a second name."""
    path, snapshot = machine.path, machine.snapshot
    if machine.place.problem is not None or not os.path.lexists(path):
        yield skipped("there is no file to look at")
    elif snapshot is None and not machine.there:
        yield warning(
            f"{machine.shown(path)} is a link to {machine.shown(os.path.realpath(path))}, which does not exist",
            "To k6 that is the same as no file: its options and its login have no effect.",
            f"Bring that file back, or remove the link: {remove(machine, path)}",
        )
    elif snapshot is None or snapshot.status is None:
        yield skipped("the file cannot be read")
    elif snapshot.status.st_nlink > 1:
        file = quoted(machine, snapshot.target)
        yield warning(
            f"{machine.shown(snapshot.target)} has {snapshot.status.st_nlink} names (hard links)",
            "A login writes into all of them at once, and k6cfg does not change such a file: it replaces files as a"
            " whole, and the other names would keep the old text.",
            f"Make it a file of its own: `cp -p {file} {file}.new && mv {file}.new {file}`",
        )
    elif snapshot.target != path:
        yield info(
            f"{machine.shown(path)} leads to {machine.shown(snapshot.target)}",
            "k6 follows the link, and so does k6cfg, which keeps it.",
        )
    else:
        yield ok("the file is no link, and has one name")


CHECK = Check("links", "Is the file a link?", run)
