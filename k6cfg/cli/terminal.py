"""Talking to the person at the terminal. Talk goes to stderr, data to stdout."""

import os
import sys

from k6cfg.report.style import Painter, painter


def interactive() -> bool:
    """Whether somebody can be asked: stdin and stderr are both a terminal."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):  # closed, or taken away by whoever started us
        return False


def say(text: str) -> None:
    """A line to stderr."""
    sys.stderr.write(f"{text}\n")


def complain(message: str, help_: str | None = None) -> None:
    """What went wrong, and what to do, to stderr."""
    say(f"k6cfg: {message}")
    if help_:
        say(f"  help: {help_}")


class ClosedOutputError(Exception):
    """Whoever read stdout stopped reading."""


def out(text: str) -> None:
    """Data, to stdout.

    Raises:
        ClosedOutputError: nobody reads it any more.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()  # data and talk keep their order where both go to one place
    except BrokenPipeError:
        raise ClosedOutputError from None


def painter_for(stream: object) -> Painter:
    """How to paint for a stream."""
    return painter(os.environ, terminal=_is_terminal(stream))


def paint_diff(diff: str, brush: Painter) -> str:
    """A unified diff with its removed and added lines in colour."""
    colours = {"-": "red", "+": "green", "@": "cyan"}
    return "".join(
        brush.paint(line.rstrip("\n"), colours[line[0]]) + "\n" if line[:1] in colours else line
        for line in diff.splitlines(keepends=True)
    )


def confirmed(question: str) -> bool:
    """Ask; only ``y`` and ``yes`` mean yes, and the end of the input means no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
    return answer.strip().lower() in {"y", "yes"}


def hidden(question: str) -> str:
    """Ask for a secret; what is typed is not shown. Raises EOFError at the end of the input."""
    from getpass import getpass

    return getpass(question, stream=sys.stderr)
