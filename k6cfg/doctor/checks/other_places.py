"""Files that somebody may take for k6's, in places where k6 does not look."""

import os
from collections.abc import Iterator
from typing import Final

from k6cfg.doctor.check import Check, Result, info, ok, warning
from k6cfg.doctor.checks.verdict import repaired
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import assign, copy, move, quoted
from k6cfg.k6.member_lookup import fold
from k6cfg.machine.paths import Candidate
from k6cfg.machine.paths.config_path import OPTION_RULE
from k6cfg.text.tree import Object

_SHORTEST: Final = 3
"""Letters of the shortest key of k6's."""
_ROLES = frozenset({"system", "misquoted", "working folder", "fallback", "elsewhere", "other user"})


def run(machine: Machine) -> Iterator[Result]:
    """Each such file that exists and looks like one of k6's."""
    found = [candidate for candidate in machine.candidates if _forgotten(machine, candidate)]
    for candidate in found:
        yield _result(machine, candidate)
    if machine.cwd is None:
        yield info(
            "the working folder is gone: files in it were not looked for",
            "Paths relative to it, such as `-c config.json`, lead nowhere, for k6 too.",
            "Go to a folder that exists: `cd`",
        )
    elif not found:
        yield ok("there is no file of k6's in a place where k6 does not look")


def _forgotten(machine: Machine, candidate: Candidate) -> bool:
    if candidate.role not in _ROLES or not os.path.isfile(candidate.path):  # noqa: PTH113 - Path's may raise
        return False
    if machine.there and os.path.realpath(candidate.path) == os.path.realpath(machine.path):
        return False
    # A file called config.json in the working directory may belong to anything.
    return candidate.role != "working folder" or _looks_like_k6(machine, candidate.path)


def _looks_like_k6(machine: Machine, path: str) -> bool:
    """Whether k6 knows all keys at the top of a file, or misspelt ones beside others: many programs have `tags`.

    A damaged file is looked at as its repair makes it.
    """
    from k6cfg.engine import check
    from k6cfg.k6.grammars import nearest

    checked = check(machine.data(path) or b"", machine.schema)
    mended = None if checked.well_formed else repaired(checked, unsafe=True)
    document = (mended or checked).document
    if not isinstance(document.root, Object):
        return False
    known = {fold(name) for name in (*machine.schema.root.properties, *machine.schema.root.obsolete)}
    keys = {fold(document.key(member)) for member in document.root.members if member.key is not None}
    if not checked.well_formed and mended is None:  # what stands where a key belongs is not always one
        keys = {key for key in keys if key.isalpha() and len(key) >= _SHORTEST}
    return bool(keys & known) and all(nearest(key, known) is not None for key in keys - known)


def _result(machine: Machine, candidate: Candidate) -> Result:
    name = machine.shown(candidate.path)
    if candidate.role == "other user":
        return info(
            f"{name} exists, and belongs to another user's k6",
            f"Of this user's k6 it is out of sight: {candidate.readers}.",
            "If the login was meant for you, log in without sudo, or: `k6cfg set-token`",
        )
    finding = f"{name} exists, but k6 {machine.k6.version} does not read it"
    why = f"{candidate.readers}."
    if candidate.role == "working folder":
        if machine.k6.version < OPTION_RULE:
            return info(finding, why)
        named = assign(machine, "K6_CONFIG", candidate.path)
        return info(
            finding, why, _once_accepted(machine, candidate, named, "To have k6 read it, name it after -c, or: ")
        )
    # Into a folder that changes with the working directory nothing should be moved; the check of HOME says what to do.
    if machine.there or machine.place.source != "default" or machine.place.relative:
        return info(finding, why)
    # What lies there for all users is not ours to move.
    bring = copy if candidate.role == "system" else move
    return warning(
        finding,
        f"{why} So its login and options have no effect.",
        _once_accepted(machine, candidate, bring(machine, candidate.path, machine.path)),
    )


def _once_accepted(machine: Machine, candidate: Candidate, command: str, before: str = "") -> str:
    """The command with which k6 reads a file: only of a file that k6 accepts, for it runs without that file today."""
    from k6cfg.engine import check

    checked = check(machine.data(candidate.path) or b"", machine.schema)
    if checked.accepted_run and checked.accepted_cloud:
        return f"{before}{command}"
    path = quoted(machine, candidate.path)
    final = repaired(checked)
    if final is not None and final.accepted_run and final.accepted_cloud and candidate.role != "system":
        return f"k6 rejects it as it is. {before}`k6cfg validate --fix {path} && {command[1:]}"
    return f"k6 rejects it, and would stop with it at every run. See why: `k6cfg validate {path}`"


CHECK = Check("other-places", "Is there a file where k6 does not look?", run)
