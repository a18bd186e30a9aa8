"""The ``K6_*`` variables: those that go before the file, and those that do nothing."""

from collections.abc import Iterator

from k6cfg.cloud import STACK_URL
from k6cfg.doctor.check import Check, Result, info, ok, warning
from k6cfg.doctor.commands import rename_variable, unset
from k6cfg.doctor.machine import Machine
from k6cfg.environment import Override, Suspicious, overrides
from k6cfg.members import find, is_null


def run(machine: Machine) -> Iterator[Result]:
    """Each variable that is set; no value of any is looked at but for being empty.

    Sources: the order of layers, and that an empty variable leaves the file's value: run with 2.2.0; that the file's
    stackURL goes before its variable, unlike all others: read in 2.2.0.
    """
    nodes = ((node.dotted, ", ".join(node.env), node.secret) for node in machine.schema.nodes() if node.env)
    others = (name for node in machine.schema.nodes(obsolete=True) for name in node.env)
    found = overrides(nodes, machine.environ, version=machine.k6.version, also_known=others)
    results = [_speaking(machine, one) for one in found.overrides]
    results += [_idle(machine, one) for one in found.suspicious]
    yield from results
    if not results:
        yield ok("no K6_* variable changes what is in the file")


def _speaking(machine: Machine, override: Override) -> Result:
    name, key = override.variable, override.key
    off = unset(machine, name)
    if override.empty:
        return warning(
            f"{name} is set, but empty",
            f"k6 does as if it were not set: {key} stays what the file or the script says. Often a secret or a variable"
            " of another name was meant to fill it.",
            f"Give it a value, or {off}",
        )
    if not _in_file(machine, key):
        return info(f"{name} is set: k6 takes {key} from it, which the file does not set")
    if key == ".".join(STACK_URL):
        return info(f"{name} is set, but here the file goes first: k6 takes the URL of the stack from it")
    return warning(
        f"{name} goes before {key} in the file",
        "As long as the variable is set, what the file says there has no effect.",
        f"To have the file count: {off}",
    )


def _in_file(machine: Machine, key: str) -> bool:
    if machine.checked is None:
        return False
    route = key.split(".")
    found = find(machine.checked.document, machine.checked.schema, route)
    return found.matched == len(route) and found.member is not None and not is_null(found.member.value)


def _idle(machine: Machine, found: Suspicious) -> Result:
    name = found.variable
    if found.kind == "unknown":
        return info(found.message)
    finding = found.message.rstrip(".")
    why = "What it was meant to set, it does not set."
    if found.instead is not None and found.instead not in machine.environ:
        return warning(finding, why, f"If it was meant for k6: {rename_variable(machine, name, found.instead)}")
    return warning(finding, why, unset(machine, name))


CHECK = Check("variables", "Which variables go before the file, and which do nothing?", run)
