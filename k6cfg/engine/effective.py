"""What k6 would run with: a file, the options of a script and the variables put together, or why it would not run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from k6cfg.engine import Checked, check
from k6cfg.k6.display import as_json
from k6cfg.k6.effective import (
    SCRIPT,
    START,
    Effective,
    Fault,
    Layer,
    Lost,
    cloud_settings,
    consolidate,
    layer_of,
    runtime_faults,
)
from k6cfg.k6.effective import layer_of_variables as variables_of
from k6cfg.schema import Schema
from k6cfg.schema.versions import LONE_VUS, SCENARIOS
from k6cfg.text.diagnostics import LOADING, RUN, Diagnostic, Severity
from k6cfg.text.location import pointer_parts


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What k6 would run with; ``effective`` is None where it would not run, and ``refusal`` says why.

    ``first`` is the finding behind the refusal, where it is one of the file. ``checked`` is the file, None where there
    is none. ``faults`` are the variables that are refused or passed over, ``cloud`` the settings of the cloud.
    """

    checked: Checked | None
    effective: Effective | None
    cloud: Effective | None
    faults: tuple[Fault, ...]
    refusal: str | None = None
    first: Diagnostic | None = None


def outcome(data: bytes | None, schema: Schema, environ: Mapping[str, str], script: bytes | None = None) -> Outcome:
    """Put the layers together as k6 of the schema's version does; ``script``: the JSON that ``k6 inspect`` prints.

    A configuration is refused for what stops k6 from reading the file, for a variable that means nothing, and for what
    its parts come to when they are together: variables may cure a file, and spoil a good one.
    """
    checked = check(data, schema, intent=False) if data is not None else None
    variables, faults = variables_of(schema.root, schema.version, environ)
    faults += runtime_faults(schema, environ)
    if checked is not None and (found := _unreadable(checked)) is not None:
        return Outcome(
            checked=checked, effective=None, cloud=None, faults=faults, refusal=_place(checked, found), first=found
        )
    above = [variables]
    readings = [checked.reading] if checked is not None and checked.reading is not None else []
    layers = [layer_of(reading) for reading in readings]
    if script is not None:
        options = check(script, schema, intent=False)
        if options.reading is None:
            position = options.document.lines.position(options.diagnostics[0].span.start)
            where = f"line {position.line}, column {position.column}"
            return _refused(
                checked, faults, f"the options of the script are no JSON, as k6 inspect prints it ({where})"
            )
        above = [layer_of(options.reading, SCRIPT), variables]
        readings.append(options.reading)
    bad = next((fault for fault in faults if fault.refused), None)
    if bad is not None:
        return _refused(checked, faults, f"{bad.variable} {bad.reason}; k6 does not start")
    effective = consolidate([*layers, *above], schema)
    found = _does_not_run(checked, effective, above, schema, faults)
    if found is not None:
        own = checked is not None and found in checked.diagnostics
        place = _place(checked, found) if checked is not None and own else _cause(found, effective)
        return Outcome(checked=checked, effective=None, cloud=None, faults=faults, refusal=place, first=found)
    effective = replace(effective, lost=(*effective.lost, *_passed_over(effective, schema)))
    cloud, more = cloud_settings(schema, environ, readings)
    return Outcome(checked=checked, effective=effective, cloud=cloud, faults=(*faults, *more))


def _refused(checked: Checked | None, faults: tuple[Fault, ...], why: str) -> Outcome:
    return Outcome(checked=checked, effective=None, cloud=None, faults=faults, refusal=why)


def _unreadable(checked: Checked) -> Diagnostic | None:
    """The first finding for which k6 cannot read the file at all."""
    found = next((one for one in checked.diagnostics if one.refuses == LOADING), None)
    if found is None and not checked.well_formed:
        found = next((one for one in checked.diagnostics if one.severity is Severity.ERROR), None)
    return found


def _does_not_run(
    checked: Checked | None, effective: Effective, above: list[Layer], schema: Schema, faults: tuple[Fault, ...]
) -> Diagnostic | None:
    """The first finding for which k6 does not run what came together: of the file, or of all of it where others speak.

    What k6 writes it also reads; so the consolidated options are judged as a file of their own.
    """
    if not any(layer.values for layer in above):
        return _first(checked)
    unloaded = {fault.key for fault in faults if fault.when == START}
    options = {key: value for key, value in effective.options.items() if key not in unloaded}
    together = as_json(options, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return _first(check(together, schema, intent=False))


def _first(checked: Checked | None) -> Diagnostic | None:
    return next((one for one in checked.diagnostics if RUN in one.refuses), None) if checked is not None else None


def _cause(found: Diagnostic, effective: Effective) -> str:
    """A finding about what came together, with the variable that it is about."""
    source = effective.sources.get(next(iter(pointer_parts(found.pointer)), ""))
    return f"{source}: {found.message}" if source is not None else found.message


def _passed_over(effective: Effective, schema: Schema) -> Iterator[Lost]:
    """What is recorded, and yet counts for nothing when k6 makes scenarios of the options.

    Source: lib/executor/execution_config_shortcuts.go, of 2.2.0 and before 2.1.0.
    """
    options, origins = effective.options, effective.origins
    if "vus" not in options or "iterations" in options or "duration" in options or options.get("stages"):
        return
    said = effective.sources.get("vus") or f"the {origins['vus']}"
    alone = f"{said} sets `vus`, and nothing sets duration, iterations or stages"
    if schema.version >= LONE_VUS and "scenarios" in options:
        vus = options["vus"]
        why = f"{alone}: k6 replaces all scenarios by {vus} iterations with {vus} virtual users"
        yield Lost("scenarios", origins["scenarios"], options["scenarios"], why)
    elif SCENARIOS <= schema.version < LONE_VUS:
        yield Lost("vus", origins["vus"], options["vus"], f"{alone}: k6 before {LONE_VUS} ignores it then")


def _place(checked: Checked, found: Diagnostic) -> str:
    position = checked.document.lines.position(found.span.start)
    return f"line {position.line}, column {position.column}: {found.message}"
