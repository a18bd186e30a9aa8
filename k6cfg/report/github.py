"""What GitHub Actions reads out of a job's log: annotations of files, in its workflow commands."""

import secrets
from collections.abc import Iterator
from typing import Final

from k6cfg.report.artifact_uri import named
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import PLAIN, one_line
from k6cfg.report.text import render as render_text
from k6cfg.text.diagnostics import Diagnostic, Severity

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(verdict: Verdict) -> str:
    """The text for people, then one annotation for each finding and each file that could not be judged.

    While the text is printed the runner takes no commands: a line of a file, or its name, may look like one.
    """
    text = render_text(verdict, PLAIN)
    quiet = f"k6cfg-{secrets.token_hex(8)}"
    lines = [f"::stop-commands::{quiet}", text.rstrip("\n"), f"::{quiet}::"] if text else []
    lines += [line for file in verdict.files for line in _annotations(verdict, file)]
    return "".join(f"{line}\n" for line in lines)


def _annotations(verdict: Verdict, file: FileReport) -> Iterator[str]:
    name = named(file.path, verdict.folders).shown if file.path else ""
    if file.problem is not None:
        yield _command("error", _words(file.problem.message, file.problem.help), title="k6cfg", file=name)
    for found in file.found:
        yield _annotation(file, found, name)


def _annotation(file: FileReport, found: Diagnostic, name: str) -> str:
    start, end = file.position(found.span.start), file.position(found.span.end)
    columns = {"col": start.column, "endColumn": end.column} if start.line == end.line else {}
    return _command(
        _COMMANDS[found.severity],
        _words(found.message, found.help),
        title=f"k6cfg: {found.rule.name}",
        file=name,
        line=start.line,
        endLine=end.line,
        **columns,
    )


def _words(message: str, help_: str | None) -> str:
    return message if help_ is None else f"{message}\nhelp: {help_}"


def _command(command: str, message: str, **properties: str | int) -> str:
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{command} {said}::{_data(message)}"


def _data(text: str) -> str:
    return "%0A".join(one_line(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
