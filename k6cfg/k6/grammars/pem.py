"""PEM text, taken apart as Go's encoding/pem does: what is no block is passed over."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from k6cfg.text.lazy_regex import late

_BEGIN: Final = b"-----BEGIN "
_END: Final = b"\n-----END "
_DASHES: Final = b"-----"
_BASE64: Final = late(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)
_QUARTET: Final = 4
_MOST: Final = 1000
"""Each beginning that nothing ends costs a look at all that follows."""


class Block(NamedTuple):
    """What stands between two lines of dashes; ``kind`` is what they name."""

    kind: str
    headers: Mapping[str, str]
    body: bytes


def blocks(text: str) -> list[Block]:
    """The blocks of a text, in order; nothing is looked for behind more beginnings than any text of keys has."""
    found: list[Block] = []
    rest = text.encode("utf-8", "replace")
    for _ in range(_MOST):
        start = _start(rest)
        if start is None:
            break
        line, rest = _line(rest[start:])
        taken = _block(line[: -len(_DASHES)], rest) if line.endswith(_DASHES) else None
        if taken is not None:
            block, rest = taken
            found.append(block)
    return found


def _start(rest: bytes) -> int | None:
    """Where the kind of the next block stands; at the very beginning no line end is needed before it."""
    if rest.startswith(_BEGIN):
        return len(_BEGIN)
    at = rest.find(b"\n" + _BEGIN)
    return None if at < 0 else at + 1 + len(_BEGIN)


def _line(rest: bytes) -> tuple[bytes, bytes]:
    """The first line without the white space at its end, and what follows it."""
    line, ending, after = rest.partition(b"\n")
    return (line.removesuffix(b"\r") if ending else line).rstrip(b" \t"), after


def _block(kind: bytes, rest: bytes) -> tuple[Block, bytes] | None:
    """The block whose first line has been read, and what follows it; None where it is none."""
    headers: dict[str, str] = {}
    at = 0
    while at < len(rest):
        ending = rest.find(b"\n", at)
        key, colon, value = rest[at : ending if ending >= 0 else len(rest)].partition(b":")
        if not colon:
            break
        headers[_plain(key)] = _plain(value)
        at = ending + 1 if ending >= 0 else len(rest)
    rest = rest[at:]
    if not rest:
        return None
    empty = not headers and rest.startswith(_END[1:])
    end = 0 if empty else rest.find(_END)
    trailer = rest[end + len(_END) - empty :]
    closing, nothing = kind + _DASHES, trailer[len(kind) + len(_DASHES) :]
    if end < 0 or not trailer.startswith(closing) or _line(nothing)[0]:
        return None
    content = rest[:end].decode("latin-1").translate(_BLANKS)
    if _BASE64.fullmatch(content) is None or len(content) % _QUARTET:
        return None
    import base64

    return Block(kind.decode("latin-1"), headers, base64.b64decode(content)), _line(trailer)[1]


def _plain(piece: bytes) -> str:
    return piece.strip().decode("latin-1")


_BLANKS: Final = dict.fromkeys(map(ord, " \t\r\n"))
