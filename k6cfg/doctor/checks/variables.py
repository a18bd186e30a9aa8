"""The ``K6_*`` variables: what they override, what k6 does not accept of them, and those that do nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from k6cfg.doctor.check import Check, Level, Result, error, info, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import rename_variable, unset
from k6cfg.engine.effective import outcome
from k6cfg.k6.cloud import STACK_URL, VARIABLE
from k6cfg.k6.cloud.token import fault_of
from k6cfg.k6.effective import START, Fault, Layer, layer_of_variables, runtime_faults, without_quotes
from k6cfg.k6.effective.faults import KEPT_QUOTES
from k6cfg.k6.env_docs import DRIVERS, drives, form
from k6cfg.k6.grammars import reference_kind
from k6cfg.k6.member_lookup import find, is_null
from k6cfg.k6.outputs import Extension, extension_reading
from k6cfg.machine import paths
from k6cfg.machine.environment import Override, Suspicious, Variables, overrides
from k6cfg.text.diagnostics import Rule
from k6cfg.text.location import pointer_parts

_CONFIG: Final = "K6_CONFIG"
_OUT: Final = "K6_OUT"
"""What is wrong with the outputs that it names is for another check."""
_OWN: Final = "PERF_"
"""What a variable of somebody's own may begin with, so that k6 does not read it."""
_DOES_NOTHING: Final = "What it was meant to set, it does not set."


class _Read(NamedTuple):
    """What k6 reads from the variables: the options, what it does not accept, and the names that set something.

    ``invalid`` are the rules for which k6 does not run with a value that it can read, by variable; ``doubtful`` those
    about what hardly anyone means.
    """

    options: Layer
    faults: tuple[Fault, ...]
    counted: frozenset[str]
    invalid: Mapping[str, Rule]
    doubtful: Mapping[str, Rule]


def run(machine: Machine) -> Iterator[Result]:
    """Each variable that is set; no value of any is shown.

    Sources: the order of layers, and that an empty variable leaves the file's value: run with 2.2.0; that the file's
    stackURL goes before its variable, unlike all others: read in 2.2.0.
    """
    read = _read(machine)
    found = _found(machine)
    stopping = {fault.variable for fault in read.faults if _stops(fault)} | read.invalid.keys()
    results = [_stopping(machine, fault) for fault in read.faults if _stops(fault)]
    results += [_invalid(machine, name, why) for name, why in read.invalid.items()]
    results += _together(machine, read, stopping)
    ignored = [fault for fault in read.faults if not _stops(fault) and machine.environ[fault.variable]]
    texts = dict(_texts(machine, stopping | {fault.variable for fault in ignored}))
    doubtful = {name: why for name, why in read.doubtful.items() if name not in stopping and name != _OUT}
    for one in found.overrides:
        said = _speaking(machine, one, read) if one.variable not in stopping else None
        if said is not None and (said.level is not Level.INFO or one.variable not in {*texts, *doubtful}):
            results.append(said)
    results += [_doubtful(machine, name, why) for name, why in doubtful.items()]
    results += [_passed_over(machine, fault) for fault in ignored]
    results += texts.values()
    results += [_idle(machine, one) for one in found.suspicious]
    yield from results
    if not results:
        yield ok("no K6_* variable changes what is in the file")


def _found(machine: Machine) -> Variables:
    schema = machine.schema
    nodes = ((node.dotted, ", ".join(node.env), node.secret) for node in schema.nodes() if node.env)
    others = {name: None for node in schema.nodes(obsolete=True) if not node.ignored for name in node.env}
    later = {name: node.since for name, node in schema.obsolete_variables.items() if node.since is not None}
    runtime = dict.fromkeys(schema.variables)
    own = {name for node in schema.nodes() for name in node.env}
    extensions = {name: by for name in machine.environ if name not in own and (by := extension_reading(name, schema))}
    found = overrides(
        nodes,
        {name: text for name, text in machine.environ.items() if name not in extensions},
        version=machine.k6.version,
        also_known={name: since for name, since in {**others, **later}.items() if name not in runtime},
        objection=lambda name, text: _objection(machine, name, text),
    )
    read = (_by_extension(name, extension) for name, extension in sorted(extensions.items()))
    return found._replace(suspicious=(*found.suspicious, *read))


def _by_extension(variable: str, extension: Extension) -> Suspicious:
    message = f"{variable} is read by the extension {extension.repository}, not by k6 itself."
    return Suspicious(variable, "unknown", None, message)


def _read(machine: Machine) -> _Read:
    schema, environ = machine.schema, machine.environ
    options, faults = layer_of_variables(schema.root, schema.version, environ)
    collectors = schema.find(("collectors",))
    counted = set(options.sources.values())
    for node in collectors.properties.values() if collectors is not None else ():
        inner, more = layer_of_variables(node, schema.version, environ)
        counted |= set(inner.sources.values())
        faults += tuple(fault._replace(key=f"{node.dotted}.{fault.key}") for fault in more)
    invalid, doubtful = _judged(machine, options, {fault.variable for fault in faults})
    return _Read(options, (*faults, *runtime_faults(schema, environ)), frozenset(counted), invalid, doubtful)


def _judged(machine: Machine, options: Layer, without: set[str]) -> tuple[dict[str, Rule], dict[str, Rule]]:
    """What the rules say of each value on its own, as they would of the same value in a file.

    The options that say how a test is driven are judged together; `vus` without any other depends on the script.
    """
    from k6cfg.engine import check
    from k6cfg.k6.display import as_json

    good = [key for key, variable in options.sources.items() if variable not in without]
    driving = [key for key in good if key in DRIVERS]
    groups = [[key] for key in good if key not in DRIVERS] + ([driving] if driving not in ([], ["vus"]) else [])
    invalid: dict[str, Rule] = {}
    doubtful: dict[str, Rule] = {}
    for keys in groups:
        values = {key: options.values[key] for key in keys}
        text = as_json(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
        for one in check(text, machine.schema).diagnostics:
            key = next(iter(pointer_parts(one.pointer)), "")
            if key in values and (one.refuses or key not in DRIVERS):
                variable = options.sources[key]
                (invalid if one.refuses else doubtful).setdefault(variable, one.rule)
    return invalid, doubtful


def _stops(fault: Fault) -> bool:
    return fault.refused or fault.when is not None


def _stopping(machine: Machine, fault: Fault) -> Result:
    remedy = f"Set it to something that k6 accepts, or {unset(machine, fault.variable)}"
    if fault.reason == KEPT_QUOTES:
        remedy = f"Remove the quotes where it is set, or {unset(machine, fault.variable)}"
    finding = f"{fault.variable} {fault.reason}"
    if fault.when == START:
        return error(finding, "No test runs with it.", remedy)
    if fault.when is not None:
        what = "every `k6 cloud` stops" if fault.when == "cloud" else "an output that needs it stops"
        return warning(finding, f"With it {what} with an error.", remedy)
    if fault.key.startswith("collectors."):
        return warning(finding, f"k6 cannot read {fault.key} from it, and what needs that stops.", remedy)
    what = f"cannot read {fault.key} from it, and" if fault.key else "does not accept it, and"
    return error(finding, f"k6 {what} starts no test.", remedy)


def _invalid(machine: Machine, name: str, rule: Rule) -> Result:
    return error(
        f"{name} has a value with which k6 refuses to run",
        f"{rule.summary} k6 starts no test.",
        f"{unset(machine, name)}. Or set it to something that k6 accepts; see k6cfg explain {rule.name}",
    )


def _doubtful(machine: Machine, name: str, rule: Rule) -> Result:
    return warning(
        f"{name} has a value that k6 accepts, and hardly anyone means",
        rule.summary,
        f"{unset(machine, name)}. Or set it to another value; see k6cfg explain {rule.name}",
    )


def _together(machine: Machine, read: _Read, stopping: set[str]) -> Iterator[Result]:
    """What k6 rejects of variables and file together, though it accepts each."""
    names = [name for name in read.options.sources.values() if name not in stopping]
    environ = {name: text for name, text in machine.environ.items() if name not in stopping}
    checked = machine.settings
    if not names or checked is None or not checked.accepted_run:
        return
    found = outcome(checked.data, machine.schema, environ)
    if found.refusal is not None:
        driving = [name for key, name in read.options.sources.items() if name in names and key in DRIVERS] or names
        yield error(
            f"k6 rejects what {' and '.join(driving)} and the file come to together",
            f"{found.first.rule.summary if found.first is not None else found.refusal} k6 starts no test with both.",
            unset(machine, *driving),
        )


def _passed_over(machine: Machine, fault: Fault) -> Result:
    return warning(f"{fault.variable} {fault.reason}", _DOES_NOTHING, unset(machine, fault.variable))


def _speaking(machine: Machine, override: Override, read: _Read) -> Result:
    name, key = override.variable, override.key
    counts = name in read.counted
    off = unset(machine, name)
    if counts and (replaces := _replaces(machine, key, read)) is not None:
        own = _OWN + name.removeprefix("K6_")
        node = machine.schema.find((key,))
        flag = node.flag[0] if node is not None else f"--{key}"
        remedy = f"{off}, and use the flag {flag} where it is meant."
        return warning(
            f"{name} replaces the scenarios of every script",
            replaces,
            f"{remedy} Of a variable of your own, change the name: {rename_variable(machine, name, own)}",
        )
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


def _replaces(machine: Machine, key: str, read: _Read) -> str | None:
    """What a variable that says how a test is driven does to every script; ``None`` where it leaves scenarios alone."""
    others = [name for name, variable in read.options.sources.items() if variable in read.counted and name != key]
    return drives(key, machine.schema.version, others)


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


def _texts(machine: Machine, without: set[str]) -> Iterator[tuple[str, Result]]:
    """Values that k6 accepts as they are, and that nobody means: with quotes, or a reference in place of a secret."""
    secret = _secrets(machine)
    for name, text in sorted(machine.environ.items()):
        if name in without or not _is_read(machine, name):
            continue
        off = unset(machine, name)
        kind = reference_kind(text) if name in secret and name != VARIABLE else None
        if kind is not None:
            why = "Nothing replaces it before k6 reads it: k6 uses the reference as if it were the secret."
            yield name, warning(f"{name} is {kind}", why, f"Set it to the secret itself, or {off}")
        elif without_quotes(text) and name != VARIABLE:
            remedy = f"Remove the quotes where it is set, or {off}"
            yield name, warning(f"{name} {KEPT_QUOTES}", "k6 uses them as a part of the value.", remedy)


def _secrets(machine: Machine) -> set[str]:
    named = {name for node in machine.schema.nodes() if node.secret for name in node.env}
    return named | {name for name, node in machine.schema.variables.items() if node.secret}


def _is_read(machine: Machine, name: str) -> bool:
    return name in machine.schema.variables or any(name in node.env for node in machine.schema.nodes())


def _objection(machine: Machine, name: str, text: str) -> str | None:
    """Why a text does not belong in a variable; ``None`` where this k6 reads it, and nothing is to be said about that.

    What is not known to be checked by k6 accepts any text without quotes.
    """
    if name in machine.schema.obsolete_variables:
        return f"k6 {machine.k6.version} does not read it"
    if name == _CONFIG:
        return None if paths.present(str(machine.absolute(text))) else "it names a file, and there is none"
    if not _is_read(machine, name):
        return "the value has quotes around it" if without_quotes(text) is not None else None
    if not text:
        return "the value is empty"
    alone = {key: value for key, value in machine.environ.items() if not key.upper().startswith("K6")}
    other = replace(machine, environ={**alone, name: text})
    read = _read(other)
    faults = {fault.variable: fault.reason for fault in read.faults}
    if name in faults or name in read.invalid or name in read.doubtful:
        return f"with this value it {faults[name]}" if name in faults else "k6 does not use this value as it is meant"
    if any(_texts(other, set())) or (name == VARIABLE and fault_of(text) is not None):
        return "the value has quotes around it, or is no secret"
    keys = [key for key, variable in read.options.sources.items() if variable == name]
    return "it replaces the scenarios of every script" if any(_replaces(other, key, read) for key in keys) else None


def _idle(machine: Machine, found: Suspicious) -> Result:
    name = found.variable
    if found.kind == "unknown":
        return info(found.message)
    finding = found.message.rstrip(".")
    if found.instead is not None and found.instead not in machine.environ:
        remedy = f"If it was meant for k6: {rename_variable(machine, name, found.instead)}"
        return warning(finding, _DOES_NOTHING, remedy)
    return warning(finding, _DOES_NOTHING, unset(machine, name))


CHECK = Check("variables", "Which variables go before the file, and which do nothing?", run)
