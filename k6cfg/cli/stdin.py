"""Standard input where a FILE is expected: read once and bounded."""

import sys

from k6cfg.k6.file_kind import kind_of
from k6cfg.machine.files import LARGEST_READ, FileError, Kind
from k6cfg.machine.files.contents import not_text
from k6cfg.machine.files.snapshot import size

SHOWN = "<standard input>"


def standard_input(*, limit: int = LARGEST_READ) -> bytes:
    """Return all of standard input.

    Raises:
        FileError: it is larger than ``limit``, or not text.
    """
    data = sys.stdin.buffer.read(limit + 1)
    if len(data) > limit:
        message = f"more than {size(limit)} came in on standard input"
        raise FileError(Kind.TOO_LARGE, message, "a config.json is a few kilobytes")
    found = kind_of(data)
    if not found.is_text:
        raise not_text(found, SHOWN, "FILE")
    return data
