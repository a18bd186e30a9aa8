"""The folders below which k6 looks: Go's ``os.UserConfigDir()``, and shibukawa/configdir before it.

A ``system`` is named as Go names it: ``linux``, ``darwin``, ``windows``; every other name counts as a Unix with the
rules of Linux, as in Go. The rules for Linux were seen in k6 0.30.0, 0.45.0, 0.57.0 and 2.2.0; those for macOS and
Windows, and all of configdir (k6 before 0.26.0), are read from the source and were not run.
"""

import ntpath
import posixpath
import sys
from collections.abc import Mapping
from typing import Final, NamedTuple

from k6cfg.schema.versions import Version

DARWIN: Final = "darwin"
WINDOWS: Final = "windows"

GO_RULE: Final = Version(0, 26)
"""The first k6 that asks Go for the folder; earlier ones ask shibukawa/configdir."""
ABSOLUTE_RULE: Final = Version(0, 58)
"""The first k6 released with Go 1.24 or newer, which takes a relative XDG_CONFIG_HOME for an error."""

CACHE_RULE_SINCE: Final = Version(0, 59)
CACHE_RULE_UNTIL: Final = Version(1, 6)
"""From 0.59.0 until 1.6.0, where Go finds no folder for caches, k6 uses `.cache` in the working directory for its
configuration too, whatever XDG_CONFIG_HOME says (seen in 1.0.0 and 1.5.0; 0.58.0 and 1.6.0 do not)."""

_NAMES: Final = {"linux": "Linux", DARWIN: "macOS", WINDOWS: "Windows"}
_MAC_TAIL: Final = "Library/Application Support"


class Folder(NamedTuple):
    """A folder for configuration, as k6 uses it.

    ``path`` may be relative to the working directory, where k6's is. ``symbol`` is how a person would write it
    (``$XDG_CONFIG_HOME``), without anybody's home folder in it; ``why`` is a clause such as "XDG_CONFIG_HOME is set".
    """

    path: str
    symbol: str
    why: str


def this_system() -> str:
    """The name of the platform that runs us, as Go would call it."""
    return WINDOWS if sys.platform == "win32" else sys.platform.rstrip("0123456789")


def system_name(system: str) -> str:
    """What people call a platform."""
    return _NAMES.get(system, system)


def lookup(environ: Mapping[str, str], name: str, system: str) -> str:
    """The value of a variable, ``""`` where it is unset; Windows does not tell upper and lower case apart."""
    value = environ.get(name)
    if value is None and system == WINDOWS:
        folded = name.casefold()
        value = next((value for key, value in environ.items() if key.casefold() == folded), None)
    return value or ""


def join(system: str, *parts: str) -> str:
    """What Go's ``filepath.Join`` makes of the parts: joined and cleaned, empty parts left out."""
    if system == WINDOWS:
        return ntpath.normpath("\\".join(filter(None, parts)))
    path = posixpath.normpath("/".join(filter(None, parts)))
    return "/" + path.lstrip("/") if path.startswith("//") else path


def is_absolute(path: str, system: str) -> bool:
    """Whether a path stays the same wherever k6 is started."""
    if system == WINDOWS:
        drive, rest = ntpath.splitdrive(path)
        return bool(drive) and (rest[:1] in {"\\", "/"} or drive.startswith(("\\\\", "//")))
    return path.startswith("/")


def user_config_dir(system: str, environ: Mapping[str, str], version: Version) -> Folder:
    """The folder of a user's configuration files as k6 of a version finds it; no I/O.

    Since k6 0.26.0 that is Go's ``os.UserConfigDir()``: ``$XDG_CONFIG_HOME`` or ``$HOME/.config`` on Linux,
    ``$HOME/Library/Application Support`` on macOS whatever XDG_CONFIG_HOME says, ``%AppData%`` on Windows. An empty
    variable counts as unset. Where Go gives up, k6 uses ``.config`` in the working directory (seen in 2.2.0 with HOME
    unset, and with a relative XDG_CONFIG_HOME). Releases before 0.58.0 were built with an older Go, which uses a
    relative XDG_CONFIG_HOME as it is (seen in 0.30.0, 0.45.0, 0.57.0); all use a relative HOME as it is.

    k6 0.18.0 to 0.25.1 ask shibukawa/configdir, which knows no errors: what is unset is empty.
    """
    if version < GO_RULE:
        return _configdir(system, environ)
    if CACHE_RULE_SINCE <= version < CACHE_RULE_UNTIL and (why := _no_cache_folder(system, environ)) is not None:
        return Folder(".cache", ".cache", why)
    if system == WINDOWS:
        found = lookup(environ, "AppData", system)
        return Folder(found, "%AppData%", "AppData is set") if found else _fallback("AppData is not set")
    home = lookup(environ, "HOME", system)
    if system == DARWIN:
        return (
            _in_home(home, _MAC_TAIL, "that is the user's folder for settings there")
            if home
            else _fallback("HOME is not set")
        )
    xdg = lookup(environ, "XDG_CONFIG_HOME", system)
    if version >= ABSOLUTE_RULE and xdg and not is_absolute(xdg, system):
        return _fallback("XDG_CONFIG_HOME is not an absolute path")
    return _by_xdg(xdg, home)


def _no_cache_folder(system: str, environ: Mapping[str, str]) -> str | None:
    """Why Go's ``os.UserCacheDir()`` fails; None where it does not."""
    if system == WINDOWS:
        return None if lookup(environ, "LocalAppData", system) else "LocalAppData is not set"
    home = lookup(environ, "HOME", system)
    if system == DARWIN:
        return None if home else "HOME is not set"
    cache = lookup(environ, "XDG_CACHE_HOME", system)
    if cache:
        return None if is_absolute(cache, system) else "XDG_CACHE_HOME is not an absolute path"
    return None if home else "neither XDG_CACHE_HOME nor HOME is set"


def _by_xdg(xdg: str, home: str) -> Folder:
    if xdg:
        return Folder(xdg, "$XDG_CONFIG_HOME", f"XDG_CONFIG_HOME is set{_below(xdg)}")
    if home:
        return _in_home(home, ".config", "XDG_CONFIG_HOME is not set")
    return _fallback("neither XDG_CONFIG_HOME nor HOME is set")


def _in_home(home: str, tail: str, why: str) -> Folder:
    return Folder(f"{home}/{tail}", f"$HOME/{tail}", f"{why}, and HOME is set{_below(home)}" if _below(home) else why)


def _below(path: str) -> str:
    return "" if path.startswith("/") else ", to a path relative to the working directory"


def _fallback(why: str) -> Folder:
    return Folder(".config", ".config", why)


def _configdir(system: str, environ: Mapping[str, str]) -> Folder:
    if system == WINDOWS:
        found = lookup(environ, "APPDATA", system)
        return Folder(found, "%AppData%", "AppData is set") if found else Folder(".", ".", "AppData is not set")
    home = lookup(environ, "HOME", system)
    if system == DARWIN:
        return (
            _in_home(home, _MAC_TAIL, "that is the user's folder for settings there")
            if home
            else Folder(f"/{_MAC_TAIL}", f"/{_MAC_TAIL}", "HOME is not set")
        )
    return _by_xdg(lookup(environ, "XDG_CONFIG_HOME", system), home)


def system_config_dirs(system: str, environ: Mapping[str, str]) -> tuple[Folder, ...]:
    """The folders for all users, in the order in which k6 0.18.0 to 0.23.1 search them after the user's own."""
    if system == WINDOWS:
        found = lookup(environ, "PROGRAMDATA", system)
        return (Folder(found or ".", "%ProgramData%", "ProgramData is set" if found else "ProgramData is not set"),)
    if system == DARWIN:
        return (Folder(f"/{_MAC_TAIL}", f"/{_MAC_TAIL}", "it is the folder for all users"),)
    found = lookup(environ, "XDG_CONFIG_DIRS", system)
    if not found:
        return (Folder("/etc/xdg", "/etc/xdg", "XDG_CONFIG_DIRS is not set"),)
    return tuple(Folder(path or ".", path or ".", "XDG_CONFIG_DIRS names it") for path in found.split(":"))
