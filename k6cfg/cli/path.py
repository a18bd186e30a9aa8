"""``k6cfg path``: the file that k6 reads, on one line."""

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

from k6cfg.cli.exits import COULD_NOT
from k6cfg.cli.situation import ConfigOption, Format, Situation, VersionOption
from k6cfg.cli.terminal import complain, out, out_bytes, say
from k6cfg.places import present, working_folder
from k6cfg.report import FORMAT_VERSION

if TYPE_CHECKING:
    from k6cfg.places import Candidate


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
        raise typer.Exit(COULD_NOT)
    if place.warning is not None:
        say(f"k6 warns at every run: {place.warning}")
    if why:
        say(place.why)
    found = _candidates(situation, config) if every else ()
    if every and working_folder() is None:
        say("the working folder is gone: places in it are left out")
    if output_format is Format.JSON:
        out(json.dumps(_json(situation, place.path, place.why, found, every=every)) + "\n")
    elif every:
        out("".join(_lines(situation, place.path, found)))
    else:
        _print(place.path)


def _print(path: str) -> None:
    # `$(k6cfg path)` has to be the file's name, byte for byte, whatever characters the terminal knows.
    if os.name == "nt":
        out(f"{path}\n")
    else:
        out_bytes(os.fsencode(path) + b"\n")


def _candidates(situation: Situation, config: str | None) -> "tuple[Candidate, ...]":
    from k6cfg.places import candidates

    return candidates(
        situation.k6.version,
        system=situation.system,
        environ=situation.environ,
        cwd=working_folder(),
        config_option=config,
    )


def _lines(situation: Situation, path: str, found: "tuple[Candidate, ...]") -> list[str]:
    lines = []
    for candidate in found:
        mark = ">" if _same(candidate.path, path) else " "
        state = "exists" if present(candidate.path) else "absent"
        lines.append(f"{mark} {state}  {situation.shown(candidate.path)}\n            {candidate.readers}\n")
    lines.append(f"> is what k6 {situation.k6.version} reads here: {situation.k6.why}\n")
    return lines


def _same(candidate: str, path: str) -> bool:
    # As k6 has it: links are not resolved.
    cwd = working_folder() or ""
    return os.path.normpath(candidate) == os.path.normpath(os.path.join(cwd, path))  # noqa: PTH118 - keeps `..`


def _json(
    situation: Situation, path: str, why: str, found: "tuple[Candidate, ...]", *, every: bool
) -> dict[str, object]:
    content: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(situation.k6.version),
        "path": path,
        "exists": present(path),
        "why": why,
    }
    if every:
        content["candidates"] = [
            {
                "path": candidate.path,
                "role": candidate.role,
                "exists": present(candidate.path),
                "chosen": _same(candidate.path, path),
                "readers": candidate.readers,
            }
            for candidate in found
        ]
    return content
