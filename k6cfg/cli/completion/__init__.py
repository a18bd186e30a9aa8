"""What may come next on a command line, for the shell that asks; from a table, so that nothing heavy is imported.

A shell asks by running k6cfg with ``_K6CFG_COMPLETE`` set: its own name, then the words behind ``k6cfg`` up to the
cursor, the last one perhaps empty, all joined by ``SEPARATOR``. They come in a variable, for what is being typed may be
a secret, and ``ps`` shows arguments to everybody. The answer is a line that says what follows: ``words``, one a line,
each perhaps with a tab and a word of help behind it; or ``files``: the shell knows those itself.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

VARIABLE: Final = "_K6CFG_COMPLETE"
SEPARATOR: Final = "\x1f"

_TABLE: Final = os.path.join(os.path.dirname(__file__), "table.json")  # noqa: PTH118, PTH120 - pathlib costs more than all the rest
_NO_HELP: Final = frozenset({"bash"})
_CUT_BY_EQUALS: Final = frozenset({"bash"})

Words: TypeAlias = Mapping[str, str]
"""What may come next, each with a word of help, which may be empty."""
Table: TypeAlias = Mapping[str, Any]


class _Place(NamedTuple):
    """What stands before the cursor: the command, how many arguments, the option that waits for its value."""

    command: Mapping[str, Any]
    arguments: tuple[str, ...]
    used: frozenset[str]
    waiting: str | None
    no_more_options: bool


def answer(question: str) -> str:
    """What is printed for what a shell put into ``VARIABLE``."""
    with open(_TABLE, encoding="utf-8") as file:  # noqa: PTH123
        table = json.load(file)
    shell, *words = question.split(SEPARATOR)
    if shell in _CUT_BY_EQUALS:
        words = _joined(words)
    found = following(words or [""], table)
    if found is None:
        return "files\n"
    with_help = shell not in _NO_HELP
    lines = (f"{word}\t{said}" if said and with_help else word for word, said in found.items())
    return "\n".join(["words", *lines]) + "\n"


def _joined(words: Sequence[str]) -> list[str]:
    """The words without the ``=`` of ``--option = value``, which bash makes words of their own."""
    kept = [word for place, word in enumerate(words) if word != "=" or not words[place - 1].startswith("--")]
    return [*kept, ""] if words and words[-1] == "=" else kept


def following(words: Sequence[str], table: Table) -> Words | None:
    """What the last of the words may become; None where the name of a file belongs."""
    *before, current = words
    place = _place(before, table)
    if place is None:
        commands = {name: command["help"] for name, command in table["commands"].items() if name}
        return _beginning(current, _options(table["commands"][""], frozenset()) if current[:1] == "-" else commands)
    option, sign, value = current.partition("=")
    if place.waiting is not None:
        return _of_kind(place.command["options"][place.waiting]["takes"], current, place, table)
    if current.startswith("-") and not place.no_more_options:
        if sign and option in place.command["options"]:
            found = _of_kind(place.command["options"][option]["takes"], value, place, table)
            return None if found is None else {f"{option}={word}": said for word, said in found.items()}
        options = _options(place.command, place.used)
        return _beginning(current, {**options, **table["flags"]} if _is_explain(place) else options)
    kinds = place.command["arguments"]
    if not kinds:
        return {}
    number = len(place.arguments)
    if number < len(kinds):
        return _of_kind(kinds[number], current, place, table)
    if not place.command["repeats"]:
        return {}
    pairs = kinds[-1] == "value"  # KEY VALUE KEY VALUE
    return _of_kind(kinds[number % 2] if pairs else kinds[-1], current, place, table)


def _place(before: Iterable[str], table: Table) -> _Place | None:
    """Where the cursor is; None before a command is named."""
    words = iter(before)
    name = next((word for word in words if not word.startswith("-")), None)
    if name is None:
        return None
    command = table["commands"].get(name, {"options": {}, "arguments": [], "repeats": False})
    arguments: list[str] = []
    used: set[str] = set()
    waiting, no_more = None, False
    for word in words:
        option, sign, _ = word.partition("=")
        if waiting is not None:
            waiting = None
        elif word == "--" and not no_more:
            no_more = True
        elif word.startswith("-") and len(word) > 1 and not no_more:
            known = command["options"].get(option)
            if known is not None:
                used |= set(known["also"]) if not known["repeats"] else set()
                waiting = option if known["takes"] and not sign else None
        else:
            arguments.append(word)
    return _Place(command, tuple(arguments), frozenset(used), waiting, no_more)


def _is_explain(place: _Place) -> bool:
    return "subject" in place.command["arguments"]


def _options(command: Mapping[str, Any], used: frozenset[str]) -> Words:
    return {
        name: option["help"]
        for name, option in command["options"].items()
        if name not in used and (name.startswith("--") or name == option["also"][0])
    }


def _of_kind(kind: object, current: str, place: _Place, table: Table) -> Words | None:
    """What may stand where a kind of word belongs."""
    if isinstance(kind, list):
        return _beginning(current, dict.fromkeys(kind, ""))
    if kind == "file":
        return None
    if kind == "key":
        return _keys(current, table["keys"])
    if kind == "value":
        return _beginning(current, dict.fromkeys(table["choices"].get("".join(place.arguments[-1:]), ()), ""))
    if kind == "subject":
        return {**_keys(current, table["keys"]), **_beginning(current, {**table["rules"], **table["variables"]})}
    if kind in {"rule", "check"}:
        done, comma, last = current.rpartition(",")
        known = {**table["rules"], **table["groups"]} if kind == "rule" else table["checks"]
        return {f"{done}{comma}{word}": said for word, said in _beginning(last, known).items()}
    return _beginning(current, dict.fromkeys(table["versions"], "")) if kind == "version" else {}


def _keys(current: str, keys: Words) -> Words:
    """Keys one level deep at a time, as a shell shows files: those inside another once it is written out."""
    level = current.count(".")
    found = {key: said for key, said in _beginning(current, keys).items() if key.count(".") == level}
    if len(found) == 1 or current in found:
        outer = current if current in found else next(iter(found))
        found |= {key: said for key, said in keys.items() if key.rpartition(".")[0] == outer}
    return found


def _beginning(start: str, words: Words) -> dict[str, str]:
    return dict(_begun(start, words))


def _begun(start: str, words: Words) -> Iterator[tuple[str, str]]:
    yield from ((word, said) for word, said in words.items() if word.startswith(start))
