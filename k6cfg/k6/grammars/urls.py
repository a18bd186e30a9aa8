"""Addresses as Go's ``url.Parse`` reads them, as far as k6's outputs need it."""

from typing import Final, NamedTuple

from k6cfg.k6.grammars.quote import Reason
from k6cfg.text.lazy_regex import late

_SCHEME: Final = late(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_CONTROL: Final = late(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE: Final = late(r"%(?![0-9A-Fa-f]{2})")
_PORT: Final = late(r"[0-9]*")
_NOT_IN_HOST: Final = late(r"[\s\"<>\\^`{|}]")


class Url(NamedTuple):
    """The parts of an address. ``host`` is empty where there is none; ``query`` has each pair, in its order."""

    scheme: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]


def parse_url(text: str) -> Url | Reason:
    """The parts of an address, or why Go refuses it.

    Source: Go 1.24, net/url ``parse`` and ``parseAuthority``. Of what Go refuses in a host, only what people type.
    """
    if _CONTROL.search(text):
        return "holds a control character"
    rest, _, _ = text.partition("#")
    if rest.startswith(":"):
        return "has no scheme, such as http, before the colon"
    found = _SCHEME.match(rest)
    scheme = found.group().lower() if found else ""
    rest = rest[found.end() + 1 :] if found else rest
    rest, _, query = rest.partition("?")
    if not rest.startswith("/"):
        if scheme:  # an opaque address: neither host nor path
            return Url(scheme, "", "", parse_query(query))
        if ":" in rest.partition("/")[0]:
            return "has a colon before its first slash, and no scheme such as http:// in front"
        return Url("", "", rest, parse_query(query)) if not _BAD_ESCAPE.search(rest) else _ESCAPES
    host, path = "", rest
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        path = slash + path
        user, at, host = authority.rpartition("@")
        if at and _BAD_ESCAPE.search(user):
            return _ESCAPES
        if (reason := _host_reason(host)) is not None:
            return reason
    return Url(scheme, host, path, parse_query(query)) if not _BAD_ESCAPE.search(path) else _ESCAPES


_ESCAPES: Final = "has a % without two hexadecimal digits after it"


def _host_reason(host: str) -> Reason | None:
    if _NOT_IN_HOST.search(host):
        return "has a host with a character that no host may have"
    if host.startswith("["):
        _, bracket, port = host.partition("]")
        if not bracket:
            return "has a [ without its ]"
        if port and not port.startswith(":"):
            return "has a port that is no number"
        port = port[1:]
    else:
        port = host.rpartition(":")[2] if ":" in host else ""
    return None if _PORT.fullmatch(port) else "has a port that is no number"


def parse_query(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a query, as Go's ``url.ParseQuery`` reads them; those that it cannot read are left out."""
    found = []
    for pair in text.split("&"):
        if not pair or ";" in pair or _BAD_ESCAPE.search(pair):
            continue
        name, _, value = pair.partition("=")
        found.append((_unescaped(name), _unescaped(value)))
    return tuple(found)


def _unescaped(text: str) -> str:
    plain = text.replace("+", " ")
    if "%" not in plain:
        return plain
    from urllib.parse import unquote

    return unquote(plain)
