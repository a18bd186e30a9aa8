"""The folders of k6cfg itself, and the one look at the disk."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from k6cfg.machine.paths.config_dirs import DARWIN, WINDOWS, this_system

STATE_VARIABLE: Final = "K6CFG_STATE_DIR"
_NOWHERE: Final = Path(os.devnull, "k6cfg")
"""For a user without a home and without a name, as containers have them: no folder, and none can be made there."""


def state_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what must outlast a reboot: the backups. It need not exist.

    ``K6CFG_STATE_DIR`` names another one. What the XDG rule leaves open (no usable HOME, macOS, Windows) platformdirs
    answers, from the variables of the process.
    """
    named = environ.get(STATE_VARIABLE)
    if named:
        return _absolute(named)
    return _by_rule(environ, "XDG_STATE_HOME", ".local/state") or _by_platformdirs("state")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what may be lost at any time: the versions of the k6 binaries seen. It need not exist.

    It lies inside the folder that ``K6CFG_STATE_DIR`` names, where that is set.
    """
    named = environ.get(STATE_VARIABLE)
    if named:
        return _absolute(named) / "cache"
    return _by_rule(environ, "XDG_CACHE_HOME", ".cache") or _by_platformdirs("cache")


def working_folder() -> str | None:
    """The working directory, absolute; None where it was deleted, or may not be looked at."""
    try:
        return os.getcwd()  # noqa: PTH109 - k6 too takes it as a text
    except OSError:
        return None


def _absolute(path: str) -> Path:
    return Path(working_folder() or "", path)


def _by_rule(environ: Mapping[str, str], variable: str, in_home: str) -> Path | None:
    # Importing platformdirs costs as much again as starting Python. Where the XDG rule is plain we follow it ourselves,
    # and a test holds the two together.
    if this_system() in {DARWIN, WINDOWS}:
        return None
    named, home = environ.get(variable, "").strip(), environ.get("HOME", "")
    if named.startswith("/"):
        return Path(named, "k6cfg")
    return Path(home, in_home, "k6cfg") if home.startswith("/") else None


def _by_platformdirs(kind: str) -> Path:
    import platformdirs

    find = platformdirs.user_state_path if kind == "state" else platformdirs.user_cache_path
    try:
        found = find("k6cfg", appauthor=False)
    except RuntimeError:
        found = _NOWHERE
    # Older ones answer with a folder called `~` in the working directory.
    return found if found.is_absolute() else _NOWHERE


def present(path: str) -> bool:
    """Whether there is anything at a path, in k6's sense: only "no such file" means no.

    What may not be looked at, or lies below something that is no folder, is there: k6 then stops with an error
    instead of looking elsewhere.
    """
    try:
        os.stat(path)  # noqa: PTH116 - Path("") is the working directory, where k6 finds no file
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    return True
