"""What a reading may do next: take a token as it is, or assume a slip. The grammar of JSON with its usual accidents."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from k6cfg.repairer.lexer.lattice import Lattice
from k6cfg.repairer.lexer.mistyped_quote import with_quote
from k6cfg.repairer.lexer.trivia import skip
from k6cfg.repairer.search.close_moves import after_all, close, closed_before, closed_instead, finish, valueless
from k6cfg.repairer.search.heuristics import Hints
from k6cfg.repairer.search.state import NO_COLUMN, Expect, Frame, Lexeme, State, Step, step
from k6cfg.repairer.search.transitions import (
    CLOSERS,
    QUOTES,
    Here,
    extra_comma,
    go,
    opened,
    opened_before,
    opened_instead,
    removed,
    stray,
    too_dear,
    without_comma,
)
from k6cfg.repairer.search.value_moves import COLON, bracket, is_everyday, line_again, parenthesis, scalar, value
from k6cfg.repairer.slips import BRACKETS, PRUNE, SLIPS, TWICE, TWICE_DOUBT
from k6cfg.text.diagnostics import Edit

_WIDE: Final = {
    "｛": "{", "｝": "}", "［": "[", "］": "]", "：": ":", "，": ",", "、": ",", "；": ";", "（": "(", "）": ")", "،": ",", "؛": ";",  # noqa: E501, RUF001
}  # fmt: skip
_SIGN_COLON: Final = re.compile(r"=>|:=|->|=(?!=)")
_STRAY_WORD: Final = re.compile(r"[^\s\"'`{}\[\],:;=]{1,40}")
_BEFORE_KEY: Final = re.compile(r"[^\s\"'`{}\[\],:;]{1,40}(?=\s+[\"'])")


class Moves:
    """The moves of all readings of one text."""

    def __init__(self, text: str, hints: Hints) -> None:
        self.text = text
        self._hints = hints
        self._lattice = Lattice(text)
        self._skipped: dict[int, tuple[int, tuple[Step, ...]]] = {}

    def after(self, state: State, limit: float, *, near: bool) -> Iterator[State]:
        """The states that one move leads to; ``near`` an error every slip is thought of, elsewhere brackets alone.

        Those that cost more than ``limit`` may be left out.
        """
        known = self._skipped.get(state.pos)
        if known is None:
            known = self._skipped[state.pos] = skip(self.text, state.pos)
        at, dropped = known
        if dropped:
            trail = state.trail
            for one in dropped:
                trail = (trail, one)
            state = state._replace(trail=trail, cost=state.cost + sum(one.cost for one in dropped))
        if at >= len(self.text):
            if near or state.expect not in {Expect.COLON, Expect.VALUE}:
                yield from finish(self.text, state)
            return
        sign = self.text[at]
        plain = _WIDE.get(sign)
        if plain is not None:
            one = step("wide", at, at + 1, Edit(at, at + 1, plain), detail=sign)
            state = state._replace(trail=(state.trail, one), cost=state.cost + one.cost)
        here = Here(self.text, self._hints, self._lattice, at, plain or sign, near, limit)
        yield from _MOVES[state.expect](state, here)


def _start(state: State, here: Here) -> Iterator[State]:
    at = here.at
    if here.sign in "{[":
        yield from bracket(state, here)
        if here.near and here.sign == "{":
            yield from opened_before(state, here, "[")
        return
    if here.sign in "}],:(":
        yield from opened_instead(state, here)
    if here.sign in CLOSERS:
        yield removed(state, here, "stray-closer")
        return
    for lexeme in here.lattice.values(at):
        if not lexeme.steps and not COLON.match(here.text, lexeme.end):
            yield go(state, lexeme.end, Expect.DONE, token=lexeme.json)._replace(last=lexeme.end, root=at)
    brace = "{\n" if "\n" in here.text.strip() else "{"
    inside = opened(state, here, "{", at, at, step("open", at, at, Edit(at, at, brace), detail="{"))
    if inside.frame is not None:
        inside.frame.column = NO_COLUMN
    yield inside


# -- keys and colons ------------------------------------------------------------------------------------------------


def _key(state: State, here: Here) -> Iterator[State]:
    if here.sign in CLOSERS:
        yield from close(without_comma(here.text, state, here.at), here)
        return
    if state.expect is Expect.KEY_OR_END:
        yield from line_again(state, here)
    if here.near:
        yield from _before_key(state, here)
    if here.sign in ",:":
        return
    frame = state.frame
    doubt = here.hints.entry(frame, here.at) if frame is not None else 0.0
    for lexeme in _keys(here, frame):
        if frame is not None and (here.near or is_everyday(lexeme)) and not too_dear(state, here, lexeme.steps):
            more = doubt + here.hints.key(frame, lexeme.json)
            if lexeme.json in state.names:
                more += _twice(state, here, frame, lexeme.json)
            then = Expect.VALUE if lexeme.punctuated else Expect.COLON
            _, _, _, _, comma, _, _, trail, cost, identity, clean, root, names = go(
                state, lexeme.end, then, *lexeme.steps, token=lexeme.json, doubt=more
            )
            if cost <= here.limit:
                key, names = lexeme.json, names | {lexeme.json}
                yield State(
                    lexeme.end, then, frame, lexeme.end, comma, here.at, key, trail, cost, identity, clean, root, names
                )


def _keys(here: Here, frame: Frame | None) -> Iterator[Lexeme]:
    """The ways to read a key here, those that only an object with such keys allows among them."""
    for lexeme in here.lattice.keys(here.at):
        if frame is None or not lexeme.steps:
            yield lexeme
        else:
            yield from with_quote(lexeme, here.at, partial(here.hints.fits_key, frame))


def _twice(state: State, here: Here, frame: Frame, key: str) -> float:
    """The doubt about a key that the object has already."""
    if not _has_opener(here.text, frame):
        return PRUNE
    last = state.trail[1] if state.trail is not None else None
    if last is None or (SLIPS[last.slip].rule not in BRACKETS and last.slip not in _REVIVING):
        return TWICE_DOUBT
    return TWICE if last.start > here.text.find(key, frame.start, here.at) >= 0 else TWICE_DOUBT


_REVIVING: Final = frozenset({"stray-mark", "stray-word"})
"""What may have kept an entry from being one."""


def _has_opener(text: str, frame: Frame) -> bool:
    """Whether an object stands in the text, and is no assumption but that of the whole."""
    return frame.parent is None or text[frame.start : frame.start + 1] == "{"


def _before_key(state: State, here: Here) -> Iterator[State]:
    """What stands where a key should, and is none."""
    at = here.at
    if here.sign == ",":
        yield extra_comma(state, here)
    elif here.sign == ":":
        if _KEY_NEXT.match(here.text, at + 1):
            yield removed(state, here, "extra-colon")
    else:
        yield from stray(state, here)
    if here.sign in "{[":
        yield removed(state, here, "doubled-opener" if here.text[at - 1] == here.sign else "stray-opener")
        if state.expect is Expect.KEY_OR_END:
            yield from closed_instead(state, here)
    if here.sign in QUOTES:
        after = here.text[at + 1 : at + 2]
        if after in {"\r", "\n"} or (after in QUOTES and after != here.text[at]):
            yield removed(state, here, "stray-quote")
    word = _BEFORE_KEY.match(here.text, at)
    if word:
        one = step("stray-word", at, word.end(), Edit(at, word.end(), ""), detail=word.group())
        yield go(state, word.end(), state.expect, one, token="-" + word.group())


_KEY_NEXT: Final = re.compile(r"\s*(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[\w$]+)\s*[:=]")
"""A key with its colon: without one, a colon has lost its key."""


def _colon(state: State, here: Here) -> Iterator[State]:
    at, sign, last = here.at, here.sign, state.last
    if sign == ":" and not here.text.startswith(":=", at):
        yield go(state, at + 1, Expect.VALUE, last=at + 1)
        return
    equals = _SIGN_COLON.match(here.text, at)
    if equals:
        end = equals.end()
        usual = -0.6 if here.hints.arrows and equals.group() == "=>" else 0.0
        one = step("sign-colon", at, end, Edit(at, end, ":"), detail=equals.group(), extra=usual)
        yield go(state, end, Expect.VALUE, one, last=end)
        return
    if not here.near:
        return
    if sign in ",;.{}[]":
        meant = sign in "{[" and not here.hints.value(state.frame, state.key, sign)  # it may be what it is
        one = step("point-colon", at, at + 1, Edit(at, at + 1, ":"), detail=sign, extra=0.5 if meant else 0.0)
        yield go(state, at + 1, Expect.VALUE, one, last=at + 1)
    if sign in "{[-+.$<" or sign in QUOTES or sign.isalnum():
        odd = _is_odd(here, last)
        extra = (0.4 if here.touching else 0.0) + (0.4 if odd else 0.0)
        name = "colon-odd" if odd else "colon"
        one = step(name, last, last, Edit(last, last, ":"), detail=state.key, extra=extra)
        yield go(state, at, Expect.VALUE, one)
    if sign in QUOTES:
        yield removed(state, here, "stray-quote")
    if sign in CLOSERS or sign == ",":
        if here.hints.names is not None and here.text[state.start] not in QUOTES:
            # The short form of JavaScript, { vus }: the value is that of the name.
            yield go(state, at, Expect.NEXT, step("unknowable", state.start, last, detail=state.key.strip('"')))
        else:
            yield valueless(here.text, state, at)


# -- items ----------------------------------------------------------------------------------------------------------


def _item(state: State, here: Here) -> Iterator[State]:
    state = state._replace(key="")
    if here.sign in CLOSERS:
        yield from close(without_comma(here.text, state, here.at), here)
    if here.near:
        yield from _before_item(state, here)
    if here.sign == "," or here.sign in CLOSERS or state.frame is None:
        return
    doubt = here.hints.entry(state.frame, here.at)
    state = state._replace(cost=state.cost + doubt)
    if here.sign in "{[":
        yield from bracket(state, here)
        if here.near:
            yield removed(state, here, "stray-opener")
    else:
        if here.near:
            yield from parenthesis(state, here)
        yield from scalar(state, here)


def _before_item(state: State, here: Here) -> Iterator[State]:
    """What stands where an item should, and is none."""
    sign = here.sign
    if sign == ",":
        yield extra_comma(state, here)
    elif sign == ":":
        yield removed(state, here, "extra-colon")
    else:
        yield from stray(state, here)
    if sign in ",:" or sign in CLOSERS:
        yield from opened_instead(state, here)
    elif sign in QUOTES:
        yield from opened_before(state, here)
        if state.expect is Expect.ITEM_OR_END:
            yield from line_again(state, here)
    elif sign in "{[" and state.expect is Expect.ITEM_OR_END:
        yield from closed_instead(state, here)


# -- after a value --------------------------------------------------------------------------------------------------


def _next(state: State, here: Here) -> Iterator[State]:
    frame, at, sign = state.frame, here.at, here.sign
    if frame is None:
        return
    then = Expect.KEY if frame.object else Expect.ITEM
    if sign == ",":
        yield go(state, at + 1, then, last=at + 1, comma=at)
    if sign in CLOSERS:
        yield from close(state, here)
    elif sign == "," or here.near:
        yield from closed_before(state, here)
    if not here.near:
        return
    if sign in ";.:={}[]":
        name = "point-comma" if sign in ";." else "colon-comma"
        # A key among items: the brackets are wrong rather than the colon. And an opener may be what it is.
        extra = 0.3 if sign in ":{[" and not frame.object else 0.0
        one = step(name, at, at + 1, Edit(at, at + 1, ","), detail=sign, extra=extra)
        yield go(state, at + 1, then, one, last=at + 1, comma=at)
    if sign in ",:{[;":
        yield from closed_instead(state, here)
    if sign not in CLOSERS and sign != ",":
        yield from _between(state, here, then)


def _between(state: State, here: Here, then: Expect) -> Iterator[State]:
    """What stands between two values where a comma should."""
    at, sign, last = here.at, here.sign, state.last
    computed = _COMPUTED.match(here.text, at)
    if computed:
        yield go(
            state,
            computed.end(),
            Expect.NEXT,
            step("unknowable", last, computed.end(), detail=computed.group(), extra=1.5),
        )
        return
    yield from stray(state, here)
    if sign in QUOTES or sign.isalnum() or sign in "_$-" or (sign in "{[" and then is Expect.ITEM):
        joined = at == last and (here.touching or (here.text[at - 1] in QUOTES and sign.isalnum()))
        name = "comma-odd" if _is_odd(here, last) else "comma"
        one = step(name, last, last, Edit(last, last, ","), extra=0.6 if joined else 0.0)
        yield go(state, at, then, one, comma=last)
    if sign in QUOTES:
        yield removed(state, here, "stray-quote")
        return
    word = _STRAY_WORD.match(here.text, at)
    if word and not word.group().isdecimal():  # a number that goes is a value lost
        one = step("stray-word", at, word.end(), Edit(last, word.end(), ""), detail=word.group())
        yield go(state, word.end(), Expect.NEXT, one, token="-" + word.group())


_COMPUTED: Final = re.compile(r"(?:\+|\|\||&&|\?\??|\*)[ \t]*[\w$\"'`(][^\r\n,}\]]{0,200}")
"""The rest of an expression that starts with a value."""


def _is_odd(here: Here, last: int) -> bool:
    """Whether the strings beside a forgotten sign hold what may be that sign: a quote may be forgotten too."""
    before, after = here.text[last - 2 : last], here.text[here.at : here.at + 2]
    return (before[-1:] in QUOTES and (before[0] in " \t,:=;{[" or before[0] in QUOTES)) or (
        after[:1] in QUOTES and after[1:2] != "" and (after[1] in _AMISS or after[1] in QUOTES)
    )


_AMISS: Final = frozenset(" \t,:=;{}[]")
"""What a string seldom begins with."""


_MOVES: Final[dict[Expect, Callable[[State, Here], Iterator[State]]]] = {
    Expect.START: _start,
    Expect.KEY_OR_END: _key,
    Expect.KEY: _key,
    Expect.COLON: _colon,
    Expect.VALUE: value,
    Expect.ITEM_OR_END: _item,
    Expect.ITEM: _item,
    Expect.NEXT: _next,
    Expect.DONE: after_all,
}
