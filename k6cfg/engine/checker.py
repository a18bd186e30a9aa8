"""What k6 will make of a file: everything that k6cfg has to say of it, in the order of the text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from k6cfg.engine.message_masking import other_words, reworded
from k6cfg.engine.size_limits import unfit
from k6cfg.k6.file_kind import kind_of
from k6cfg.k6.secrets import HEAD, Mask, secrets, with_those_of
from k6cfg.schema import Schema, load
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import CLOUD, RUN, Diagnostic, Severity, apply_edits
from k6cfg.text.encoding import UTF_8, decode, encode
from k6cfg.text.location import Span
from k6cfg.text.parser import SYNTAX, fault, locate, parse, stop
from k6cfg.text.tree import Document

if TYPE_CHECKING:  # of a file that is plainly good nothing of this is needed
    from k6cfg.k6.decode import Reading, Script


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file and everything k6cfg has to say of it.

    ``plain`` says that there is surely nothing, and that k6 reads it as it stands.
    """

    data: bytes
    document: Document
    schema: Schema
    diagnostics: tuple[Diagnostic, ...]
    known_reading: "Reading | None" = None
    plain: bool = False
    repairable: bool = False
    """The text is no JSON, and the fixes of its findings would together make it JSON."""
    known_secrets: tuple[Span, ...] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        # What another process needs to print it: the text, its secrets and the findings, but not the tree, which is
        # large; without the tree nobody there can find the secrets.
        document = self.document
        return _sent, (document.text, document.encoding, self.schema.version, self.diagnostics, self.secrets)

    @cached_property
    def reading(self) -> "Reading | None":
        """What k6 reads from it; None where the text is no JSON."""
        if not self.plain:
            return self.known_reading
        from k6cfg.k6.decode import read

        return read(self.document, self.schema)

    @cached_property
    def secrets(self) -> tuple[Span, ...]:
        """Where the text holds secrets; looked for when something of it is to be shown or written."""
        return self.known_secrets if self.known_secrets is not None else secrets(self.document, self.schema)

    @property
    def well_formed(self) -> bool:
        """Whether the text is JSON to k6, whatever its values."""
        return self.plain or self.known_reading is not None

    @property
    def stops_at(self) -> int | None:
        """The offset at which k6 gives up reading a text that is no JSON; what has to be mended may stand elsewhere."""
        if not any(found.rule.group == SYNTAX and CLOUD in found.refuses for found in self.diagnostics):
            return None
        return stop(self.document.text) if self.document.encoding == UTF_8 else 0

    @property
    def accepted_run(self) -> bool:
        """Whether ``k6 run`` of that version would load, consolidate and validate the file."""
        return not any(RUN in found.refuses for found in self.diagnostics)

    @property
    def accepted_cloud(self) -> bool:
        """Whether the cloud login commands of that version would read the file."""
        return not any(CLOUD in found.refuses for found in self.diagnostics)


def _sent(
    text: str, encoding: str, version: Version, found: tuple[Diagnostic, ...], hidden: tuple[Span, ...]
) -> Checked:
    return Checked(
        data=b"",
        document=Document(text=text, encoding=encoding, tokens=(), root=None),
        schema=load(version),
        diagnostics=found,
        known_secrets=hidden,
    )


def check(
    data: bytes,
    schema: Schema,
    script: "Script | None" = None,
    *,
    intent: bool = True,
    glance: Callable[[bytes, Version], bool] | None = None,
) -> Checked:
    """What k6 of the schema's version will make of a file; findings come in the order of the text.

    Without ``intent`` only what k6 itself refuses or does otherwise is looked for, not what the schema means besides:
    that is enough to change a single value, and much quicker. What ``glance`` says yes to is not looked at more closely
    before somebody asks.
    """
    checked = _check(data, schema, script, intent=intent, glance=glance)
    disguised = other_words(checked.document.text, checked.known_secrets or (), checked.diagnostics)
    if disguised is None:
        return checked
    again = _check(encode(disguised, checked.document.encoding), schema, script, intent=intent)
    return replace(checked, diagnostics=reworded(checked.diagnostics, again.diagnostics))


def _check(
    data: bytes,
    schema: Schema,
    script: "Script | None",
    *,
    intent: bool,
    glance: Callable[[bytes, Version], bool] | None = None,
) -> Checked:
    decoded = decode(data)
    why = _not_text(data) or unfit(decoded)
    if why is not None:
        seen = decoded.text[: why.span.end + _MARGIN]
        bare = Document(text=seen, encoding=decoded.encoding, tokens=(), root=None)
        return _checked(data, bare, schema, [why])
    document = parse(decoded.text, decoded.encoding)
    if any(found.severity is Severity.ERROR for found in document.diagnostics):
        from k6cfg.repairer import repair  # only a broken text needs it, and it is the largest room

        repaired = repair(document, schema)
        found = [_with_pointer(document, one) for one in repaired.diagnostics or document.diagnostics]
        return _checked(
            data,
            document,
            schema,
            _reaching(document, found),
            repairable=repaired.complete,
            rejected=repaired.rejected,
        )
    if glance is not None and script is None and glance(data, schema.version):
        return Checked(data=data, document=document, schema=schema, diagnostics=(), plain=True)
    return check_values(data, document, schema, script, intent=intent)


def check_values(  # noqa: PLR0913 - what is known of a file
    data: bytes,
    document: Document,
    schema: Schema,
    script: "Script | None" = None,
    *,
    intent: bool = True,
    aside: frozenset[str] = frozenset(),
) -> Checked:
    """The same of a document that is JSON; ``aside`` are keys at the top that were left out of it: see ``Reading``."""
    from k6cfg.k6.decode import Script
    from k6cfg.rules import check as check_rules
    from k6cfg.rules.consequences import told_once
    from k6cfg.rules.judge import judge, once

    reading, judged = judge(document, schema, aside)
    ruled = check_rules(reading, schema, script or Script(), intent=intent)
    noted = [_of_sound_text(document, one) for one in document.diagnostics]
    return _checked(data, document, schema, [*noted, *once(told_once(reading, judged, ruled))], reading=reading)


def check_other_format(data: bytes, schema: Schema, what: str, help_: str) -> Checked:
    """Return the one finding about a text of another format, in place of what a damaged config file would have.

    ``what`` names the format, with its article.
    """
    decoded = decode(data)
    document = parse(decoded.text, decoded.encoding)
    return _checked(data, document, schema, [_other_format(what, help_)])


def _not_text(data: bytes) -> Diagnostic | None:
    found = kind_of(data)
    return None if found.is_text else _other_format(found.what, found.help("FILE"))


def _other_format(what: str, help_: str) -> Diagnostic:
    from k6cfg.repairer.slips import NOT_A_CONFIGURATION

    return fault(NOT_A_CONFIGURATION, Span(0, 0), f"this is {what}, not a k6 config file; k6 rejects it", help_)


_MARGIN: Final = 4096
"""How much of such a text behind the place where k6 stops is kept to be shown."""


def _reaching(document: Document, found: list[Diagnostic]) -> list[Diagnostic]:
    """The findings, the first errors among them reaching to where k6 stops reading; white space does not count.

    What has to be mended and where k6 notices may lie apart: a quote is missing, and k6 stops at the end of the line.
    """
    text, place = document.text, stop(document.text)
    if document.encoding != UTF_8 or place == len(text):
        return found
    start, end = min(one.span for one in found if one.severity is Severity.ERROR)
    if not (text[end:place] or text[place:start]).strip(_JSON_SPACE):
        return found
    reach = Span(min(start, place), max(end, place))
    return [replace(one, span=reach) if one.span == (start, end) else one for one in found]


_JSON_SPACE: Final = " \t\r\n"


def _checked(  # noqa: PLR0913 - what is known of a file
    data: bytes,
    document: Document,
    schema: Schema,
    found: list[Diagnostic],
    *,
    reading: "Reading | None" = None,
    repairable: bool = False,
    rejected: str | None = None,
) -> Checked:
    hidden = secrets(document, schema) if found else None
    if hidden is not None and (repairable or rejected is not None):
        hidden = _known_when_mended(document, schema, found, hidden, rejected)
    if hidden:
        mask = Mask(document.text, hidden)
        found = [told(mask, one) for one in found]
    # By place alone: of edits at one place, those of the first finding come first.
    ordered = tuple(sorted(found, key=lambda one: one.span))
    return Checked(
        data=data,
        document=document,
        schema=schema,
        diagnostics=ordered,
        known_reading=reading,
        repairable=repairable,
        known_secrets=hidden,
    )


def knowing(checked: Checked, earlier: Checked) -> Checked:
    """Return the same check without the secrets that only an earlier text told, a broken one as a rule."""
    if not earlier.known_secrets or checked.document.text == earlier.document.text:
        return checked
    text, before = checked.document.text, earlier.document.text
    hidden = with_those_of(text, checked.secrets, before, earlier.known_secrets)
    found = checked.diagnostics
    # A message quotes values without their escapes; the broken text has none, perhaps. Short ones may be any word.
    long = [span for span in earlier.known_secrets if span.end - span.start >= HEAD]
    for mask in (Mask(text, hidden), Mask(before, long)):
        found = tuple(told(mask, one) for one in found)
    return replace(checked, known_secrets=hidden, diagnostics=found)


def _known_when_mended(
    document: Document, schema: Schema, found: Iterable[Diagnostic], hidden: tuple[Span, ...], rejected: str | None
) -> tuple[Span, ...]:
    """The secrets of a broken text, with those that only its mended form tells, even one that was ``rejected``."""
    edits = sorted(edit for one in found if one.fix is not None for edit in one.fix.edits)
    mended = parse(apply_edits(document.text, edits) if rejected is None else rejected)
    return with_those_of(document.text, hidden, mended.text, secrets(mended, schema))


def told(mask: Mask, found: Diagnostic) -> Diagnostic:
    """A finding whose words hold no secret; a help that would spell out what is secret goes."""
    help_ = mask.told(found.help) if found.help is not None else None
    if found.fix is not None and mask.holds_secret(found.fix.edits):
        help_ = "the fix is certain, but what it writes is a secret and not shown here"
    message, pointer_ = mask.told(found.message), mask.told_pointer(found.pointer)
    if (message, pointer_, help_) == (found.message, found.pointer, found.help):
        return found
    return replace(found, message=message, pointer=pointer_, help=help_)


def _with_pointer(document: Document, found: Diagnostic) -> Diagnostic:
    return found if found.pointer else replace(found, pointer=locate(document, found.span.start))


def _of_sound_text(document: Document, found: Diagnostic) -> Diagnostic:
    """A finding of the parser in a text that has values: its fix, if there is one, changes the value, or the key."""
    found = _with_pointer(document, found)
    if found.fix is None or found.fix.pointers:
        return found
    # Where the bytes stand in a key, it gets another name: the change is then of its object.
    holder = found.pointer.rpartition("/")[0]
    return replace(found, fix=found.fix._replace(pointers=(found.pointer, holder)))
