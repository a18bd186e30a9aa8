"""``validate --output-format json``: a contract, described in docs/json.md. Its field names do not change."""

import json

from k6cfg.report import FORMAT_VERSION
from k6cfg.report.model import FileReport, Verdict
from k6cfg.text.diagnostics import Diagnostic


def render(verdict: Verdict) -> str:
    """The JSON of a verdict, on one line; nothing in it is a secret."""
    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(verdict.version),
        "files": [_file(file) for file in verdict.files if file.problem is None],
    }
    return json.dumps(content) + "\n"


def _file(file: FileReport) -> dict[str, object]:
    checked = file.checked
    stops_at = checked.stops_at if checked is not None else None
    return {
        "path": file.path,
        "kind": file.kind.value,
        "accepted": {
            "run": checked is None or checked.accepted_run,
            "cloud": checked is None or checked.accepted_cloud,
        },
        "stops_at": _place(file, stops_at) if stops_at is not None else None,
        "diagnostics": [_diagnostic(file, found) for found in file.found],
    }


def _diagnostic(file: FileReport, found: Diagnostic) -> dict[str, object]:
    return {
        "rule": found.rule.name,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "pointer": found.pointer,
        "range": {"start": _place(file, found.span.start), "end": _place(file, found.span.end)},
        "fix": _fix(file, found),
        **({"after_repair": True} if found.after_repair else {}),
    }


def _place(file: FileReport, offset: int) -> dict[str, int]:
    return {**file.position(offset)._asdict(), "offset": offset}


def _fix(file: FileReport, found: Diagnostic) -> dict[str, object] | None:
    if found.fix is None:
        return None
    edits = file.edits(found)
    return {
        "applicability": found.fix.applicability.value,
        "edits": [edit._asdict() for edit in edits] if edits is not None else None,
    }
