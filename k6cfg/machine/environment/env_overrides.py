"""Which variables override the file, and which are set but do nothing."""

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from k6cfg.k6.env_vars import KNOWN, OBSOLETE, Obsolete
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.lazy_regex import late

# What Kubernetes puts into every pod beside a service called k6-something.
_KUBERNETES: Final = late(r"K6_(?=\w*\Z)(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT\w*|PORT(?:_\d+_(?:TCP|UDP|SCTP)\w*)?)")
_NEAR: Final = 0.8
_SEVERAL: Final = 5

Objection: TypeAlias = "Callable[[str, str], str | None]"
"""Why a text does not belong in a variable, as a clause; ``None`` where k6 reads the variable and accepts the text."""


def _none(_variable: str, _text: str) -> str | None:
    return None


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
    also_known: Mapping[str, Version | None] | None = None,
    objection: Objection = _none,
) -> Variables:
    """Which variables that are set speak for keys of the file, and which do nothing.

    Args:
        schema_nodes: for each key of this k6 version that has a variable: the dotted key, the name (several joined by
            a comma, ``<…>`` at the end standing for anything), and whether the value is secret.
        environ: the variables to look at; no value is kept or returned.
        version: of the k6 in question.
        also_known: names that other versions read, so that they are not called misspelt; with the first version that
            does where the name is one of ``KNOWN``.
        objection: why a value does not belong in a variable, which is then never suggested for it.
    """
    exact: dict[str, list[tuple[str, bool]]] = {}
    open_ended: list[tuple[str, str, bool]] = []
    for key, names, secret in schema_nodes:
        for name in map(str.strip, names.split(",")):
            if "<" in name:
                open_ended.append((name.partition("<")[0] + "*", key, secret))
            else:
                exact.setdefault(name, []).append((key, secret))
    others = {name.strip(): since for many, since in (also_known or {}).items() for name in many.split(",")}
    speaking: list[Override] = []
    suspicious: list[Suspicious] = []
    for variable in sorted(environ):
        spoken = [*exact.get(variable, ())]
        spoken += ((key, secret) for name, key, secret in open_ended if _fits(name, variable))
        speaking += (Override(key, variable, not environ[variable], secret) for key, secret in spoken)
        if spoken:
            continue
        found = _suspicion(variable, environ[variable], _Names(list(exact), others), version, objection)
        if found is not None:
            suspicious.append(found)
    return Variables(tuple(speaking), tuple(suspicious))


def _fits(name: str, variable: str) -> bool:
    if name.endswith("*"):
        return variable.startswith(name[:-1]) and len(variable) >= len(name) - 1
    return name == variable


class _Names(NamedTuple):
    """``read`` are those of keys of the file, ``others`` those that other versions read, from which on if known."""

    read: list[str]
    others: Mapping[str, Version | None]


def _suspicion(variable: str, text: str, names: _Names, version: Version, objection: Objection) -> Suspicious | None:
    for row in OBSOLETE:
        if _fits(row.name, variable) and (row.until is None or version >= row.until):
            return _obsolete(variable, text, row, version, objection)
        if _fits(row.name, variable):
            return None
    if not variable.upper().startswith("K6_"):
        return None
    if variable in names.others and names.others[variable] is None:
        message = f"{variable} does nothing: other releases of k6 read it, k6 {version} does not."
        return Suspicious(variable, "other", None, message)
    for known in KNOWN:
        if _fits(known.name, variable):
            since = names.others.get(variable) or known.since
            if since is None or version >= since:
                return None
            message = f"{variable} does nothing: it came with k6 {_short(since)}, this is k6 {version}."
            return Suspicious(variable, "newer", None, message)
    if _KUBERNETES.fullmatch(variable):
        return None
    read = (known.name for known in KNOWN if known.since is None or version >= known.since)
    return _unknown(
        variable, text, [name for name in (*names.read, *read) if names.others.get(name) is None], objection
    )


def _obsolete(variable: str, text: str, row: Obsolete, version: Version, objection: Objection) -> Suspicious:
    instead = row.instead if row.instead is not None and objection(row.instead, text) is None else None
    if row.until is None:
        return Suspicious(variable, "never", instead, f"{variable} does nothing: k6 never read it. {row.advice}")
    message = f"{variable} does nothing: k6 {_short(row.until)} and newer do not read it (this is k6 {version})."
    return Suspicious(variable, "obsolete", instead, f"{message} {row.advice}")


def _unknown(variable: str, text: str, names: list[str], objection: Objection) -> Suspicious:
    upper = variable.upper()
    full = [name for name in names if not name.endswith("*")]
    if upper != variable and upper in full and sys.platform != "win32":
        against = objection(upper, text)
        if against is None:
            message = f"{variable} does nothing: k6 wants it in capitals. Did you mean {upper}?"
            return Suspicious(variable, "near", upper, message)
        message = f"{variable} does nothing: k6 wants it in capitals. Before you set {upper}: {against}."
        return Suspicious(variable, "near", None, message)
    from difflib import get_close_matches

    near = get_close_matches(upper, full, n=_SEVERAL, cutoff=_NEAR)
    objections = {name: objection(name, text) for name in near}
    for name in near:
        if objections[name] is None:
            message = f"{variable} is no variable of k6's. Did you mean {name}?"
            return Suspicious(variable, "near", name, message)
    if near:
        message = (
            f"{variable} is no variable of k6's. The nearest is {near[0]}; before you set it: {objections[near[0]]}."
        )
        return Suspicious(variable, "near", None, message)
    message = f"{variable} is no variable of k6's; a script or an extension may still read it."
    return Suspicious(variable, "unknown", None, message)


def _short(version: Version) -> str:
    return f"{version.major}.{version.minor}"
