"""Adds 1 to the number in a JSON file, again and again: counter.py TARGET TIMES. Prints how often it had to retry."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from k6cfg.machine.files import FileError, Kind, read, write


def add(target: Path) -> int:
    for retries in range(10_000):
        snapshot = read(target)
        value = json.loads(snapshot.data)
        value["count"] += 1
        try:
            write(snapshot, json.dumps(value).encode(), secret=True, backup=None)
        except FileError as error:
            # Of a busy machine, a writer may wait in vain for the lock, too; it is told so.
            if error.kind not in {Kind.CONFLICT, Kind.LOCKED}:
                raise
        else:
            return retries
    raise RuntimeError("never got through")


if __name__ == "__main__":
    print(sum(add(Path(sys.argv[1])) for _ in range(int(sys.argv[2]))))
