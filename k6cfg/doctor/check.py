"""What a check is, and what it may say."""

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from k6cfg.machine.files import Snapshot

if TYPE_CHECKING:
    from k6cfg.doctor.context import Machine
    from k6cfg.doctor.fixes import Mend
    from k6cfg.engine import Checked


class Level(enum.Enum):
    """How bad a result is. The order of the members is from worst to mildest."""

    ERROR = "error"
    """Something does not work, or a secret is in danger."""
    WARNING = "warning"
    """It works, but not as somebody would expect."""
    COULD_NOT = "could not check"
    INFO = "info"
    """Worth knowing; nothing is wrong."""
    OK = "ok"
    SKIPPED = "skipped"
    """There was nothing to look at."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a check found, without any secret, with ``~`` for the home folder.

    ``finding`` says in one line what is so, ``why`` why that matters, ``remedy`` what mends it: a command between
    backticks where there is one, before any other. ``mend`` is what ``--fix`` may do about it, where that is safe.
    ``id`` is that of the check; ``examine`` puts it in.

    Raises:
        ValueError: an error or a warning says not what to do about it.
    """

    level: Level
    finding: str
    why: str | None = None
    remedy: str | None = None
    id: str = ""
    mend: "Mend | None" = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.level in {Level.ERROR, Level.WARNING} and not self.remedy:
            raise ValueError("an error or a warning needs a remedy")


Run: TypeAlias = "Callable[[Machine], Iterable[Result]]"


class Check(NamedTuple):
    """One question about the machine. ``id`` is stable: people and scripts name it; ``title`` is what it asks."""

    id: str
    title: str
    run: Run


def error(finding: str, why: str, remedy: str, mend: "Mend | None" = None) -> Result:
    """Something does not work, or a secret is in danger."""
    return Result(Level.ERROR, finding, why, remedy, mend=mend)


def warning(finding: str, why: str, remedy: str, mend: "Mend | None" = None) -> Result:
    """It works, but not as somebody would expect."""
    return Result(Level.WARNING, finding, why, remedy, mend=mend)


def info(finding: str, why: str | None = None, remedy: str | None = None, mend: "Mend | None" = None) -> Result:
    """Worth knowing; nothing is wrong."""
    return Result(Level.INFO, finding, why, remedy, mend=mend)


def could_not(finding: str, why: str | None = None, remedy: str | None = None) -> Result:
    """It could not be found out."""
    return Result(Level.COULD_NOT, finding, why, remedy)


def ok(finding: str) -> Result:
    """All is well."""
    return Result(Level.OK, finding)


def skipped(finding: str) -> Result:
    """There was nothing to look at; ``finding`` says why."""
    return Result(Level.SKIPPED, finding)


NO_FILE: Final = "there is no file to look at"
UNREAD: Final = "the file cannot be read"
NO_JSON: Final = "the file is no JSON yet"


def of_file(look: "Callable[[Machine, Snapshot], Iterable[Result]]") -> Run:
    """A check of the file that k6 reads, whatever is in it; skipped where there is none, or it cannot be read."""

    def run(machine: "Machine") -> Iterator[Result]:
        if machine.snapshot is not None:
            yield from look(machine, machine.snapshot)
        else:
            yield skipped(NO_FILE if machine.failure is None or not machine.there else UNREAD)

    return run


def of_text(look: "Callable[[Machine, Checked], Iterable[Result]]") -> Run:
    """A check of what is in the file, JSON or not; skipped where nothing can be read."""

    def run(machine: "Machine", _: Snapshot) -> Iterator[Result]:
        if machine.checked is not None:
            yield from look(machine, machine.checked)

    return of_file(run)


def of_settings(look: "Callable[[Machine, Checked], Iterable[Result]]") -> Run:
    """A check of what k6 goes by, be it that there is no file and none is needed; skipped as ``of_values`` is."""

    def run(machine: "Machine") -> Iterator[Result]:
        if machine.settings is None:
            yield skipped(UNREAD if machine.there else NO_FILE)
        elif not machine.settings.well_formed:
            yield skipped(NO_JSON)
        else:
            yield from look(machine, machine.settings)

    return run


def of_values(look: "Callable[[Machine, Checked], Iterable[Result]]") -> Run:
    """A check of the file's values; skipped where it is no JSON."""

    def run(machine: "Machine", checked: "Checked") -> Iterable[Result]:
        return look(machine, checked) if checked.well_formed else (skipped(NO_JSON),)

    return of_text(run)
