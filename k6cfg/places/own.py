"""The folders of k6cfg itself, how a path is shown, and the one look at the disk."""

import ntpath
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from k6cfg.places.folders import DARWIN, WINDOWS, is_absolute, lookup, this_system

STATE_VARIABLE: Final = "K6CFG_STATE_DIR"


def state_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what must outlast a reboot: the backups. It need not exist.

    ``K6CFG_STATE_DIR`` names another one. What the XDG rule leaves open (no usable HOME, macOS, Windows) platformdirs
    answers, from the variables of the process.
    """
    named = environ.get(STATE_VARIABLE)
    if named:
        return Path(named).absolute()
    return _by_rule(environ, "XDG_STATE_HOME", ".local/state") or _by_platformdirs("state")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what may be lost at any time: the versions of the k6 binaries seen. It need not exist.

    It lies inside the folder that ``K6CFG_STATE_DIR`` names, where that is set.
    """
    named = environ.get(STATE_VARIABLE)
    if named:
        return Path(named).absolute() / "cache"
    return _by_rule(environ, "XDG_CACHE_HOME", ".cache") or _by_platformdirs("cache")


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
    return find("k6cfg", appauthor=False)


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


def shown(path: str | os.PathLike[str], environ: Mapping[str, str], system: str | None = None) -> str:
    """A path for people, with ``~`` for the home folder: ``/home/ann/x`` is ``~/x``, ``/home/anna`` stays."""
    text = os.fspath(path)
    system = system or this_system()
    windows = system == WINDOWS
    home = lookup(environ, "USERPROFILE" if windows else "HOME", system).rstrip("\\/" if windows else "/")
    if not home or not is_absolute(home + "/", system) or (windows and not ntpath.splitdrive(home)[1]):
        return text
    head, rest = text[: len(home)], text[len(home) :]
    same = ntpath.normcase(head) == ntpath.normcase(home) if windows else head == home
    if same and (not rest or rest[0] == "/" or (windows and rest[0] == "\\")):
        return "~" + rest
    return text
