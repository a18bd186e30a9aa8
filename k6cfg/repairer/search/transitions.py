"""The small steps that moves are made of: one state to the next, frames opened and closed, commas taken back."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from k6cfg.repairer.lexer.lattice import Lattice
from k6cfg.repairer.lexer.strings import FAMILIES
from k6cfg.repairer.lexer.trivia import without_line
from k6cfg.repairer.search.heuristics import Hints
from k6cfg.repairer.search.state import NO_COLUMN, Expect, Frame, State, Step, indentation, step
from k6cfg.repairer.slips import ROOT_DOUBT, SLIPS
from k6cfg.text.diagnostics import Edit

QUOTES: Final = frozenset(FAMILIES)
CLOSERS: Final = frozenset("}])>")
_NO_NAMES: Final[frozenset[str]] = frozenset()
_COMMAS: Final = frozenset(",;.:=，、،؛")  # noqa: RUF001
_MANY_LINES: Final = re.compile(r"[ \t]*(?://[^\r\n]*|/\*[^\r\n]*\*/[ \t]*|#[^\r\n]*)?[\r\n]")
_ELLIPSIS: Final = re.compile(r"\.{2,}|…")
_STRAY: Final = re.compile(r"[;\\|~^&%@=?*+!]+|\.(?=\s)|/(?![/*])|```+\w*")
_COMMA_NEXT: Final = re.compile(r"\s*,")


class Here(NamedTuple):
    """Where a reading stands: at ``at`` is ``sign`` (plain, where the text has a look-alike), no white space.

    ``near`` an error every slip is thought of, elsewhere brackets and everyday notation alone. What costs more than
    ``limit`` would be given up, so it need not be made.
    """

    text: str
    hints: Hints
    lattice: Lattice
    at: int
    sign: str
    near: bool
    limit: float

    @property
    def touching(self) -> bool:
        """Whether a quote stands here right after another one."""
        return self.sign in QUOTES and self.text[self.at - 1 : self.at] in QUOTES


def dear(state: State, here: Here, slip: str) -> bool:
    """Whether one more slip is more than a reading may cost."""
    return state.cost + SLIPS[slip].cost > here.limit


def too_dear(state: State, here: Here, steps: Iterable[Step]) -> bool:
    """Whether some more steps are more than a reading may cost."""
    cost = state.cost
    for one in steps:
        cost += one.cost
    return cost > here.limit


def go(  # noqa: PLR0913 - what changes with a move
    state: State,
    pos: int,
    expect: Expect,
    *steps: Step,
    token: str = "",
    doubt: float = 0.0,
    last: int = -1,
    comma: int | None = None,
) -> State:
    """The state that one move leads to; ``token`` is what it adds to the values, ``doubt`` what speaks against it.

    ``last`` and ``comma`` are those of the state, where they change.
    """
    trail, cost = state.trail, state.cost + doubt
    for one in steps:
        trail = (trail, one)
        cost += one.cost
    identity = hash((state.identity, token)) if token else state.identity
    clean = 0 if steps else state.clean + 1
    _, _, frame, old_last, old_comma, start, key, _, _, _, _, root, names = state
    # Built anew: _replace takes three times as long, and a search does little else.
    return State(
        pos,
        expect,
        frame,
        last if last >= 0 else old_last,
        comma if comma is not None else old_comma,
        start,
        key,
        trail,
        cost,
        identity,
        clean,
        root,
        names,
    )


def removed(state: State, here: Here, slip: str, extra: float = 0.0) -> State:
    """The state after one sign too many."""
    at = here.at
    gone = without_line(here.text, at, at + 1) if here.sign in CLOSERS else Edit(at, at + 1, "")
    return go(state, at + 1, state.expect, step(slip, at, at + 1, gone, detail=here.sign, extra=extra))


def stray(state: State, here: Here) -> Iterator[State]:
    """Take away signs that mean nothing."""
    dots = _ELLIPSIS.match(here.text, here.at)
    found = dots or _STRAY.match(here.text, here.at)
    if not found:
        return
    end = found.end()
    edits = [Edit(here.at, end, "")]
    comma = _COMMA_NEXT.match(here.text, end)
    if comma and state.expect is not Expect.NEXT:
        # The comma after it was there for its sake.
        edits.append(Edit(comma.end() - 1, comma.end(), ""))
        end = comma.end()
    name = "stray-sign" if not dots else "elided" if _is_all(here.text, state, end) else "ellipsis"
    if name == "stray-sign" and state.expect in _AT_ENTRY and _marks_entry(here, found.end()):
        name = "stray-mark"
    one = step(name, here.at, found.end(), *edits, detail=found.group())
    yield go(state, end, state.expect, one)


_AT_ENTRY: Final = frozenset({Expect.KEY, Expect.KEY_OR_END, Expect.ITEM, Expect.ITEM_OR_END})
_ON_LINE: Final = re.compile(r"[ \t]*[^\s,]")


def _marks_entry(here: Here, end: int) -> bool:
    """Whether a sign starts a line on which an entry follows it."""
    return here.hints.column(here.at) != NO_COLUMN and _ON_LINE.match(here.text, end) is not None


def _is_all(text: str, state: State, end: int) -> bool:
    """Whether what stands up to ``end`` is all that an object or array holds."""
    return state.expect in {Expect.KEY_OR_END, Expect.ITEM_OR_END} and _CLOSES.match(text, end) is not None


_CLOSES: Final = re.compile(r"\s*[}\])]")


# -- frames ---------------------------------------------------------------------------------------------------------


def opened(state: State, here: Here, opener: str, pos: int, start: int, *steps: Step) -> State:
    """The state inside an object or array that opens at ``start``; the text goes on at ``pos``."""
    is_object = opener == "{"
    wrong = bool(steps) and steps[-1].slip.startswith("wrong-opener")
    frame = Frame(state.frame, start, state.key, is_object=is_object, wrong=wrong)
    frame.above = state.names
    doubt = here.hints.value(state.frame, state.key, opener)
    if state.frame is None and not is_object:
        doubt += ROOT_DOUBT
    then = Expect.KEY_OR_END if is_object else Expect.ITEM_OR_END
    inside = go(state, pos, then, *steps, token=opener, doubt=doubt)
    root = start if state.frame is None else state.root
    last = start if pos == here.at else pos
    _, _, _, _, _, key_start, key, trail, cost, identity, clean, _, _ = inside
    return State(pos, then, frame, last, -1, key_start, key, trail, cost, identity, clean, root, _NO_NAMES)


def opened_before(state: State, here: Here, openers: str = "{[") -> Iterator[State]:
    """Assume that an opener is missing; it goes on the line of its key, where the value stands below that."""
    if dear(state, here, "open"):
        return
    place, blank = here.at, ""
    if state.expect is Expect.VALUE and here.hints.alone(here.at):
        place = state.last
        while here.text[place] in " \t":
            place += 1
        blank = "" if place > state.last else " "
    for opener in openers:
        if here.hints.value(state.frame, state.key, opener):
            continue  # k6 takes nothing here that would open so
        one = step("open", place, place, Edit(place, place, blank + opener), detail=opener)
        inside = opened(state, here, opener, here.at, place, one)
        if inside.frame is not None and state.frame is not None and state.expect is not Expect.VALUE:
            inside.frame.column = state.frame.inner if state.frame.inner >= 0 else NO_COLUMN
        yield inside


def opened_instead(state: State, here: Here) -> Iterator[State]:
    """Assume that another sign stands in the place of an opener."""
    if dear(state, here, "sign-opener"):
        return
    at = here.at
    for opener in "{[":
        if here.hints.value(state.frame, state.key, opener):
            continue
        one = step("sign-opener", at, at + 1, Edit(at, at + 1, opener), detail=here.sign + opener)
        yield opened(state, here, opener, at + 1, at, one)


def popped(state: State, pos: int, *steps: Step, doubt: float = 0.0) -> State:
    """The state after the innermost frame is closed."""
    frame = state.frame
    parent = frame.parent if frame is not None else None
    names = _NO_NAMES
    if frame is not None and parent is not None:
        names = frame.above if frame.above is not None else parent.known(frame.start)
    then = Expect.DONE if parent is None else Expect.NEXT
    token = "}" if frame is not None and frame.object else "]"
    last = state.last if steps and steps[-1].slip == "close" else pos
    outside = go(state, pos, then, *steps, token=token, doubt=doubt)
    _, _, _, _, comma, start, key, trail, cost, identity, clean, root, _ = outside
    return State(pos, then, parent, last, comma, start, key, trail, cost, identity, clean, root, names)


def closing_edit(text: str, frame: Frame, at: int) -> Edit:
    """The closer of a frame at ``at``: on a line of its own where the frame is written over several lines."""
    closer = "}" if frame.object else "]"
    if frame.column == NO_COLUMN and frame.parent is None:
        # An object without an opening brace: the whole text is what is in it.
        return Edit(at, at, "\n" + closer if "\n" in text.strip() else closer)
    if _MANY_LINES.match(text, frame.start + 1):
        line_end = "\r\n" if text.find("\r\n", frame.start, frame.start + 400) >= 0 else "\n"
        return Edit(at, at, line_end + indentation(text, frame.start) + closer)
    return Edit(at, at, closer)


# -- commas ---------------------------------------------------------------------------------------------------------


def without_comma(text: str, state: State, at: int) -> State:
    """The state without the comma before it, where there is one; ``at`` is where the next token starts."""
    if state.expect not in {Expect.KEY, Expect.ITEM} or state.comma < 0:
        return state
    frame, comma = state.frame, state.comma
    if comma >= len(text) or text[comma] not in _COMMAS:
        return state._replace(expect=Expect.NEXT)
    end = comma + 1
    if frame is not None and text[frame.start + 1 : frame.start + 2] not in {" ", "\t"}:
        while end < at and text[end] in " \t":
            end += 1
        if end != at:
            end = comma + 1
    one = step("trailing-comma", comma, comma + 1, Edit(comma, end, ""))
    return go(state, state.pos, Expect.NEXT, one, last=comma, comma=-1)


def extra_comma(state: State, here: Here) -> State:
    """The state after a comma too many, and after the blanks that were there for its sake."""
    end = here.at + 1
    if here.text[here.at - 1 : here.at] in {"", " ", "\n", "\t"}:
        while here.text[end : end + 1] == " ":
            end += 1
    return go(state, here.at + 1, state.expect, step("extra-comma", here.at, here.at + 1, Edit(here.at, end, "")))
