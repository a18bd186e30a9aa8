"""A single fault in a good file is a single error, and it stands where the fault is."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from k6cfg.engine import check
from k6cfg.k6.decode import Script
from k6cfg.schema import load
from k6cfg.text.diagnostics import Severity
from k6cfg.text.location import pointer

STAGES: Final = [{"duration": "10s", "target": 5}, {"duration": "5s", "target": 0}]
ARRIVALS: Final = {"timeUnit": "1s", "preAllocatedVUs": 2, "maxVUs": 10}
OPTIONS: Final[dict[str, Any]] = {
    "vus": 5,
    "duration": "1m",
    "setupTimeout": "10s",
    "rps": 100,
    "userAgent": "a",
    "throw": True,
    "batch": 5,
    "dns": {"ttl": "1m", "select": "first", "policy": "any"},
    "tlsCipherSuites": ["TLS_RSA_WITH_AES_128_GCM_SHA256"],
    "tlsVersion": {"min": "tls1.2", "max": "tls1.3"},
    "thresholds": {
        "http_req_duration": ["p(95)<500", {"threshold": "avg<200", "abortOnFail": True, "delayAbortEval": "10s"}],
        "http_reqs{status:200}": ["count>1"],
    },
    "blacklistIPs": ["10.0.0.0/8"],
    "blockHostnames": ["*.example.com"],
    "hosts": {"a.example.com": "10.0.0.1:80"},
    "summaryTrendStats": ["avg", "p(99)"],
    "systemTags": ["url"],
    "tags": {"a": "b"},
    "out": ["json=x.json"],
    "collectors": {"cloud": {"token": "not-a-real-token", "projectID": 5}},
}
SCENARIOS: Final[dict[str, Any]] = {
    "scenarios": {
        "a": {
            "executor": "constant-vus",
            "vus": 2,
            "duration": "10s",
            "startTime": "1s",
            "gracefulStop": "5s",
            "exec": "default",
            "env": {"A": "b"},
            "tags": {"t": "u"},
        },
        "b": {"executor": "ramping-vus", "startVUs": 1, "stages": STAGES, "gracefulRampDown": "3s"},
        "c": {"executor": "constant-arrival-rate", "rate": 10, "duration": "1m", **ARRIVALS},
        "d": {"executor": "ramping-arrival-rate", "startRate": 1, "stages": STAGES, **ARRIVALS},
        "e": {"executor": "per-vu-iterations", "vus": 2, "iterations": 3, "maxDuration": "10m"},
        "f": {"executor": "shared-iterations", "vus": 2, "iterations": 3, "maxDuration": "10m"},
    },
    "tlsVersion": "tls1.2",
}
GOOD: Final[dict[str, dict[str, Any]]] = {
    "options": OPTIONS,
    "scenarios": SCENARIOS,
    "stages": {"vus": 3, "stages": STAGES, "executionSegment": "0:1/2", "executionSegmentSequence": "0,1/2,1"},
    "iterations": {"vus": 3, "iterations": 30, "duration": "5m"},
}
FAULTS: Final = (-1, "x", [1], 1.5, 10**30, None)
SCRIPT: Final = Script(frozenset({"default"}), {})
Route = tuple[str | int, ...]


def routes(value: object, outer: Route = ()) -> Iterator[Route]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, each in inner:
        yield (*outer, part)
        yield from routes(each, (*outer, part))


def with_fault(content: dict[str, Any], route: Route, fault: object) -> str:
    changed: Any = json.loads(json.dumps(content))
    holder = changed
    for part in route[:-1]:
        holder = holder[part]
    holder[route[-1]] = fault
    return json.dumps(changed)


def errors_of(text: str) -> list[str]:
    found = check(text.encode(), load(), SCRIPT, intent=False).diagnostics
    return [one.pointer for one in found if one.severity is Severity.ERROR]


def cause(route: Route, fault: object) -> Route:
    """Where a fault shows; what two values owe each other shows at the one of them that is set."""
    if route[-2:] == ("f", "iterations") and fault is None:
        return (*route[:-1], "vus")
    return ("executionSegmentSequence",) if route == ("executionSegment",) and fault is None else route


@pytest.mark.parametrize("name", GOOD)
def test_one_fault_is_one_error_at_its_place(name: str) -> None:
    content, asked = GOOD[name], 0
    assert check(json.dumps(content).encode(), load(), SCRIPT).diagnostics == ()
    for route in routes(content):
        for fault in FAULTS:
            found = errors_of(with_fault(content, route, fault))
            if not found:
                continue
            asked += 1
            place = pointer(cause(route, fault))
            if fault is None and isinstance(route[-1], int) and route[-2] == "stages":
                assert set(found) == {place}  # a stage lacks both what it needs
            else:
                assert len(found) == 1, (route, fault, found)
                assert found[0] == place or found[0].startswith(f"{place}/"), (route, fault, found)
    assert asked > 10


@pytest.mark.parametrize("scenario", SCENARIOS["scenarios"])
def test_a_misspelt_key_of_a_scenario_is_one_error(scenario: str) -> None:
    for key in SCENARIOS["scenarios"][scenario]:
        content = json.loads(json.dumps(SCENARIOS))
        holder = content["scenarios"][scenario]
        holder[f"{key}Q"] = holder.pop(key)
        place = f"/scenarios/{scenario}" if key == "executor" else f"/scenarios/{scenario}/{key}Q"
        assert errors_of(json.dumps(content)) == [place]
