"""What somebody who helps wants to know of a machine: nothing that is secret, nothing that says whose it is."""

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final, NamedTuple

from k6cfg.doctor.machine import Machine
from k6cfg.masking import Mask, without_secrets
from k6cfg.places import present

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
    """What must not be told: the home folder, names of users, names of hosts."""

    home: str
    users: frozenset[str]
    hosts: frozenset[str]


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
    return Names(home, frozenset(users - _NOBODY), frozenset(hosts - _NOBODY))
