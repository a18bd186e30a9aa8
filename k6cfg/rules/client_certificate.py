"""``tlsAuth`` holds certificates with their keys."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Place, Read, Reading, Script, name_of
from k6cfg.k6.decode.diagnostics import Findings
from k6cfg.k6.decode.plan import decode
from k6cfg.k6.decode.scalars import go_text
from k6cfg.k6.grammars import certificate, private_key, unrelated
from k6cfg.k6.member_lookup import fold
from k6cfg.rules.builders import CHECKS, remark, unloadable
from k6cfg.rules.unknown_key import meant_in
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.tree import Object

RULE = Rule("client-certificate", CHECKS, "A client certificate or its key is no PEM text that k6 can read.")

_CERTIFICATE: Final = "cert"
_KEY: Final = "key"
_PASSWORD: Final = "password"  # noqa: S105  # the name of the key


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, lib/options.go: ``TLSAuth.UnmarshalJSON`` loads the pair at once; a null entry crashes a run.

    So of several ``tlsAuth`` each is loaded, though the last one counts. An entry that loaded is not loaded again when
    a later one is decoded into it.
    """
    loaded: set[int] = set()
    for auth, last in _occurrences(reading):
        for entry in auth.entries if auth.valid and not auth.failed else ():
            if entry.failed:
                continue
            if not entry.valid:
                if last:
                    message = f"{name_of(entry)} is null; k6 crashes when it connects to a host"
                    yield remark(RULE, entry, message, "remove it")
                continue
            if id(entry) not in loaded:
                faults = list(_pair(entry, reading))
                yield from faults
                loaded |= set() if faults else {id(entry)}


def _occurrences(reading: Reading) -> Iterator[tuple[Read, bool]]:
    """Yield ``tlsAuth`` as it is after each member with that key was decoded, and whether that was the last one."""
    final = reading.root.fields.get("tlsAuth")
    if final is None:
        return
    document, root = reading.document, reading.root.text
    name = fold(final.known.name)
    found = [
        member
        for member in (root.members if isinstance(root, Object) else ())
        if member.key is not None and fold(go_text(document.string(member.key))) == name
    ]
    if len(found) == 1:
        yield final, True
        return
    ignored = Findings(document, reading.schema.version)
    auth = Read(final.known, final.place, None)
    for index, member in enumerate(found):
        auth.place, auth.text, auth.member = Place(None, document.key(member)), member.value, member
        decode(ignored, auth, member.value)
        yield auth, index == len(found) - 1


def _pair(entry: Read, reading: Reading) -> Iterator[Diagnostic]:
    """What is wrong with a certificate, with its key, or with the two together; nothing of what could not be read."""
    misspelt = meant_in(reading, entry)
    protection = entry.fields.get(_PASSWORD)
    password = protection is not None and (protection.valid or protection.failed)
    missing = tuple(key for key in (_CERTIFICATE, _KEY) if key not in entry.fields and key not in misspelt)
    if missing:
        listed = " and no ".join(f"`{key}`" for key in missing)
        help_ = f"add {listed.replace(' and no ', ' and ')}, as PEM text"
        yield unloadable(RULE, entry, f"{name_of(entry)} has no {listed}", help_, lacks=missing)
    good = []
    for key in (_CERTIFICATE, _KEY):
        read = entry.fields.get(key)
        if read is None or read.failed or (key == _KEY and protection is not None and protection.failed):
            continue
        reason = certificate(read.string) if key == _CERTIFICATE else private_key(read.string, password=password)
        if reason is None:
            good.append(read)
        else:
            yield unloadable(RULE, read, f"`{key}` {reason}")
    if len(good) == len((_CERTIFICATE, _KEY)):
        reason = unrelated(good[0].string, good[1].string)
        if reason is not None:
            yield unloadable(RULE, good[1], f"`{_KEY}` {reason}")
