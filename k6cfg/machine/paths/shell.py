"""How a path is shown to people, and how a shell takes it in a command that a message proposes."""

import ntpath
import os
from collections.abc import Mapping

from k6cfg.machine.paths.config_dirs import WINDOWS, is_absolute, lookup, this_system


def shown(path: str | os.PathLike[str], environ: Mapping[str, str] | None = None, system: str | None = None) -> str:
    """A path for people: ``/home/ann/x`` is ``~/x``, ``/home/anna`` stays, and nothing in it acts on a terminal.

    Args:
        path: the real name.
        environ: the variables that say which folder is home; those of the process where None.
        system: as Go names it; see ``this_system``.
    """
    rest = below_home(path, environ, system)
    return escaped(os.fspath(path)) if rest is None else "~" + escaped(rest)


def quoted(path: str | os.PathLike[str], environ: Mapping[str, str] | None = None, system: str | None = None) -> str:
    """A path as an argument for sh, or PowerShell on Windows (not run there): always the real name.

    What cannot be shown is written as ``$'…'``, which bash, zsh and POSIX of 2024 understand, and dash does not yet.
    """
    text = os.fspath(path)
    rest = below_home(path, environ, system)
    if (system or this_system()) == WINDOWS:
        return _powershell(text) if not rest else _powershell(rest, '"$HOME')
    if rest is not None:
        return f"~/{_sh(rest[1:])}" if rest[1:] else f"~{rest}"
    return _sh(f"./{text}" if text.startswith("-") else text)


def assigned(path: str | os.PathLike[str], environ: Mapping[str, str] | None = None, system: str | None = None) -> str:
    """A path as the value of a variable, where not every shell expands ``~``."""
    if (system or this_system()) == WINDOWS:
        return quoted(path, environ, system)
    rest = below_home(path, environ, system)
    if rest is None:
        return _sh(os.fspath(path))
    if not rest.isprintable():
        return '"$HOME"' + _sh(rest)
    return '"$HOME' + "".join("\\" + letter if letter in '"$`\\' else letter for letter in rest) + '"'


def escaped(text: str) -> str:
    r"""A text on one line that cannot act on a terminal: what cannot be shown is ``\x1b``, ``\n``, ``\u202e``."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def below_home(
    path: str | os.PathLike[str], environ: Mapping[str, str] | None = None, system: str | None = None
) -> str | None:
    """What follows the home folder in a path, ``""`` for that folder itself; None for a path outside."""
    text, environ, system = os.fspath(path), os.environ if environ is None else environ, system or this_system()
    windows = system == WINDOWS
    home = lookup(environ, "USERPROFILE" if windows else "HOME", system).rstrip("\\/" if windows else "/")
    if not home or not is_absolute(home + "/", system) or (windows and not ntpath.splitdrive(home)[1]):
        return None
    head, rest = text[: len(home)], text[len(home) :]
    same = ntpath.normcase(head) == ntpath.normcase(home) if windows else head == home
    return rest if same and (not rest or rest[0] == "/" or (windows and rest[0] == "\\")) else None


def _sh(text: str) -> str:
    if text.isprintable():
        import shlex

        return shlex.quote(text)
    # Bytes in octal: the one spelling that ends by itself, and that every shell with $'…' gives back as it was.
    return "$'" + "".join(_octal(letter) for letter in text) + "'"


def _octal(letter: str) -> str:
    if letter in "'\\":
        return "\\" + letter
    return letter if letter.isprintable() else "".join(f"\\{byte:03o}" for byte in os.fsencode(letter))


def _powershell(text: str, opening: str = "") -> str:
    if not opening and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return (opening or '"') + "".join(map(_char, text)) + '"'


def _char(letter: str) -> str:
    if letter in '"$`':
        return "`" + letter
    units = letter.encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
    return letter if letter.isprintable() else "".join(f"$([char]0x{unit})" for unit in units)
