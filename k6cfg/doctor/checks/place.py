"""Which file k6 reads, and why."""

from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, error, info, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import assign, k6cfg, unset
from k6cfg.machine.paths import Place
from k6cfg.schema.versions import Version

_STOPS = "k6 {} forgives a missing file only in its default place: every run stops with an error."


def run(machine: Machine) -> Iterator[Result]:
    """The file and what chose it; ``K6_CONFIG`` that is empty, relative, or names no file."""
    place, version = machine.place, machine.k6.version
    if place.problem is not None:
        yield error(place.problem, "Every command of k6 that reads the file fails.", _without(machine, place))
    elif not machine.there and not place.may_be_missing:
        yield _missing(machine, place, version)
    elif place.source == "variable" and place.relative:
        yield warning(
            f"K6_CONFIG names {machine.shown(place.path)}, which depends on the working directory",
            "Started in another folder, k6 reads another file, or stops because there is none.",
            assign(machine, "K6_CONFIG", machine.path),
        )
    elif not machine.there:
        yield info(
            f"there is no config.json, and none is needed: {place.why}",
            "k6 runs with its defaults, the script's options, variables and flags.",
        )
    else:
        yield ok(f"{machine.shown(place.path)}: {place.why}")


def _missing(machine: Machine, place: Place, version: Version) -> Result:
    if place.source == "option":
        return error(
            f"-c names {machine.shown(place.path)}, which does not exist",
            _STOPS.format(version),
            f"Name a file that exists, or make this one: {k6cfg(machine, 'set-token')}",
        )
    if place.path.startswith(("~/", "~\\")) and "HOME" in machine.environ:
        return error(
            f"K6_CONFIG is set to {machine.shown(place.path)}, and k6 does not know what ~ means",
            f"k6 looks for a folder of that name in the working directory. {_STOPS.format(version)}",
            assign(machine, "K6_CONFIG", machine.environ["HOME"] + place.path[1:]),
        )
    return error(
        f"K6_CONFIG names {machine.shown(place.path)}, which does not exist",
        _STOPS.format(version),
        f"{_without(machine, place)}, and k6 uses its default place; or set it to a file that exists.",
    )


def _without(machine: Machine, place: Place) -> str:
    return unset(machine, "K6_CONFIG") if place.source == "variable" else f"{place.remedy.capitalize()}."


CHECK = Check("place", "Which file does k6 read?", run)
