"""Addresses and host names, as Go's net reads them and k6 narrows them."""

import re
from typing import Final

from k6cfg.k6.grammars.durations import parse_int
from k6cfg.k6.grammars.quote import Reason, quoted
from k6cfg.schema.versions import Version
from k6cfg.text.lazy_regex import late

_LABEL: Final = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9])"
_NAME: Final = rf"(?:\*\.?)?(?:(?:{_LABEL}\.)*{_LABEL})?"
_HOSTNAME: Final = late(_NAME, re.ASCII)
_HOST: Final = late(rf"{_NAME}(?::[0-9]{{1,5}})?", re.ASCII)
_MASK: Final = late(r"[0-9]{1,9}", re.ASCII)
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_DOTTED: Final = late(rf"{_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII)
_ODD_ZERO: Final = late(r"(?:^|(?<=\.))0+(?=[0-9])", re.ASCII)
_LONG_GROUP: Final = late(r"\b0+(?=[0-9a-fA-F]{4}(?::|$))", re.ASCII)

LENIENT_ZEROS: Final = Version(0, 35, 0)
"""The first release built with Go 1.17, which rejects ``010.0.0.1``; before, leading zeros were skipped."""
LENIENT_GROUPS: Final = Version(0, 54, 0)
"""The first release built with Go 1.23, which rejects ``::00001``; before, a group could have any number of zeros."""
HOSTS_HAVE_PORTS: Final = Version(0, 28, 0)
HOSTS_ARE_PATTERNS: Final = Version(0, 42, 0)


def ip_address(text: str, version: Version) -> int | Reason:
    """4 or 6 for an address that ``net.ParseIP`` reads; zones (``%eth0``) are none."""
    text = _without_zeros(text, version)
    if _DOTTED.fullmatch(text):
        return 4
    if "%" not in text:
        import ipaddress

        try:
            return ipaddress.ip_address(text).version
        except ValueError:
            pass
    return f"is no IP address: {quoted(text)}"


def _without_zeros(text: str, version: Version) -> str:
    """An address without the zeros that Go passed over in the releases of that time."""
    if version < LENIENT_ZEROS:
        groups, colon, octets = text.rpartition(":")
        text = groups + colon + (_ODD_ZERO.sub("", octets) if "." in octets else octets)
    return _LONG_GROUP.sub("", text) if version < LENIENT_GROUPS and ":" in text else text


def cidr(text: str, version: Version) -> Reason | None:
    """Why ``net.ParseCIDR`` refuses a network such as ``10.0.0.0/8``; a bare address is none."""
    address, slash, mask = text.partition("/")
    family = ip_address(address, version)
    if isinstance(family, str):
        return f"holds {quoted(text)}, which is no network; one looks like 10.0.0.0/8"
    if not slash:
        return f"holds the bare address {quoted(text)}; k6 needs a network, such as {text}/{32 if family == 4 else 128}"
    most = 32 if family == 4 else 128
    if not _MASK.fullmatch(mask) or int(mask) > most:
        return f"holds {quoted(text)}; after the slash there has to be a number from 0 to {most}"
    return None


def network_text(address: str, mask: str) -> str | None:
    """Return the text of a network that k6 before 0.25.0 had as an object: ``10.0.0.0``, ``/wAAAA==`` is 10.0.0.0/8.

    ``mask`` is base64. None where the two are no network.
    """
    import base64
    import ipaddress

    try:
        parsed, octets = ipaddress.ip_address(address), base64.b64decode(mask, validate=True)
    except ValueError:
        return None
    ones = "".join(f"{octet:08b}" for octet in octets).rstrip("0")
    length = len(ones) - 96 if parsed.version == 4 and len(octets) == 16 else len(ones)
    if len(octets) not in {4, 16} or "0" in ones or length < 0 or (parsed.version == 6 and len(octets) == 4):
        return None
    return f"{address}/{length}"


def address_pool(text: str, version: Version) -> Reason | None:
    """Why k6 refuses the addresses to send from: addresses, ranges ``A-B`` and networks, with commas between.

    Source: k6 2.2.0, lib/types/ipblock.go.
    """
    for piece in text.strip().split(","):
        first, dash, last = piece.partition("-")
        if not dash and "/" in piece:
            reason = cidr(piece, version)
        else:
            ends = (first.strip(), last.strip()) if dash else (piece, piece)
            reason = _range_reason(*ends, version)
        if reason is not None:
            return reason
    return None


def _range_reason(first: str, last: str, version: Version) -> Reason | None:
    import ipaddress

    families = [ip_address(each, version) for each in (first, last)]
    wrong = next((family for family in families if isinstance(family, str)), None)
    if wrong is not None:
        return wrong
    if families[0] != families[1]:
        return "mixes IPv4 and IPv6 in one range"
    numbers = [int(ipaddress.ip_address(_without_zeros(each, version))) for each in (first, last)]
    return None if numbers[0] <= numbers[1] else "has a range that ends before it starts"


def hostname_pattern(text: str) -> Reason | None:
    """Why k6 refuses a name to block: letters, digits, dashes and dots, a wildcard at the start alone, no port.

    Source: k6 2.2.0, lib/types/hostnametrie.go, which looks at the name in lower case.
    """
    return None if _HOSTNAME.fullmatch(text.lower()) else _name_reason(text)


def host_pattern(text: str, version: Version) -> Reason | None:
    """Why k6 refuses a key of ``hosts``: as a name to block, but a port may follow. Before 0.42.0 anything goes."""
    if version < HOSTS_ARE_PATTERNS or _HOST.fullmatch(text.lower()):
        return None
    return _name_reason(text)


def _name_reason(text: str) -> Reason:
    if "://" in text:
        return f"is a URL, {quoted(text)}; k6 wants the host name alone"
    if "*" in text[1:]:
        return f"has a wildcard in {quoted(text)} that is not at its start"
    if not text.isascii():
        return f"has letters in {quoted(text)} that k6 does not take; write the name as punycode (xn--…)"
    if "_" in text:
        return f"has an underscore in {quoted(text)}, which k6 does not take"
    return f"is no host name: {quoted(text)}"


def host_address(text: str, version: Version) -> Reason | None:
    """Why k6 refuses what a host is mapped to: an IP address, with a port if wanted.

    k6 2.2.0 checks the port alone; an address that is none is taken and fails when it is used (``ip_address`` tells).
    Before 0.42.0 the address is checked too, and before 0.28.0 there is no port.
    """
    host, port = split_port(text) if version >= HOSTS_HAVE_PORTS else (text, None)
    if version < HOSTS_ARE_PATTERNS:
        family = ip_address(host, version)
        if isinstance(family, str):
            return f"is no IP address: {quoted(text)}"
        port = port or None
    if port is not None and isinstance(parse_int(port), str):
        return f"has a port that is no number in {quoted(text)}"
    return None


def host_with_address(text: str, version: Version) -> Reason | None:
    """Why what a host is mapped to is no address that requests can go to, whether or not k6 looks."""
    host = split_port(text)[0] if version >= HOSTS_HAVE_PORTS else text
    family = ip_address(host, version)
    return family if isinstance(family, str) else host_address(text, version)


def split_port(text: str) -> tuple[str, str | None]:
    """The host and the port of an address as ``net.SplitHostPort`` cuts it; where it cannot, all is the host."""
    last = text.rfind(":")
    if last < 0:
        return text, None
    if text.startswith("["):
        end = text.find("]")
        if end < 0 or end + 1 != last:
            return text, None
        host, tail = text[1:end], text[end + 1 :]
        whole = "[" in text[1:] or "]" in tail
    else:
        host = text[:last]
        whole = ":" in host or "[" in text or "]" in text
    return (text, None) if whole else (host, text[last + 1 :])
