"""What ``--fix`` may do by itself: nothing that takes a value, lets others do more, or touches what is not ours."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from k6cfg.engine import Checked
from k6cfg.machine.files import Snapshot


class NewText(NamedTuple):
    """Another text for a file, or the text of a new one. ``before`` is None where there is no file yet.

    ``plan`` gives the file as it would be; it is called when that is to be shown. ``same``: k6 runs with the same
    values afterwards.
    """

    snapshot: Snapshot
    before: Checked | None
    plan: Callable[[], Checked]
    same: bool = False


class NewMode(NamedTuple):
    """Other permission bits for a file or folder whose status was ``seen``."""

    path: Path
    seen: os.stat_result
    mode: int


class Sweep(NamedTuple):
    """Temporary files of interrupted writes that go, all in one folder."""

    folder: Path
    names: tuple[str, ...]


Mend: TypeAlias = NewText | NewMode | Sweep


def without_others(path: Path, seen: os.stat_result, bits: int = 0o077) -> NewMode | None:
    """A mode without ``bits``; None where the file is not ours, so that it is not ours to change."""
    return _mode(path, seen, stat.S_IMODE(seen.st_mode) & ~bits)


def with_owner(path: Path, seen: os.stat_result, bits: int) -> NewMode | None:
    """A mode that gives its owner ``bits``; None where that is not us."""
    return _mode(path, seen, stat.S_IMODE(seen.st_mode) | bits)


def sweep(folder: Path, names: tuple[str, ...]) -> Sweep | None:
    """Take files away; None where one of them is not ours."""
    try:
        owners = {(folder / name).lstat().st_uid for name in names}
    except OSError:
        return None
    return Sweep(folder, names) if not hasattr(os, "geteuid") or owners == {os.geteuid()} else None


def _mode(path: Path, seen: os.stat_result, mode: int) -> NewMode | None:
    if not hasattr(os, "geteuid") or seen.st_uid != os.geteuid() or stat.S_ISLNK(seen.st_mode):
        return None
    return NewMode(path, seen, mode)
