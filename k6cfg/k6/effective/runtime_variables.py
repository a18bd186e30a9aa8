"""The variables that are no keys of the file: whether k6 accepts their text. What each takes stands in the schema."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from k6cfg.k6.effective.faults import Fault, RefusedError, quotes_kept
from k6cfg.k6.grammars import address_pool, parse_duration, parse_int, strvals
from k6cfg.k6.grammars.urls import parse_url
from k6cfg.schema import Node, Schema
from k6cfg.schema.versions import Version

_TRUTHS: Final = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})
"""What Go's ``strconv.ParseBool`` reads."""
_LEVELS: Final = frozenset({"panic", "fatal", "error", "warn", "warning", "info", "debug", "trace"})
"""What ``logrus.ParseLevel`` reads, in any case."""
_PROTOCOL: Final = "proto"
_GRPC: Final = "grpc"
_WITHOUT_ARGUMENTS_SINCE: Final = Version(1, 8, 0)
"""The first k6 that takes any kind of secret source without ``=``; 1.7 takes ``url`` alone."""
_HTTP: Final = frozenset({"http", "https"})


def runtime_faults(schema: Schema, environ: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return the variables of ``schema.variables`` whose text k6 rejects or passes over.

    Source: k6 2.2.0, internal/cmd/runtime_options.go, root.go, run.go and test_load.go, and their history; unlike
    those of options, most of them are rejected where they are set to an empty text.
    """
    found = (
        runtime_fault(node, schema.version, environ[name]) for name, node in schema.variables.items() if name in environ
    )
    return tuple(fault for fault in found if fault is not None)


def runtime_fault(node: Node, version: Version, text: str) -> Fault | None:
    """Return why k6 rejects a text in a variable, or passes over it; ``None`` where it accepts it."""
    reason = _reason(node, version, text)
    if reason is None:
        return None
    if (kept := quotes_kept(text, lambda bare: _reason(node, version, bare) is None)) is not None:
        reason = kept
    refused = not node.lenient
    return Fault(node.name, "", reason, refused=refused and node.read_when is None, when=node.read_when)


def _reason(node: Node, version: Version, text: str) -> str | None:
    reader = _READERS.get(node.type)
    try:
        if reader is not None:
            reader(text, node, version)
    except RefusedError as error:
        return str(error)
    return None


def _choice(text: str, node: Node, _version: Version) -> None:
    if text not in node.enum:
        raise RefusedError(f"is not one of {', '.join(filter(None, node.enum))}")


def _go_bool(text: str, _node: Node, _version: Version) -> None:
    if text not in _TRUTHS:
        raise RefusedError("is neither true nor false" if text else "is empty, and k6 wants true or false")


def _go_duration(text: str, _node: Node, _version: Version) -> None:
    if isinstance(parse_duration(text), str):
        raise RefusedError("is no duration with a unit, such as 10s")


def _int(text: str, node: Node, _version: Version) -> None:
    number = parse_int(text)
    if isinstance(number, str):
        raise RefusedError(number)
    if isinstance(node.minimum, int) and number < node.minimum:
        raise RefusedError(f"is less than {node.minimum}")


def _address_pool(text: str, _node: Node, version: Version) -> None:
    if text and address_pool(text, version) is not None:
        raise RefusedError("is no list of addresses, such as 10.0.0.1-10.0.0.9,10.1.0.0/24")


def _log_level(text: str, _node: Node, _version: Version) -> None:
    if text.lower() not in _LEVELS:
        raise RefusedError("is no level of logs, such as info or error")


def _http_url(text: str, _node: Node, _version: Version) -> None:
    found = parse_url(text)
    if isinstance(found, str) or found.scheme not in _HTTP or "://" not in text:
        raise RefusedError("is no address that begins with http:// or https://")


def _secret_source(text: str, _node: Node, version: Version) -> None:
    kind, sign, _ = text.partition("=")
    if not kind.strip() or (not sign and kind != "url" and version < _WITHOUT_ARGUMENTS_SINCE):
        raise RefusedError("is no secret source, such as file=secrets.env")


def _json_map(text: str, _node: Node, _version: Version) -> None:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        found = []
    if found is not None and not (isinstance(found, dict) and all(isinstance(each, str) for each in found.values())):
        raise RefusedError("is no JSON object of texts")


def _line(text: str, node: Node, version: Version) -> None:
    """Read ``NAME`` or ``NAME=value,key=value``, as ``--log-output`` and ``--traces-output`` take it."""
    name, sign, _ = text.partition("=")
    known = node.properties.get(name)
    if name not in node.enum or (sign and known is None):
        raise RefusedError(f"is not one of {', '.join(node.enum)}")
    if known is None or (not sign and not known.required):
        return
    pairs = strvals(text)
    if isinstance(pairs, str):
        raise RefusedError(pairs)
    for key, value in pairs:
        _argument(name, known, key, value, version)
    if _PROTOCOL in known.properties:
        _not_grpc_with_path(name, pairs)


def _not_grpc_with_path(name: str, pairs: list[tuple[str, str]]) -> None:
    """The address sets the protocol to http; the last one that is named counts."""
    path, protocol = "", ""
    for key, value in pairs:
        if key == name:
            found = parse_url(value)
            path, protocol = "" if isinstance(found, str) else found.path, ""
        elif key == _PROTOCOL:
            protocol = value
    if protocol == _GRPC and path:
        raise RefusedError("has a path in its address, which grpc does not take")


def _argument(name: str, known: Node, key: str, value: str, version: Version) -> None:
    prefix = key.partition(".")[0]
    field = known.properties.get(key) or (known.properties.get(f"{prefix}.<name>") if "." in key else None)
    if field is None:
        names = ", ".join(each.partition("<")[0] for each in known.properties if each != name)
        raise RefusedError(f"has an argument that `{name}` does not take; it takes {names}")
    reader = _READERS.get(field.type)
    try:
        if reader is not None:
            reader(value, field, version)
    except RefusedError as error:
        what = "whose address" if key == name else f"whose `{prefix}`"
        raise RefusedError(f"has `{name}`, {what} {error}") from None


_READERS: Final[dict[str, Callable[[str, Node, Version], None]]] = {
    "choice": _choice,
    "go-bool": _go_bool,
    "go-duration": _go_duration,
    "plain-int": _int,
    "address-pool": _address_pool,
    "line": _line,
    "log-level": _log_level,
    "http-url": _http_url,
    "secret-source": _secret_source,
    "json-map": _json_map,
}
"""By type; any text is accepted where there is none."""
