"""Certificates and private keys in DER, as far as Go's crypto/x509 reads them for a TLS client."""

import re
from contextlib import suppress
from typing import Final, NamedTuple

from k6cfg.k6.grammars.curves import CURVES, ed25519_public
from k6cfg.text.lazy_regex import late

_BOOLEAN: Final = 0x01
_INTEGER: Final = 0x02
_BITS: Final = 0x03
_OCTETS: Final = 0x04
_NAME: Final = 0x06
_UTC_TIME: Final = 0x17
_TIME: Final = 0x18
_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_FIELD: Final = 0xA0  # the optional field 0; those after it follow
_UNIQUE: Final = 0x81  # the identifier of the issuer, and after it that of the subject
_LONG: Final = 0x80
_LONGEST: Final = 4
_NULL: Final = b"\x05\x00"

RSA: Final = "RSA"
EC: Final = "EC"
ED25519: Final = "Ed25519"
_KINDS: Final = {
    bytes.fromhex("2a864886f70d010101"): RSA,
    bytes.fromhex("2a8648ce3d0201"): EC,
    bytes.fromhex("2b6570"): ED25519,
}
_SUBJECT_KEY, _AUTHORITY_KEY, _CONSTRAINTS = (bytes((0x55, 0x1D, last)) for last in (14, 35, 19))
"""Of the extensions those that nearly every certificate has; others are not looked into."""
_SEED: Final = 32
_NEWEST: Final = 2
_BYTE: Final = 8
_MOST_EXPONENT: Final = 2**31 - 1
_WHEN: Final = {
    _UTC_TIME: late(
        r"[0-9][0-9](0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9])?(Z|[+-][0-9]{4})"
    ),
    _TIME: late(
        r"[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](Z|[+-][0-9]{4})"
    ),
}

_NUMBERS: Final = late(r"(?:(?!\x80)[\x80-\xff]{0,4}[\0-\x7f])+")
"""The name of a thing: numbers, each in a few digits of which the last has its first bit off."""
_UTF_8: Final = 0x0C
_TEXTS: Final = {
    _UTF_8: late(r"[\0-\xff]*"),
    0x12: late(r"[0-9 ]*"),
    0x13: late(r"[A-Za-z0-9 '()+,\-./:=?*&]*"),
    0x14: late(r"[\0-\xff]*"),
    0x16: late(r"[\0-\x7f]*"),
    0x1E: late(r"(?:[\0-\xff]{2})*"),
}
"""What may stand in a text of each of the sorts that names are made of."""


class GarbledError(ValueError):
    """Bytes that are not what they should be; caught where they are looked at."""


class Public(NamedTuple):
    """The public half of a key: its kind, and what tells it from others of that kind."""

    kind: str
    mark: bytes


class _Reader:
    """Takes one element after the other. Every method raises ``GarbledError`` where another one stands."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> bytes:
        return self._data[self._at :]

    def next_is(self, *tags: int) -> bool:
        return self._at < len(self._data) and self._data[self._at] in tags

    def whole(self, *tags: int) -> bytes:
        """An element with its tag and length."""
        start = self._at
        if not self.next_is(*tags):
            raise GarbledError
        at, length = self._head(start)
        if at + length > len(self._data):
            raise GarbledError
        self._at = at + length
        return self._data[start : self._at]

    def _head(self, at: int) -> tuple[int, int]:
        """Where the content of an element starts, and how long it says it is."""
        if at + 2 > len(self._data):
            raise GarbledError
        length, at = self._data[at + 1], at + 2
        if length & _LONG:
            size = length ^ _LONG
            digits = self._data[at : at + size]
            length, at = int.from_bytes(digits, "big"), at + size
            # DER writes each length in the shortest way.
            if not 0 < size <= _LONGEST or len(digits) < size or not digits[0] or length < _LONG:
                raise GarbledError
        return at, length

    def optional(self, tag: int, inner: int) -> bytes | None:
        """The content of an element in an optional field, as Go's encoding/asn1 looks for it.

        Of what is around it the length does not count, and what holds another element is as good as absent.
        """
        if not self.left:
            return None
        at, length = self._head(self._at)
        if self._data[self._at] != tag:
            return None
        if not length or at >= len(self._data):
            raise GarbledError
        if self._data[at] != inner:
            self._head(at)
            return None
        self._at = at
        return self.take(inner)

    def take(self, *tags: int) -> bytes:
        """The content of an element."""
        whole = self.whole(*tags)
        size = whole[1] ^ _LONG if whole[1] & _LONG else 0
        return whole[2 + size :]

    def maybe_number(self) -> None:
        """An integer in an optional field."""
        if self.next_is(_INTEGER):
            self.number()
        elif self.left:
            self._head(self._at)

    def inside(self, *tags: int) -> "_Reader":
        """What takes the elements of an element."""
        return _Reader(self.take(*tags))

    def number(self) -> int:
        """An integer, written in the shortest way."""
        content = self.take(_INTEGER)
        if not content or (len(content) > 1 and content[0] in {0, 0xFF} and (content[0] ^ content[1]) < _LONG):
            raise GarbledError
        return int.from_bytes(content, "big", signed=True)

    def bits(self) -> bytes:
        """A string of bits that are whole bytes."""
        content = self.take(_BITS)
        if not content or content[0]:
            raise GarbledError
        return content[1:]

    def end(self) -> None:
        """Nothing may follow."""
        if self.left:
            raise GarbledError


class _Algorithm(NamedTuple):
    name: bytes
    parameters: bytes


def _algorithm(reader: _Reader) -> _Algorithm:
    fields = reader.inside(_SEQUENCE)
    name = fields.take(_NAME)
    return _Algorithm(name, fields.left)


# -- certificates -----------------------------------------------------------------------------------------------------


def of_certificate(data: bytes) -> Public:
    """The public key in an X.509 certificate.

    Raises:
        GarbledError: the bytes are no certificate with a key that Go takes for TLS.
    """
    outer = _Reader(data)
    certificate = outer.inside(_SEQUENCE)
    outer.end()
    fields = certificate.inside(_SEQUENCE)
    version = fields.inside(_FIELD).number() if fields.next_is(_FIELD) else 0
    if not 0 <= version <= _NEWEST:
        raise GarbledError
    fields.number()
    if fields.whole(_SEQUENCE) != certificate.whole(_SEQUENCE):
        raise GarbledError  # how it is signed is said twice
    _distinguished_name(fields)
    valid = fields.inside(_SEQUENCE)
    for _ in range(2):
        _time(valid)
    _distinguished_name(fields)
    public = _public(fields.inside(_SEQUENCE))
    for tag in (_UNIQUE, _UNIQUE + 1):
        if version and fields.next_is(tag):
            fields.take(tag)
    if version == _NEWEST and fields.next_is(_FIELD + 3):
        _extensions(fields.inside(_FIELD + 3).inside(_SEQUENCE))
    certificate.bits()
    return public


def _distinguished_name(fields: _Reader) -> None:
    names = fields.inside(_SEQUENCE)
    while names.left:
        pairs = names.inside(_SET)
        while pairs.left:
            pair = pairs.inside(_SEQUENCE)
            name, tag = pair.take(_NAME), pair.left[0] if pair.left else 0
            text = _TEXTS.get(tag)
            content = pair.take(tag)
            if text is None or not _matches(_NUMBERS, name) or not _matches(text, content):
                raise GarbledError
            if tag == _UTF_8:
                _decoded(content)


def _matches(pattern: re.Pattern[str], content: bytes) -> bool:
    return pattern.fullmatch(content.decode("latin-1")) is not None


def _decoded(content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError:
        raise GarbledError from None


def _time(fields: _Reader) -> None:
    tag = _UTC_TIME if fields.next_is(_UTC_TIME) else _TIME
    content = fields.take(tag)
    if not _matches(_WHEN[tag], content):
        raise GarbledError
    written = content.decode("latin-1")
    first = 2 if tag == _UTC_TIME else 4
    year, month, day = int(written[:first]), int(written[first : first + 2]), int(written[first + 2 : first + 4])
    # Of years of two digits, which end in 1949 and 2049, the one without a leap day is not among them.
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0 or first == 2)
    if day > (29 if leap and month == 2 else _DAYS[month - 1]) or written.endswith(("+0000", "-0000")):
        raise GarbledError


_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _extensions(listed: _Reader) -> None:
    seen: set[bytes] = set()
    while listed.left:
        extension = listed.inside(_SEQUENCE)
        name = extension.take(_NAME)
        _boolean(extension)
        content = _Reader(extension.take(_OCTETS))
        if not _matches(_NUMBERS, name) or name in seen:
            raise GarbledError
        seen.add(name)
        if name == _SUBJECT_KEY:
            content.take(_OCTETS)
        elif name == _AUTHORITY_KEY:
            identifier = content.inside(_SEQUENCE)
            if identifier.next_is(_LONG):
                identifier.take(_LONG)
        elif name == _CONSTRAINTS:
            constraints = content.inside(_SEQUENCE)
            _boolean(constraints)
            constraints.maybe_number()


def _boolean(fields: _Reader) -> None:
    """One that may be left out."""
    if fields.next_is(_BOOLEAN) and fields.take(_BOOLEAN) not in {b"\0", b"\xff"}:
        raise GarbledError


def _public(fields: _Reader) -> Public:
    algorithm = _algorithm(fields)
    kind, bits = _KINDS.get(algorithm.name), fields.bits()
    if kind == RSA and algorithm.parameters == _NULL:
        numbers = _Reader(bits).inside(_SEQUENCE)
        modulus, exponent = numbers.number(), numbers.number()
        if modulus > 0 and exponent > 0:
            return _rsa(modulus)
    if kind == EC:
        curve = CURVES.get(_Reader(algorithm.parameters).take(_NAME))
        size = curve.size if curve is not None else 0
        x, y = (int.from_bytes(half, "big") for half in (bits[1 : 1 + size], bits[1 + size :]))
        if curve is not None and len(bits) == 1 + 2 * size and bits[0] == _OCTETS and curve.has(x, y):
            return Public(kind, bits)
    if kind == ED25519 and not algorithm.parameters and len(bits) == _SEED:
        return Public(kind, bits)
    raise GarbledError


def _rsa(modulus: int) -> Public:
    return Public(RSA, modulus.to_bytes(modulus.bit_length() // 8 + 1, "big"))


# -- private keys -----------------------------------------------------------------------------------------------------


def of_private_key(data: bytes) -> Public:
    """The public key that belongs to a private one: PKCS#1, PKCS#8 or SEC 1, in the order in which Go tries them.

    Raises:
        GarbledError: the bytes are no private key that Go takes.
    """
    for read in (_pkcs1, _pkcs8):
        with suppress(GarbledError):
            return read(data)
    return _sec1(data)


def _pkcs1(data: bytes) -> Public:
    outer = _Reader(data)
    fields = outer.inside(_SEQUENCE)
    outer.end()
    version, modulus, exponent, private, *primes = (fields.number() for _ in range(6))
    if version not in {0, 1} or min(modulus, private, *primes) <= 0 or not 1 < exponent <= _MOST_EXPONENT:
        raise GarbledError
    if any(prime == 1 or (exponent * private - 1) % (prime - 1) for prime in primes):
        raise GarbledError
    if primes[0] * primes[1] != modulus:
        raise GarbledError
    for _ in range(3):  # numbers that only make it quicker, and may be left out
        fields.maybe_number()
    return _rsa(modulus)


def _pkcs8(data: bytes) -> Public:
    fields = _Reader(data).inside(_SEQUENCE)
    fields.number()
    algorithm, inner = _algorithm(fields), fields.take(_OCTETS)
    kind = _KINDS.get(algorithm.name)
    if kind == RSA:
        return _pkcs1(inner)
    if kind == EC:
        named = _Reader(algorithm.parameters)
        return _sec1(inner, named.take(_NAME) if named.next_is(_NAME) else None)
    if kind == ED25519 and not algorithm.parameters:
        seed = _Reader(inner).take(_OCTETS)
        if len(seed) == _SEED:
            return Public(kind, ed25519_public(seed))
    raise GarbledError


def _bits(content: bytes | None) -> None:
    """Bits that Go takes: it is said how many of the last byte do not count, and those are not set."""
    if content is not None and (
        not content
        or content[0] >= _BYTE
        or (content[0] and (len(content) == 1 or content[-1] & ((1 << content[0]) - 1)))
    ):
        raise GarbledError


def _sec1(data: bytes, name: bytes | None = None) -> Public:
    """``name`` is that of the curve, where what is around the key says it."""
    fields = _Reader(data).inside(_SEQUENCE)
    version, private = fields.number(), fields.take(_OCTETS)
    own = fields.optional(_FIELD, _NAME)
    _bits(fields.optional(_FIELD + 1, _BITS))
    curve = CURVES.get(own or b"" if name is None else name)
    number = int.from_bytes(private, "big")
    if version != 1 or curve is None or number >= curve.order:
        raise GarbledError
    return Public(EC, curve.public(number))
