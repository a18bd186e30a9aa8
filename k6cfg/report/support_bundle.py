"""``k6cfg doctor --report``: all that helps, to be pasted into an issue; nobody's secret, name or machine is in it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from k6cfg.doctor import Result
from k6cfg.doctor.system_info import Facts, Names
from k6cfg.report.doctor import as_data, render
from k6cfg.report.terminal_style import PLAIN, one_line
from k6cfg.schema.versions import Version
from k6cfg.text.lazy_regex import late

_NUMBER: Final = late(r"((?:stack|project)_?id[\"'\\]{0,4}[ :=]{1,8}[\"'\\]{0,4})-?\d+", re.IGNORECASE)
"""The number of a stack or project behind its name: in messages, and in a text that is no JSON."""
_LONG: Final = 4
"""A name of so many characters is not told as a part of a word either."""


def anonymous(text: str, names: Names) -> str:
    """A text without the home folder, and without the names of users, hosts and of an account in the cloud."""
    if len(names.home) > 1:
        text = re.sub(rf"{re.escape(names.home)}(?![A-Za-z0-9])", "~", text)
    marks = dict.fromkeys(names.account, "<account>")
    marks |= {**dict.fromkeys(names.users, "<user>"), **dict.fromkeys(names.hosts, "<host>")}
    for name in sorted(marks, key=len, reverse=True):
        inner = re.escape(name)
        pattern = inner if len(name) >= _LONG else rf"(?<![A-Za-z0-9]){inner}(?![A-Za-z0-9])"
        text = re.sub(pattern, marks[name], text, flags=re.IGNORECASE)
    if names.short:
        text = "\n".join(_without_short(line, names) for line in text.split("\n"))
    return _NUMBER.sub(r"\1<account>", text)


def _without_short(line: str, names: Names) -> str:
    """A line without the short names of an account, where it says that it is about one."""
    if not any(key in line.lower() for key in names.keys):
        return line
    short = "|".join(map(re.escape, sorted(names.short, key=len, reverse=True)))
    return re.sub(rf"(?<![\w.])(?:{short})(?![\w.]*\w)", "<account>", line)


def bundle(facts: Facts, results: Sequence[Result], names: Names, why: str) -> str:
    """The report as Markdown."""
    rows = {
        "k6cfg": facts.k6cfg,
        "Python": facts.python,
        "platform": facts.platform,
        "runs as": facts.user,
        "k6 on PATH": ", ".join(facts.k6) or "none",
        "examined for": facts.version,
        "file": f"{facts.path or 'none'}: {facts.why}",
        "other files": ", ".join(facts.others) or "none",
        "variables": ", ".join(f"{name} ({state})" for name, state in facts.variables.items()) or "none",
    }
    parts = [
        "### k6cfg doctor --report\n",
        *_table(rows),
        "\nWhat the checks found:\n",
        *_fenced(render(results, PLAIN, why), "text"),
        "\nThe file, without its secrets:\n" if facts.text is not None else "\nThere is no file that could be read.",
        *(_fenced(facts.text, "json") if facts.text is not None else ()),
    ]
    return anonymous("\n".join(parts) + "\n", names)


def _table(rows: Mapping[str, str]) -> Iterator[str]:
    yield "| | |\n|---|---|"
    for name, value in rows.items():
        yield f"| {name} | {one_line(value).replace('|', chr(92) + '|')} |"


def _fenced(text: str, language: str) -> Iterator[str]:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield f"{fence}{language}"
    yield from (one_line(line) for line in text.splitlines())
    yield fence


def bundle_json(facts: Facts, results: Sequence[Result], names: Names, version: Version) -> str:
    """The same on one line, as ``doctor --output-format json`` with a ``report`` beside: a contract."""
    # The names of fields stay; those of variables are somebody's.
    facts = facts._replace(variables={anonymous(name, names): state for name, state in facts.variables.items()})
    content = {**as_data(results, version), "report": facts._asdict()}
    return json.dumps(_anonymous(content, names))


def _anonymous(value: object, names: Names) -> object:
    if isinstance(value, str):
        return anonymous(value, names)
    if isinstance(value, dict):
        return {key: _anonymous(each, names) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_anonymous(each, names) for each in value]
    return value
