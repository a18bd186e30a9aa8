"""The form in which k6 writes its options: what ``k6 archive`` records, learned from 2,268 archives of k6 2.2.0."""

from collections.abc import Callable, Iterator
from typing import Final

from k6cfg.k6.decode import Read, Reading, expression
from k6cfg.k6.grammars.durations import parse_int
from k6cfg.k6.grammars.network import network_text, split_port
from k6cfg.k6.member_lookup import fold
from k6cfg.schema import Node
from k6cfg.schema.versions import Version
from k6cfg.text.tree import Array, Object, plain

_MAPPED: Final = 0xFFFF << 32
"""The upper bits of an IPv4 address that is written as an IPv6 one; Go takes it for the IPv4 address."""
_BITS: Final = 128
_SECOND: Final = 1_000_000_000
_LOWER_HOSTS: Final = Version(0, 50, 0)
_UNITS: Final = (("ms", 1_000_000), ("\u00b5s", 1000), ("ns", 1))


def normal(reading: Reading, read: Read) -> object:
    """A value of a reading as k6 writes it; ``None`` for what is not set. Recursion is as deep as the schema."""
    special = _SPECIAL.get(read.known.type)
    if special is not None:
        return special(reading, read)
    if not read.valid:
        return None
    return read.value


def go_duration(nanoseconds: int) -> str:
    """A time as Go's ``time.Duration`` prints it: ``1m30s``, ``26h0m0s``, ``1.5ms``."""
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest == 0:
        return "0s"
    if rest < _SECOND:
        unit, size = next(pair for pair in _UNITS if rest >= pair[1])
        return f"{sign}{_decimal(rest, size)}{unit}"
    minutes, seconds = divmod(rest, 60 * _SECOND)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(seconds, _SECOND)}s"
    if hours or minutes:
        text = f"{minutes}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _decimal(number: int, size: int) -> str:
    whole, part = divmod(number, size)
    digits = str(part).zfill(len(str(size)) - 1).rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def network(text: str) -> str:
    """A network as Go's ``net.IPNet`` prints it: host bits cleared, IPv4 inside IPv6 as IPv4."""
    import ipaddress

    address, _, bits = text.partition("/")
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return str(ipaddress.ip_network(f"{parsed}/{int(bits)}", strict=False))
    length = int(bits)
    masked = int(parsed) >> (_BITS - length) << (_BITS - length)
    if masked >> 32 == _MAPPED >> 32:
        return f"{ipaddress.IPv4Address(masked & 0xFFFFFFFF)}/{length - 96}"
    return f"{ipaddress.IPv6Address(masked)}/{length}"


def address(text: str) -> str:
    """What a host is mapped to as k6 writes it: ``<nil>`` where it is no address, which k6 2.2.0 takes."""
    host, port = split_port(text)
    number = parse_int(port) if port is not None else 0
    found = _address(host if port is not None else text)
    if not isinstance(number, int) or number == 0:
        return found or "<nil>"
    if found is None:
        return f":{number}"
    return f"[{found}]:{number}" if ":" in found else f"{found}:{number}"


def _address(text: str) -> str | None:
    import ipaddress

    try:
        parsed = None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None
    if parsed is not None and parsed.version == 6 and int(parsed) >> 32 == _MAPPED >> 32:
        return str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
    return str(parsed) if parsed is not None else None


# -- by type ----------------------------------------------------------------------------------------------------------


def _duration(_reading: Reading, read: Read) -> object:
    return go_duration(read.number) if read.valid else None


def _segment(_reading: Reading, read: Read) -> object:
    return str(read.value) if read.valid else None


def _sequence(_reading: Reading, read: Read) -> object:
    if not read.valid or not isinstance(read.value, tuple):
        return None
    return ",".join(map(str, [*(one.start for one in read.value[:1]), *(one.end for one in read.value)]))


def _struct(reading: Reading, read: Read) -> object:
    """A Go struct: every key that k6 knows, whether or not it is set."""
    if not read.valid:
        return None
    found = {}
    for name, node in read.known.properties.items():
        each = read.fields.get(name)
        found[name] = normal(reading, each) if each is not None else _ZEROS.get(node.type)
    return found


def empty_struct(node: Node) -> dict[str, object]:
    """A Go struct in which nothing is set."""
    return {name: _ZEROS.get(each.type) for name, each in node.properties.items()}


_ZEROS: Final = {"plain-string": "", "plain-bool": False, "plain-int": 0, "tls-version": ""}


def _scenario(reading: Reading, read: Read) -> object:
    found = {}
    for name, node in read.known.properties.items():
        each = read.fields.get(name)
        if node.type == "struct":  # `options` is left out where it is not set
            if each is not None and each.valid:
                found[name] = _struct(reading, each)
        else:
            found[name] = normal(reading, each) if each is not None else None
    return found


def _scenarios(reading: Reading, read: Read) -> object:
    return {name: _scenario(reading, each) for name, each in read.fields.items()} if read.valid else None


def _stages(reading: Reading, read: Read) -> object:
    return [_struct(reading, each) for each in read.entries] if read.valid else None


def _dns(reading: Reading, read: Read) -> object:
    return {name: normal(reading, read.fields[name]) if name in read.fields else None for name in read.known.properties}


def _tls_versions(reading: Reading, read: Read) -> object:
    if not read.valid:
        return None
    if isinstance(read.value, str):
        return dict.fromkeys(read.known.properties, read.value)
    return {name: _struct_text(reading, read, name) for name in read.known.properties}


def _struct_text(reading: Reading, read: Read, name: str) -> object:
    each = read.fields.get(name)
    return (normal(reading, each) or "") if each is not None else ""


def _threshold(reading: Reading, read: Read) -> object:
    """A text, unless the test is to be aborted: k6 forgets an abort delay without an abort."""
    text = expression(read)
    words = text.string if text is not None else ""
    if not isinstance(read.value, dict):
        return words
    found = _struct(reading, read)
    aborts = any(each.value is True for each in read.fields.values() if each.known.type == "plain-bool")
    return found if aborts else words


def _thresholds(reading: Reading, read: Read) -> object:
    return [_threshold(reading, each) for each in read.entries]


def _names(_reading: Reading, read: Read) -> object:
    return [each.string for each in read.entries] if read.valid else None


def _suites(_reading: Reading, read: Read) -> object:
    """Empty, k6 writes them as null."""
    return [each.string for each in read.entries] or None


def _networks(_reading: Reading, read: Read) -> object:
    if not read.valid:
        return None
    return [_network(each) if each.valid and not each.failed else None for each in read.entries]


def _network(read: Read) -> str | None:
    """The text of a network; of the objects of k6 before 0.25.0 too, so that both compare as equal."""
    if not isinstance(read.value, dict):
        return network(read.string)
    fields = {name: field.string for name, field in read.fields.items()}
    text = network_text(fields.get("IP", ""), fields.get("Mask", ""))
    return network(text) if text is not None else None


def _hosts(reading: Reading, read: Read) -> object:
    """The names in small letters, since 0.50.0."""
    if not read.valid:
        return None
    lower = reading.schema.version >= _LOWER_HOSTS
    return {name.lower() if lower else name: address(each.string) for name, each in read.fields.items()}


def _texts(_reading: Reading, read: Read) -> object:
    return {name: each.string for name, each in read.fields.items()} if read.valid else None


def system_tags(names: list[str], known: tuple[str, ...]) -> list[str] | None:
    """The names that k6 knows, once and in order; ``None``, as k6 writes an empty set, where it knows none."""
    return sorted(set(names) & set(known)) or None


def _system_tags(reading: Reading, read: Read) -> object:
    if not read.valid:
        return None
    names = [each.string for each in read.entries]
    known = read.known.items.enum if read.known.items is not None else ()
    return system_tags(names or _left_by_earlier(reading, read), known)


def _left_by_earlier(reading: Reading, read: Read) -> list[str]:
    """What an earlier duplicate left: to k6 an empty list of tags changes nothing."""
    names: list[str] = []
    for found in _said(reading, read):
        names = [str(each) for each in found] if isinstance(found, list) and found else names if found == [] else []
    return names


def _said(reading: Reading, read: Read) -> Iterator[object]:
    """Everything that stands under the key of an option, in the order of the text."""
    root = reading.document.root
    for member in root.members if isinstance(root, Object) else ():
        if member.key is not None and fold(reading.document.key(member)) == fold(read.known.name):
            yield plain(reading.document, member.value)


def _map(reading: Reading, read: Read) -> object:
    """A map of what is looked into; one that others read too is kept as it is written, duplicates put together."""
    if not read.valid:
        return None
    if read.known.unknown_keys != "kept":
        return {key: normal(reading, each) for key, each in read.fields.items()}
    if read.known.dotted != read.known.name:
        return plain(reading.document, read.text)
    together: dict[str, object] = {}
    for found in _said(reading, read):
        together = {**together, **found} if isinstance(found, dict) else {}
    return together


def _raw(reading: Reading, read: Read) -> object:
    return plain(reading.document, read.text)


def _list(reading: Reading, read: Read) -> object:
    """A list of structs: stages, client certificates."""
    if not read.valid:
        return None
    items = read.text.items if isinstance(read.text, Array) else []
    return [
        None
        if index < len(items) and plain(reading.document, items[index]) is None and not _is_stage(each)
        else _struct(reading, each) or empty_struct(each.known)
        for index, each in enumerate(read.entries)
    ]


def _is_stage(read: Read) -> bool:
    return read.known.unknown_keys != "refused"


_SPECIAL: Final[dict[str, Callable[[Reading, Read], object]]] = {
    "duration": _duration,
    "execution-segment": _segment,
    "execution-segment-sequence": _sequence,
    "struct": _struct,
    "scenarios": _scenarios,
    "list": _list,
    "dns": _dns,
    "tls-versions": _tls_versions,
    "threshold": _threshold,
    "threshold-list": _thresholds,
    "cidr-list": _networks,
    "hostname-list": _names,
    "map": _map,
    "any-map": _map,
    "cipher-suites": _suites,
    "string-list": _names,
    "string-map": _texts,
    "hosts": _hosts,
    "system-tags": _system_tags,
    "raw": _raw,
    "any": _raw,
    "any-value": _raw,
}
"""What is peculiar to a Go type; every other value is written as it was read."""
