"""What somebody who helps wants to know of a machine: nothing that is secret, nothing that says whose it is."""

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from k6cfg.cloud import DEFAULT_PROJECT_ID, PROJECT_ID, STACK_ID, STACK_URL, value_of
from k6cfg.doctor.machine import Machine
from k6cfg.masking import Mask, without_secrets
from k6cfg.places import present
from k6cfg.scanner import Kind
from k6cfg.tree import Scalar

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
_TOPS: Final = (("cloud",), ("ext", "loadimpact"))
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
    """What must not be told: the home folder, names of users and hosts, and what names an account in the cloud."""

    home: str
    users: frozenset[str]
    hosts: frozenset[str]
    account: frozenset[str] = frozenset()


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
    text = machine.checked.document.text
    shown = Mask(text, machine.checked.secrets).shown(0, len(text))
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
    return Names(home, frozenset(users - _NOBODY), frozenset(hosts - _NOBODY), _account(machine))


_ACCOUNT: Final = (STACK_URL, STACK_ID, PROJECT_ID, DEFAULT_PROJECT_ID, *((*top, "projectID") for top in _TOPS))
"""What says whose stack or project it is."""


def _account(machine: Machine) -> frozenset[str]:
    """The address of the stack, its name, and the numbers of stack and project, of the file and of variables."""
    checked = machine.checked
    found = {environ for name, environ in machine.environ.items() if name in _ACCOUNT_VARIABLES}
    for route in _ACCOUNT if checked is not None and checked.reading is not None else ():
        value = value_of(checked.document, checked.schema, route) if checked is not None else None
        if checked is not None and isinstance(value, Scalar) and value.kind in {Kind.STRING, Kind.NUMBER}:
            found.add(checked.document.source(value).strip('"'))
    addresses = {urlsplit(text).hostname or "" for text in found if "://" in text}
    names = {*found, *addresses, *(address.partition(".")[0] for address in addresses)}
    # A shorter one names nobody, and would be found in versions and modes.
    return frozenset(name for name in names if len(name) >= _SHORTEST)
