"""What git knows: whether it tracks a file, for what is written there leaves the machine with the next push."""

import os
from pathlib import Path
from typing import Final

_TIMEOUT: Final = 5.0


def project(folder: Path) -> Path | None:
    """The root of the repository that a folder (absolute) lies in; git itself is not asked."""
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)


def tracked(path: Path) -> bool:
    """Whether ``path`` (resolved) is in the index of the repository that it lies in.

    Where git is missing, slow, or refuses to answer (a repository of somebody else's), it is taken for not tracked.
    git is not allowed to run what a repository configures (``core.fsmonitor`` runs on ``ls-files`` otherwise).
    """
    if project(path.parent) is None:
        return False
    import subprocess

    # Nor is it given what others put into its own variables, or a token that is in one of k6's.
    environ = {name: value for name, value in os.environ.items() if not name.upper().startswith(("GIT_", "K6_"))}
    command = [
        "git",
        "--literal-pathspecs",
        "-C",
        str(path.parent),
        "-c",
        "core.fsmonitor=false",
        "ls-files",
        "--error-unmatch",
        "--",
        path.name,
    ]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environ,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
