"""How k6 decodes objects and lists, after Go's encoding/json: folded keys, duplicates, null, merging, own decoders.

Driven by the annotated schema: what is done with a place follows from its type there. Recursion is as deep as the
schema is; what k6 keeps raw is not entered.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from k6cfg.formats import duration, host_address, host_pattern, javascript
from k6cfg.members import MERGED, fold
from k6cfg.reading import scalars
from k6cfg.reading.findings import (
    BAD_NAME,
    BAD_VALUE,
    CLOUD_RUN,
    KEY_CASE,
    LOGIN,
    OUTPUT,
    UNKNOWN_EXECUTOR,
    Findings,
    Gate,
    Unknown,
    name_of,
)
from k6cfg.reading.scalars import go_string, is_null, is_string
from k6cfg.reading.values import Place, Read
from k6cfg.schema import Node
from k6cfg.tree import Array, Member, Object, Scalar, Value
from k6cfg.versions import Version

_Decode: TypeAlias = Callable[[Findings, Read, Value], None]

JAVASCRIPT_ENDS: Final = Version(0, 37, 0)
"""Before, thresholds were JavaScript and compiled while the file is read."""
HOSTS_HAVE_A_DECODER: Final = Version(0, 42, 0)


class _Plan(NamedTuple):
    """What is done with a place, worked out once for each node."""

    decode: _Decode
    fields: dict[str, Node]
    old: dict[str, Node]
    refused: bool
    gate: Gate | None
    merged: bool


@cache
def _plan(node: Node) -> _Plan:
    gate = {"cloud": CLOUD_RUN if node.type == "raw" else LOGIN, "output": OUTPUT}.get(node.read_when or "")
    folds = node.type not in {"map", "string-map"}
    return _Plan(
        decode=_DECODERS.get(node.type, _keep),
        fields={fold(key) if folds else key: inner for key, inner in node.properties.items()},
        old={fold(key) if folds else key: inner for key, inner in node.obsolete.items()},
        refused=node.unknown_keys == "refused",
        gate=gate,
        merged=node.type in MERGED,
    )


def decode(found: Findings, read: Read, value: Value | None) -> None:
    """Read one value of the text into what is already there."""
    if value is None:
        return
    plan = _plan(read.known)
    if plan.gate is None:
        plan.decode(found, read, value)
        return
    outer, found.gate = found.gate, plan.gate
    plan.decode(found, read, value)
    found.gate = outer


def _keep(_found: Findings, read: Read, value: Value) -> None:
    """What k6 does not look into."""
    read.valid = not is_null(value)


# -- structs ----------------------------------------------------------------------------------------------------------


def _struct(found: Findings, read: Read, value: Value) -> None:
    """A Go struct: known keys whatever their case, read into what is there; null changes nothing."""
    if is_null(value):
        return
    if not isinstance(value, Object):
        found.wrong_type(read, value, _wrapped(found, read, value))
        return
    read.value, read.valid = read.fields, True
    members(found, read, value, _plan(read.known))


def members(found: Findings, read: Read, value: Object, plan: _Plan) -> None:
    """Read the members of an object into the fields of a struct."""
    fields = read.fields
    seen: set[str] = set()
    for member in value.members:
        if member.key is None:
            continue
        key = go_string(found.document, member.key)
        known = plan.fields.get(fold(key))
        if known is None:
            read.strange = read.strange or plan.refused
            found.unknown.append(
                Unknown(member, key, read, read.known, plan.old.get(fold(key)), plan.refused, found.gate)
            )
            continue
        place = Place(read.place, found.document.key(member))
        slot = fields.get(known.name)
        if slot is None:
            slot = fields[known.name] = Read(known, place, member.value, member)
        if known.name in seen:
            _duplicate(found, slot, member)
        slot.place, slot.text, slot.member = place, member.value, member
        seen.add(known.name)
        if key != known.name:
            _other_case(found, slot, member, known.name)
        decode(found, slot, member.value)


def _duplicate(found: Findings, earlier: Read, later: Member) -> None:
    together = _plan(earlier.known).merged and isinstance(later.value, Object) and isinstance(earlier.text, Object)
    if together:
        effect, help_ = "puts both together; of what is in both the last counts", "put them together in one place"
    else:
        effect, help_ = "takes the last one, this one counts for nothing", "keep one of them"
    found.duplicate(earlier, later, effect, help_)


def _other_case(found: Findings, slot: Read, member: Member, name: str) -> None:
    from k6cfg.diagnostics import Applicability, Edit, Fix
    from k6cfg.location import pointer

    if member.key is None or slot.place is None:
        return
    renamed = Place(slot.place.outer, name).pointer if slot.place.outer is not None else pointer([name])
    pointers = tuple(sorted({slot.place.pointer, renamed}))
    message = f"`{name}` is spelled {name_of(slot)} here; k6 reads it all the same, editors and other tools do not"
    fix = Fix(Applicability.SAFE, (Edit(*member.key.span, f'"{name}"'),), pointers=pointers)
    found.remark(KEY_CASE, slot, message, f'write "{name}"', fix)


def _own_object(found: Findings, read: Read, value: Value) -> None:
    """A type with a decoder of its own around a struct: starts anew; null is not set."""
    if is_null(value):
        read.value, read.valid = None, False
    else:
        read.value = None
        _struct(found, read, value)


# -- maps -------------------------------------------------------------------------------------------------------------


def _map(found: Findings, read: Read, value: Value, entry: "_Decode | None" = None) -> None:
    """A Go map: keys as they are, into what is there; the last of equal keys counts; null empties it."""
    if is_null(value):
        read.value, read.valid = None, False
        return
    if not isinstance(value, Object):
        found.wrong_type(read, value)
        return
    read.value, read.valid = read.fields, True
    plan = _plan(read.known)
    fields = read.fields
    seen: set[str] = set()
    for member in value.members:
        if member.key is None:
            continue
        key = go_string(found.document, member.key)
        known = plan.fields.get(key) or read.known.values
        if known is None:
            old = plan.old.get(key)
            found.unknown.append(Unknown(member, key, read, read.known, old, refused=False, gate=found.gate))
            continue
        if key in seen:
            effect = "takes the last one, this one counts for nothing"
            found.duplicate(fields[key], member, effect, "keep one of them, or give one another name")
        seen.add(key)
        slot = fields[key] = Read(known, Place(read.place, found.document.key(member)), member.value, member)
        if member.value is not None:
            (entry or decode)(found, slot, member.value)


def _string_map(found: Findings, read: Read, value: Value) -> None:
    """``map[string]string``: null values are empty texts."""
    _map(found, read, value, _text)


def _hosts(found: Findings, read: Read, value: Value) -> None:
    """``types.NullHosts``; since 0.42.0 with a decoder of its own that checks the names too."""
    if found.version >= HOSTS_HAVE_A_DECODER:
        read.value = None
    _map(found, read, value)
    for key, host in read.fields.items():
        reason = host_pattern(key, found.version)
        if reason is not None:
            found.refuse(BAD_NAME, host, f"as the name of a host {reason}")


def _host_address(found: Findings, read: Read, value: Value) -> None:
    if is_string(value) and isinstance(value, Scalar):
        read.value, read.valid = go_string(found.document, value), True
        reason = host_address(read.string, found.version)
        if reason is not None:
            found.refuse(BAD_VALUE, read, reason)
    elif not is_null(value):
        found.wrong_type(read, value)


# -- lists ------------------------------------------------------------------------------------------------------------


def _list(found: Findings, read: Read, value: Value, each: "_Decode | None" = None) -> None:
    """A Go slice: null is not set; of an earlier duplicate Go fills the entries anew without clearing them."""
    if is_null(value):
        read.value, read.valid = None, False
        return
    if not isinstance(value, Array):
        found.wrong_type(read, value, _wrapped(found, read, value))
        return
    known = read.known.items
    if known is None:
        read.value, read.valid = [], True
        return
    kept = read.entries if known.type in _REUSED and (known.type != "struct" or _plan(known).refused) else []
    entries = [Read(known, None, item) if index >= len(kept) else kept[index] for index, item in enumerate(value.items)]
    read.value, read.valid = entries, True
    for index, (entry, item) in enumerate(zip(entries, value.items, strict=True)):
        entry.place, entry.text = Place(read.place, index), item
        (each or decode)(found, entry, item)


_REUSED: Final = frozenset({"plain-string", "struct"})
"""What Go decodes into an entry that is there already; all else has a decoder of its own that starts anew."""


def _texts(found: Findings, read: Read, value: Value) -> None:
    """``[]string``."""
    _list(found, read, value, _text)


def _names(found: Findings, read: Read, value: Value) -> None:
    """A list of texts with a decoder of its own."""
    read.value = None
    _texts(found, read, value)


def _wrapped(found: Findings, read: Read, value: Value) -> str | None:
    """A text that stands where a list of texts belongs, with the brackets that were left out."""
    inner = read.known.items
    texts = inner is not None and "string" in inner.json_types
    return f"[{found.document.source(value)}]" if texts and is_string(value) else None


def _text(found: Findings, read: Read, value: Value) -> None:
    """An entry that is a Go string; null leaves what is there, at first an empty one."""
    if is_string(value) and isinstance(value, Scalar):
        read.value, read.valid = go_string(found.document, value), True
    elif is_null(value):
        read.value, read.valid = read.string, True
    else:
        scalar = isinstance(value, Scalar)
        found.wrong_type(read, value, f'"{found.document.source(value)}"' if scalar else None)


def _cipher_suites(found: Findings, read: Read, value: Value) -> None:
    _names(found, read, value)
    for entry in read.entries:
        if not entry.failed and entry.string not in entry.known.enum:
            scalars.not_known(found, entry, entry.string)


# -- what is special --------------------------------------------------------------------------------------------------


def _threshold(found: Findings, read: Read, value: Value) -> None:
    """A text, or an object with the text and how to abort; null is an empty text."""
    read.valid = True
    if isinstance(value, Object):
        _struct(found, read, value)
    elif is_string(value) and isinstance(value, Scalar):
        read.value = go_string(found.document, value)
    elif is_null(value):
        read.value = ""
    else:
        found.wrong_type(read, value)
    if found.version < JAVASCRIPT_ENDS and not read.failed:
        text = expression(read)
        reason = None if text is None or text.failed else javascript(text.string)
        if reason is not None and text is not None:
            found.refuse(BAD_VALUE, text, reason)


def expression(read: Read) -> Read | None:
    """The text of a threshold, wherever it stands; ``None`` where an object has none."""
    return read.fields.get("threshold") if isinstance(read.value, dict) else read


def _tls_versions(found: Findings, read: Read, value: Value) -> None:
    """``lib.TLSVersions``: one text for both ends, or an object of the two."""
    if is_string(value) and isinstance(value, Scalar):
        text = go_string(found.document, value)
        one = read.known.properties.get("min")
        if one is not None and text not in one.enum:
            scalars.not_known(found, Read(one, read.place, value, read.member), text)
            read.failed = True
        else:
            read.value, read.valid = text, True
    else:
        _own_object(found, read, value)


def _scenarios(found: Findings, read: Read, value: Value) -> None:
    """``lib.ScenarioConfigs``: starts anew; of scenarios of one name the last counts, but all need an executor."""
    if is_null(value):
        return  # unlike all others, null leaves what is there
    read.value = None
    _map(found, read, value)
    for scenario in read.fields.values():
        if not scenario.failed:
            _configured(found, scenario)


def _scenario(found: Findings, read: Read, value: Value) -> None:
    """The first look at a scenario, which decodes its executor alone."""
    if not isinstance(value, Object) and not is_null(value):
        found.wrong_type(read, value)
        return
    read.value, read.valid = {}, True
    key = read.known.variant_key or ""
    known = read.known.properties[key]
    picker = Read(known, read.place, None)
    for member in value.members if isinstance(value, Object) else ():
        if member.key is not None and fold(go_string(found.document, member.key)) == fold(key) and member.value:
            picker.place, picker.text = Place(read.place, found.document.key(member)), member.value
            decode(found, picker, member.value)
    read.failed = picker.failed
    read.fields[key] = picker


def _configured(found: Findings, read: Read) -> None:
    """The second look: the scenario as its executor has it, with that executor's keys and no others."""
    key = read.known.variant_key or ""
    picker = read.fields[key]
    shape = read.known.variants.get(picker.string)
    if shape is None:
        _no_executor(found, read, picker, key)
        return
    read.known = shape
    read.value = {name: _preset(node, read, found.version) for name, node in shape.properties.items()}
    if isinstance(read.text, Object):
        members(found, read, read.text, _plan(shape))
    picker.known = shape.properties.get(key, picker.known)


def _preset(node: Node, scenario: Read, version: Version) -> Read:
    """A field as k6 makes it before it decodes the scenario: with the executor's default, not set."""
    read = Read(node, Place(scenario.place, node.name), None)
    default = node.default
    if node.type == "duration" and isinstance(default, str):
        read.value = duration(default, version)
    elif node.type == "int":
        read.value = default
    return read


def _no_executor(found: Findings, read: Read, picker: Read, key: str) -> None:
    known = ", ".join(read.known.variants)
    if not picker.string:
        found.refuse(UNKNOWN_EXECUTOR, read, f"has no `{key}`, which says how it is run", _advice(found, read, key))
        return
    removed = picker.known.enum_removed.get(picker.string)
    if removed is not None and removed <= found.version:
        found.refuse(
            UNKNOWN_EXECUTOR,
            picker,
            f"names an executor that k6 has not had since {removed}",
            f"choose another one: {known}",
        )
    else:
        scalars.not_known(found, picker, picker.string)
    read.failed = True


def _advice(found: Findings, read: Read, key: str) -> str:
    from difflib import get_close_matches

    keys = [found.document.key(member) for member in read.text.members] if isinstance(read.text, Object) else []
    near = get_close_matches(key, keys, 1, 0.7)
    if near:
        return f'did you mean "{key}" by "{near[0]}"?'
    return f'add "{key}"; k6 knows {", ".join(read.known.variants)}'


def _raw(found: Findings, read: Read, value: Value) -> None:
    """``json.RawMessage``: k6 takes anything. Where the keys are known, what reads it later will be looked at too."""
    read.value, read.valid = None, not is_null(value)
    if read.known.properties and not is_null(value):
        _struct(found, read, value)


_DECODERS: Final[dict[str, _Decode]] = {
    "int": scalars.null_int,
    "float": scalars.null_float,
    "bool": scalars.null_bool,
    "string": scalars.null_string,
    "plain-int": scalars.plain_value,
    "plain-bool": scalars.plain_value,
    "plain-string": scalars.plain_value,
    "duration": scalars.null_duration,
    "struct": _struct,
    "dns": _own_object,
    "map": _map,
    "string-map": _string_map,
    "hosts": _hosts,
    "host-address": _host_address,
    "list": _list,
    "string-list": _texts,
    "hostname-list": _list,
    "cidr-list": _list,
    "threshold-list": _list,
    "system-tags": _names,
    "tag-set": _names,
    "cipher-suites": _cipher_suites,
    "hostname": scalars.hostname,
    "cidr": scalars.network,
    "threshold": _threshold,
    "tls-version": scalars.enumerated,
    "tls-versions": _tls_versions,
    "dns-select": scalars.enumerated,
    "dns-policy": scalars.enumerated,
    "execution-segment": scalars.segment_value,
    "execution-segment-sequence": scalars.segment_value,
    "scenarios": _scenarios,
    "scenario": _scenario,
    "raw": _raw,
}
