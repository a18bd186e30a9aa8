"""How k6 decodes objects and lists, after Go's encoding/json: folded keys, duplicates, null, merging.

Driven by the annotated schema: what is done with a place follows from its type there. Recursion is as deep as the
schema is; what k6 keeps raw is not entered.
"""

from typing import Final

from k6cfg.k6.decode import comma_lists
from k6cfg.k6.decode.diagnostics import BAD_NUMBER, KEY_CASE, Findings, Unknown, name_of
from k6cfg.k6.decode.plan import Decode, Plan, decode, plan_of
from k6cfg.k6.decode.scalars import go_string, go_text, is_null, is_string, too_large
from k6cfg.k6.decode.value import Place, Read
from k6cfg.k6.member_lookup import fold
from k6cfg.schema import Node
from k6cfg.text.diagnostics import Applicability, Edit, Fix
from k6cfg.text.location import pointer
from k6cfg.text.tree import Array, Member, Object, Scalar, Value


def struct(found: Findings, read: Read, value: Value) -> None:
    """A Go struct: known keys whatever their case, read into what is there; null changes nothing."""
    if is_null(value):
        return
    if not isinstance(value, Object):
        found.wrong_type(read, value, _wrapped(found, read, value))
        return
    read.value, read.valid = read.fields, True
    members(found, read, value, plan_of(read.known))


def members(found: Findings, read: Read, value: Object, plan: Plan, decoded: str = "") -> None:
    """Read the members of an object into the fields of a struct; ``decoded`` is a key whose value was read before."""
    fields = read.fields
    seen: set[str] = set()
    for member in value.members:
        if member.key is None:
            continue
        written = found.document.string(member.key)
        key, place = go_text(written), Place(read.place, written)
        known = plan.fields.get(fold(key))
        if known is None:
            read.strange = read.strange or plan.refused
            found.unknown.append(
                Unknown(member, key, place, read, read.known, plan.old.get(fold(key)), plan.refused, found.gate)
            )
            continue
        slot = fields.get(known.name)
        if slot is None:
            slot = fields[known.name] = Read(known, place, member.value, member)
        if known.name in seen:
            _duplicate(found, slot, member)
        slot.place, slot.text, slot.member = place, member.value, member
        seen.add(known.name)
        if key != known.name:
            _other_case(found, slot, member, known.name)
        if known.name != decoded:
            decode(found, slot, member.value)


def _duplicate(found: Findings, earlier: Read, later: Member) -> None:
    if is_null(later.value) and plan_of(earlier.known).keeps:
        found.duplicate(earlier, later, "takes no notice of the null there", "keep this one alone")
        return
    together = plan_of(earlier.known).merged and isinstance(later.value, Object) and isinstance(earlier.text, Object)
    if together:
        effect, help_ = "puts both together; of what is in both the last counts", "put them together in one place"
    else:
        effect, help_ = "takes the last one, this one counts for nothing", "keep one of them"
    found.duplicate(earlier, later, effect, help_)


def _other_case(found: Findings, slot: Read, member: Member, name: str) -> None:

    if member.key is None or slot.place is None:
        return
    renamed = Place(slot.place.outer, name).pointer if slot.place.outer is not None else pointer([name])
    pointers = tuple(sorted({slot.place.pointer, renamed}))
    message = f"`{name}` is spelled {name_of(slot)} here; k6 reads it all the same, editors and other tools do not"
    fix = Fix(Applicability.SAFE, (Edit(*member.key.span, f'"{name}"'),), pointers=pointers)
    found.remark(KEY_CASE, slot, message, f'write "{name}"', fix)


def own_object(found: Findings, read: Read, value: Value) -> None:
    """A type with a decoder of its own around a struct: starts anew; null is not set."""
    if is_null(value):
        read.value, read.valid = None, False
    else:
        read.value = None
        struct(found, read, value)


def map_(found: Findings, read: Read, value: Value, entry: Decode | None = None) -> None:
    """A Go map: keys as they are, into what is there; the last of equal keys counts; null empties it."""
    if is_null(value):
        read.value, read.valid = None, False
        return
    if not isinstance(value, Object):
        found.wrong_type(read, value)
        return
    read.value, read.valid = read.fields, True
    plan = plan_of(read.known)
    fields = read.fields
    seen: set[str] = set()
    for member in value.members:
        if member.key is None:
            continue
        written = found.document.string(member.key)
        key, place = go_text(written), Place(read.place, written)
        known = plan.fields.get(key) or read.known.values
        if known is None:
            old = plan.old.get(key)
            found.unknown.append(Unknown(member, key, place, read, read.known, old, refused=False, gate=found.gate))
            continue
        if key in seen:
            effect = "takes the last one, this one counts for nothing"
            found.duplicate(fields[key], member, effect, "keep one of them, or give one another name")
        seen.add(key)
        slot = fields[key] = Read(known, place, member.value, member)
        if member.value is not None:
            (entry or decode)(found, slot, member.value)


def any_map(found: Findings, read: Read, value: Value) -> None:
    """``map[string]interface{}``: anything, but for numbers that are too large."""
    map_(found, read, value)
    for member in value.members if isinstance(value, Object) else ():
        if member.key is not None and member.value is not None and too_large(found.document, member.value):
            inner = Read(read.known, Place(read.place, found.document.key(member)), member.value, member)
            found.refuse(BAD_NUMBER, inner, "holds a number that is too large")


def string_map(found: Findings, read: Read, value: Value) -> None:
    """``map[string]string``: null values are empty texts."""
    map_(found, read, value, _text)


def list_(found: Findings, read: Read, value: Value, each: Decode | None = None) -> None:
    """A Go slice: null is not set; of an earlier duplicate Go fills the entries anew without clearing them."""
    if is_null(value):
        read.value, read.valid = None, False
        return
    if not isinstance(value, Array):
        text, certain = _listed(found, read, value)
        found.wrong_type(read, value, text, certain=certain)
        return
    known = read.known.items
    if known is None:
        read.value, read.valid = [], True
        return
    kept = read.entries if known.type in _REUSED and (known.type != "struct" or plan_of(known).refused) else []
    entries = [Read(known, None, item) if index >= len(kept) else kept[index] for index, item in enumerate(value.items)]
    read.value, read.valid = entries, True
    for index, (entry, item) in enumerate(zip(entries, value.items, strict=True)):
        entry.place, entry.text = Place(read.place, index), item
        (each or decode)(found, entry, item)


_REUSED: Final = frozenset({"plain-string", "struct"})
"""What Go decodes into an entry that is there already; all else has a decoder of its own that starts anew."""


def texts(found: Findings, read: Read, value: Value) -> None:
    """``[]string``."""
    list_(found, read, value, _text)


def list_of_names(found: Findings, read: Read, value: Value) -> None:
    """A list of texts with a decoder of its own."""
    read.value = None
    texts(found, read, value)


def _listed(found: Findings, read: Read, value: Value) -> tuple[str | None, bool]:
    """What stands where a list belongs, as a list, and whether no other list can be meant."""
    wrapped = _wrapped(found, read, value)
    inner = read.known.items
    if wrapped is None or inner is None or not isinstance(value, Scalar) or not is_string(value):
        return wrapped, True
    text = go_string(found.document, value)
    if "," not in text:
        return wrapped, True
    entries = comma_lists.pieces(inner, text, found.version)
    if entries is not None:
        return f"[{comma_lists.written(entries)}]", True
    return (wrapped if comma_lists.holds_commas(inner) else None), False


def _wrapped(found: Findings, read: Read, value: Value) -> str | None:
    """A text or object that stands where a list of such belongs, with the brackets that were left out."""
    inner = read.known.items
    if inner is None or any(each.secret for each in inner.properties.values()):
        return None
    single = isinstance(value, Object) and "object" in inner.json_types and _is_like(found, inner, value)
    single = single or ("string" in inner.json_types and is_string(value))
    return f"[{found.document.source(value)}]" if single else None


def _is_like(found: Findings, known: Node, value: Object) -> bool:
    """Whether an object has a key of those that are known there: else it is none of these, but something else."""
    fields = plan_of(known).fields
    return any(member.key is not None and fold(found.document.key(member)) in fields for member in value.members)


def _text(found: Findings, read: Read, value: Value) -> None:
    """An entry that is a Go string; null leaves what is there, at first an empty one."""
    if is_string(value) and isinstance(value, Scalar):
        read.value, read.valid = go_string(found.document, value), True
    elif is_null(value):
        read.value, read.valid = read.string, True
    else:
        scalar = isinstance(value, Scalar)
        found.wrong_type(read, value, f'"{found.document.source(value)}"' if scalar else None)
