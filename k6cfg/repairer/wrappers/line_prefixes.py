"""Lines and columns that programs put around a file: places, prompts, logs. None of them can be of a configuration."""

import re
from collections.abc import Sequence
from typing import Final

from k6cfg.repairer.search.state import Step, step
from k6cfg.text.diagnostics import Edit

_GUARD: Final = re.compile(r"\s*(?:\)\]\}'?,?|while\s*\(1\);|for\s*\(;;\);|\{\}\s*&&)\s*(?=(?:[\w$.]+\()?\{)")
_PLACE: Final = re.compile(r"(?:(?P<file>[\w./~-]{1,200})[:-])?(?P<number>[0-9]{1,6})[:-](?=[^0-9]|\Z)")
_BLAME: Final = re.compile(r"\^?[0-9a-f]{7,40} [^{}\"\r\n]*?[ \t](?P<number>[0-9]{1,6})\) ?")
_SERVICE: Final = re.compile(r"(?P<file>[\w.-]+(?:[ \t]+\||\|))[ \t]?")
_STAMP: Final = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    r"|\[[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?\])(?: std(?:out|err) [FP])?(?: |(?=\r?\n)|\Z)"
)
_LEADS: Final = ("{", '"', "}")

_PAIRS: Final = r"(?:\w+=(?:\"(?:[^\"\\\r\n]|\\.)*\"|[^\s\"{}]+)(?:[ \t]+|\Z))*"
_LEVEL: Final = r"level=(?:trace|debug|info|warn|warning|error|fatal|panic)(?:[ \t]+|\Z)"
_LOG: Final = re.compile(
    rf"(?:time=\S+[ \t]+{_LEVEL}{_PAIRS}|{_LEVEL}(?=msg=){_PAIRS}"
    r"|(?:INFO|WARN|ERRO|DEBU|FATA)\[[0-9]+\][^\r\n]*)"
)
_PROMPT: Final = re.compile(
    r"[ \t]*(?:(?:[\w.-]+@[\w.-]+(?:[: ][^\s$#%{}\"]*)?[ \t]*#|\[(?=[^\]\r\n{}\"@ ]*[@ ])[^\]\r\n{}\"]*\]#)[ \t]+"
    r"|(?:(?:[\w.-]+@[\w.-]+(?:[: ][^\s$#%{}\"]*)?|~|\[[^\]\r\n{}\"]*\])[ \t]*)?[$%][ \t]+"
    r"|PS [A-Z]:\\[^\s>]*>[ \t]*|[A-Z]:\\[^\s>]*>[ \t]*)(?=[A-Za-z./~])[^{}\[\]\"':,\r\n]+"
)


def guard(text: str) -> Sequence[Step]:
    """The step that takes away what servers put before JSON so that no script can read it."""
    found = _GUARD.match(text)
    if not found:
        return ()
    return [step("label", 0, found.end(), Edit(0, found.end(), ""), detail=found.group().strip())]


def columns(text: str) -> Sequence[Step]:
    """The step that takes away a column before every line: file and number, as grep has it; blame; a service's name."""
    head = text.lstrip("\r\n")
    for pattern in (_STAMP, _PLACE, _BLAME, _SERVICE):
        if pattern.match(head):
            return _column(text, pattern)
    return ()


def _column(text: str, pattern: re.Pattern[str]) -> Sequence[Step]:
    edits: list[Edit] = []
    start, before, expected, telling = 0, None, -1, False
    for line in text.splitlines(keepends=True):
        found = pattern.match(line)
        if found:
            parts = found.groupdict()
            number = int(parts.get("number") or expected)
            if (edits and parts.get("file") != before) or (expected >= 0 and number != expected):
                return ()
            before, expected = parts.get("file"), number + 1 if parts.get("number") else -1
            telling = telling or line[found.end() :].lstrip().startswith(_LEADS)
            edits.append(Edit(start, start + found.end(), ""))
        elif line.strip():
            return ()
        start += len(line)
    if len(edits) < 2 or not telling:
        return ()
    return [step("gutter", edits[0].start, edits[0].end, *edits)]


def terminal(text: str) -> Sequence[Step]:
    """The steps that take away lines of a terminal: prompts with a command, and what k6 logs."""
    if "$" not in text and "%" not in text and ">" not in text and "=" not in text and "[" not in text:
        return ()
    first, last = text.find("{"), text.rfind("}")
    steps: list[Step] = []
    start = quotes = depth = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        bare = line.rstrip("\r\n")
        log, prompt = _LOG.fullmatch(bare), _PROMPT.fullmatch(bare)
        if (log or prompt) and not quotes % 2:
            if start <= first < end:  # a brace in a message
                first = text.find("{", end)
            inside = 0 <= first < start and (start < last or depth > 0)
            steps.append(step("typed" if inside else "label", start, end, Edit(start, end, ""), detail=bare.strip()))
        start = end
        quotes += line.count('"') - line.count('\\"')
        depth += line.count("{") - line.count("}") if end > first >= 0 else 0
    return steps
