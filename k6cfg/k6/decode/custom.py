"""What k6 decodes in ways of its own: hosts, thresholds, TLS, scenarios, and what it keeps raw."""

from functools import cache
from typing import Final

from k6cfg.k6.decode import strings
from k6cfg.k6.decode.diagnostics import BAD_NAME, BAD_VALUE, UNKNOWN_EXECUTOR, Findings
from k6cfg.k6.decode.plan import decode, plan_of
from k6cfg.k6.decode.scalars import go_string, is_null, is_string
from k6cfg.k6.decode.structs import list_of_names, map_, members, own_object, struct
from k6cfg.k6.decode.value import Place, Read
from k6cfg.k6.grammars import duration, host_address, host_pattern, nearest, quoted
from k6cfg.k6.member_lookup import fold
from k6cfg.schema import Node
from k6cfg.schema.versions import Version
from k6cfg.text.tree import Object, Scalar, Value

JAVASCRIPT_ENDS: Final = Version(0, 37, 0)
"""Before, thresholds were JavaScript and compiled while the file is read."""
HOSTS_HAVE_A_DECODER: Final = Version(0, 42, 0)


def hosts(found: Findings, read: Read, value: Value) -> None:
    """``types.NullHosts``; since 0.42.0 with a decoder of its own that checks the names too."""
    if found.version >= HOSTS_HAVE_A_DECODER:
        read.value = None
    map_(found, read, value)
    for key, host in read.fields.items():
        reason = host_pattern(key, found.version)
        if reason is not None:
            found.refuse(BAD_NAME, host, f"as the name of a host {reason}")


def address(found: Findings, read: Read, value: Value) -> None:
    """``types.Host``: an address, perhaps with a port; null is none."""
    if is_string(value) and isinstance(value, Scalar):
        read.value, read.valid = go_string(found.document, value), True
        reason = host_address(read.string, found.version)
        if reason is not None:
            found.refuse(BAD_VALUE, read, reason)
    elif not is_null(value):
        found.wrong_type(read, value)


def cipher_suites(found: Findings, read: Read, value: Value) -> None:
    """``lib.TLSCipherSuites``: names that Go knows."""
    list_of_names(found, read, value)
    for entry in read.entries:
        if not entry.failed and entry.string not in entry.known.enum:
            strings.not_known(found, entry, entry.string)


def threshold(found: Findings, read: Read, value: Value) -> None:
    """A text, or an object with the text and how to abort; null is an empty text."""
    read.valid = True
    if isinstance(value, Object):
        struct(found, read, value)
    elif is_string(value) and isinstance(value, Scalar):
        read.value = go_string(found.document, value)
    elif is_null(value):
        read.value = ""
    else:
        found.wrong_type(read, value)
    if found.version < JAVASCRIPT_ENDS and not read.failed:
        from k6cfg.k6.grammars.javascript import javascript

        text = expression(read)
        reason = None if text is None or text.failed else javascript(text.string)
        if reason is not None and text is not None:
            found.refuse(BAD_VALUE, text, reason)


def expression(read: Read) -> Read | None:
    """The text of a threshold, wherever it stands; ``None`` where an object has none."""
    return read.fields.get("threshold") if isinstance(read.value, dict) else read


def tls_versions(found: Findings, read: Read, value: Value) -> None:
    """``lib.TLSVersions``: one text for both ends, or an object of the two."""
    if is_string(value) and isinstance(value, Scalar):
        text = go_string(found.document, value)
        one = read.known.properties.get("min")
        if one is not None and text not in one.enum:
            strings.not_known(found, Read(one, read.place, value, read.member), text)
            read.failed = True
        else:
            read.value, read.valid = text, True
    else:
        own_object(found, read, value)


def scenarios(found: Findings, read: Read, value: Value) -> None:
    """``lib.ScenarioConfigs``: starts anew; of scenarios of one name the last counts, but all need an executor."""
    if is_null(value):
        return  # unlike all others, null leaves what is there
    read.value = None
    map_(found, read, value)
    for scenario in read.fields.values():
        if not scenario.failed:
            _configured(found, scenario)


def scenario(found: Findings, read: Read, value: Value) -> None:
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
    read.fields[key] = picker


def _configured(found: Findings, read: Read) -> None:
    """The second look: the scenario as its executor has it, with that executor's keys and no others."""
    key = read.known.variant_key or ""
    picker = read.fields[key]
    shape = None if picker.failed else read.known.variants.get(picker.string)
    if shape is None:
        meant = None if picker.failed else _no_executor(found, read, picker, key)
        _whatever_the_executor(found, read, picker, meant)
        return
    read.known = shape
    read.value = {node.name: _preset(node, value, read) for node, value in _presets(shape, found.version)}
    if isinstance(read.text, Object):
        members(found, read, read.text, plan_of(shape))
    picker.known = shape.properties.get(key, picker.known)


@cache
def _presets(shape: Node, version: Version) -> tuple[tuple[Node, int | None], ...]:
    """The fields of a scenario with what k6 puts into them before it decodes it: the executor's defaults, not set."""
    return tuple((node, _default(node, version)) for node in shape.properties.values())


def _default(node: Node, version: Version) -> int | None:
    default = node.default
    if node.type == "duration" and isinstance(default, str):
        nanoseconds = duration(default, version)
        return None if isinstance(nanoseconds, str) else nanoseconds
    return default if node.type == "int" and isinstance(default, int) else None


def _preset(node: Node, value: int | None, scenario: Read) -> Read:
    read = Read(node, Place(scenario.place, node.name), None)
    read.value = value
    return read


def _whatever_the_executor(found: Findings, read: Read, picker: Read, meant: str | None) -> None:
    """A scenario whose executor is missing or wrong: what its keys hold under every executor that has them.

    Silent are keys that only some executors have, as long as it is not known which one is meant, and bounds in which
    they differ. ``meant`` is a key that was probably meant to be the executor.
    """
    picker.failed = True  # and not the scenario: all else in it can be read
    read.failed = False
    if not isinstance(read.text, Object):
        return
    base, alike, other = plan_of(read.known), *_of_any_shape(read.known)
    plan = base._replace(fields={**{fold(key): node for key, node in (*other.items(), *alike.items())}, **base.fields})
    known = len(found.unknown)
    members(found, read, read.text, plan, decoded=picker.known.name)
    found.unknown[known:] = [each for each in found.unknown[known:] if each.key != meant]
    for key in other:
        read.fields.pop(key, None)


@cache
def _of_any_shape(known: Node) -> tuple[dict[str, Node], dict[str, Node]]:
    """The keys that only some shapes of an object have: those that these treat alike, and those that are only read so.

    A key that they do not even read alike is in neither.
    """
    found: dict[str, list[Node]] = {}
    for shape in known.variants.values():
        for key, node in shape.properties.items():
            if key not in known.properties:
                found.setdefault(key, []).append(node)
    alike = {key: nodes[0] for key, nodes in found.items() if len({_treatment(node) for node in nodes}) == 1}
    read = {key: nodes[0] for key, nodes in found.items() if key not in alike and len({n.type for n in nodes}) == 1}
    return alike, read


def _treatment(node: Node) -> str:
    """What k6 does with a value, as a text to compare."""
    said = {key: value for key, value in node.keywords.items() if key not in _FOR_PEOPLE}
    return repr((node.type, node.minimum, node.exclusive_minimum, node.maximum, sorted(said.items())))


_FOR_PEOPLE: Final = frozenset({"title", "description", "examples"})


def _no_executor(found: Findings, read: Read, picker: Read, key: str) -> str | None:
    """Say what is wrong with an executor that k6 does not know; returns the key that was meant to be it."""
    known = ", ".join(read.known.variants)
    if not picker.string:
        place, what = (read, f"has no `{key}`") if picker.text is None else (picker, "is not set")
        near = _near(found, read, key)
        help_ = f'did you mean "{key}" by {quoted(near)}?' if near is not None else f'add "{key}"; k6 knows {known}'
        lacks = (key,) if place is read else ()
        found.refuse(UNKNOWN_EXECUTOR, place, f"{what}, which says how it is run", help_, lacks=lacks)
        return near
    removed = picker.known.enum_removed.get(picker.string)
    if removed is not None and removed <= found.version:
        found.refuse(
            UNKNOWN_EXECUTOR,
            picker,
            f"names an executor that k6 has not had since {removed}",
            f"choose another one: {known}",
        )
    else:
        strings.not_known(found, picker, picker.string)
    return None


def _near(found: Findings, read: Read, key: str) -> str | None:
    """The key of an object that is nearly the one that it lacks."""
    keys = [found.document.key(member) for member in read.text.members] if isinstance(read.text, Object) else []
    return nearest(key, keys)


def any_value(found: Findings, read: Read, value: Value) -> None:
    """Go's ``interface{}``: k6 takes anything. A text is kept, for whoever compares it with others."""
    read.value, read.valid = None, not is_null(value)
    if is_string(value) and isinstance(value, Scalar):
        read.value = go_string(found.document, value)


def raw(found: Findings, read: Read, value: Value) -> None:
    """``json.RawMessage``: k6 takes anything. Where the keys are known, what reads it later will be looked at too."""
    read.value, read.valid = None, not is_null(value)
    if read.known.properties and not is_null(value):
        struct(found, read, value)
