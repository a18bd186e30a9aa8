"""The ``K6_*`` variables: those that go before the file, and those that do nothing."""

from collections.abc import Iterator

from k6cfg.cloud import STACK_URL
from k6cfg.doctor.check import Check, Result, error, info, ok, warning
from k6cfg.doctor.commands import rename_variable, unset
from k6cfg.doctor.machine import Machine
from k6cfg.effective import Fault, layer_of_variables
from k6cfg.environment import Override, Suspicious, overrides
from k6cfg.explaining.variables import form
from k6cfg.members import find, is_null
from k6cfg.outputs import extension_reading


def run(machine: Machine) -> Iterator[Result]:
    """Each variable that is set; no value of any is shown.

    Sources: the order of layers, and that an empty variable leaves the file's value: run with 2.2.0; that the file's
    stackURL goes before its variable, unlike all others: read in 2.2.0.
    """
    nodes = ((node.dotted, ", ".join(node.env), node.secret) for node in machine.schema.nodes() if node.env)
    others = (name for node in machine.schema.nodes(obsolete=True) for name in node.env)
    found = overrides(
        nodes,
        machine.environ,
        version=machine.k6.version,
        also_known=others,
        extensions=lambda name: _brings(machine, name),
    )
    faults, counted = _read(machine)
    refused = {fault.variable for fault in faults if fault.refused}
    results = [_refused(machine, fault) for fault in faults if fault.refused]
    speaking = [one for one in found.overrides if one.variable not in refused]
    results += [_speaking(machine, one, counts=one.variable in counted) for one in speaking]
    ignored = [fault for fault in faults if not fault.refused and machine.environ[fault.variable]]
    results += [_passed_over(machine, fault) for fault in ignored]
    results += [_idle(machine, one) for one in found.suspicious]
    yield from results
    if not results:
        yield ok("no K6_* variable changes what is in the file")


def _brings(machine: Machine, variable: str) -> str | None:
    extension = extension_reading(variable, machine.schema)
    return extension.repository if extension is not None else None


def _read(machine: Machine) -> tuple[tuple[Fault, ...], frozenset[str]]:
    """The variables that k6 refuses or passes over, and those that it takes something from, empty or not."""
    schema, environ = machine.schema, machine.environ
    layer, faults = layer_of_variables(schema.root, schema.version, environ)
    collectors = schema.find(("collectors",))
    sources = set(layer.sources.values())
    for node in collectors.properties.values() if collectors is not None else ():
        inner, more = layer_of_variables(node, schema.version, environ)
        sources |= set(inner.sources.values())
        faults += tuple(fault._replace(key=f"{node.dotted}.{fault.key}") for fault in more)
    return faults, frozenset(sources)


def _refused(machine: Machine, fault: Fault) -> Result:
    remedy = f"Set it to something that k6 understands, or {unset(machine, fault.variable)}"
    finding = f"{fault.variable} {fault.reason}"
    if not fault.key.startswith("collectors."):
        return error(finding, f"k6 cannot take {fault.key} from it, and starts no test.", remedy)
    return warning(finding, f"k6 cannot take {fault.key} from it, and what needs that stops.", remedy)


def _passed_over(machine: Machine, fault: Fault) -> Result:
    return warning(
        f"{fault.variable} {fault.reason}", "What it was meant to set, it does not set.", unset(machine, fault.variable)
    )


def _speaking(machine: Machine, override: Override, *, counts: bool) -> Result:
    name, key = override.variable, override.key
    off = unset(machine, name)
    if override.empty:
        found = f"{name} is set, but empty" + (f", and k6 takes that for {key} with nothing in it" if counts else "")
        return warning(found, _why_empty(machine, key, counts=counts), f"Give it a value, or {off}")
    if not _in_file(machine, key):
        return info(f"{name} is set: k6 takes {key} from it, which the file does not set")
    if key == ".".join(STACK_URL):
        return info(f"{name} is set, but here the file goes first: k6 takes the URL of the stack from it")
    return warning(
        f"{name} goes before {key} in the file",
        "As long as the variable is set, what the file says there has no effect.",
        f"To have the file count: {off}",
    )


def _why_empty(machine: Machine, key: str, *, counts: bool) -> str:
    written = next((form(node) for node in machine.schema.nodes() if node.dotted == key), None)
    if counts:
        effect = f"An empty one {written.empty}. " if written is not None else ""
        return f"{effect}What the file says there has no effect."
    meant = "Often a secret or a variable of another name was meant to fill it."
    if written is None and key.startswith("collectors."):
        return f"What this output makes of an empty one is not known. {meant}"
    return f"k6 does as if it were not set: {key} stays what the file or the script says. {meant}"


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
