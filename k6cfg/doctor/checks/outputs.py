"""The outputs of every test: whether k6 has them, their arguments, settings, variables and files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.doctor.check import Check, Result, info, of_settings, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import k6cfg, quoted, unset
from k6cfg.engine import Checked
from k6cfg.k6 import cloud
from k6cfg.k6.grammars import printable
from k6cfg.k6.member_lookup import is_null
from k6cfg.k6.outputs import (
    addresses,
    allows,
    argument_faults,
    extension_of,
    extension_reading,
    known_outputs,
    similar_output,
)
from k6cfg.k6.secrets import without_secrets
from k6cfg.schema import Node
from k6cfg.text.tree import Array, Object, Scalar

_VARIABLE: Final = "K6_OUT"
_CLOUD: Final = "cloud"
_STANDARD_OUTPUT: Final = frozenset({"", "-"})


class Enabled(NamedTuple):
    """One output of every test, with its argument; ``by_variable``: ``K6_OUT`` names it, and not the file."""

    name: str
    argument: str
    by_variable: bool


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """Each collector that no output makes use of, and each output that does not start, or goes where nobody said.

    Source: a block of ``collectors`` is read only by the output of its name; ``K6_OUT`` replaces ``out`` (run with
    2.2.0). What is wrong with ``out`` itself is found in the file, by ``verdict``.
    """
    enabled, count = _enabled(machine, checked)
    found = [*_idle(machine, checked, enabled, count)]
    for each in enabled:
        found += [*_unknown(machine, each), *_argument(machine, checked, each)]
        found += [*_variables(machine, each), *_files(machine, checked, each)]
        found += _unsaid(machine, checked, each)
    found += _of_extensions(machine, enabled)
    yield from found
    if not found:
        yield ok("outputs and their settings belong together")


def _enabled(machine: Machine, checked: Checked) -> tuple[tuple[Enabled, ...], int]:
    """The outputs of every test, and how many entries the file has."""
    value = cloud.value_of(checked.document, checked.schema, ("out",))
    items = value.items if isinstance(value, Array) else ()
    entries = [checked.document.string(item) for item in items if isinstance(item, Scalar)]
    by_variable = bool(machine.environ.get(_VARIABLE))
    if by_variable:
        entries = machine.environ[_VARIABLE].split(",")
    parts = (entry.partition("=") for entry in entries)
    return tuple(Enabled(name, rest, by_variable) for name, _, rest in parts), len(items)


def _idle(machine: Machine, checked: Checked, enabled: tuple[Enabled, ...], count: int) -> Iterator[Result]:
    value = cloud.value_of(checked.document, checked.schema, ("collectors",))
    names = {each.name for each in enabled}
    for member in value.members if isinstance(value, Object) else ():
        name = checked.document.key(member) if member.key is not None else ""
        node = checked.schema.find(("collectors", name))
        # What is there for the cloud is there for its commands, too.
        if node is None or name in names or name == _CLOUD or not _says_something(member.value):
            continue
        shown = without_secrets(name)
        yield info(
            f"collectors.{shown} is configured, but no output of that name is enabled",
            "k6 does not look at those settings until a test is run with that output.",
            f"For every test: {k6cfg(machine, f'set out.{count} {shown}')}; for one: `k6 run --out {shown}`"
            if not machine.environ.get(_VARIABLE)
            else f"For one test: `k6 run --out {shown}`; {_VARIABLE} says which outputs the others have.",
        )


def _says_something(value: object) -> bool:
    return isinstance(value, Object) and any(not is_null(member.value) for member in value.members)


def _unknown(machine: Machine, output: Enabled) -> Iterator[Result]:
    known = known_outputs(machine.schema)
    if not output.by_variable or known is None or output.name in known.known:
        return
    extension = extension_of(output.name, machine.schema)
    near = similar_output(output.name, machine.schema)
    removed = known.enum_removed.get(output.name)
    gone = removed is not None and removed <= machine.schema.version
    if extension is not None:
        remedy = f"Use a k6 with {str(extension).replace('`', chr(34))}, or {unset(machine, _VARIABLE)}"
    else:
        meant = f'Did you mean "{near}"? ' if near is not None else ""
        remedy = f"{meant}Correct it, or {unset(machine, _VARIABLE)}"
    name = without_secrets(printable(output.name))
    if extension is not None and extension.output == output.name:
        yield info(
            f"{_VARIABLE} names the output `{extension.output}` of the extension {extension.repository}",
            "Without that extension no test starts.",
        )
        return
    lack = f"has not had since {removed}" if gone else "does not have"
    yield warning(
        f"{_VARIABLE} names the output `{name}`, which k6 {lack}",
        "Without an extension of k6 that brings it no test starts.",
        remedy,
    )


def _argument(machine: Machine, checked: Checked, output: Enabled) -> Iterator[Result]:
    if not output.by_variable:
        return
    for fault in argument_faults(output.name, output.argument, machine.schema, _settings(machine, checked, output)):
        effect = f"{_VARIABLE} applies to every test." if fault.stops else "What it was meant to set, it does not set."
        advice = fault.help.replace("`", '"')  # what stands between backticks here is a command
        yield warning(f"{_VARIABLE} {fault.message}", effect, f"Correct it: {advice}; or {unset(machine, _VARIABLE)}")


def _settings(machine: Machine, checked: Checked, output: Enabled) -> dict[str, str]:
    """The settings of an output that are texts and set, by a variable or in the file."""
    node = checked.schema.find(("collectors", output.name))
    said = (
        (key, cloud.said(checked.document, checked.schema, ("collectors", output.name, key), machine.environ))
        for key, each in (node.properties.items() if node is not None else ())
        if _is_set(machine, checked, output.name, key, each)
    )
    return {key: text for key, text in said if text is not None}


def _is_set(machine: Machine, checked: Checked, output: str, key: str, node: Node) -> bool:
    if any(machine.environ.get(variable) for variable in node.env):
        return True
    return cloud.value_of(checked.document, checked.schema, ("collectors", output, key)) is not None


def _variables(machine: Machine, output: Enabled) -> Iterator[Result]:
    """The variables of an enabled output whose text it refuses, though it has the right type."""
    node = machine.schema.find(("collectors", output.name))
    for each in node.properties.values() if node is not None else ():
        variable = next((name for name in each.env if machine.environ.get(name)), None)
        if variable is None or allows(each, machine.environ[variable]):
            continue
        example = next(iter(each.examples or (each.items.examples if each.items is not None else ())), None)
        shown = ",".join(map(str, example)) if isinstance(example, list) else example
        form = f"as in {shown}" if shown is not None else "as the output wants it"
        yield warning(
            f"{variable} is set to something that the output {output.name} refuses",
            "No test starts with it.",
            f"Write it {form}, or {unset(machine, variable)}",
        )


def _files(machine: Machine, checked: Checked, output: Enabled) -> Iterator[Result]:
    """The files of an enabled output that k6 cannot read or write here; relative ones may mean another folder."""
    node = machine.schema.find(("collectors", output.name), obsolete=True)
    if node is None:
        return
    if node.argument.get("form") == "file" and "=" not in output.argument and output.argument not in _STANDARD_OUTPUT:
        yield from _written(machine, output.argument, f"the output {output.name} writes to")
        return
    settings = _settings(machine, checked, output)
    for key, each in node.properties.items():
        name = settings.get(key, "")
        if each.file == "written" and name not in _STANDARD_OUTPUT and not output.argument:
            yield from _written(machine, name, f"collectors.{output.name}.{key} names")
        if each.file == "read" and name and not machine.may(name, os.R_OK):
            yield warning(
                f"collectors.{output.name}.{key} names the file {machine.shown(name)}, which cannot be read",
                "No test starts with it." if Path(name).is_absolute() else "No test starts with it in this folder.",
                f"Correct the path: {k6cfg(machine, f'set collectors.{output.name}.{key} PATH')}",
            )


def _written(machine: Machine, name: str, what: str) -> Iterator[Result]:
    path = Path(name)
    if name.startswith("~"):
        yield warning(
            f"{what} {machine.shown(name)}, and k6 does not replace the ~",
            "k6 looks for a folder of the name ~ where it is started.",
            "Write the whole path instead.",
        )
    elif path.is_absolute() and not path.parent.is_dir():
        yield warning(
            f"{what} {machine.shown(name)}, and there is no folder {machine.shown(path.parent)}",
            "k6 stops when the output starts.",
            f"`mkdir -p {quoted(machine, path.parent)}`",
        )
    elif path.is_absolute() and not machine.may(path if path.exists() else path.parent, os.W_OK):
        yield warning(
            f"{what} {machine.shown(name)}, where this user must not write",
            "k6 stops when the output starts.",
            "Name a file in a folder that is yours.",
        )


def _unsaid(machine: Machine, checked: Checked, output: Enabled) -> Iterator[Result]:
    node = checked.schema.find(("collectors", output.name))
    if node is None:
        return
    if output.name == _CLOUD:
        needs = cloud.missing(checked.document, checked.schema, machine.k6.version, machine.environ)
        if any(need.route == cloud.TOKEN for need in needs):
            yield warning(
                "every test sends its results to the cloud, and there is no token",
                "Without one no test starts.",
                k6cfg(machine, "set-token"),
            )
        return
    if output.argument and (output.by_variable or node.argument.get("form") != "ignored"):
        return
    where = addresses(output.name, checked.schema)
    if where and not any(_is_set(machine, checked, output.name, each.name, each) for each in where):
        yield info(
            f"every test sends its results to {output.name}, and nothing says where that is",
            f"k6 then takes it to be at {where[0].default}.",
            f"If it is elsewhere: {k6cfg(machine, f'set collectors.{output.name}.{where[0].name} ADDRESS')}",
        )


def _of_extensions(machine: Machine, enabled: tuple[Enabled, ...]) -> Iterator[Result]:
    """An output of k6 in the place of the output of an extension whose variables are set."""
    names = {each.name for each in enabled}
    for variable in sorted(machine.environ):
        found = extension_reading(variable, machine.schema)
        if found is None or found.instead_of not in names or found.output in names:
            continue
        where = _VARIABLE if any(each.by_variable for each in enabled) else "out"
        yield warning(
            f"{variable} is set, which only the extension {found.repository} reads, and every test uses the output "
            f"`{found.instead_of}` of k6 itself",
            "That output does not read the variable.",
            f'Use a k6 with that extension, and name its output "{found.output}" in {where}.',
        )
        return


CHECK = Check("outputs", "Do outputs and their settings belong together?", of_settings(run))
