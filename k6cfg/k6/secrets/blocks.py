"""Secrets that stand on lines below their name, as YAML's blocks and the tables of TOML have them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from k6cfg.k6.secrets.patterns import names_secret
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import Span

_HEAD: Final = late(
    r"^(?P<indent>[ \t]*)(?:"
    r"\[{1,2}[ \t]*(?P<table>[^\[\]\r\n]{1,200})\]{1,2}"
    r"|(?:-[ \t]+)?(?P<block>[^\s:#][^:#\r\n]{0,200}):(?:[ \t]*[!&][^\s,{}\[\]]{1,60})?(?:[ \t]*[|>][-+0-9]{0,3})?"
    r")[ \t]*(?:[#;][^\r\n]*)?\r?$",
    re.MULTILINE,
)
_NEXT_TABLE: Final = late(r"^[ \t]*\[[^\r\n]*\][ \t]*(?:#[^\r\n]*)?\r?$", re.MULTILINE)
_LINE: Final = late(r"^(?P<indent>[ \t]*)(?P<rest>[^\s][^\r\n]*)\r?$", re.MULTILINE)
_SETS: Final = late(r"[\w.\"'-]{1,200}[ \t]*=")


def below_names(text: str, names: frozenset[str]) -> Iterator[Span]:
    """The lines below a name of a secret; ``names`` are those that the schema knows."""
    if "\n" not in text:
        return
    for head in _HEAD.finditer(text):
        if head["table"] is not None and any(names_secret(part, names) for part in head["table"].strip().split(".")):
            following = _NEXT_TABLE.search(text, head.end())
            yield from _entries(text, head.end(), following.start() if following else len(text))
        elif head["block"] is not None and names_secret(head["block"], names):
            yield from _block(_LINE.finditer(text, head.end()), len(head["indent"]))


def _entries(text: str, start: int, end: int) -> Iterator[Span]:
    """What the keys of a table are set to, without quotes; a line that sets nothing, whole."""
    for line in _LINE.finditer(text, start, end):
        entry = _SETS.match(text, line.start("rest"), line.end("rest"))
        first = entry.end() if entry else line.start("rest")
        value = text[first : line.end("rest")]
        bare = value.strip(" \t\"'")
        if bare:
            at = first + value.index(bare)
            yield Span(at, at + len(bare))


def _block(lines: Iterable[re.Match[str]], indent: int) -> Iterator[Span]:
    """The lines that are indented further than a key."""
    for line in lines:
        if len(line["indent"]) <= indent:
            return
        yield Span(*line.span("rest"))
