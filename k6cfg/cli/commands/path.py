"""``k6cfg path``: the file that k6 reads, on one line."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from k6cfg.cli.context import ConfigOption, Format, Situation, VersionOption
from k6cfg.cli.exit_codes import COULD_NOT
from k6cfg.cli.terminal import complain, out, out_bytes, say
from k6cfg.machine.paths import Place, present, working_folder
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import visible

if TYPE_CHECKING:
    from k6cfg.machine.paths import Candidate


def command(
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    every: Annotated[bool, typer.Option("--all", help="Every place where a file may be, and who reads it.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Say why it is that file, on stderr.")] = False,
    output_format: Annotated[Format, typer.Option("--output-format", help="How it is printed.")] = Format.TEXT,
) -> None:
    """Print the path of the config.json that k6 reads."""
    situation = Situation(k6_version)
    place = situation.place(config)
    if place.problem is not None:
        complain(place.problem, place.remedy)
    if place.warning is not None:
        say(f"k6 warns at every run: {place.warning}")
    if why:
        say(_why(place))
    found = _candidates(situation, config) if every else ()
    if every and working_folder() is None:
        say("the working folder is gone: places in it are left out")
    if output_format is Format.JSON:
        import json

        out(json.dumps(_json(situation, place, found, every=every)) + "\n")
    elif every:
        out("".join(_lines(situation, place, found)))
    elif place.problem is None:
        _print(place.path)
    if place.problem is not None:
        raise typer.Exit(COULD_NOT)


def _why(place: Place) -> str:
    if place.problem is not None or present(place.path):
        return place.why
    missing = (
        "there is none, and k6 runs with its defaults" if place.may_be_missing else "it is not there, and k6 stops"
    )
    return f"{place.why}; {missing}"


def _print(path: str) -> None:
    # `$(k6cfg path)` has to be the file's name, byte for byte, whatever characters the terminal knows.
    # A terminal obeys some of them, so it gets escapes.
    if sys.stdout.isatty():
        out(f"{visible(path)}\n")
    elif os.name == "nt":
        out(f"{path}\n")
    else:
        out_bytes(os.fsencode(path) + b"\n")


def _candidates(situation: Situation, config: str | None) -> "tuple[Candidate, ...]":
    from k6cfg.machine.paths import candidates

    return candidates(
        situation.k6.version,
        system=situation.system,
        environ=situation.environ,
        cwd=working_folder(),
        config_option=config,
    )


def _lines(situation: Situation, place: Place, found: "tuple[Candidate, ...]") -> list[str]:
    lines = []
    for candidate in found:
        mark = ">" if _chosen(candidate, place) else " "
        state = "exists" if present(candidate.path) else "absent"
        lines.append(f"{mark} {state}  {situation.shown(candidate.path)}\n            {candidate.readers}\n")
    version = situation.k6.version
    if place.problem is None:
        lines.append(f"> is what k6 {version} reads here: {_why(place)}\n")
    lines.append(f"as k6 {version} looks for it: {situation.k6.why}\n")
    return lines


def _chosen(candidate: "Candidate", place: Place) -> bool:
    # As k6 has it: links are not resolved.
    if place.problem is not None:
        return False
    cwd = working_folder() or ""
    path = os.path.join(cwd, place.path)  # noqa: PTH118 - keeps `..`
    return os.path.normpath(candidate.path) == os.path.normpath(path)


def _json(situation: Situation, place: Place, found: "tuple[Candidate, ...]", *, every: bool) -> dict[str, object]:
    content: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(situation.k6.version),
        "path": place.path,
        "exists": present(place.path),
        "why": place.why,
        "problem": place.problem,
    }
    if every:
        content["candidates"] = [
            {
                "path": candidate.path,
                "role": candidate.role,
                "exists": present(candidate.path),
                "chosen": _chosen(candidate, place),
                "readers": candidate.readers,
            }
            for candidate in found
        ]
    return content
