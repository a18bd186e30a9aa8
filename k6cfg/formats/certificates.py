"""Client certificates and their keys: PEM text, looked at as far as pure Python can."""

import re
from typing import Final, NamedTuple

from k6cfg.formats.text import Reason

_BLOCK: Final = re.compile(
    r"(?:^|(?<=\n))-----BEGIN ([^\r\n]*?)-----[ \t]*\r?\n(.*?)(?:^|(?<=\n))-----END \1-----[ \t]*(?=\r?\n|\Z)",
    re.DOTALL,
)
_HEADER: Final = re.compile(r"^[^\r\n:]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*", re.MULTILINE)
_SEQUENCE: Final = 0x30


class _Block(NamedTuple):
    kind: str
    body: bytes
    encrypted: bool


def certificate(text: str) -> Reason | None:
    """Why k6 refuses the text as a certificate. Source: k6 2.2.0 loads it with Go's ``tls.X509KeyPair``."""
    blocks = [block for block in _blocks(text) if block.kind == "CERTIFICATE"]
    if not blocks:
        return 'holds no certificate: k6 looks for PEM text with "-----BEGIN CERTIFICATE-----"' + _hint(text)
    return None if _whole(blocks[0].body) else "holds a certificate that is cut off or garbled"


def private_key(text: str, *, password: bool) -> Reason | None:
    """Why k6 refuses the text as a private key; whether it belongs to the certificate is not looked at.

    ``password`` says whether one is given beside it; one that does not fit is not found out.
    """
    blocks = _blocks(text)
    keys = [block for block in blocks if block.kind == "PRIVATE KEY" or block.kind.endswith(" PRIVATE KEY")]
    if not keys:
        return 'holds no private key: k6 looks for PEM text with "-----BEGIN … PRIVATE KEY-----"' + _hint(text)
    key = blocks[0] if password else keys[0]
    if key.kind == "ENCRYPTED PRIVATE KEY":
        return "is an encrypted PKCS#8 key, which k6 does not support; take the encryption off"
    if key.encrypted:
        return None if password else "is encrypted, and there is no `password` beside it"
    if password:
        return "is not encrypted, and k6 refuses a `password` for it; remove the password"
    return None if _whole(key.body) else "holds a key that is cut off or garbled"


def _hint(text: str) -> str:
    if "-----BEGIN" in text:
        return ", each line of it on its own (\\n in JSON)"
    if len(text) < 300 and re.search(r"\.(pem|crt|cer|key)$", text):
        return "; a file name does not do, the content has to stand here"
    return ""


def _blocks(text: str) -> list[_Block]:
    import base64
    import binascii

    found: list[_Block] = []
    for kind, content in _BLOCK.findall(text):
        headers = _HEADER.match(content.lstrip("\r\n"))
        encrypted = headers is not None and "ENCRYPTED" in content
        lines = [line for line in content.splitlines() if ":" not in line]
        try:
            body = base64.b64decode("".join(lines).replace(" ", ""), validate=True)
        except binascii.Error:
            continue  # Go passes over it
        found.append(_Block(kind, body, encrypted))
    return found


def _whole(body: bytes) -> bool:
    """Whether the bytes are one DER sequence, no more and no less."""
    if len(body) < 2 or body[0] != _SEQUENCE:
        return False
    length, start = body[1], 2
    if length & 0x80:
        size = length & 0x7F
        if not 0 < size < 5:
            return False
        length, start = int.from_bytes(body[2 : 2 + size], "big"), 2 + size
    return len(body) == start + length
