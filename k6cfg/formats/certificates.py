"""Client certificates and their keys: PEM text, looked at as far as pure Python can."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from k6cfg.formats import der
from k6cfg.formats.text import Reason
from k6cfg.patterns import late

_BLOCK: Final = late(
    r"(?:^|(?<=\n))-----BEGIN ([^\r\n]*?)-----[ \t]*\r?\n(.*?)(?:^|(?<=\n))-----END \1-----[ \t]*(?=\r?\n|\Z)",
    re.DOTALL,
)
_HEADER: Final = late(r"^[^\r\n:]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*", re.MULTILINE)
_GARBLED: Final = "is cut off or garbled"


class _Block(NamedTuple):
    kind: str
    body: bytes
    encrypted: bool


def certificate(text: str) -> Reason | None:
    """Why k6 refuses the text as a certificate. Source: k6 2.2.0 loads it with Go's ``tls.X509KeyPair``."""
    blocks = [block for block in _blocks(text) if block.kind == "CERTIFICATE"]
    if not blocks:
        return 'holds no certificate: k6 looks for PEM text with "-----BEGIN CERTIFICATE-----"' + _hint(text)
    return _GARBLED if _public(blocks[0], der.of_certificate) is None else None


def private_key(text: str, *, password: bool) -> Reason | None:
    """Why k6 refuses the text as a private key.

    ``password`` says whether one is given beside it; one that does not fit is not found out.
    """
    blocks = _blocks(text)
    keys = [block for block in blocks if _is_key(block)]
    if not keys:
        return 'holds no private key: k6 looks for PEM text with "-----BEGIN … PRIVATE KEY-----"' + _hint(text)
    key = blocks[0] if password else keys[0]
    if key.kind == "ENCRYPTED PRIVATE KEY":
        return "is an encrypted PKCS#8 key, which k6 does not support; take the encryption off"
    if key.encrypted:
        return None if password else "is encrypted, and there is no `password` beside it"
    if password:
        return "is not encrypted, and k6 refuses a `password` for it; remove the password"
    return _GARBLED if _public(key, der.of_private_key) is None else None


def unrelated(certificate_text: str, key_text: str) -> Reason | None:
    """Why a private key does not belong to a certificate, both being fine in themselves.

    Encrypted keys, and keys whose public half would have to be computed, are taken to belong.
    """
    shown = next(block for block in _blocks(certificate_text) if block.kind == "CERTIFICATE")
    kept = next(block for block in _blocks(key_text) if _is_key(block))
    public = _public(shown, der.of_certificate)
    private = None if kept.encrypted else _public(kept, der.of_private_key)
    if public is None or private is None:
        return None
    if public.kind != private.kind:
        return f"is a key of the kind {private.kind}, but the certificate is for one of the kind {public.kind}"
    if public.mark != private.mark and private.mark is not None:
        return "is not the key of this certificate"
    return None


def _is_key(block: _Block) -> bool:
    return block.kind == "PRIVATE KEY" or block.kind.endswith(" PRIVATE KEY")


def _public(block: _Block, read: Callable[[bytes], der.Public]) -> der.Public | None:
    try:
        return read(block.body)
    except der.GarbledError:
        return None


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
