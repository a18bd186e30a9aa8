"""Bytes to text and back, byte for byte.

k6 reads UTF-8 alone, without a byte order mark. Everything else is decoded too, so that it can be shown and mended.
"""

import codecs
from typing import Final, NamedTuple

UTF_8: Final = "utf-8"
BYTE_ORDER_MARK: Final = "\ufeff"

_MARKS: Final = (  # the longer ones first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 512
_UNDECODABLE: Final = range(0xDC80, 0xDD00)


class Decoded(NamedTuple):
    """A text and the encoding it was in.

    A byte order mark is the first character of the text. In UTF-8, a byte that is not valid is one of the characters
    U+DC80 to U+DCFF (Python's ``surrogateescape``), so that ``encode`` gives it back unchanged.
    """

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text of a file; never fails, and ``encode`` of the result is always ``data`` again."""
    encoding = _wide_encoding(data)
    if encoding is not None:
        try:
            text = data.decode(encoding, "surrogatepass")
        except UnicodeDecodeError:
            text = ""
        # A file that is cut in the middle of a character has to come back whole as well.
        if text and text.encode(encoding, "surrogatepass") == data:
            return Decoded(text, encoding)
    return Decoded(data.decode(UTF_8, "surrogateescape"), UTF_8)


def encode(text: str, encoding: str = UTF_8) -> bytes:
    """The bytes of a decoded text. Raises UnicodeEncodeError for surrogates that stand for no byte."""
    return text.encode(encoding, "surrogateescape" if encoding == UTF_8 else "surrogatepass")


def undecodable(character: str) -> bool:
    """Whether a character of a decoded UTF-8 text stands for a byte that is not valid UTF-8."""
    return ord(character) in _UNDECODABLE


def byte_of(character: str) -> int:
    """The byte that an undecodable character stands for."""
    return ord(character) - 0xDC00


def _wide_encoding(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # JSON begins with ASCII, so in UTF-16 without a mark every other byte of its beginning is NUL.
    sample = data[: _SAMPLE - _SAMPLE % 2]
    if len(sample) < 2 or len(data) % 2:
        return None
    even, odd = sample[0::2], sample[1::2]
    if data[0] and odd.count(0) * 4 > len(odd) * 3 and even.count(0) * 4 < len(even):
        return "utf-16-le"
    if data[1] and even.count(0) * 4 > len(even) * 3 and odd.count(0) * 4 < len(odd):
        return "utf-16-be"
    return None
