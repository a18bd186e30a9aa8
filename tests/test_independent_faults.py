"""k6 stops at its first error; k6cfg reports all of them, and none that another fault only causes."""

import base64
import gzip
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from k6cfg.engine import check, with_repaired
from k6cfg.location import pointer
from k6cfg.schema import load
from k6cfg.versions import NEWEST

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
)


def test_scenarios_do_not_hide_each_other() -> None:
    alone = [found_in(f'{{"scenarios": {{"s{number}": {{{text}}}}}}}') for number, text in enumerate(SCENARIO_FAULTS)]
    assert all(alone)
    together = ", ".join(f'"s{number}": {{{text}}}' for number, text in enumerate(SCENARIO_FAULTS))
    assert found_in(f'{{"scenarios": {{{together}}}}}') == set(itertools.chain.from_iterable(alone))


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
