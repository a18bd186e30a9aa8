"""Writes the published schemas: one file beside this one for each minor version of k6, for editors, and SchemaStore's.

    python schemas/publish.py [--check]

With ``--check`` it writes nothing and exits 1 when a file is not what it would be.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from k6cfg.schema import load, written
from k6cfg.schema.draft_07 import draft_07
from k6cfg.schema.versions import minors

FOLDER = Path(__file__).parent
STORED = FOLDER / "schemastore" / "src" / "schemas" / "json" / "k6-config.json"
STORED_ID = "https://www.schemastore.org/k6-config.json"


def published() -> Iterator[tuple[Path, str]]:
    """Every file that is published, with its text."""
    for version in minors():
        yield FOLDER / f"k6-config-{version.major}.{version.minor}.schema.json", written(load(version).document)
    # The catalog takes draft-07, under an address of its own; without a version in its name it is that of the newest.
    document = draft_07(load().document)
    yield STORED, written({**document, "$id": STORED_ID, "title": "k6 config.json"})


def stale() -> list[Path]:
    """Files that are not what they would be now, are missing, or belong to no version."""
    texts = dict(published())
    paths = (*FOLDER.glob("k6-config-*.schema.json"), *FOLDER.glob(str(STORED.relative_to(FOLDER))))
    there = {path: path.read_text("utf-8") for path in paths}
    return sorted(path for path in texts.keys() | there.keys() if texts.get(path) != there.get(path))


def main() -> None:
    """Write what has changed, remove what belongs to no version, and name both."""
    parser = argparse.ArgumentParser(description="Write one schema for each minor version of k6.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not up to date")
    check = parser.parse_args().check
    texts = dict(published())
    found = stale()
    for path in found:
        print(path.name)
        if check:
            continue
        if path in texts:
            path.write_text(texts[path], "utf-8", newline="\n")
        else:
            path.unlink()
    sys.exit(1 if check and found else 0)


if __name__ == "__main__":
    main()
