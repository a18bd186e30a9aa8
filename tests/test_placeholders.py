"""A placeholder in place of the token is a warning of validate and of doctor, and no token is taken for one."""

import json
import random
import string

import pytest
from conftest import Home
from hypothesis import given
from hypothesis import strategies as st
from inside import call

from k6cfg.engine import check
from k6cfg.engine.fast_path import plainly_good
from k6cfg.k6.cloud.token import fault_of
from k6cfg.k6.placeholders import is_placeholder
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST

RULE = "placeholder-token"
WORDS = (
    "<your token>", "<TOKEN>", "[your token]", "{token}", "__TOKEN__", "%TOKEN%", "YOUR_API_AUTH_TOKEN", "YOUR_TOKEN", "your-token",
    "yourToken", "your_k6_cloud_token_here", "my-secret-token", "API_TOKEN", "REPLACE_ME", "replace-with-your-token", "changeme",
    "change_me", "CHANGEME123", "TODO", "tbd", "placeholder", "insert token here", "token", "secret", "dummy", "test-token", "example",
    "xxxx", "XXXXXXXXXXXX", "xxxx-xxxx-xxxx", "****", "...", "…", "00000000", "glc_xxxxxxxxxxxx", "glc_...", "glc_***", "glc_YOUR_TOKEN",
    "glc_eyJvIjoi...", "'YOUR_TOKEN'", " YOUR_TOKEN\n", "null", "undefined", "your-token-from-grafana.com",
)  # fmt: skip
REFERENCES = (
    "$K6_CLOUD_TOKEN",
    "${K6_CLOUD_TOKEN}",
    "${{ secrets.K6 }}",
    "{{ token }}",
    "$(cat token)",
    "%K6_TOKEN%",
    "op://vault/k6/token",
)


def with_token(token: object) -> bytes:
    return json.dumps({"collectors": {"cloud": {"token": token}}}).encode()


def rules(data: bytes) -> list[str]:
    return [one.rule.name for one in check(data, load()).diagnostics]


def said_by_doctor(home: Home) -> list[tuple[str, str]]:
    results = json.loads(call(home, "doctor", "--output-format", "json").out)["results"]
    return [(one["id"], one["level"]) for one in results if one["id"] in {"token", "accepted"} and one["level"] != "ok"]


@pytest.mark.parametrize("text", [*WORDS, *REFERENCES])
def test_both_say_it_as_a_warning(home: Home, text: str) -> None:
    path = home.write(with_token(text))
    path.chmod(0o600)
    done = call(home, "validate", "--output-format", "json")
    (file,) = json.loads(done.out)["files"]
    assert (done.code, file["accepted"]) == (0, {"run": True, "cloud": True})
    assert [(one["rule"], one["severity"]) for one in file["diagnostics"]] == [(RULE, "warning")]
    assert said_by_doctor(home) == [("token", "warning")]
    assert fault_of(text) is not None
    assert not plainly_good(with_token(text), NEWEST)


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"cloud": {"token": "YOUR_TOKEN"}}, "/cloud/token"),
        ({"COLLECTORS": {"cloud": {"Token": "YOUR_TOKEN"}}}, "/COLLECTORS/cloud/Token"),
    ],
)
def test_wherever_k6_reads_it(data: object, pointer: str) -> None:
    found = [one for one in check(json.dumps(data).encode(), load()).diagnostics if one.rule.name == RULE]
    assert [one.pointer for one in found] == [pointer]


@pytest.mark.parametrize("text", WORDS)
def test_nothing_of_it_is_told(home: Home, text: str) -> None:
    home.write(with_token(text))
    said = call(home, "validate").out
    assert text.strip() not in said or text.strip() in {"token", "placeholder", "..."}


def made_of(letters: str, length: int, number: int) -> str:
    return "".join(random.Random(number).choices(letters, k=length))  # noqa: S311 - no secret: it only looks like one


REAL = [
    *(made_of("0123456789abcdef", 64, number) for number in range(20)),
    *("glc_" + made_of(string.ascii_letters + string.digits, 120, number) + "==" for number in range(20)),
    *("glsa_" + made_of(string.ascii_letters + string.digits, 32, number) + "_0a1b2c3d" for number in range(20)),
    *(made_of(string.ascii_letters, 40, number) for number in range(20)),
    "not-a-real-token-of-anybody",
    "n0t-a-real-T0KEN-at-all",
]


@pytest.mark.parametrize("token", REAL, ids=range(len(REAL)))
def test_a_token_is_none(token: str) -> None:
    assert not is_placeholder(token)
    assert RULE not in rules(with_token(token))


@pytest.mark.parametrize("token", REAL[:40], ids=range(40))
def test_a_token_of_the_vendor_is_ordinary(token: str) -> None:
    assert plainly_good(with_token(token), NEWEST)


@pytest.mark.parametrize("value", [None, "", 5, ["YOUR_TOKEN"], {"a": "YOUR_TOKEN"}, True])
def test_what_is_no_text_is_for_others(value: object) -> None:
    assert RULE not in rules(with_token(value))


@given(st.one_of(st.text(string.ascii_letters + string.digits + "_-+/=", max_size=60), st.text(max_size=12)))
def test_a_glance_and_the_rule_agree(text: str) -> None:
    data = with_token(text)
    if plainly_good(data, NEWEST):
        assert rules(data) == []
    assert (RULE in rules(data)) >= is_placeholder(text)
