"""The search: the cheapest reading of a damaged stretch, and how much dearer the next one with another meaning is.

A beam moves over the text from left to right. At each place the readings that got there are taken in the order of their
cost; those that mean the same are one, those much dearer than the best are given up. It ends when one reading has gone
on for a while without a further slip and no rival is near, or with the text. The work is the stretch times the beam.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, NamedTuple

from k6cfg.repairer.search.moves import Moves
from k6cfg.repairer.search.state import Expect, State
from k6cfg.repairer.slips import PRUNE, SURE

_WIDTH: Final = 48
"""How many readings go on from one place near an error."""
_FAR_WIDTH: Final = 16
"""How many far from one, where brackets alone are in doubt."""
_CALM: Final = 8
"""So many sound tokens after the last slip say that the damage is behind."""
_PATIENCE: Final = 300
"""So many, when a rival is still near."""
_ENOUGH: Final = SURE + 0.6


class Outcome(NamedTuple):
    """The best reading up to some place, and how much dearer its nearest rival is; ``spent`` is the work."""

    state: State | None
    margin: float
    spent: int
    rival: State | None = None


_Key = tuple[Expect, int, int]


@dataclass
class _Beam:
    moves: Moves
    near: Callable[[int], bool]
    places: dict[int, dict[_Key, State]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    finals: list[State] = field(default_factory=list)
    spent: int = 0

    def add(self, state: State) -> None:
        place = self.places.get(state.pos)
        if place is None:
            place = self.places[state.pos] = {}
            heappush(self.order, state.pos)
        key = (state.expect, state.identity, state.frame.depth if state.frame is not None else 0)
        known = place.get(key)
        if known is None or state.cost < known.cost:
            place[key] = state

    def cheapest(self) -> float:
        costs = [state.cost for place in self.places.values() for state in place.values()]
        costs += [state.cost for state in self.finals]
        return min(costs, default=float("inf"))

    def expand(self, pos: int, limit: float) -> None:
        """Take the readings at one place, the cheapest first; insertions lead to more of them at the same place."""
        place = self.places.pop(pos)
        end = len(self.moves.text)
        waiting = [(state.cost, number, state) for number, state in enumerate(place.values())]
        waiting.sort(key=lambda entry: (entry[0], entry[1]))
        heap = waiting
        number = len(heap)
        seen: set[_Key] = set()
        taken = 0
        near = self.near(pos)
        width = _WIDTH if near else _FAR_WIDTH
        while heap and taken < width:
            cost, _, state = heappop(heap)
            if cost > limit:
                return
            key = (state.expect, state.identity, state.frame.depth if state.frame is not None else 0)
            if key in seen:
                continue
            seen.add(key)
            taken += 1
            self.spent += 1
            for following in self.moves.after(state, limit, near=near):
                if following.pos > end:
                    self.finals.append(following)
                elif following.cost > limit:
                    continue
                elif following.pos == pos:
                    number += 1
                    heappush(heap, (following.cost, number, following))
                else:
                    self.add(following)


def search(moves: Moves, start: State, near: Callable[[int], bool], error: int, budget: int) -> Outcome:
    """The best way on from ``start``, which lies before an ``error`` (an offset).

    ``near`` says at which offsets every slip is thought of; ``budget`` is how many readings may be looked at.
    """
    beam = _Beam(moves, near)
    beam.add(start._replace(cost=0.0, identity=0, clean=0))
    while beam.order:
        pos = heappop(beam.order)
        place = beam.places[pos]
        best = min(place.values(), key=lambda state: state.cost)
        if pos > error and best.clean >= _CALM:
            rival = _rival(beam, best)
            margin = rival.cost - best.cost if rival is not None else PRUNE
            if margin >= 0 and (margin >= _ENOUGH or best.clean >= _PATIENCE):
                return Outcome(best, margin, beam.spent, rival)
        if beam.spent > budget:
            return Outcome(None, 0.0, beam.spent)
        beam.expand(pos, beam.cheapest() + PRUNE)
    if not beam.finals:
        return Outcome(None, 0.0, beam.spent)
    best = min(beam.finals, key=lambda state: state.cost)
    rival = min(
        (state for state in beam.finals if state.identity != best.identity), key=lambda state: state.cost, default=None
    )
    return Outcome(best, rival.cost - best.cost if rival is not None else PRUNE, beam.spent, rival)


def _rival(beam: _Beam, best: State) -> State | None:
    """The cheapest reading that may mean something else."""
    others = (
        state
        for place in beam.places.values()
        for state in place.values()
        if state.identity != best.identity or state.pos != best.pos
    )
    return min((*others, *beam.finals), key=lambda state: state.cost, default=None)
