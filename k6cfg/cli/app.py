"""The command line: parse options, call, print, exit. One file per command; none is imported before it is asked for."""

import contextlib
import gc
import importlib
import sys
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from k6cfg.cli.errors import bug, wrong_usage
from k6cfg.cli.exit_codes import COULD_NOT, INTERRUPTED
from k6cfg.cli.terminal import (
    ClosedOutputError,
    close_output,
    complain,
    finish_streams,
    interactive,
    out,
    prepare_streams,
    say,
    talk,
)

COMMANDS: Final = {
    "validate": "k6cfg.cli.commands.validate",
    "set-token": "k6cfg.cli.commands.set_token",
    "doctor": "k6cfg.cli.commands.doctor",
    "get": "k6cfg.cli.commands.get",
    "set": "k6cfg.cli.commands.set",
    "unset": "k6cfg.cli.commands.unset",
    "diff": "k6cfg.cli.commands.diff",
    "migrate": "k6cfg.cli.commands.migrate",
    "show": "k6cfg.cli.commands.show",
    "explain": "k6cfg.cli.commands.explain",
    "path": "k6cfg.cli.commands.path",
    "schema": "k6cfg.cli.commands.schema",
    "undo": "k6cfg.cli.commands.undo",
    "completion": "k6cfg.cli.commands.completion",
}

SUMMARIES: Final = {
    "validate": "Say what k6 will make of its config.json; with --fix, mend it.",
    "set-token": "Put the Grafana Cloud token into the config.json that k6 reads, or take it out.",
    "doctor": "Examine this machine's k6 configuration, and say what mends what is wrong.",
    "get": "Print one value of the config.json that k6 reads; exit 1 when it is not set.",
    "set": "Set values in the config.json that k6 reads, and change nothing else.",
    "unset": "Remove values from the config.json that k6 reads, so that k6 uses its defaults.",
    "diff": (
        "Show what differs between two files as k6 reads them, and as text; exit 1 when k6 reads them differently."
    ),
    "migrate": "Carry the config.json from an older k6 to a newer one: its keys, its place, its mode.",
    "show": "Show the config.json without its secrets, or what k6 will run with.",
    "explain": "Explain one option, rule, variable or flag: what it does, what it takes, what became of it.",
    "path": "Print the path of the config.json that k6 reads.",
    "schema": "Print the JSON Schema of the config.json for one k6 version.",
    "undo": "Take back the last change that k6cfg made to a file; twice is a redo.",
    "completion": "Print the script that makes a shell complete commands, options, keys, rules and versions of k6cfg.",
}
"""The docstring of each command, so that the list of them is printed without importing any; a test holds them equal."""

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

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        # As typer does it, but for making every command first, and for cutting sentences off.
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


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

        out(f"k6cfg {__version__}\n")
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
    prepare_streams()
    _write_no_core_file()
    code = _run(given)
    finish_streams()
    gc.freeze()  # or Python would look through all of it once more before it ends
    sys.exit(code)


def _write_no_core_file() -> None:
    """Forbid this process and its children to leave a core file: it would hold the token."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _run(given: list[str]) -> int:
    try:
        code = _app(given, prog_name="k6cfg", standalone_mode=False)
        out("")
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except (ClosedOutputError, SystemExit):  # typer exits by itself where a pipe breaks
        close_output()
        return COULD_NOT
    except _UsageError as error:
        return wrong_usage(error, given, COMMANDS)
    except MemoryError:
        complain("there is not enough memory for this", "allow more (ulimit -v), or check that it is the right file")
        return COULD_NOT
    except Exception as error:  # noqa: BLE001 - the last net: no traceback may show what is in a file
        return bug(error)
    if code == INTERRUPTED:
        if interactive():
            talk("\n")  # the terminal has written ^C there
        say("k6cfg: interrupted")
    return code if isinstance(code, int) else 0
