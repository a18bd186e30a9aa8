"""``tlsAuth`` holds certificates with their keys."""

from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Diagnostic, Rule
from k6cfg.formats import certificate, private_key, unrelated
from k6cfg.reading import Read, Reading, Script, name_of
from k6cfg.rules.finding import CHECKS, remark, unloadable
from k6cfg.schema import Schema

RULE = Rule("client-certificate", CHECKS, "A client certificate or its key is no PEM text that k6 can read.")

_CERTIFICATE: Final = "cert"
_KEY: Final = "key"
_PASSWORD: Final = "password"  # noqa: S105  # the name of the key


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, lib/options.go: ``TLSAuth.UnmarshalJSON`` loads the pair at once; a null entry crashes a run."""
    auth = reading.get("tlsAuth")
    for entry in auth.entries if auth is not None else ():
        if entry.failed or entry.strange or any(each.failed for each in entry.fields.values()):
            continue
        if not entry.valid:
            yield remark(RULE, entry, f"{name_of(entry)} is null; k6 crashes when it connects to a host", "remove it")
            continue
        yield from _pair(entry)


def _pair(entry: Read) -> Iterator[Diagnostic]:
    texts = {key: entry.fields.get(key) for key in (_CERTIFICATE, _KEY)}
    password = entry.get(_PASSWORD) is not None
    for key, read in texts.items():
        text = read.string if read is not None else ""
        reason = certificate(text) if key == _CERTIFICATE else private_key(text, password=password)
        if reason is not None:
            place = read if read is not None else entry
            yield unloadable(RULE, place, f"{name_of(entry)} has no `{key}`" if read is None else f"`{key}` {reason}")
            return
    certificate_, key_ = texts[_CERTIFICATE], texts[_KEY]
    reason = unrelated(certificate_.string, key_.string) if certificate_ is not None and key_ is not None else None
    if key_ is not None and reason is not None:
        yield unloadable(RULE, key_, f"`{_KEY}` {reason}")
