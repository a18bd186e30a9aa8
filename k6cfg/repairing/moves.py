"""What a reading may do next: take a token as it is, or assume a slip. The grammar of JSON with its usual accidents."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from k6cfg.diagnostics import Edit
from k6cfg.repairing.closing import after_all, close, closed_before, closed_instead, finish, valueless
from k6cfg.repairing.costs import EVERYDAY, TWICE_DOUBT, TYPE_DOUBT
from k6cfg.repairing.hints import Hints
from k6cfg.repairing.lexemes import Lattice
from k6cfg.repairing.states import NO_COLUMN, Expect, Lexeme, State, Step, step
from k6cfg.repairing.strings import STRING
from k6cfg.repairing.trivia import skip
from k6cfg.repairing.turns import (
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
from k6cfg.repairing.words import SOUND

_WIDE: Final = {
    "｛": "{", "｝": "}", "［": "[", "］": "]", "：": ":", "，": ",", "、": ",", "；": ";", "（": "(", "）": ")", "،": ",",  # noqa: E501, RUF001
}  # fmt: skip
_SIGN_COLON: Final = re.compile(r"=>|:=|->|=(?!=)")
_STRAY_WORD: Final = re.compile(r"[^\s\"'`{}\[\],:;=]{1,40}")
_BEFORE_KEY: Final = re.compile(r"[^\s\"'`{}\[\],:;]{1,40}(?=\s+[\"'])")
_AFTER_KEY: Final = re.compile(r"\s*[:=]")


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
        yield from _open(state, here)
        if here.near and here.sign == "{":
            yield from opened_before(state, here, "[")
        return
    if here.sign in "}],:(":
        yield from opened_instead(state, here)
    if here.sign in CLOSERS:
        yield removed(state, here, "stray-closer")
        return
    for lexeme in here.lattice.values(at):
        if not lexeme.steps and not _AFTER_KEY.match(here.text, lexeme.end):
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
    if here.near:
        yield from _before_key(state, here)
    if here.sign in ",:":
        return
    frame = state.frame
    doubt = here.hints.entry(frame, here.at) if frame is not None else 0.0
    for lexeme in here.lattice.keys(here.at):
        if frame is not None and (here.near or _is_everyday(lexeme)) and not too_dear(state, here, lexeme.steps):
            more = doubt + here.hints.key(frame, lexeme.json) + (TWICE_DOUBT if lexeme.json in state.names else 0.0)
            then = Expect.VALUE if lexeme.punctuated else Expect.COLON
            _, _, _, _, comma, _, _, trail, cost, identity, clean, root, names = go(
                state, lexeme.end, then, *lexeme.steps, token=lexeme.json, doubt=more
            )
            if cost <= here.limit:
                key, names = lexeme.json, names | {lexeme.json}
                yield State(
                    lexeme.end, then, frame, lexeme.end, comma, here.at, key, trail, cost, identity, clean, root, names
                )


def _before_key(state: State, here: Here) -> Iterator[State]:
    """What stands where a key should, and is none."""
    at = here.at
    if here.sign == ",":
        yield extra_comma(state, here)
    elif here.sign == ":":
        yield removed(state, here, "extra-colon")
    else:
        yield from stray(state, here)
    if here.sign in "{[":
        yield removed(state, here, "doubled-opener" if here.text[at - 1] == here.sign else "stray-opener")
        if state.expect is Expect.KEY_OR_END:
            yield from closed_instead(state, here)
    word = _BEFORE_KEY.match(here.text, at)
    if word:
        one = step("stray-word", at, word.end(), Edit(at, word.end(), ""), detail=word.group())
        yield go(state, word.end(), state.expect, one, token="-" + word.group())


def _colon(state: State, here: Here) -> Iterator[State]:
    at, sign, last = here.at, here.sign, state.last
    if sign == ":" and not here.text.startswith(":=", at):
        yield go(state, at + 1, Expect.VALUE, last=at + 1)
        return
    equals = _SIGN_COLON.match(here.text, at)
    if equals:
        end = equals.end()
        one = step("sign-colon", at, end, Edit(at, end, ":"), detail=equals.group())
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


# -- values ---------------------------------------------------------------------------------------------------------


def _value(state: State, here: Here) -> Iterator[State]:
    sign = here.sign
    if sign in "{[":
        below = state._replace(cost=state.cost + TYPE_DOUBT) if here.hints.hangs(here.at) else state
        yield from _open(below, here)
        if here.near and sign == "{":
            yield from opened_before(state, here, "[")
            yield from _braced(state, here)
        return
    if here.near:
        if sign in ":," or sign in CLOSERS:
            yield from _no_value(state, here)
            return
        if sign in QUOTES or sign.isalpha():
            yield from opened_before(state, here)
        if sign == "=":
            yield from stray(state, here)
        yield from _parenthesis(state, here)
        yield from _key_again(state, here)
    yield from _scalar(state, here)


def _braced(state: State, here: Here) -> Iterator[State]:
    """What starts with a brace and is no object: a placeholder, or one value in braces where k6 takes no object."""
    at = here.at
    if here.text.startswith("{{", at):
        yield from _scalar(state, here)
    single = _BRACED.match(here.text, at) if here.hints.value(state.frame, state.key, "{") else None
    if single:
        end, inside = single.end(), single.span(1)
        one = step("braces", at, end, Edit(at, inside[0], ""), Edit(inside[1], end, ""), detail="{")
        doubt = here.hints.value(state.frame, state.key, single.group(1))
        yield go(state, end, Expect.NEXT, one, token=single.group(1), doubt=doubt)._replace(last=end)


def _no_value(state: State, here: Here) -> Iterator[State]:
    """A sign where a value should be: one too many, one for an opener, or there is no value."""
    if here.sign in ":,":
        yield removed(state, here, "extra-colon" if here.sign == ":" else "extra-comma")
    if here.sign != ":":
        yield valueless(here.text, state, here.at)
    yield from opened_instead(state, here)


def _parenthesis(state: State, here: Here) -> Iterator[State]:
    """A tuple of Python is an array in other brackets; around a single value, parentheses mean nothing."""
    at = here.at
    single = _SINGLE.match(here.text, at)
    if single:
        end, inside = single.end(), single.span(1)
        one = step("stray-sign", at, end, Edit(at, inside[0], ""), Edit(inside[1], end, ""), detail="(")
        yield go(state, end, Expect.NEXT, one, token=single.group(1), last=end)
    elif here.sign == "(":
        one = step("wrong-opener", at, at + 1, Edit(at, at + 1, "["), detail="([")
        yield opened(state, here, "[", at + 1, at, one)


_BRACED: Final = re.compile(rf"\{{\s*({STRING.pattern}|{SOUND.pattern})\s*\}}")
_SINGLE: Final = re.compile(rf"\(\s*({STRING.pattern}|{SOUND.pattern})\s*\)")


def _key_again(state: State, here: Here) -> Iterator[State]:
    """``"vus": "vus": 10``: the key stands there twice."""
    end = here.at + len(state.key)
    if state.key and here.text.startswith(state.key, here.at) and (colon := _AFTER_KEY.match(here.text, end)):
        one = step("key-again", here.at, colon.end(), Edit(here.at, colon.end(), ""), detail=state.key)
        yield go(state, colon.end(), Expect.VALUE, one)


def _item(state: State, here: Here) -> Iterator[State]:
    state = state._replace(key="")
    if here.sign in CLOSERS:
        yield from close(without_comma(here.text, state, here.at), here)
    if here.near:
        yield from _before_item(state, here)
    if here.sign in ",:" or here.sign in CLOSERS or state.frame is None:
        return
    doubt = here.hints.entry(state.frame, here.at)
    state = state._replace(cost=state.cost + doubt)
    if here.sign in "{[":
        yield from _open(state, here)
        if here.near:
            yield removed(state, here, "stray-opener")
    else:
        if here.near:
            yield from _parenthesis(state, here)
        yield from _scalar(state, here)


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
    elif sign in "{[" and state.expect is Expect.ITEM_OR_END:
        yield from closed_instead(state, here)


def _open(state: State, here: Here) -> Iterator[State]:
    """An opening bracket: right, the same twice, or of the wrong kind."""
    at, sign = here.at, here.sign
    yield opened(state, here, sign, at + 1, at)
    if state.frame is not None and state.last == at and here.text[at - 1] == sign:
        yield removed(state, here, "doubled-opener")._replace(last=at + 1)
    if here.near:
        other = "[" if sign == "{" else "{"
        fits, would = (here.hints.value(state.frame, state.key, each) for each in (sign, other))
        extra = -0.6 if fits > would else 0.4 if fits < would else 0.0  # what k6 takes here is what was meant
        name = "wrong-opener-odd" if would else "wrong-opener"
        one = step(name, at, at + 1, Edit(at, at + 1, other), detail=sign + other, extra=extra)
        yield opened(state, here, other, at + 1, at, one)


def _scalar(state: State, here: Here) -> Iterator[State]:
    frame = state.frame
    alone = state.expect is Expect.VALUE and here.hints.alone(here.at)
    for lexeme in here.lattice.values(here.at):
        if (not here.near and not _is_everyday(lexeme)) or too_dear(state, here, lexeme.steps):
            continue
        if here.hints.names is not None and lexeme.steps:
            lexeme = _of_script(here.text, here.at, lexeme, here.hints.names)  # noqa: PLW2901 - the same, better known
        steps = lexeme.steps
        if steps:
            slip = here.hints.known_as(frame, state.key, steps[0].slip)
            if not slip:
                continue
            steps = (steps[0]._replace(slip=slip), *steps[1:])
        doubt = here.hints.value(frame, state.key, lexeme.json) + (TYPE_DOUBT if alone else 0.0)
        then = Expect.NEXT
        if lexeme.punctuated:
            then = Expect.KEY if frame is not None and frame.object else Expect.ITEM
        yield go(state, lexeme.end, then, *steps, token=lexeme.json, doubt=doubt, last=lexeme.end)


def _of_script(text: str, at: int, lexeme: Lexeme, names: Mapping[str, str]) -> Lexeme:
    """A bare word of a script is a name, not text: what it stands for, where the script says so."""
    one = lexeme.steps[0]
    if one.slip == "bare-word" and _IDENTIFIER.fullmatch(one.detail):
        json = names.get(one.detail)
    elif one.slip == "placeholder" and text[at] == "`":
        json = _filled(one.detail, names)
    else:
        return lexeme
    if json is None:
        return lexeme._replace(steps=(step("unknowable", at, lexeme.end, detail=one.detail),))
    return Lexeme(lexeme.end, json, (step("constant", at, lexeme.end, Edit(at, lexeme.end, json), detail=json),))


def _filled(template: str, names: Mapping[str, str]) -> str | None:
    """A template of JavaScript with its constants put in, as JSON; None where it asks for more than these."""
    pieces = _HOLE.split(template)
    filled = [
        (names.get(piece, piece if piece.isdecimal() else "${").strip('"') if index % 2 else piece)
        for index, piece in enumerate(pieces)
    ]
    json = f'"{"".join(filled)}"'
    return json if STRING.fullmatch(json) and "${" not in json else None


_HOLE: Final = re.compile(r"\$\{\s*([\w$]+)\s*\}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")


def _is_everyday(lexeme: Lexeme) -> bool:
    return sum(one.cost for one in lexeme.steps) <= EVERYDAY


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
    Expect.VALUE: _value,
    Expect.ITEM_OR_END: _item,
    Expect.ITEM: _item,
    Expect.NEXT: _next,
    Expect.DONE: after_all,
}
