"""A token is verified by the request that k6 makes, against a real server, whatever that one answers."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest
from conftest import Home
from inside import call

from k6cfg.machine.grafana_cloud import Answer, Unverified, foreign, verify

TOKEN = "not-a-real-token-but-long"
STACK = "https://my-team.grafana.net"
GOOD = {"stack_id": 1234, "default_project_id": 56}


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: "Callable[[BaseHTTPRequestHandler], None]") -> None:
        self.asked: list[Asked] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
                answer(self)

            do_GET = do_POST = _handle  # noqa: N815 - the names are http.server's

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(answer: "Callable[[BaseHTTPRequestHandler], None]") -> Iterator[Server]:
    server = Server(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def sends(
    status: int, body: object = None, headers: dict[str, str] | None = None
) -> "Callable[[BaseHTTPRequestHandler], None]":
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


# -- the request ------------------------------------------------------------------------------------------------------


def test_request_is_the_one_of_k6() -> None:
    with serving(sends(200, GOOD)) as server:
        assert verify(TOKEN, host=server.url, stack_url=STACK) == Answer(1234, 56)
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("GET", "/cloud/v6/auth", b"")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["x-stack-url"] == STACK


def test_request_without_a_stack_is_the_older_one() -> None:
    with serving(sends(200, {"is_valid": True})) as server:
        assert verify(TOKEN, host=server.url + "/", stack_url=None) == Answer()
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/validate-token")
    assert asked.headers["authorization"] == f"Token {TOKEN}"
    assert json.loads(asked.body) == {"token": TOKEN}
    with serving(sends(200, {"is_valid": False, "message": TOKEN})) as server, pytest.raises(Unverified) as caught:
        verify(TOKEN, host=server.url, stack_url=None)
    assert caught.value.refused


def test_proxy_is_honoured_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(sends(200, GOOD)) as proxy, serving(sends(200, {"stack_id": 1})) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert verify(TOKEN, host=server.url, stack_url=STACK) == Answer(1)
        assert not proxy.asked
        assert verify(TOKEN, host="http://cloud.example", stack_url=STACK) == Answer(1234, 56)
    assert proxy.asked[0].path == "http://cloud.example/cloud/v6/auth"


@pytest.mark.parametrize("proxy", ["http://host:port", "http://a..b:3", "http://exa mple:3"])
def test_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(Unverified, match="proxy"):
        verify(TOKEN, host="http://cloud.example", stack_url=STACK)


# -- what the server may do -------------------------------------------------------------------------------------------


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"stack_id":')


def hung_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "words", "refused"),
    [
        (sends(401, {"error": TOKEN}), "does not know this token", True),
        (sends(403), "may not use this stack", True),
        (sends(404), "no such stack", True),
        (sends(429), "could not answer (429)", False),
        (sends(500, b"<html>"), "could not answer (500)", False),
        (sends(503), "could not answer (503)", False),
        (sends(418), "does not know (418)", False),
        (sends(204), "does not know (204)", False),
        (sends(200, b"<html>hello</html>"), "something else than JSON", False),
        (sends(200, b""), "something else than JSON", False),
        (sends(200, b"[" * 60_000), "something else than JSON", False),
        (sends(200, b"\xff\xfe"), "something else than JSON", False),
        (sends(200, [1]), "not what k6's login expects", False),
        (sends(200, {}), "without the number of the stack", False),
        (sends(200, {"stack_id": "5"}), "without the number of the stack", False),
        (sends(200, {"stack_id": True}), "without the number of the stack", False),
        (sends(200, {"stack_id": 0}), "without the number of the stack", False),
        (sends(200, {"stack_id": 2**63}), "without the number of the stack", False),
        (sends(200, b"x" * 100_000), "far more", False),
        (cut_off, "a part of an answer", False),
        (hung_up, "a part of an answer", False),
        (garbage, "a part of an answer", False),
    ],
)
def test_bad_answers(answer: "Callable[[BaseHTTPRequestHandler], None]", words: str, refused: bool) -> None:
    with serving(answer) as server, pytest.raises(Unverified) as caught:
        verify(TOKEN, host=server.url, stack_url=STACK)
    assert words in caught.value.message
    assert caught.value.refused is refused
    assert TOKEN not in caught.value.message + caught.value.help
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with serving(sends(200, GOOD)) as other:
        to = {"Location": f"{other.url}/cloud/v6/auth"}
        with serving(sends(status, None, to)) as server, pytest.raises(Unverified) as caught:
            verify(TOKEN, host=server.url, stack_url=STACK)
    assert "sent us on to another one" in caught.value.message
    assert not other.asked


def test_slow_server() -> None:
    done = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        done.wait(60)

    with serving(wait) as server:
        with pytest.raises(Unverified, match="no answer within"):
            verify(TOKEN, host=server.url, stack_url=STACK, timeout=0.3)
        done.set()


def test_server_that_trickles() -> None:
    done = threading.Event()

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.05):
            handler.wfile.write(b" ")

    with serving(trickle) as server:
        with pytest.raises(Unverified, match="no answer within"):
            verify(TOKEN, host=server.url, stack_url=STACK, timeout=0.5)
        done.set()


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unverified, match="nothing answers"):
        verify(TOKEN, host=f"http://127.0.0.1:{port}", stack_url=STACK)


def test_encryption_is_checked() -> None:
    with serving(sends(200, GOOD)) as server, pytest.raises(Unverified) as caught:
        verify(TOKEN, host=server.url.replace("http:", "https:"), stack_url=STACK)
    assert not caught.value.refused
    assert not server.asked


# -- who may get the token --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "https://api.k6.io",
        "https://ingest.k6.io/",
        "https://my-team.grafana.net",
        "https://API.K6.IO:443",
    ],
)
def test_hosts_that_may_have_it(host: str) -> None:
    assert foreign(host, named_by_file=True) is None


@pytest.mark.parametrize("host", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1", "https://localhost"])
def test_this_machine_may_have_it_where_the_user_says_so(host: str) -> None:
    """Any user of the machine can listen at a port, so a file that somebody else wrote must not name it."""
    assert foreign(host, named_by_file=False) is None
    assert foreign(host, named_by_file=True)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "api.k6.io",
        "http://api.k6.io",
        "https://k6.io.example",
        "https://notk6.io",
        "https://api.k6.io@example.org",
        "https://example.org\\@api.k6.io",
        "https://example.org#.k6.io",
        "https://example.org?.k6.io",
        "https://api.k6.io:x",
        "https://api.k6.io\n.example.org",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "https://[::1",
        "https://[::1].grafana.net",
        "https://.grafana.net",
        "https://my..team.grafana.net",
        f"https://{'x' * 64}.grafana.net",
        "https://team.grafana.net/api/datasources/proxy/uid/x",
        "https://example.org%2F.grafana.net",
        "https://example.org%00.grafana.net",
        "https://example.org%23.grafana.net",
        "http://localhost%2F.example.org",
    ],
)
def test_hosts_that_may_not(host: str) -> None:
    assert foreign(host, named_by_file=False)
    assert foreign(host, named_by_file=True)


# -- the command ------------------------------------------------------------------------------------------------------


def test_good_token_is_written_with_what_the_answer_says(home: Home) -> None:
    home.write('{"vus": 1, "duration": "1s"}')
    with serving(sends(200, GOOD)) as server:
        done = home.run(
            "set-token", "--stdin", "--verify", "--stack", "my-team", stdin=TOKEN, K6_CLOUD_HOST_V6=server.url
        )
    assert (done.code, server.asked[0].headers["x-stack-url"]) == (0, STACK)
    assert json.loads(home.config.read_bytes())["collectors"]["cloud"] == {
        "token": TOKEN,
        "stackURL": STACK,
        "stackID": 1234,
        "defaultProjectID": 56,
    }
    assert TOKEN not in done.out + done.err
    with serving(sends(200, {"stack_id": 9})) as server:
        done = home.run("set-token", "--verify", K6_CLOUD_HOST_V6=server.url)
    assert (done.code, server.asked[0].headers["authorization"]) == (0, f"Bearer {TOKEN}")
    assert json.loads(home.config.read_bytes())["collectors"]["cloud"]["stackID"] == 9


@pytest.mark.parametrize(("status", "code"), [(401, 1), (500, 3), (302, 3)])
def test_nothing_is_written_unverified(home: Home, status: int, code: int) -> None:
    path = home.write("{}")
    with serving(sends(status)) as server:
        arguments = ["set-token", "--stdin", "--verify", "--stack", "my-team", "--yes"]
        done = home.run(*arguments, stdin=TOKEN, K6_CLOUD_HOST_V6=server.url)
    assert (done.code, path.read_bytes()) == (code, b"{}")
    assert "nothing was written" in done.err
    assert TOKEN not in done.out + done.err


def test_nothing_is_sent_to_a_foreign_host(home: Home) -> None:
    with serving(sends(200, GOOD)) as proxy:
        text = (
            '{"collectors": {"cloud": {"hostv6": "http://cloud.example", "stackURL": "https://my-team.grafana.net"}}}'
        )
        path = home.write(text)
        done = home.run("set-token", "--stdin", "--verify", stdin=TOKEN, http_proxy=proxy.url)
        assert (done.code, path.read_text()) == (4, text)
        assert "collectors.cloud.hostv6" in done.err
        assert not proxy.asked
        assert home.run("set-token", "--stdin", "--verify", "--force", stdin=TOKEN, http_proxy=proxy.url).code == 0
    assert len(proxy.asked) == 1


def test_nothing_is_sent_to_a_port_of_this_machine_that_the_file_names(home: Home) -> None:
    with serving(sends(200, GOOD)) as server:
        path = home.write(json.dumps({"collectors": {"cloud": {"hostv6": server.url, "stackURL": STACK}}}))
        before = path.read_bytes()
        done = home.run("set-token", "--stdin", "--verify", stdin=TOKEN)
        assert (done.code, path.read_bytes(), server.asked) == (4, before, [])
        assert "collectors.cloud.hostv6" in done.err
        done = home.run("set-token", "--stdin", "--verify", "--force", stdin=TOKEN)
        assert (done.code, len(server.asked)) == (0, 1)
    assert f"127.0.0.1:{server.server_address[1]} accepts the token" in done.err


def test_stack_is_needed_and_its_number_has_to_be_right(home: Home) -> None:
    done = home.run("set-token", "--stdin", "--verify", stdin=TOKEN)
    assert done.code == 2
    assert "--stack" in done.err
    with serving(sends(200, GOOD)) as server:
        arguments = ["set-token", "--stdin", "--verify", "--stack", "my-team", "--stack-id", "7"]
        done = home.run(*arguments, stdin=TOKEN, K6_CLOUD_HOST_V6=server.url)
    assert done.code == 1
    assert "1234" in done.err
    assert not home.config.exists()


def test_old_version_asks_the_old_way(home: Home) -> None:
    with serving(sends(200, {"is_valid": True})) as server:
        arguments = ["set-token", "--stdin", "--verify", "--k6-version", "1.0.0"]
        done = home.run(*arguments, stdin=TOKEN, K6_CLOUD_HOST=server.url)
    assert (done.code, server.asked[0].path) == (0, "/v1/validate-token")
    assert json.loads(home.config.read_bytes()) == {"collectors": {"cloud": {"token": TOKEN}}}


@pytest.mark.parametrize("token", ["not a real token", "not-a-real\\ntoken", "not-a-r\u00e9al-token"])
def test_stored_token_that_is_none_is_not_sent(home: Home, token: str) -> None:
    with serving(sends(200, GOOD)) as server:
        home.write(f'{{"collectors": {{"cloud": {{"token": "{token}", "hostv6": "{server.url}"}}}}}}')
        done = call(home, "set-token", "--verify", "--stack", "my-team")
    assert (done.code, server.asked) == (1, [])
    assert "nothing was sent" in done.err


@pytest.mark.parametrize("stack", ["https://a.grafana.net/\nX-Other: 1", "https://a.grafana.net/\u00e9", "https://a b"])
@pytest.mark.parametrize("version", ["1.8.1", "2.2.0"])
def test_stack_that_fits_no_header_is_not_sent(home: Home, stack: str, version: str) -> None:
    with serving(sends(200, GOOD)) as server:
        home.write(json.dumps({"collectors": {"cloud": {"stackURL": stack, "hostv6": server.url}}}))
        for more in ([], ["--stack", stack]):
            done = call(home, "set-token", "--stdin", "--verify", "--k6-version", version, *more, stdin=TOKEN)
            assert (done.code, server.asked) == (2, [])


def test_the_stack_of_the_file_goes_before_that_of_the_variable(home: Home) -> None:
    with serving(sends(200, GOOD)) as server:
        home.write(json.dumps({"collectors": {"cloud": {"stackURL": STACK, "hostv6": server.url}}}))
        done = call(
            home, "set-token", "--stdin", "--verify", "--force", stdin=TOKEN, K6_CLOUD_STACK_URL="https://b.grafana.net"
        )
    assert (done.code, [one.headers["x-stack-url"] for one in server.asked]) == (0, [STACK])
