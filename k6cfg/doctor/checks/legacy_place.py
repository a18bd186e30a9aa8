"""The place of the file under the vendor's old name: ``loadimpact/k6/config.json``."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from k6cfg.doctor.check import Check, Result, info, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.fixes import NewText, without_others
from k6cfg.doctor.shell_commands import chmod, copy, k6cfg, put_aside, remove
from k6cfg.machine.files import FileError, absent
from k6cfg.machine.paths import default
from k6cfg.machine.paths.config_path import LEGACY_UNTIL, SHORT_RULE, legacy_path


class _Files(NamedTuple):
    """The old file and the one in today's place; ``data`` are their bytes, None where there is none."""

    old: str
    old_data: bytes | None
    new: str
    new_data: bytes | None


def run(machine: Machine) -> Iterator[Result]:
    """What is in the old place, who reads it there, and what an upgrade would do.

    Sources: k6 0.58 to 1.8 read the old file where the new one is missing, and warn; 2.0 and newer ignore it without a
    word (run with 1.8.1 and 2.2.0). Logins of 0.58 to 1.5 copy the old file over the new one (run with 1.0.0); the
    deprecated ``k6 login`` does so up to 1.8.1 (run).
    """
    files = _files(machine)
    version = machine.k6.version
    if files is None:
        yield ok("nothing is left in the old place, loadimpact/k6")
    elif machine.place.source != "default":
        yield _elsewhere(machine, files)
    elif version < SHORT_RULE:
        yield from _before(machine, files)
    elif files.old_data is None:
        yield ok("nothing is left in the old place, loadimpact/k6")
    elif files.new_data is None:
        yield _only_old(machine, files)
    elif files.old_data == files.new_data:
        yield _same(machine, files)
    else:
        yield _both(machine, files)


def _files(machine: Machine) -> _Files | None:
    version = max(machine.k6.version, SHORT_RULE)
    old = str(machine.absolute(legacy_path(version, system=machine.system, environ=machine.environ)))
    new = str(machine.absolute(default(version, system=machine.system, environ=machine.environ).path))
    found = _Files(old, _data(machine, old), new, _data(machine, new))
    return None if found.old_data is None and found.new_data is None else found


def _data(machine: Machine, path: str) -> bytes | None:
    # What is there but cannot be read still is there: other checks say so.
    return (machine.data(path) or b"") if os.path.lexists(path) else None


def _elsewhere(machine: Machine, files: _Files) -> Result:
    named = machine.path
    if files.old_data is None or os.path.realpath(named) == os.path.realpath(files.old):
        return ok("the old place, loadimpact/k6, holds nothing that is forgotten")
    return info(
        f"{machine.shown(files.old)} exists, and is not read: {machine.place.why}",
        f"k6 reads one file alone, never two together.{_secret(machine, files)}",
    )


def _before(machine: Machine, files: _Files) -> Iterator[Result]:
    version = machine.k6.version
    if files.old_data is None:
        yield warning(
            f"{machine.shown(files.new)} exists, but k6 {version} does not read it",
            f"k6 looks there since {SHORT_RULE}; k6 {version} looks in loadimpact/k6, finds nothing and runs with its"
            " defaults.",
            copy(machine, files.new, files.old),
        )
    elif files.new_data is not None and files.new_data != files.old_data:
        yield info(
            f"{machine.shown(files.new)} exists too, and differs",
            f"k6 {SHORT_RULE} and newer read that one, k6 {version} the one in loadimpact/k6.",
        )
    else:
        yield ok(f"loadimpact/k6 is where k6 {version} looks; k6 {LEGACY_UNTIL} and newer will not")


def _only_old(machine: Machine, files: _Files) -> Result:
    version = machine.k6.version
    old, new = machine.shown(files.old), machine.shown(files.new)
    if version >= LEGACY_UNTIL:
        return warning(
            f"the settings are in {old}, where k6 {version} does not look",
            "k6 2.0 and newer ignore that file without a word: the login and all options in it have no effect.",
            k6cfg(machine, "migrate"),
            _migrated(machine, files),
        )
    return warning(
        f"k6 {version} reads the file in its old place, {old}, because {new} does not exist",
        f"k6 warns at every run, and from {LEGACY_UNTIL} on it ignores that file without a word.",
        k6cfg(machine, "migrate"),
        _migrated(machine, files),
    )


def _migrated(machine: Machine, files: _Files) -> NewText | None:
    """What `k6cfg migrate` makes of the old file, where k6 reads it; the old one stays.

    Only where nobody has to decide anything: k6 accepts the result, and, where k6 ignores the old file, no option of it
    begins to change the tests of this machine.
    """
    from k6cfg.engine.migration import migrate, new_options

    data = machine.data(files.old)
    if data is None:
        return None
    plan = migrate(data, machine.schema)
    if plan.refused is not None or plan.decisions or not (plan.final.accepted_run and plan.final.accepted_cloud):
        return None
    if machine.k6.version >= LEGACY_UNTIL and new_options(plan.final):
        return None
    try:
        return NewText(absent(Path(files.new)), None, lambda: plan.final)
    except FileError:
        return None


def _same(machine: Machine, files: _Files) -> Result:
    name = machine.shown(files.old)
    gone = remove(machine, files.old)
    why = f"k6 {machine.k6.version} does not read it.{_secret(machine, files)}"
    status = Path(files.old).stat()
    # k6 before 2.1 left it so, and its own migration copied it and kept the old one.
    if _secret(machine, files) and os.name == "posix" and status.st_mode & 0o077:
        return warning(
            f"{name} is still there, the same as the new file, for others to read",
            why,
            f"{chmod(machine, '600', files.old)}; or, once no older k6 needs it: {gone}",
            without_others(Path(os.path.realpath(files.old)), status),
        )
    return info(f"{name} is still there, the same as the new file", why, f"Once no older k6 needs it: {gone}")


def _both(machine: Machine, files: _Files) -> Result:
    version = machine.k6.version
    why = f"k6 {version} reads only the new file; what was changed in the old one has no effect."
    if version < LEGACY_UNTIL:
        why += " And `k6 login`, with some releases `k6 cloud login` too, copies the old file over the new one."
    return warning(
        f"{machine.shown(files.old)} and {machine.shown(files.new)} both exist, and differ",
        why + _secret(machine, files),
        f"Take over what you miss, then put the old one aside: {put_aside(machine, files.old)}",
    )


def _secret(machine: Machine, files: _Files) -> str:
    return " It holds a secret, too." if files.old_data and machine.holds_secret(files.old_data) else ""


CHECK = Check("legacy-place", "Is a file left in the place of old k6 versions?", run)
