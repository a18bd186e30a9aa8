"""In messages the user's secrets are masked, and no word of the message itself."""

import json
import re

import pytest
from conftest import Home
from inside import call

from k6cfg.engine import check
from k6cfg.k6.placeholders import is_placeholder
from k6cfg.schema import load

SCHEMA = load()
BROKEN = [
    '{"collectors": {"cloud": {"token": "@"}}, vus: 1}',
    '{"collectors": {"cloud": {"token": "@"}}, "vus" 1}',
    '{"collectors": {"cloud": {"token": "@"}}, "vus": 1 "rps": 2}',
    '{"collectors": {"cloud": {"token": "@"}}, "vus": 1,}',
    '{"collectors": {"cloud": {"token": "@"}}, // a note\n"vus": 1}',
    '{"collectors": {"cloud": {"token": "@"}}} {"vus": 1}',
    '{"collectors": {"cloud": {"token": "@"}}, "vus": "x"}',
    '{"collectors": {"cloud": {"token": "@"}}, "duraton": "1s"}',
    '{"collectors": {"cloud": {"token": "@"}}, "vus": 5}',
    '{"collectors": {"cloud": {"token": "@"}}, "thresholds": {"http_req_duration": ["p95<500"]}}',
]


def said(text: str) -> list[tuple[str, str | None]]:
    return [(one.message, one.help) for one in check(text.encode(), SCHEMA).diagnostics]


@pytest.mark.parametrize("text", BROKEN)
def test_words_of_a_message_are_not_masked(text: str) -> None:
    plain = said(text.replace("@", "zzzzzzzz"))
    assert plain
    assert "***" not in str(plain)
    words = {word for message, help_ in plain for word in re.findall("[A-Za-z]{4,}", f"{message} {help_}")}
    # A word that is in the file, or that the fix writes into it, is the user's.
    for word in sorted(word for word in words if word not in f"{text} duration" and not is_placeholder(word)):
        assert said(text.replace("@", word)) == plain, word


@pytest.mark.parametrize("secret", ["quotes", "stops", "configuration"])
def test_what_the_user_wrote_is_masked(secret: str) -> None:
    ((message, help_),) = said(f'{{"collectors": {{"cloud": {{"token": "{secret}"}}}}, {secret}: 1}}')[:1]
    assert (message, help_) == ("the key *** is not in quotes; k6 stops reading here", 'write "***"')


def test_the_report_says_the_same(home: Home) -> None:
    path = home.write(
        '{"collectors": {"cloud": {"token": "number"}}, "batch": "5", "vus": "number"}', home.work / "a.json"
    )
    done = call(home, "validate", "--output-format", "json", path)
    messages = [one["message"] for one in json.loads(done.out)["files"][0]["diagnostics"]]
    assert any("is a number in quotes" in message for message in messages)
