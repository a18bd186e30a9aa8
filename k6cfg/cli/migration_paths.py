"""Where a migration starts and where it ends: the file, its place, and the other file that may be there."""

import os
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.cli.context import Situation
from k6cfg.cli.terminal import say
from k6cfg.engine import check
from k6cfg.machine.files import LARGEST_WRITE, FileError, Kind, Snapshot, absent, read_text, require_config
from k6cfg.machine.paths import default, present
from k6cfg.machine.paths.config_path import SHORT_RULE, legacy_path

_YAML: Final = (".yml", ".yaml")


class Way(NamedTuple):
    """What is read and where it goes: the same file, unless it moves. ``data`` are the bytes to carry over."""

    start: Snapshot
    end: Snapshot
    data: bytes

    @property
    def moves(self) -> bool:
        """Whether it goes to another place, and the old file stays where it is."""
        return self.start is not self.end


def way(situation: Situation, named: str | None) -> Way | None:
    """What is to be carried over, and where to; None where there is nothing."""
    if named is not None:
        if named.lower().endswith(_YAML):
            return _yaml(Path(named), Path(named).with_name("config.json"))
        _say_where(situation, named)
        return _same(_read(Path(named)))
    place = situation.place(None)
    if place.problem is not None:
        raise FileError(Kind.MISSING, place.problem, place.remedy)
    if place.source != "default":
        return _same(_read(Path(place.path)))
    version = situation.k6.version
    new = default(version, system=situation.system, environ=situation.environ).path
    old = legacy_path(version, system=situation.system, environ=situation.environ)
    if version < SHORT_RULE or not present(old):
        if not present(place.path):
            if present(older := old.removesuffix(".json") + _YAML[0]):
                return _yaml(Path(older), Path(place.path))
            say(f"{situation.shown(place.path)}: no such file, so there is nothing to carry over")
            return None
        return _same(_read(Path(place.path)))
    if not present(new):
        start = _read(Path(old))
        return Way(start, absent(Path(new)), start.data)
    _compare(situation, Path(old), Path(new))
    return _same(_read(Path(new)))


def is_read(path: Path, situation: Situation) -> bool:
    """Whether k6 reads a file today: k6 before 2.0 reads the legacy file where it is."""
    return os.path.realpath(situation.place(None).path) == os.path.realpath(path)


def _read(path: Path) -> Snapshot:
    """Return a config file that may be changed; a larger file, or one of another format, is a FileError."""
    snapshot = read_text(path, limit=LARGEST_WRITE)
    require_config(snapshot)
    return snapshot


def _say_where(situation: Situation, named: str) -> None:
    """That the file is where the target does not look for it any more: naming it leaves it there."""
    version = situation.k6.version
    old = legacy_path(version, system=situation.system, environ=situation.environ)
    if version >= SHORT_RULE and os.path.abspath(named) == os.path.abspath(old):  # noqa: PTH100 - links are not asked
        new = default(version, system=situation.system, environ=situation.environ).path
        where = f"k6 {version} looks for {situation.shown(new)}"
        say(f"{situation.shown(named)} stays where it is, but {where}: k6cfg migrate without FILE copies it there")


def _same(snapshot: Snapshot) -> Way:
    return Way(snapshot, snapshot, snapshot.data)


def _yaml(path: Path, new: Path) -> Way:
    """The file of k6 0.16 and 0.17."""
    from k6cfg.migrations.yaml_config import converted

    start = read_text(path, limit=LARGEST_WRITE)
    text = converted(start.data.decode("utf-8", "replace"))
    if text is None:
        help_ = "k6 0.16 and 0.17 knew collectors.influxdb.default_url alone; write the rest as JSON by hand"
        raise FileError(
            Kind.NOT_REGULAR, f"{path.name} holds something else than the one setting that k6 ever read", help_
        )
    return Way(start, absent(new), text.encode())


def _compare(situation: Situation, old: Path, new: Path) -> None:
    """Both exist: the new one counts, neither is lost, and a person hears what is different."""
    before, after = (check(_read(path).data, situation.schema, intent=False) for path in (old, new))
    if before.data == after.data:
        say(f"{situation.shown(old)} is still there, the same as {situation.shown(new)}; k6 reads the new one alone")
        return
    say(f"{situation.shown(old)} is still there, and differs; k6 {situation.k6.version} reads {situation.shown(new)}:")
    from k6cfg.report.value_diff import value_changes

    for line in value_changes(before, after):
        say(line)
    say(f"  help: {situation.command('diff', old)} shows it all; what you miss, take over with k6cfg set")
