"""Which variables override the file, and which are set but do nothing."""

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple

from k6cfg.environment.known import KNOWN, OBSOLETE, Obsolete
from k6cfg.patterns import late
from k6cfg.versions import NEWEST, Version

# What Kubernetes puts into every pod beside a service called k6-something.
_KUBERNETES: Final = late(r"K6_(?=\w*\Z)(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT\w*|PORT(?:_\d+_(?:TCP|UDP|SCTP)\w*)?)")
_NEAR: Final = 0.8


class Override(NamedTuple):
    """A variable that is set and speaks for a key of the file; its value is nowhere in here.

    ``empty``: it is set, but to nothing, and k6 goes on using the file's value (k6 2.2.0: an empty ``K6_CLOUD_TOKEN``
    does not unset the token of the file).
    """

    key: str
    variable: str
    empty: bool
    secret: bool


class Suspicious(NamedTuple):
    """A variable that is set though k6 does not read it.

    ``kind``: ``obsolete`` (older releases read it), ``never`` (people think k6 reads it), ``newer`` (later releases
    read it), ``other`` (other releases do, older or newer), ``near`` (almost a name that k6 reads), ``unknown`` (a
    script or an extension may read it). ``instead`` is the variable that was probably meant; ``message`` says all that
    in a sentence.
    """

    variable: str
    kind: Literal["obsolete", "never", "newer", "other", "near", "unknown"]
    instead: str | None
    message: str


class Variables(NamedTuple):
    """What the variables do to a file, each part sorted by name."""

    overrides: tuple[Override, ...]
    suspicious: tuple[Suspicious, ...]


def overrides(
    schema_nodes: Iterable[tuple[str, str, bool]],
    environ: Mapping[str, str],
    *,
    version: Version = NEWEST,
    also_known: Iterable[str] = (),
    extensions: Callable[[str], str | None] = lambda _: None,
) -> Variables:
    """Which variables that are set speak for keys of the file, and which do nothing.

    Args:
        schema_nodes: for each key of this k6 version that has a variable: the dotted key, the name (several joined by
            a comma, ``<…>`` at the end standing for anything), and whether the value is secret.
        environ: the variables to look at; no value is kept or returned.
        version: of the k6 in question.
        also_known: names that belong to keys of other versions, so that they are not called misspelt.
        extensions: gives the repository of the known extension that reads a variable, if there is one.
    """
    exact: dict[str, list[tuple[str, bool]]] = {}
    open_ended: list[tuple[str, str, bool]] = []
    for key, names, secret in schema_nodes:
        for name in map(str.strip, names.split(",")):
            if "<" in name:
                open_ended.append((name.partition("<")[0] + "*", key, secret))
            else:
                exact.setdefault(name, []).append((key, secret))
    others = frozenset(name.strip() for many in also_known for name in many.split(","))
    speaking: list[Override] = []
    suspicious: list[Suspicious] = []
    for variable in sorted(environ):
        spoken = [*exact.get(variable, ())]
        spoken += ((key, secret) for name, key, secret in open_ended if _fits(name, variable))
        speaking += (Override(key, variable, not environ[variable], secret) for key, secret in spoken)
        if not spoken and (found := _suspicion(variable, list(exact), others, version, extensions)) is not None:
            suspicious.append(found)
    return Variables(tuple(speaking), tuple(suspicious))


def _fits(name: str, variable: str) -> bool:
    if name.endswith("*"):
        return variable.startswith(name[:-1]) and len(variable) >= len(name) - 1
    return name == variable


def _suspicion(
    variable: str,
    names: list[str],
    others: frozenset[str],
    version: Version,
    extensions: Callable[[str], str | None],
) -> Suspicious | None:
    repository = extensions(variable)
    row = next((row for row in OBSOLETE if _fits(row.name, variable)), None)
    if row is not None:
        read = row.until is not None and version < row.until
        if read or repository is None:
            return None if read else _obsolete(variable, row, version)
    if repository is not None:
        return Suspicious(
            variable, "unknown", None, f"{variable} is read by the extension {repository}, not by k6 itself."
        )
    return _unread(variable, names, others, version) if variable.upper().startswith("K6_") else None


def _unread(variable: str, names: list[str], others: frozenset[str], version: Version) -> Suspicious | None:
    for known in KNOWN:
        if _fits(known.name, variable):
            if known.since is None or version >= known.since:
                return None
            message = f"{variable} does nothing: it came with k6 {_short(known.since)}, this is k6 {version}."
            return Suspicious(variable, "newer", None, message)
    if variable in others:
        message = f"{variable} does nothing: other releases of k6 read it, k6 {version} does not."
        return Suspicious(variable, "other", None, message)
    if _KUBERNETES.fullmatch(variable):
        return None
    read = (known.name for known in KNOWN if known.since is None or version >= known.since)
    return _unknown(variable, [*names, *read])


def _obsolete(variable: str, row: Obsolete, version: Version) -> Suspicious:
    if row.until is None:
        return Suspicious(variable, "never", row.instead, f"{variable} does nothing: k6 never read it. {row.advice}")
    instead = row.instead
    message = f"{variable} does nothing: k6 {_short(row.until)} and newer do not read it (this is k6 {version})."
    return Suspicious(variable, "obsolete", instead, f"{message} {row.advice}")


def _unknown(variable: str, names: list[str]) -> Suspicious:
    upper = variable.upper()
    full = [name for name in names if not name.endswith("*")]
    if upper != variable and upper in full and sys.platform != "win32":
        message = f"{variable} does nothing: k6 wants it in capitals. Did you mean {upper}?"
        return Suspicious(variable, "near", upper, message)
    from difflib import get_close_matches

    near = get_close_matches(upper, full, n=1, cutoff=_NEAR)
    if near:
        message = f"{variable} is no variable of k6's. Did you mean {near[0]}?"
        return Suspicious(variable, "near", near[0], message)
    message = f"{variable} is no variable of k6's; a script or an extension may still read it."
    return Suspicious(variable, "unknown", None, message)


def _short(version: Version) -> str:
    return f"{version.major}.{version.minor}"
