"""Certificates and private keys for tests: as much of them as Go reads, made of numbers that everybody knows."""

import base64

from k6cfg.k6 import grammars
from k6cfg.k6.grammars.curves import CURVES, ed25519_public

RSA_NAME, EC_NAME, ED25519_NAME = "2a864886f70d010101", "2a8648ce3d0201", "2b6570"
P256, P224, P521, SECP256K1 = "2a8648ce3d030107", "2b81040021", "2b81040023", "2b8104000a"
_NULL = b"\x05\x00"
_EXPONENT = 65537
_PRIMES = (2**521 - 1, 2**607 - 1)
_OTHERS = (2**521 - 1, 2**1279 - 1)


def tlv(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | len(digits)]) + digits) + content


def number(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def name(of: str) -> bytes:
    return tlv(0x06, bytes.fromhex(of))


def pem(kind: str, data: bytes, headers: str = "") -> str:
    body = base64.encodebytes(data).decode()
    return f"-----BEGIN {kind}-----\n{headers}{body}-----END {kind}-----\n"


def certificate(algorithm: bytes, public: bytes) -> str:
    """A certificate whose signature is none: nobody asks for that before it is used."""
    signed = tlv(0x30, name("2a864886f70d01010b"), _NULL)
    who = tlv(0x30, tlv(0x31, tlv(0x30, name("550403"), tlv(0x13, b"a.test"))))
    when = tlv(0x30, tlv(0x17, b"260101000000Z"), tlv(0x18, b"20500101000000Z"))
    key = tlv(0x30, tlv(0x30, algorithm), tlv(0x03, b"\0", public))
    more = tlv(0xA3, tlv(0x30, tlv(0x30, name("551d13"), tlv(0x01, b"\xff"), tlv(0x04, tlv(0x30, tlv(0x01, b"\xff"))))))
    body = tlv(0x30, tlv(0xA0, number(2)), number(77), signed, who, when, who, key, more)
    return pem("CERTIFICATE", tlv(0x30, body, signed, tlv(0x03, b"\0none")))


def wrapped(algorithm: bytes, key: bytes) -> str:
    """A key as PKCS#8 has it."""
    return pem("PRIVATE KEY", tlv(0x30, number(0), tlv(0x30, algorithm), tlv(0x04, key)))


def rsa_key(primes: tuple[int, int] = _PRIMES) -> bytes:
    one, other = primes
    private = pow(_EXPONENT, -1, (one - 1) * (other - 1))
    rest = (private % (one - 1), private % (other - 1), pow(other, -1, one))
    return tlv(0x30, *map(number, (0, one * other, _EXPONENT, private, one, other, *rest)))


def rsa_certificate(primes: tuple[int, int] = _PRIMES) -> str:
    numbers = tlv(0x30, number(primes[0] * primes[1]), number(_EXPONENT))
    return certificate(name(RSA_NAME) + _NULL, numbers)


def ec_key(curve: str = P256, private: int = 12345, *, named: bool = True) -> bytes:
    size = CURVES[bytes.fromhex(P256 if curve == SECP256K1 else curve)].size
    return tlv(0x30, number(1), tlv(0x04, private.to_bytes(size, "big")), tlv(0xA0, name(curve)) if named else b"")


def ec_certificate(curve: str = P256, private: int = 12345) -> str:
    public = CURVES[bytes.fromhex(P256 if curve == SECP256K1 else curve)].public(private)
    return certificate(name(EC_NAME) + name(curve), public)


RSA = rsa_certificate(), pem("RSA PRIVATE KEY", rsa_key())
RSA_8 = RSA[0], wrapped(name(RSA_NAME) + _NULL, rsa_key())
OTHER_RSA = rsa_certificate(_OTHERS), pem("RSA PRIVATE KEY", rsa_key(_OTHERS))
EC = ec_certificate(), pem("EC PARAMETERS", name(P256)) + pem("EC PRIVATE KEY", ec_key())
EC_8 = ec_certificate(P224), wrapped(name(EC_NAME) + name(P224), ec_key(P224, named=False))
LARGE_EC = ec_certificate(P521), pem("EC PRIVATE KEY", ec_key(P521))
UNSUPPORTED = ec_certificate(SECP256K1), pem("EC PRIVATE KEY", ec_key(SECP256K1))
ED25519 = certificate(name(ED25519_NAME), ed25519_public(b"x" * 32)), wrapped(name(ED25519_NAME), tlv(0x04, b"x" * 32))
PAIRS = [RSA, RSA_8, OTHER_RSA, EC, EC_8, LARGE_EC, UNSUPPORTED, ED25519]
ENCRYPTED = pem("RSA PRIVATE KEY", b"?", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n")


def fits(pair: tuple[str, str]) -> bool:
    """Whether k6cfg has nothing against a certificate with its key."""
    shown, kept = pair
    refused = grammars.certificate(shown) or grammars.private_key(kept, password=False)
    return refused is None and grammars.unrelated(shown, kept) is None
