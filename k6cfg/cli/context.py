"""What a command is about: which k6 version, which file, whose variables."""

import enum
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from k6cfg.cli.terminal import say
from k6cfg.machine.environment import Chosen, k6_version
from k6cfg.machine.paths import Place, cache_folder, chosen, present, quoted, shown, state_folder, this_system
from k6cfg.machine.paths.config_path import LEGACY_UNTIL, legacy_path

if TYPE_CHECKING:
    from k6cfg.machine.files import Store
    from k6cfg.schema import Schema

ConfigOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--config",
        "-c",
        metavar="PATH",
        help="The config.json, as for k6; else K6_CONFIG, else the default path of that k6 version.",
        show_default=False,
    ),
]
VersionOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--k6-version",
        metavar="X.Y.Z|auto|latest",
        help="The k6 version to check against, also X.Y or X; auto is the k6 on PATH, else latest.",
        show_default="auto",
    ),
]
YesOption: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before writing.")]
DiffOption: TypeAlias = Annotated[bool, typer.Option("--diff", help="Only show what would change; exit 1 if anything.")]
NoBackupOption: TypeAlias = Annotated[
    bool, typer.Option("--no-backup", help="Keep no copy of the earlier file (k6cfg undo needs one).")
]
InPlaceOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--in-place",
        help="Overwrite a file that cannot be replaced, such as one mounted alone into a container; needs a backup.",
    ),
]
AllowRejectedOption: TypeAlias = Annotated[
    bool, typer.Option("--allow-rejected", help="Write the file even where k6 would then reject it.")
]

STANDARD_INPUT: Final = "-"
"""The FILE, or the place of a VALUE, that is standard input."""


class Format(str, enum.Enum):
    """For whom it is printed: people, or programs."""

    TEXT = "text"
    JSON = "json"


class Situation:
    """The k6 version, the variables and the platform of one call."""

    def __init__(self, version_option: str | None) -> None:
        """Find out the version.

        Raises:
            typer.BadParameter: ``--k6-version`` names none that k6cfg could go by.
        """
        self.environ = os.environ
        self.system = this_system()
        try:
            self.k6: Chosen = k6_version(version_option, self.environ, lambda: cache_folder(self.environ))
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        if self.k6.warning:
            say(f"warning: {self.k6.warning}")

    @cached_property
    def schema(self) -> "Schema":
        """What is known of the file for that version."""
        from k6cfg.schema import load

        return load(self.k6.judged_as)

    def place(self, config: str | None) -> Place:
        """The file that k6 of that version reads."""
        return chosen(config, self.k6.version, system=self.system, environ=self.environ, exists=present)

    def say_what_is_ignored(self, place: Place, words: str) -> None:
        """Say that a file exists where people expect k6 to look, and that k6 ignores it; ``words``: the command.

        Only where the default file is missing: then such a file is what they mean.
        """
        if place.source != "default" or present(place.path):
            return
        version = self.k6.version
        legacy = legacy_path(version, system=self.system, environ=self.environ)
        if version >= LEGACY_UNTIL and present(legacy):
            say(f"note: k6 {version} ignores {self.shown(legacy)}; `k6cfg migrate` copies it to where k6 looks for it")
        if present("config.json"):
            say(f"note: k6 ignores ./config.json unless it is named: `k6cfg {words} -c config.json`")

    @cached_property
    def _own(self) -> str:
        """The file that needs no name."""
        return self.place(None).path

    def command(self, words: str, path: str | Path) -> str:
        """A command line of k6cfg about a file; the file is named where it is not the one that needs no name."""
        if str(path) == self._own:
            return f"k6cfg {words}"
        return f"k6cfg {words} {quoted(path, self.environ, self.system)}"

    def option(self, path: str | Path) -> str:
        """What goes behind a command that takes no FILE so that it is about a file; nothing where it is anyway."""
        return "" if str(path) == self._own else f" -c {quoted(path, self.environ, self.system)}"

    def shown(self, path: str | Path) -> str:
        """A path for people."""
        return shown(path, self.environ)

    def store(self, *, wanted: bool = True) -> "Store | None":
        """Where earlier files are kept, unless they are not wanted."""
        from k6cfg.machine.files import Store

        return Store(state_folder(self.environ) / "backups") if wanted else None
