"""The command line: parse options, call, print, exit. One file per command; none is imported before it is asked for."""

import importlib
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from k6cfg.cli.exits import BUG, COULD_NOT, INTERRUPTED, USAGE
from k6cfg.cli.terminal import ClosedOutputError, out

if TYPE_CHECKING:
    from types import TracebackType

COMMANDS: Final = {
    "validate": "k6cfg.cli.validate",
    "set-token": "k6cfg.cli.set_token",
    "doctor": "k6cfg.cli.doctor",
    "get": "k6cfg.cli.get",
    "set": "k6cfg.cli.set_value",
    "unset": "k6cfg.cli.unset",
    "diff": "k6cfg.cli.diff",
    "migrate": "k6cfg.cli.migrate",
    "show": "k6cfg.cli.show",
    "explain": "k6cfg.cli.explain",
    "path": "k6cfg.cli.path",
    "schema": "k6cfg.cli.schema",
    "undo": "k6cfg.cli.undo",
}

_EXIT_CODES: Final = """\
Exit codes: 0 fine or done; 1 findings, or changes pending; 2 wrong usage; 3 could not (missing, unreadable, locked,
changed meanwhile); 4 declined, or needs --yes; 5 written, but not known to survive a power cut; 70 a bug of k6cfg;
130 interrupted.
"""

_UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]
_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}


class _Commands(TyperGroup):
    """Commands by name, each made from its module when it is first asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - the type is click's, which typer hides
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        single = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=_SETTINGS)
        found = importlib.import_module(module)
        single.command(cmd_name, context_settings={**_SETTINGS, **getattr(found, "SETTINGS", {})})(found.command)
        return typer.main.get_command(single)


_app: Final = typer.Typer(
    cls=_Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings=_SETTINGS,
    help="Validates, repairs and safely edits the config.json of k6.",
    epilog=_EXIT_CODES,
)


def _print_version(value: bool) -> None:
    if value:
        from k6cfg import __version__

        sys.stdout.write(f"k6cfg {__version__}\n")
        raise typer.Exit


@_app.callback()
def _root(
    version: bool = typer.Option(
        False,
        "--version",
        is_eager=True,
        callback=_print_version,
        help="Print the version and exit.",
    ),
) -> None:
    pass


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; never prints a traceback, nor a word of what it was given as a secret."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        # A path or a key may hold what the terminal's encoding does not have.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(given))


def _run(given: list[str]) -> int:
    try:
        code = _app(given, prog_name="k6cfg", standalone_mode=False)
        out("")
    except (typer.Abort, KeyboardInterrupt):
        _say("interrupted")
        return INTERRUPTED
    except ClosedOutputError:
        return _closed()
    except _UsageError as error:
        return _usage(error, given)
    except Exception as error:  # noqa: BLE001 - the last net: no traceback may show what is in a file
        return _bug(error)
    return code if isinstance(code, int) else 0


def _closed() -> int:
    """Whoever read our output stopped; what is left of it goes nowhere, or Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return COULD_NOT


def _usage(error: Exception, given: list[str]) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "k6cfg"
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")  # type: ignore[attr-defined]
        return USAGE
    message: str = error.format_message().rstrip(".")  # type: ignore[attr-defined]
    if message.startswith("No such command"):
        import difflib

        near = difflib.get_close_matches(given[0].lower(), COMMANDS, 1)
        message += f"; did you mean {near[0]}?" if near else ""
    _say(_without_values(message, given))
    listed = "commands" if context is None or context.parent is None else "options"
    sys.stderr.write(f"  help: {command} --help lists the {listed}\n")
    return USAGE


def _without_values(message: str, given: list[str]) -> str:
    """A usage message that repeats nothing that may be a token pasted in the wrong place."""
    if "unexpected extra argument" in message:
        return "too many arguments"
    for word in sorted(given, key=len, reverse=True):
        if word.strip("-") and _HARMLESS.fullmatch(word) is None:
            message = message.replace(word, "***")
    return message


_HARMLESS: Final = re.compile(r"--[a-z][a-z0-9-]{0,20}|-[a-z]|[a-z-]{1,16}")
"""What is an option or a command by its looks; a token is longer, or has digits or capitals in it."""


def _bug(error: Exception) -> int:
    _say(f"a bug of k6cfg ({type(error).__name__}); the file was left as it was")
    for line in _frames(error.__traceback__):
        sys.stderr.write(f"  at {line}\n")
    sys.stderr.write("  help: please report these lines, with the command; they hold nothing of your file\n")
    return BUG


def _frames(trace: "TracebackType | None") -> list[str]:
    """Where it happened: files and lines alone, for the text of an exception may quote the file."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{'/'.join(code.co_filename.replace(os.sep, '/').split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-5:]


def _say(text: str) -> None:
    sys.stderr.write(f"k6cfg: {text}\n")
