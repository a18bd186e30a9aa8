"""Where k6 sends the token."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from k6cfg.doctor.check import Check, Result, error, of_settings, ok
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import k6cfg, unset
from k6cfg.engine import Checked
from k6cfg.k6 import cloud
from k6cfg.machine.grafana_cloud import foreign
from k6cfg.text.tree import Scalar

_KEYS: Final = ("host", "hostv6")
"""The servers that get the token; those for metrics and traces get a token of the test run only."""


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """Servers that are named in the file or in a variable and are not the vendor's.

    Source: k6 2.2.0 sent a token that came from ``K6_CLOUD_TOKEN`` over plain HTTP to the ``hostv6`` of the file (run).
    """
    found = [*_of_file(machine, checked), *_of_variables(machine, checked, machine.environ)]
    yield from found
    if not found:
        yield ok("the token goes to Grafana's servers alone")


def _of_file(machine: Machine, checked: Checked) -> Iterator[Result]:
    for key in _KEYS:
        route = (*cloud.CLOUD, key)
        value = cloud.value_of(checked.document, checked.schema, route)
        if not isinstance(value, Scalar) or checked.schema.find(route) is None:
            continue
        where = _foreign(checked.document.string(value))
        if where is not None:
            line = checked.document.lines.position(value.start).line
            yield error(
                f"collectors.cloud.{key} (line {line}) sends the token to {where}",
                "k6 sends the token there with every cloud command, even one that comes from K6_CLOUD_TOKEN. Who wrote"
                " that line gets it.",
                f"If you do not know that server: {k6cfg(machine, f'unset collectors.cloud.{key}')}, and have a new"
                " token made if one was sent.",
            )


def _of_variables(machine: Machine, checked: Checked, environ: Mapping[str, str]) -> Iterator[Result]:
    for key in _KEYS:
        node = checked.schema.find((*cloud.CLOUD, key))
        for name in node.env if node is not None else ():
            where = _foreign(environ[name]) if environ.get(name) else None
            if where is not None:
                yield error(
                    f"{name} sends the token to {where}",
                    "k6 sends the token there with every cloud command.",
                    f"If that is not meant: {unset(machine, name)}",
                )


def _foreign(url: str) -> str | None:
    """Where a URL leads that may not get the token, without user and password; None where it may."""
    if foreign(url, named_by_file=True) is None:
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "a server whose name cannot be made out"
    if not host or "%" in host or "\\" in url or any(not letter.isprintable() or letter.isspace() for letter in url):
        return "a server whose name cannot be made out"
    plain = "" if parts.scheme == "https" else ", and not encrypted"
    return f"{host}{port}{'/…' * bool(parts.path.strip('/'))}{plain}"


CHECK = Check("servers", "Where does the token go?", of_settings(run))
