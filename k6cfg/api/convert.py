"""What goes into the functions, and what comes out of the engine made into results."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from k6cfg.api.results import Changed, Finding, Fix, Position, Text, VersionLike
from k6cfg.engine import Checked, Step
from k6cfg.k6.secrets import Mask
from k6cfg.schema import Schema, load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import Diagnostic
from k6cfg.text.encoding import encode
from k6cfg.text.location import LineIndex

if TYPE_CHECKING:
    from k6cfg.machine.environment import Chosen


def data_of(text: Text) -> bytes:
    """The bytes of a text. Raises ValueError for characters that no file can hold."""
    return encode(text) if isinstance(text, str) else bytes(text)


def schema_of(k6_version: VersionLike) -> Schema:
    """What is known of the file for a version. Raises ValueError: it names none that reads a config.json."""
    return load(version_of(k6_version))


def version_of(k6_version: VersionLike) -> Version:
    """The release that is meant. Raises ValueError: there is none of that name."""
    if k6_version is None:
        return NEWEST
    return _chosen(str(k6_version)).version


def _chosen(k6_version: str) -> "Chosen":
    from k6cfg.machine.environment import k6_version as choose
    from k6cfg.machine.paths import cache_folder

    try:
        return choose(k6_version, os.environ, lambda: cache_folder(os.environ))
    except ValueError as error:
        raise ValueError(str(error).replace("--k6-version", "k6_version")) from None


def findings_of(checked: Checked, found: Iterable[Diagnostic] | None = None) -> tuple[Finding, ...]:
    """The findings of a text, or some of them, without a secret."""
    diagnostics = tuple(checked.diagnostics if found is None else found)
    if not diagnostics:
        return ()
    mask, lines = Mask(checked.document.text, checked.secrets), checked.document.lines
    return tuple(_finding(mask, lines, one) for one in diagnostics)


def _finding(mask: Mask, lines: LineIndex, found: Diagnostic) -> Finding:
    fix = None
    if found.fix is not None:
        edits = None if mask.holds_secret(found.fix.edits) else found.fix.edits
        fix = Fix(found.fix.applicability.value, edits)
    severity = found.severity.value
    start, end = place(lines, found.span.start), place(lines, found.span.end)
    said = (found.rule.name, severity, found.message, found.help, found.pointer)
    return Finding(*said, start, end, fix, after_repair=found.after_repair)


def place(lines: LineIndex, offset: int) -> Position:
    """An offset as a place in the text."""
    position = lines.position(offset)
    return Position(position.line, position.column, offset)


def changed(before: bytes | None, after: Checked, steps: Iterable[Step]) -> Changed:
    """A text as it is to be, and the steps on the way."""
    applied = tuple(one for step in steps for one in findings_of(step.before, step.chosen))
    return Changed(before, after.data, after.document.text, applied, findings_of(after))
