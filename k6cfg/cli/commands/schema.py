"""``k6cfg schema``: the JSON Schema of the file, for editors and other programs."""

import enum
import json
from typing import Annotated, Final

import typer

from k6cfg.cli.context import Situation, VersionOption
from k6cfg.cli.terminal import out, say
from k6cfg.schema import written
from k6cfg.schema.draft_07 import draft_07


class Draft(str, enum.Enum):
    """The version of JSON Schema that it is written in."""

    DRAFT_07 = "7"
    DRAFT_2020_12 = "2020-12"


_NAME: Final = "k6-config-{}.{}.schema.json"


def command(
    k6_version: VersionOption = None,
    draft: Annotated[
        Draft, typer.Option("--draft", help="The JSON Schema draft; 7 for what knows no newer one.")
    ] = Draft.DRAFT_2020_12,
    vscode: Annotated[
        bool, typer.Option("--vscode", help="Print the settings that make VS Code use the schema instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of the config.json for one k6 version."""
    situation = Situation(k6_version)
    version = situation.k6.judged_as
    if not vscode:
        document = situation.schema.document
        out(written(draft_07(document) if draft is Draft.DRAFT_07 else document))
        return
    name = _NAME.format(version.major, version.minor)
    settings = {
        "json.schemas": [{"fileMatch": ["**/k6/config.json", "**/k6*.config.json"], "url": f"./.vscode/{name}"}]
    }
    out(json.dumps(settings, indent=2) + "\n")
    options = f" --k6-version {version}" if k6_version is not None else ""
    options += f" --draft {draft.value}" if draft is Draft.DRAFT_07 else ""
    say(f"put this into .vscode/settings.json, and the schema beside it: k6cfg schema{options} > .vscode/{name}")
    say('note: a "$schema" in the file itself is gone after the next login of k6')
