"""The way through a text: at no cost where it is sound, with a word where a slip is everyday, by search where it is not."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from k6cfg.diagnostics import Edit
from k6cfg.repair.costs import EVERYDAY, MIXED, SURE, TELLING, UNEASY
from k6cfg.repair.hints import Hints
from k6cfg.repair.moves import Moves
from k6cfg.repair.search import Outcome, search
from k6cfg.repair.states import Expect, Frame, State, Step, Trail, step, steps_since
from k6cfg.repair.tail import is_code, tail_step
from k6cfg.repair.trivia import skip
from k6cfg.repair.turns import without_comma
from k6cfg.repair.words import END

_SOUND: Final = re.compile(
    r'[ \t\r\n]*(?:("[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*")|([{}\[\]:,])'
    rf"|((?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null){END}))"
)
_SIMPLE_STRING: Final = re.compile(r"'[^'\"\\\x00-\x1f]*'|`[^`\"\\\x00-\x1f$]*`|[“”„][^“”„\"\\\x00-\x1f]*[“”]")
_SIMPLE_KEY: Final = re.compile(r"[A-Za-z_$][\w$]*(?=[ \t]*:(?![:/]))")
_AFTER_STRING: Final = re.compile(r"[ \t]*[,}\]\r\n]")
_AFTER_KEY: Final = re.compile(r"[ \t]*[:=]")
_ANOTHER: Final = re.compile(r"[\s,;]*([{\[])")
_LITERAL: Final = re.compile(r"(?:(True|TRUE)|(False|FALSE)|(None|NULL|Null))(?=[ \t]*[,}\]\r\n])")
_BACK: Final = 200
"""How many tokens before an error a bracket may be at fault."""
_NEAR: Final = 7
"""How many tokens before an error anything may be."""


@dataclass
class Way:
    """The steps of the one reading that was chosen, in the order of the text, each with whether it is in doubt.

    ``refusal`` says why there is no reading: ``"unclear"`` (two are too near), ``"lost"`` (none), ``"costly"`` (too
    much work). ``error`` is where that was. ``rival`` are the steps of the reading that was too near.
    """

    steps: list[tuple[Step, bool]] = field(default_factory=list)
    refusal: str = ""
    error: int = 0
    rival: tuple[Step, ...] = ()


_Snapshot: TypeAlias = "tuple[int, Expect, Frame | None, int, int, int, str, Trail, float, int, int, int, frozenset[str]]"
"""A state before it is needed as one: the walk makes one for each token, and seldom looks back."""


@dataclass
class _Walker:
    text: str
    hints: Hints
    budget: int
    moves: Moves = field(init=False)
    back: deque[_Snapshot] = field(init=False)
    zones: list[tuple[int, int]] = field(default_factory=list)
    doubts: list[tuple[int, frozenset[Step]]] = field(default_factory=list)
    suspects: list[State] = field(default_factory=list)
    closed: int = 0
    """Where the container that was left last starts."""

    def __post_init__(self) -> None:
        self.moves = Moves(self.text, self.hints)
        self.back = deque(maxlen=_BACK)

    def run(self) -> Way:
        state = State(0, Expect.START, None, 0, -1, 0, "", None)
        while True:
            state = self.sound(state)
            if state.pos > len(self.text):
                return self.way(state)
            easy = self.easy(state)
            if easy is not None:
                state = easy
                continue
            if state.expect == Expect.DONE and self.second(state):
                return Way(refusal="two", error=state.pos)
            outcome, start = self.damaged(state)
            if outcome.state is None or outcome.margin < TELLING:
                return self.refused(state, outcome, start)
            self.accept(start, outcome)
            state = outcome.state

    # -- sound text -----------------------------------------------------------------------------------------------

    def sound(self, state: State) -> State:
        """Go on while the text is sound; the state at the first token that is not, or past the end."""
        pos, expect, frame, last, comma, start, key, trail, _, _, _, root, _ = state
        text, match, back = self.text, _SOUND.match, self.back
        zero, none, names = 0.0, 0, state.names
        indented = self.hints.indented
        while True:
            back.append((pos, expect, frame, last, comma, start, key, trail, zero, none, none, root, names))
            found = match(text, pos)
            if found is None:
                break
            kind = found.lastindex
            end = found.end()
            if kind == 2:
                sign = text[end - 1]
                if sign == ",":
                    if expect != 7 or frame is None:
                        break
                    expect = Expect.KEY if frame.object else Expect.ITEM
                    comma = end - 1
                elif sign == ":":
                    if expect != 3:
                        break
                    expect = Expect.VALUE
                elif sign in "{[":
                    if expect not in _VALUES:
                        break
                    if expect == 0:
                        root = end - 1
                    frame = Frame(frame, end - 1, key if expect == 4 else "", is_object=sign == "{")
                    expect = Expect.KEY_OR_END if sign == "{" else Expect.ITEM_OR_END
                    comma = -1
                else:
                    if frame is None or (sign == "}") is not frame.object or expect not in _CLOSABLE:
                        break
                    if indented and end - 1 > pos and self.hints.closer(frame, end - 1):
                        self.suspects.append(State(*back[-1]))
                    self.closed = frame.start
                    frame = frame.parent
                    expect = Expect.NEXT if frame is not None else Expect.DONE
            elif expect in _KEYS:
                if kind != 1:
                    break
                start, end_ = found.span(1)
                key = found.group(1)
                if frame is not None:
                    frame.names.setdefault(key, start)
                if indented and start > pos and frame is not None and self.hints.entry(frame, start):
                    self.suspects.append(State(*back[-1]))
                expect = Expect.COLON
            elif expect in _VALUES:
                if expect == 0:
                    root = found.start(kind)
                    if _AFTER_KEY.match(text, end):
                        break  # the key of an object without its braces
                expect = Expect.NEXT if frame is not None else Expect.DONE
            else:
                break
            pos = last = end
        return State(*back.pop())

    # -- everyday slips -------------------------------------------------------------------------------------------

    def easy(self, state: State) -> State | None:
        """The state after a slip that has one reading whatever follows, or nothing."""
        text = self.text
        at, dropped = skip(text, state.pos)
        for one in dropped:
            state = state._replace(trail=(state.trail, one))
        if at >= len(text):
            if state.expect == Expect.DONE:
                return state._replace(pos=at + 1)
            return None
        if dropped:
            return state._replace(pos=at)
        expect, frame = state.expect, state.frame
        if expect == Expect.DONE:
            return self.after_end(state, at)
        if frame is None:
            return None
        if expect in {Expect.KEY, Expect.ITEM} and text[at] == ("}" if frame.object else "]") and state.comma >= 0:
            return without_comma(text, state, at)
        is_key = expect in _KEYS
        if not is_key and expect not in _VALUES:
            return None
        quoted = _SIMPLE_STRING.match(text, at)
        if quoted:
            end = quoted.end()
            if not (_AFTER_KEY if is_key else _AFTER_STRING).match(text, end):
                return None
            edits = (Edit(at, at + 1, '"'), Edit(end - 1, end, '"'))
            one = step("foreign-quotes", at, end, *edits, detail=text[at + 1 : end - 1])
            return self.taken(state, at, end, one, '"' + text[at + 1 : end - 1] + '"')
        if is_key:
            name = _SIMPLE_KEY.match(text, at)
            if name:
                end = name.end()
                edits = (Edit(at, at, '"'), Edit(end, end, '"'))
                return self.taken(
                    state, at, end, step("bare-key", at, end, *edits, detail=name.group()), f'"{name.group()}"'
                )
            return None
        literal = _LITERAL.match(text, at)
        if literal:
            json = ("true", "false", "null")[(literal.lastindex or 1) - 1]
            one = step("literal", at, literal.end(), Edit(at, literal.end(), json), detail=json)
            return self.taken(state, at, literal.end(), one, json)
        return None

    def after_end(self, state: State, at: int) -> State | None:
        """The state at the end of the text, where what follows the value is signs, the same again, or code."""
        one = tail_step(self.text, at, state.root, state.last)
        if one is None or (one.slip == "tail" and not is_code(self.text, at)):
            return None
        return state._replace(pos=len(self.text) + 1, trail=(state.trail, one))

    def taken(self, state: State, at: int, end: int, one: Step, json: str) -> State:
        """The state after a key or value that took one step."""
        trail: Trail = (state.trail, one)
        if state.expect in _KEYS:
            return state._replace(pos=end, last=end, start=at, key=json, expect=Expect.COLON, trail=trail)
        return state._replace(pos=end, last=end, expect=Expect.NEXT, trail=trail)

    # -- damage ---------------------------------------------------------------------------------------------------

    def damaged(self, state: State) -> tuple[Outcome, State]:
        """Search a way on from an error."""
        error = state.pos
        back = [State(*each) for each in self.back]
        recent = [*back[-_NEAR:], state]
        near_from = recent[0].pos
        zones = [*self.zones[-20:], (near_from, len(self.text))]
        start = self.far_start(state) if self.about_brackets(state) else recent[0]
        if self.closed < near_from:
            # The container before it may be the first item of an array that was never opened.
            before = next((each for each in reversed(back) if each.pos < self.closed), start)
            zones.append((before.pos, self.closed))
            start = min(start, before, key=lambda each: each.pos)

        def near(offset: int) -> bool:
            return offset >= near_from or any(first <= offset <= last for first, last in zones)

        limit = max(0, self.budget)
        if start.frame is not None:
            start = start._replace(names=start.frame.known(start.pos))
        outcome = search(self.moves, start, near, error, limit)
        self.budget -= outcome.spent
        self.zones.append((near_from, error))
        return outcome, start

    def second(self, state: State) -> bool:
        """Whether another value follows the complete one, and a different one."""
        at = state.pos
        found = _ANOTHER.match(self.text, at)
        if not found or (state.last and self.text[state.last - 1] not in "}]"):
            return False
        return tail_step(self.text, found.start(1), state.root, state.last) is None

    def about_brackets(self, state: State) -> bool:
        """Whether a bracket long before the error may be at fault."""
        at, _ = skip(self.text, state.pos)
        if at >= len(self.text) or self.text[at] in "}])" or state.expect == Expect.DONE:
            return True
        return self.text[at] == ":" and state.frame is not None and not state.frame.object

    def far_start(self, state: State) -> State:
        """The earliest state from which a bracket may be to blame for the error."""
        first = State(*self.back[0]) if self.back else state
        if self.suspects and self.suspects[0].pos < first.pos and state.pos - self.suspects[0].pos < _FAR:
            return self.suspects[0]
        return first

    def accept(self, start: State, outcome: Outcome) -> None:
        reached = outcome.state
        if reached is None:
            return
        self.learn(reached)
        while self.back and self.back[-1][0] >= start.pos:
            self.back.pop()
        self.back.append(start)
        self.suspects = [each for each in self.suspects if each.pos < start.pos]
        self.doubts = [entry for entry in self.doubts if entry[0] <= start.pos]
        taken = steps_since(reached.trail, start.trail)
        if reached.cost - sum(one.cost for one in taken) >= UNEASY or _is_mixed(taken):
            rare = {one for one in taken if one.cost > EVERYDAY}
            self.doubts.append((reached.pos, frozenset(rare or taken)))
        elif outcome.margin < SURE:
            # What both readings have in common is not in doubt.
            rival = steps_since(outcome.rival.trail, start.trail) if outcome.rival is not None else []
            doubted = set(taken) - set(rival)
            rare = {one for one in doubted if one.cost > EVERYDAY}
            self.doubts.append((reached.pos, frozenset(rare or doubted)))

    def learn(self, reached: State) -> None:
        """Hand the keys that a search read to the frames that the walk goes on with."""
        frame, names = reached.frame, reached.names
        while frame is not None:
            for name in names:
                frame.names.setdefault(name, 0)
            if frame.above is None:
                return
            frame, names = frame.parent, frame.above

    def refused(self, state: State, outcome: Outcome, start: State) -> Way:
        if self.budget <= 0:
            return Way(refusal="costly", error=state.pos)
        if outcome.state is None:
            return Way(refusal="lost", error=state.pos)
        way = self.way(outcome.state)
        rival = steps_since(outcome.rival.trail, start.trail) if outcome.rival is not None else []
        return Way(way.steps, "unclear", state.pos, tuple(rival))

    def way(self, state: State) -> Way:
        """The steps of the whole way, each with whether another reading of its place is near."""
        doubted = frozenset[Step]().union(*(steps for _, steps in self.doubts))
        return Way([(one, one in doubted) for one in steps_since(state.trail, None)])


_VALUES: Final = frozenset({Expect.START, Expect.VALUE, Expect.ITEM, Expect.ITEM_OR_END})
_KEYS: Final = frozenset({Expect.KEY, Expect.KEY_OR_END})
_CLOSABLE: Final = frozenset({Expect.NEXT, Expect.KEY_OR_END, Expect.ITEM_OR_END})
_FAR: Final = 60_000


def _is_mixed(steps: Sequence[Step]) -> bool:
    """Whether slips of different kinds had to come together."""
    rare = [one for one in steps if one.cost > EVERYDAY]
    return len({one.slip for one in rare}) > 1 and sum(one.cost for one in rare) >= MIXED


def walk(text: str, hints: Hints, budget: int) -> Way:
    """The way through a text; ``budget`` is how many readings may be looked at in all."""
    return _Walker(text, hints, budget).run()
