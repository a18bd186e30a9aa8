"""The manual page of k6cfg, for ``man``."""

from collections.abc import Iterator

from making.commands import Command, Option, all_commands, exit_codes

FILES = (
    ("~/.config/k6/config.json", "The file that k6 reads on Linux; k6cfg path says which one it is here, and why."),
    ("~/.local/state/k6cfg", "What k6cfg keeps of earlier files, for k6cfg undo; readable by its owner alone."),
)
VARIABLES = (
    ("K6_CONFIG", "The config.json, as for k6, where --config does not name one."),
    ("K6CFG_STATE_DIR", "Where earlier files are kept instead."),
    ("K6CFG_CACHE_DIR", "Where the versions of k6 binaries are remembered instead."),
    ("NO_COLOR", "With any value: no colours."),
)
EXAMPLES = (
    ("k6cfg validate", "Say what k6 will make of the file that it reads."),
    ("k6cfg validate --fix", "Mend it, after showing how."),
    ("k6cfg set-token --stdin < token.txt", "Put the Grafana Cloud token in, and change nothing else."),
    ("k6cfg doctor", "Find out why k6 does not do what the file says."),
)


def page() -> str:
    """The page in roff, with the macros of man(7)."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    first, *others = all_commands()
    yield '.\\" Made by docs/generate.py; what is changed here by hand is lost.'
    yield '.TH K6CFG 1 "" "k6cfg" "User Commands"'
    yield ".SH NAME"
    yield "k6cfg \\- validate, repair and safely edit the config.json of k6"
    yield ".SH SYNOPSIS"
    for command in others:
        yield f".B k6cfg {_text(command.name)}\n{_text(command.usage.split(command.name, 1)[1].strip())}\n.br"
    yield ".SH DESCRIPTION"
    yield _text(first.help)
    yield _text("What is to be written is shown first, without its secrets; then it asks.")
    yield ".SH COMMANDS"
    for command in others:
        yield from _command(command)
    yield ".SH OPTIONS"
    yield from _options(first.options)
    yield f".SH EXIT STATUS\n{_text(exit_codes().removeprefix('Exit codes: '))}"
    for title, rows in (("ENVIRONMENT", VARIABLES), ("FILES", FILES), ("EXAMPLES", EXAMPLES)):
        yield f".SH {title}"
        for name, text in rows:
            yield f".TP\n.B {_text(name)}\n{_text(text)}"
    yield ".SH SEE ALSO\n.BR k6 (1)"


def _command(command: Command) -> Iterator[str]:
    yield f'.SS "{_text(command.usage)}"'
    yield _text(command.help)
    for argument in command.arguments:
        if argument.help:
            yield f".TP\n.I {_text(argument.shown)}\n{_text(argument.help)}"
    yield from _options(command.options)


def _options(options: tuple[Option, ...]) -> Iterator[str]:
    for option in options:
        takes = f" \\fI{_text(option.takes)}\\fR" if option.takes else ""
        yield f".TP\n\\fB{_text(', '.join(option.names))}\\fR{takes}\n{_text(option.help)}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
