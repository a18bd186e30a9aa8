"""What is said when a command cannot do its work: wrong usage, or a bug of ours. No word of it is a secret."""

import os
from typing import TYPE_CHECKING, Final

from k6cfg.cli.exit_codes import BUG, USAGE
from k6cfg.cli.terminal import complain, say, talk
from k6cfg.text.lazy_regex import late

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType

_HARMLESS: Final = late(r"--[a-z][a-z0-9-]{0,20}|-[a-z]|[a-z-]{1,16}")
"""What is an option or a command by its looks; a token is longer, or has digits or capitals in it."""

_NEGATIVE: Final = late(r"-[0-9][0-9.a-z]{0,20}")


def wrong_usage(error: Exception, given: "Sequence[str]", commands: "Collection[str]") -> int:
    """Say what was wrong with the words of a call; the exit code.

    ``error`` is one of typer's. Its text may repeat what was typed, which may be a token in the wrong place; ours does
    not, and is recognised by naming no parameter.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        talk(f"{_text(error)}\n")
        return USAGE
    command = given[0] if given and given[0] in commands else None
    if command == "set" and type(error).__name__ == "NoSuchOption" and any(map(_NEGATIVE.fullmatch, given)):
        complain("a word that begins with - is taken for an option", "write -- before it: k6cfg set KEY -- -1")
    else:
        complain(_message(error, given, commands), _help(command))
    return USAGE


def _help(command: str | None) -> str:
    return f"k6cfg {command} --help lists the options" if command else "k6cfg --help lists the commands"


def _text(error: Exception) -> str:
    text = str(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
    return text if "\n\t" not in text else " ".join(text.split())


def _message(error: Exception, given: "Sequence[str]", commands: "Collection[str]") -> str:
    name = type(error).__name__
    parameter = getattr(error, "param", None)
    if name == "BadParameter" and parameter is None:
        return str(getattr(error, "message", error))
    if name == "BadParameter":
        names = list(getattr(parameter, "opts", ())) or ["an argument"]
        known = list(getattr(getattr(parameter, "type", None), "choices", ()))
        choice = f"; it is one of {', '.join(str(getattr(each, 'value', each)) for each in known)}" if known else ""
        kind = getattr(parameter, "type", None)
        if getattr(kind, "name", None) in {"int", "int range", "integer", "integer range"}:
            choice = f"; it is a whole number{_bounds(kind)}"
        return f"{max(names, key=len)} cannot take that value{choice}"
    text = _text(error)
    if "unexpected extra argument" in text:
        return "too many arguments"
    if text.startswith("No such command"):
        import difflib

        near = difflib.get_close_matches(given[0].lower(), commands, 1)
        text += f"; did you mean {near[0]}?" if near else ""
    for word in sorted(given, key=len, reverse=True):
        if word.strip("-") and _HARMLESS.fullmatch(word) is None:
            text = text.replace(word, "***")
    return text


def _bounds(kind: object) -> str:
    """Which numbers an option takes, where not all of them."""
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is None and most is None:
        return ""
    return f" from {least} to {most}" if most is not None else f", at least {least}"


def bug(error: Exception, about: str = "the file was left as it was") -> int:
    """Say that k6cfg is at fault, and where; the exit code. Its own text may quote a file and is not said."""
    say(f"k6cfg: a bug of k6cfg ({type(error).__name__}); {about}")
    for line in _frames(error.__traceback__):
        say(f"  at {line}")
    say("  help: please report these lines, with the command; they hold nothing of your file")
    return BUG


def _frames(trace: "TracebackType | None") -> list[str]:
    """Where it happened: files and lines alone."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{'/'.join(code.co_filename.replace(os.sep, '/').split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-5:]
