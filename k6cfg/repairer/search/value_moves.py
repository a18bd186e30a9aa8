"""The moves over values: scalars, brackets, and what stands in their place or around them."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from k6cfg.repairer.lexer.bare_values import SOUND
from k6cfg.repairer.lexer.mistyped_quote import bracket_for_quote, with_quote
from k6cfg.repairer.lexer.strings import STRING, adjacent
from k6cfg.repairer.search.close_moves import valueless
from k6cfg.repairer.search.state import Expect, Lexeme, State, step
from k6cfg.repairer.search.transitions import (
    CLOSERS,
    QUOTES,
    Here,
    go,
    opened,
    opened_before,
    opened_instead,
    removed,
    stray,
    too_dear,
)
from k6cfg.repairer.slips import EVERYDAY, TYPE_DOUBT
from k6cfg.text.diagnostics import Edit

COLON: Final = re.compile(r"\s*[:=]")
"""What follows a key."""


def value(state: State, here: Here) -> Iterator[State]:
    """A value after its colon."""
    sign = here.sign
    if sign in "{[":
        yield from _container(state, here)
        return
    if here.near:
        if sign in ":," or sign in CLOSERS:
            yield from _no_value(state, here)
            if sign == ":":  # as ::1 does
                yield from scalar(state, here)
            return
        yield from _before_value(state, here)
    yield from scalar(state, here)


def _container(state: State, here: Here) -> Iterator[State]:
    sign = here.sign
    below = state._replace(cost=state.cost + TYPE_DOUBT) if here.hints.hangs(here.at) else state
    yield from bracket(below, here)
    if here.near and sign == "{":
        yield from opened_before(state, here, "[")
        yield from _braced(state, here)
    address = _BRACKETED.match(here.text, here.at) if here.near else None
    if address:
        both = (Edit(here.at, here.at, '"'), Edit(address.end(), address.end(), '"'))
        one = step("bare-text", here.at, address.end(), *both, detail=address.group())
        yield go(state, address.end(), Expect.NEXT, one, token=f'"{address.group()}"', last=address.end())
    quoted = bracket_for_quote(here.text, here.at) if here.near else None
    if quoted and here.hints.value(state.frame, state.key, sign):
        doubt = here.hints.value(state.frame, state.key, quoted.json)
        yield go(state, quoted.end, Expect.NEXT, *quoted.steps, token=quoted.json, doubt=doubt, last=quoted.end)


def _before_value(state: State, here: Here) -> Iterator[State]:
    """What the beginning of a value may be instead, or what may stand before it."""
    sign = here.sign
    if sign in QUOTES and here.hints.value(state.frame, state.key, '"') and SOUND.match(here.text, here.at + 1):
        yield removed(state, here, "stray-quote")
    if sign in QUOTES or sign.isalpha():
        yield from opened_before(state, here)
        if here.hints.alone(here.at) and _ENTRY.match(here.text, here.at):
            yield valueless(here.text, state, here.at)
    if sign in "=\\":
        yield from stray(state, here)
    joined = adjacent(here.text, here.at) if sign == '"' else None
    if joined:
        yield go(state, joined.end, Expect.NEXT, *joined.steps, token=joined.json, last=joined.end)
    yield from parenthesis(state, here)
    yield from _key_again(state, here)


def _braced(state: State, here: Here) -> Iterator[State]:
    """What starts with a brace and is no object: a placeholder, or one value in braces where k6 takes no object."""
    at = here.at
    if here.text.startswith("{{", at):
        yield from scalar(state, here)
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


def parenthesis(state: State, here: Here) -> Iterator[State]:
    """A tuple of Python is an array in other brackets; around a single value, parentheses mean nothing."""
    at = here.at
    single = _SINGLE.match(here.text, at)
    if single:
        end, inside = single.end(), single.span(1)
        one = step("stray-sign", at, end, Edit(at, inside[0], ""), Edit(inside[1], end, ""), detail="(")
        yield go(state, end, Expect.NEXT, one, token=single.group(1), last=end)
    elif here.sign == "(" and not here.hints.value(state.frame, state.key, "["):
        one = step("wrong-opener", at, at + 1, Edit(at, at + 1, "["), detail="([")
        yield opened(state, here, "[", at + 1, at, one)


_ENTRY: Final = re.compile(rf"(?:{STRING.pattern}|[\w$]+)[ \t]*:")
_BRACKETED: Final = re.compile(r"\[[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{1,40}\]:[0-9]{1,5}(?=\s*[,}\r\n])")
"""An address of IPv6 with a port."""
_BRACED: Final = re.compile(rf"\{{\s*({STRING.pattern}|{SOUND.pattern})\s*\}}")
_SINGLE: Final = re.compile(rf"\(\s*({STRING.pattern}|{SOUND.pattern})\s*\)")


def line_again(state: State, here: Here) -> Iterator[State]:
    """The line that opens an object or array stands there twice."""
    frame = state.frame
    if frame is None or not frame.key or not here.text.startswith(frame.key, here.at):
        return
    end = here.at + len(frame.key)
    again = _OBJECT_AGAIN.match(here.text, end) if frame.object else _ARRAY_AGAIN.match(here.text, end)
    if again:
        one = step("key-again", here.at, again.end(), Edit(state.last, again.end(), ""), detail=frame.key)
        yield go(state, again.end(), state.expect, one, last=again.end())


_OBJECT_AGAIN: Final = re.compile(r"\s*:\s*\{")
_ARRAY_AGAIN: Final = re.compile(r"\s*:\s*\[")


def _key_again(state: State, here: Here) -> Iterator[State]:
    """``"vus": "vus": 10``: the key stands there twice."""
    end = here.at + len(state.key)
    if state.key and here.text.startswith(state.key, here.at) and (colon := COLON.match(here.text, end)):
        one = step("key-again", here.at, colon.end(), Edit(here.at, colon.end(), ""), detail=state.key)
        yield go(state, colon.end(), Expect.VALUE, one)


def bracket(state: State, here: Here) -> Iterator[State]:
    """An opening bracket: right, the same twice, or of the wrong kind."""
    at, sign = here.at, here.sign
    yield opened(state, here, sign, at + 1, at)
    none = _NO_ENTRIES.match(here.text, at) if state.frame is not None else None
    if none:
        one = step("wrong-opener", at, none.end(), Edit(at, none.end(), "{}"), detail="[{", extra=-1.0)
        yield go(state, none.end(), Expect.NEXT, one, token=_EMPTY, last=none.end())
    if state.frame is not None and state.last == at and here.text[at - 1] == sign:
        yield removed(state, here, "doubled-opener")._replace(last=at + 1)
    if here.near:
        other = "[" if sign == "{" else "{"
        fits, would = (here.hints.value(state.frame, state.key, each) for each in (sign, other))
        extra = -0.6 if fits > would else 0.4 if fits < would else 0.0  # what k6 takes here is what was meant
        name = "wrong-opener-odd" if would else "wrong-opener"
        one = step(name, at, at + 1, Edit(at, at + 1, other), detail=sign + other, extra=extra)
        yield opened(state, here, other, at + 1, at, one)


_EMPTY: Final = "{}"
_NO_ENTRIES: Final = re.compile(r"\[\s*:\s*\]")
"""An empty map of Groovy."""


def scalar(state: State, here: Here) -> Iterator[State]:
    """A string, number or literal, in each way in which it can be read."""
    frame = state.frame
    alone = state.expect is Expect.VALUE and here.hints.alone(here.at)
    for lexeme in _values(state, here):
        if (not here.near and not is_everyday(lexeme)) or too_dear(state, here, lexeme.steps):
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


def _values(state: State, here: Here) -> Iterator[Lexeme]:
    """The ways to read a value here, those that only its key allows among them."""
    fits = partial(here.hints.fits_value, state.frame, state.key)
    for lexeme in here.lattice.values(here.at):
        if lexeme.steps:
            yield from with_quote(lexeme, here.at, fits)
        else:
            yield lexeme


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


def is_everyday(lexeme: Lexeme) -> bool:
    """Whether what is wrong with a key or value is notation, thought of far from an error too."""
    return sum(one.cost for one in lexeme.steps) <= EVERYDAY
