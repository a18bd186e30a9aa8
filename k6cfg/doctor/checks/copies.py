"""Old copies of the file that people, editors and programs left beside it, and the backups of k6cfg: with secrets."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.doctor.check import Check, Result, error, info, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import without_others
from k6cfg.doctor.shell_commands import chmod, remove, untrack
from k6cfg.machine.environment.git import tracked
from k6cfg.machine.paths.config_path import legacy_path

_LARGEST: Final = 1024 * 1024
_MOST: Final = 20
"""How many copies are looked into, in one folder."""


class _Copy(NamedTuple):
    path: Path
    status: os.stat_result


def run(machine: Machine) -> Iterator[Result]:
    """Each copy beside the file, and in the old place, that holds a secret; and backups that others may read."""
    if machine.place.problem is not None:
        yield skipped("there is no folder to look at")
        return
    found = [*_beside(machine), *_open_backups(machine)]
    yield from found
    if not found:
        yield ok("no secret is in an old copy of the file")


def _beside(machine: Machine) -> Iterator[Result]:
    target = machine.snapshot.target if machine.snapshot is not None else machine.path
    old = machine.absolute(legacy_path(machine.k6.version, system=machine.system, environ=machine.environ))
    own = {old} | ({target} if machine.place.source == "default" else set())
    for file in dict.fromkeys((target, old)):
        for copy in _copies(file, {target, old}, own=file in own):
            data = machine.data(copy.path)
            if data and machine.holds_secret(data):
                yield _result(machine, copy)


def _copies(file: Path, known: set[Path], *, own: bool) -> list[_Copy]:
    """What is beside a file and called like a copy of it; ``own``: the folder is k6's own, for this file alone."""
    # `config.json~`, `.config.json.swp`, `#config.json#`, `config.json.bak`, `Copy of config.json`.
    pattern = rf".*{re.escape(file.name)}.*"
    if own:
        # `config-old.json`, `config (copy).json`: elsewhere these may be files of other programs.
        pattern += rf"|{re.escape(file.stem)}[ ._(-].*"
    looks = re.compile(pattern, re.DOTALL)
    found: list[_Copy] = []
    try:
        entries = sorted(entry for entry in file.parent.iterdir() if looks.fullmatch(entry.name))
    except OSError:
        return []
    for entry in entries:
        try:
            status = entry.lstat()
        except OSError:
            continue
        ours = entry.name.startswith(".k6cfg-")
        if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST and entry not in known and not ours:
            found.append(_Copy(entry, status))
    return found[:_MOST]


def _result(machine: Machine, copy: _Copy) -> Result:
    name = machine.shown(copy.path)
    if tracked(copy.path):
        return error(
            f"git tracks {name}, an old copy of the file that holds a secret",
            "Whoever may read the repository has it, now and in every clone.",
            f"{untrack(machine, copy.path)}; if a commit was made already, have a new token made.",
        )
    gone = remove(machine, copy.path)
    if os.name == "posix" and copy.status.st_mode & 0o077:
        return warning(
            f"others can read {name}, an old copy of the file that holds a secret"
            f" (mode {stat.S_IMODE(copy.status.st_mode):04o})",
            "An earlier token is good until it is revoked.",
            f"{chmod(machine, '600', copy.path)}; or, if nobody needs it, {gone}",
            without_others(copy.path, copy.status),
        )
    why = "Only its owner can read it, but an earlier token is good until it is revoked."
    return info(f"{name} is an old copy of the file and holds a secret", why, f"If nobody needs it: {gone}")


def _open_backups(machine: Machine) -> Iterator[Result]:
    """The folders and files of k6cfg's backups, each made for its owner alone, that others can read.

    What others can write, or what is not of the file's owner, another check tells.
    """
    if os.name != "posix":
        return
    kept = machine.store.all()
    folders = dict.fromkeys(backup.path.parent for backup in kept)
    for path in (machine.store.folder, *folders, *(backup.path for backup in kept)):
        try:
            status = path.lstat()
        except OSError:
            continue
        if status.st_mode & 0o077 and not stat.S_ISLNK(status.st_mode) and path not in machine.backup_doubts:
            mode = "700" if stat.S_ISDIR(status.st_mode) else "600"
            yield warning(
                f"others can read {machine.shown(path)}, where k6cfg keeps earlier versions of the file"
                f" (mode {stat.S_IMODE(status.st_mode):04o})",
                "They may hold earlier tokens.",
                chmod(machine, mode, path, sudo=machine.uid not in {0, status.st_uid}),
                without_others(path, status),
            )


CHECK = Check("copies", "Are secrets in old copies of the file?", run)
