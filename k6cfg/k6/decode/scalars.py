"""How k6 decodes single values. Each function reads one value of the text into what an earlier duplicate left."""

import math
import re
from typing import Final

from k6cfg.k6.decode.diagnostics import BAD_NUMBER, ODD_TYPE, Findings, name_of
from k6cfg.k6.decode.value import Read
from k6cfg.k6.grammars import parse_float, parse_int
from k6cfg.k6.member_lookup import fold
from k6cfg.text.lazy_regex import late
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Document, Node, Object, Scalar, Value

_SURROGATE: Final = late("[\ud800-\udfff]")
_WHOLE: Final = late(r"-?[0-9]+", re.ASCII)
_LONGEST: Final = 20  # digits of a number that a message may show
_WORDS: Final = {"true": "true", "false": "false"}


def go_string(document: Document, scalar: Scalar) -> str:
    """A string as Go reads it: bytes that are no UTF-8 and lone surrogates become U+FFFD, silently."""
    return go_text(document.string(scalar))


def go_text(text: str) -> str:
    """The meaning of a string as Go reads it."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def is_string(value: Value | None) -> bool:
    """Whether a value is a JSON string."""
    return isinstance(value, Scalar) and value.kind is Kind.STRING


def is_null(value: Value | None) -> bool:
    """Whether a value is null."""
    return isinstance(value, Scalar) and value.kind is Kind.NULL


def is_number(value: Value | None) -> bool:
    """Whether a value is a JSON number."""
    return isinstance(value, Scalar) and value.kind is Kind.NUMBER


# -- guregu/null v3: decoded by way of interface{}, and from objects too ----------------------------------------------


def null_int(found: Findings, read: Read, value: Value) -> None:
    """``null.Int``: a whole number, or one in quotes; ``""`` is null."""
    if is_number(value):
        _whole_number(found, read, value)
    elif isinstance(value, Scalar) and value.kind is Kind.STRING:
        text = go_string(found.document, value)
        if not text:
            read.valid = False
            found.remark(ODD_TYPE, read, f"{name_of(read)} is an empty text; k6 reads it as not set", "write null")
            return
        number = parse_int(text)
        if isinstance(number, str):
            found.refuse(BAD_NUMBER, read, f"is a text that {number}", "write a whole number, without quotes")
            return
        read.value, read.valid = number, True
        found.remark(
            ODD_TYPE,
            read,
            f"{name_of(read)} is a number in quotes; k6 reads it as {number}",
            f"write {number}",
            found.replacing(read, str(number)),
        )
    else:
        _null_type(found, read, value, "Int64", "plain-int")


def null_float(found: Findings, read: Read, value: Value) -> None:
    """``null.Float``: a number, or one in quotes; ``""`` is null."""
    if is_number(value):
        read.value, read.valid = float(found.document.source(value)), True
        if math.isinf(read.value):
            found.refuse(BAD_NUMBER, read, "is too large a number")
    elif isinstance(value, Scalar) and value.kind is Kind.STRING:
        text = go_string(found.document, value)
        number = parse_float(text) if text else None
        if isinstance(number, str):
            found.refuse(BAD_NUMBER, read, f"is a text that {number}", "write a number, without quotes")
        else:
            read.value, read.valid = number, number is not None
            found.remark(ODD_TYPE, read, f"{name_of(read)} is a number in quotes", "write it without quotes")
    else:
        _null_type(found, read, value, "Float64", "float")


def null_bool(found: Findings, read: Read, value: Value) -> None:
    """``null.Bool``: true or false, nothing that looks like it."""
    if isinstance(value, Scalar) and value.kind in _LITERALS:
        read.value, read.valid = _LITERALS[value.kind], True
    elif isinstance(value, Scalar) and value.kind is Kind.STRING:
        found.wrong_type(read, value, _WORDS.get(go_string(found.document, value).strip().lower()))
    else:
        _null_type(found, read, value, "Bool", "plain-bool")


def null_string(found: Findings, read: Read, value: Value) -> None:
    """``null.String``: a text, no number."""
    if isinstance(value, Scalar) and value.kind is Kind.STRING:
        read.value, read.valid = go_string(found.document, value), True
    elif isinstance(value, Scalar) and value.kind is not Kind.NULL:
        found.wrong_type(read, value, _as_text(found, read, value))
    else:
        _null_type(found, read, value, "String", "plain-string")


def _as_text(found: Findings, read: Read, value: Scalar) -> str | None:
    """What a number or literal was surely meant to be as a text; of a choice, only one that can be chosen."""
    text = "" if value.kind is Kind.FALSE else found.document.source(value)
    fits = text in read.known.enum if read.known.enum else value.kind is Kind.NUMBER
    return f'"{text}"' if fits else None


_LITERALS: Final = {Kind.TRUE: True, Kind.FALSE: False}


def _null_type(found: Findings, read: Read, value: Value, field: str, type_: str) -> None:
    """Null resets; an object is read as the inner struct of database/sql, a quirk of guregu/null v3.3.0."""
    if is_null(value):
        read.valid = False
    elif isinstance(value, Object):
        _inner_struct(found, read, value, field, type_)
    else:
        found.wrong_type(read, value)


def _inner_struct(found: Findings, read: Read, value: Object, field: str, type_: str) -> None:
    if too_large(found.document, value):
        found.refuse(BAD_NUMBER, read, "holds a number that is too large")
        return
    for member in value.members:
        key = fold(go_string(found.document, member.key)) if member.key is not None else ""
        if member.value is None or is_null(member.value):
            continue
        wanted = type_ if key == fold(field) else "plain-bool" if key == "valid" else None
        if wanted is not None:
            inner = plain(found.document, member.value, wanted)
            if inner is None:
                found.wrong_type(read, value)
                return
            if key == fold(field):
                read.value = inner
    if read.value is None:
        read.value = _ZEROS[type_]
    read.valid = True
    found.remark(
        ODD_TYPE,
        read,
        f"{name_of(read)} is an object; k6 takes it, by a quirk, and reads a single value from its `{field}`",
        "write the value itself",
    )


_ZEROS: Final[dict[str, object]] = {"plain-int": 0, "float": 0.0, "plain-bool": False, "plain-string": ""}


def too_large(document: Document, value: Value) -> bool:
    """Whether a number stands in a value that is none for Go's ``interface{}``, which takes a ``float64``."""
    tokens = document.tokens[value.first : value.last + 1]
    numbers = (document.text[start:end] for kind, start, end in tokens if kind is Kind.NUMBER)
    return any(math.isinf(float(number)) for number in numbers)


def plain(document: Document, value: Value, type_: str) -> object:
    """A value for a Go field of a plain type; ``None`` where Go refuses it."""
    if not isinstance(value, Scalar):
        return None
    if type_ == "plain-bool":
        return _LITERALS.get(value.kind)
    if type_ == "plain-string":
        return go_string(document, value) if value.kind is Kind.STRING else None
    if value.kind is not Kind.NUMBER:
        return None
    text = document.source(value)
    if type_ == "float":
        return float(text)
    number = parse_int(text) if _WHOLE.fullmatch(text) else ""
    return None if isinstance(number, str) else number


def plain_value(found: Findings, read: Read, value: Value) -> None:
    """A Go ``int``, ``bool`` or ``string``: exactly that; null leaves what was there."""
    if is_null(value):
        return
    type_ = read.known.type
    if type_ == "plain-int" and is_number(value):
        _whole_number(found, read, value)
        return
    inner = plain(found.document, value, type_)
    if inner is None:
        text = found.document.source(value) if isinstance(value, Scalar) and value.kind is not Kind.STRING else None
        fits = text is not None and (not read.known.enum or text in read.known.enum)
        quotes = f'"{text}"' if type_ == "plain-string" and fits else None
        if type_ == "plain-bool" and isinstance(value, Scalar) and value.kind is Kind.STRING:
            quotes = _WORDS.get(go_string(found.document, value).strip().lower())
        found.wrong_type(read, value, quotes)
    else:
        read.value, read.valid = inner, True


def _whole_number(found: Findings, read: Read, value: Node) -> None:
    text = found.document.source(value)
    if _WHOLE.fullmatch(text):
        number = parse_int(text)
        if isinstance(number, str):
            found.refuse(BAD_NUMBER, read, f"{number}: the largest is {2**63 - 1}")
        else:
            read.value, read.valid = number, True
        return
    meant = float(text)
    same = meant.is_integer() and abs(meant) < 2**53
    found.refuse(
        BAD_NUMBER,
        read,
        f"is {text}, but has to be a whole number without point and exponent"
        if len(text) < _LONGEST
        else "is not whole",
        f"write {int(meant)}" if same else None,
        found.replacing(read, str(int(meant))) if same else None,
    )
