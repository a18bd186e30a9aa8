"""Writes a file as k6cfg would, in a process of its own: writer.py TARGET STORE|- NEW [UID] [in-place].

NEW is the file with the new bytes. With UID, root becomes that user first; not before, because the Python of the tests
may be one that only root can start. Exit: 0 written, 3 a FileError, 5 written but not known to be durable. Prints what
kind of failure it was. The two calls of os.access mark beginning and end in a trace.
"""

import ctypes  # noqa: F401 -- a fault in an import is none of the write
import hashlib  # noqa: F401 -- the same
import os
import pwd  # noqa: F401 -- cannot be loaded any more once we are somebody else
import shlex  # noqa: F401 -- as pwd
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from k6cfg.machine.files import FileError, Store, absent, read, write


def main(target: Path, store: Store | None, new: bytes) -> int:
    exists = target.exists()
    os.access("/k6cfg-begin", os.F_OK)
    try:
        snapshot = read(target) if exists else absent(target)
        written = write(snapshot, new, secret=True, backup=store, in_place="in-place" in sys.argv)
    except FileError as error:
        print(error.kind.name, error.message, error.help, sep="\n")
        return 3
    finally:
        os.access("/k6cfg-end", os.F_OK)
    return 0 if written.durable else 5


def become(uid: int) -> None:
    os.chdir("/")
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


if __name__ == "__main__":
    if len(sys.argv) > 4 and sys.argv[4].isdigit():
        become(int(sys.argv[4]))
    sys.exit(
        main(
            Path(sys.argv[1]),
            None if sys.argv[2] == "-" else Store(Path(sys.argv[2])),
            Path(sys.argv[3]).read_bytes(),
        )
    )
