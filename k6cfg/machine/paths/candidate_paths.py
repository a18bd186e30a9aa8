"""Every place where somebody may have put k6's file, and which k6 reads it there."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from k6cfg.machine.paths.config_dirs import (
    DARWIN,
    GO_RULE,
    WINDOWS,
    is_absolute,
    join,
    lookup,
    system_config_dirs,
    user_config_dir,
)
from k6cfg.machine.paths.config_path import (
    LEGACY,
    LEGACY_UNTIL,
    OPTION_RULE,
    SHORT,
    SHORT_RULE,
    SYSTEM_UNTIL,
    default,
    legacy_path,
)
from k6cfg.schema.versions import OLDEST, Version

_STEPS: Final = (OLDEST, SYSTEM_UNTIL, GO_RULE, SHORT_RULE, LEGACY_UNTIL)
"""The versions at which the default place, or how it is found, changes."""
_LAST_BEFORE: Final = {
    OPTION_RULE: "0.18",
    SYSTEM_UNTIL: "0.23",
    GO_RULE: "0.25",
    SHORT_RULE: "0.57",
    LEGACY_UNTIL: "1.8",
}

_NEVER: Final = "no k6 reads it unless -c or K6_CONFIG names it"
_OTHERS: Final = "only the k6 that {} starts reads it"


class Reader(NamedTuple):
    """The releases from ``first`` up to and without ``until`` (None: all newer ones) read a file, on a condition."""

    first: Version
    until: Version | None
    condition: str = ""


class Candidate(NamedTuple):
    """One place.

    ``role`` is ``option``, ``variable``, ``default`` (of the version asked about), ``newer`` and ``legacy`` (defaults
    of other versions), ``fallback``, ``system``, ``misquoted``, ``working folder``, ``elsewhere`` or ``other user``.
    ``readers`` is text for people. It and ``read_by`` speak of a k6 that neither ``-c`` nor ``K6_CONFIG`` leads
    elsewhere: where one of them names a file, no version reads any other.
    """

    path: str
    role: str
    readers: str
    read: tuple[Reader, ...] = ()

    def read_by(self, version: Version) -> bool:
        """Whether k6 of a version looks here, in this environment, at least on a condition."""
        return any(reader.first <= version and (reader.until is None or version < reader.until) for reader in self.read)


def candidates(  # noqa: PLR0913 - each is a fact about the machine
    version: Version,
    *,
    system: str,
    environ: Mapping[str, str],
    cwd: str | None,
    config_option: str | None = None,
    home_of: Callable[[str], str | None] | None = None,
) -> tuple[Candidate, ...]:
    """Every place, the most telling first, none twice; no I/O.

    Args:
        version: of the k6 in question.
        system: as Go names it; see ``this_system``.
        environ: the variables that k6 would see.
        cwd: the working directory, absolute; k6's relative paths are made absolute with it, and not cleaned: what
            ``x/..`` is depends on links. None where it is gone: relative places are left out, for there are none.
        config_option: what stands after ``-c``, if anything.
        home_of: gives the home folder of a user by name, to look into those of root and of sudo's caller; without it
            the usual folders of the platform are taken.
    """
    found = [
        *_named(environ, config_option),
        *_defaults(version, system, environ),
        *_never_read(version, system, environ),
        *_of_others(version, system, environ, home_of),
    ]
    kept: dict[str, Candidate] = {}
    for candidate in found:
        path = candidate.path
        if not is_absolute(path, system):
            if cwd is None:
                continue
            path = join(system, cwd, path) if system == WINDOWS else f"{cwd.rstrip('/')}/{path}"
        key = join(system, path)
        # Two spellings are one file on Windows, and on macOS as it is delivered.
        kept.setdefault(key.casefold() if system in {WINDOWS, DARWIN} else key, candidate._replace(path=path))
    return tuple(kept.values())


def _named(environ: Mapping[str, str], option: str | None) -> list[Candidate]:
    # An empty path names no place: up to 0.37 it is no path at all, since then it is an error.
    since = "k6 0.19 and newer"
    read = (Reader(OPTION_RULE, None),)
    result = [Candidate(option, "option", f"{since} read it, because -c names it", read)] if option else []
    variable = environ.get("K6_CONFIG")
    if variable and option:
        result.append(Candidate(variable, "variable", f"{since} would read it, as K6_CONFIG says, without -c"))
    elif variable:
        result.append(Candidate(variable, "variable", f"{since} read it, because K6_CONFIG names it", read))
    return result


def _defaults(version: Version, system: str, environ: Mapping[str, str]) -> list[Candidate]:
    readers: dict[str, list[Reader]] = {}
    for first, until in zip(_STEPS, (*_STEPS[1:], None), strict=True):
        path = default(first, system=system, environ=environ).path
        readers.setdefault(path, []).append(Reader(first, until))
        if first == OLDEST:
            for folder in system_config_dirs(system, environ):
                alone = Reader(first, until, "when the user's own folder has none")
                readers.setdefault(join(system, folder.path, *LEGACY), []).append(alone)
        if first == SHORT_RULE:
            absent = Reader(first, until, "when the new one is absent")
            readers.setdefault(legacy_path(first, system=system, environ=environ), []).append(absent)
    mine = default(version, system=system, environ=environ).path
    for_all = {join(system, folder.path, *LEGACY) for folder in system_config_dirs(system, environ)}
    result = []
    for path, spans in readers.items():
        role = "default" if path == mine else "system" if path in for_all else "newer" if _is_short(path) else "legacy"
        note = ""
        if system == DARWIN and not _is_short(path):
            note = " (written LoadImpact/k6 it is the same file on a Mac, unless its volume tells case apart)"
        merged = _merged(spans)
        result.append(Candidate(path, role, _told(merged) + note, merged))
    order = ("default", "legacy", "newer", "system")
    return sorted(result, key=lambda candidate: order.index(candidate.role))


def _is_short(path: str) -> bool:
    return "loadimpact" not in path.replace("\\", "/").split("/")[-3:]


def _merged(spans: list[Reader]) -> tuple[Reader, ...]:
    merged: list[Reader] = []
    for span in spans:
        if merged and (merged[-1].until, merged[-1].condition) == (span.first, span.condition):
            merged[-1] = merged[-1]._replace(until=span.until)
        else:
            merged.append(span)
    return tuple(merged)


def _told(spans: tuple[Reader, ...]) -> str:
    clauses = []
    for first, until, condition in spans:
        since = f"{first.major}.{first.minor}"
        who = f"{since} and newer" if until is None else f"{since} to {_LAST_BEFORE[until]}"
        clauses.append(f"k6 {who} read it" + (f" {condition}" if condition else ""))
    last = spans[-1].until
    if last is not None:
        clauses.append(f"k6 {last.major}.{last.minor} and newer ignore it silently")
    return "; ".join(clauses)


def _never_read(version: Version, system: str, environ: Mapping[str, str]) -> list[Candidate]:
    folder = user_config_dir(system, environ, version).path
    rows = [
        (
            "misquoted",
            join(system, folder, "loadimpact", "config.json"),
            "the release notes of k6 1.0 and 2.0 name it by mistake",
        ),
        ("working folder", "config.json", "k6 0.19 to 0.23 wrote it when they logged in with -c"),
        ("working folder", "k6.json", "some pages on the web say that k6 does"),
        ("working folder", join(system, "k6", "config.json"), ""),
    ]
    fallback = join(system, ".config", *SHORT)
    where = "XDG_CONFIG_HOME is no absolute path, or neither it nor HOME is set"
    if system in {WINDOWS, DARWIN}:
        where = "AppData is not set" if system == WINDOWS else "HOME is not set"
    result = [Candidate(fallback, "fallback", f"k6 0.58 and newer read it only where {where}")]
    home = lookup(environ, "USERPROFILE" if system == WINDOWS else "HOME", system)
    if home:
        rows += [("elsewhere", join(system, home, name, "config.json"), "") for name in (".k6", ".loadimpact")]
        rows.append(("elsewhere", join(system, home, ".loadimpact", "k6", "config.json"), ""))
        other = "on Linux it would" if system in {WINDOWS, DARWIN} else "it would if XDG_CONFIG_HOME were not set"
        rows.append(("elsewhere", join(system, home, ".config", *SHORT), other))
    xdg = lookup(environ, "XDG_CONFIG_HOME", system)
    if system == DARWIN and is_absolute(xdg, system):
        rows.append(("elsewhere", join(system, xdg, *SHORT), "on a Mac k6 pays no heed to XDG_CONFIG_HOME"))
    local = lookup(environ, "LOCALAPPDATA", system) if system == WINDOWS else ""
    if local:
        rows.append(("elsewhere", join(system, local, *SHORT), "k6 looks in AppData\\Roaming"))
    return [Candidate(path, role, f"{_NEVER}; {why}" if why else _NEVER) for role, path, why in rows] + result


def _of_others(
    version: Version, system: str, environ: Mapping[str, str], home_of: Callable[[str], str | None] | None
) -> list[Candidate]:
    if system == WINDOWS:
        return []
    # Who typed `sudo k6 cloud login` logged root in, and who types `sudo k6cfg` looks for their own file.
    usual = "/Users/{}" if system == DARWIN else "/home/{}"
    homes = {"root": "/var/root" if system == DARWIN else "/root"}
    caller = environ.get("SUDO_USER", "")
    if caller and caller != "root" and "/" not in caller:
        homes[caller] = usual.format(caller)
    result: list[Candidate] = []
    known = max(version, SHORT_RULE)
    for name, home in homes.items():
        theirs = {"HOME": (home_of(name) if home_of else None) or home}
        readers = _OTHERS.format("root" if name == "root" else "the user who called sudo")
        new = default(known, system=system, environ=theirs).path
        old = legacy_path(known, system=system, environ=theirs)
        result += (Candidate(new, "other user", readers), Candidate(old, "other user", readers))
    return result
