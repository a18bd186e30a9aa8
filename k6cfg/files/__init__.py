"""Files: read once and bounded; written as a whole or not at all; with a backup first."""

from k6cfg.files.backups import Backup, Store
from k6cfg.files.faults import FileError, Kind
from k6cfg.files.reading import LARGEST_READ, Snapshot, absent, read
from k6cfg.files.refusals import LARGEST_WRITE
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
    "write",
]
