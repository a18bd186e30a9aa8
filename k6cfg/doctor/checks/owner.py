"""Whose file it is."""

from collections.abc import Iterator
from pathlib import Path

from k6cfg.doctor.check import Check, Result, info, of_file, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import quoted
from k6cfg.machine.files import Snapshot
from k6cfg.machine.files.errors import other_home, owner


def run(machine: Machine, snapshot: Snapshot) -> Iterator[Result]:
    """Whether file and folder belong to who runs k6.

    Source: login of k6 2.1.0 and newer changes the mode of the file and its folder, which only their owner may (run
    with 2.2.0: "operation not permitted"); every run of the owner alone survives mode 0600.
    """
    if machine.uid is None or snapshot.status is None:
        yield skipped("this platform has no numbers for users")
        return
    folder = snapshot.target.parent
    strangers = {
        path: uid
        for path, uid in ((snapshot.target, snapshot.status.st_uid), (folder, folder.stat().st_uid))
        if uid != machine.uid
    }
    if not strangers:
        yield ok("file and folder belong to the user who runs k6")
        return
    (path, uid), *_ = strangers.items()
    finding = f"{machine.shown(path)} belongs to {owner(uid)}, and k6 runs as {owner(machine.uid)}"
    if machine.uid == 0:
        yield info(finding, _of_root(machine, path, uid))
    elif machine.managed or machine.place.source != "default":
        yield info(finding, "k6 can read it; a login, or k6cfg, could not change it.")
    else:
        named = " ".join(quoted(machine, each) for each in strangers)
        yield warning(
            finding,
            "k6 can read it today, but a login fails, and once the mode is 0600 every run does. That happens when k6"
            " was started with sudo.",
            other_home(path, machine.environ, machine.uid) or f'`sudo chown "$(id -un)" {named}`',
        )


def _of_root(machine: Machine, path: Path, uid: int) -> str:
    """What it means that root's k6 reads a file of another user, or one in another user's folder."""
    if machine.snapshot is not None and path == machine.snapshot.target:
        secret = machine.checked is not None and bool(machine.checked.secrets)
        what = "the secret in it" if secret else "a token that is stored there"
        return f"{owner(uid)} can read {what}, and decides what root's k6 runs."
    return f"{owner(uid)} can replace the file, and so decides what root's k6 runs and where it sends the token."


CHECK = Check("owner", "Whose file is it?", of_file(run))
