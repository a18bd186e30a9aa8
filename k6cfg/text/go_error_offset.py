"""Where k6 stops reading a text that is no JSON."""

import re
from typing import Final

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PLAIN: Final = r'[^"\\\x00-\x1f]*'
_STRING: Final = re.compile(rf'"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN})*')
_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_EXPONENT: Final = re.compile(r"[eE][+-]?")
_FRACTION: Final = re.compile(rf"\.|{_EXPONENT.pattern}")
_WORDS: Final = {"t": "true", "f": "false", "n": "null"}


def stop(text: str) -> int:
    """The offset of the first character that no JSON could have there, as Go's scanner finds it; linear in the text.

    The length of the text where k6 reads on to its end.
    """
    at, expects = 0, "value"
    stack: list[str] = []
    while True:
        at = _past(_SPACE, text, at)
        sign = text[at : at + 1]
        if sign == '"' and expects in {"value", "]", "key", "}"}:
            at = _past(_STRING, text, at)
            if text[at : at + 1] != '"':
                return _past(_ESCAPE, text, at)
            at, expects = at + 1, "colon" if expects in {"key", "}"} else "end"
        elif expects in {"value", "]"} and sign and sign in "{[":
            stack.append(sign)
            at, expects = at + 1, "}" if sign == "{" else "]"
        elif expects in {"value", "]"} and sign and sign in "-0123456789tfn":
            whole, at = _scalar(text, at)
            if not whole:
                return at
            expects = "end"
        elif expects == "colon" and sign == ":":
            at, expects = at + 1, "value"
        elif expects == "end" and sign == "," and stack:
            at, expects = at + 1, "key" if stack[-1] == "{" else "value"
        elif stack and stack[-1] + sign in {"{}", "[]"} and expects in {"end", sign}:
            stack.pop()
            at, expects = at + 1, "end"
        else:
            return at


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _scalar(text: str, at: int) -> tuple[bool, int]:
    """Whether a number or word is whole, and where it ends or stops being one."""
    word = _WORDS.get(text[at])
    if word is not None:
        same = next((i for i, letter in enumerate(word) if text[at + i : at + i + 1] != letter), len(word))
        return same == len(word), at + same
    found = _NUMBER.match(text, at)
    if found is None:
        return False, at + 1  # a minus alone
    fraction, exponent = found.groups()
    end = found.end()
    begun = end if exponent else _past(_EXPONENT if fraction else _FRACTION, text, end)
    return begun == end, begun
