"""Whether another user, who will run k6, can read the file: ``--as-uid``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from k6cfg.doctor.check import NO_FILE, Check, Result, could_not, error, ok, skipped
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import quoted
from k6cfg.machine.files.errors import owner
from k6cfg.machine.files.permissions import Obstacle, User, obstacles, user
from k6cfg.machine.paths.config_dirs import WINDOWS

_IMAGE: Final = 12345
"""The user of the vendor's container image: ``USER 12345`` in its Dockerfile."""


def run(machine: Machine) -> Iterator[Result]:
    """The bits and the access list of the file, and of every folder on the way to it.

    Source: for uid 12345 a file of root's with mode 0600, or in a folder with 0700, stops every run: "permission
    denied" (run with 2.2.0).
    """
    if machine.reader is None or machine.system == WINDOWS:
        yield skipped(f"nobody else was named: --as-uid {_IMAGE} asks for the user of the official image")
        return
    if machine.place.problem is not None or not machine.there:
        yield skipped(NO_FILE)
        return
    asking = user(machine.reader)
    try:
        found = obstacles(machine.path, asking)
    except OSError:
        yield could_not(
            "a folder on the way to the file may not be looked at here",
            "What is behind it is not known.",
            "Run k6cfg as root, or as who owns it.",
        )
        return
    if not found:
        yield ok(f"{_called(asking)} can read {machine.shown(machine.path)}")
        return
    first = found[0]
    yield error(
        f"{_called(asking)} cannot read {machine.shown(machine.path)}: {_shuts_out(machine, first)}",
        "Every run of k6 by that user stops with an error, not only cloud runs. Where only the file or its folder is"
        " mounted into a container, the folders above do not count.",
        f"`{' && '.join(_command(machine, asking, each) for each in found)}`{_instead(machine, found[-1])}",
    )


def _instead(machine: Machine, last: Obstacle) -> str:
    """The better way, where the file holds a secret: it does not stay open to others for long."""
    if last.is_folder or not _secret(machine, last.path):
        return ""
    who = f"{last.status.st_uid}:{last.status.st_gid}"
    return (
        ". A file with a secret is closed again by the next login, and by k6cfg; so rather run k6 as its owner"
        f" (`docker run --user {who}`), or give it the token in K6_CLOUD_TOKEN."
    )


def _called(asking: User) -> str:
    name, number = owner(asking.uid), f"uid {asking.uid}"
    if name != number:
        return f"{name} ({number})"
    return f"{number}, the user of the official image," if asking.uid == _IMAGE else number


def _shuts_out(machine: Machine, found: Obstacle) -> str:
    mode = f"{found.status.st_mode & 0o7777:04o}"
    what = "may not be entered by that user" if found.is_folder else "is not for that user to read"
    return f"{machine.shown(found.path)} {what} (mode {mode}, of {owner(found.status.st_uid)})"


def _command(machine: Machine, asking: User, found: Obstacle) -> str:
    """What lets just that user in, as far as there is a way; a secret is opened to no more than one group."""
    sudo = "" if machine.uid in {0, found.status.st_uid} else "sudo "
    bit, path = "x" if found.is_folder else "r", quoted(machine, found.path)
    if found.who == "list":
        return f"{sudo}setfacl -m u:{asking.uid}:{bit} {path}"
    if found.who == "o" and not found.is_folder and _secret(machine, found.path):
        root = "" if machine.uid == 0 else "sudo "
        return f"{root}chgrp {asking.gid} {path} && {root}chmod g+r {path}"
    return f"{sudo}chmod {found.who}+{bit} {path}"


def _secret(machine: Machine, path: Path) -> bool:
    # What cannot be read here may hold one.
    data = machine.data(path)
    return data is None or machine.holds_secret(data)


CHECK = Check("as-uid", "Can the user who will run k6 read the file?", run)
