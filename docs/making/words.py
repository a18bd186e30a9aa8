"""The table from which ``k6cfg.cli.completion`` answers shells."""

import json
import re

from k6cfg.doctor import CHECKS
from k6cfg.engine import all_rules
from k6cfg.k6.env_vars import KNOWN, OBSOLETE
from k6cfg.schema import Node, load
from k6cfg.schema.versions import minors
from making.commands import Argument, Command, Option, all_commands

_SENTENCE = re.compile(r"[.;:]\s|\.$")
_LONGEST = 70
_TEXT_KINDS = {
    "PATH": "file",
    "FILE": "file",
    "A": "file",
    "B": "file",
    "RULE|GROUP": "rule",
    "ID": "check",
    "X.Y.Z|auto|latest": "version",
    "X.Y.Z": "version",
    "KEY": "key",
    "VALUE] [KEY VALUE": "value",
    "KEY|RULE|VARIABLE|FLAG": "subject",
}
"""What stands where help shows such a word, and a text belongs; of others nothing is known beforehand."""


def text() -> str:
    """The table as JSON."""
    schema = load()
    nodes = [node for node in schema.nodes() if not {"*", "[", "<"} & set(node.dotted)]
    every = list(schema.nodes(obsolete=True))
    variables = {name: _short(node) for node in every for name in node.env if "<" not in name}
    variables |= {known.name: "" for known in (*KNOWN, *OBSOLETE) if not {"<", "*"} & set(known.name)}
    table = {
        "commands": {command.name: _command(command) for command in all_commands()},
        "keys": {node.dotted: _short(node) for node in nodes},
        "choices": {node.dotted: choices for node in nodes if (choices := _choices(node))},
        "rules": {rule.name: _sentence(rule.summary) for rule in all_rules()},
        "groups": {rule.group: f"all rules of {rule.group}" for rule in all_rules()},
        "checks": {check.id: _sentence(check.title) for check in CHECKS},
        "variables": {name: said for name, said in variables.items() if name not in {"", "K6_"}},
        "flags": {name: _short(node) for node in every for name in node.flag if name.startswith("--")},
        "versions": ["auto", "latest", *(f"{version.major}.{version.minor}.0" for version in reversed(list(minors())))],
    }
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def _command(command: Command) -> dict[str, object]:
    return {
        "help": _sentence(command.help),
        "arguments": [_of_argument(argument) for argument in command.arguments],
        "repeats": any(argument.repeats for argument in command.arguments),
        "options": {
            name: {
                "takes": _kind(option),
                "repeats": option.repeats,
                "help": _sentence(option.help),
                "also": list(option.names),
            }
            for option in command.options
            for name in option.names
        },
    }


def _of_argument(argument: Argument) -> object:
    return list(argument.choices) or _TEXT_KINDS.get(argument.shown.strip("[]."), "")


def _kind(option: Option) -> object:
    """What an option takes; None for nothing."""
    if not option.takes:
        return None
    return list(option.choices) or (_TEXT_KINDS.get(option.takes, "unknown") if option.text else "unknown")


def _choices(node: Node) -> list[str]:
    if "boolean" in node.json_types:
        return ["true", "false"]
    return [each for each in (node.enum or node.known) if each] if "array" not in node.json_types else []


def _short(node: Node) -> str:
    return _sentence(node.description)


def _sentence(words: str) -> str:
    """The first sentence, or its beginning: a shell has a line for it."""
    first = " ".join(_SENTENCE.split(words, maxsplit=1)[0].split())
    return first if len(first) <= _LONGEST else first[: first.rindex(" ", 0, _LONGEST - 3)] + " ..."
