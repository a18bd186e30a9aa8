"""A quote for which another sign was typed: where the schema knows what may stand there, and that it does not.

``"gracefulStop2: "30s"`` and ``"executor": "ramping-vus@,`` lack a quote, and have a sign too many in its place: on
many keyboards the quote is that sign, or with shift.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from k6cfg.repairer.lexer.strings import AFTER_VALUE
from k6cfg.repairer.search.state import Lexeme, step
from k6cfg.repairer.slips import TYPE_DOUBT
from k6cfg.text.diagnostics import Edit

_CLOSED: Final = frozenset({"quote-close", "quote-close-odd"})
_REACH: Final = 400
_HALF: Final = re.compile(r"[\[{]([^\s\"'{}\[\](),:][^\"'\r\n]*?)\"")

Fits = Callable[[str], "bool | None"]
"""Whether a text may stand where it stands; None where that is not known."""


def with_quote(lexeme: Lexeme, at: int, fits: Fits) -> Iterator[Lexeme]:
    """A key or value that lacks a quote, and where it does not fit, the same with its outermost sign as the quote."""
    if not lexeme.steps or lexeme.steps[0].slip not in _CLOSED | {"quote-open"}:
        yield lexeme
        return
    one = lexeme.steps[0]
    content = lexeme.json[1:-1]
    closed = one.slip in _CLOSED
    shorter = content[:-1].rstrip() if closed else content[1:].lstrip()
    if "\\" in content or not shorter or fits(content) is not False or not fits(shorter):
        yield lexeme
        return
    slip = "quote-close-odd" if one.slip == "quote-close" else one.slip
    yield lexeme._replace(steps=(one._replace(slip=slip, cost=one.cost + 2 * TYPE_DOUBT), *lexeme.steps[1:]))
    if closed:
        edits = (*one.edits[:-1], Edit(lexeme.end - len(content) + len(shorter), lexeme.end, '"'))
    else:
        edits = (Edit(at, at + len(content) - len(shorter), '"'), *one.edits[1:])
    sign = content[-1] if closed else content[0]
    yield Lexeme(lexeme.end, f'"{shorter}"', (step("quote-sign", at, lexeme.end, *edits, detail=sign),))


def bracket_for_quote(text: str, at: int) -> Lexeme | None:
    """A text that starts with a bracket and ends with a quote, where k6 takes neither object nor array."""
    found = _HALF.match(text, at, min(len(text), at + _REACH))
    if not found or not AFTER_VALUE.match(text, found.end()):
        return None
    content = found.group(1)
    one = step("quote-sign", at, found.end(), Edit(at, at + 1, '"'), detail=text[at])
    return Lexeme(found.end(), f'"{content}"', (one,))
