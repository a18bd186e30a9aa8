"""Talking to the person at the terminal. Talk goes to stderr, data to stdout."""

import contextlib
import os
import stat
import sys

from k6cfg.report.terminal_style import Painter, painter


def interactive() -> bool:
    """Whether somebody can be asked: stdin and stderr are both a terminal."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):  # closed, or taken away by whoever started us
        return False


def talk(text: str) -> None:
    """Text to stderr; that nobody hears it is no reason to stop."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def say(text: str) -> None:
    """A line to stderr."""
    talk(f"{text}\n")


def complain(message: str, help_: str | None = None) -> None:
    """What went wrong, and what to do, to stderr."""
    say(f"k6cfg: {message}")
    if help_:
        say(f"  help: {help_}")


class ClosedOutputError(Exception):
    """Nobody takes what goes to stdout: it is closed, or full."""


_missing: set[str] = set()


def prepare_streams() -> None:
    """Make the three streams usable, whatever whoever started us left of them.

    One that is closed is replaced by nothing; what the encoding of one does not have is written as an escape.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            _missing.add(name)
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def finish_streams() -> None:
    """What stderr could not take goes nowhere, or Python would make an exit code of its own of it."""
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def out(text: str) -> None:
    """Data, to stdout.

    Raises:
        ClosedOutputError: nobody takes it.
    """
    out_bytes(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))


def out_bytes(data: bytes) -> None:
    """Data, to stdout, byte for byte.

    Raises:
        ClosedOutputError: nobody takes it.
    """
    if data and "stdout" in _missing:
        raise ClosedOutputError
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()  # data and talk keep their order where both go to one place
    except OSError:
        raise ClosedOutputError from None


def close_output() -> None:
    """What is left in stdout goes nowhere, or Python would complain at its end; say it, if there is anybody to hear."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    say("k6cfg: the output could not be written")


def painter_for(stream: object) -> Painter:
    """What a stream can show."""
    terminal = _is_terminal(stream)
    encoding = getattr(stream, "encoding", None)
    return painter(os.environ, terminal=terminal, encoding=encoding, width=_columns(stream) if terminal else None)


def _columns(stream: object) -> int | None:
    try:
        return os.get_terminal_size(stream.fileno()).columns  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return None


def annotated(stream: object) -> bool:
    """Whether GitHub Actions reads what goes to a stream: under it, and the stream is neither a terminal nor a file."""
    if os.environ.get("GITHUB_ACTIONS") != "true" or _is_terminal(stream):
        return False
    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False


def paint_diff(diff: str, brush: Painter) -> str:
    """A unified diff with its removed and added lines in colour."""
    colours = {"-": "red", "+": "green", "@": "cyan"}
    return "".join(
        brush.paint(line.rstrip("\n"), colours[line[0]]) + "\n" if line[:1] in colours else line
        for line in diff.splitlines(keepends=True)
    )


def confirmed(question: str) -> bool:
    """Ask; only ``y`` and ``yes`` mean yes, and the end of the input means no."""
    talk(f"{question} [y/N] ")
    answer = sys.stdin.readline()
    if not answer:
        talk("\n")
    return answer.strip().lower() in {"y", "yes"}


def hidden(question: str) -> str:
    """Ask for a secret; what is typed is not shown. Raises EOFError at the end of the input."""
    from getpass import getpass

    return getpass(question, stream=sys.stderr)
