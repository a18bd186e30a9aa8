"""Files: read once and bounded; written as a whole or not at all; with a backup first."""

from typing import TYPE_CHECKING

from k6cfg.machine.files.contents import read_text, require_config
from k6cfg.machine.files.errors import FileError, Kind
from k6cfg.machine.files.snapshot import LARGEST_READ, Snapshot, absent, read

if TYPE_CHECKING:
    from k6cfg.machine.files.atomic_write import Written, write
    from k6cfg.machine.files.backups import Backup, Store
    from k6cfg.machine.files.preconditions import LARGEST_WRITE, refuse

__all__ = [
    "LARGEST_READ",
    "LARGEST_WRITE",
    "Backup",
    "FileError",
    "Kind",
    "Snapshot",
    "Store",
    "Written",
    "absent",
    "read",
    "read_text",
    "refuse",
    "require_config",
    "write",
]


def __getattr__(name: str) -> object:
    # Who only reads does not write, and each command starts anew.
    if name in {"Backup", "Store"}:
        from k6cfg.machine.files import backups

        return getattr(backups, name)
    if name in {"LARGEST_WRITE", "refuse"}:
        from k6cfg.machine.files import preconditions

        return getattr(preconditions, name)
    if name in {"Written", "write"}:
        from k6cfg.machine.files import atomic_write

        return getattr(atomic_write, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
