"""The one request that k6cfg ever makes: whether Grafana Cloud takes a token, asked as k6's own login asks it.

Sources: k6 2.2.0 sends ``GET {hostv6}/cloud/v6/auth`` with ``Authorization: Bearer`` and ``X-Stack-Url`` and stores
``stack_id`` and ``default_project_id`` of the answer (run with a server of one's own); without a stack, and before
1.6.0, ``POST {host}/v1/validate-token`` with ``Authorization: Token``, and stores nothing but the token.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, TypeGuard, TypeVar
from urllib.parse import urlsplit

from k6cfg.k6.cloud import LARGEST

if TYPE_CHECKING:
    from urllib.request import OpenerDirector, Request

TIMEOUT: Final = 10.0
"""Seconds, for all of it."""

_LARGEST: Final = 64 * 1024
_GRAFANA: Final = ("grafana.net", "grafana.com", "k6.io", "loadimpact.com")
"""Domains of Grafana Labs; k6 before 0.26.1 sent tokens to the last one."""
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_T = TypeVar("_T")


class Answer(NamedTuple):
    """What a good answer says besides; None for what it does not say."""

    stack_id: int | None = None
    default_project_id: int | None = None


class Unverified(Exception):  # noqa: N818 - nobody erred, perhaps
    """The token is not known to be good. ``refused``: the server said that it is not; else nobody knows.

    Neither ``message`` nor ``help`` holds the token or anything that the server sent.
    """

    def __init__(self, message: str, remedy: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.help = remedy
        self.refused = refused


def foreign(host: str, *, named_by_file: bool) -> str | None:
    """Why a token should not be sent to a host (a URL), as the end of a sentence; None where it may be.

    It may be sent to Grafana's over https, and to a loopback address that the user's own environment names. A file may
    be somebody else's, and any user of this machine can listen at a port of it.
    """
    try:
        parts = urlsplit(host)
        name = (parts.hostname or "").rstrip(".")
        port = parts.port
        # As looking it up will have it: no part empty, none longer than 63 characters.
        name.encode("idna")
    except ValueError:
        return "is no URL"
    # What k6 would read as another host than urllib does must not pass for Grafana's; urllib decodes %2F in a host.
    if not name or "\\" in host or not host.isprintable() or any(letter.isspace() for letter in host):
        return "is no URL"
    if "%" in parts.netloc:
        return "is no URL"
    # A path too: below /api/datasources/proxy/ of a stack at grafana.net its owner decides who gets the request.
    if "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        return "has more in it than a host"
    if "[" in parts.netloc and parts.netloc.lower() not in {f"[{name}]", f"[{name}]:{port}"}:
        return "is no URL"
    if parts.scheme in {"http", "https"} and name in _LOOPBACK:
        return "is an address of this machine, at which any of its users may listen" if named_by_file else None
    if parts.scheme != "https":
        return "is not encrypted (https)"
    if not any(name == ours or name.endswith(f".{ours}") for ours in _GRAFANA):
        return "is not Grafana's"
    return None


def server(host: str) -> str:
    """Return how to name the server of a URL in an answer: Grafana Cloud, or the host and port that were asked."""
    return "Grafana Cloud" if foreign(host, named_by_file=True) is None else urlsplit(host).netloc.rpartition("@")[2]


def verify(token: str, *, host: str, stack_url: str | None, timeout: float = TIMEOUT) -> Answer:
    """Ask whether a token is good; with a stack as k6 since 1.6.0 does, without as k6 did before.

    ``host`` is the URL of the server; whether it may have the token is for the caller to decide (`foreign`).

    Raises:
        Unverified: it is not good, or that could not be found out.
    """
    request = _request(token, host.rstrip("/"), stack_url)
    status, body = _within(timeout, lambda: _exchange(request, timeout))
    if status != 200:
        raise _of_status(status)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _nonsense("something else than JSON") from None
    if not isinstance(answer, dict):
        raise _nonsense("JSON, but not what k6's login expects")
    return _stacked(answer) if stack_url is not None else _plain(answer)


def _request(token: str, host: str, stack_url: str | None) -> "Request":
    from urllib.request import Request

    from k6cfg import __version__

    headers = {"Accept": "application/json", "User-Agent": f"k6cfg/{__version__}"}
    if stack_url is not None:
        request = Request(f"{host}/cloud/v6/auth", headers={**headers, "X-Stack-Url": stack_url})  # noqa: S310
        request.add_unredirected_header("Authorization", f"Bearer {token}")
        return request
    body = json.dumps({"token": token}).encode()
    headers["Content-Type"] = "application/json"
    request = Request(f"{host}/v1/validate-token", data=body, headers=headers, method="POST")  # noqa: S310
    request.add_unredirected_header("Authorization", f"Token {token}")
    return request


def _stacked(answer: dict[str, object]) -> Answer:
    stack, project = answer.get("stack_id"), answer.get("default_project_id")
    if not _is_number(stack):
        raise _nonsense("JSON without the number of the stack")
    return Answer(stack, project if _is_number(project) else None)


def _is_number(value: object) -> TypeGuard[int]:
    """Whether it is a number of a stack or project, as k6 can read it back from the file."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST


def _plain(answer: dict[str, object]) -> Answer:
    if answer.get("is_valid") is True:
        return Answer()
    if answer.get("is_valid") is False:
        raise _of_status(401)
    raise _nonsense("JSON, but not what k6's login expects")


# -- the exchange -----------------------------------------------------------------------------------------------------


def _within(seconds: float, work: Callable[[], _T]) -> _T:
    """What the work gives back, or raises, if it is done in time; looking up a name knows no time-out of its own."""
    from threading import Thread

    done: list[_T] = []
    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again, on the other side
            failed.append(error)

    thread = Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise _slow()
    return done[0]


def _exchange(request: "Request", timeout: float) -> tuple[int, bytes]:
    import http.client
    import ssl
    from urllib.error import HTTPError, URLError

    try:
        with _opener(request).open(request, timeout=timeout) as response:
            body = response.read(_LARGEST + 1)
            if len(body) > _LARGEST:
                raise _nonsense("far more than k6's login expects")
            if response.length:  # what was promised and did not come; read() with a limit does not say so
                raise _nonsense("only a part of an answer")
            return response.status, body
    except HTTPError as error:
        error.close()
        return error.code, b""
    except URLError as error:
        raise _of_reason(error.reason) from None
    except ssl.SSLError as error:
        raise _of_reason(error) from None
    except TimeoutError:
        raise _slow() from None
    except (http.client.InvalidURL, ValueError):  # the server's address was looked at before
        raise Unverified("the address of the proxy is none", "check HTTPS_PROXY: http://HOST:PORT") from None
    except (http.client.HTTPException, OSError):
        raise _nonsense("only a part of an answer") from None


def _opener(request: "Request") -> "OpenerDirector":
    import ssl
    from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

    class NoRedirect(HTTPRedirectHandler):
        """Leaves a redirect to be told: who is asked next would get the token."""

        def redirect_request(self, *_: object) -> None:
            return None

    local = (urlsplit(request.full_url).hostname or "") in _LOOPBACK
    # As Go does it, no proxy is asked for what is on this machine.
    proxies = ProxyHandler({}) if local else ProxyHandler()
    return build_opener(NoRedirect, proxies, HTTPSHandler(context=ssl.create_default_context()))


# -- what went wrong --------------------------------------------------------------------------------------------------


def _of_status(status: int) -> Unverified:
    if status == 401:
        return Unverified(
            "Grafana Cloud does not know this token (401)",
            "copy it again, or make a new one in Grafana Cloud: Testing, Settings, Access",
            refused=True,
        )
    if status == 403:
        return Unverified(
            "Grafana Cloud knows this token, but it may not use this stack (403)",
            "check the name of the stack, and that the token belongs to it and has not expired",
            refused=True,
        )
    if status == 404:
        return Unverified(
            "Grafana Cloud has no such stack, or the server named in the file is not the right one (404)",
            "check the name of the stack, and collectors.cloud.hostv6 if the file has it",
            refused=True,
        )
    if 300 <= status < 400:
        return Unverified(
            f"the server sent us on to another one ({status}), which would get the token too; that was not followed",
            "check collectors.cloud.host and hostv6, and whether a proxy wants a login first",
        )
    if status == 407:
        return Unverified("the proxy wants a login (407)", "put user and password into HTTPS_PROXY")
    if status == 429 or status >= 500:
        return Unverified(f"Grafana Cloud could not answer ({status})", "try again in a while")
    return Unverified(f"the server gave an answer that k6's login does not know ({status})", "try again in a while")


_LATER: Final = "then try again"


def _slow() -> Unverified:
    return Unverified(f"there was no answer within {TIMEOUT:.0f} seconds", f"check the network and the proxy, {_LATER}")


def _nonsense(what: str) -> Unverified:
    return Unverified(f"the server sent {what}", f"check collectors.cloud.host, hostv6 and the proxy, {_LATER}")


def _of_reason(reason: object) -> Unverified:
    import socket
    import ssl

    if isinstance(reason, ssl.SSLCertVerificationError):
        return Unverified(
            "the server could not prove that it is who it should be (TLS certificate)",
            "behind a proxy that looks into traffic, name its certificate in SSL_CERT_FILE; the token was not sent",
        )
    if isinstance(reason, TimeoutError):
        return _slow()
    if isinstance(reason, socket.gaierror):
        return Unverified("the server's name could not be looked up", f"check the network, {_LATER}")
    if isinstance(reason, ConnectionRefusedError):
        return Unverified("nothing answers at the server's address", f"check the host and the proxy, {_LATER}")
    if isinstance(reason, ConnectionResetError | BrokenPipeError):
        return _nonsense("only a part of an answer")
    return Unverified("the server could not be reached", f"check the network and the proxy, {_LATER}")
