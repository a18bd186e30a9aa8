"""k6 stops at its first error; k6cfg reports all of them, and none that another fault only causes."""

import base64
import gzip
import itertools
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from keys import EC

from k6cfg.engine import check, with_repaired
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.location import pointer

SCHEMA = load(NEWEST)
VERDICTS = Path(__file__).parent.parent / "fixtures" / "verdicts" / "verdicts.jsonl.gz"

FAULTS = {
    "wrong-type": '"vus": "abc", "duration": "1s"',
    "bad-number": '"rps": 1.5',
    "bad-duration": '"setupTimeout": "ten seconds"',
    "bad-value": '"executionSegment": "2:1"',
    "bad-name": '"hosts": {"a_b": "1.2.3.4"}',
    "bad address": '"blacklistIPs": ["10.0.0.1"]',
    "trend-stat": '"summaryTrendStats": ["p95"]',
    "threshold": '"thresholds": {"http_req_duration": ["p95<500"]}',
    "empty-tag": '"tags": {"": "x"}',
    "dns-ttl": '"dns": {"ttl": "long"}',
    "client-certificate": '"tlsAuth": [{"cert": "x", "key": "y"}]',
    "unknown-key": '"paused2": true',
    "unknown suite": '"tlsCipherSuites": ["x"]',
    "odd-type": '"batch": "20"',
    "key-case": '"NoUsageReport": true',
    "unknown-output": '"out": ["nowhere"]',
    "tags of another type": '"runTags": 1, "systemTags": {}',
    "cloud": '"collectors": {"cloud": {"stackID": "x"}}',
}
"""Each is a fault that has nothing to do with the others."""


def found_in(text: str) -> set[tuple[str, str]]:
    return {(one.rule.name, one.pointer) for one in check(text.encode(), SCHEMA).diagnostics}


def test_each_fault_is_one() -> None:
    for name, text in FAULTS.items():
        assert found_in(f"{{{text}}}"), name


@pytest.mark.parametrize("one", FAULTS)
def test_two_faults_are_reported_like_each_alone(one: str) -> None:
    for other, text in FAULTS.items():
        if one != other:
            expected = found_in(f"{{{FAULTS[one]}}}") | found_in(f"{{{text}}}")
            assert found_in(f"{{{FAULTS[one]}, {text}}}") == expected, other


def test_all_faults_together() -> None:
    expected = set(itertools.chain.from_iterable(found_in(f"{{{text}}}") for text in FAULTS.values()))
    assert found_in(f"{{{', '.join(FAULTS.values())}}}") == expected


SCENARIO_FAULTS = (
    '"executor": "constant-vus", "duration": "soon"',
    '"executor": "constant-vus", "duration": "1s", "vus": 0',
    '"executor": "ramping-vus", "stages": [{"duration": "1s", "target": "many"}, {"duration": "x", "target": -1}]',
    '"executor": "constant-arrival-rate", "rate": 1, "duration": "1s", "timeUnit": 0, "preAllocatedVUs": 1',
    '"executor": "no-such"',
    '"vus": 1',
    '"executor": "shared-iterations", "iterations": "x", "vus": 5, "maxDuration": 0',
    '"executor": "constant-vus", "duration": "1s", "exec": "", "tags": {"": 1}',
    '"executor": "shared-iterations", "tags": {"group": "x"}, "env": {"K6_VUS": "1", "K6_RPS": 2}',
    '"executor": "shared-iterations", "options": {"browser": {"headless": false, "type": "firefox"}}',
    '"executor": 5, "startTime": "soon", "gracefulStop": -1, "exec": "", "env": {"A": 1}, "tags": [], "unknown": 1',
    '"startTime": -1, "gracefulStop": "soon", "exec": 5, "env": "A=b", "tags": {"t": 1}, "options": {"x": 1}',
    '"executor": "no-such", "stages": [{"duration": "x", "target": -1}], "vus": "many", "maxDuration": 0',
)


def test_scenarios_do_not_hide_each_other() -> None:
    alone = [found_in(f'{{"scenarios": {{"s{number}": {{{text}}}}}}}') for number, text in enumerate(SCENARIO_FAULTS)]
    assert all(alone)
    together = ", ".join(f'"s{number}": {{{text}}}' for number, text in enumerate(SCENARIO_FAULTS))
    assert found_in(f'{{"scenarios": {{{together}}}}}') == set(itertools.chain.from_iterable(alone))


# -- two faults at any two places of one document ---------------------------------------------------------------------

ABSENT: Final = object()
CERTIFICATE, KEY = EC
GOOD: Final[dict[str, Any]] = {
    "scenarios": {
        "a": {"executor": "constant-vus", "vus": 2, "duration": "10s", "env": {"A": "b"}, "tags": {"t": "u"}},
        "b": {
            "executor": "ramping-arrival-rate",
            "stages": [{"duration": "10s", "target": 5}, {"duration": "5s", "target": 1}],
            "preAllocatedVUs": 2,
            "maxVUs": 10,
        },
        "c": {"executor": "shared-iterations", "vus": 2, "iterations": 3},
        "d": {"executor": "ramping-vus", "startVUs": 1, "stages": [{"duration": "10s", "target": 5}]},
    },
    "thresholds": {
        "http_reqs": ["count>1"],
        "http_req_duration": ["p(95)<500", {"threshold": "avg<200", "abortOnFail": True, "delayAbortEval": "10s"}],
    },
    "tlsAuth": [{"cert": CERTIFICATE, "key": KEY, "domains": ["example.com"]}],
    "tlsVersion": {"min": "tls1.2", "max": "tls1.3"},
    "tlsCipherSuites": ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"],
    "dns": {"ttl": "1m", "select": "first", "policy": "any"},
    "hosts": {"a.example.com": "10.0.0.1:80", "b.example.com": "10.0.0.2"},
    "blacklistIPs": ["10.0.0.0/8", "192.168.0.0/16"],
    "blockHostnames": ["*.example.com", "example.org"],
    "summaryTrendStats": ["avg", "p(99)"],
    "tags": {"a": "b"},
    "out": ["json=x.json", "csv=x.csv"],
    "collectors": {"cloud": {"token": "not-a-real-token", "projectID": 5}, "influxdb": {"db": "k6"}},
    "setupTimeout": "10s",
    "batch": 5,
}
COMMON: Final[list[tuple[str, object]]] = [
    ("startTime", "soon"),
    ("startTime", -1),
    ("gracefulStop", []),
    ("gracefulStop", "-1s"),
    ("exec", ""),
    ("exec", 1),
    ("env", "A=b"),
    ("env.B", 1),
    ("tags", []),
    ("tags.x", {}),
    ("options", {"browsr": {}}),
    ("options.browser", "chromium"),
    ("startime", "1s"),
    ("nothing like it", 1),
]
"""Faults of the keys that scenarios of every executor have."""
SPOILT: Final[list[tuple[str, object]]] = [
    *((f"scenarios.a.{key}", value) for key, value in COMMON),
    *(("scenarios.a.executor", value) for value in (ABSENT, "constant-vu", 5, "")),
    *((f"scenarios.{name}.executor", ABSENT) for name in "bcd"),
    ("scenarios.a.duration", "soon"),
    ("scenarios.a.vus", 0),
    ("scenarios.a.vus", "many"),
    ("scenarios.b.stages.0.duration", "soon"),
    ("scenarios.b.stages.0.target", -1),
    ("scenarios.b.stages.1.targt", 1),
    ("scenarios.b.stages.1.duration", ABSENT),
    ("scenarios.b.preAllocatedVUs", -1),
    ("scenarios.b.timeUnit", 0),
    ("scenarios.c.iterations", 1.5),
    ("scenarios.c.maxDuration", 0),
    ("scenarios.d.gracefulRampDown", "x"),
    ("scenarios.e", "constant-vus"),
    ("scenarios.f g", {"executor": "per-vu-iterations"}),
    ("thresholds.http_reqs.0", "count"),
    ("thresholds.http_req_duration.0", "p95<500"),
    ("thresholds.http_req_duration.1.threshold", "mean<5"),
    ("thresholds.http_req_duration.1.abortOnFail", "yes"),
    ("thresholds.http_req_duration.1.delayAbortEval", "x"),
    ("thresholds.no metric", ["x"]),
    ("tlsAuth.0.cert", "x"),
    ("tlsAuth.0.cert", ABSENT),
    ("tlsAuth.0.key", "y"),
    ("tlsAuth.0.key", ABSENT),
    ("tlsAuth.0.key", 5),
    ("tlsAuth.0.domains", "example.com"),
    ("tlsAuth.0.domains.0", 5),
    ("tlsAuth.0.nothing like it", 5),
    ("tlsVersion.min", "tls9"),
    ("tlsVersion.max", 3),
    ("tlsVersion.most", "tls1.2"),
    ("tlsCipherSuites.0", "x"),
    ("tlsCipherSuites.1", 5),
    ("dns.ttl", "long"),
    ("dns.select", "best"),
    ("dns.policy", 5),
    ("hosts.a.example.com", "10.0.0.1:x"),
    ("hosts.b_", "10.0.0.1"),
    ("blacklistIPs.0", "10.0.0.1"),
    ("blockHostnames.1", "a.*.b"),
    ("summaryTrendStats.1", "p95"),
    ("tags.", "x"),
    ("tags.a", 5),
    ("out.0", "nowhere"),
    ("collectors.cloud.projectID", "x"),
    ("collectors.cloud.stackURL", 1),
    ("collectors.influxdb.pushInterval", "x"),
    ("vus", "many"),
    ("setupTimeout", 0),
    ("batch", "5"),
    ("rps", 1.5),
    ("executionSegment", "2:1"),
    ("executionSegmentSequence", "1"),
    ("runtags", {}),
    ("Throw", True),
]
"""A place of ``GOOD`` and what spoils it. No two depend on each other, but for those at or under the same place."""


def parts_of(place: str) -> tuple[str | int, ...]:
    outer, name, rest = place.partition("hosts.")
    parts = [*outer.split(".")[:-1], "hosts", rest] if name else place.split(".")
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def spoilt(*faults: tuple[str, object]) -> str:
    changed = json.loads(json.dumps(GOOD))
    for place, value in faults:
        *outer, last = parts_of(place)
        holder: Any = changed
        for part in outer:
            holder = holder.setdefault(part, {}) if isinstance(holder, dict) else holder[part]
        if value is ABSENT:
            del holder[last]
        else:
            holder[last] = value
    return json.dumps(changed)


def overlap(one: str, other: str) -> bool:
    first, second = parts_of(one), parts_of(other)
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def test_each_spoilt_place_is_reported() -> None:
    assert found_in(json.dumps(GOOD)) == set()
    for fault in SPOILT:
        assert found_in(spoilt(fault)), fault


@cache
def found_alone(number: int) -> set[tuple[str, str]]:
    return found_in(spoilt(SPOILT[number]))


@pytest.mark.parametrize("number", range(len(SPOILT)))
def test_any_two_faults_are_reported_like_each_alone(number: int) -> None:
    for other in range(number + 1, len(SPOILT)):
        pair = SPOILT[number], SPOILT[other]
        if not overlap(pair[0][0], pair[1][0]):
            assert found_in(spoilt(*pair)) == found_alone(number) | found_alone(other), pair


@pytest.mark.parametrize("version", ["2.2.0", "1.0.0", "0.45.0", "0.31.0"])
def test_a_key_that_is_missing_or_null_is_reported_once(version: str) -> None:
    schema = load(Version.parse(version))

    def found(value: object) -> list[tuple[str, str, str]]:
        return [
            (one.rule.name, one.pointer, one.message) for one in check(json.dumps(value).encode(), schema).diagnostics
        ]

    known = set(found(GOOD))
    for route in routes(GOOD):
        if isinstance(route[-1], str):
            for value in (ABSENT, None):
                fresh = [one for one in found(with_value(GOOD, route, value)) if one not in known]
                assert len(fresh) <= 1, (route, value)
    cases = [{"cert": "x"}, {"key": "x"}, {"cert": CERTIFICATE}, {"key": KEY}, {}]
    missing = [sum("has no" in one[2] for one in found({"tlsAuth": [entry]})) for entry in cases]
    assert missing == [1] * len(cases)
    assert not any(one[0] == "incomplete" for entry in cases for one in found({"tlsAuth": [entry]}))


WRONG: list[Any] = [[], {}, "abc", True, -1, 1.5, "", None]


def accepted() -> Iterator[dict[str, Any]]:
    with gzip.open(VERDICTS, "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            data = base64.b64decode(case["text"])
            if case["k6"].get("2.2.0", {}).get("run", "") is None and len(data) < 900:
                try:
                    value = json.loads(data)
                except ValueError:
                    continue
                if isinstance(value, dict) and len(value) > 1:
                    yield value


def routes(value: Any, route: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*route, key)
        yield from routes(each, (*route, key))


def with_value(value: Any, route: tuple[str | int, ...], new: Any) -> Any:
    changed = json.loads(json.dumps(value))
    holder = changed
    for part in route[:-1]:
        holder = holder[part]
    if new is ABSENT:
        del holder[route[-1]]
    else:
        holder[route[-1]] = new
    return changed


def test_a_value_that_k6_cannot_read_causes_no_other_finding() -> None:
    chance = random.Random(7)  # noqa: S311 - the same cases each time
    broken = 0
    for value in list(accepted())[::3]:
        before = found_in(json.dumps(value))
        for route in chance.sample(all_routes := list(routes(value)), min(3, len(all_routes))):
            changed = json.dumps(with_value(value, route, chance.choice(WRONG)))
            here = pointer([str(part) for part in route])
            found = check(changed.encode(), SCHEMA).diagnostics
            if not any(one.rule.group == "values" and one.pointer.startswith(here) for one in found):
                continue  # k6 reads that value too
            broken += 1
            others = {(one.rule.name, one.pointer) for one in found if not one.pointer.startswith(here)}
            assert others <= before, (changed, here)
    assert broken > 300


SLIPS = {
    "a missing colon": ('"rps": ', '"rps" '),
    "no quotes": ('"rps"', "rps"),
    "single quotes": ('"rps"', "'rps'"),
    "a comma too many": ('"rps": 5', '"rps": 5,,'),
    "a comment": ('"rps"', '/* how fast */ "rps"'),
    "a Python word": ('"paused": true', '"paused": True'),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_syntax_error_hides_no_other_fault(slip: str, fault: str) -> None:
    """What is wrong with the values is reported too, where it stands in the broken text."""
    whole = f'{{"rps": 5, "paused": true,\n {FAULTS[fault]}, "noSetup": true}}'
    if '"rps"' in FAULTS[fault]:
        return
    broken = whole.replace(*SLIPS[slip], 1)
    checked = with_repaired(check(broken.encode(), SCHEMA))
    assert checked.repairable
    shift = len(broken) - len(whole)
    expected = {
        (one.rule.name, one.pointer, one.span.start + shift, one.span.end + shift)
        for one in check(whole.encode(), SCHEMA).diagnostics
    }
    marked = [one for one in checked.diagnostics if one.after_repair]
    assert {(one.rule.name, one.pointer, *one.span) for one in marked} == expected
    assert not [one for one in marked if one.fix or one.refuses]
    assert (checked.accepted_run, checked.accepted_cloud) == (False, False)


def test_what_a_repair_put_in_is_not_blamed_on_anybody() -> None:
    checked = with_repaired(check(b'{"vus": 1, "duration": "1s"', SCHEMA))
    assert [one.rule.name for one in checked.diagnostics if not one.after_repair]
    assert not [one for one in checked.diagnostics if one.after_repair]
