"""Texts on which a regular expression may try too many ways, made from what the expression itself is made of."""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Final, NamedTuple

_OLD: Final = sys.version_info < (3, 11)
_parser: Final[Any] = import_module("sre_parse" if _OLD else "re._parser")
_codes: Final[Any] = import_module("sre_constants" if _OLD else "re._constants")
_SIGNS: Final = "a1A \n\"'\\/.,:=-_({[]})<>*#|`$x\tE+é\u2028"
"""A sign of each kind that patterns tell apart."""
_TELLING: Final = "a1 \"'\\"
"""Those that are tried wherever one sign of several may stand in a longer piece."""
_LONG: Final = 30
"""A repetition of at most so many cannot be made long."""
END: Final = '\0\n"{'
"""No repetition goes on over all of this."""
ENDS: Final = (END, "\0", "\n", '"{', "")

_ONE: Final = {_codes.LITERAL, _codes.NOT_LITERAL, _codes.ANY, _codes.IN}
_REPEATS: Final = {getattr(_codes, name, None) for name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")}
_CATEGORIES: Final = {
    _codes.CATEGORY_DIGIT: r"\d", _codes.CATEGORY_NOT_DIGIT: r"\D", _codes.CATEGORY_SPACE: r"\s",
    _codes.CATEGORY_NOT_SPACE: r"\S", _codes.CATEGORY_WORD: r"\w", _codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


class Attack(NamedTuple):
    """A piece that goes on and on, what has to stand before it, and what makes it fail."""

    before: str
    piece: str
    end: str

    def text(self, size: int) -> str:
        return self.before + self.piece * (size // len(self.piece)) + self.end


def attacks(pattern: re.Pattern[str], ends: Iterable[str] = (END,)) -> list[Attack]:
    """On each of them one repetition of the pattern, or the pattern itself, goes on for long and then fails."""
    shape = _Shape()
    whole = shape.sample(_parser.parse(pattern.pattern, pattern.flags), "")
    made: dict[Attack, None] = {}
    for before, piece in shape.repeated:
        for end in ends:
            made.setdefault(Attack(before, piece, end))
            made.setdefault(Attack("", before + piece, end))
            made.setdefault(Attack("", piece, end))
    for piece in {whole, whole[:-1]} - {""}:
        made.setdefault(Attack("", piece, "\0"))
    return list(made)


class _Shape:
    """A walk through a parsed pattern: ``repeated`` are the pieces that may go on, each after what comes before it."""

    def __init__(self) -> None:
        self.repeated: dict[tuple[str, str], None] = {}
        self._groups: dict[int, str] = {}

    def sample(self, items: Iterable[tuple[Any, Any]], before: str, *, silent: bool = False) -> str:
        """A text that the items match, after ``before``; ``silent``: nothing is noted on the way."""
        made = ""
        for op, value in items:
            if op in _ONE:
                made += (_signs(op, value) or "\0")[0]
            elif op in _REPEATS:
                made += self._repetition(value, before + made, silent=silent)
            elif op is _codes.SUBPATTERN:
                inside = self.sample(value[3], before + made, silent=silent)
                self._groups[value[0] or 0] = inside
                made += inside
            elif op is _codes.BRANCH:
                branches = [self.sample(each, before + made, silent=silent) for each in value[1]]
                made += branches[0]
            elif op is _codes.GROUPREF:
                made += self._groups.get(value, "")
            elif op in {_codes.ASSERT, _codes.ASSERT_NOT}:
                self.sample(value[1], before + made, silent=silent)
            else:
                assert op is _codes.AT, f"{op}: a part of a pattern that is not known here"
        return made

    def _repetition(self, repetition: tuple[int, int, Any], before: str, *, silent: bool) -> str:
        least, most, body = repetition
        one = self.sample(body, before, silent=silent)
        if most > _LONG and not silent:
            for piece in {one, *self._others(body)} - {""}:
                self.repeated.setdefault((before, piece))
        return one * max(least, min(most, 1))

    def _others(self, body: Any) -> Iterator[str]:
        """Other pieces that a repetition may repeat: any of its signs, each of its branches, and it without a part."""
        for at, (op, value) in enumerate(body):
            if op in _ONE:
                signs = _signs(op, value)
                around = self.sample(body[:at], "", silent=True), self.sample(body[at + 1 :], "", silent=True)
                yield from (around[0] + sign + around[1] for sign in signs if len(body) == 1 or sign in _TELLING)
            elif op is _codes.SUBPATTERN and len(body) == 1:
                yield from self._others(value[3])
            elif op is _codes.BRANCH:
                yield from (self.sample(each, "", silent=True) for each in value[1])
                yield from (piece for each in value[1] if len(each) > 1 for piece in self._others(each))
            elif op in _REPEATS and len(body) > 1:
                yield self.sample([*body[:at], *body[at + 1 :]], "", silent=True)


def _signs(op: Any, value: Any) -> str:
    """The signs that a part of one sign matches."""
    if op is _codes.LITERAL:
        return chr(value)
    if op is _codes.NOT_LITERAL:
        return _SIGNS.replace(chr(value), "")
    if op is _codes.ANY:
        return _SIGNS
    negated = value[0][0] is _codes.NEGATE
    listed = (
        ""
        if negated
        else "".join(
            chr(each if kind is _codes.LITERAL else each[0])
            for kind, each in value
            if kind in {_codes.LITERAL, _codes.RANGE}
        )
    )
    return "".join(
        dict.fromkeys("".join(sign for sign in _SIGNS if _holds(value[negated:], sign) is not negated) + listed)
    )


def _holds(members: Iterable[tuple[Any, Any]], sign: str) -> bool:
    return any(
        value == ord(sign)
        if kind is _codes.LITERAL
        else value[0] <= ord(sign) <= value[1]
        if kind is _codes.RANGE
        else re.match(_CATEGORIES[value], sign) is not None
        for kind, value in members
    )
