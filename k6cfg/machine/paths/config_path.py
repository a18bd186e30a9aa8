"""Which file k6 of a version reads: ``-c``, then ``K6_CONFIG``, then the default of that version."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from k6cfg.machine.paths.config_dirs import Folder, is_absolute, join, system_config_dirs, system_name, user_config_dir
from k6cfg.machine.paths.shell import escaped
from k6cfg.schema.versions import Version

Source = Literal["option", "variable", "default"]
"""What chose a file: ``-c/--config``, ``K6_CONFIG``, or k6's own default."""

OPTION_RULE: Final = Version(0, 19)
"""The first k6 with ``-c/--config`` and ``K6_CONFIG``."""
SYSTEM_UNTIL: Final = Version(0, 24)
"""The first k6 that reads no system folder."""
EQUALITY_RULE: Final = Version(0, 37)
"""The first k6 that forgives a missing file when the path given is, letter for letter, the default path."""
EMPTY_RULE: Final = Version(0, 38)
"""The first k6 to which an empty path is a path; to earlier ones it is none."""
SHORT_RULE: Final = Version(0, 58)
"""The first k6 with ``k6/config.json``; it reads ``loadimpact/k6/config.json`` where that alone exists."""
LEGACY_UNTIL: Final = Version(2, 0)
"""The first k6 that does not look at ``loadimpact/k6/config.json`` at all."""

LEGACY: Final = ("loadimpact", "k6", "config.json")
SHORT: Final = ("k6", "config.json")


class Place(NamedTuple):
    """The file that k6 reads, and why.

    ``path`` is as k6 has it: perhaps relative to the working directory, and ``""`` where k6 was given an empty path.
    ``why`` is one sentence for people, without anybody's home folder in it. ``may_be_missing``: k6 then runs with its
    defaults; otherwise a missing file is an error. ``warning`` is what k6 itself prints at every run because of the
    place, ``problem`` why k6 will not start with it.
    """

    path: str
    why: str
    source: Source
    may_be_missing: bool
    relative: bool = False
    warning: str | None = None
    problem: str | None = None

    @property
    def remedy(self) -> str:
        """What to do about ``problem``: a clause for people."""
        return "name a file after -c, or leave -c out" if self.source == "option" else "unset K6_CONFIG, or name a file"


def tail(version: Version) -> tuple[str, ...]:
    """What k6 of a version appends to the user's folder."""
    return LEGACY if version < SHORT_RULE else SHORT


def default(version: Version, *, system: str, environ: Mapping[str, str]) -> Place:
    """The file that k6 reads when nothing names another, whatever exists; no I/O.

    k6 0.18.0 to 0.23.1 and 0.58.0 to 1.8.1 look at further places when there is no such file: ``chosen`` knows them.
    """
    folder = user_config_dir(system, environ, version)
    return _in(folder, tail(version), system, f"{_k6(version, system)} reads {{}}, because {folder.why}")


def legacy_path(version: Version, *, system: str, environ: Mapping[str, str]) -> str:
    """Where k6 of a version would look for the file under the vendor's old name."""
    return join(system, user_config_dir(system, environ, version).path, *LEGACY)


def chosen(
    config_option: str | None,
    version: Version,
    *,
    system: str,
    environ: Mapping[str, str],
    exists: Callable[[str], bool],
) -> Place:
    """The file that k6 of a version reads, with ``-c`` as given (None: not given).

    Sources: ``-c`` beats ``K6_CONFIG`` beats the default, since 0.19.0 (run). ``K6_CONFIG=""`` is the same as unset up
    to 0.37 (read) and names the file "" since 0.38 (run). A default that k6 was also told explicitly may still be
    missing since 0.37 (run with 2.2.0). k6 0.58.0 to 1.8.1 read the legacy file in place where the new one is missing
    (run with 1.0.0 and 1.8.1), k6 0.18.0 to 0.23.1 a file in a system folder (read).

    Args:
        config_option: what stands after ``-c``.
        version: of the k6 in question.
        system: as Go names it; see ``this_system``.
        environ: the variables that k6 would see.
        exists: says whether there is anything at a path, unreadable or not; ``present`` does.
    """
    usual = default(version, system=system, environ=environ)
    given, source, name = _given(config_option, version, environ)
    if given is None:
        place = _existing(usual, version, system, environ, exists)
        if version < OPTION_RULE and "K6_CONFIG" in environ:
            place = place._replace(why=f"{place.why}; k6 {version} does not know K6_CONFIG")
        return place
    if given == "":
        problem = f"{name} is empty, and k6 {version} takes that for a file without a name: it stops with an error"
        return Place("", f"{name} names it: it is empty", source, may_be_missing=False, relative=True, problem=problem)
    why = f"{name} names it"
    if source == "option" and version < OPTION_RULE:
        why += f", though k6 {version} itself has no such option"
    elif source == "option" and "K6_CONFIG" in environ:
        why += ", and the option goes before K6_CONFIG"
    if version >= EQUALITY_RULE and given == usual.path:
        found = _existing(usual, version, system, environ, exists)
        why += "; it is also the default path" if found.path == given else f"; {found.why}"
        return found._replace(why=why, source=source)
    return Place(given, why, source, may_be_missing=False, relative=not is_absolute(given, system))


def _given(option: str | None, version: Version, environ: Mapping[str, str]) -> tuple[str | None, Source, str]:
    if option is not None:
        return (None if option == "" and version < EMPTY_RULE else option), "option", "-c"
    variable = environ.get("K6_CONFIG") if version >= OPTION_RULE else None
    return (None if variable == "" and version < EMPTY_RULE else variable), "variable", "K6_CONFIG"


def _existing(
    usual: Place, version: Version, system: str, environ: Mapping[str, str], exists: Callable[[str], bool]
) -> Place:
    if version < SYSTEM_UNTIL:
        if exists(usual.path):
            return usual
        sentence = f"{_k6(version, system)} finds no file in the user's folder and reads {{}}, for all users"
        for folder in system_config_dirs(system, environ):
            place = _in(folder, LEGACY, system, sentence)
            if exists(place.path):
                return place
    elif SHORT_RULE <= version < LEGACY_UNTIL and not exists(usual.path):
        folder = user_config_dir(system, environ, version)
        sentence = f"{_k6(version, system)} finds no {_written(folder, SHORT, system)} and reads the old place, {{}}"
        place = _in(folder, LEGACY, system, sentence)
        if exists(place.path):
            return place._replace(warning=LEGACY_WARNING.format(escaped(place.path)))
    return usual


LEGACY_WARNING: Final = (
    'The configuration file has been found on the old default path ("{}"). Please, run again `k6 cloud login` or'
    " `k6 login` commands to migrate to the new default path."
)


def _in(folder: Folder, parts: tuple[str, ...], system: str, sentence: str) -> Place:
    path = join(system, folder.path, *parts)
    relative = not is_absolute(path, system)
    # A variable stands for its folder; only what is written out needs saying from where it is counted.
    below = " in the working directory" if relative and folder.symbol[0] not in "$%" else ""
    why = sentence.format(_written(folder, parts, system) + below)
    return Place(path, why, "default", may_be_missing=True, relative=relative)


def _written(folder: Folder, parts: tuple[str, ...], system: str) -> str:
    return join(system, escaped(folder.symbol), *parts)


def _k6(version: Version, system: str) -> str:
    return f"k6 {version} on {system_name(system)}"
