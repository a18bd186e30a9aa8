"""The lines of a template that is to become a configuration: Helm, Go, Jinja, Handlebars."""

import re
from collections.abc import Sequence
from typing import Final

from k6cfg.repairer.search.state import Step, step
from k6cfg.repairer.slips import NOT_A_CONFIGURATION
from k6cfg.text.diagnostics import Diagnostic, Edit
from k6cfg.text.location import Span
from k6cfg.text.parser import fault

_ACTION: Final = re.compile(
    r"(?:(?<=\n)|\A)[ \t]*(?:"
    r"(?P<note>\{\{-?[ \t]*/\*[^\r\n]*?\*/[ \t]*-?\}\}|\{\{!(?:--)?[^\r\n{}]*\}\}|\{#[^\r\n]*?#\})"
    r"|\{\{-?[ \t]*(?P<statement>\$\w+[ \t]*:?=|[#/^]?[a-z]+\b)[^\r\n{}]*\}\}"
    r"|\{%[-+]?[ \t]*(?P<block>\w+)\b[^\r\n]*?%\}"
    r")[ \t]*(?:\r?\n|\Z|(?=\{))"
)
_SEVERAL: Final = frozenset({"else", "elif", "range", "for", "each", "foreach"})
_CONDITIONS: Final = frozenset({"if", "unless", "with", "include", "template", "partial", "block", "import"})
"""What decides about the lines that follow, or brings more; around the whole it changes nothing in it."""
_INSIDE: Final = re.compile(r"(?<!\{)\{(?![{%#])")
_STATEMENTS: Final = frozenset(
    {"if", "end", "endif", "unless", "with", "endwith", "include", "template", "define", "block", "endblock", "set"}
    | {"import", "from", "extends", "macro", "endmacro", "partial", "raw", "endraw", "verbatim", "endverbatim"}
)


def template(text: str) -> Sequence[Step] | Diagnostic:
    """The steps that take away the lines of a template that hold no part of the configuration, or why none can be."""
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return ()
    steps: list[Step] = []
    inside = _INSIDE.search(text)
    for found in _ACTION.finditer(text):
        start, end = found.span()
        if found["note"]:
            steps.append(step("comment", start, end, Edit(start, end, "")))
            continue
        word = (found["statement"] or found["block"]).lstrip("#/^")
        if word in _SEVERAL or (word in _CONDITIONS and inside and inside.start() < start < text.rfind("}", 0, -2)):
            return fault(
                NOT_A_CONFIGURATION,
                Span(start, end),
                "this is a template whose lines depend on what it is filled with; k6 does not fill it in",
                "fill it in with the tool it was written for, and give k6 the result",
            )
        if word in _STATEMENTS or word.startswith("$"):
            steps.append(step("template", start, end, Edit(start, end, ""), detail=found.group().strip()))
    return steps
