"""How a rule says what it found."""

from dataclasses import replace

from k6cfg.k6.decode import Read, Reading, separated
from k6cfg.k6.grammars import show_duration
from k6cfg.k6.grammars.durations import NUMBERS_ARE_MILLISECONDS
from k6cfg.text.diagnostics import LOADING, RUN, Applicability, Diagnostic, Edit, Fix, Rule, Severity
from k6cfg.text.location import Span

CHECKS = "checks"
"""The group of what k6 checks once it has read the file."""
REMARKS = "remarks"
"""The group of what k6 takes, but hardly anyone means."""

_REFUSES = frozenset({RUN})


def unloadable(
    rule: Rule, read: Read, message: str, help_: str | None = None, *, lacks: tuple[str, ...] = ()
) -> Diagnostic:
    """A value for which k6 refuses to read the file at all; ``lacks`` as for `Diagnostic`, here and below."""
    return Diagnostic(
        rule=rule,
        severity=Severity.ERROR,
        message=f"{message}; k6 refuses the file",
        help=help_,
        span=_span(read),
        pointer=read.pointer,
        refuses=LOADING,
        lacks=lacks,
    )


def refused(  # noqa: PLR0913 - what a finding is made of
    rule: Rule,
    read: Read,
    message: str,
    help_: str | None = None,
    fix: Fix | None = None,
    *,
    lacks: tuple[str, ...] = (),
) -> Diagnostic:
    """A value with which k6 refuses to run, though it can read the file."""
    found = remark(rule, read, f"{message}; k6 refuses to run", help_, fix, lacks=lacks)
    return replace(found, severity=Severity.ERROR, refuses=_REFUSES)


def remark(  # noqa: PLR0913 - what a finding is made of
    rule: Rule,
    read: Read,
    message: str,
    help_: str | None = None,
    fix: Fix | None = None,
    *,
    lacks: tuple[str, ...] = (),
) -> Diagnostic:
    """A value that k6 takes, with what it does instead of what is written."""
    if fix is None and (split := separated(read)) is not None:
        help_, fix = split
    return Diagnostic(
        rule=rule,
        severity=Severity.WARNING,
        message=message,
        help=help_,
        span=_span(read),
        pointer=read.pointer,
        fix=fix,
        lacks=lacks,
    )


def corrected(read: Read, text: str, *, certain: bool = True) -> Fix:
    """The fix that writes a text as it was surely, or else probably, meant."""
    import json

    how = Applicability.SAFE if certain else Applicability.UNSAFE
    return Fix(how, (Edit(*read.span, json.dumps(text, ensure_ascii=False)),), pointers=(read.pointer,))


def long_or_short(nanoseconds: int) -> str:
    """A duration for a message that says why it does not do."""
    return "so long that k6 reads a negative time" if nanoseconds == -(2**63) else show_duration(nanoseconds)


def unit(reading: Reading, read: Read) -> str | None:
    """Help for a duration that was probably meant in seconds: a small number without a unit."""
    text = reading.document.source(read.text).strip('"') if read.text is not None else ""
    counted = "milliseconds" if reading.schema.version >= NUMBERS_ARE_MILLISECONDS else "nanoseconds"
    few = text.isdecimal() and len(text) < _MANY_DIGITS
    return f'without a unit k6 counts {counted}; write "{text}s" for seconds' if few else None


_MANY_DIGITS = 5


def _span(read: Read) -> Span:
    """Where to point: at a value on its own, at the key of an object or a list."""
    if isinstance(read.value, dict | list) and read.member is not None and read.member.key is not None:
        return read.member.key.span
    return read.span
