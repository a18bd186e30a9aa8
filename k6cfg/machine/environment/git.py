"""What git knows: whether it tracks a file, for what is written there leaves the machine with the next push."""

import os
from pathlib import Path
from typing import Final

from k6cfg.machine.environment.programs import on_path

_TIMEOUT: Final = 5.0
"""Seconds."""
_SAFE: Final = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false")
"""`core.fsmonitor` names a command that git runs to learn what changed, `pager.ls-files` one that gets the output."""
_ENVIRONMENT: Final = {
    # A sparse index in a partial clone makes ls-files fetch what is missing: over ssh, by `remote.*.uploadpack`, by a
    # `remote.*.vcs` helper or by ext::, each of them a command that the repository names. With no protocol allowed, git
    # starts none of them. Versions before 2.45 do not know GIT_NO_LAZY_FETCH.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def project(folder: Path) -> Path | None:
    """The root of the repository that a folder (absolute) lies in; git itself is not asked."""
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)


def tracked(path: Path) -> bool:
    """Whether ``path`` (resolved) is in the index of the repository that it lies in.

    Where git is missing, slow, or refuses to answer (a repository of somebody else's), it is taken for not tracked.
    The repository may be hostile, so git must not run what its configuration names: `_SAFE` and `_ENVIRONMENT` close
    the ways that `git ls-files` has.
    """
    if project(path.parent) is None:
        return False
    git = next(on_path("git", os.environ), None)
    if git is None:
        return False
    import subprocess

    # Variables of git's own may point elsewhere, and those of k6 may hold a token.
    environ = {name: value for name, value in os.environ.items() if not name.upper().startswith(("GIT_", "K6_"))}
    try:
        done = subprocess.run(
            [git, *_SAFE, "-C", str(path.parent), "ls-files", "--error-unmatch", "--", path.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environ | _ENVIRONMENT,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
