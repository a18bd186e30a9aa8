"""Keys that k6 does not read: what they probably were meant to be, or where they belong."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from k6cfg.k6.decode import KEYS, Place, Read, Reading, Unknown, name_of
from k6cfg.k6.grammars import nearest, quoted
from k6cfg.k6.member_lookup import fold
from k6cfg.rules.deprecated_key import replacement
from k6cfg.schema import Node, Schema
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Applicability, Diagnostic, Edit, Fix, Rule, Severity
from k6cfg.text.lazy_regex import late
from k6cfg.text.tree import Object

UNKNOWN = Rule("unknown-key", KEYS, "A key that k6 does not know: it is ignored, or the file is refused for it.")
REMOVED = Rule("removed-key", KEYS, "A key that this version of k6 does not read any more.")
NOT_YET = Rule("key-of-newer-k6", KEYS, "A key that this version of k6 does not read yet.")
NEVER = Rule("not-a-file-key", KEYS, "An option that k6 takes as a flag or a variable, but not from the file.")

KEY_RULES: Final = (UNKNOWN, REMOVED, NOT_YET, NEVER)

_FEW: Final = 12
_NEARLY: Final = 0.9  # where others' keys stand too, only a slip of the finger is doubted,
_LONG: Final = 5  # and only in a word that is hardly another one
_SHORT: Final = 2
_ONE_SLIP: Final = 1.0  # a letter that differs says more than a key of the same name elsewhere
_VARIANT: Final = late("<[^<>]*>")
_MOST: Final = 500  # a file with more keys that nobody knows is none of k6's; guessing what each means takes long


class _Meant(NamedTuple):
    """What was probably meant: ``key`` in the same object, or ``elsewhere``, the dotted name of another place.

    ``likely`` says that the key is misspelt, no other word for it, so that its value will do. ``shapes`` are the shapes
    (executors) of an object that have this key, where the one at hand does not. ``opposite`` says that ``key`` turns
    off what the unknown key turns on.
    """

    key: str | None = None
    elsewhere: str | None = None
    likely: bool = True
    shapes: tuple[str, ...] = ()
    opposite: bool = False


def unknown_keys(reading: Reading) -> Iterator[Diagnostic]:
    """A finding for each key that k6 does not read, but for notes and what others read."""
    for count, unknown in enumerate(reading.unknown):
        pattern = unknown.known.note_pattern
        if not unknown.refused and pattern is not None and re.search(pattern, unknown.key):
            continue
        if unknown.old is not None:
            yield _obsolete(reading, unknown, unknown.old)
            continue
        meant = _meant(reading.schema, unknown) if count < _MOST else _Meant()
        if not unknown.refused and unknown.known.unknown_keys == "kept" and meant.key is None:
            continue
        yield _unknown(reading, unknown, meant)


def meant_in(reading: Reading, holder: Read) -> frozenset[str]:
    """The keys that the unknown ones of an object were probably meant to be, so that they are not missing."""
    if not holder.strange:
        return frozenset()
    meant = (_meant(reading.schema, unknown).key for unknown in reading.unknown if unknown.within is holder)
    return frozenset(key for key in meant if key is not None)


def _finding(unknown: Unknown, rule: Rule, message: str, help_: str | None, fix: Fix | None = None) -> Diagnostic:
    key = unknown.member.key
    severity, refuses = Severity.WARNING, frozenset[str]()
    if unknown.refused:
        severity, refuses = unknown.gate.severity, unknown.gate.refuses
    return Diagnostic(
        rule=rule,
        severity=severity,
        message=message,
        help=help_,
        span=key.span if key is not None else unknown.member.span,
        pointer=unknown.place.pointer,
        fix=fix,
        refuses=refuses,
    )


def _effect(unknown: Unknown) -> str:
    return unknown.gate.effect if unknown.refused else "it is ignored without a word"


# -- keys of other versions ------------------------------------------------------------------------------------------


def _obsolete(reading: Reading, unknown: Unknown, old: Node) -> Diagnostic:
    version = reading.schema.version
    shown = f"`{old.name}`"
    if old.ignored:
        other = " or ".join([*old.flag[:1], *old.env[:1]])
        message = f"k6 does not read {shown} from the file, only as {other}; it is ignored here"
        return _finding(unknown, NEVER, message, f"use {other}")
    if old.since is not None and version < old.since:
        effect = _effect(unknown)
        message = f"{shown} came with k6 {old.since}; in {version} {effect}"
        return _finding(unknown, NOT_YET, message, f"use k6 {old.since} or later, or remove it")
    effect = unknown.gate.effect if unknown.refused else "it is ignored without a word"
    message = f"k6 has not read {shown} since {old.removed}; {effect}"
    fix = None
    if old.replaced_by is not None and old.replaced_by.rpartition(".")[0] == old.dotted.rpartition(".")[0]:
        fix = _rename(reading, unknown, _Meant(old.replaced_by.rpartition(".")[2]))
    return _finding(unknown, REMOVED, message, replacement(old) or "remove it", fix)


# -- unknown keys ----------------------------------------------------------------------------------------------------


def _unknown(reading: Reading, unknown: Unknown, meant: _Meant) -> Diagnostic:
    place = "" if unknown.within.place is None else f" in {name_of(unknown.within)}"
    if unknown.known.unknown_keys == "kept":
        # Of a map every key is taken; only one that is nearly a known one was probably meant to be that.
        why = "here k6 tells upper from lower case" if fold(unknown.key) == fold(meant.key or "") else "k6 lets it pass"
        message = f"{quoted(unknown.key)}{place} is not `{meant.key}`: {why}"
    else:
        message = f"k6 knows no key {quoted(unknown.key)}{place}; {_effect(unknown)}"
    if meant.key is not None:
        help_ = _did_you_mean(reading, unknown, meant.key) + (" It says the opposite." if meant.opposite else "")
        return _finding(unknown, UNKNOWN, message, help_, _rename(reading, unknown, meant))
    if meant.shapes:
        others = ", ".join(meant.shapes)
        return _finding(unknown, UNKNOWN, message, f"it is for {others}, not for {unknown.known.name}")
    if meant.elsewhere is not None:
        return _finding(unknown, UNKNOWN, message, _elsewhere(unknown, meant.elsewhere))
    return _finding(unknown, UNKNOWN, message, _general_help(reading, unknown))


def _did_you_mean(reading: Reading, unknown: Unknown, name: str) -> str:
    return f"did you mean `{name}`?" + (" That is there too." if _is_there(reading, unknown, name) else "")


def _is_there(reading: Reading, unknown: Unknown, name: str) -> bool:
    """Whether a key stands in the object of an unknown one."""
    there = unknown.within.fields.get(name)
    return (there is not None and there.member is not None) or (unknown.within.place is None and name in reading.aside)


def _general_help(reading: Reading, unknown: Unknown) -> str | None:
    advice = _advice(unknown.known).get(_letters(unknown.key))
    if advice is not None:
        return advice
    if unknown.within.place is None:
        if _holds(reading, unknown, _by_letters(reading.schema.root)):
            outputs = reading.schema.find(("collectors",))
            if outputs is not None and _holds(reading, unknown, _by_letters(outputs)):
                return f"did you mean `{outputs.name}`?"
            return "k6 reads the options at the top of the file, with no other key around them"
        return 'if it is a note, a key that begins with "_" says so'
    keys = _keys(unknown.known)
    return f"the keys here are {', '.join(keys)}" if 0 < len(keys) <= _FEW else None


def _holds(reading: Reading, unknown: Unknown, letters: Mapping[str, str]) -> bool:
    """Whether the value is an object of certain keys and no others."""
    value = unknown.member.value
    if not isinstance(value, Object) or not value.members:
        return False
    return all(_letters(reading.document.key(member)) in letters for member in value.members)


def _elsewhere(unknown: Unknown, dotted: str) -> str:
    outer, _, name = dotted.rpartition(".")
    outer = _VARIANT.sub("", outer).replace("*", "NAME")
    if outer.startswith("scenarios."):
        return f"does it belong into a scenario, as `{outer}.{name}`?"
    if outer.endswith("[]"):
        return f"does it belong into an entry of `{outer.removesuffix('[]')}`?"
    where = f"under `{outer}`" if outer else "at the top of the file"
    return f"does it belong {where}?" if fold(name) == fold(unknown.key) else f"did you mean `{name}` {where}?"


def _rename(reading: Reading, unknown: Unknown, meant: _Meant) -> Fix | None:
    """The fix that corrects a key, unless the right one is there already; what was ignored takes effect by it."""
    key, name = unknown.member.key, meant.key
    if key is None or name is None or not meant.likely or _is_there(reading, unknown, name):
        return None
    places = {unknown.place.pointer, Place(unknown.within.place, name).pointer}
    return Fix(Applicability.UNSAFE, (Edit(*key.span, f'"{name}"'),), pointers=tuple(sorted(places)))


def _meant(schema: Schema, unknown: Unknown) -> _Meant:
    """What a key was meant to be: by its letters, by what people write instead, by likeness, by other places."""
    letters = _letters(unknown.key)
    here = _by_letters(unknown.known)
    if not letters:
        return _Meant()
    if letters in here:
        return _Meant(here[letters])
    if letters in _advice(unknown.known):
        return _Meant()
    if (opposite := _opposite(letters, here)) is not None:
        return _Meant(opposite, likely=False, opposite=True)
    if unknown.known.unknown_keys == "kept":
        return _Meant(meant_among_others(unknown.known, unknown.key))
    if (near := nearest(letters, here, _ONE_SLIP)) is not None:
        return _Meant(here[near])
    shapes = tuple(name for name, shape in _shapes(schema, unknown.known).items() if letters in _by_letters(shape))
    if shapes:
        return _Meant(shapes=shapes)
    found = _by_habit(schema, unknown, letters)
    if found is not None:
        return found
    near = nearest(letters, here)
    return _Meant(None if near is None else here[near])


def _by_habit(schema: Schema, unknown: Unknown, letters: str) -> _Meant | None:
    """What people mean who write a key like this: another key here, or one of another object."""
    habits = _habits(schema).get(letters, ())
    for outer, _, name in (habit.rpartition(".") for habit in habits):
        if name in unknown.known.properties and _is_near(unknown.known, outer):
            return _Meant(name, likely=False)
    if habits and unknown.within.place is None:
        return _Meant(elsewhere=habits[0])
    places = _elsewhere_by_letters(schema).get(letters, ()) if len(letters) > _SHORT else ()
    elsewhere = next((place for place in places if _is_near(unknown.known, place.rpartition(".")[0])), None)
    return _Meant(elsewhere=elsewhere) if elsewhere is not None else None


def meant_among_others(known: Node, key: str) -> str | None:
    """The key that another one in a map is surely meant to be, where keys may stand that k6 does not know."""
    letters, here = _letters(key), _by_letters(known)
    if letters in here:
        return here[letters]
    near = nearest(letters, here, _NEARLY) if len(letters) >= _LONG and letters.isalpha() else None
    return None if near is None else here[near]


def _letters(key: str) -> str:
    """A key without what people vary: case, underscores, dashes, dots, the prefix of variables."""
    return re.sub("[^a-z0-9]", "", fold(key).removeprefix("k6_"))


def _opposite(letters: str, here: Mapping[str, str]) -> str | None:
    """The key that turns off what a key turns on, or the other way round."""
    return here.get(f"no{letters}") or (here.get(letters.removeprefix("no")) if letters.startswith("no") else None)


def _is_near(known: Node, outer: str) -> bool:
    """Whether a key of one object may belong into another: into the top, one around it, or one in it."""
    place, within = _VARIANT.sub("", outer), _VARIANT.sub("", known.dotted)
    return place.startswith(within) or within.startswith(place)


@cache
def _by_letters(node: Node) -> Mapping[str, str]:
    return {_letters(name): name for name in _keys(node)}


@cache
def _keys(node: Node) -> tuple[str, ...]:
    """The keys of an object; of one whose shape is not known, such as a scenario without executor, those of any."""
    return tuple(dict.fromkeys(name for shape in (node, *node.variants.values()) for name in shape.properties))


@cache
def _advice(node: Node) -> Mapping[str, str]:
    return {_letters(key): text for key, text in node.advice.items()}


@cache
def _shapes(schema: Schema, shape: Node) -> Mapping[str, Node]:
    """All shapes of an object of which ``shape`` is one."""
    return next((node.variants for node in schema.nodes() if shape in node.variants.values()), {})


@cache
def _habits(schema: Schema) -> Mapping[str, tuple[str, ...]]:
    """By the letters of what people write for a key, its dotted names, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for node in sorted(schema.nodes(), key=lambda node: _rank(node, schema.version)):
        for name in node.also_called:
            found[_letters(name)] = (*found.get(_letters(name), ()), node.dotted)
    return found


@cache
def _elsewhere_by_letters(schema: Schema) -> Mapping[str, tuple[str, ...]]:
    """The dotted names of all keys by their letters, and by those of their variables; the usual place first."""
    found: dict[str, tuple[str, ...]] = {}
    for node in sorted(schema.nodes(), key=lambda node: _rank(node, schema.version)):
        # The type of a browser has too general a name to be what a key elsewhere means.
        if node.name not in {"*", "[]"} and "<" not in node.name and node.type != "any-value":
            for letters in dict.fromkeys(map(_letters, (node.name, *node.env))):
                found[letters] = (*found.get(letters, ()), node.dotted)
    return found


def _rank(node: Node, _version: Version) -> tuple[int, int]:
    parts = node.dotted.split(".")
    outer = {"collectors": 1, "scenarios": 2, "stages[]": 4, "cloud": 3, "ext": 5}.get(parts[0], 0)
    if len(parts) == 1:
        outer = 0
    elif parts[:2] == ["collectors", "cloud"]:
        outer = 1
    elif parts[0] == "collectors":
        outer = 4
    return outer, len(parts)
