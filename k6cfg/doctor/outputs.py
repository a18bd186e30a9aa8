"""Outputs that are configured and not enabled, and the reverse."""

from collections.abc import Iterator
from typing import Final

from k6cfg import cloud
from k6cfg.doctor.check import Check, Result, info, of_settings, ok, warning
from k6cfg.doctor.commands import k6cfg
from k6cfg.doctor.machine import Machine
from k6cfg.engine import Checked
from k6cfg.masking import without_secrets
from k6cfg.members import is_null
from k6cfg.schema import Node
from k6cfg.tree import Array, Object, Scalar

_VARIABLE: Final = "K6_OUT"
_CLOUD: Final = "cloud"
_HERE: Final = "localhost"


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """Each collector that no output makes use of, and each output that goes where nobody said.

    Source: a block of ``collectors`` is read only by the output of its name; ``K6_OUT`` replaces ``out`` (run with
    2.2.0). Its faults are those of other checks.
    """
    enabled, count = _enabled(machine, checked)
    found = [*_idle(machine, checked, enabled, count), *_unsaid(machine, checked, enabled)]
    yield from found
    if not found:
        yield ok("outputs and their settings belong together")


def _enabled(machine: Machine, checked: Checked) -> tuple[dict[str, str], int]:
    """The names of the outputs of every test, with what stands behind ``=``; and how many entries the file has."""
    value = cloud.value_of(checked.document, checked.schema, ("out",))
    items = value.items if isinstance(value, Array) else ()
    entries = [checked.document.string(item) for item in items if isinstance(item, Scalar)]
    if machine.environ.get(_VARIABLE):
        entries = machine.environ[_VARIABLE].split(",")
    return {name: rest for name, _, rest in (entry.partition("=") for entry in entries)}, len(items)


def _idle(machine: Machine, checked: Checked, enabled: dict[str, str], count: int) -> Iterator[Result]:
    value = cloud.value_of(checked.document, checked.schema, ("collectors",))
    for member in value.members if isinstance(value, Object) else ():
        name = checked.document.key(member) if member.key is not None else ""
        node = checked.schema.find(("collectors", name))
        # What is there for the cloud is there for its commands, too.
        if node is None or name in enabled or name == _CLOUD or not _says_something(member.value):
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


def _unsaid(machine: Machine, checked: Checked, enabled: dict[str, str]) -> Iterator[Result]:
    for name, argument in enabled.items():
        node = checked.schema.find(("collectors", name))
        if node is None or argument:
            continue
        if name == _CLOUD:
            needs = cloud.missing(checked.document, checked.schema, machine.k6.version, machine.environ)
            if any(need.route == cloud.TOKEN for need in needs):
                yield warning(
                    "every test sends its results to the cloud, and there is no token",
                    "Without one no test starts.",
                    k6cfg(machine, "set-token"),
                )
            continue
        place = _place(node)
        if place is not None and not _located(machine, checked, name, node):
            yield info(
                f"every test sends its results to {name}, and nothing says where that is",
                f"k6 then takes it to be at {place.default}.",
                f"If it is elsewhere: {k6cfg(machine, f'set collectors.{name}.{place.name} ADDRESS')}",
            )


def _place(node: Node) -> Node | None:
    """The setting that says where an output goes: the first whose default is this machine."""
    return next((each for each in node.properties.values() if _HERE in str(each.default or "")), None)


def _located(machine: Machine, checked: Checked, name: str, node: Node) -> bool:
    """Whether any setting of the output is there that may say so: in the file, or in a variable."""
    for key, each in node.properties.items():
        if _HERE not in str(each.default or ""):
            continue
        if any(machine.environ.get(variable) for variable in each.env):
            return True
        if cloud.value_of(checked.document, checked.schema, ("collectors", name, key)) is not None:
            return True
    return False


CHECK = Check("outputs", "Do outputs and their settings belong together?", of_settings(run))
