"""SARIF 2.1.0, which code scanning takes: the rules that spoke, each finding with its place, and its fix."""

import json
import os
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from k6cfg import __version__
from k6cfg.engine.explanation.rules import LESSONS
from k6cfg.report.artifact_uri import HOME, PROJECT, Named, named
from k6cfg.report.fingerprints import Fingerprints
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import one_line
from k6cfg.text.diagnostics import Applicability, Diagnostic, Rule, Severity
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_DEFAULTS: Final = {"syntax": "error", "values": "error", "checks": "error", "secrets": "error", "history": "note"}
"""The level of a rule by its group; other groups warn. Where a finding is of another, it says so itself."""
_BASES: Final = {
    PROJECT: "The root of the project: the nearest folder above that git knows, else the working folder.",
    HOME: "The home folder of the user who ran k6cfg.",
}
_FIXES: Final = {
    Applicability.SAFE: "the one sensible reading",
    Applicability.UNSAFE: "the likely reading, not the only one",
}
_MARK: Final = "\ufeff"
_LINK: Final = late(r"\[([^\[\]]*)\]\(")
_SURROGATE: Final = late("[\ud800-\udfff]")
"""Bytes that are no UTF-8 are such characters to Python, and nothing to other programs."""


def render(verdict: Verdict) -> str:
    """The log of one run, in JSON; nothing in it is a secret or a value of a file but what a fix puts in."""
    rules = list({found.rule.name: found.rule for file in verdict.files for found in file.found}.values())
    places = {rule.name: index for index, rule in enumerate(rules)}
    prints = Fingerprints()
    run = {
        "tool": {"driver": _driver(rules)},
        "invocations": [_invocation(verdict)],
        "originalUriBaseIds": {base: {"description": {"text": text}} for base, text in _BASES.items()},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "artifacts": [{"location": _location(verdict, file)} for file in verdict.files if file.path],
        "results": [one for file in verdict.files for one in _results(verdict, file, places, prints)],
        "properties": {"k6Version": str(verdict.version)},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _driver(rules: list[Rule]) -> dict[str, object]:
    return {
        "name": "k6cfg",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: Rule) -> dict[str, object]:
    why = LESSONS[rule.name].why
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": why},
        "help": {"text": f"{rule.summary} {why} More: `k6cfg explain {rule.name}`."},
        "defaultConfiguration": {"level": _DEFAULTS.get(rule.group, "warning")},
        "properties": {"tags": [rule.group]},
    }


def _invocation(verdict: Verdict) -> dict[str, object]:
    """What could not be judged is no finding: SARIF has notifications for it."""
    told = []
    for file in verdict.files:
        if file.problem is not None:
            help_ = f" ({file.problem.help})" if file.problem.help else ""
            place = [{"physicalLocation": {"artifactLocation": _location(verdict, file)}}] if file.path else []
            message = _text(file.problem.message + help_)
            told.append({"level": "error", "message": {"text": message}, "locations": place})
    return {"executionSuccessful": not told, "toolExecutionNotifications": told}


def _location(verdict: Verdict, file: FileReport) -> dict[str, object]:
    name = named(file.path, verdict.folders)
    return {"uri": _uri(name), **({"uriBaseId": name.base} if name.base else {})}


def _uri(name: Named) -> str:
    quoted = quote(os.fsencode(name.path))
    return quoted if name.base else f"file://{quoted if quoted.startswith('/') else '/' + quoted}"


def _results(
    verdict: Verdict, file: FileReport, places: dict[str, int], prints: Fingerprints
) -> Iterator[dict[str, object]]:
    location, name = _location(verdict, file), named(file.path, verdict.folders)
    for found in file.found:
        words = found.message if found.help is None else f"{found.message}\n{found.help}"
        logical = [{"fullyQualifiedName": one_line(found.pointer)}] if found.pointer else []
        result: dict[str, object] = {
            "ruleId": found.rule.name,
            "ruleIndex": places[found.rule.name],
            "level": _LEVELS[found.severity],
            "message": {"text": "\n".join(map(_text, words.split("\n")))},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": location, "region": _region(file, found.span)},
                    "logicalLocations": logical,
                }
            ],
            "partialFingerprints": {"rulePointer/v1": prints.of(name, found.rule.name, found.pointer)},
        }
        fix = _fix(file, found, location)
        yield {**result, "fixes": [fix]} if fix is not None else result


def _text(words: str) -> str:
    """A line of a message; what looks like a link in it is none (SARIF 2.1.0, 3.11.6)."""
    return _LINK.sub(r"\\[\1\\](", one_line(words))


def _region(file: FileReport, span: Span) -> dict[str, int]:
    """A stretch of the text; a byte order mark is no character of it."""
    start, end = file.position(span.start), file.position(span.end)
    mark = _marked(file)
    before = mark if span.start else 0
    behind = mark if span.end else 0
    return {
        "startLine": start.line,
        "startColumn": start.column - (before if start.line == 1 else 0),
        "endLine": end.line,
        "endColumn": end.column - (behind if end.line == 1 else 0),
        "charOffset": span.start - before,
        "charLength": span.end - span.start - behind + before,
    }


def _marked(file: FileReport) -> int:
    return int(file.checked is not None and file.checked.document.text.startswith(_MARK))


def _fix(file: FileReport, found: Diagnostic, location: dict[str, object]) -> dict[str, Any] | None:
    """The fix, where edits of the text can say it: a byte order mark is no text, and no edit makes UTF-8 of UTF-16."""
    edits = file.edits(found)
    if found.fix is None or found.fix.applicability not in _FIXES or not edits:
        return None
    if found.fix.reencode or any(edit.start < _marked(file) or _SURROGATE.search(edit.text) for edit in edits):
        return None
    return {
        "description": {"text": _FIXES[found.fix.applicability]},
        "artifactChanges": [
            {
                "artifactLocation": location,
                "replacements": [
                    {
                        "deletedRegion": _region(file, Span(edit.start, edit.end)),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in edits
                ],
            }
        ],
    }
