"""``k6cfg schema``: the JSON Schema of the file, for editors and other programs."""

import json
from typing import Annotated, Final

import typer

from k6cfg.cli.situation import Situation, VersionOption
from k6cfg.cli.terminal import out, say

_NAME: Final = "k6-config-{}.{}.schema.json"


def command(
    k6_version: VersionOption = None,
    vscode: Annotated[
        bool, typer.Option("--vscode", help="Print the settings that make VS Code use the schema instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of the config.json for one k6 version."""
    situation = Situation(k6_version)
    version = situation.k6.judged_as
    if not vscode:
        out(json.dumps(situation.schema.document, indent=2, ensure_ascii=False) + "\n")
        return
    name = _NAME.format(version.major, version.minor)
    settings = {
        "json.schemas": [{"fileMatch": ["**/k6/config.json", "**/k6*.config.json"], "url": f"./.vscode/{name}"}]
    }
    out(json.dumps(settings, indent=2) + "\n")
    say(f"put this into .vscode/settings.json, and the schema beside it: k6cfg schema > .vscode/{name}")
    say('note: a "$schema" in the file itself is gone after the next login of k6')
