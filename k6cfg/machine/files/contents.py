"""What a file holds, before it is used: text, and where it is to be changed, a k6 config file."""

from pathlib import Path

from k6cfg.k6 import file_kind
from k6cfg.machine.files.errors import FileError, Kind
from k6cfg.machine.files.snapshot import LARGEST_READ, Snapshot, read
from k6cfg.machine.paths import quoted, shown


def read_text(path: Path | str, *, limit: int = LARGEST_READ) -> Snapshot:
    """Return the text file that ``path`` leads to, as `read` does.

    Raises:
        FileError: as for `read`, or it is a binary file.
    """
    snapshot = read(path, limit=limit)
    found = format_of(snapshot)
    if not found.is_text:
        raise not_text(found, shown(path), quoted(path))
    return snapshot


def not_text(found: file_kind.FileKind, named: str, argument: str) -> FileError:
    """Return the error about a binary file; ``named`` is its name in a message, ``argument`` its name in a command."""
    return FileError(Kind.NOT_TEXT, f"{named} is {found.what}, not a k6 config file", found.help(argument))


def require_config(snapshot: Snapshot) -> None:
    """Stop a change of a file that is not a k6 config file, damaged or not.

    Raises:
        FileError: the file has another format.
    """
    found = format_of(snapshot)
    if found.kind is not file_kind.Kind.CONFIG:
        message = f"{shown(snapshot.path)} is {found.what}, not a k6 config file"
        raise FileError(Kind.NOT_CONFIG, message, found.help(quoted(snapshot.path)))


def format_of(snapshot: Snapshot) -> file_kind.FileKind:
    """Return the kind of a file by its content and its names: the given one, and the one that symlinks lead to.

    What does not exist yet is going to be a config file.
    """
    if not snapshot.exists:
        return file_kind.CONFIG
    found = file_kind.kind_of(snapshot.data, str(snapshot.path))
    if found.kind is not file_kind.Kind.CONFIG or snapshot.path.name == snapshot.target.name:
        return found
    return file_kind.kind_of(snapshot.data, str(snapshot.target))
