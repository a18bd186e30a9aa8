"""Malformed text to the cheapest edits that make it the file that was meant, or to the reason why there are none.

``wrappers`` takes off what a configuration comes wrapped in. ``costs`` is the table of slips, ``lexemes`` and ``words``
the ways to read a string or word, ``fitting`` those that the schema suggests, ``moves`` and ``value_moves`` the grammar
with its accidents, ``hints`` what makes a reading doubtful, ``search`` the choice between readings,
``walk`` the way through a text, ``layers`` puts edits upon edits, ``findings`` is what a person is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from k6cfg.repairer.applicability import ASKED, Judge
from k6cfg.repairer.diagnostics import doubted_too, finding, no_configuration, no_known_key, unclear
from k6cfg.repairer.search.driver import Way, walk
from k6cfg.repairer.search.heuristics import Hints
from k6cfg.repairer.search.state import Step
from k6cfg.repairer.slips import BRACKETS, RULES, SLIPS, STRAY_QUOTE
from k6cfg.repairer.source_map import Layer, down, settled
from k6cfg.repairer.wrappers.layers import unwrap
from k6cfg.repairer.wrappers.leading_text import constants
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Applicability, Diagnostic, Edit, Fix, Severity, apply_edits
from k6cfg.text.encoding import byte_of, undecodable
from k6cfg.text.location import Span
from k6cfg.text.parser import (
    BYTE_ORDER_MARK,
    ENCODING,
    EXTRA_COLON,
    EXTRA_COMMA,
    INVALID_UTF_8,
    MISSING_COLON,
    MISSING_COMMA,
    TOO_DEEP,
    parse,
    uncollected,
)
from k6cfg.text.scanner import TRIVIA
from k6cfg.text.tree import Document, Object

__all__ = ["RULES", "Repair", "repair"]

_BUDGET: Final = 40_000
"""How many readings one text may cost, beside one for ten characters."""
_MOST: Final = 80_000
"""How many it may cost however long it is: some seconds, and well over a thousand errors."""
_MANY: Final = 10
"""How many findings a text that is left alone gets."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What keeps a text from being JSON, in the order of the text, and how each is mended.

    ``complete`` says that all edits of all fixes together give strict JSON. Where it is False, nothing should be
    changed: the findings say what was found and why it was left. ``rejected`` is the text of a repair that was not
    made, for it would be no configuration: what is secret in it is secret in the broken text too.
    """

    diagnostics: tuple[Diagnostic, ...]
    complete: bool
    rejected: str | None = None


def repair(document: Document, schema: Schema | None = None) -> Repair:
    """How the text of a document becomes JSON. Never raises; linear in the text, with a budget after which it refuses.

    ``schema`` helps to choose between readings. No value is invented; none is changed but by a finding that says so.
    """
    if not any(found.severity is Severity.ERROR for found in document.diagnostics):
        return Repair((), complete=False)
    with uncollected():
        return _repair(document, schema)


def _repair(document: Document, schema: Schema | None) -> Repair:
    text = document.text
    if not text.strip("\ufeff \t\r\n") or any(found.rule is TOO_DEEP for found in document.diagnostics):
        found = [found for found in document.diagnostics if found.rule in _OF_ENCODING]
        return Repair(_as_found(document, found), complete=False)
    kept = [_completed(text, found) for found in document.diagnostics if found.rule in _OF_ENCODING]
    edits = sorted(edit for found in kept if found.fix is not None for edit in found.fix.edits)
    ground = Layer(text, edits)
    wrapped = unwrap(ground.text, _keys(schema), _switches(schema))
    if wrapped.refusal is not None:
        why = replace(wrapped.refusal, span=_mapped(ground, wrapped.refusal))
        return Repair(tuple(sorted([*kept, why], key=lambda each: each.span)), complete=False)
    inner = wrapped.layers[-1].text if wrapped.layers else ground.text
    names = constants(ground.text) if any(one.slip in _OF_SCRIPTS for one in wrapped.steps) else None
    way = walk(inner, Hints(inner, schema, names), min(_BUDGET + len(inner) // 10, _MOST))
    layers = [*reversed(wrapped.layers), ground]
    if _is_rubble(way, document):
        way = replace(way, refusal="lost", error=0)
    steps = [(ground.step(one), False) for one in wrapped.steps]
    steps += [(down(layers, one), doubted) for one, doubted in way.steps]
    if way.refusal:
        error = way.error
        for layer in layers:
            error = layer.offset(error)
        way = replace(way, rival=tuple(down(layers, one) for one in way.rival))
        return _refused(document, kept, way, steps, error)
    return _proved(document, kept, steps, schema)


def _keys(schema: Schema | None) -> frozenset[str]:
    """The keys of a configuration, in lower case."""
    root = schema.root if schema is not None else None
    return frozenset(name.lower() for name in (*root.properties, *root.obsolete)) if root is not None else frozenset()


def _switches(schema: Schema | None) -> frozenset[str]:
    """The keys of a configuration that take booleans alone, in lower case."""
    keys = schema.root.properties.values() if schema is not None else ()
    return frozenset(node.name.lower() for node in keys if set(node.json_types) - {"null"} == {"boolean"})


_OF_SCRIPTS: Final = frozenset({"assignment", "code"})
_OF_ENCODING: Final = frozenset({ENCODING, BYTE_ORDER_MARK, INVALID_UTF_8})


def _is_rubble(way: Way, document: Document) -> bool:
    """Whether so much of the structure had to be assumed that the reading is a construction of ours."""
    structure = [one for one, _ in way.steps if SLIPS[one.slip].rule in _STRUCTURE]
    assumed = len(structure)
    if structure and structure[0].slip == "open" and structure[0].start == _first(document.text):
        others = sum(one.slip not in {"open", "close-end", "close-cut", "trailing-comma"} for one in structure)
        if others > 1:
            return True
    return assumed > _FEW and assumed * 2 > sum(token.kind not in TRIVIA for token in document.tokens)


def _first(text: str) -> int:
    return len(text) - len(text.lstrip("\ufeff \t\r\n"))


_FEW: Final = 12
_STRUCTURE: Final = BRACKETS | {MISSING_COLON, MISSING_COMMA, EXTRA_COLON, EXTRA_COMMA, STRAY_QUOTE}


def _completed(text: str, found: Diagnostic) -> Diagnostic:
    """A finding about bytes that are not UTF-8, with its fix even outside a sound string."""
    if found.rule is not INVALID_UTF_8 or found.fix is not None:
        return found
    edits = tuple(
        Edit(offset, offset + 1, bytes([byte_of(text[offset])]).decode("cp1252", "replace"))
        for offset in range(*found.span)
        if undecodable(text[offset])
    )
    return replace(found, fix=Fix(Applicability.UNSAFE, edits))


def _mapped(layer: Layer, found: Diagnostic) -> Span:
    start = layer.offset(found.span.start, after=True)
    return Span(start, max(start, layer.offset(found.span.end)))


def _proved(
    document: Document, kept: Sequence[Diagnostic], steps: Sequence[tuple[Step, bool]], schema: Schema | None
) -> Repair:
    """The findings of all steps, if their edits make JSON."""
    text = document.text
    encoding = [Step("kept", *found.span, found.fix.edits if found.fix is not None else (), 0.0) for found in kept]
    origins = {one.start: found for one, found in zip(encoding, kept, strict=True)}
    doubted = {_place(one) for one, doubt in steps if doubt}
    settled_steps = settled([*encoding, *(one for one, _ in steps)])
    found = [
        _kept(origins[one.start], one)
        if one.slip == "kept"
        else finding(text, document.lines, one, doubtful=_place(one) in doubted or _guesses_bytes(text, one))
        for one in settled_steps or ()
    ]
    found.sort(key=lambda each: each.span)
    edits = [edit for each in found if each.fix is not None for edit in each.fix.edits]
    if any(each.fix is not None and each.fix.applicability is Applicability.MANUAL for each in found):
        return Repair(tuple(found), complete=False)
    after = apply_edits(text, edits) if settled_steps is not None else ""
    if settled_steps is None or not _is_json(after):
        return Repair(_as_found(document, kept), complete=False)
    if schema is None:
        return Repair(tuple(found), complete=True)
    result = parse(after)
    if not _is_plain(text, settled_steps) and not _names_key(result, _keys(schema)):
        if not text.startswith("{", _first(text)):
            why = sorted([*kept, no_known_key(_first(text))], key=lambda each: each.span)
            return Repair(tuple(why), complete=False, rejected=after)
        found = [doubted_too(each) for each in found]
    if any(one.slip in ASKED for one in settled_steps):
        judge = Judge(result, edits, settled_steps, Hints(after, schema))
        places = {one.start for one in settled_steps if one.slip in ASKED and judge.doubts(text, one)}
        found = [doubted_too(each) if each.span.start in places else each for each in found]
    return Repair(tuple(found), complete=True)


def _is_plain(text: str, steps: Sequence[Step]) -> bool:
    """Whether a text is an object in braces in which nothing is wrong but notation."""
    first = _first(text)
    return text[first : first + 1] == "{" and all(one.slip in _NOTATION for one in steps)


_NOTATION: Final = frozenset(
    {"comment", "trailing-comma", "extra-comma", "odd-space", "foreign-quotes", "bare-key", "literal", "kept"}
)
"""What JSON5 and other relatives of JSON allow: a text with no other slips is what it looks like."""


def _names_key(result: Document, keys: frozenset[str]) -> bool:
    """Whether a configuration has a key that k6 knows; an array has none."""
    root = result.root
    members = root.members if isinstance(root, Object) else ()
    return any(member.key is not None and result.string(member.key).lower() in keys for member in members)


def _place(one: Step) -> tuple[str, int, int]:
    return one.slip, one.start, one.end


def _guesses_bytes(text: str, one: Step) -> bool:
    """Whether an edit takes along bytes of another encoding, whose meaning is a guess."""
    return any(undecodable(sign) for edit in one.edits for sign in text[edit.start : edit.end])


def _kept(found: Diagnostic, one: Step) -> Diagnostic:
    """A finding of the parser, with the edits that are left to it."""
    return found if found.fix is None else replace(found, fix=found.fix._replace(edits=one.edits))


def _is_json(text: str) -> bool:
    import json  # what json.loads takes with these arguments is strict JSON, told ten times faster than by our parser

    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except RecursionError:
        return not any(found.severity is Severity.ERROR for found in parse(text).diagnostics)
    except ValueError:
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)


def _as_found(document: Document, kept: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What the parser says, for a text that is left alone."""
    others = [found for found in document.diagnostics if found.rule not in _OF_ENCODING]
    deepest = [found for found in others[_MANY:] if found.rule is TOO_DEEP]
    return tuple(sorted([*kept[:_MANY], *others[:_MANY], *deepest[:1]], key=lambda each: each.span))


def _refused(
    document: Document, kept: Sequence[Diagnostic], way: Way, steps: Sequence[tuple[Step, bool]], error: int
) -> Repair:
    """The findings of a text that is left alone, and why it is."""
    if way.refusal == "lost" and not any(isinstance(value, Object) for value in (document.root, *document.rest)):
        why = no_configuration(document.root.start if document.root is not None else 0)
        return Repair(tuple(sorted([*kept, why], key=lambda each: each.span)), complete=False)
    why = unclear(document.text, document.lines, way, error, [one for one, _ in steps])
    if way.refusal != "unclear":
        # That text follows the value is what ``why`` says of two values.
        same = why.span.start if way.refusal == "two" else None
        others = [found for found in _as_found(document, kept) if found.span.start != same]
        return Repair(tuple(sorted([*others, why], key=lambda each: each.span)), complete=False)
    certain = [
        replace(found, fix=found.fix._replace(applicability=Applicability.MANUAL))
        for one, doubted in steps
        if not doubted and one.end <= error
        for found in (finding(document.text, document.lines, one, doubtful=False),)
        if found.fix is not None
    ]
    return Repair(tuple(sorted([*kept, *certain[:_MANY], why], key=lambda each: each.span)), complete=False)
