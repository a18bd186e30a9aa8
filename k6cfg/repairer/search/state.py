"""The values that the walk and the search work on: steps, frames and states."""

import enum
from typing import Final, NamedTuple, TypeAlias

from k6cfg.repairer.slips import SLIPS
from k6cfg.text.diagnostics import Edit


class Expect(enum.IntEnum):
    """What JSON's grammar wants next."""

    START = 0
    KEY_OR_END = 1
    KEY = 2
    COLON = 3
    VALUE = 4
    ITEM_OR_END = 5
    ITEM = 6
    NEXT = 7
    """A comma or the closing bracket."""
    DONE = 8
    """Nothing: the value is complete."""


VALUES: Final = frozenset({Expect.START, Expect.VALUE, Expect.ITEM, Expect.ITEM_OR_END})
KEYS: Final = frozenset({Expect.KEY, Expect.KEY_OR_END})
CLOSABLE: Final = frozenset({Expect.NEXT, Expect.KEY_OR_END, Expect.ITEM_OR_END})
"""Where a closing bracket is right."""


class Step(NamedTuple):
    """One slip that a reading assumes, and the edits that mend it; ``start`` and ``end`` are what it is about."""

    slip: str
    start: int
    end: int
    edits: tuple[Edit, ...]
    cost: float
    detail: str = ""


def step(slip: str, start: int, end: int, *edits: Edit, detail: str = "", extra: float = 0.0) -> Step:
    """A step at the price of the table, plus what is special about this place."""
    return Step(slip, start, end, edits, SLIPS[slip].cost + extra, detail)


class Lexeme(NamedTuple):
    """A key or value: where it ends, what it is in JSON, and the steps that make it so.

    ``punctuated`` says that it brings its colon (a key) or its comma (a value) along.
    """

    end: int
    json: str
    steps: tuple[Step, ...] = ()
    punctuated: bool = False


NOT_ASKED: Final = object()
"""In place of what the schema knows of a frame, until somebody asks."""


class Frame:
    """An object or array that is open at some point of a reading. Shared between readings, so almost immutable.

    Learnt later are only ``inner``, the column at which the first entry that starts a line stands, and ``names``, the
    keys that the walk read and where. ``above`` are the keys of the object around it, for a frame that a search made.
    """

    __slots__ = ("above", "column", "depth", "inner", "key", "names", "node", "object", "parent", "start", "wrong")

    def __init__(self, parent: "Frame | None", start: int, key: str, *, is_object: bool, wrong: bool = False) -> None:
        self.parent = parent
        self.start = start
        self.key = key
        self.object = is_object
        self.wrong = wrong
        self.depth: int = parent.depth + 1 if parent is not None else 1
        self.column = -1
        self.inner = -1
        self.node: object = NOT_ASKED
        self.names: dict[str, int] = {}
        self.above: frozenset[str] | None = None

    def known(self, before: int) -> frozenset[str]:
        """The keys that were read in the object before an offset; none where they are too many to be compared."""
        if len(self.names) > _MANY_KEYS:
            return frozenset()
        return frozenset(key for key, start in self.names.items() if start < before)


_MANY_KEYS: Final = 200

Trail: TypeAlias = "tuple[Trail, Step] | None"
"""The steps of a reading, the last one outermost, shared between readings."""


class State(NamedTuple):
    """A point that a reading of the text has reached.

    ``last`` is the end of the last token that counts, ``comma`` the comma before the current entry (-1: none),
    ``start`` where the current key starts and ``key`` what it is. ``identity`` stands for all values so far: readings
    that have it in common mean the same. ``clean`` counts the tokens since the last step;
    ``root`` is where the value of the whole text starts, ``names`` the keys of the
    current object, known inside a search only.
    """

    pos: int
    expect: Expect
    frame: Frame | None
    last: int
    comma: int
    start: int
    key: str
    trail: Trail
    cost: float = 0.0
    identity: int = 0
    clean: int = 0
    root: int = 0
    names: frozenset[str] = frozenset()


def steps_since(trail: Trail, origin: Trail) -> list[Step]:
    """The steps of a trail after those of another that it continues, in their order."""
    found: list[Step] = []
    while trail is not None and trail is not origin:
        trail, one = trail
        found.append(one)
    found.reverse()
    return found


NO_COLUMN: Final = -2
"""The column of what does not start a line, or starts one too long to look at."""
_FAR: Final = 4000


def column(text: str, offset: int) -> int:
    """The width of the white space before ``offset`` where it starts its line, else ``NO_COLUMN``."""
    line = max(text.rfind("\n", max(0, offset - _FAR), offset), text.rfind("\r", max(0, offset - _FAR), offset)) + 1
    if line == 0 and offset > _FAR:
        return NO_COLUMN
    return offset - line if text[line:offset].isspace() or line == offset else NO_COLUMN


def indentation(text: str, offset: int) -> str:
    """The white space that the line of ``offset`` starts with."""
    line = max(text.rfind("\n", max(0, offset - _FAR), offset), text.rfind("\r", max(0, offset - _FAR), offset)) + 1
    end = line
    while end < offset and text[end] in " \t":
        end += 1
    return text[line:end]
