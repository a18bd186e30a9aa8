"""What the schema does not intend, though k6 takes it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from k6cfg.k6 import grammars
from k6cfg.k6.decode import BAD_DURATION, Read, Reading, name_of, separated
from k6cfg.k6.grammars.durations import NUMBERS_ARE_MILLISECONDS
from k6cfg.rules.schema_precheck import FORMATS, covered, doubtful, follows
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Rule, Severity
from k6cfg.text.location import Span, pointer
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Scalar

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import ValidationError

NOT_A_CHOICE = Rule("not-a-choice", "intent", "A text is none of those that are meant; k6 does not check it.")
OUT_OF_BOUNDS = Rule("out-of-bounds", "intent", "A number is outside of what makes sense; k6 does not check it.")
INCOMPLETE = Rule("incomplete", "intent", "Something that belongs to it is missing; k6 does not check it.")
NOT_INTENDED = Rule("not-intended", "intent", "A value is not what k6's authors mean; k6 takes it all the same.")

INTENT_RULES: Final = (NOT_A_CHOICE, OUT_OF_BOUNDS, INCOMPLETE, NOT_INTENDED)

_BOUNDS: Final = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}
_MANY: Final = 8
_MILLISECOND: Final = 1_000_000
_AT_START: Final = "k6 loads the file, but a test with this output does not start"


def intended(reading: Reading, schema: Schema, spoken: Iterable[Diagnostic] = ()) -> Iterator[Diagnostic]:
    """A warning for each place that the schema does not intend, unless k6 refuses it or ``spoken`` is about it."""
    said = [each for each in reading.diagnostics if each.severity is Severity.ERROR or each.rule is BAD_DURATION]
    said += spoken
    about = {each.pointer for each in said if not each.lacks}
    # Of an object that lacks something nothing more is said, but of what it has.
    lacking = {each.pointer for each in said if each.lacks}
    if schema.version < NUMBERS_ARE_MILLISECONDS:
        yield from _few_nanoseconds(reading, about)
    if not doubtful(reading.root, schema.version, about):
        return  # nearly every file; the validator is slow to import, and slow to ask
    seen: set[str] = set()
    for violation in _validator(schema).iter_errors(reading.shape):
        read, place = _place(reading, violation)
        if place in seen or read is None or place in lacking or covered(place, about) or _refused(read, violation):
            continue
        seen.add(place)
        yield _remark(reading, read, place, violation)


def _few_nanoseconds(reading: Reading, about: set[str]) -> Iterator[Diagnostic]:
    """Bare numbers that k6 before 0.30.0 reads as a time in which nothing can happen."""
    pending = [reading.root]
    while pending:
        read = pending.pop()
        pending += [*read.fields.values(), *read.entries]
        if read.known.type != "duration" or read.failed or not 0 < read.number < _MILLISECOND:
            continue
        if not isinstance(read.text, Scalar) or read.text.kind is not Kind.NUMBER or covered(read.pointer, about):
            continue
        number, time = reading.document.source(read.text), grammars.show_duration(read.number)
        yield Diagnostic(
            rule=OUT_OF_BOUNDS,
            severity=Severity.WARNING,
            message=f"{name_of(read)} is {time}: k6 before {NUMBERS_ARE_MILLISECONDS} reads a number without a unit as "
            "nanoseconds",
            help=f'write "{number}ms" for milliseconds, "{number}s" for seconds',
            span=read.span,
            pointer=read.pointer,
        )


@cache
def _validator(schema: Schema) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema.document, format_checker=_checker(schema.version))


@cache
def _checker(version: Version) -> "FormatChecker":
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name in FORMATS:
        checker.checks(name)(_takes(name, version))
    return checker


def _takes(name: str, version: Version) -> Callable[[object], bool]:
    return lambda text: not isinstance(text, str) or follows(name, text, version)


def _place(reading: Reading, violation: "ValidationError") -> tuple[Read | None, str]:
    """The value that a violation is about, and its pointer; of a name of a key, what stands under it."""
    route: list[str | int] = list(violation.absolute_path)
    if "propertyNames" in violation.absolute_schema_path:
        route.append(str(violation.instance))
    read = reading.at(route)
    return read, read.pointer if read is not None else pointer(route)


def _refused(read: Read, violation: "ValidationError") -> bool:
    """Whether what is missing is there, but refused."""
    if violation.validator != "required":
        return False
    return read.strange or any(each.failed for key in _missing(violation) if (each := read.fields.get(key)) is not None)


def _missing(violation: "ValidationError") -> list[str]:
    there = violation.instance
    return [key for key in _listed(violation.validator_value) if isinstance(there, dict) and key not in there]


def _listed(value: object) -> Sequence[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _remark(reading: Reading, read: Read, place: str, violation: "ValidationError") -> Diagnostic:
    rule, what, help_ = _words(read, violation)
    lacks = _missing(violation) if violation.validator == "required" else ()
    split = separated(read)
    return Diagnostic(
        rule=rule,
        severity=Severity.WARNING,
        message=f"{name_of(read)} {what}",
        help=split[0] if split is not None else help_,
        span=_span(reading, read),
        pointer=place,
        fix=split[1] if split is not None else None,
        lacks=tuple(lacks),
    )


def _span(reading: Reading, read: Read) -> Span:
    if isinstance(read.value, dict) and read.member is not None and read.member.key is not None:
        return read.member.key.span
    return read.span if read.text is not None else Span(0, min(1, len(reading.document.text)))


def _words(read: Read, violation: "ValidationError") -> tuple[Rule, str, str | None]:
    keyword, value = str(violation.validator), violation.validator_value
    checked = read.known.checked
    if keyword == "enum":
        return _choice(read, violation.instance, _listed(value))
    if keyword in _BOUNDS:
        bound = grammars.show_duration(round(float(str(value)) * 1e6)) if read.known.type == "duration" else str(value)
        effect = _AT_START if checked else "k6 does not check it"
        return OUT_OF_BOUNDS, f"is meant to be {_BOUNDS[keyword]} {bound}; {effect}", None
    if keyword in {"required", "dependentRequired"}:
        return _incomplete(violation, checked=checked)
    if keyword == "format" and read.known.format == "k6-host-address":
        return (
            NOT_INTENDED,
            "is mapped to what is no IP address; k6 takes it, and requests to it fail",
            "write an IP address",
        )
    if "propertyNames" in violation.absolute_schema_path:
        return NOT_INTENDED, "has a name that is not meant here; k6 takes it all the same", None
    if checked:
        return NOT_INTENDED, f"is not valid here; {_AT_START}", _example(read)
    return NOT_INTENDED, "is not what is meant here; k6 takes it all the same", None


def _example(read: Read) -> str | None:
    return next((f"write it as in {grammars.quoted(str(each))}" for each in read.known.examples), None)


def _choice(read: Read, value: object, known: Sequence[str]) -> tuple[Rule, str, str | None]:
    choices = [choice for choice in known if choice not in {"", str(None)}]
    near = grammars.nearest(str(value).lower(), choices)
    listed = f"one of {', '.join(choices)}" if len(choices) <= _MANY else "a name that k6 knows"
    since, removed = read.known.enum_since.get(str(value)), read.known.enum_removed.get(str(value))
    effect = _AT_START if read.known.checked else "k6 takes any text without a word"
    what = f"is {grammars.quoted(str(value))}, and is meant to be {listed}; {effect}"
    if read.place is not None and isinstance(read.place.part, int):
        what = f"is {grammars.quoted(str(value))}, which k6 does not know; it leaves it out without a word"
    if since is not None:
        what = f"names what came with k6 {since}; until then k6 takes no notice of it"
    if removed is not None:
        what = f"names what k6 has not had since {removed}"
    return NOT_A_CHOICE, what, f'write "{near}"' if near is not None else None


def _incomplete(violation: "ValidationError", *, checked: bool) -> tuple[Rule, str, str | None]:
    keys = re.findall("'([^']*)'", violation.message)[:1] if violation.validator != "required" else _missing(violation)
    listed = ", ".join(f"`{key}`" for key in keys)
    effect = _AT_START if checked else "k6 does not check it"
    return INCOMPLETE, f"is meant to have {listed}; {effect}", f"add {listed}"
