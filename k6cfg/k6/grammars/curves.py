"""The public half of a private key on the elliptic curves that Go knows. Whoever measures time may learn the key."""

from typing import Final, NamedTuple, TypeAlias

_Point: TypeAlias = "tuple[int, int] | None"


class Curve(NamedTuple):
    """A curve y² = x³ - 3x + b over the numbers below ``prime``, with a point whose multiples are ``order`` many."""

    prime: int
    order: int
    b: int
    base: tuple[int, int]

    @property
    def size(self) -> int:
        """How many bytes a number takes."""
        return (self.prime.bit_length() + 7) // 8

    def has(self, x: int, y: int) -> bool:
        """Whether a point is on the curve."""
        prime = self.prime
        return x < prime and y < prime and (y * y - (x * x * x - 3 * x + self.b)) % prime == 0

    def public(self, private: int) -> bytes:
        """The point that belongs to a private number, uncompressed."""
        point, double, left = None, self.base, private
        while left:
            if left & 1:
                point = self._sum(point, double)
            double, left = self._sum(double, double) or double, left >> 1
        x, y = point or (0, 0)
        return b"\x04" + x.to_bytes(self.size, "big") + y.to_bytes(self.size, "big")

    def _sum(self, one: _Point, other: _Point) -> _Point:
        if one is None or other is None:
            return one or other
        prime = self.prime
        if one[0] == other[0]:
            if (one[1] + other[1]) % prime == 0:
                return None
            slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, prime)
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, prime)
        x = (slope * slope - one[0] - other[0]) % prime
        return x, (slope * (one[0] - x) - one[1]) % prime


CURVES: Final = {
    bytes.fromhex("2b81040021"): Curve(
        2**224 - 2**96 + 1,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF16A2E0B8F03E13DD29455C5C2A3D,
        0xB4050A850C04B3ABF54132565044B0B7D7BFD8BA270B39432355FFB4,
        (
            0xB70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21,
            0xBD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34,
        ),
    ),
    bytes.fromhex("2a8648ce3d030107"): Curve(
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        (
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        ),
    ),
    bytes.fromhex("2b81040022"): Curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        (
            0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
            0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        ),
    ),
    bytes.fromhex("2b81040023"): Curve(
        2**521 - 1,
        0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
        0x51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
        (
            0x00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
            0x011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
        ),
    ),
}
"""By the bytes of their names: P-224, P-256, P-384 and P-521."""

_PRIME: Final = 2**255 - 19
_TWIST: Final = -121665 * pow(121666, -1, _PRIME) % _PRIME
_BASE: Final = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def ed25519_public(seed: bytes) -> bytes:
    """The public key of Ed25519 that belongs to 32 private bytes: RFC 8032, 5.1.5."""
    import hashlib

    digest = bytearray(hashlib.sha512(seed).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    left, point, double = int.from_bytes(digest, "little"), (0, 1), _BASE
    while left:
        if left & 1:
            point = _twisted_sum(point, double)
        double, left = _twisted_sum(double, double), left >> 1
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _twisted_sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    product = _TWIST * one[0] * other[0] * one[1] * other[1]
    x = (one[0] * other[1] + one[1] * other[0]) * pow(1 + product, -1, _PRIME)
    y = (one[1] * other[1] + one[0] * other[0]) * pow(1 - product, -1, _PRIME)
    return x % _PRIME, y % _PRIME
