"""The moves at the end of things: of an object or array, of the value of the whole text, of the text."""

from collections.abc import Iterator

from k6cfg.repairer.lexer.trivia import without_line
from k6cfg.repairer.search.state import Expect, State, step
from k6cfg.repairer.search.transitions import (
    CLOSERS,
    QUOTES,
    Here,
    closing_edit,
    dear,
    go,
    popped,
    removed,
    without_comma,
)
from k6cfg.repairer.wrappers.trailing_text import tail_step
from k6cfg.text.diagnostics import Edit


def close(state: State, here: Here) -> Iterator[State]:
    """A closing bracket: right, of the wrong kind, one too many, or a sign that another is missing before it."""
    frame, at = state.frame, here.at
    if frame is None:
        return
    right = "}" if frame.object else "]"
    doubt = here.hints.closer(frame, at)
    if here.sign == right:
        yield popped(state, at + 1, doubt=doubt)
        if doubt:
            yield from closed_before(state, here)
        if frame.parent is None or state.expect is Expect.NEXT:
            yield removed(state, here, "stray-closer")
        return
    name = "same-wrong-closer" if frame.wrong else "wrong-closer"
    one = step(name, at, at + 1, Edit(at, at + 1, right), detail=here.sign + right)
    yield popped(state, at + 1, one, doubt=doubt)
    yield removed(state, here, "stray-closer", extra=0.3)
    yield from closed_before(state, here)


def closed_before(state: State, here: Here) -> Iterator[State]:
    """Assume that a closer is missing after the last token."""
    frame = state.frame
    if frame is not None and frame.parent is not None and not dear(state, here, "close"):
        edit = closing_edit(here.text, frame, state.last)
        yield popped(state, here.at, step("close", state.last, state.last, edit, detail=str(frame.start)))


def closed_instead(state: State, here: Here) -> Iterator[State]:
    """Assume that another sign stands in the place of a closer."""
    frame, at = state.frame, here.at
    if frame is not None and not dear(state, here, "sign-closer"):
        right = "}" if frame.object else "]"
        one = step("sign-closer", at, at + 1, Edit(at, at + 1, right), detail=here.sign + right)
        yield popped(state, at + 1, one, doubt=here.hints.closer(frame, at))


def valueless(text: str, state: State, at: int, slip: str = "no-value") -> State:
    """The state without the last key, which has no value; with it goes the comma that was for its sake."""
    first = state.comma < 0
    start, end = (state.start, state.last) if first else (state.comma, state.last)
    if first and text[at : at + 1] == ",":
        end = at = at + 1
    edit = without_line(text, start, end) if first else Edit(start, end, "")
    one = step(slip, state.start, state.last, edit, detail=state.key)
    expect = Expect.KEY_OR_END if first else Expect.NEXT
    return go(state, at, expect, one, token="-" + state.key, last=start)


def after_all(state: State, here: Here) -> Iterator[State]:
    """Something stands after the end of the value."""
    one = tail_step(here.text, here.at, state.root, state.last)
    if one is not None:
        lost = "tail" if one.slip == "tail" else ""
        yield go(state, len(here.text), Expect.DONE, one, token=lost)
    if here.sign in CLOSERS:
        yield removed(state, here, "stray-closer")
    if here.sign in QUOTES and here.near and here.text[state.root : state.root + 1] in {"{", "["}:
        yield removed(state, here, "stray-quote")


def finish(text: str, state: State) -> Iterator[State]:
    """The end of the text: what is open is closed, a key without a value goes."""
    end = len(text)
    if state.expect is Expect.START:
        return
    if state.expect in {Expect.COLON, Expect.VALUE}:
        state = valueless(text, state, end, "cut-key")
    if state.expect is Expect.DONE:
        yield state._replace(pos=end + 1)
        return
    state = without_comma(text, state, end)
    frame, pieces, closers = state.frame, [], []
    while frame is not None:
        pieces.append(closing_edit(text, frame, state.last).text)
        closers.append("}" if frame.object else "]")
        frame = frame.parent
    cut = state.last == end and text[end - 1 : end].isalnum()
    count = len(pieces)
    one = step(
        "close-cut" if cut else "close-end",
        state.last,
        state.last,
        Edit(state.last, state.last, "".join(pieces)),
        detail=str(count),
        extra=min(count - 1, 3) * 0.2 + max(0, count - 4) * 0.01,
    )
    for closer in closers[:-1]:
        state = go(state, state.pos, state.expect, token=closer)
    yield go(state, end + 1, Expect.DONE, one, token=closers[-1])._replace(frame=None)
