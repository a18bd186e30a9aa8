"""How ``validate`` prints what it found: one verdict, a printer for each format."""

import enum
import sys
from pathlib import Path
from typing import Final

from k6cfg.cli.context import Situation
from k6cfg.cli.terminal import annotated, out, painter_for, talk
from k6cfg.machine.environment.git import project
from k6cfg.report.model import FileReport, Folders, Verdict


class Output(str, enum.Enum):
    """For whom findings are printed: people, editors, programs, CI servers."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    SARIF = "sarif"


PEOPLE: Final = frozenset({Output.TEXT, Output.CONCISE})


def by_itself() -> Output:
    """The format where none was asked for: annotations for GitHub Actions, else text."""
    return Output.GITHUB if annotated(sys.stdout) else Output.TEXT


def verdict(situation: Situation, files: list[FileReport], *, strict: bool, is_selection: bool = False) -> Verdict:
    """What the printers need to know of a call."""
    try:
        working = Path.cwd()
    except OSError:  # it is gone
        folders = Folders()
    else:
        folders = Folders(str(working), str(project(working) or working))
    return Verdict(situation.k6.judged_as, files, situation.k6.why, folders, strict, is_selection)


def show(found: Verdict, output: Output, *, to_stderr: bool) -> None:
    """Print it; to stderr where stdout has something else to hold."""
    text = _rendered(found, output, sys.stderr if to_stderr else sys.stdout)
    if to_stderr:
        talk(text)
    else:
        out(text)


def _rendered(found: Verdict, output: Output, stream: object) -> str:
    if output is Output.TEXT:
        from k6cfg.report import text

        return text.render(found, painter_for(stream))
    if output is Output.CONCISE:
        from k6cfg.report import concise

        return concise.render(found, painter_for(stream))
    if output is Output.JSON:
        from k6cfg.report import json

        return json.render(found)
    if output is Output.GITHUB:
        from k6cfg.report import github

        return github.render(found)
    if output is Output.GITLAB:
        from k6cfg.report import gitlab

        return gitlab.render(found)
    if output is Output.JUNIT:
        from k6cfg.report import junit

        return junit.render(found)
    from k6cfg.report import sarif

    return sarif.render(found)
