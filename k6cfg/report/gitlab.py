"""GitLab's code quality report: what a merge request shows of the files it changes."""

import json
from collections.abc import Iterator
from typing import Final

from k6cfg.report.artifact_uri import Named, named
from k6cfg.report.fingerprints import Fingerprints
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import one_line
from k6cfg.text.diagnostics import Severity

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}
_PROBLEM: Final = "could-not-read"


def render(verdict: Verdict) -> str:
    """A list of issues in JSON; each has a fingerprint of its own."""
    prints = Fingerprints()
    issues = [issue for file in verdict.files for issue in _issues(verdict, file, prints)]
    return json.dumps(issues, indent=2) + "\n"


def _issues(verdict: Verdict, file: FileReport, prints: Fingerprints) -> Iterator[dict[str, object]]:
    name = named(file.path or ".", verdict.folders)
    if file.problem is not None:
        yield _issue(name, _PROBLEM, file.problem.message, "blocker", prints.of(name, _PROBLEM), (1, 1))
    for found in file.found:
        words = found.message if found.help is None else f"{found.message} ({found.help})"
        lines = (file.position(found.span.start).line, file.position(found.span.end).line)
        mark = prints.of(name, found.rule.name, found.pointer)
        yield _issue(name, found.rule.name, words, _SEVERITIES[found.severity], mark, lines)


def _issue(  # noqa: PLR0913, PLR0917 - the fields that GitLab wants
    name: Named, rule: str, words: str, severity: str, fingerprint: str, lines: tuple[int, int]
) -> dict[str, object]:
    return {
        "description": one_line(words),
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": name.shown, "lines": {"begin": lines[0], "end": lines[1]}},
    }
