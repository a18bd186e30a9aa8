"""Structural damage with fixed seeds: a safe repair gives the original value, or leaves the text to a person."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from k6cfg.engine import check
from k6cfg.k6.secrets import Mask
from k6cfg.repairer import repair
from k6cfg.schema import load
from k6cfg.text.diagnostics import Applicability, Severity, apply_edits
from k6cfg.text.parser import parse

SCHEMA: Final = load()
FIXTURES: Final = Path(__file__).parent.parent / "fixtures"
MOST: Final = 4000
"""Longer fixtures are left out: each damage costs a search."""


_ODD: Final = re.compile(r' "|thresold|"vus": *"')
"""What only a fixture about it holds: a text that ends in a blank, an unknown key, a number in quotes."""


def fixtures() -> Iterator[Any]:
    for path in sorted((FIXTURES / "examples").rglob("*.json")) + sorted((FIXTURES / "repair").glob("*/expected.json")):
        text = path.read_text("utf-8", "replace")
        if len(text) <= MOST and not any(found.severity is Severity.ERROR for found in parse(text).diagnostics):
            value = json.loads(text)
            if isinstance(value, dict) and value and not _ODD.search(text):
                yield value


def generated(source: random.Random) -> dict[str, Any]:
    """A configuration with objects and lists of every kind that k6 has, some of them free in their keys."""
    texts = {"tags": {"team": "shop", "region": "eu"}, "hosts": {"test.k6.io": "1.2.3.4", "api.k6.io": "10.0.0.1:8443"}}
    scenario = {
        "executor": "constant-vus",
        "vus": 3,
        "duration": "1m",
        "tags": {"x": "1", "y": "2"},
        "env": {"API_KEY": "abc", "HOST": "b"},
    }
    ramping = {
        "executor": "ramping-vus",
        "startVUs": 0,
        "stages": [{"duration": "2m", "target": 20}, {"duration": "10s", "target": 0}],
        "gracefulStop": "30s",
    }
    parts: dict[str, Any] = {
        **texts,
        "vus": 10,
        "duration": "30s",
        "paused": False,
        "rps": 100,
        "systemTags": ["url", "method", "status"],
        "summaryTrendStats": ["avg", "p(95)"],
        "blacklistIPs": ["10.0.0.0/8", "192.168.0.0/16"],
        "thresholds": {
            "http_req_duration": ["p(95)<500", "p(99)<1500"],
            "http_req_failed": ["rate<0.01"],
            "checks": [{"threshold": "rate>0.9", "abortOnFail": True}],
        },
        "scenarios": {"a": scenario, "b": ramping},
        "dns": {"ttl": "5m", "select": "random"},
        "collectors": {"cloud": {"token": "abc"}, "influxdb": {"db": "k6", "addr": "http://localhost:8086"}},
        "userAgent": "k6 (load test)",
    }
    keys = source.sample(sorted(parts), source.randint(3, 8))
    return {key: parts[key] for key in keys}


SIGNS: Final = "\\;'`@#<>()[]{},.:=+*!?\u00b4"
Damage = Callable[[str, random.Random], str]


def _places(text: str, signs: str) -> list[int]:
    """Where one of some signs of JSON stands outside its strings."""
    return [token.start for token in parse(text).tokens if text[token.start] in signs]


def without_line(text: str, source: random.Random) -> str:
    """One line that opens or closes something is gone; of a text on one line, one bracket with its key."""
    lines = text.split("\n")
    if len(lines) == 1:
        at = source.choice(_places(text, "{[")[1:] or [0])
        start = text.rfind('"', 0, text.rfind('"', 0, at)) if text[at - 1 : at] in {":", " "} else at
        return text[: max(start, 0)] + text[at + 1 :]
    structural = [index for index, line in enumerate(lines) if line.strip().strip(",")[-1:] in set("{}[]")]
    at = source.choice(structural)
    return "\n".join(lines[:at] + lines[at + 1 :])


def without_bracket(text: str, source: random.Random) -> str:
    at = source.choice(_places(text, "{}[]"))
    return text[:at] + text[at + 1 :]


def doubled_bracket(text: str, source: random.Random) -> str:
    at = source.choice(_places(text, "{}[]"))
    return text[:at] + text[at] + text[at:]


def without_key(text: str, source: random.Random) -> str:
    """The key of an object or array is gone, with its colon."""
    colons = [at for at in _places(text, ":") if text[at + 1 :].lstrip()[:1] in {"{", "["}]
    if not colons:
        return without_bracket(text, source)
    at = source.choice(colons)
    return text[: text.rfind('"', 0, at - 1)] + text[at + 1 :].lstrip()


def with_sign(text: str, source: random.Random) -> str:
    """A sign too many, beside a token."""
    token = source.choice(parse(text).tokens)
    at = source.choice((token.start, token.end))
    # Before a token # starts a comment, and a point another number.
    return text[:at] + source.choice([sign for sign in SIGNS + '"' if sign not in "#."]) + text[at:]


def with_other_sign(text: str, source: random.Random) -> str:
    """Another sign where punctuation was."""
    at = source.choice(_places(text, "{}[]:,"))
    return text[:at] + source.choice(SIGNS) + text[at + 1 :]


def without_quote(text: str, source: random.Random) -> str:
    token = source.choice([token for token in parse(text).tokens if text[token.start] == '"'])
    at = source.choice((token.start, token.end - 1))
    return text[:at] + text[at + 1 :]


def with_other_quote(text: str, source: random.Random) -> str:
    token = source.choice([token for token in parse(text).tokens if text[token.start] == '"'])
    at = source.choice((token.start, token.end - 1))
    return text[:at] + source.choice(SIGNS) + text[at + 1 :]


def with_escapes(text: str, source: random.Random) -> str:
    """The quotes of one string have backslashes, one or two."""
    token = source.choice([token for token in parse(text).tokens if text[token.start] == '"'])
    mark = "\\" * source.randint(1, 2)
    inside = text[token.start + 1 : token.end - 1]
    return f'{text[: token.start]}{mark}"{inside}{mark}"{text[token.end :]}'


DAMAGES: Final[tuple[Damage, ...]] = (
    without_line,
    without_bracket,
    doubled_bracket,
    without_key,
    with_sign,
    with_other_sign,
    without_quote,
    with_other_quote,
    with_escapes,
)
LAYOUTS: Final[dict[str, dict[str, Any]]] = {
    "pretty": {"indent": 2},
    "line": {},
    "minified": {"separators": (",", ":")},
}


def safely(text: str) -> str | None:
    """The text after its safe fixes; None where they do not make it JSON."""
    document = parse(text)
    result = repair(document, SCHEMA)
    if not result.complete:
        return None
    fixes = [found.fix for found in result.diagnostics if found.fix is not None]
    if any(fix.applicability is not Applicability.SAFE for fix in fixes):
        return None
    return apply_edits(text, [edit for fix in fixes for edit in fix.edits])


def broken(text: str) -> bool:
    return any(found.severity is Severity.ERROR for found in parse(text).diagnostics)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: str(damage.__name__))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_safe_repair_gives_the_original_or_nothing(damage: Damage, layout: str) -> None:
    source = random.Random(f"{damage.__name__} {layout}")  # noqa: S311
    values = list(fixtures())
    outcomes = set()
    for round_ in range(120):
        value = generated(source) if round_ % 2 else source.choice(values)
        text = json.dumps(value, ensure_ascii=False, **LAYOUTS[layout])
        damaged = damage(text, source)
        if damaged == text or not broken(damaged):
            continue
        after = safely(damaged)
        outcomes.add(after is not None)
        assert after is None or json.loads(after) == value, damaged
    assert outcomes, "no damage broke a text"


@pytest.mark.parametrize(
    "text",
    [
        # an opening line is lost
        (
            '{\n  "scenarios": {\n    "a": {\n      "executor": "constant-vus",\n      "vus": 1,\n      "duration": "1m",\n'
            '      "tags": {\n        "x": "1"\n      },\n        "API_KEY": "abc"\n      }\n    }\n  }\n}\n'
        ),
        '{\n  "tags": {\n    "a": "b"\n  },\n    "test.k6.io": "1.2.3.4"\n  },\n  "vus": 1\n}\n',
        '{\n  "collectors": {\n    "cloud": {\n      "token": "abc"\n    }\n  },\n    "checks": ["rate>0.9"]\n  }\n}\n',
        '{\n  "thresholds": {\n    "http_req_duration": [\n      "p(95)<500"\n    ],\n      "rate<0.01"\n    ]\n  }\n}\n',
        '{"rps": 5, "env": "staging"}}',
        '{"cloud": {"token": "abc"}}, "vus": 10}',
        # an object has no key
        '{"vus": 10, {"cloud": {"token": "abc"}}}',
        '{"collectors": {"cloud": {"token": "abc"}, {"db": "k6"}}}',
        # a member is in an array
        '{"systemTags": ["test.k6.io": "1.2.3.4", "url"]}',
        '{"thresholds": {"http_req_duration": ["concurrentWrites": 4, "p(95)<500"]}}',
        # a quote or bracket before a value, another sign in the place of a quote
        '{"vus":" 10,\n"duration": "30s"}',
        '{"duration": ["2m",\n"vus": 10}',
        '{"hosts": {"a": "1.2.3.4`, "b": "1.1.1.1"}}',
        '{"hosts": {"a": ;10.0.0.1:8443"}}',
        '{"thresholds": {"checks`:["rate<1"]}}',
        '{"systemTags": ["url"+ "method"]}',
        # a backslash twice
        '{\\\\"vus\\\\": 10}',
        '{"vus": 1, "userAgent": \\\\"k6\\\\"}',
    ],
)
def test_what_has_another_reading_is_never_safe(text: str) -> None:
    assert broken(text)
    assert safely(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"vus": 10}}', {"vus": 10}),
        (
            '{"collectors": {"cloud": {"token": "abc"}}}, "vus": 1}',
            {"collectors": {"cloud": {"token": "abc"}}, "vus": 1},
        ),
        ('{"tags": {"a": "b"}}, "vus": 1}', {"tags": {"a": "b"}, "vus": 1}),
        ('{"systemTags": ["url"]], "vus": 1}', {"systemTags": ["url"], "vus": 1}),
        ('{{"vus": 10}', {"vus": 10}),
        ('{"vus": 10,"\n"duration": "30s"}', {"vus": 10, "duration": "30s"}),
        ('{"vus": 1, :"duration": "30s"}', {"vus": 1, "duration": "30s"}),
    ],
)
def test_a_sign_too_many_is_safe_to_remove_where_all_else_is_known(text: str, value: dict[str, Any]) -> None:
    after = safely(text)
    assert after is not None
    assert json.loads(after) == value


@pytest.mark.parametrize(
    "text",
    [
        "......",
        "https://example.com/config.json",
        "a: // b",
        ': "30s"',
        "#!/bin/sh\necho '{\"failed\": true}'\n",
        'http_requests_total{method="GET",status="200"} 1027',
        'ers": {"test.k6.io": "1.2.3.4"}',
        'level: info, "msg": "started"}',
        # a value or an object that has lost its key, and what Node.js leaves out
        '{"collectors": {: {"token": "abc"}}, "vus": 1}',
        '{: "30s", "vus": 1}',
        '{"vus": 1, : "30s"}',
        '{"stages": [ [Object], [Object] ]}',
    ],
)
def test_what_is_no_configuration_never_becomes_one(text: str) -> None:
    assert not repair(parse(text), SCHEMA).complete


def test_an_object_of_unknown_keys_is_never_safe_to_repair() -> None:
    assert safely('{"level": "info" "msg": "started"}') is None
    assert safely('{"level": "info", "msg": "started",}') is not None  # nothing but notation


def test_what_a_rejected_repair_tells_is_masked() -> None:
    for text in (
        r'"t\x6fken": "CANARY-0123"',
        r'echo {"t\x6fken": "CANARY-0123"}',
        r'{"vus": 1} "t\x6fken": "CANARY-0123"',
    ):
        checked = check(text.encode(), SCHEMA)
        assert "CANARY" not in Mask(text, checked.secrets).shown(0, len(text))


NINES: Final = "9" * 309


@pytest.mark.parametrize(
    "number",
    [f"{NINES}*1", f"{NINES[:200]}*{NINES[:200]}", f"{NINES} - {NINES}", f"{NINES} / {NINES}", "1" + "0" * 400 + "+0"]
    + [f"{sign}{'9' * 5000}" for sign in ("", "+", "-0", "0x", "1_", "1.", "\u2212")],
)
@pytest.mark.parametrize("place", ['{{"vus": {}}}', '{{"vus": {},}}', "vus: {}\n", '{{"duration": "{}}}'])
def test_no_number_is_too_large_for_a_repair(number: str, place: str) -> None:
    text = place.format(number)
    result = repair(parse(text), SCHEMA)
    if result.complete:
        edits = [edit for found in result.diagnostics if found.fix is not None for edit in found.fix.edits]
        assert not broken(apply_edits(text, edits))
