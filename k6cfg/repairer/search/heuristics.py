"""What makes a reading doubtful without being wrong: indentation, keys and types that do not belong where they are.

Asked only inside a search, to choose between readings; sound text is never judged by it.
"""

import re
from collections.abc import Mapping
from typing import Final

from k6cfg.k6.grammars.durations import duration
from k6cfg.k6.grammars.thresholds import Threshold, threshold
from k6cfg.repairer.search.state import NO_COLUMN, NOT_ASKED, Frame, column
from k6cfg.repairer.slips import INDENT_DOUBT, INLINE_DOUBT, KEY_DOUBT, TYPE_DOUBT
from k6cfg.schema import Node, Schema
from k6cfg.schema.versions import NEWEST

_UNKNOWN: Final = -1
_HANGING: Final = re.compile(r"\"[ \t]*:[ \t]*\r?\n[ \t]*[{\[][ \t]*\r?\n")
_MANY_HANGING: Final = 2
_MANY_ARROWS: Final = 3
_STYLE: Final = 4000
"""How much of a text is looked at for its style."""
_NUMERIC: Final = frozenset({"notation", "base", "zeros-before", "zeros-plain", "thousands"})
_SURER: Final = {
    ("bare-word", "string"): "bare-text",
    **{(slip, wanted): "no-text" for slip in ("bare-word", "bare-text") for wanted in ("boolean", "integer", "object")},
    **{("placeholder", wanted): "placeholder-refused" for wanted in ("boolean", "integer", "object", "array")},
    ("typo", "boolean"): "literal",
    ("switch", "boolean"): "literal",
    ("zeros-plain", "integer"): "notation",
    ("thousands", "integer"): "whole-thousands",
}
"""What a slip becomes where the schema takes a single type: surer, or of no use, for k6 refuses what it would make."""
_JSON_TYPES: Final = {"{": "object", "[": "array", '"': "string", "t": "boolean", "f": "boolean", "n": "null"}


class Hints:
    """Doubts about one text. ``schema`` is what is known of its keys, if anything.

    ``names`` are the constants of the script that the text was cut out of, as JSON; None where it is of no script.
    """

    def __init__(self, text: str, schema: Schema | None, names: Mapping[str, str] | None = None) -> None:
        self._text = text
        self.names = names
        self._root = schema.root if schema is not None else None
        self._keys: dict[str, frozenset[str]] = {}
        self._columns: dict[int, int] = {}
        self._hanging = len(_HANGING.findall(text, 0, _STYLE))
        self.arrows = text.count("=>") >= _MANY_ARROWS
        """Whether the text is of a language whose colon is ``=>``: then each is no surprise."""
        self.indented = "\n " in text or "\n\t" in text or "\r " in text

    def entry(self, frame: Frame, at: int, here: int = _UNKNOWN) -> float:
        """The doubt about an entry that starts at ``at``, by its indentation; ``here`` is its column, where known."""
        if not self.indented:
            return 0.0
        if here == _UNKNOWN:
            here = self.column(at)
        if here == NO_COLUMN:
            return 0.0
        if frame.inner >= 0:
            return 0.0 if here == frame.inner else INDENT_DOUBT
        outer = self.outer(frame)
        if outer != NO_COLUMN and here <= outer:
            return INDENT_DOUBT
        frame.inner = here
        return 0.0

    def alone(self, at: int) -> bool:
        """Whether what stands at ``at`` starts a line, in a text that is written over several."""
        return self.indented and self.column(at) != NO_COLUMN

    def hangs(self, at: int) -> bool:
        """Whether the bracket at ``at`` starts a line, in a text that does not write its brackets so."""
        return self.alone(at) and self._hanging < _MANY_HANGING

    def closer(self, frame: Frame, at: int, here: int = _UNKNOWN) -> float:
        """The doubt about a closing bracket at ``at``, by its indentation; ``here`` is its column, where known."""
        if not self.indented:
            return 0.0
        if here == _UNKNOWN:
            here = self.column(at)
        outer = self.outer(frame)
        if here == NO_COLUMN and frame.inner >= 0:
            return INLINE_DOUBT
        return INDENT_DOUBT if NO_COLUMN not in {here, outer} and here != outer else 0.0

    def key(self, frame: Frame, key: str) -> float:
        """The doubt about a key (with its quotes) in an object, by the schema."""
        node = self.node(frame)
        if node is None:
            return 0.0
        known = self._known(node)
        name = key[1:-1].lower()
        if name.endswith(":"):
            return KEY_DOUBT  # no key of k6 does
        if name in known or node.values is not None:
            return 0.0
        if node.unknown_keys != "kept" and known:
            return KEY_DOUBT
        return KEY_DOUBT if self._known_above(frame, name) else 0.0

    def _known_above(self, frame: Frame, name: str) -> bool:
        """Whether an object around this one knows the key."""
        above, steps = frame.parent, 0
        while above is not None and steps < 8:
            node = self.node(above)
            if node is not None and node.values is None and name in self._known(node):
                return True
            above, steps = above.parent, steps + 1
        return False

    def value(self, frame: Frame | None, key: str, json: str) -> float:
        """The doubt about a value that starts with ``json`` under a key or in an array, by the schema."""
        node = self.below(frame, key) if frame is not None else self._root
        types = node.json_types if node is not None else ()
        if not types:
            return 0.0
        found = _JSON_TYPES.get(json[0], "number")
        if found in types or (found == "number" and "integer" in types):
            return 0.0
        return TYPE_DOUBT

    def fits_key(self, frame: Frame, key: str) -> bool | None:
        """Whether an object may have a key; None where it may have any, or nothing is known of it."""
        node = self.node(frame)
        if node is None or node.values is not None or node.unknown_keys == "kept" or not self._known(node):
            return None
        return key.lower() in self._known(node)

    def names_key(self, frame: Frame, key: str) -> bool:
        """Whether k6 reads a key (with its quotes) in an object, or any key is right there; an array has none."""
        node = self.node(frame)
        if node is None or not frame.object:
            return node is not None
        known = {name for each in (node, *node.variants.values()) for name in each.properties}
        return key[1:-1] in known or (not known and node.values is not None)

    def names_below(self, frame: Frame, key: str) -> bool:
        """Whether a key (with its quotes) is one of an object that k6 knows in this object."""
        node = self.node(frame) if frame.object else None
        name = key[1:-1].lower()
        return node is not None and any(name in self._known(inner) for inner in node.properties.values())

    def fits_value(self, frame: Frame | None, key: str, text: str) -> bool | None:
        """Whether a text may stand under a key or in an array; None where any may, or nothing is known of it."""
        node = self.below(frame, key) if frame is not None else None
        if node is None:
            return None
        if node.enum:
            return text in node.enum
        if node.type == "duration":
            return isinstance(duration(text, NEWEST), int)
        return isinstance(threshold(text, NEWEST), Threshold) if node.type == "threshold" else None

    def known_as(self, frame: Frame | None, key: str, slip: str) -> str:
        """What a slip in a value is, known its key: a surer one where k6 takes one type alone, none where it cannot be.

        ``ture`` is a literal where k6 wants one, a word is text, and 0012345 as a token is no number.
        """
        node = self.below(frame, key) if frame is not None else None
        types = frozenset(node.json_types) - {"null"} if node is not None else frozenset()
        if types == {"string"} and slip in _NUMERIC:
            return ""
        return _SURER.get((slip, next(iter(types))), slip) if len(types) == 1 else slip

    def column(self, at: int) -> int:
        """The column of what starts a line at ``at``."""
        known = self._columns.get(at)
        if known is None:
            known = self._columns[at] = column(self._text, at)
        return known

    def outer(self, frame: Frame) -> int:
        """The indentation of the line that opens a frame."""
        if frame.column == _UNKNOWN:
            frame.column = self._line_column(frame.start)
        return frame.column

    def _line_column(self, at: int) -> int:
        text = self._text
        line = max(text.rfind("\n", max(0, at - 4000), at), text.rfind("\r", max(0, at - 4000), at)) + 1
        if line == 0 and at > 4000:
            return NO_COLUMN
        end = line
        while end < at and text[end] in " \t":
            end += 1
        return end - line

    def node(self, frame: Frame) -> Node | None:
        """What the schema knows of the object or array of a frame."""
        pending: list[Frame] = []
        current: Frame | None = frame
        while current is not None and current.node is NOT_ASKED:
            pending.append(current)
            current = current.parent
        for each in reversed(pending):
            each.node = self.below(each.parent, each.key) if each.parent is not None else self._root
        return frame.node if isinstance(frame.node, Node) else None

    def below(self, frame: Frame | None, key: str) -> Node | None:
        """What the schema knows of the value under a key (with its quotes), or of the items of an array."""
        if frame is None:
            return self._root
        node = self.node(frame)
        if node is None:
            return None
        if not frame.object:
            return node.items
        name = key[1:-1]
        found = node.properties.get(name)
        if found is None:
            for variant in node.variants.values():
                found = variant.properties.get(name)
                if found is not None:
                    return found
        return found or node.values

    def _known(self, node: Node) -> frozenset[str]:
        known = self._keys.get(node.dotted)
        if known is None:
            names = {*node.properties, *node.obsolete}
            for variant in (*node.variants.values(), *node.obsolete_variants.values()):
                names |= {*variant.properties, *variant.obsolete}
            known = self._keys[node.dotted] = frozenset(name.lower() for name in names)
        return known
