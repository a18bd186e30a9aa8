"""``validate --output-format json``: a contract, described in docs/json.md. Its field names do not change."""

import json

from k6cfg.diagnostics import Diagnostic, Fix
from k6cfg.engine import Checked
from k6cfg.location import LineIndex
from k6cfg.masking import Mask
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.model import FileReport, Verdict


def render(verdict: Verdict) -> str:
    """The JSON of a verdict, on one line; nothing in it is a secret."""
    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(verdict.version),
        "files": [_file(file) for file in verdict.files],
    }
    return json.dumps(content)


def _file(file: FileReport) -> dict[str, object]:
    checked = file.checked
    if checked is None:
        return {"path": file.path, "accepted": {"run": True, "cloud": True}, "diagnostics": []}
    mask = Mask(checked.document.text, checked.secrets)
    return {
        "path": file.path,
        "accepted": {"run": checked.accepted_run, "cloud": checked.accepted_cloud},
        "diagnostics": [_diagnostic(checked, mask, found) for found in file.found],
    }


def _diagnostic(checked: Checked, mask: Mask, found: Diagnostic) -> dict[str, object]:
    lines = checked.document.lines
    return {
        "rule": found.rule.name,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "pointer": found.pointer,
        "range": {"start": _place(lines, found.span.start), "end": _place(lines, found.span.end)},
        "fix": _fix(mask, found.fix) if found.fix is not None else None,
    }


def _place(lines: LineIndex, offset: int) -> dict[str, int]:
    position = lines.position(offset)
    return {"line": position.line, "column": position.column, "offset": offset}


def _fix(mask: Mask, fix: Fix) -> dict[str, object]:
    edits: list[dict[str, object]] | None = [edit._asdict() for edit in fix.edits]
    if mask.holds_secret(fix.edits):
        edits = None
    return {"applicability": fix.applicability.value, "edits": edits}
