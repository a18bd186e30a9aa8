"""The variables from which k6 derives its folder: HOME, XDG_CONFIG_HOME, AppData."""

from collections.abc import Iterator
from pathlib import Path

from k6cfg.doctor.check import Check, Result, info, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import unset
from k6cfg.machine.files.errors import other_home, owner
from k6cfg.machine.paths import user_config_dir
from k6cfg.machine.paths.config_dirs import DARWIN, WINDOWS, is_absolute, lookup


def run(machine: Machine) -> Iterator[Result]:
    """Whether k6's folder is the same wherever it is started, and whether the home folder exists."""
    folder = user_config_dir(machine.system, machine.environ, machine.k6.version)
    if not is_absolute(folder.path, machine.system):
        yield warning(
            f"k6 counts its folder for settings from the working directory: {folder.why}",
            "Started in another folder, k6 reads another file, and `k6 cloud login` leaves the token in the folder"
            " that it happens to be started in.",
            _remedy(machine),
        )
        return
    yield ok(f"k6's folder for settings is the same wherever it is started: {folder.why}")
    home = lookup(machine.environ, "HOME", machine.system)
    if machine.system != WINDOWS and is_absolute(home, machine.system):
        yield from _of_home(machine, home)


def _remedy(machine: Machine) -> str:
    if machine.system == WINDOWS:
        return '`$env:AppData = "$HOME\\AppData\\Roaming"`'
    xdg = lookup(machine.environ, "XDG_CONFIG_HOME", machine.system)
    home = lookup(machine.environ, "HOME", machine.system)
    if xdg and machine.system != DARWIN:
        if is_absolute(home, machine.system):
            return unset(machine, "XDG_CONFIG_HOME")
        return "Set XDG_CONFIG_HOME to an absolute path: `export XDG_CONFIG_HOME=$(eval echo ~$(id -un))/.config`"
    return (
        "Set HOME to your home folder: `export HOME=$(eval echo ~$(id -un))`; in a container, to any folder that"
        " k6 may write to."
    )


def _of_home(machine: Machine, home: str) -> Iterator[Result]:
    try:
        status = Path(home).stat()
    except OSError:
        yield info(
            "HOME names a folder that does not exist, or that may not be looked at",
            "k6 runs, but where it may not make that folder, `k6 cloud login` fails.",
            'Make it (`mkdir -p "$HOME"`), set HOME to another folder, or give k6 its settings in K6_* variables.',
        )
        return
    stranger = other_home(Path(home), machine.environ, machine.uid)
    if stranger is not None:
        yield warning(
            f"HOME belongs to {owner(status.st_uid)}, and k6 runs as {owner(machine.uid or 0)}",
            "k6 reads that user's file, or none, and `k6 cloud login` fails. Something changed the user and left HOME:"
            " docker run --user, setpriv or gosu.",
            stranger,
        )
    if machine.uid == 0 and status.st_uid != 0:
        yield info(
            "k6cfg runs as root, with the home folder of another user",
            "What root's k6 writes there, that user's k6 may not be able to read or to change.",
            "Run k6 and k6cfg without sudo.",
        )


CHECK = Check("home", "Is k6's folder for settings the same everywhere?", run)
