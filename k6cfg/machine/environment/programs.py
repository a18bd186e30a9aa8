"""Where PATH finds a program; a program in the working directory is never found."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path


def on_path(name: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the absolute path of each file that PATH finds under a name, in order.

    Relative and empty folders of PATH are skipped: k6cfg runs what it finds, and must not run a file only because it is
    in the working directory, which may be somebody else's repository. On Windows the extensions of PATHEXT are tried
    in turn; the system's own search would look into the working directory first.
    """
    windows = sys.platform == "win32"
    upper = {key.upper(): value for key, value in environ.items()} if windows else environ
    endings = (upper.get("PATHEXT") or ".COM;.EXE;.BAT;.CMD").split(";") if windows else [""]
    for entry in (upper.get("PATH") or "").split(os.pathsep):
        folder = entry.strip('"') if windows else entry
        if not Path(folder).is_absolute():
            continue
        for path in (str(Path(folder, f"{name}{ending}")) for ending in endings):
            if os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113 - Path.is_file() raises for a closed folder
                yield path
