"""What stands in ``out``, ``K6_OUT`` and after ``--out``: the name of an output and, after ``=``, its argument.

Which outputs there are, and what each makes of its argument, is in the schema (``argument``, ``extensions``).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from k6cfg.k6.grammars import Reason, duration, nearest, parse_duration, parse_int, quoted
from k6cfg.schema import Node, Schema
from k6cfg.schema.versions import Version

_HERE: Final = "localhost"
_EMPTY_IS_REFUSED: Final = Version(0, 55, 0)
"""The first k6 whose csv output refuses ``fileName=`` (read in its source)."""


class Fault(NamedTuple):
    """What is wrong with the argument of an output.

    ``message`` goes on after the name of the entry and holds no part of the argument but names of settings, ``help``
    says what to do. ``stops``: k6 starts no test with it; otherwise it ignores the argument, or a part of it.
    """

    message: str
    help: str
    stops: bool


class Extension(NamedTuple):
    """A well-known output that k6 itself does not have, and the repository of the extension that brings it.

    ``instead_of`` is the output of k6 that people take for it.
    """

    output: str
    repository: str
    instead_of: str | None = None

    def __str__(self) -> str:
        return f"the extension {self.repository} and its output `{self.output}`"


def known_outputs(schema: Schema) -> Node | None:
    """The node of the entries of ``out``; None before k6 0.21.0, where it is no list."""
    return schema.find(("out", 0))


def settings_of(name: str, schema: Schema) -> Node | None:
    """The node of the settings of an output, ``collectors.NAME``; None where nothing is known."""
    return schema.find(("collectors", name), obsolete=True)


def extension_of(name: str, schema: Schema) -> Extension | None:
    """The extension that brings an output of this name, or one that people call so."""
    rows = _extensions(schema)
    if name in rows:
        return _extension(name, rows[name])
    for output, facts in rows.items():
        called = facts.get("alsoCalled")
        if isinstance(called, list) and name.strip().lower() in called:
            return _extension(output, facts)
    return None


def _extensions(schema: Schema) -> Mapping[str, Mapping[str, object]]:
    known = known_outputs(schema)
    return known.extensions if known is not None else {}


def _extension(output: str, facts: Mapping[str, object]) -> Extension:
    taken = facts.get("insteadOf")
    return Extension(output, str(facts["repository"]), str(taken) if taken is not None else None)


def extension_reading(variable: str, schema: Schema) -> Extension | None:
    """The extension that reads a variable which k6 itself does not read."""
    for output, facts in _extensions(schema).items():
        names = facts.get("env")
        for name in names if isinstance(names, list) else ():
            if variable == name or (str(name).endswith("*") and variable.startswith(str(name)[:-1])):
                return _extension(output, facts)
    return None


def similar_output(name: str, schema: Schema) -> str | None:
    """The output of k6 that is probably meant by a name that is none."""
    known = known_outputs(schema)
    if known is None:
        return None
    for output in known.known:
        node = settings_of(output, schema)
        if node is not None and name.strip().lower() in node.also_called:
            return output
    return nearest(name.strip().lower(), known.known)


def addresses(name: str, schema: Schema) -> tuple[Node, ...]:
    """The settings that say where an output sends: those whose default is this machine."""
    node = settings_of(name, schema)
    return tuple(each for each in node.properties.values() if _HERE in str(each.default or "")) if node else ()


def allows(node: Node, text: str) -> bool:
    """Whether the output that reads a setting starts with this text as its value."""
    if node.items is not None:
        return all(allows(node.items, piece) for piece in text.split(","))
    if not node.checked or node.type not in _TEXTS:
        return True
    return (not node.enum or text in node.enum) and (node.pattern is None or re.search(node.pattern, text) is not None)


_TEXTS: Final = frozenset({"string", "plain-string"})


def argument_faults(name: str, argument: str, schema: Schema, settings: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with ``argument``, the text after ``NAME=``.

    ``settings`` has those settings of the output that are texts and set, in the file or by a variable.
    Sources: ``newOutput`` and ``GetConsolidatedConfig`` of each output in k6 0.26.0 to 2.2.0.
    """
    node = settings_of(name, schema)
    form = node.argument.get("form") if node is not None else None
    if node is None or not argument:
        return
    if form == "ignored":
        yield from _ignored(name, argument, schema, settings)
    elif form == "file" and "=" in argument and _names(node):
        yield from _pairs(name, argument, node, schema.version)
    elif form == "url":
        yield from _url(name, argument, node, schema, settings)
    elif form == "query":
        yield from _query(name, argument, node, schema.version)


def _ignored(name: str, argument: str, schema: Schema, settings: Mapping[str, str]) -> Iterator[Fault]:
    where = addresses(name, schema)
    if any(argument == settings.get(each.name, each.default) for each in where):
        return
    help_ = "remove the argument"
    if where:
        keys = " or ".join(f"`collectors.{name}.{each.name}`" for each in where)
        help_ = f"write the address into {keys}, or set {' or '.join(each.env[0] for each in where)}"
    message = f"gives the output `{name}` an argument, which k6 ignores{_destination(name, where, settings)}"
    yield Fault(message, help_, stops=False)


def _destination(name: str, where: tuple[Node, ...], settings: Mapping[str, str]) -> str:
    if len(where) != 1:
        return ""
    key = where[0].name
    target = f"the address in `collectors.{name}.{key}`" if key in settings else str(where[0].default)
    return f"; measurements go to {target}"


def _names(node: Node) -> Mapping[str, object]:
    found = node.argument.get("settings")
    return found if isinstance(found, dict) else {}


def _pairs(name: str, argument: str, node: Node, version: Version) -> Iterator[Fault]:
    names = _names(node)
    for pair in argument.split(","):
        key, equals, value = pair.partition("=")
        if not equals or (not value and version >= _EMPTY_IS_REFUSED):
            yield Fault(
                f"gives the output `{name}` settings, and one of them is not NAME=VALUE; k6 starts no test",
                f"write a file alone, or settings with commas between: {name}={next(iter(names))}=FILE,…",
                stops=True,
            )
            return
        if key not in names:
            yield _unknown_setting(name, key, names, stops=True)
        elif (reason := _reason(names[key], value, node, version)) is not None:
            yield _bad_value(name, key, reason)


def _url(name: str, argument: str, node: Node, schema: Schema, settings: Mapping[str, str]) -> Iterator[Fault]:
    from k6cfg.k6.grammars.urls import parse_url

    found = parse_url(argument)
    where = addresses(name, schema)
    example = f"write it as {name}={where[0].default}/NAME" if where else "write a whole address"
    if isinstance(found, str):
        yield Fault(f"gives the output `{name}` an address that {found}; k6 starts no test", example, stops=True)
        return
    if found.scheme and not found.host:
        message = f"gives the output `{name}` an address without `//`, which k6 ignores"
        yield Fault(message + _destination(name, where, settings), example, stops=False)
    if found.host and where and not allows(where[0], f"{found.scheme}://{found.host}"):
        message = f"gives the output `{name}` an address of a kind that it does not have; k6 starts no test"
        yield Fault(message, example, stops=True)
    names = _names(node)
    for key, value in dict(reversed(found.query)).items():
        if key not in names:
            yield _unknown_setting(name, key, names, stops=True)
        elif (reason := _reason(names[key], value, node, schema.version)) is not None:
            yield _bad_value(name, key, reason)


def _query(name: str, argument: str, node: Node, version: Version) -> Iterator[Fault]:
    from k6cfg.k6.grammars.urls import parse_query

    names = _names(node)
    for key, value in dict(reversed(parse_query(argument))).items():
        if key not in names:
            yield _unknown_setting(name, key, names, stops=False)
        elif value and (reason := _reason(names[key], value, node, version)) is not None:
            yield _bad_value(name, key, reason)


def _unknown_setting(name: str, key: str, names: Mapping[str, object], *, stops: bool) -> Fault:
    near = nearest(key.replace("_", "").lower(), {each.replace("_", "").lower(): each for each in names})
    close = next((each for each in names if each.replace("_", "").lower() == near), None)
    effect = "k6 starts no test" if stops else "k6 ignores it"
    message = f"gives the output `{name}` the setting {quoted(key)}, which it does not have; {effect}"
    return Fault(message, f"did you mean `{close}`?" if close else f"it has {', '.join(names)}", stops=stops)


def _bad_value(name: str, key: str, reason: Reason) -> Fault:
    message = f"gives the output `{name}` a value for `{key}` that {reason}; k6 starts no test"
    return Fault(message, f"correct the value of `{key}`, or remove it", stops=True)


def _reason(target: object, value: str, node: Node, version: Version) -> Reason | None:
    """Why a value does not do for the setting that it is for, or for a type where it is for none."""
    setting = node.properties.get(str(target))
    kind = setting.type if setting is not None else str(target)
    read = _READERS.get(kind)
    number = read(value, version) if read is not None else None
    if isinstance(number, str):
        return number
    if setting is None or not setting.checked:
        return None
    if not allows(setting, value):
        return f"is none of {', '.join(setting.enum)}" if setting.enum else "is not as the output wants it"
    if number is not None and setting.exclusive_minimum is not None and number <= 0:
        return "is not more than 0"
    if number is not None and isinstance(setting.minimum, int) and number < setting.minimum:
        return f"is less than {setting.minimum}"
    return None


def _bool(text: str, _version: Version) -> int | Reason:
    return 0 if text in {"", "true", "false"} else "is neither true nor false"


def _duration(text: str, version: Version) -> int | Reason:
    found = duration(text, version)
    return "is no duration, such as 5s" if isinstance(found, str) else found


def _go_duration(text: str, _version: Version) -> int | Reason:
    found = parse_duration(text)
    return "is no duration with a unit, such as 5s" if isinstance(found, str) else found


_READERS: Final = {
    "int": lambda text, _: parse_int(text),
    "duration": _duration,
    "go-duration": _go_duration,
    "bool": _bool,
}
