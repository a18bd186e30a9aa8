"""What a configuration comes wrapped in: taken off before anything else is looked at, each as a reported step.

One function per wrapper, in the order in which they are tried; each sees the text as the ones before it left it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from k6cfg.repairer.search.state import Step, step
from k6cfg.repairer.slips import MERGE_CONFLICT, NOT_A_CONFIGURATION, ZEROS
from k6cfg.repairer.source_map import Layer, down
from k6cfg.repairer.wrappers.leading_text import prefix
from k6cfg.repairer.wrappers.line_prefixes import columns, guard, terminal
from k6cfg.repairer.wrappers.other_languages import converted
from k6cfg.repairer.wrappers.php import php
from k6cfg.repairer.wrappers.template_lines import template
from k6cfg.repairer.wrappers.trailing_text import holds_data, outweighs
from k6cfg.text.diagnostics import Diagnostic, Edit
from k6cfg.text.location import Span
from k6cfg.text.parser import fault

_Found: TypeAlias = "Sequence[Step] | Diagnostic"
_Wrapper: TypeAlias = Callable[[str], _Found]


class Wrapped(NamedTuple):
    """The steps that take the wrappers off, in the order they are to be made, or why the text is to be left alone."""

    layers: tuple[Layer, ...]
    steps: tuple[Step, ...]
    refusal: Diagnostic | None


def unwrap(text: str, known: frozenset[str], switches: frozenset[str]) -> Wrapped:
    """Take off what a configuration is wrapped in: steps in ``text``; what is left is the text of the last layer.

    ``known`` are the keys of a configuration in lower case: what has one of them is no label and no prose.
    ``switches`` are those of them that k6 takes booleans alone for.
    """
    layers: list[Layer] = []
    steps: list[Step] = []
    current = text
    language = partial(_language, known=known, switches=switches)
    last: tuple[_Wrapper, _Wrapper] = (language, partial(prefix, known=known))
    for wrapper in (*_WRAPPERS, *last):
        found = wrapper(current)
        if isinstance(found, Diagnostic):
            return Wrapped(tuple(layers), tuple(steps), found)
        if not found:
            continue
        layer = Layer(current, sorted(edit for one in found for edit in one.edits))
        steps += [down(reversed(layers), one) for one in found]
        layers.append(layer)
        current = layer.text
    return Wrapped(tuple(layers), tuple(steps), None)


# -- what is no configuration ---------------------------------------------------------------------------------------

_MARKER: Final = re.compile(r"^(?:<{7}(?: .*)?|>{7}(?: .*)?)\r?$", re.MULTILINE)
_HALVES: Final = re.compile(r"^(?:={7}|\|{7}(?: .*)?)\r?$", re.MULTILINE)
_ENVIRONMENT: Final = re.compile(r"(?:\s*(?:#[^\n]*|(?:export\s+)?[A-Z][A-Z0-9_]*=(?![\"']?\s*\{)[^\n]*)(?:\n|\Z))+\s*")
_PAGE: Final = re.compile(r"\s*<(?:!DOCTYPE|html|\?xml|head|body|svg)", re.IGNORECASE)


def _conflict(text: str) -> _Found:
    marker = _MARKER.search(text)
    if not marker:
        return ()
    if len(_MARKER.findall(text)) == 1 and not _HALVES.search(text):
        # The others are gone: somebody has chosen already, and left one behind.
        end = min(marker.end() + 1, len(text))
        return [step("marker", marker.start(), end, Edit(marker.start(), end, ""), detail=marker.group().strip())]
    return fault(
        MERGE_CONFLICT,
        Span(*marker.span()),
        "git left a merge conflict in this file: two versions of the lines between the <<<<<<< and >>>>>>> marks",
        "choose one of the two versions, and remove the three marks",
    )


def _variables(text: str) -> _Found:
    if not _ENVIRONMENT.fullmatch(text):
        return ()
    return fault(
        NOT_A_CONFIGURATION,
        Span(0, 0),
        "these are environment variables, no configuration; k6 does not read them from this file",
        "set them in the shell that starts k6, or write the options as JSON",
    )


def _zeros(text: str) -> _Found:
    if "\x00" in text and not text.strip("\x00 \t\r\n"):
        return fault(
            ZEROS,
            Span(0, len(text)),
            "the file holds nothing but NUL bytes: what was in it was lost, most likely in a crash or on a full disk",
            "restore it from a backup, or delete it: without a file k6 runs with its defaults",
        )
    return ()


def _page(text: str) -> _Found:
    if not _PAGE.match(text):
        return ()
    return fault(
        NOT_A_CONFIGURATION,
        Span(0, 0),
        "this is a web page or an XML document, no configuration; a download may have gone wrong",
        "fetch the file again, or write a new one",
    )


# -- wrappers around every line -------------------------------------------------------------------------------------

_FENCE: Final = re.compile(r"^[ \t]*(?:```+|~~~+)[ \t]*(?:[\w+-]+[ \t]*)?\r?$", re.MULTILINE)
_NUMBERED: Final = re.compile(r"[ \t]*([0-9]{1,6})(?:[ \t]*[|│:.)](?=[ \t]|$))?")
_MARKED: Final = re.compile(r"[ \t]*(?:(>)+|(\|)|(│)) ?|(\+)")
_SIGNED: Final = re.compile(
    r"[ +-]|@@ |diff |index |\\ No newline|(?:new|deleted|old) (?:file )?mode |similarity |rename "
)
_ENTITY: Final = re.compile(r"&(?:amp;){0,3}(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")
_QUOTE_ENTITY: Final = re.compile(r"&(?:amp;){0,3}(?:quot|ldquo|#0*34|#[xX]0*22);")
_CODED: Final = re.compile(r"\\u00(2[0-9a-fA-F]|[57][bdBD]|3[acAC])")
_BACKSLASHED: Final = re.compile(r"\\(?:([\"\\/])|([nrt]))")
_BREAKS: Final = {"n": "\n", "r": "\r", "t": "\t"}


COLOURS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _colours(text: str) -> _Found:
    edits = [Edit(*found.span(), "") for found in COLOURS.finditer(text)]
    return [step("colours", edits[0].start, edits[0].end, *edits)] if edits else ()


def _fence(text: str) -> _Found:
    fences = list(_FENCE.finditer(text))
    first_brace = text.find("{")
    if not fences or (0 <= first_brace < fences[0].start()):
        return ()
    if len(fences) > 2:
        return fault(
            NOT_A_CONFIGURATION,
            Span(*fences[0].span()),
            "this is a Markdown document with more than one block of code; which one is meant is not clear",
            "keep the one block that is the configuration",
        )
    start = min(fences[0].end() + 1, len(text))
    end = fences[1].start() if len(fences) > 1 else len(text)
    around = text[: fences[0].start()].strip() + "\n" + text[fences[1].end() :].strip() if len(fences) > 1 else "\n"
    if outweighs(around, text[start:end]):
        return fault(
            NOT_A_CONFIGURATION,
            Span(*fences[0].span()),
            "there is as much around the block of code as in it; which of it is the configuration is not clear",
            "keep the configuration alone",
        )
    edits = [Edit(0, start, "")]
    if end < len(text):
        edits.append(Edit(end, len(text), ""))
    return [step("prose" if holds_data(around) else "fence", 0, start, *edits, detail=fences[0].group().strip())]


def _macro(text: str) -> _Found:
    """The block of code of a wiki, ``{code:json}``."""
    first = _MACRO.match(text)
    last = _MACRO_END.search(text, max(0, len(text) - _SHORT)) if first else None
    return _block(text, first, last) if first and last and first.group(1) == last.group(1) else ()


def _tags(text: str) -> _Found:
    """The block of code of a page, where its quotes are written as entities."""
    first = _TAGS.match(text)
    return _block(text, first, _TAGS_END.search(text, max(0, len(text) - _SHORT))) if first else ()


def _block(text: str, first: "re.Match[str] | None", last: "re.Match[str] | None") -> _Found:
    if first is None:
        return ()
    edits = [Edit(0, first.end(), "")]
    if last:
        edits.append(Edit(last.start(), len(text), ""))
    return [step("fence", 0, first.end(), *edits, detail=first.group().strip())]


_SHORT: Final = 200
_MACRO: Final = re.compile(r"\s*\{(code|noformat)(?::(?![ \t]*[0-9])[\w|=.,/ -]{0,100})?\}\s*(?=[{\"])")
_MACRO_END: Final = re.compile(r"\{(code|noformat)\}\s*\Z")
_TAGS: Final = re.compile(r"\s*(?:<(?:pre|code|p|div|span|td|textarea)\b[^<>\r\n]{0,200}>\s*)+(?=\{\s*&)")
_TAGS_END: Final = re.compile(r"(?:</(?:pre|code|p|div|span|td|textarea)>\s*){1,6}\Z")


def _line_ends(text: str) -> _Found:
    """``cat -A`` shows each line's end as ``$``, tabs as ``^I`` and carriage returns as ``^M``."""
    if not _SHOWN_END.search(text, 0, _SHORT):
        return ()
    if _SHOWN_BYTE.search(text):
        return ()  # what it made of other letters cannot be read back for certain
    edits = [Edit(*found.span(), found.group().replace("^I", "\t").rstrip("^M$")) for found in _SHOWN.finditer(text)]
    ends = sum(not edit.text for edit in edits)
    lines = sum(bool(line.strip()) for _, line in _lines(text))
    return [step("line-ends", edits[0].start, edits[0].end, *edits)] if lines > 1 and ends >= lines else ()


_SHOWN_END: Final = re.compile(r"\$\r?$", re.MULTILINE)
_SHOWN: Final = re.compile(r"(?:\^M)?\$(?=\r?$)|^(?: |\^I)*\^I", re.MULTILINE)
_SHOWN_BYTE: Final = re.compile(r"M-[\^A-Za-z]")


def _transfer(text: str) -> _Found:
    """Quoted-printable: ``=`` and two digits for a byte, and ``=`` at the end of a line that goes on in the next."""
    if "=\n" not in text and "=\r\n" not in text:
        return ()
    found = list(_CODES.finditer(text))
    if not any(one.group()[1:2] not in "\r\n" for one in found) or max(map(len, text.splitlines())) > _WIDEST:
        return ()
    if sum(one.group().count("=") for one in found) != text.count("="):
        return ()
    edits = []
    for one in found:
        if one.group()[1:2] in "\r\n":
            if one.start() - max(text.rfind("\n", 0, one.start()), 0) < _FULL:
                return ()
            edits.append(Edit(*one.span(), ""))
            continue
        try:
            edits.append(Edit(*one.span(), bytes.fromhex(one.group().replace("=", "")).decode()))
        except UnicodeDecodeError:
            return ()
    return [step("transfer", edits[0].start, edits[0].end, *edits)]


_CODES: Final = re.compile(r"=\r?\n|(?:=[0-9A-F]{2})+")
_WIDEST: Final = 76
_FULL: Final = 60
"""Characters; mail is broken at 76, or at a blank before."""


def _gutter(text: str) -> _Found:
    edits: list[Edit] = []
    expected = -1
    blanks = 4
    telling = False
    for start, line in _lines(text):
        if not line.strip():
            continue
        found = _NUMBERED.match(line)
        if not found or (expected >= 0 and int(found.group(1)) != expected):
            return ()
        expected = int(found.group(1)) + 1
        rest = line[found.end() :]
        telling = telling or rest.lstrip().startswith(("{", '"', "}"))
        if rest.strip():
            blanks = min(blanks, len(rest) - len(rest.lstrip(" \t")))
        edits.append(Edit(start, start + found.end(), ""))
    if len(edits) < 2 or not telling:
        return ()
    ends = {edit.end: min(blanks, _blank(text, edit.end)) for edit in edits}
    edits = [Edit(edit.start, edit.end + ends[edit.end], "") for edit in edits]
    return [step("gutter", edits[0].start, edits[0].end, *edits)]


def _marked(text: str) -> _Found:
    """The same mark before every line: of a quotation, of a frame, of what was added."""
    introduced = _INTRODUCED.match(text)
    if not introduced and not _MARKED.match(text.lstrip("\r\n")):
        return ()
    first = introduced.end() if introduced else 0
    starts = [(start, _MARKED.match(line)) for start, line in _lines(text) if start >= first and line.strip()]
    if len(starts) < 2 or len({found and found.lastindex for _, found in starts}) > 1 or starts[0][1] is None:
        return ()
    edits = [Edit(start, start + found.end(), "") for start, found in starts if found]
    one = step("gutter", edits[0].start, edits[0].end, *edits)
    return [step("prose", 0, first, Edit(0, first, "")), one] if introduced else [one]


_INTRODUCED: Final = re.compile(r"(?:[^\r\n{}\">|│+][^\r\n{}\"]{0,200}:[ \t]*\r?\n)(?:[ \t]*\r?\n)?(?=>)")
"""The line with which a mail says whom it quotes."""


def _blank(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] in " \t":
        end += 1
    return end - at


def _diff(text: str) -> _Found:
    edits: list[Edit] = []
    signs = hunks = 0
    removed = False
    for start, line in _lines(text):
        if not line:
            continue
        if not _SIGNED.match(line):
            return ()
        end = start + len(line)
        if line[0] not in " +-" or line.startswith(("--- ", "+++ ")) or line[0] == "-":
            removed = removed or (line[0] == "-" and not line.startswith("--- "))
            hunks += line.startswith("@@ ")
            edits.append(Edit(start, min(end + 1, len(text)), ""))
            signs += 1
        else:
            signs += line[0] == "+"
            edits.append(Edit(start, start + 1, ""))
    if not signs or text[:1] not in " +-@di":
        return ()
    whole = not removed and hunks <= 1
    return [step("diff-new" if whole else "diff", edits[0].start, edits[0].end, *edits)]


def _entities(text: str) -> _Found:
    if '"' in text:
        return ()
    if "\\u0022" in text:
        edits = [Edit(*found.span(), chr(int(found.group(1), 16))) for found in _CODED.finditer(text)]
        return [step("escaped", edits[0].start, edits[0].end, *edits)]
    if not _QUOTE_ENTITY.search(text):
        return ()
    from html import unescape  # seldom needed

    twice = not _ONCE.search(text)
    edits = [
        Edit(*found.span(), unescape(_AGAIN.sub("&", found.group()) if twice else found.group()))
        for found in _ENTITY.finditer(text)
    ]
    return [step("entities", edits[0].start, edits[0].end, *edits)]


_AGAIN: Final = re.compile(r"&(?:amp;)+(?=#|[A-Za-z])")
"""An entity whose & was made one again, which holds for all of a text: for its quotes too."""
_ONCE: Final = re.compile(r"&(?:quot|ldquo|#0*34|#[xX]0*22);")


def _escaped(text: str) -> _Found:
    start, end = text.find("{"), text.rfind("}")
    quotes = text.count('"', start, end) if 0 <= start < end else 0
    if not quotes or text.count('\\"', start, end) != quotes or not _FIRST_ESCAPED.match(text, start + 1):
        return ()
    edits = [
        Edit(found.start(), found.end(), found.group(1) or _BREAKS[found.group(2)])
        if found.group(2)
        else Edit(found.start(), found.start() + 1, "")
        for found in _BACKSLASHED.finditer(text, start, end)
    ]
    return [step("escaped", edits[0].start, edits[0].end, *edits)]


_FIRST_ESCAPED: Final = re.compile(r"(?:\s|\\[nrt])*\\\"")
"""What is escaped is the quote of a key, and not a quote inside another one."""


def _language(text: str, *, known: frozenset[str], switches: frozenset[str]) -> _Found:
    if not _LANGUAGE.match(text) or _QUOTED.match(text):
        return ()
    found = converted(text, known, switches)
    if found is None:
        return ()
    return [step(found[0], 0, len(text), Edit(0, len(text), found[1]))]


_QUOTED: Final = re.compile(r"\s*(?:export\s+|set\s+|\$)?[\w:]+\s*=\s*['\"`]\s*\{")
"""A whole configuration in quotes, as a variable has it."""
_LANGUAGE: Final = re.compile(
    r"\s*(?:#[^\n]*\n\s*)*(?:---\s|[\w\"'][^\n{}]*?(?:=\s*[^\s{]|:\s)|\[+[\w.]+\]+\s*\n"
    r"|[A-Za-z]\w*(?:\s+\"\w+\")*\s+(?:=\s*)?\{[ \t]*\r?\n)"
)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text and where they start, without their endings."""
    start = 0
    for line in text.split("\n"):
        yield start, line.rstrip("\r")
        start += len(line) + 1


_WRAPPERS: Final[tuple[_Wrapper, ...]] = (
    _conflict,
    _variables,
    _zeros,
    _page,
    _colours,
    template,
    php,
    columns,
    terminal,
    guard,
    _fence,
    _macro,
    _tags,
    _line_ends,
    _transfer,
    _gutter,
    _marked,
    _diff,
    _entities,
    _escaped,
)
