"""What k6 holds after reading: a tree of values that knows where in the text, and where in the schema, each stands."""

from typing import NamedTuple

from k6cfg.schema import Node
from k6cfg.text.location import Span, pointer
from k6cfg.text.tree import Member, Value


class Place(NamedTuple):
    """A route through a document, from the inside out: cheap to make for every value, spelled out for findings only."""

    outer: "Place | None"
    part: str | int

    @property
    def pointer(self) -> str:
        """The JSON Pointer, with keys as they are written."""
        parts: list[str | int] = []
        place: Place | None = self
        while place is not None:
            parts.append(place.part)
            place = place.outer
        return pointer(reversed(parts))


class Read:
    """One value as k6 holds it.

    ``value`` follows from the schema's type: a number, a text or bool; nanoseconds for a duration; a dict of ``Read``
    by k6's spelling of the key for an object and by the key as it is for a map; a list of ``Read``; ``None`` where
    nothing is set. ``valid`` says that it is set (k6's ``Valid``); beside ``valid=False`` Go may keep the value of an
    earlier duplicate. ``failed`` says that k6 refuses what stands there, so that nothing more can be said of it.
    ``text`` is what it was read from, ``member`` the last one with that key. ``strange`` says that there are keys in it
    that k6 refuses, which may be misspelt ones that it needs.
    """

    __slots__ = ("failed", "known", "member", "place", "strange", "text", "valid", "value")

    def __init__(self, known: Node, place: Place | None, text: Value | None, member: Member | None = None) -> None:
        self.known = known
        self.place = place
        self.text = text
        self.member = member
        self.value: object = None
        self.valid = False
        self.failed = False
        self.strange = False

    @property
    def pointer(self) -> str:
        """Where it stands, as a JSON Pointer with keys as they are written."""
        return self.place.pointer if self.place is not None else ""

    @property
    def span(self) -> Span:
        """The characters that it was read from."""
        return self.text.span if self.text is not None else Span(0, 0)

    @property
    def fields(self) -> "dict[str, Read]":
        """What is in an object or map; empty for everything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def entries(self) -> "list[Read]":
        """What is in a list; empty for everything else."""
        return self.value if isinstance(self.value, list) else []

    def get(self, key: str) -> "Read | None":
        """A field that is set; ``None`` where it is absent, null or refused."""
        found = self.fields.get(key)
        return found if found is not None and found.valid and not found.failed else None

    @property
    def number(self) -> int:
        """A whole number or nanoseconds; 0 where there is none, as in Go."""
        return self.value if isinstance(self.value, int) else 0

    @property
    def string(self) -> str:
        """A text; empty where there is none, as in Go."""
        return self.value if isinstance(self.value, str) else ""
