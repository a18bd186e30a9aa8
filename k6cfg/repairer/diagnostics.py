"""From steps to findings: what a person is told about each slip, and the fix that mends it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from k6cfg.repairer.search.driver import Way
from k6cfg.repairer.search.state import Step
from k6cfg.repairer.slips import NOT_A_CONFIGURATION, SLIPS, UNCLEAR
from k6cfg.text.diagnostics import Applicability, Diagnostic, Fix
from k6cfg.text.location import LineIndex, Span
from k6cfg.text.parser import fault

_LONGEST: Final = 40


def finding(text: str, lines: LineIndex, one: Step, *, doubtful: bool) -> Diagnostic:
    """The finding of one step; where another reading is near, its fix is not safe."""
    slip = SLIPS[one.slip]
    message, help_ = _WORDS[one.slip](one, text, lines)
    trust = slip.trust
    found = fault(slip.rule, _span(one), message, help_, Fix(trust, one.edits))
    return doubted_too(found) if doubtful else found


def doubted_too(found: Diagnostic) -> Diagnostic:
    """A finding whose fix is not safe, for the text can be read in another way."""
    fix = found.fix
    if fix is None or fix.applicability is not Applicability.SAFE:
        return found
    help_ = f"{found.help}; it could be read in another way too"
    return replace(found, help=help_, fix=fix._replace(applicability=Applicability.UNSAFE))


def _span(one: Step) -> Span:
    return Span(one.start, one.end)


_Words = Callable[[Step, str, LineIndex], tuple[str, str]]


def _said(message: str, help_: str) -> _Words:
    """Words that need no more than the detail of the step (``{0}``)."""

    def words(one: Step, _text: str, _lines: LineIndex) -> tuple[str, str]:
        return message.format(_short(one.detail)), help_.format(_short(one.detail))

    return words


def _short(detail: str) -> str:
    detail = detail.strip("\"'")
    return detail if len(detail) <= _LONGEST else detail[: _LONGEST - 1] + "…"


def _colon(one: Step, _text: str, _lines: LineIndex) -> tuple[str, str]:
    return f'"{_short(one.detail)}" has no colon after it; k6 stops reading here', "put : between the key and its value"


def _closed(one: Step, text: str, lines: LineIndex) -> tuple[str, str]:
    start = int(one.detail)
    opener = text[start : start + 1] or "{"
    closer = "]" if opener == "[" else "}"
    line = lines.position(start).line
    return (
        f"the {opener} of line {line} should be closed here, it seems; k6 takes what follows for a part of it",
        f"put {closer} here",
    )


def _ended(one: Step, _text: str, _lines: LineIndex) -> tuple[str, str]:
    count = int(one.detail)
    what = "a bracket is" if count == 1 else f"{count} brackets are"
    closers = "".join(edit.text.strip() for edit in one.edits)
    shown = "".join(closers.split())
    return (
        f"the file ends while {what} open; if it was cut off, what followed is missing",
        f"put {shown if len(shown) <= _LONGEST else 'the closing brackets'} at the end, and look whether all is there",
    )


def _wrong(one: Step, _text: str, _lines: LineIndex) -> tuple[str, str]:
    found, wanted = one.detail[:1], one.detail[1:]
    return f"{found} stands where {wanted} belongs; k6 stops reading here", f"write {wanted}"


def _unknowable(one: Step, _text: str, _lines: LineIndex) -> tuple[str, str]:
    # What follows the name may hold anything, a secret among it.
    name = _NAME.match(one.detail)
    shown = name.group() if name else "this expression"
    return f"{shown} is no JSON value, and what it would be is not to be known from this file", "write the value itself"


_NAME: Final = re.compile(r"__ENV(?:\.\w+)?|process\.env(?:\.\w+)?|[+-]?(?:NaN|Infinity)\b", re.IGNORECASE)
_QUOTED: Final = 'write " on both sides'

_WORDS: Final[dict[str, _Words]] = {
    "colon": _colon,
    "colon-odd": _said(
        '"{0}" has no colon after it; k6 stops reading here',
        "put : here, and look whether the quotes beside it are right",
    ),
    "comma-odd": _said(
        "a comma is missing here; k6 stops reading", "put , here, and look whether the quotes are right"
    ),
    "comma": _said("a comma is missing here; k6 stops reading", "put , here"),
    "close-end": _ended,
    "close-cut": _ended,
    "close": _closed,
    "open": _said("an opening {0} is missing here; k6 stops reading soon after", "put {0} here"),
    "quote-open": _said("this text has a quote at its end and none at its start", 'put " before it'),
    "quote-close": _said("this string is not closed; k6 reads on to the next quote", 'close it with "'),
    "quote-close-odd": _said(
        "this string is not closed; k6 reads on to the next quote", 'close it with ", perhaps in place of its last sign'
    ),
    "quote-sign": _said("the {0} seems to stand in the place of this string's quote", 'write " in its place'),
    "quote-cut": _said("the file ends inside this string; the rest of it is lost", 'close it with ", and complete it'),
    "sign-colon": _said("{0} stands in place of a colon; k6 stops reading here", "write :"),
    "point-colon": _said("{0} stands where a colon belongs; k6 stops reading here", "write :"),
    "point-comma": _said("{0} stands where a comma belongs; k6 stops reading here", "write ,"),
    "colon-comma": _said("{0} stands where a comma belongs; k6 stops reading here", "write ,"),
    "wrong-closer": _wrong,
    "wrong-opener": _wrong,
    "wrong-opener-odd": _wrong,
    "braces": _said("a single value stands in braces, which are for keys and values", "remove the braces"),
    "same-wrong-closer": _wrong,
    "sign-closer": _wrong,
    "sign-opener": _wrong,
    "wide": _said("{0} is not the plain sign that JSON wants, only one that looks like it", "write the plain one"),
    "foreign-quotes": _said("JSON strings are in plain double quotes; k6 stops reading here", _QUOTED),
    "mixed-quotes": _said("this string opens with one kind of quote and closes with another", _QUOTED),
    "inner-quotes": _said("the string holds quotes that end it too early", r"write \" for a quote inside a string"),
    "inner-pair": _said("the string holds quotes that end it too early", r"write \" for a quote inside a string"),
    "inner-odd": _said("the string holds quotes that end it too early", r"write \" for a quote inside a string"),
    "doubled-quotes": _said(
        "the quotes are doubled; k6 takes the first two for an empty string", "write one on each side"
    ),
    "escaped-quotes": _said("the quotes of this string have a backslash before them", "remove the backslashes"),
    "adjacent": _said(
        "another string follows without a comma; JSON does not join them",
        "write one string, or the comma that is missing",
    ),
    "doubled-apostrophe": _said(
        "this string is in single quotes, its apostrophes written twice; JSON has neither", 'write " on both sides'
    ),
    "line-break": _said(
        "this string goes on over a line break, which JSON does not allow", r"write the line break as \n"
    ),
    "line-wrap": _said(
        "this string was broken where the line was full; JSON does not allow that", "write it on one line"
    ),
    "escape": _said(
        "this string holds an escape or a control character that JSON does not allow",
        r"write a backslash as \\, a tab as \t and a line break as \n",
    ),
    "escape-odd": _said(
        "this string holds an escape that JSON does not have", r"write the backslash as \\, or leave it out"
    ),
    "path": _said("the backslashes of this path are read as escapes, or refused", r"write each as \\"),
    "path-drive": _said("the backslashes of this path are read as escapes, or refused", r"write each as \\"),
    "path-end": _said("the backslash before the last quote keeps it from closing the string", r"write it as \\"),
    "bare-key": _said("the key {0} is not in quotes; k6 stops reading here", 'write "{0}"'),
    "bare-odd-key": _said("this key is not in quotes; k6 stops reading here", _QUOTED),
    "bare-selector": _said("this key is not in quotes; k6 stops reading here", _QUOTED),
    "computed-key": _said("{0} is in brackets, as a program computes a key; k6 stops reading here", 'write "{0}"'),
    "colon-in-key": _said('the colon of "{0}" stands inside its quotes', 'write "{0}":'),
    "comma-in-string": _said("the comma stands inside the quotes of this string, it seems", "put it after the quote"),
    "bare-text": _said("this text is not in quotes; k6 stops reading here", _QUOTED),
    "bare-word": _said(
        "this is no JSON value; as text it needs quotes", 'write " on both sides, or the value that is meant'
    ),
    "placeholder": _said(
        "this is a placeholder, no value; k6 does not fill it in",
        'write the value, or " on both sides to keep the text',
    ),
    "placeholder-refused": _said(
        "this is a placeholder, no value; k6 does not fill it in, and takes no text here",
        "write the value; quotes make it JSON, and k6 still refuses it",
    ),
    "no-text": _said("this is no JSON value, and k6 takes no text here", "write the value that is meant"),
    "switch": _said("this is no JSON value; YAML reads it as {0}", 'write {0}, or " on both sides if a text is meant'),
    "literal": _said("JSON spells this {0}; k6 stops reading here", "write {0}"),
    "undefined": _said("JSON has no undefined; k6 stops reading here", "write null, which k6 takes as not set"),
    "typo": _said("this is no JSON value; {0} may be meant", "write {0}"),
    "notation": _said("JSON does not write numbers like this", "write {0}"),
    "base": _said("JSON has decimal numbers only", "write {0}"),
    "zeros-before": _said("JSON numbers do not start with 0", "write {0}"),
    "zeros-plain": _said("JSON numbers do not start with 0", "write {0}"),
    "thousands": _said("the marks between its thousands end this number too early", "write {0}"),
    "whole-thousands": _said("the marks between its thousands end this number too early", "write {0}"),
    "constant": _said("this is a name of the script, which says what it is; JSON has no names", "write {0}"),
    "concatenation": _said("JSON cannot add strings", "write one string"),
    "unknowable": _unknowable,
    "dashes": _said("this list is written as in YAML; k6 reads JSON alone", "write it in brackets, with commas"),
    "product": _said("JSON cannot calculate", "write {0}"),
    "fence": _said("the configuration stands in a block of code of a page; k6 refuses the {0}", "remove the marks"),
    "gutter": _said(
        "every line starts with its number or a mark, copied along from somewhere; k6 refuses them", "remove them"
    ),
    "line-ends": _said("every line ends in a $ that a program put there to show it; k6 refuses them", "remove them"),
    "transfer": _said(
        "this is the source of a mail, with = at the end of full lines and codes such as =3D; k6 does not decode it",
        "write the characters themselves",
    ),
    "marker": _said(
        "one mark of a merge was left behind here; k6 refuses it",
        "look whether the lines around it are the right ones, and remove it",
    ),
    "colours": _said("the colours of a terminal were copied along; k6 refuses their codes", "remove them"),
    "diff": _said(
        "this is a patch: its lines start with + or -; k6 refuses them", "keep the new lines, without their signs"
    ),
    "diff-new": _said("this is a patch: its lines start with +; k6 refuses them", "keep the lines without their signs"),
    "entities": _said(
        "the quotes are written as &quot;, as in the source of a web page", "write the characters themselves"
    ),
    "escaped": _said("every quote has a backslash before it, as inside a string", "remove the backslashes"),
    "assignment": _said("this is JavaScript around the options; k6 wants the object alone in this file", "remove it"),
    "code": _said(
        "this is a k6 script, or a part of one; as a configuration k6 wants the options object alone",
        "if it is the script, pass it to k6 run and leave it as it is; else keep only the object",
    ),
    "label": _said("what stands here belongs to the page or terminal it was copied from; k6 refuses it", "remove it"),
    "typed": _said("this line is a command or a message of a terminal; k6 refuses it", "remove it"),
    "template": _said(
        "this line is of a template that was not filled in; k6 refuses it",
        "fill it in with the tool it was written for, or remove the line",
    ),
    "prose": _said("text stands before the configuration; k6 refuses it", "remove it"),
    "yaml": _said("this is YAML; k6 reads JSON alone", "write it as JSON"),
    "toml": _said("this is TOML; k6 reads JSON alone", "write it as JSON"),
    "hcl": _said("this is HCL; k6 reads JSON alone", "write it as JSON"),
    "php": _said("this is PHP; k6 reads JSON alone", "write it as JSON"),
    "trailing-comma": _said("a comma follows the last entry; k6 expects one more after it", "remove it"),
    "extra-comma": _said("a comma stands where a value was expected; k6 stops reading here", "remove it"),
    "key-again": _said('the key "{0}" stands here twice; k6 stops reading at the second', "remove one of them"),
    "extra-colon": _said("a colon stands where none belongs; k6 stops reading here", "remove it"),
    "stray-closer": _said("{0} closes what was not opened; k6 stops reading here", "remove it"),
    "stray-opener": _said("{0} opens what nothing needs; k6 stops reading here", "remove it"),
    "doubled-opener": _said("{0} stands here twice; k6 misses the second closing one", "remove one"),
    "stray-sign": _said("{0} means nothing to JSON; k6 stops reading here", "remove it"),
    "stray-mark": _said(
        "{0} stands before this entry; it means nothing to JSON, and k6 stops reading here",
        "remove it, or the entry with it, if it was to be left out",
    ),
    "stray-quote": _said("a quote stands where none belongs; k6 stops reading here", "remove it"),
    "ellipsis": _said(
        "{0} says that something was left out here; k6 stops reading", "remove it, or write what was left out"
    ),
    "elided": _said("{0} stands for what was left out here; k6 stops reading", "write what was left out"),
    "comment": _said("JSON has no comments; k6 stops reading here", "remove the comment"),
    "comment-slash": _said("this looks like a comment with one / for two; JSON has none", "remove it"),
    "comment-open": _said(
        "this comment is not closed: all that follows is a part of it", "remove it; its last word is taken for its end"
    ),
    "comment-rest": _said(
        "this comment takes along what looks like a part of the configuration",
        "end it where it should end, with a line break, or remove it",
    ),
    "odd-space": _said("an invisible character that is no white space to JSON; k6 refuses it", "remove it"),
    "cut-key": _said('the file ends after "{0}", before its value', "write the value, or remove the key"),
    "no-value": _said('"{0}" has no value; k6 stops reading here', "write one, or remove the key"),
    "stray-word": _said(
        "a word stands where a comma or a bracket was expected", "remove it, or put it where it belongs"
    ),
    "tail-sign": _said("{0} follows the end of the configuration; k6 refuses it", "remove it"),
    "tail-same": _said("the configuration stands here a second time; k6 reads one value alone", "remove the second"),
    "tail": _said(
        "text follows the end of the configuration; k6 reads one value and refuses the rest",
        "remove it; what stands there is lost then",
    ),
}


def no_configuration(start: int) -> Diagnostic:
    """The one finding for a text with no object anywhere, such as prose or a log: it has no slips, it is none."""
    return fault(
        NOT_A_CONFIGURATION,
        Span(start, start),
        "this is no configuration: nothing in it is an object in braces, nor can be read as one; k6 refuses it",
        "look whether this is the right file; {} is a configuration that sets nothing",
    )


def no_known_key(start: int) -> Diagnostic:
    """The one finding for a text that could be repaired, but only to an object in which k6 knows no key."""
    return fault(
        NOT_A_CONFIGURATION,
        Span(start, start),
        "this is no configuration: no key in it is one that k6 knows, and as a whole it is no JSON; k6 refuses it",
        "look whether this is the right file; {} is a configuration that sets nothing",
    )


def unclear(text: str, lines: LineIndex, way: Way, error: int, steps: Sequence[Step]) -> Diagnostic:
    """Why a text is left alone from ``error`` on."""
    span = Span(min(error, len(text)), min(error, len(text)))
    line = lines.position(span.start).line
    if way.refusal == "two":
        return fault(
            UNCLEAR,
            span,
            f"another, different value starts on line {line}, after the end of the configuration; k6 reads one",
            "keep one of the two, or move what the second one has into the first",
        )
    if way.refusal == "costly":
        return fault(
            UNCLEAR,
            span,
            f"so much is broken around line {line} that looking for the cheapest repair was given up",
            "mend it by hand from here on, or restore the file from a backup",
        )
    if way.refusal == "lost":
        return fault(
            UNCLEAR,
            span,
            f"from line {line} on nothing explains this text as a configuration with a few slips; it is left alone",
            "look whether this is the right file, and mend it by hand",
        )
    mine = [one for one in steps if one.end >= error] or list(steps[-1:])
    readings = [_help(one, text, lines) for one in mine[-1:]] + [_help(one, text, lines) for one in way.rival[-1:]]
    choice = " or ".join(dict.fromkeys(readings)) or "look at this place"
    return fault(
        UNCLEAR,
        span,
        f"around line {line} this text can be read in two ways that are equally likely; it is left alone",
        f"choose and mend it by hand: {choice}",
    )


def _help(one: Step, text: str, lines: LineIndex) -> str:
    return f"{_WORDS[one.slip](one, text, lines)[1]} (line {lines.position(min(one.start, len(text))).line})"
