"""Writes what is made from the program itself: the reference, pictures, the man page, the words for shells.

    python docs/generate.py [--check]

With ``--check`` it writes nothing and exits 1 when a file is not what it would be.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from making import api, commands, man, options, pictures, rules, words

ROOT = Path(__file__).parent.parent
MADE: dict[str, Callable[[], str]] = {
    "docs/api.md": api.page,
    "docs/reference/commands.md": commands.page,
    "docs/reference/options.md": options.page,
    "docs/reference/rules.md": rules.page,
    "docs/reference/checks.md": rules.checks,
    "docs/pictures/validate.svg": pictures.validate,
    "docs/pictures/ignored.svg": pictures.ignored,
    "docs/pictures/doctor.svg": pictures.doctor,
    "man/k6cfg.1": man.page,
    "k6cfg/cli/completion/table.json": words.text,
}
"""Every file that is made, and by what."""


def main() -> None:
    """Write what has changed, and name it."""
    parser = argparse.ArgumentParser(description="Write the reference, the man page and the words for shells.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not up to date")
    check = parser.parse_args().check
    stale = 0
    for name, make in MADE.items():
        path, text = ROOT / name, make().rstrip("\n") + "\n"
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        sys.stdout.write(f"{name}\n")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
