"""What k6 reads from its variables, after envconfig: an empty one is not unset, and every type has its own grammar."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from k6cfg.k6.effective.faults import Fault, RefusedError, UnsetError, quotes_kept
from k6cfg.k6.effective.layers import BESIDE, ENV, FEATURES, Layer
from k6cfg.k6.effective.normalize import address, empty_struct, go_duration, network, system_tags
from k6cfg.k6.grammars import cidr, duration, hostname_pattern, parse_duration, parse_int
from k6cfg.schema import Node
from k6cfg.schema.versions import Version
from k6cfg.text.lazy_regex import late

HOSTS_BY_VARIABLE_END: Final = Version(0, 42, 0)
"""The first k6 that does not read `K6_HOSTS`."""


def layer_of_variables(node: Node, version: Version, environ: Mapping[str, str]) -> tuple[Layer, tuple[Fault, ...]]:
    """What the variables set of the keys of an object, and those that k6 refuses or passes over.

    Source: k6 2.2.0, cmd/config.go ``readEnvConfig`` with mstoykov/envconfig, and the ``UnmarshalText`` of each type.
    """
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    faults: list[Fault] = []
    for key, each in node.properties.items():
        variable = next((name for name in each.env if name in environ), None)
        reader = _READERS.get(each.type)
        if variable is None or reader is None:
            continue
        try:
            value = reader(environ[variable], each, version)
        except RefusedError as error:
            kept = quotes_kept(environ[variable], lambda text: _accepts(text, each, version))  # noqa: B023
            faults.append(Fault(variable, key, kept or str(error), refused=True))
        except UnsetError as error:
            faults.append(Fault(variable, key, str(error), refused=False))
        else:
            if key in BESIDE and key != FEATURES and value in ([], {}):
                faults.append(Fault(variable, key, _EMPTY, refused=False))
                continue
            values[key], sources[key] = value, variable
            if each.type == "list" and not _is_stage(each) and value:
                faults.append(Fault(variable, key, _EMPTY_ENTRIES, refused=False, when=START))
    return Layer(ENV, values, sources), tuple(faults)


def _is_stage(node: Node) -> bool:
    return node.items is not None and "target" in node.items.properties


START: Final = "start"
"""k6 accepts the variable, and stops when it starts the virtual users."""
_EMPTY_ENTRIES: Final = "makes entries without a certificate, with which k6 stops when it starts the virtual users"


def _accepts(text: str, node: Node, version: Version) -> bool:
    """Whether k6 reads a value from the text of a variable."""
    try:
        _READERS[node.type](text, node, version)
    except (RefusedError, UnsetError):
        return False
    return True


_EMPTY: Final = "is empty, which k6 reads as not set"


def _int(text: str, _node: Node, _version: Version) -> object:
    _not_empty(text, "null")
    number = parse_int(text)
    if isinstance(number, str):
        raise RefusedError(number)
    return number


def _bool(text: str, _node: Node, _version: Version) -> object:
    _not_empty(text, "null")
    if text not in {"true", "false"}:
        raise RefusedError("is neither true nor false, in small letters")
    return text == "true"


def _string(text: str, _node: Node, _version: Version) -> object:
    _not_empty(text)
    return text


def _not_empty(text: str, *others: str) -> None:
    if not text or text in others:
        raise UnsetError(_EMPTY if not text else "is null, which k6 reads as not set")


def _duration(text: str, _node: Node, version: Version) -> object:
    _not_empty(text)
    found = duration(text, version)
    if isinstance(found, str):
        raise RefusedError("is no duration, such as 30s or 1m30s")
    return go_duration(found)


def _pieces(text: str) -> list[str]:
    """A list: an empty text is an empty list, and counts."""
    return text.split(",") if text.strip() else []


def _texts(text: str, _node: Node, _version: Version) -> object:
    return _pieces(text)


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for pair in _pieces(text):
        key, *rest = pair.split(":")
        if len(rest) != 1:
            raise RefusedError("has an entry that is not NAME:VALUE, with one colon")
        found[key] = rest[0]
    return found


def _map(text: str, _node: Node, _version: Version) -> object:
    found = _pairs(text)
    if not found:
        raise UnsetError(_EMPTY)
    return found


def _thresholds(text: str, _node: Node, _version: Version) -> object:
    """k6 takes the names of metrics from the variable, and forgets what stands behind them."""
    return {name: [] for name in _pairs(text)}


def _hosts(text: str, _node: Node, version: Version) -> object:
    if version >= HOSTS_BY_VARIABLE_END:
        raise UnsetError(f"does nothing: k6 has not read it since {HOSTS_BY_VARIABLE_END}")
    return {name: address(value) for name, value in _pairs(text).items()}


def _list(text: str, node: Node, _version: Version) -> object:
    """Of client certificates envconfig makes one entry for each piece, and nothing in it."""
    if not text.strip():
        return []
    if node.items is not None and not _is_stage(node):
        return [empty_struct(node.items) for _ in _pieces(text)]
    return [stage for stage in map(_stage, _pieces(text)) if stage["duration"] is not None]


def _stage(text: str) -> dict[str, object]:
    """``10s:5``: Go's durations alone, without days and bare numbers."""
    time, _, target = text.partition(":")
    found = parse_duration(time) if time else None
    number = parse_int(target) if target else None
    if isinstance(found, str) or isinstance(number, str):
        raise RefusedError("has a stage that is not DURATION:TARGET, such as 30s:10")
    return {"duration": go_duration(found) if found is not None else None, "target": number}


def _networks(text: str, _node: Node, version: Version) -> object:
    pieces = _pieces(text)
    if any(cidr(piece, version) is not None for piece in pieces):
        raise RefusedError("has an entry that is no network, such as 10.0.0.0/8")
    return [network(piece) for piece in pieces]


def _hostnames(text: str, _node: Node, _version: Version) -> object:
    _not_empty(text)
    pieces = text.split(",")
    if any(hostname_pattern(piece) is not None for piece in pieces):
        raise RefusedError("has an entry that is no host name")
    return pieces


def _system_tags(text: str, node: Node, _version: Version) -> object:
    known = node.items.enum if node.items is not None else ()
    return system_tags([piece.strip() for piece in text.split(",")], known)


def _cipher_suites(text: str, _node: Node, _version: Version) -> object:
    """k6 reads numbers here, by an oversight, and refuses the names; an empty list it writes as null."""
    for piece in _pieces(text):
        if not _NUMBER.fullmatch(piece):
            raise RefusedError("has an entry that is no number, which k6 wants here, though names stand in the file")
    if text.strip():
        raise UnsetError("has the numbers of cipher suites, for which k6cfg has no names")
    return None


_NUMBER: Final = late(r"0[xX][0-9a-fA-F]{1,4}|[0-9]{1,5}", re.ASCII)


def _dns(text: str, node: Node, _version: Version) -> object:
    fields: dict[str, object] = dict.fromkeys(node.properties)
    if text == ",".join(f"{name}={each.default}" for name, each in node.properties.items()):
        raise UnsetError("says what holds anyway")
    for piece in text.split(","):
        key, _, value = piece.partition("=")
        known = node.properties.get(key)
        if not value or known is None or (known.enum and value not in known.enum):
            raise RefusedError("is not like ttl=5m,select=random,policy=preferIPv4")
        fields[key] = value
    return fields


_READERS: Final[dict[str, Callable[[str, Node, Version], object]]] = {
    "int": _int,
    "bool": _bool,
    "string": _string,
    "duration": _duration,
    "string-list": _texts,
    "string-map": _map,
    "map": _thresholds,
    "hosts": _hosts,
    "list": _list,
    "cidr-list": _networks,
    "hostname-list": _hostnames,
    "cipher-suites": _cipher_suites,
    "system-tags": _system_tags,
    "dns": _dns,
}
"""By type; what has none k6 does not read from a variable."""
