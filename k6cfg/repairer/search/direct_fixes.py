"""Slips that are everyday notation and have one reading whatever follows: taken on the way, without a search.

They are what a JavaScript object or a Python dict is made of, so a long text of them costs no more than a sound one.
"""

import re
from typing import Final

from k6cfg.repairer.lexer.trivia import skip
from k6cfg.repairer.search.state import KEYS, VALUES, Expect, State, Step, step
from k6cfg.repairer.search.transitions import without_comma
from k6cfg.repairer.wrappers.trailing_text import is_code, tail_step
from k6cfg.text.diagnostics import Edit

_STRING: Final = re.compile(r"'[^'\"\\\x00-\x1f]*'|`[^`\"\\\x00-\x1f$]+`|[“”„][^“”„\"\\\x00-\x1f]*[“”]")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*(?=[ \t]*:(?![:/]))")
_LITERAL: Final = re.compile(r"(?:(True|TRUE)|(False|FALSE)|(None|NULL|Null))(?=[ \t]*[,}\]\r\n])")
_AFTER_VALUE: Final = re.compile(r"[ \t]*[,}\]\r\n]")
_AFTER_KEY: Final = re.compile(r"[ \t]*:")
_MEANT: Final = ("true", "false", "null")


def everyday(text: str, state: State) -> State | None:
    """The state after an everyday slip, or nothing where there is none."""
    at, dropped = skip(text, state.pos)
    if dropped:
        trail = state.trail
        for one in dropped:
            trail = (trail, one)
        state = state._replace(trail=trail)
    if at >= len(text):
        return state._replace(pos=at + 1) if state.expect == Expect.DONE else None
    if dropped:
        return state._replace(pos=at)
    if state.expect == Expect.DONE:
        return _after_end(text, state, at)
    frame = state.frame
    if frame is None:
        return None
    if state.expect in {Expect.KEY, Expect.ITEM} and state.comma >= 0 and text[at] == ("}" if frame.object else "]"):
        return without_comma(text, state, at)
    if state.expect in KEYS:
        return _key(text, state, at)
    return _value(text, state, at) if state.expect in VALUES else None


def _key(text: str, state: State, at: int) -> State | None:
    quoted = _STRING.match(text, at)
    if quoted and _AFTER_KEY.match(text, quoted.end()):
        return _taken(
            state, at, quoted.end(), _requoted(text, at, quoted.end()), f'"{text[at + 1 : quoted.end() - 1]}"'
        )
    name = _NAME.match(text, at)
    if not name:
        return None
    end = name.end()
    one = step("bare-key", at, end, Edit(at, at, '"'), Edit(end, end, '"'), detail=name.group())
    return _taken(state, at, end, one, f'"{name.group()}"')


def _value(text: str, state: State, at: int) -> State | None:
    quoted = _STRING.match(text, at)
    if quoted and _AFTER_VALUE.match(text, quoted.end()):
        return _taken(state, at, quoted.end(), _requoted(text, at, quoted.end()))
    literal = _LITERAL.match(text, at)
    if not literal:
        return None
    json = _MEANT[(literal.lastindex or 1) - 1]
    return _taken(
        state, at, literal.end(), step("literal", at, literal.end(), Edit(at, literal.end(), json), detail=json)
    )


def _requoted(text: str, at: int, end: int) -> Step:
    edits = (Edit(at, at + 1, '"'), Edit(end - 1, end, '"'))
    return step("foreign-quotes", at, end, *edits, detail=text[at + 1 : end - 1])


def _taken(state: State, at: int, end: int, one: Step, key: str = "") -> State:
    """The state after a key, or a value, that took one step."""
    state = state._replace(pos=end, last=end, trail=(state.trail, one))
    if state.expect not in KEYS:
        return state._replace(expect=Expect.NEXT)
    if state.frame is not None:
        state.frame.names.setdefault(key, at)
    return state._replace(expect=Expect.COLON, start=at, key=key)


def _after_end(text: str, state: State, at: int) -> State | None:
    """The state at the end of the text, where what follows the value is signs, the same again, or code."""
    one = tail_step(text, at, state.root, state.last)
    if one is None or (one.slip == "tail" and not is_code(text, at)):
        return None
    return state._replace(pos=len(text) + 1, trail=(state.trail, one))
