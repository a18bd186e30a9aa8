"""A value that should not stand on a command line: from standard input, a variable or a file."""

import os
import re
import stat
import sys
from pathlib import Path
from typing import Annotated, Final, NamedTuple, TypeAlias

import typer

from k6cfg.cli.context import STANDARD_INPUT
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, USAGE
from k6cfg.cli.key_argument import harmless
from k6cfg.cli.terminal import complain, hidden, interactive
from k6cfg.machine.files import read

LONGEST: Final = 64 * 1024
"""Bytes of a value that is read from a file or a pipe."""

StdinOption: TypeAlias = Annotated[bool, typer.Option("--stdin", help="Read it from standard input.")]
FromEnvOption: TypeAlias = Annotated[
    str | None, typer.Option("--from-env", metavar="NAME", help="Take it from an environment variable.")
]
FromFileOption: TypeAlias = Annotated[
    str | None, typer.Option("--from-file", metavar="PATH", help="Take it from a file.")
]

_NAMES: Final = ("the argument", "--stdin", "--from-env", "--from-file")


class Source(NamedTuple):
    """Where a value comes from: at most one of them."""

    argument: str | None
    stdin: bool
    variable: str | None
    file: str | None

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return any(value not in {None, False} for value in self)

    @property
    def reads_stdin(self) -> bool:
        """Whether it is read from standard input."""
        return self.stdin or self.file == STANDARD_INPUT

    @property
    def hidden(self) -> bool:
        """Whether it comes a way on which neither a shell's history nor ``ps`` sees it."""
        return self.given and self.argument is None


def text_of(source: Source, what: str, command: str) -> str | int | None:
    """The text, without the line end behind it; the exit code where there is none; None where no source is given.

    The file ``-`` is standard input, as everywhere; ``./-`` is a file of that name.

    Raises:
        FileError: the file cannot be read.
    """
    given = [name for name, value in zip(_NAMES, source, strict=True) if value not in {None, False}]
    if len(given) > 1:
        complain(f"{what} comes from one place only, not from {' and '.join(given)}", f"k6cfg {command} --help")
        return USAGE
    if source.reads_stdin:
        if interactive():  # nobody wants to see there what is typed
            return typed(what)
        return _decoded(sys.stdin.buffer.read(LONGEST + 1), "standard input", what)
    if source.variable is not None:
        return _of_variable(source.variable)
    if source.file is not None:
        return _decoded(_read_file(Path(source.file)), "the file", what)
    return source.argument


def _of_variable(name: str) -> str | int:
    text = os.environ.get(name)
    if text:
        return text
    # What does not look like the name of a variable may be the secret itself, in the wrong position.
    is_name = _VARIABLE.fullmatch(name) is not None and harmless(name) == name
    named = f"the variable {name}" if is_name else "the variable that --from-env names"
    if text is None:
        complain(f"{named} is not set", "export it, or use --stdin")
    else:
        complain(
            f"{named} is empty",
            "set it to the value; in CI, check that the secret of that name exists and that this job may read it",
        )
    return COULD_NOT


_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,60}")


def typed(what: str) -> str | int:
    """What somebody types at the terminal, unseen; the exit code where that is nothing."""
    try:
        return hidden(f"{what} (not shown): ")
    except EOFError:
        complain("nothing was typed, and nothing was written")
        return DECLINED


def _read_file(path: Path) -> bytes:
    """A file, or a pipe: ``--from-file <(command)`` is how shells hand a secret over."""
    try:
        if not stat.S_ISFIFO(path.stat().st_mode):
            return read(path, limit=LONGEST).data
        with path.open("rb") as pipe:
            return pipe.read(LONGEST + 1)
    except OSError:
        return read(path, limit=LONGEST).data  # says what is wrong with it


def _decoded(data: bytes, where: str, what: str) -> str | int:
    if len(data) > LONGEST:
        complain(f"{where} holds more than {LONGEST // 1024} KiB, so it is not {what}")
        return USAGE
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        complain(f"{where} holds no text in UTF-8, so it is not {what}")
        return USAGE
