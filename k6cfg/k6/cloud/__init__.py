"""What the cloud commands of k6 need to know, and where the file says it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from k6cfg.k6.member_lookup import find
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Document, Scalar, Value

CLOUD: Final = ("collectors", "cloud")
TOKEN: Final = (*CLOUD, "token")
VARIABLE: Final = "K6_CLOUD_TOKEN"
"""Where a token goes before the one of the file."""
STACK_ID: Final = (*CLOUD, "stackID")
STACK_URL: Final = (*CLOUD, "stackURL")
PROJECT_ID: Final = (*CLOUD, "projectID")
DEFAULT_PROJECT_ID: Final = (*CLOUD, "defaultProjectID")
HOST: Final = (*CLOUD, "host")
HOST_V6: Final = (*CLOUD, "hostv6")
LOGIN: Final = (TOKEN, STACK_ID, STACK_URL, DEFAULT_PROJECT_ID)
"""What ``k6 cloud login --reset`` of 2.2.0 takes out (it sets them to null)."""

LARGEST: Final = 2**63 - 1
"""The largest number that k6 reads: of a stack, of a project."""
STACK_SINCE: Final = Version(1, 6)
"""The first k6 that knows stacks (release notes of 1.6.0)."""
STACK_NEEDED: Final = Version(2, 0)
"""The first k6 whose cloud commands do not start without a stack id (run with 2.2.0)."""
URL_CUT: Final = Version(2, 1)
"""The first k6 whose login keeps scheme and host of a stack's URL alone (run with 2.2.0)."""

_SLUG: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN: Final = ".grafana.net"


class Need(NamedTuple):
    """What the cloud commands want and do not find: ``why`` in a sentence, ``remedy`` a command."""

    route: tuple[str, ...]
    why: str
    remedy: str


def value_of(document: Document, schema: Schema, route: tuple[str, ...]) -> Value | None:
    """The value that k6 reads at a route; None where there is none, or null, ``""`` or 0, which k6 takes for unset."""
    found = find(document, schema, route)
    if found.member is None or found.matched < len(route):
        return None
    value = found.member.value
    return None if value is None or _unset(document, value) else value


def said(document: Document, schema: Schema, route: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    """The text that k6 goes by: of a variable, else of the file, else its default; None where there is none.

    The address of the stack is the one setting where the file goes before the variable.
    """
    node = schema.find(route)
    variable = of_variable(schema, route, environ)
    value = value_of(document, schema, route)
    written = document.string(value) if isinstance(value, Scalar) and value.kind is Kind.STRING else None
    found = (written or variable) if route == STACK_URL else (variable or written)
    if found is not None:
        return found
    default = node.default if node is not None else None
    return default if isinstance(default, str) and default else None


def of_variable(schema: Schema, route: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    """Return what a variable says of a setting; an empty variable says nothing."""
    node = schema.find(route)
    return next((environ[name] for name in (node.env if node is not None else ()) if environ.get(name)), None)


def _unset(document: Document, value: Value) -> bool:
    return isinstance(value, Scalar) and (value.kind is Kind.NULL or document.source(value) in {'""', "0", '"0"'})


def missing(document: Document, schema: Schema, version: Version, environ: Mapping[str, str]) -> tuple[Need, ...]:
    """What ``k6 cloud`` of a version would not find, neither in the file nor in the variables.

    An empty variable counts for nothing: k6 then uses the file's value (run with 2.2.0).
    """

    def known(route: tuple[str, ...]) -> bool:
        node = schema.find(route)
        variables = node.env if node is not None else ()
        if any(environ.get(name) for name in variables):
            return True
        # The options of a test may name all but the URL of the stack, and so may those of the file.
        own = value_of(document, schema, (CLOUD[1], route[-1])) if schema.find((CLOUD[1], route[-1])) else None
        return value_of(document, schema, route) is not None or own is not None

    found = []
    if not known(TOKEN):
        found.append(Need(TOKEN, "there is no token", "k6cfg set-token"))
    if version >= STACK_NEEDED:
        if not known(STACK_ID):
            why = f"k6 {version} starts no cloud test without the numeric id of a stack"
            found.append(Need(STACK_ID, why, "k6cfg set-token --stack-id ID"))
        if not known(PROJECT_ID) and not known(DEFAULT_PROJECT_ID):
            why = f"k6 {version} wants a project, unless the script names one"
            found.append(Need(project_route(version), why, "k6cfg set-token --project-id ID"))
    return tuple(found)


_Setting: TypeAlias = "tuple[tuple[str | int, ...], object]"


def project_route(version: Version) -> tuple[str, ...]:
    """Return the key in which the login of a version keeps the project (k6 2.2.0, internal/cmd/cloud_login.go)."""
    return DEFAULT_PROJECT_ID if version >= STACK_SINCE else PROJECT_ID


def with_project(settings: "Sequence[_Setting]", document: Document, schema: Schema) -> "tuple[_Setting, ...]":
    """Return settings with ``projectID`` too where ``defaultProjectID`` would have no effect on its own.

    k6 uses ``projectID`` first, and ``defaultProjectID`` only beside a ``stackID`` (k6 2.2.0, internal/cmd/cloud.go,
    ``resolveDefaultProjectID``).
    """
    given = dict(settings)
    if DEFAULT_PROJECT_ID not in given or PROJECT_ID in given:
        return tuple(settings)

    def is_set(route: tuple[str, ...]) -> bool:
        value = value_of(document, schema, route)
        return value is not None and not _unset(document, value)

    if is_set(PROJECT_ID) or not (STACK_ID in given or is_set(STACK_ID)):
        return (*settings, (PROJECT_ID, given[DEFAULT_PROJECT_ID]))
    return tuple(settings)


def stack_url(text: str, version: Version) -> str:
    """The URL of a stack as the login of a k6 version would store it, from a slug, a host or a URL.

    A slug becomes ``https://SLUG.grafana.net``, and one ``.grafana.net`` at its end counts once (run with 1.8.1). A URL
    is kept as it is up to 2.0.0 and cut down to scheme and host since 2.1.0 (run with 2.2.0).

    Raises:
        ValueError: it is neither.
    """
    text = text.strip()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("a stack has neither spaces nor other characters in it than a web address has")
    if "://" in text:
        from urllib.parse import urlsplit

        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ValueError("a stack's URL starts with https:// and names a host alone")
        return f"{parts.scheme}://{parts.netloc}" if version >= URL_CUT else text
    host = text.rstrip("/")
    slug = host[: -len(_DOMAIN)] if host.lower().endswith(_DOMAIN) else host
    if re.fullmatch(_SLUG, slug) is None:
        raise ValueError("a stack is a name such as my-team, a host such as my-team.grafana.net, or its URL")
    return f"https://{slug}{_DOMAIN}"
