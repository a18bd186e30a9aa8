"""What is asked of a whole text: what k6 makes of it, the text mended, carried on, compared, explained."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from k6cfg.api.convert import changed, data_of, findings_of, place, schema_of, version_of
from k6cfg.api.results import (
    Changed,
    Difference,
    EffectiveOptions,
    Migrated,
    Move,
    Refused,
    Text,
    Validation,
    VersionLike,
)
from k6cfg.engine import Selection, check, plan_fixes, prove_settled, rule_names, selected, with_repaired
from k6cfg.k6.decode import Script
from k6cfg.k6.secrets import without_secrets
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic
from k6cfg.text.parser import SYNTAX


def validate(  # noqa: PLR0913 - as many as the command has options about this
    text: Text,
    *,
    k6_version: VersionLike = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    script_exports: Iterable[str] | None = None,
    script_metrics: Mapping[str, str] | None = None,
) -> Validation:
    """What k6 of a version makes of a config.json, as ``k6cfg validate`` says it.

    Args:
        text: the content of the file.
        k6_version: the release to go by.
        select: rules and groups to look for; none is all of them.
        ignore: rules and groups to pass over.
        script_exports: the functions that the script exports; None: any that the file names is taken to exist.
        script_metrics: the script's own metrics with their types; None: any is taken to exist.

    Raises:
        ValueError: there is no such version, rule or group.
    """
    schema, selection = schema_of(k6_version), _selection(select, ignore)
    script = _script(script_exports, script_metrics)
    checked = with_repaired(check(data_of(text), schema, script), script)
    found = findings_of(checked, selected(checked, selection))
    at = checked.stops_at
    stops_at = place(checked.document.lines, at) if at is not None else None
    return Validation(str(schema.version), checked.accepted_run, checked.accepted_cloud, stops_at, found)


def fix(
    text: Text,
    *,
    k6_version: VersionLike = None,
    unsafe: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Changed:
    """The text with all that has one sensible reading mended, as ``k6cfg validate --fix -`` gives it.

    Args:
        text: the content of the file.
        k6_version: the release to go by.
        unsafe: mend what has a likely reading, too.
        select: rules and groups to mend; none is all of them.
        ignore: rules and groups to pass over.

    Raises:
        Refused: the text is no JSON, and the allowed fixes cannot make it so with certainty.
        ValueError: there is no such version, rule or group.
    """
    selection = _selection(select, ignore)
    start = check(data_of(text), schema_of(k6_version))
    plan = plan_fixes(start, selection, unsafe=unsafe)
    if plan.refused is not None:
        raise Refused(f"the text was not changed: {plan.refused}", "k6cfg.validate says what is wrong with it")
    if plan.steps:
        prove_settled(plan.final, selection, unsafe=unsafe)
    return changed(start.data, plan.final, plan.steps)


def repair(text: Text, *, k6_version: VersionLike = None, unsafe: bool = False) -> Changed:
    """The text as JSON in UTF-8, and nothing else of it changed, as ``k6cfg validate --fix --select syntax -`` does.

    Args and exceptions are those of ``fix``.
    """
    return fix(text, k6_version=k6_version, unsafe=unsafe, select=(SYNTAX,))


def migrate(text: Text, *, to: VersionLike = None, source: str | Version | None = None) -> Migrated:
    """The text carried from an older k6 to a newer one, as ``k6cfg migrate`` does; places and modes are not its part.

    Args:
        text: the content of the file.
        to: the release it is to be for.
        source: the release it was written for, where that is known.

    Raises:
        Refused: the text is no JSON, and not certain enough to repair.
        ValueError: there is no such version.
    """
    from k6cfg.engine.migration import migrate as carry

    schema = schema_of(to)
    plan = carry(data_of(text), schema, version_of(source) if source is not None else None)
    if plan.refused is not None:
        raise Refused(f"the text is no JSON, and was not repaired: {plan.refused}")
    final = plan.final
    return Migrated(
        k6_version=str(schema.version),
        before=plan.start.data,
        data=final.data,
        text=final.document.text,
        changes=tuple(_move(one) for step in plan.steps for one in step.chosen),
        decisions=tuple(map(_move, plan.decisions)),
        accepted_run=final.accepted_run,
        accepted_cloud=final.accepted_cloud,
    )


def _move(found: Diagnostic) -> Move:
    return Move(
        found.rule.name,
        found.severity.value,
        without_secrets(found.pointer),
        without_secrets(found.message),
        found.help,
    )


def effective_options(
    text: Text | None,
    *,
    k6_version: VersionLike = None,
    environ: Mapping[str, str] | None = None,
    script_options: Text | None = None,
) -> EffectiveOptions:
    """What k6 will run with, and which layer each value comes from, as ``k6cfg show --effective`` says it.

    Args:
        text: the content of the file; None where there is none.
        k6_version: the release to go by.
        environ: the variables to go by, such as ``os.environ``; None is none at all.
        script_options: the script's options, as ``k6 inspect`` prints them.

    Raises:
        Refused: k6 would not run with that.
        ValueError: there is no such version.
    """
    from k6cfg.engine.effective import outcome
    from k6cfg.report.effective import EffectiveFile, render_json

    schema = schema_of(k6_version)
    data, script = (data_of(one) if one is not None else None for one in (text, script_options))
    made = outcome(data, schema, environ or {}, script)
    told = json.loads(render_json([EffectiveFile("", "", made)], schema, schema.version))["files"][0]
    if told["error"] is not None:
        raise Refused(told["error"])
    return EffectiveOptions(told["options"], told["origins"], told["variables"], told["beside"])


def diff(before: Text, after: Text, *, k6_version: VersionLike = None) -> tuple[Difference, ...]:
    """What k6 reads differently from two texts, as ``k6cfg diff`` says it.

    Raises:
        Refused: one of them is no JSON, so there are no values to compare.
        ValueError: there is no such version.
    """
    from k6cfg.report.value_diff import as_data, between

    schema = schema_of(k6_version)
    found = between(*(check(data_of(one), schema, intent=False) for one in (before, after)))
    if found is None:
        raise Refused("one of the texts is no JSON", "k6cfg.repair mends it, where that is certain")
    return tuple(
        Difference(
            pointer=str(one["pointer"]),
            kind=change.kind,
            before=one.get("before"),
            after=one.get("after"),
            secret=bool(one["secret"]),
        )
        for change, one in zip(found, as_data(found), strict=True)
    )


def explain(subject: str, *, k6_version: VersionLike = None) -> dict[str, Any]:
    """All that is known of a key, rule, variable or flag: what ``k6cfg explain --output-format json`` prints.

    Raises:
        ValueError: there is no such version, or nothing of that name; then the exception says what may be meant.
    """
    from k6cfg.engine.explanation import Unknown
    from k6cfg.engine.explanation import explain as look_up
    from k6cfg.report.explain import render_json

    schema = schema_of(k6_version)
    try:
        found = look_up(subject, schema)
    except Unknown as error:
        near = f"; did you mean {', '.join(error.near)}?" if error.near else ""
        raise ValueError(f"there is no key, rule, variable or flag of that name{near}") from None
    told: dict[str, Any] = json.loads(render_json(found, schema))
    return told


def json_schema(*, k6_version: VersionLike = None, draft: Literal["7", "2020-12"] = "2020-12") -> dict[str, Any]:
    """The JSON Schema of the file for one k6 version, as ``k6cfg schema`` prints it; a copy, free to be changed.

    Raises:
        ValueError: there is no such version.
    """
    from copy import deepcopy

    from k6cfg.schema.draft_07 import draft_07

    document = schema_of(k6_version).document
    return deepcopy(draft_07(document) if draft == "7" else document)


# -- what was asked for -----------------------------------------------------------------------------------------------


def _selection(select: Iterable[str], ignore: Iterable[str]) -> Selection:
    chosen = Selection(_names("select", select), _names("ignore", ignore))
    unknown = sorted((chosen.select | chosen.ignore) - rule_names()) if chosen.select or chosen.ignore else []
    if unknown:
        raise ValueError(f"there is no rule or group {', '.join(unknown)}")
    return chosen


def _names(argument: str, given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise TypeError(f"{argument} wants several names, such as ({given!r},)")
    return frozenset(given)


def _script(exports: Iterable[str] | None, metrics: Mapping[str, str] | None) -> Script:
    functions = frozenset(exports) if exports is not None else None
    return Script(exports=functions, metrics=dict(metrics) if metrics is not None else None)
