"""Client certificates and their keys: PEM text, looked at as far as pure Python can."""

import re
from collections.abc import Callable
from typing import Final

from k6cfg.k6.grammars import der
from k6cfg.k6.grammars.pem import Block, blocks
from k6cfg.k6.grammars.quote import Reason

_GARBLED: Final = "is cut off or garbled, or of a kind that Go does not take"


def certificate(text: str) -> Reason | None:
    """Why k6 refuses the text as a certificate. Source: k6 2.2.0 loads it with Go's ``tls.X509KeyPair``."""
    found = [block for block in blocks(text) if block.kind == "CERTIFICATE"]
    if not found:
        return 'holds no certificate: k6 looks for PEM text with "-----BEGIN CERTIFICATE-----"' + _hint(text)
    return _GARBLED if _public(found[0], der.of_certificate) is None else None


def private_key(text: str, *, password: bool) -> Reason | None:
    """Why k6 refuses the text as a private key.

    ``password`` says whether one is given beside it; one that does not fit is not found out.
    """
    found = blocks(text)
    keys = [block for block in found if _is_key(block)]
    if not keys:
        return 'holds no private key: k6 looks for PEM text with "-----BEGIN … PRIVATE KEY-----"' + _hint(text)
    key = found[0] if password else keys[0]
    if key.kind == "ENCRYPTED PRIVATE KEY":
        return "is an encrypted PKCS#8 key, which k6 does not support; take the encryption off"
    if _is_encrypted(key):
        return None if password else "is encrypted, and there is no `password` beside it"
    if password:
        return "is not encrypted, and k6 refuses a `password` for it; remove the password"
    return _GARBLED if _public(key, der.of_private_key) is None else None


def unrelated(certificate_text: str, key_text: str) -> Reason | None:
    """Why a private key does not belong to a certificate, both being fine in themselves.

    Encrypted keys are taken to belong.
    """
    shown = next(block for block in blocks(certificate_text) if block.kind == "CERTIFICATE")
    kept = next(block for block in blocks(key_text) if _is_key(block))
    public = _public(shown, der.of_certificate)
    private = None if _is_encrypted(kept) else _public(kept, der.of_private_key)
    if public is None or private is None:
        return None
    if public.kind != private.kind:
        return f"is a key of the kind {private.kind}, but the certificate is for one of the kind {public.kind}"
    return "is not the key of this certificate" if public.mark != private.mark else None


def _is_key(block: Block) -> bool:
    return block.kind == "PRIVATE KEY" or block.kind.endswith(" PRIVATE KEY")


def _is_encrypted(block: Block) -> bool:
    return "DEK-Info" in block.headers


def _public(block: Block, read: Callable[[bytes], der.Public]) -> der.Public | None:
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
