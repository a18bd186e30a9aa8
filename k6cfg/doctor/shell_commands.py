"""The commands that results propose, for the platform's shell: sh, or PowerShell on Windows (not run there)."""

import re
import shlex
from pathlib import Path

from k6cfg.doctor.context import Machine
from k6cfg.machine import paths as places
from k6cfg.machine.paths.config_dirs import WINDOWS
from k6cfg.text.location import pointer_parts


def quoted(machine: Machine, path: str | Path) -> str:
    """A path as an argument, with ``~`` for the home folder where the shell knows it."""
    return places.quoted(path, machine.environ, machine.system)


def assign(machine: Machine, name: str, path: str | Path) -> str:
    """Set a variable to a path."""
    value = places.assigned(path, machine.environ, machine.system)
    return f"`$env:{name} = {value}`" if machine.system == WINDOWS else f"`export {name}={value}`"


def unset(machine: Machine, *names: str) -> str:
    """Take variables out of the environment."""
    if machine.system == WINDOWS:
        return f"`Remove-Item {', '.join('Env:' + name for name in names)}`"
    return f"`unset {' '.join(names)}`"


def rename_variable(machine: Machine, name: str, new: str) -> str:
    """Give the value of a variable to another one, without writing it down."""
    if machine.system == WINDOWS:
        return f"`$env:{new} = $env:{name}; Remove-Item Env:{name}`"
    return f'`export {new}="${name}"; unset {name}`'


def copy(machine: Machine, source: str | Path, target: str | Path) -> str:
    """Copy a file to a place whose folder may not exist yet, for its owner alone."""
    old, new, folder = (quoted(machine, path) for path in (source, target, Path(target).parent))
    if machine.system == WINDOWS:
        return f"`New-Item -Force -ItemType Directory {folder}; Copy-Item {old} {new}`"
    return f"`mkdir -p {folder} && cp {old} {new} && chmod 600 {new}`"


def move(machine: Machine, source: str | Path, target: str | Path) -> str:
    """Move a file to a place whose folder may not exist yet, for its owner alone."""
    old, new, folder = (quoted(machine, path) for path in (source, target, Path(target).parent))
    if machine.system == WINDOWS:
        return f"`New-Item -Force -ItemType Directory {folder}; Move-Item {old} {new}`"
    return f"`mkdir -p {folder} && mv {old} {new} && chmod 600 {new}`"


def put_aside(machine: Machine, path: str | Path) -> str:
    """Rename a file or folder, so that nobody takes it for what it is not."""
    verb = "Move-Item" if machine.system == WINDOWS else "mv"
    return f"`{verb} {quoted(machine, path)} {quoted(machine, f'{path}.old')}`"


def remove(machine: Machine, *paths: str | Path) -> str:
    """Delete files."""
    named = [quoted(machine, path) for path in paths]
    return f"`Remove-Item {', '.join(named)}`" if machine.system == WINDOWS else f"`rm {' '.join(named)}`"


def chmod(machine: Machine, mode: str, path: str | Path, *, sudo: bool = False) -> str:
    """Change the mode of a file or folder; with ``sudo`` of one that is somebody else's."""
    return f"`{'sudo ' if sudo else ''}chmod {mode} {quoted(machine, path)}`"


def untrack(machine: Machine, path: Path) -> str:
    """Take a file out of the repository that it is in; it stays where it is."""
    return f"`git -C {quoted(machine, path.parent)} rm --cached -- {quoted(machine, path.name)}`"


def empty(machine: Machine, path: str | Path) -> str:
    """Make a file one that says nothing."""
    if machine.system == WINDOWS:
        return f"`Set-Content {quoted(machine, path)} '{{}}'`"
    return f"`echo '{{}}' > {quoted(machine, path)}`"


def take_out(machine: Machine, *pointers: str) -> str:
    """Take values out of the file, each named as people do where that is plain."""
    return "`" + " && ".join(k6cfg(machine, f"unset {_key(each)}")[1:-1] for each in pointers) + "`"


def _key(pointer: str) -> str:
    parts = pointer_parts(pointer)
    plain = all(re.fullmatch(r"[A-Za-z0-9_-]+", part) for part in parts)
    return ".".join(parts) if plain else shlex.quote(pointer)


def k6cfg(machine: Machine, command: str) -> str:
    """A command of k6cfg about the same file and the same k6."""
    words = ["k6cfg", command]
    if machine.config_option is not None:
        words += ["-c", quoted(machine, machine.absolute(machine.config_option))]
    if machine.version_option is not None and "--k6-version" not in command:
        words += ["--k6-version", shlex.quote(machine.version_option)]
    return f"`{' '.join(words)}`"
