"""What somebody who helps wants to know of a machine: nothing that is secret, nothing that says whose it is."""

import os
from collections.abc import Collection, Iterator
from pathlib import PurePath
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from k6cfg.doctor.context import Machine
from k6cfg.k6.cloud import CLOUD, DEFAULT_PROJECT_ID, PROJECT_ID, STACK_ID, STACK_URL
from k6cfg.k6.member_lookup import fold
from k6cfg.k6.secrets import Mask, inner, merged, without_secrets
from k6cfg.machine.paths import present
from k6cfg.text.location import Span
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Array, Document, Member, Object, Scalar, Value

_TELLING: Final = (
    "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CONFIG_DIRS", "APPDATA", "USERPROFILE", "SUDO_USER",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_COLOR", "CI", "GITHUB_ACTIONS",
    "KUBERNETES_SERVICE_HOST",
)  # fmt: skip
"""Variables that are not k6's and that change what k6 and k6cfg do."""

_NAMES: Final = ("USER", "LOGNAME", "USERNAME", "SUDO_USER")
_HOSTS: Final = ("HOSTNAME", "HOST", "COMPUTERNAME")
_NOBODY: Final = frozenset({"", "root", "k6", "localhost"})
"""Names that say nothing about whose machine it is."""
_LONGEST: Final = 64 * 1024
_SHORTEST: Final = 4
_TOPS: Final = (CLOUD, ("cloud",), ("ext", "loadimpact"))
_ACCOUNT: Final = frozenset(fold(route[-1]) for route in (STACK_URL, STACK_ID, PROJECT_ID, DEFAULT_PROJECT_ID))
"""Keys that say whose stack or project it is."""
_ACCOUNT_VARIABLES: Final = frozenset({"K6_CLOUD_STACK_URL", "K6_CLOUD_STACK_ID", "K6_CLOUD_PROJECT_ID"})


class Facts(NamedTuple):
    """About k6cfg, the system, k6 and its file. ``text`` is the file without its secrets, None where there is none."""

    k6cfg: str
    python: str
    platform: str
    user: str
    k6: tuple[str, ...]
    version: str
    path: str
    why: str
    others: tuple[str, ...]
    variables: dict[str, str]
    text: str | None


class Names(NamedTuple):
    """What must not be told: the home folder, names of users and hosts, and what names an account in the cloud.

    ``short`` are names of an account that stand in versions and modes too; they are hidden beside one of ``keys``.
    """

    home: str
    users: frozenset[str]
    hosts: frozenset[str]
    account: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    keys: frozenset[str] = _ACCOUNT


def gather(machine: Machine) -> Facts:
    """The facts, with paths as people see them."""
    import platform

    from k6cfg import __version__

    installed = (
        f"{machine.shown(one.binary.path)}: {one.answer.version or one.answer.reason}" for one in machine.installed
    )
    others = (
        f"{machine.shown(each.path)} ({each.role})"
        for each in machine.candidates
        if each.path != str(machine.path) and present(each.path)
    )
    return Facts(
        k6cfg=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        user=f"uid {machine.uid}" if machine.uid is not None else "a user without a number",
        k6=tuple(installed),
        version=f"{machine.k6.version}: {machine.k6.why}",
        path=machine.shown(machine.path),
        why=machine.place.why,
        others=tuple(others),
        variables=dict(_variables(machine)),
        text=_text(machine),
    )


def _variables(machine: Machine) -> Iterator[tuple[str, str]]:
    """The names of the variables that matter, and whether there is anything in them; never what."""
    for name, value in sorted(machine.environ.items()):
        if name.upper().startswith(("K6", "NO_SETUP", "NO_TEARDOWN")) or name.upper() in _TELLING:
            yield without_secrets(name), "set" if value else "empty"


def _text(machine: Machine) -> str | None:
    if machine.checked is None:
        return None
    document, text = machine.checked.document, machine.checked.document.text
    shown = Mask(text, merged((*machine.checked.secrets, *_account_spans(document)))).shown(0, len(text))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}\n… and {len(shown) - _LONGEST} characters more"


def names(machine: Machine) -> Names:
    """Whose machine it is, from all that says so."""
    import socket

    environ = machine.environ
    users = {environ.get(name, "") for name in _NAMES}
    home = environ.get("USERPROFILE" if machine.system == "windows" else "HOME", "").rstrip("/\\")
    if PurePath(home).parent.name.lower() in {"home", "users"}:
        users.add(PurePath(home).name)
    try:
        import pwd

        users |= {pwd.getpwuid(uid).pw_name for uid in {os.getuid(), machine.uid or os.getuid()}}
    except (ImportError, KeyError):
        pass
    full = {socket.gethostname(), *(environ.get(name, "") for name in _HOSTS)}
    hosts = {part for host in full for part in (host, host.partition(".")[0])}
    account = _account(machine)
    # A short one would be found in versions and modes; in the file it is hidden where it stands.
    short = frozenset(name for name in account if len(name) < _SHORTEST)
    return Names(home, frozenset(users - _NOBODY), frozenset(hosts - _NOBODY), account - short, short)


def _account(machine: Machine) -> frozenset[str]:
    """The address of the stack, its name, and the numbers of stack and project, of the file and of variables."""
    found = {environ for name, environ in machine.environ.items() if name in _ACCOUNT_VARIABLES}
    if machine.checked is not None:
        document = machine.checked.document
        found |= {document.text[span.start : span.end] for span in _account_spans(document)}
    addresses = {urlsplit(text).hostname or "" for text in found if "://" in text}
    names = {*found, *addresses, *(address.partition(".")[0] for address in addresses)}
    return frozenset(name.strip() for name in names if name.strip())


def _account_spans(document: Document) -> Iterator[Span]:
    """Where a document says whose stack or project it is, in every spelling, and in members that k6 does not read."""
    for top in _TOPS:
        holders: list[Value | None] = [document.root, *document.rest]
        for name in top:
            holders = [member.value for member in _members(document, holders, {fold(name)})]
        for member in _members(document, holders, _ACCOUNT):
            if isinstance(member.value, Object | Array):
                yield member.value.span
            elif isinstance(member.value, Scalar) and member.value.kind is not Kind.NULL:
                yield inner(member.value)


def _members(document: Document, holders: list[Value | None], names: Collection[str]) -> Iterator[Member]:
    for holder in holders:
        if isinstance(holder, Object):
            yield from (member for member in holder.members if fold(document.key(member)) in names)
