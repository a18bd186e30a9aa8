"""Lists written with commas, as in k6's variables: split where every piece is an entry, and never wrapped as one."""

import json
from typing import Any

import pytest

from k6cfg.k6.decode import Script
from k6cfg.rules import check
from k6cfg.rules.judge import judge
from k6cfg.schema import load
from k6cfg.text.diagnostics import Applicability, Diagnostic, Severity, apply_edits
from k6cfg.text.parser import parse

SUITES = ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]
LISTS: list[tuple[list[str], list[str]]] = [
    (["out"], ["json=a.json", "csv=b.csv"]),
    (["out"], ["cloud", "influxdb=http://localhost:8086/k6"]),
    (["systemTags"], ["url", "method"]),
    (["summaryTrendStats"], ["avg", "p(95)", "max"]),
    (["blacklistIPs"], ["10.0.0.0/8", "192.168.0.0/16"]),
    (["blockHostnames"], ["a.com", "*.b.com"]),
    (["tlsCipherSuites"], SUITES),
    (["thresholds", "http_req_duration"], ["avg<100", "max<200"]),
    (["collectors", "influxdb", "tagsAsFields"], ["vu:int", "url"]),
    (["collectors", "experimental-prometheus-rw", "trendStats"], ["avg", "p(95)"]),
]
DOUBTFUL = [
    (["out"], "csv=a.csv,gzip=true"),
    (["out"], "kafka=brokers=a,topic=b"),
    (["out"], "json=a.json,"),
    (["systemTags"], "url,nothing"),
    (["summaryTrendStats"], "avg,p95x"),
    (["blacklistIPs"], "10.0.0.0/8,x"),
    (["blockHostnames"], "a.com,,b.com"),
    (["tlsCipherSuites"], "A,B"),
    (["thresholds", "http_req_duration"], "avg<100,max"),
    (["collectors", "influxdb", "tagsAsFields"], "a,,b"),
]


def text_of(route: list[str], value: Any) -> str:
    for key in reversed(route):
        value = {key: value}
    return json.dumps(value)


def checked(text: str) -> list[Diagnostic]:
    schema = load()
    reading, found = judge(parse(text), schema)
    return [*found, *check(reading, schema, Script())]


def after_safe_fixes(text: str) -> Any:
    fixes = [found.fix for found in checked(text) if found.fix is not None]
    safe = [edit for fix in fixes if fix.applicability is Applicability.SAFE for edit in fix.edits]
    return json.loads(apply_edits(text, safe))


@pytest.mark.parametrize("comma", [",", ", "])
@pytest.mark.parametrize(("route", "entries"), LISTS, ids="-".join)
def test_a_text_of_valid_entries_becomes_their_list(route: list[str], entries: list[str], comma: str) -> None:
    wanted = text_of(route, entries)
    assert after_safe_fixes(text_of(route, comma.join(entries))) == json.loads(wanted)
    assert not checked(wanted)


@pytest.mark.parametrize(("route", "entries"), LISTS, ids="-".join)
def test_an_entry_of_several_is_found_and_split(route: list[str], entries: list[str]) -> None:
    text = text_of(route, [",".join(entries)])
    assert checked(text)
    assert after_safe_fixes(text) == json.loads(text_of(route, entries))


@pytest.mark.parametrize(("route", "written"), DOUBTFUL, ids="-".join)
def test_what_may_mean_something_else_is_left_alone(route: list[str], written: str) -> None:
    for value in (written, [written]):
        text = text_of(route, value)
        assert after_safe_fixes(text) == json.loads(text)


@pytest.mark.parametrize(("route", "entries"), LISTS, ids="-".join)
def test_a_single_entry_gets_its_brackets(route: list[str], entries: list[str]) -> None:
    assert after_safe_fixes(text_of(route, entries[0])) == json.loads(text_of(route, entries[:1]))


def test_an_entry_that_k6_rejects_is_an_error() -> None:
    for route in (["summaryTrendStats"], ["blockHostnames"], ["blacklistIPs"], ["tlsCipherSuites"]):
        entries = next(each for key, each in LISTS if key == route)
        assert any(found.severity is Severity.ERROR for found in checked(text_of(route, [",".join(entries)])))
