"""``validate --output-format json``: a contract, described in docs/json.md. Its field names do not change."""

import json

from k6cfg.decoding import UTF_8
from k6cfg.diagnostics import CLOUD, Diagnostic
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.model import FileReport, Verdict


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
    return {
        "path": file.path,
        "accepted": {
            "run": checked is None or checked.accepted_run,
            "cloud": checked is None or checked.accepted_cloud,
        },
        "stops_at": _stop(file),
        "diagnostics": [_diagnostic(file, found) for found in file.found],
    }


def _stop(file: FileReport) -> dict[str, int] | None:
    """Where k6 gives up reading a text that is no JSON; where it is to be mended, the first finding says."""
    checked = file.checked
    if checked is None or not checked.diagnostics:
        return None
    from k6cfg.parser import SYNTAX, stop  # a plainly good file needs none of it

    if not any(one.rule.group == SYNTAX and CLOUD in one.refuses for one in checked.diagnostics):
        return None
    document = checked.document
    return _place(file, stop(document.text) if document.encoding == UTF_8 else 0)


def _diagnostic(file: FileReport, found: Diagnostic) -> dict[str, object]:
    return {
        "rule": found.rule.name,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "pointer": found.pointer,
        "range": {"start": _place(file, found.span.start), "end": _place(file, found.span.end)},
        "fix": _fix(file, found),
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
