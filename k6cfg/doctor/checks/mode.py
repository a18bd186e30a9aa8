"""Who else may read or change the file."""

import os
from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, error, of_text, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import NewMode, without_others
from k6cfg.doctor.shell_commands import chmod, quoted
from k6cfg.engine import Checked
from k6cfg.machine.files import Snapshot
from k6cfg.machine.files.errors import other_home, owner
from k6cfg.machine.files.temp_file import ACCESS_LIST
from k6cfg.machine.paths.config_dirs import WINDOWS


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """The permission bits, by what is in the file.

    Sources: k6 2.1.0 and newer create the file with 0600 and set that at every login; earlier ones create it with 0644
    and keep the mode of a file that exists (run with 1.8.1 and 2.2.0). No k6 looks at the mode when it reads.
    """
    snapshot = machine.snapshot
    if snapshot is None or machine.system == WINDOWS:
        yield skipped("Windows has access lists instead of modes")
        return
    name, mode = machine.shown(machine.path), snapshot.mode
    secret = bool(checked.secrets)
    if mode & 0o002:
        yield error(
            f"every user of this machine can change {name} (mode {mode:04o})",
            "Who can change the file decides what k6 runs, and where it sends the token.",
            _remedy(machine, snapshot, "600" if secret else "go-w"),
            _mend(machine, snapshot, 0o077 if secret else 0o022),
        )
    elif secret and mode & 0o077 and not _for_the_reader(machine, snapshot):
        who = "every user of this machine" if mode & 0o007 else "the file's group"
        if not mode & 0o007 and _listed(snapshot.target):
            who = "whoever its access list names"
        yield warning(
            f"{who} can read {name}, and it holds a secret (mode {mode:04o})",
            "k6 before 2.1.0 created its file like that. Who has the secret can use it as you can.",
            _remedy(machine, snapshot, "600"),
            _mend(machine, snapshot, 0o077),
        )
    elif secret and mode & 0o077:
        yield ok(f"only its owner and the group {machine.reader} can read the file (mode {mode:04o})")
    elif secret:
        yield ok(f"only its owner{_named(machine, snapshot)} can read the file (mode {mode:04o})")
    else:
        yield ok(f"no secret is in the file, so others may read it (mode {mode:04o})")


def _named(machine: Machine, snapshot: Snapshot) -> str:
    """The owner's name, where it is not the user who runs k6."""
    if snapshot.status is None or machine.uid in {None, snapshot.status.st_uid}:
        return ""
    return f", {owner(snapshot.status.st_uid)},"


def _remedy(machine: Machine, snapshot: Snapshot, mode: str) -> str:
    if machine.managed:
        return "Have Kubernetes mount it for its user alone: `defaultMode: 0400` for the volume, in the pod."
    if snapshot.status is None or machine.uid in {0, snapshot.status.st_uid}:
        return chmod(machine, mode, machine.path)
    path = quoted(machine, machine.path)
    stranger = other_home(machine.path, machine.environ, machine.uid)
    return stranger or f'If it is meant for you alone: `sudo chown "$(id -un)" {path} && chmod {mode} {path}`'


def _mend(machine: Machine, snapshot: Snapshot, bits: int) -> NewMode | None:
    if machine.managed or snapshot.status is None:
        return None
    return without_others(snapshot.target, snapshot.status, bits)


def _for_the_reader(machine: Machine, snapshot: Snapshot) -> bool:
    """Whether the file is open to the group of --as-uid alone, which is what that check proposes."""
    theirs = snapshot.status is not None and snapshot.status.st_gid == machine.reader
    return theirs and not snapshot.mode & 0o037 and not _listed(snapshot.target)


def _listed(path: str | os.PathLike[str]) -> bool:
    # With an access list the bits of the group are only the most that anybody in the list may do.
    try:
        return ACCESS_LIST in os.listxattr(path)
    except (AttributeError, OSError):
        return False


CHECK = Check("mode", "Who else may read or change the file?", of_text(run))
