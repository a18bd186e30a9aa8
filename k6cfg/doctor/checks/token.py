"""The token: there, in the right place, and one that a server could know."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from k6cfg.doctor.check import Check, Result, error, info, of_settings, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import k6cfg, take_out, unset
from k6cfg.engine import Checked
from k6cfg.k6 import cloud
from k6cfg.k6.cloud.token import doubt_of, fault_of, stands_for
from k6cfg.k6.member_lookup import fold
from k6cfg.k6.secrets import secret_name
from k6cfg.text.lazy_regex import late
from k6cfg.text.parser import locate
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Member, Object, Scalar, Value

_UNEXPANDED: Final = late(r"\$\{?\w+\}?|\$\([^\n$]*\)|\{\{[^\n{]*\}\}|%\w+%", re.ASCII)
_ROUTES: Final = (cloud.TOKEN, ("cloud", "token"))
"""Where the login puts it, and where it may stand among the options of a test (``cloud``, since 0.50)."""
_CLOUD_FAILS: Final = "Every cloud command fails with it."


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """The token that k6 uses: of the variable, which goes first, or of the file; and one in a wrong place.

    Sources: an empty ``K6_CLOUD_TOKEN`` counts for nothing (run with 2.2.0); a line break in a token makes Go's HTTP
    client refuse the header (run with 2.2.0); only exactly ``collectors.cloud`` counts, for collectors are a Go map.
    """
    given = machine.environ.get(cloud.VARIABLE, "")
    stored = [value for route in _ROUTES if (value := _stored(checked, route)) is not None]
    if given:
        yield _of_variable(machine, given)
    yield from (_of_file(machine, checked, value, overridden=bool(given)) for value in stored)
    elsewhere = list(misplaced(checked))
    yield from (_moved(machine, checked, name, found) for name, found in elsewhere)
    if not given and not stored and not elsewhere:
        yield info("there is no token", "k6 needs one only for Grafana Cloud.", k6cfg(machine, "set-token"))


def _of_variable(machine: Machine, token: str) -> Result:
    again = f"Set it anew, or {unset(machine, cloud.VARIABLE)}"
    wrong, doubt = fault(token), doubt_of(token)
    if wrong is not None:
        return _level(token)(f"{cloud.VARIABLE} {wrong}", _CLOUD_FAILS, again)
    if doubt is not None:
        return warning(f"of {cloud.VARIABLE}: {doubt}", "With a part of a token every cloud command fails.", again)
    return ok(f"k6 takes its token from {cloud.VARIABLE}")


def _stored(checked: Checked, route: tuple[str, ...]) -> Value | None:
    known = checked.schema.find(route) is not None
    return cloud.value_of(checked.document, checked.schema, route) if known else None


def _of_file(machine: Machine, checked: Checked, value: Value, *, overridden: bool) -> Result:
    again = f"Store it anew, it is not shown: {k6cfg(machine, 'set-token')}"
    line = checked.document.lines.position(value.start).line
    if not isinstance(value, Scalar) or value.kind is not Kind.STRING:
        return error(
            f"the token (line {line}) is no text in quotes",
            "`k6 run` does not mind, but every cloud command stops.",
            again,
        )
    token = checked.document.string(value)
    wrong, doubt = fault(token), doubt_of(token)
    if wrong is not None:
        return _level(token)(f"the token (line {line}) {wrong}", _CLOUD_FAILS, again)
    if doubt is not None:
        return warning(f"of line {line}: {doubt}", "With a part of a token every cloud command fails.", again)
    return ok("there is a token in the file" + (f", behind the one in {cloud.VARIABLE}" if overridden else ""))


def _level(token: str) -> Callable[[str, str, str], Result]:
    """A warning for what was never meant as a token; k6 accepts a file with it."""
    return warning if stands_for(token) is not None else error


def fault(token: str) -> str | None:
    """What is wrong with a token: the end of a sentence that begins with its name."""
    if (stand_in := stands_for(token)) is not None:
        return stand_in
    if _UNEXPANDED.search(token):
        return "holds the name of a variable where its value should be: nothing put it in"
    if token != token.strip():
        return "has white space or a line break before or after it"
    return fault_of(token)


def misplaced(checked: Checked) -> Iterator[tuple[str, Member]]:
    """Members that look like the token, with their dotted names, in places where k6 does not look for it."""
    root = checked.document.root
    if not isinstance(root, Object):
        return
    for name, member in _members(checked, root):
        if secret_name(name) and "token" in fold(name):
            yield name, member
        if fold(name) == "collectors" and isinstance(member.value, Object):
            yield from _in_collectors(checked, name, member.value)


def _in_collectors(checked: Checked, above: str, collectors: Object) -> Iterator[tuple[str, Member]]:
    for name, member in _members(checked, collectors):
        if fold(name) == "token":
            yield f"{above}.{name}", member
        if name != "cloud" and fold(name) == "cloud" and isinstance(member.value, Object):
            for inner, found in _members(checked, member.value):
                if fold(inner) == "token":
                    yield f"{above}.{name}.{inner}", found


def _members(checked: Checked, value: Object) -> Iterator[tuple[str, Member]]:
    for member in value.members:
        if member.key is not None:
            yield checked.document.key(member), member


def _moved(machine: Machine, checked: Checked, name: str, member: Member) -> Result:
    line = checked.document.lines.position(member.start).line
    out = take_out(machine, locate(checked.document, member.start))
    both = f"{k6cfg(machine, 'set-token')[:-1]} && {out[1:]}"
    return warning(
        f"there is a token where k6 does not look for one: {name} (line {line})",
        "k6's login is collectors.cloud.token, with cloud in small letters; anything else k6 ignores without a word.",
        f"Store it where k6 looks, and take this one out: {both}",
    )


CHECK = Check("token", "Is there a token, and can it be one?", of_settings(run))
