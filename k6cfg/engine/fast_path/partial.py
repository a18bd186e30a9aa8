"""What stands out in a file: its document without the entries that are plainly good, so that only the rest is judged.

Nothing may be left out that a finding depends on: neither what is about the same thing nor a secret that has to be
masked. The tests hold the findings of what is left against those of the whole file.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from k6cfg.engine.fast_path.shape_checks import BY_ENTRY, BY_SCRIPT, DRIVERS, Compiled, driven
from k6cfg.k6.member_lookup import fold
from k6cfg.k6.secrets import may_hold_secret
from k6cfg.text.scanner import Kind, Token, scan
from k6cfg.text.strict_parser import END, VALUE, Tree, sound
from k6cfg.text.tree import Document


class Sifted(NamedTuple):
    """A document of what stands out, with the places of the whole text, and the keys at the top that were left out."""

    document: Document
    aside: frozenset[str]


_DECIDES: Final = {"systemTags": ("tags", "scenarios")}
"""Keys on whose value it depends what is found under others."""


class _Entry(NamedTuple):
    """A key with its value. ``start`` and ``end`` are those of the whole, ``at`` is where the value starts."""

    key: str
    value: Any
    start: int
    at: int
    end: int


def sift(text: str, known: Mapping[str, Compiled], secrets: frozenset[str], *, script: bool) -> Sifted | None:
    """What stands out in a text; None where all of it has to be looked at, for one because it is no JSON.

    ``known`` says what is ordinary under each key at the top, ``secrets`` are the keys that hold secrets, in lower
    case. With ``script`` something is known of the script, and what depends on it stands out.
    """
    try:
        start = _after(_start, text, 0)
        entries, end = _entries(text, start)
    except (ValueError, RecursionError):
        return None
    if text[end:].strip(" \t\r\n"):
        return None
    kept = list(_kept(text, entries, known, secrets, script=script))
    tokens = list(_object(text, start, end, kept))
    tree = Tree()
    stopped = sound(enumerate(tokens), tree, VALUE)
    if stopped.token is not None or stopped.wanted != END:
        return None
    aside = {entry.key for entry in entries} - {entry.key for entry, _ in kept}
    return Sifted(Document(text=text, tokens=tokens, root=tree.top[0]), frozenset(aside))


# -- what is kept -----------------------------------------------------------------------------------------------------


def _kept(
    text: str, entries: Sequence[_Entry], known: Mapping[str, Compiled], secrets: frozenset[str], *, script: bool
) -> "Iterator[tuple[_Entry, Sequence[_Entry]]]":
    """The members that stay, each with those of its own entries that do; with none where it stays whole."""
    folded = [fold(entry.key) for entry in entries]
    alike = Counter(folded) if len(set(folded)) < len(folded) else {}
    bound = {key for key, found in known.items() if found[0] in BY_SCRIPT} if script else set()
    whole = {entry.key for entry in entries if entry.key not in known or alike.get(fold(entry.key), 0) > 1} | bound
    odd = whole | {entry.key for entry in entries if entry.key not in whole and not _good(known, entry)}
    # How the test is driven is one matter: of that all stays, or nothing.
    drivers = {entry.key: entry.value for entry in entries if fold(entry.key) in DRIVERS}
    together = not odd.isdisjoint(drivers) or not driven(drivers)
    needed = {key for key, others in _DECIDES.items() if not odd.isdisjoint(others)}
    telling = may_hold_secret(text, secrets)
    for entry in entries:
        key = entry.key
        driving = together and key in drivers
        if not (driving or key in odd or key in needed or (telling and _telling(text, entry, secrets))):
            continue
        if key in whole or known[key][0] not in BY_ENTRY or type(entry.value) is not dict:
            yield entry, ()
            continue
        check, what = known[key]
        inner, _ = _entries(text, entry.at)
        standing = [
            one
            for one in inner
            if not check({one.key: one.value}, what)
            or (telling and may_hold_secret(text[one.start : one.end], secrets))
        ]
        yield entry, standing or (() if key in odd else inner[:1])


def _good(known: Mapping[str, Compiled], entry: _Entry) -> bool:
    check, what = known[entry.key]
    return check(entry.value, what)


def _telling(text: str, entry: _Entry, secrets: frozenset[str]) -> bool:
    """Whether an ordinary member at the top may hold a secret; none of the keys that k6 reads there is one's name."""
    return isinstance(entry.value, str | dict | list) and may_hold_secret(text[entry.at : entry.end], secrets)


# -- the text, taken apart and put together ----------------------------------------------------------------------------


class _Twice(dict[str, Any]):
    """An object with a key twice, which no check takes for an ordinary one."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


def _no_number(name: str) -> None:
    raise ValueError(name)


_decoder: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_number)


def _entries(text: str, at: int) -> tuple[list[_Entry], int]:
    """The members of the object that starts at an offset, and where it ends.

    Raises:
        ValueError: there is none.
    """
    found: list[_Entry] = []
    at = _after(_opening, text, at)  # behind a quote, or the closing brace
    while text[at - 1] != "}":
        start = at - 1
        key, end = _decoder.raw_decode(text, start)
        inner = _after(_colon, text, end)
        value, end = _decoder.raw_decode(text, inner)
        found.append(_Entry(key, value, start, inner, end))
        at = _after(_next, text, end)
    return found, at


_SPACE: Final = r"[ \t\r\n]*"
_start: Final = re.compile(_SPACE).match
_opening: Final = re.compile(rf'{{{_SPACE}["}}]').match
_colon: Final = re.compile(f"{_SPACE}:{_SPACE}").match
_next: Final = re.compile(rf'{_SPACE}(?:,{_SPACE}"|}})').match


def _after(match: Callable[[str, int], "re.Match[str] | None"], text: str, at: int) -> int:
    found = match(text, at)
    if found is None:
        raise ValueError
    return found.end()


def _object(text: str, start: int, end: int, kept: Sequence[tuple[_Entry, Sequence[_Entry]]]) -> Iterator[Token]:
    """The tokens of an object with some of its members."""
    yield Token(Kind.OPEN_BRACE, start, start + 1)
    for index, (entry, inner) in enumerate(kept):
        if index:
            yield Token(Kind.COMMA, entry.start, entry.start)
        if inner:
            yield from _scanned(text, entry.start, entry.at)
            yield from _object(text, entry.at, entry.end, [(each, ()) for each in inner])
        else:
            yield from _scanned(text, entry.start, entry.end)
    yield Token(Kind.CLOSE_BRACE, end - 1, end)


def _scanned(text: str, start: int, end: int) -> Iterator[Token]:
    kinds, starts, ends = zip(*scan(text[start:end]).plain(), strict=True)
    return map(Token, kinds, map(start.__add__, starts), map(start.__add__, ends))
