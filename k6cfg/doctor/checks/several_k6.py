"""More than one k6 on PATH."""

from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, info, ok, skipped, warning
from k6cfg.doctor.context import Installed, Machine
from k6cfg.doctor.shell_commands import quoted
from k6cfg.machine import paths
from k6cfg.schema.versions import OLDEST


def run(machine: Machine) -> Iterator[Result]:
    """Whether another k6 is hidden by the first, and whether that makes a difference."""
    if not machine.installed:
        yield skipped("there is no k6 on PATH")
        return
    first, *others = machine.installed
    if not others:
        yield ok("it is the only k6 on PATH")
        return
    hidden = ", ".join(_named(machine, other) for other in others)
    finding = f"several k6 are on PATH: {_named(machine, first)} wins, and hides {hidden}"
    if all(other.answer.version == first.answer.version is not None for other in others):
        yield info(finding, "They are the same release, so it makes no difference today.")
        return
    elsewhere = [said for other in others if (said := _reads(machine, other)) is not None]
    why = "; ".join(elsewhere) or "Releases differ in what they take from config.json"
    yield warning(
        finding,
        f"{why}. Another shell, cron or an editor may have another PATH and start another k6.",
        "Uninstall those you do not need the way they were installed; one that was only put there:"
        f" `rm {' '.join(quoted(machine, other.binary.path) for other in others)}`",
    )


def _reads(machine: Machine, other: Installed) -> str | None:
    """The file that another k6 reads, where it is not the same."""
    version = other.answer.version
    if version is None or version < OLDEST:
        return None
    place = paths.chosen(
        machine.config_option, version, system=machine.system, environ=machine.environ, exists=paths.present
    )
    if place.path == machine.place.path:
        return None
    return f"k6 {version} reads another file, {machine.shown(place.path)}"


def _named(machine: Machine, installed: Installed) -> str:
    version = installed.answer.version
    return f"{machine.shown(installed.binary.path)} ({version or 'no version'})"


CHECK = Check("several-k6", "Is there more than one k6 on PATH?", run)
