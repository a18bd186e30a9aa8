"""What is remembered of k6 binaries, so that k6 is not run every time; everything here may be lost at any time."""

import os
import stat
from pathlib import Path
from typing import Any, Final

from k6cfg.schema.versions import Version

FILE: Final = "k6-versions.json"
_MOST: Final = 32
"""Binaries remembered; the ones asked longest ago go first."""
_LARGEST: Final = 65536


def recall(folder: Path, path: str) -> Version | None:
    """The version that the binary at a path gave, if the file is the same by size, time, inode and device."""
    entry = _load(folder).get(path)
    identity = _identity(path)
    if identity is None or not isinstance(entry, dict) or entry.get("file") != identity:
        return None
    try:
        return Version.parse(str(entry.get("version")))
    except ValueError:
        return None


def remember(folder: Path, path: str, version: Version) -> None:
    """Keep what a binary said; a cache that cannot be written is no fault."""
    identity = _identity(path)
    if identity is None:
        return
    import json

    binaries = _load(folder)
    binaries.pop(path, None)
    binaries[path] = {"file": identity, "version": str(version)}
    kept = dict(list(binaries.items())[-_MOST:])
    temporary = folder / f".{FILE}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"format_version": 1, "binaries": kept}, indent=1)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(folder / FILE)
    except (OSError, ValueError):
        try:
            temporary.unlink(missing_ok=True)
        except (OSError, ValueError):
            return


def _load(folder: Path) -> dict[str, Any]:
    import json

    try:
        # Without waiting: a pipe under that name would never be opened.
        descriptor = os.open(folder / FILE, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            data = json.loads(file.read(_LARGEST)) if stat.S_ISREG(os.fstat(descriptor).st_mode) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    binaries = data.get("binaries") if isinstance(data, dict) and data.get("format_version") == 1 else None
    return binaries if isinstance(binaries, dict) else {}


def _identity(path: str) -> list[int] | None:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev]
