"""An array of PHP as the object that it is, with its brackets changed; all else of it is understood as it stands."""

import re
from collections.abc import Sequence
from typing import Final

from k6cfg.repairer.search.state import Step, step
from k6cfg.text.diagnostics import Edit

_HEAD: Final = re.compile(r"\s*<\?php\b(?:\s|//[^\n]*\n|declare\([^()]*\);)*(?:return|\$\w+\s*=)\s*(?=\[|array\s*\()")
_TAIL: Final = re.compile(r"\s*(?:;\s*)?(?:return\s+\$\w+\s*;\s*)?(?:\?>\s*)?\Z")
_TOKEN: Final = re.compile(
    r"'(?:[^'\\]|\\.)*(?:'|\\?\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\\?\Z)|//[^\n]*|#[^\n]*|/\*(?:.*?\*/|.*)"
    r"|array\s*\(|=>|[\[\](){}$;]",
    re.DOTALL,
)
"""What is not closed goes on to the end: else the end would be looked for from each quote of it."""
_NUMBER: Final = re.compile(r"(?<![\w.])([0-9]+)\s*\Z")
_LONGEST: Final = 40
"""A key that is a number has fewer characters, white space behind it included."""


def php(text: str) -> Sequence[Step]:
    """The steps that take away what stands around the array, and write its brackets as JSON's."""
    head = _HEAD.match(text) if "<?php" in text[:200] else None
    if not head:
        return ()
    opened: list[tuple[int, int]] = []
    mapped: set[int] = set()
    edits = [Edit(0, head.end(), "")]
    for found in _TOKEN.finditer(text, head.end()):
        sign, at = found.group(), found.start()
        if sign == "[" or sign.startswith("array"):
            opened.append((at, found.end()))
        elif sign == "=>" and opened:
            mapped.add(opened[-1][0])
            number = _NUMBER.search(text, max(0, at - _LONGEST), at)
            if number:
                edits += [Edit(each, each, '"') for each in number.span(1)]
        elif sign in "])" and opened:
            start, after = opened.pop()
            is_map = start in mapped
            edits += [Edit(start, after, "{" if is_map else "["), Edit(at, at + 1, "}" if is_map else "]")]
            if not opened:
                tail = _TAIL.match(text, at + 1)
                return [step("php", 0, head.end(), *sorted(edits), Edit(at + 1, len(text), ""))] if tail else ()
        elif sign in "(){}$;":
            return ()
    return ()
