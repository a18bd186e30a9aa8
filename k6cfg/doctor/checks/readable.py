"""Whether k6 can read its file at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from k6cfg.doctor.check import NO_FILE, Check, Level, Result, error, ok, skipped
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import NewMode, with_owner
from k6cfg.doctor.shell_commands import chmod, put_aside, quoted, remove
from k6cfg.machine.files import FileError, Kind
from k6cfg.machine.files.errors import other_home

_FAILS = "k6 stops with an error at every run, not only at cloud runs."
_WAITS = "k6 wants a file there: it stops with an error, or waits for ever."
_ONCE = (
    "What comes out of it comes once, so k6cfg leaves it to k6, which takes it for the file's text, and waits for ever"
    " if nobody writes it to its end."
)


def run(machine: Machine) -> Iterator[Result]:
    """The file's kind and the permissions on the way to it."""
    failure = machine.failure
    if machine.snapshot is not None:
        yield ok(f"the file can be read: {len(machine.snapshot.data)} bytes")
    elif failure is None or not machine.there:
        yield skipped(NO_FILE)
    elif failure.kind is Kind.NOT_REGULAR and machine.place.source != "default" and _to_be_read(machine):
        # `-c <(...)` and `-c /dev/stdin` are fine for k6; to read them here would use them up.
        yield Result(Level.COULD_NOT, failure.message, _ONCE, failure.help)
    else:
        why = _WAITS if failure.kind is Kind.NOT_REGULAR else _FAILS
        yield error(failure.message, why, _remedy(machine, failure), _mend(machine, failure))


def _to_be_read(machine: Machine) -> bool:
    # A socket cannot be opened as a file at all.
    status = _status(machine.path)
    return status is not None and not stat.S_ISSOCK(status.st_mode)


def _remedy(machine: Machine, failure: FileError) -> str:
    if failure.kind in {Kind.FOLDER, Kind.NOT_REGULAR} and machine.place.source == "default":
        return f"Put it aside, and k6 goes on without: {put_aside(machine, machine.path)}"
    if failure.kind is Kind.LOOP and machine.path.is_symlink():
        return f"Remove the link: {remove(machine, machine.path)}"
    if failure.kind is Kind.PERMISSION and machine.uid is not None:
        return _allow(machine, machine.uid) or failure.help
    return failure.help


def _allow(machine: Machine, uid: int) -> str | None:
    """The command that opens the way: at the first folder that shuts us out, or at the file itself."""
    found = _shut(machine)
    if found is None:
        return None
    path, status = found
    return _for(machine, path, status, uid, "u+rwx" if stat.S_ISDIR(status.st_mode) else "u+rw")


def _shut(machine: Machine) -> tuple[Path, os.stat_result] | None:
    for folder in reversed(Path(os.path.realpath(machine.path)).parents):
        status = _status(folder)
        if status is not None and not machine.may(folder, os.X_OK):
            return folder, status
    path = Path(os.path.realpath(machine.path))
    status = _status(path)
    return (path, status) if status is not None else None


def _mend(machine: Machine, failure: FileError) -> NewMode | None:
    """What is ours and shuts ourselves out."""
    found = _shut(machine) if failure.kind is Kind.PERMISSION else None
    if found is None:
        return None
    path, status = found
    return with_owner(path, status, 0o700 if stat.S_ISDIR(status.st_mode) else 0o600)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _for(machine: Machine, path: Path, status: os.stat_result, uid: int, mode: str) -> str | None:
    if status.st_uid == uid:
        return chmod(machine, mode, path)
    if (stranger := other_home(path, machine.environ, uid)) is not None:
        return stranger
    recursive = "-R " if stat.S_ISDIR(status.st_mode) else ""
    command = f'`sudo chown {recursive}"$(id -un)" {quoted(machine, path)}`'
    return f"It belongs to somebody else. If it should be yours: {command}"


CHECK = Check("readable", "Can the file be read?", run)
