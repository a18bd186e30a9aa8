"""The commands as they are: what each is for, its arguments, its options; and the page about them."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from typer.main import get_group

from k6cfg.cli import app
from making.markdown import NOTE, cell


class Option(NamedTuple):
    """An option: its ``names``, what it ``takes`` as help shows it (empty: nothing), whether it ``repeats``."""

    names: tuple[str, ...]
    takes: str
    choices: tuple[str, ...]
    text: bool
    repeats: bool
    help: str


class Argument(NamedTuple):
    """A word that is no option; ``shown`` is what usage calls it."""

    shown: str
    choices: tuple[str, ...]
    repeats: bool
    help: str


class Command(NamedTuple):
    """One command; the name of k6cfg itself is empty."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]

    @property
    def usage(self) -> str:
        """The line that says how it is called."""
        words = ["k6cfg", self.name, "[OPTIONS]" if self.name else "[OPTIONS] COMMAND [ARGS]..."]
        return " ".join(filter(None, [*words, *(argument.shown for argument in self.arguments)]))


HELP = Option(("--help", "-h"), "", (), text=False, repeats=False, help="Show what there is to know, and exit.")


@cache
def all_commands() -> tuple[Command, ...]:
    """k6cfg itself, then every command, in the order of its help."""
    group: Any = get_group(app._app)  # noqa: SLF001 - the commands are asked what they are
    single = (group.get_command(None, name) for name in app.COMMANDS)
    names = ("", *app.COMMANDS)
    return tuple(_command(name, one) for name, one in zip(names, (group, *single), strict=True))


def exit_codes() -> str:
    """What help says of the exit codes."""
    return " ".join(str(get_group(app._app).epilog).split())  # noqa: SLF001


def _command(name: str, found: Any) -> Command:  # noqa: ANN401 - the type is typer's own
    arguments = tuple(_argument(each) for each in found.params if each.param_type_name == "argument")
    options = tuple(_option(each) for each in found.params if each.param_type_name == "option")
    return Command(name, " ".join(str(found.help).split()), arguments, (*options, HELP))


def _argument(found: Any) -> Argument:  # noqa: ANN401
    choices = _choices(found)
    name = found.metavar or "|".join(choices) or str(found.name).upper()
    shown = name if found.required or name.startswith("[") else f"[{name}]"
    return Argument(shown, choices, found.nargs == -1, found.help or "")


def _option(found: Any) -> Option:  # noqa: ANN401
    choices = _choices(found)
    takes = "" if found.is_flag else found.metavar or "|".join(choices) or str(found.type.name).upper()
    text = found.type.name in {"text", "str"}
    return Option((*found.opts, *found.secondary_opts), takes, choices, text, bool(found.multiple), found.help or "")


def _choices(found: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(str(getattr(each, "value", each)) for each in getattr(found.type, "choices", ()))


def page() -> str:
    """The page about all commands."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield f"# Commands\n\n{NOTE}\n"
    yield "Data goes to stdout, talk to stderr. `-` is standard input where a FILE belongs.\n"
    yield f"{exit_codes()}\n"
    for command in all_commands():
        yield f"## `k6cfg {command.name}`\n" if command.name else "## `k6cfg`\n"
        yield f"{command.help}\n\n```text\n{command.usage}\n```\n"
        if not command.name:
            yield "| command | does |\n|---|---|"
            named = [each for each in all_commands() if each.name]
            yield from (f"| [`{each.name}`](#k6cfg-{each.name}) | {cell(each.help)} |" for each in named)
            yield ""
        rows = [(f"`{each.shown}`", each.help) for each in command.arguments if each.help]
        rows += [(_names(each), each.help) for each in command.options]
        yield "| argument or option | means |\n|---|---|"
        yield from (f"| {cell(name)} | {cell(text)} |" for name, text in rows)
        yield ""


def _names(option: Option) -> str:
    takes = f" {option.takes}" if option.takes else ""
    return ", ".join(f"`{name}{takes}`" for name in option.names) + (" (repeatable)" if option.repeats else "")
