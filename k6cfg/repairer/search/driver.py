"""The way through a text: free where it is sound, one step where a slip is everyday, a search where it is neither."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from k6cfg.repairer.lexer.bare_values import END
from k6cfg.repairer.lexer.trivia import skip
from k6cfg.repairer.search.beam import Outcome, search
from k6cfg.repairer.search.direct_fixes import everyday
from k6cfg.repairer.search.heuristics import Hints
from k6cfg.repairer.search.moves import Moves
from k6cfg.repairer.search.state import CLOSABLE, KEYS, VALUES, Expect, Frame, State, Step, Trail, steps_since
from k6cfg.repairer.slips import (
    ALONE,
    BRACKETS,
    CROWD,
    DEAR,
    EVERYDAY,
    KEY_DOUBT,
    MIXED,
    SLIPS,
    SMALL,
    SURE,
    SURE_BY_DOUBT,
    TELLING,
    UNEASY,
    WILD,
)
from k6cfg.repairer.wrappers.trailing_text import tail_step

_SOUND: Final = re.compile(
    r'[ \t\r\n]*(?:("[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*")|([{}\[\]:,])'
    rf"|((?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null){END}))"
)
_AFTER_KEY: Final = re.compile(r"[ \t]*[:=]")
_ANOTHER: Final = re.compile(r"[\s,;]*([{\[])")
_BACK: Final = 200
"""How many tokens before an error a bracket may be at fault."""
_NEAR: Final = 7
"""How many tokens before an error anything may be."""
_ONE_PLACE: Final = 12_000
"""How many readings one error may cost: a hundred times what errors cost that have an answer."""


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


_Snapshot: TypeAlias = (
    "tuple[int, Expect, Frame | None, int, int, int, str, Trail, float, int, int, int, frozenset[str]]"
)
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
            easy = everyday(self.text, state)
            if easy is not None:
                state = easy
                continue
            second = self.second(state) if state.expect == Expect.DONE else -1
            if second >= 0:
                return Way(refusal="two", error=second)
            outcome, start = self.damaged(state, far=self.about_brackets(state))
            if self.places_bracket(outcome, start):
                outcome, start = self.damaged(state, far=True)
            if outcome.state is None or outcome.margin < TELLING or _is_far_fetched(outcome, start):
                return self.refused(state, outcome, start)
            self.accept(start, outcome)
            state = outcome.state

    # -- sound text -----------------------------------------------------------------------------------------------

    def sound(self, state: State) -> State:  # noqa: C901, PLR0912, PLR0915
        """Go on while the text is sound; the state at the first token that is not, or at the end.

        One loop without calls, for it sees every token of every text.
        """
        pos, expect, frame, last, comma, start, key, trail, _, _, _, root, _ = state
        text, match, back = self.text, _SOUND.match, self.back
        zero, none, names = 0.0, 0, state.names
        indented, rfind, line_end = self.hints.indented, text.rfind, "\n" if "\n" in text else "\r"
        entry, closer = self.hints.entry, self.hints.closer
        key_column = -1
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
                    if expect not in VALUES:
                        break
                    if expect == 0:
                        root = end - 1
                    outer, frame = frame, Frame(frame, end - 1, key if expect == 4 else "", is_object=sign == "{")
                    if outer is not None and expect == 4 and key_column >= 0 and rfind(line_end, start, end) < 0:
                        frame.column = key_column
                    expect = Expect.KEY_OR_END if sign == "{" else Expect.ITEM_OR_END
                    comma = -1
                else:
                    if frame is None or (sign == "}") is not frame.object or expect not in CLOSABLE:
                        break
                    line = rfind(line_end, pos, end - 1) if indented and end - 1 > pos else -1
                    if line >= 0 and frame.column != end - 2 - line and closer(frame, end - 1, end - 2 - line):
                        self.suspects.append(State(*back[-1]))
                    self.closed = frame.start
                    frame = frame.parent
                    expect = Expect.NEXT if frame is not None else Expect.DONE
            elif expect in KEYS:
                if kind != 1:
                    break
                start = found.start(1)
                key = found.group(1)
                if frame is not None:
                    frame.names.setdefault(key, start)
                line = rfind(line_end, pos, start) if indented and start > pos else -1
                key_column = start - line - 1 if line >= 0 else -1
                if line >= 0 and frame is not None and frame.inner != key_column and entry(frame, start, key_column):
                    # One that is indented further follows a closer too many: the state is that before some closers.
                    self.suspects.append(State(*back[-1 if key_column < frame.inner else -min(_CLOSERS, len(back))]))
                expect = Expect.COLON
            elif expect in VALUES:
                if expect == 0:
                    root = found.start(kind or 0)
                    if _AFTER_KEY.match(text, end):
                        break  # the key of an object without its braces
                expect = Expect.NEXT if frame is not None else Expect.DONE
            else:
                break
            pos = last = end
        return State(*back.pop())

    # -- damage ---------------------------------------------------------------------------------------------------

    def damaged(self, state: State, *, far: bool) -> tuple[Outcome, State]:
        """Search a way on from an error; ``far`` a bracket long before it may be at fault."""
        error = state.pos
        recent = State(*self.back[max(-_NEAR, -len(self.back))]) if self.back else state
        near_from = recent.pos
        zones = [*self.zones[-20:], (near_from, len(self.text))]
        looked = [(near_from, error)]
        start = self.far_start(state) if far else recent
        at, _ = skip(self.text, error)
        if self.closed < near_from and state.expect not in _INSIDE and self.text[at : at + 1] in _TELLING_SIGNS:
            # The container before it may be the first item of an array that was never opened.
            before = next((State(*each) for each in reversed(self.back) if each[0] < self.closed), start)
            looked.append((before.pos, self.closed))
            zones.append(looked[-1])
            start = min(start, before, key=lambda each: each.pos)

        def near(offset: int) -> bool:
            return offset >= near_from or any(first <= offset <= last for first, last in zones)

        limit = max(0, min(self.budget, _ONE_PLACE))
        if start.frame is not None:
            start = start._replace(names=start.frame.known(start.pos))
        outcome = search(self.moves, start, near, error, limit)
        self.budget -= outcome.spent
        self.zones += looked
        return outcome, start

    def places_bracket(self, outcome: Outcome, start: State) -> bool:
        """Whether a reading that looked at what is near has a bracket come or go: one far away may be at fault."""
        if outcome.state is None or not self.suspects or self.suspects[0].pos >= start.pos:
            return False
        return any(one.slip in _PLACED for one in steps_since(outcome.state.trail, start.trail))

    def second(self, state: State) -> int:
        """Where another value follows the complete one, and a different one; -1 where none does."""
        at = state.pos
        found = _ANOTHER.match(self.text, at)
        if not found or (state.last and self.text[state.last - 1] not in "}]"):
            return -1
        at = found.start(1)
        return at if tail_step(self.text, at, state.root, state.last) is None else -1

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
        rival = steps_since(outcome.rival.trail, start.trail) if outcome.rival is not None else []
        price, other = (sum(one.cost for one in steps) for steps in (taken, rival))
        sure = SURE_BY_DOUBT if other <= price and _has_brackets(taken) and _has_brackets(rival) else SURE
        # Without its braces, a text is a part of a configuration only if k6 knows its keys.
        uneasy = KEY_DOUBT - 0.1 if taken and taken[0].slip == "open" and start.frame is None else UNEASY
        if reached.cost - price >= uneasy or (_is_mixed(taken) and not _is_simple(taken, outcome.margin)):
            doubted = set(taken)
        elif outcome.margin < sure:
            doubted = set(taken) - set(rival)  # what both readings have in common is not in doubt
        else:
            return
        rare = {one for one in doubted if one.cost > EVERYDAY}
        self.doubts.append((reached.pos, frozenset(rare or doubted)))

    def learn(self, reached: State) -> None:
        """Hand the keys that a search read to the frames that the walk goes on with."""
        frame = reached.frame
        names: frozenset[str] | None = reached.names
        while frame is not None and names is not None:
            for name in names:
                frame.names.setdefault(name, 0)
            names, frame = frame.above, frame.parent

    def refused(self, state: State, outcome: Outcome, start: State) -> Way:
        if self.budget <= 0 or (outcome.state is None and outcome.spent > _ONE_PLACE):
            return Way(refusal="costly", error=state.pos)
        if outcome.state is None:
            return Way(refusal="lost", error=state.pos)
        way = self.way(outcome.state)
        rival = steps_since(outcome.rival.trail, start.trail) if outcome.rival is not None else []
        return Way(way.steps, "unclear", state.pos, tuple(rival))

    def way(self, state: State) -> Way:
        """The steps of the whole way, each with whether another reading of its place is near."""
        doubted = frozenset[Step]().union(*(steps for _, steps in self.doubts))
        steps = steps_since(state.trail, None)
        crowded = sum(one.slip in SMALL and SLIPS[one.slip].rule not in BRACKETS for one in steps) >= CROWD
        # Which bracket is at fault is seen from what stands around it, and that is at fault too.
        return Way([(one, one in doubted or (crowded and one.slip in _PLACED)) for one in steps])


_PLACED: Final = frozenset({"close", "stray-closer", "stray-opener", "open"})
_INSIDE: Final = frozenset({Expect.COLON, Expect.VALUE})
_CLOSERS: Final = 4
"""How many tokens an entry comes after the first of two closers before it: those, the comma, and itself."""
_TELLING_SIGNS: Final = frozenset("{}[]:,)") | {""}
_FAR: Final = 60_000


def _is_mixed(steps: Sequence[Step]) -> bool:
    """Whether slips of different kinds had to come together."""
    return _mixture(steps) >= MIXED


def _is_simple(steps: Sequence[Step], margin: float) -> bool:
    """Whether slips of different kinds are each small, plain and local, and no other story comes near."""
    return margin >= ALONE and all(one.slip in SMALL or one.cost <= EVERYDAY for one in steps)


def _mixture(steps: Sequence[Step]) -> float:
    """What slips of different kinds cost together; nothing where they are all of one kind."""
    rare = [one for one in steps if one.cost > EVERYDAY and one.slip != "sign-colon"]
    if [one.slip for one in rare] == ["open", "close-end"] and rare[1].detail == "1" and rare[0].detail == "{":
        return 0.0  # both braces of the whole: a part of a file was given, which is one slip
    return sum(one.cost for one in rare) if len({SLIPS[one.slip].rule for one in rare}) > 1 else 0.0


def _is_far_fetched(outcome: Outcome, start: State) -> bool:
    """Whether a reading takes so many different slips, or doubts, that it is more of an invention."""
    if outcome.state is None:
        return False
    taken = steps_since(outcome.state.trail, start.trail)
    places = len({one.start // 80 for one in taken})
    if outcome.state.cost - sum(one.cost for one in taken) >= WILD * max(1, places):
        return True
    if _is_simple(taken, outcome.margin):
        return False
    return _mixture(taken) >= DEAR and _mixture(taken) >= DEAR / 2 * places


def _has_brackets(steps: Sequence[Step]) -> bool:
    return any(SLIPS[one.slip].rule in BRACKETS for one in steps)


def walk(text: str, hints: Hints, budget: int) -> Way:
    """The way through a text; ``budget`` is how many readings may be looked at in all."""
    return _Walker(text, hints, budget).run()
