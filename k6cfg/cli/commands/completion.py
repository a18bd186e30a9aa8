"""``k6cfg completion``: what a shell has to be told, so that the tab key completes commands, options, keys and more."""

import enum
from typing import Annotated

import typer

from k6cfg.cli.completion.scripts import SCRIPTS
from k6cfg.cli.terminal import out


class Shell(str, enum.Enum):
    """The shells that can ask."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def command(
    shell: Annotated[
        Shell, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell; its script says where it goes.")
    ],
) -> None:
    """Print the script that makes a shell complete commands, options, keys, rules and versions of k6cfg."""
    out(SCRIPTS[shell.value])
