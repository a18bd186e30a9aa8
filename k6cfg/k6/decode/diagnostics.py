"""The findings of reading, and what a fault costs where it stands."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from k6cfg.k6.decode.messages import kind_of
from k6cfg.k6.decode.value import Place, Read
from k6cfg.k6.grammars import printable
from k6cfg.schema import Node
from k6cfg.schema.type_labels import EXPECTED, OBJECT
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import CLOUD, LOADING, NOTHING, Applicability, Diagnostic, Edit, Fix, Rule, Severity
from k6cfg.text.location import Span
from k6cfg.text.tree import Document, Member, Value

VALUES: Final = "values"
KEYS: Final = "keys"

WRONG_TYPE = Rule("wrong-type", VALUES, "A value has a type that k6 does not take there.")
BAD_NUMBER = Rule("bad-number", VALUES, "A number is not whole, or too large for k6.")
BAD_DURATION = Rule("bad-duration", VALUES, "A duration is not written as k6 reads it.")
BAD_VALUE = Rule("bad-value", VALUES, "A text means nothing to k6 where it stands.")
ODD_TYPE = Rule("odd-type", VALUES, "k6 takes a value of another type than it wants and reads something into it.")
UNKNOWN_EXECUTOR = Rule("unknown-executor", VALUES, "A scenario has no executor, or one that k6 does not know.")
BAD_NAME = Rule("bad-name", KEYS, "A key is a name that k6 does not take.")
KEY_CASE = Rule("key-case", KEYS, "A key is spelled in other letters than k6's.")
DUPLICATE_KEY = Rule("duplicate-key", KEYS, "A key stands more than once in one object.")

RULES: Final = (
    WRONG_TYPE,
    BAD_NUMBER,
    BAD_DURATION,
    BAD_VALUE,
    ODD_TYPE,
    UNKNOWN_EXECUTOR,
    BAD_NAME,
    KEY_CASE,
    DUPLICATE_KEY,
)

_LONGEST_NAME: Final = 40
_LONGEST_ADVICE: Final = 80


class Gate(NamedTuple):
    """When k6 decodes what is behind it, and so what a fault there costs."""

    severity: Severity
    refuses: frozenset[str]
    effect: str


LOAD: Final = Gate(Severity.ERROR, LOADING, "k6 refuses the file")
LOGIN: Final = Gate(
    Severity.ERROR, frozenset({CLOUD}), "`k6 run` works, but k6's cloud commands refuse to read the settings"
)
CLOUD_RUN: Final = Gate(Severity.WARNING, NOTHING, "`k6 run` works, but `k6 cloud run` fails")
OUTPUT: Final = Gate(Severity.WARNING, NOTHING, "k6 takes the file, but a test with this output fails")


class Unknown(NamedTuple):
    """A key that k6 does not read here: ``known`` is the object it stands in, ``old`` what it was or will be there.

    ``key`` is the key as Go reads it, ``place`` has it as it is written.
    """

    member: Member
    key: str
    place: Place
    within: Read
    known: Node
    old: Node | None
    refused: bool
    gate: Gate


@dataclass(slots=True)
class Findings:
    """Collects what reading finds. ``gate`` is that of the value being read."""

    document: Document
    version: Version
    gate: Gate = LOAD
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)

    def refuse(  # noqa: PLR0913 - what a finding is made of
        self,
        rule: Rule,
        read: Read,
        what: str,
        help_: str | None = None,
        fix: Fix | None = None,
        *,
        lacks: tuple[str, ...] = (),
    ) -> None:
        """A value that k6 refuses; ``what`` says why, as a clause behind its name; ``lacks`` is that of the finding."""
        read.failed = True
        if fix is None and (split := separated(read, self.version)) is not None:
            help_, fix = split
        self.diagnostics.append(
            Diagnostic(
                rule=rule,
                severity=self.gate.severity,
                message=f"{name_of(read)} {what}; {self.gate.effect}",
                help=help_,
                span=self.place_of(rule, read),
                pointer=read.pointer,
                fix=fix,
                refuses=self.gate.refuses,
                lacks=lacks,
            )
        )

    @staticmethod
    def place_of(rule: Rule, read: Read) -> Span:
        """Where to point: at a value; for a name, and for what an object lacks, at the key."""
        at_key = rule.group == KEYS or (rule is UNKNOWN_EXECUTOR and isinstance(read.value, dict))
        key = read.member.key if at_key and read.member is not None else None
        return read.span if key is None else key.span

    def wrong_type(
        self, read: Read, value: Value | None, replacement: str | None = None, *, certain: bool = True
    ) -> None:
        """A value of a type that k6 refuses; ``replacement`` is the text that was meant, ``certain`` surely."""
        expected = EXPECTED.get(read.known.type, OBJECT)  # what k6 keeps raw has keys, or is not looked at
        self.refuse(
            WRONG_TYPE,
            read,
            f"has to be {expected}, but is {kind_of(value)}",
            _advice(read, replacement),
            None if replacement is None else self.replacing(read, replacement, certain=certain),
        )

    def remark(self, rule: Rule, read: Read, message: str, help_: str | None = None, fix: Fix | None = None) -> None:
        """What k6 takes otherwise than it is written; what is said of a key stands at the key."""
        self.diagnostics.append(
            Diagnostic(
                rule=rule,
                severity=Severity.WARNING,
                message=message,
                help=help_,
                span=self.place_of(rule, read),
                pointer=read.pointer,
                fix=fix,
            )
        )

    def duplicate(self, earlier: Read, later: Member, effect: str, help_: str) -> None:
        """A key that stands in one object twice."""
        line = self.document.lines.position(later.start).line
        message = f"{name_of(earlier)} stands here and again in line {line}; k6 {effect}"
        self.remark(DUPLICATE_KEY, earlier, message, help_)

    def replacing(self, read: Read, text: str, *, certain: bool = True) -> Fix:
        """The fix that writes a value as it was surely, or else probably, meant."""
        return Fix(
            Applicability.SAFE if certain else Applicability.UNSAFE, (Edit(*read.span, text),), pointers=(read.pointer,)
        )


def separated(read: Read, version: Version = NEWEST) -> tuple[str, Fix] | None:
    """For an entry that is a list of entries with commas: what to write, and the fix. None for any other value."""
    place = read.place
    if place is None or place.outer is None or not isinstance(place.part, int) or "," not in read.string:
        return None
    from k6cfg.k6.decode import comma_lists  # seldom needed

    entries = comma_lists.pieces(read.known, read.string, version)
    if entries is None:
        return None
    text = comma_lists.written(entries)
    fix = Fix(Applicability.SAFE, (Edit(*read.span, text),), pointers=(place.outer.pointer,))
    return "write an entry for each", fix


def _advice(read: Read, replacement: str | None) -> str | None:
    if replacement is None:
        return None if read.place is not None else "options stand in braces, each with its key: {} sets none"
    if read.known.secret:
        return "write the value in double quotes"
    return f"write {replacement}" if len(replacement) <= _LONGEST_ADVICE and replacement.isprintable() else None


def name_of(read: Read) -> str:
    """How a message names a value: by its key, or by its number in a list."""
    place = read.place
    if place is None:
        return "the configuration"
    if isinstance(place.part, int):
        outer = str(place.outer.part) if place.outer is not None else ""
        return f"entry {place.part + 1} of " + (f"`{printable(outer)}`" if len(outer) <= _LONGEST_NAME else "the list")
    part = place.part
    if len(part) > _LONGEST_NAME:
        return "this value"
    if not part:
        return "what stands under an empty name"
    name = f"`{printable(part)}`"
    return f"scenario {name}" if read.known.type == "scenario" else name
