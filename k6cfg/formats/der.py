"""As much of DER as it takes to see whether a private key belongs to a certificate."""

from typing import Final, NamedTuple

_INTEGER: Final = 0x02
_BITS: Final = 0x03
_OCTETS: Final = 0x04
_NAME: Final = 0x06
_SEQUENCE: Final = 0x30
_VERSION: Final = 0xA0  # the optional field 0
_PUBLIC: Final = 0xA1  # the optional field 1

RSA: Final = "RSA"
EC: Final = "EC"
_KINDS: Final = {
    bytes.fromhex("2a864886f70d010101"): RSA,
    bytes.fromhex("2a8648ce3d0201"): EC,
    bytes.fromhex("2b6570"): "Ed25519",
}


class GarbledError(ValueError):
    """Bytes that are not what they should be; caught where they are looked at."""


class Public(NamedTuple):
    """The public half of a key: its kind, and what tells it from others of that kind, where that is to be had."""

    kind: str
    mark: bytes | None


class _Field(NamedTuple):
    tag: int
    content: bytes


def _fields(data: bytes) -> list[_Field]:
    """The fields of a sequence's content.

    Raises:
        GarbledError: a length points beyond the end, or is written in more than four bytes.
    """
    found: list[_Field] = []
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise GarbledError
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            if not 0 < size < 5 or at + size > len(data):
                raise GarbledError
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        if at + length > len(data):
            raise GarbledError
        found.append(_Field(tag, data[at : at + length]))
        at += length
    return found


def _sequence(data: bytes) -> list[_Field]:
    """The fields of bytes that are one sequence, no more and no less."""
    outer = _fields(data)
    if len(outer) != 1 or outer[0].tag != _SEQUENCE:
        raise GarbledError
    return _fields(outer[0].content)


def _kind(algorithm: _Field) -> str:
    names = _fields(algorithm.content) if algorithm.tag == _SEQUENCE else []
    if not names or names[0].tag != _NAME:
        raise GarbledError
    return _KINDS.get(names[0].content, "other")


def of_certificate(data: bytes) -> Public:
    """The public key in an X.509 certificate.

    Raises:
        GarbledError: the bytes are no certificate.
    """
    parts = _sequence(data)
    if [part.tag for part in parts] != [_SEQUENCE, _SEQUENCE, _BITS]:
        raise GarbledError
    fields = _fields(parts[0].content)
    if fields and fields[0].tag == _VERSION:
        fields = fields[1:]
    # Serial number, signature, issuer, validity, subject, public key.
    if [field.tag for field in fields[:6]] != [_INTEGER, *[_SEQUENCE] * 5]:
        raise GarbledError
    key = _fields(fields[5].content)
    if [field.tag for field in key] != [_SEQUENCE, _BITS] or not key[1].content:
        raise GarbledError
    kind, bits = _kind(key[0]), key[1].content[1:]
    if kind == RSA:
        numbers = _sequence(bits)
        if not numbers or numbers[0].tag != _INTEGER:
            raise GarbledError
        return Public(kind, numbers[0].content)
    return Public(kind, bits)


def of_private_key(data: bytes, *, inside: bool = False) -> Public:
    """The public key that belongs to a private one: PKCS#1, PKCS#8 or SEC 1, as Go tries them.

    ``inside`` says that the key was found in a PKCS#8 one, which holds no other of that sort.

    Raises:
        GarbledError: the bytes are no private key.
    """
    fields = _sequence(data)
    tags = [field.tag for field in fields]
    if tags[:2] == [_INTEGER, _INTEGER] and len(fields) >= 9:
        return Public(RSA, fields[1].content)
    if tags[:3] == [_INTEGER, _SEQUENCE, _OCTETS] and not inside:
        kind = _kind(fields[1])
        return of_private_key(fields[2].content, inside=True) if kind in {RSA, EC} else Public(kind, None)
    if tags[:2] == [_INTEGER, _OCTETS]:
        public = [field.content for field in fields[2:] if field.tag == _PUBLIC]
        bits = _fields(public[0]) if public else []
        return Public(EC, bits[0].content[1:] if bits and bits[0].tag == _BITS else None)
    raise GarbledError
