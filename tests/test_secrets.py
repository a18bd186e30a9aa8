"""``validate --select secrets``: finds what should not be committed, in broken files too, and never says it."""

import json
from pathlib import Path

import pytest
from conftest import Home
from inside import call
from test_canary import CANARY, FILES, PLAIN, filled

from k6cfg.engine import LARGE, Selection, check, selected
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version

SCHEMA = load(NEWEST)
SECRETS = Selection(frozenset({"secrets"}))


def found(text: str) -> list[str]:
    """What is found, as it stands in the text."""
    checked = check(text.encode(), SCHEMA)
    return [text[one.span.start : one.span.end] for one in selected(checked, SECRETS)]


HIDDEN_ONLY = {
    "token as a key of tags",
    "key and value swapped",
    "a tag of a submetric",
    "tags of submetrics",
    "a comment before the value",
}
"""What is hidden to be on the safe side, and is too uncertain to be a finding."""


@pytest.mark.parametrize("name", [name for name in FILES if name not in HIDDEN_ONLY])
@pytest.mark.parametrize("canary", [CANARY, PLAIN])
def test_found_wherever_it_stands_and_not_shown(home: Home, name: str, canary: str) -> None:
    home.write(filled(FILES[name], canary), home.work / "k6.json")
    for output in ("text", "sarif") if canary is PLAIN else ("json",):
        done = call(home, "validate", "--select", "secrets", "--output-format", output, "k6.json")
        assert done.code == 1
        assert "hardcoded-secret" in done.out
        assert canary not in done.out + done.err


@pytest.mark.parametrize(
    "text",
    [
        '{"vus": 1}',
        '{"collectors": {"cloud": {"token": null}}}',
        '{"collectors": {"cloud": {"token": ""}}}',
        '{"collectors": {"cloud": {"token": "${K6_CLOUD_TOKEN}"}}}',
        '{"collectors": {"cloud": {"token": "{{ .Values.token }}"}}}',
        '{"collectors": {"cloud": {"token": "${{ secrets.TOKEN }}"}}}',
        '{"collectors": {"cloud": {"token": "<your token>"}}}',
        '{"collectors": {"cloud": {"token": "YOUR_TOKEN_HERE"}}}',
        '{"collectors": {"cloud": {"token": "***"}}}',
        '{"collectors": {"cloud": {"token": "xxxxxxxx"}}}',
        '{"authBase": "https://auth.test.k6.io/login"}',
        '{"tags": {"commit": "0123456789abcdef0123456789abcdef01234567"}}',
        '{"thresholds": {"checks": ["rate==1"]}} // pass: 0%',
        "{'vus': 1,}",
        "",
        "\0\0\0\0",
    ],
)
def test_no_secret(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ('{"collectors": {"cloud": {"token": "short"}}}', ["short"]),
        ('{"collectors": {"cloud": {"token": "${A}b"}}}', ["${A}b"]),
        ('{"collectors": {"influxdb": {"password": "correct horse battery"}}}', ["correct horse battery"]),
        ('{"collectors": {"influxdb": {"password": "correct horse" battery"}}}', ["correct horse"]),
        (f'{{"tags": {{"a": "{CANARY}"}}}}', [CANARY]),
        (f'{{"apiKey": "{PLAIN}"}}', [PLAIN]),
    ],
)
def test_secret(text: str, secrets: list[str]) -> None:
    assert found(text)[: len(secrets)] == secrets


def test_off_unless_asked_for(home: Home) -> None:
    home.write(filled(FILES["good"], CANARY), home.work / "k6.json")
    assert "secret" not in call(home, "validate", "k6.json").out
    assert call(home, "validate", "--strict", "k6.json").code == 0
    assert call(home, "validate", "--select", "keys", "k6.json").code == 0
    assert call(home, "validate", "--select", "hardcoded-secret", "k6.json").code == 1
    assert call(home, "validate", "--select", "secrets", "--ignore", "hardcoded-secret", "k6.json").code == 0
    both = json.loads(call(home, "validate", "--select", "secrets,keys", "--output-format", "json", "k6.json").out)
    assert both["files"][0]["accepted"] == {"run": True, "cloud": True}


def test_all_that_is_selected_comes_in_the_order_of_the_text() -> None:
    text = '{"collectors": {"cloud": {"token": "short"}}, "thresold": 1}'
    names = [one.rule.name for one in selected(check(text.encode(), SCHEMA), Selection(frozenset({"secrets", "keys"})))]
    assert names == ["hardcoded-secret", "unknown-key"]


def test_what_was_not_looked_at_is_no_file_without_secrets() -> None:
    text = "x" * (LARGE + 1) + '{"token": "short"}'
    assert [one.rule.name for one in selected(check(text.encode(), SCHEMA), SECRETS)] == ["large-and-broken"]


@pytest.mark.parametrize("version", ["0.18.0", "0.45.0"])
def test_older_places_count_whatever_the_version(version: str) -> None:
    checked = check(
        b'{"collectors": {"cloud": {"token": "short"}}, "ext": {"loadimpact": {"token": "short"}}}',
        load(Version.parse(version)),
    )
    assert len(selected(checked, SECRETS)) == 2


def test_nothing_is_mended(home: Home, tmp_path: Path) -> None:
    path = home.write(filled(FILES["good"], CANARY), tmp_path / "k6.json")
    before = path.read_bytes()
    done = call(home, "validate", "--fix", "--yes", "--select", "secrets", path)
    assert (done.code, path.read_bytes()) == (1, before)
