"""Files: read once and bounded; written as a whole or not at all; with a backup first."""

from typing import TYPE_CHECKING

from k6cfg.files.contents import read_text, require_config
from k6cfg.files.faults import FileError, Kind
from k6cfg.files.reading import LARGEST_READ, Snapshot, absent, read

if TYPE_CHECKING:
    from k6cfg.files.backups import Backup, Store
    from k6cfg.files.refusals import LARGEST_WRITE, refuse
    from k6cfg.files.writing import Written, write

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
        from k6cfg.files import backups

        return getattr(backups, name)
    if name in {"LARGEST_WRITE", "refuse"}:
        from k6cfg.files import refusals

        return getattr(refusals, name)
    if name in {"Written", "write"}:
        from k6cfg.files import writing

        return getattr(writing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
