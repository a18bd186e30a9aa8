"""What differs between two files: to k6, as text, as JSON, as a patch that can be applied."""

import copy
import json
from typing import Any

import pytest
from conftest import Home
from hypothesis import given, settings
from inside import call
from test_changing import texts

from k6cfg.engine import check
from k6cfg.report.value_diff import as_patch, between, lines
from k6cfg.schema import load

SCHEMA = load()
CANARY = "glc_CANARYcanary0123456789"


def said(first: str, second: str) -> list[str]:
    found = between(check(first.encode(), SCHEMA), check(second.encode(), SCHEMA))
    assert found is not None
    return [line.strip() for line in lines(found)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('{"duration": "1m"}', '{"duration": 60000}'),
        ('{"duration": "90s"}', '{"duration": "1m30s"}'),
        ('{"vus": 5}', '{"VUS": "5"}'),
        ('{"vus": null}', "{}"),
        ('{"vus": 1, "vus": null}', "{}"),
        ('{"vus": 1, "VUS": 2}', '{"vus": 2}'),
        ('{"systemTags": ["url", "ip"]}', '{"systemTags": ["ip", "url"]}'),
        ('{"blacklistIPs": ["10.0.0.0/8", "::/8"]}', '{"blacklistIPs": ["::/8", "10.0.0.0/8"]}'),
        ('{"blockHostnames": ["a.b", "c.d"]}', '{"blockHostnames": ["c.d", "a.b"]}'),
        ('{"tlsVersion": "tls1.2"}', '{"tlsVersion": {"min": "tls1.2", "max": "tls1.2"}}'),
        ('{"thresholds": {"m": ["avg<5"]}}', '{"thresholds": {"m": [{"threshold": "avg<5", "abortOnFail": false}]}}'),
        ('{"tags": {"a": "1", "b": "2"}}', '{"tags": {"b": "2"}, "tags": {"a": "1"}}'),
        ('{"note": 1}', "{}"),
        ('{"dns": {"ttl": "1m"}}', '{"dns": {"TTL": "1m", "x": 1}}'),
        ('{"scenarios": {"a": {"executor": "constant-vus", "duration": "1m"}}}', '{"scenarios": {"a": {"duration": 60000, "executor": "constant-vus"}}}'),
        ('{"ext": {"x": {"a": 1, "b": 2}}}', '{"ext": {"x": {"b": 2, "a": 1}}}'),
    ],
)  # fmt: skip
def test_same_to_k6(first: str, second: str) -> None:
    assert said(first, second) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("{}", '{"vus": 5}', ["vus: is now 5"]),
        ('{"vus": 5}', '{"vus": null}', ["vus: is gone; it was 5"]),
        ('{"vus": "5"}', '{"vus": 6}', ['vus: "5" becomes 6']),
        ('{"duration": "1m"}', '{"duration": 90}', ['duration: "1m" becomes 90']),
        ('{"summaryTrendStats": ["avg", "max"]}', '{"summaryTrendStats": ["max", "avg"]}', ['summaryTrendStats.0: "avg" becomes "max"', 'summaryTrendStats.1: "max" becomes "avg"']),
        ('{"tags": {"a.b": "1"}}', '{"tags": {"a.b": "2"}}', ['tags."a.b": "1" becomes "2"']),
        ('{"ext": {"x": [1, {"y": 2}]}}', '{"ext": {"x": [1, {"y": 3}]}}', ["ext.x.1.y: 2 becomes 3"]),
        ('{"collectors": {"mine": {"a": 1}}}', '{"collectors": {"Mine": {"a": 1}}}', ['collectors.Mine: is now {"a": 1}', 'collectors.mine: is gone; it was {"a": 1}']),
        ('{"thresholds": {"m": ["avg<5"]}}', '{"thresholds": {"m": [{"threshold": "avg<5", "abortOnFail": true}]}}', ['thresholds.m.0: "avg<5" becomes {"threshold": "avg<5", "abortOnFail": true}']),
        ('{"collectors": {"cloud": {"token": "aaa"}}}', '{"collectors": {"cloud": {"token": "bbb"}}}', ["collectors.cloud.token: *** (before) becomes *** (after)"]),
        ('{"vus": "bad"}', '{"vus": 1}', ['vus: "bad" becomes 1']),
        ("{}", json.dumps({"stages": [{"duration": "10s", "target": 5}, {"duration": "10m", "target": 50}]}), ["stages: is now a list with 2 entries"]),
        ("{}", json.dumps({"tags": {"a": "x" * 80}}), ["tags: is now an object with 1 key"]),
        ("{}", '{"collectors": {"cloud": {"token": "aaa"}}}', ['collectors: is now {"cloud": {"token": "***"}}']),
        ("null", '{"rps": 1}', ["rps: is now 1"]),
    ],
)  # fmt: skip
def test_what_differs_is_said(first: str, second: str, expected: list[str]) -> None:
    assert said(first, second) == expected


def test_versions_read_differently() -> None:
    first, second = b'{"duration": "1s"}', b'{"duration": 1000}'
    assert not between(check(first, SCHEMA), check(second, SCHEMA))
    from k6cfg.schema.versions import Version

    old = load(Version(0, 29, 0))
    assert between(check(first, old), check(second, old))


def test_deep_values_are_no_danger() -> None:
    deep = '{"ext": {"x": ' + "[" * 5000 + "1" + "]" * 5000 + "}}"
    assert said(deep, deep) == []
    assert len(said(deep, deep.replace("1", "2"))) == 1


# -- the patch --------------------------------------------------------------------------------------------------------


def applied(document: Any, operations: list[dict[str, Any]]) -> Any:
    """A document after a JSON Patch (RFC 6902), by the letter."""
    document = copy.deepcopy(document)
    for operation in operations:
        parts = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        if not parts:
            document = copy.deepcopy(operation["value"])
            continue
        target = document
        for part in parts[:-1]:
            target = target[int(part)] if isinstance(target, list) else target[part]
        last = int(parts[-1]) if isinstance(target, list) else parts[-1]
        if operation["op"] != "add":
            assert last in (range(len(target)) if isinstance(target, list) else target), "the target must exist"
        if operation["op"] == "remove":
            del target[last]
        elif operation["op"] == "add" and isinstance(target, list):
            target.insert(last, operation["value"])
        else:
            target[last] = operation["value"]
    return document


@settings(max_examples=150)
@given(texts(), texts())
def test_patch_makes_k6_read_the_same(first: str, second: str) -> None:
    before, after = check(first.encode(), SCHEMA), check(second.encode(), SCHEMA)
    patch = as_patch(before, after)
    assert patch is not None
    assert not patch.withheld
    folded = [key.lower() for key in json.loads(first)]
    if len(folded) != len(set(folded)) or '":null' in first.replace(" ", "") or "COLLECTORS" in first:
        return  # of keys in several spellings, a patch of the parsed file can reach the last alone
    made = json.dumps(applied(json.loads(first), patch.operations))
    assert not between(check(made.encode(), SCHEMA), after)


# -- the command ------------------------------------------------------------------------------------------------------


def test_text(home: Home) -> None:
    home.write('{"vus": 5}', home.work / "a.json")
    home.write('{"VUS": 6}', home.work / "b.json")
    done = call(home, "diff", "a.json", "b.json")
    assert done.code == 1
    assert "reads 1 value differently in b.json than in a.json" in done.out
    assert "  vus: 5 becomes 6\n" in done.out
    assert "--- a.json (before)\n+++ b.json (after)\n" in done.out
    assert '-{"vus": 5}\n' in done.out


def test_same_to_k6_is_exit_0_and_the_text_is_shown(home: Home) -> None:
    home.write('{"duration": "1m"}', home.work / "a.json")
    home.write('{"duration":60000}', home.work / "b.json")
    done = call(home, "diff", "a.json", "b.json")
    assert done.code == 0
    assert "reads the same from both, though the texts differ" in done.out
    assert '+{"duration":60000}' in done.out
    done = call(home, "diff", "a.json", "a.json")
    assert (done.code, done.out) == (0, "k6 2.2.0 reads the same from both\n")


def test_one_file_is_compared_with_the_one_that_k6_reads(home: Home) -> None:
    home.write('{"vus": 5}', home.work / "a.json")
    done = call(home, "diff", "a.json")
    assert done.code == 1
    assert "does not exist" in done.err
    assert "vus: is gone; it was 5" in done.out
    home.write('{"vus": 5}')
    assert call(home, "diff", "a.json").code == 0
    assert call(home, "diff", "-", stdin='{"vus": 6}').code == 1
    assert call(home, "diff", "a.json", "nope.json").code == 3
    assert call(home, "diff", "nope.json").code == 3
    assert call(home, "diff", "a.json", "-c", "nope.json").code == 3
    assert call(home, "diff", "a.json", "a.json", "-c", "a.json").code == 2
    assert call(home, "diff", "-", "-").code == 2


def test_broken_files_are_compared_as_text(home: Home) -> None:
    home.write('{"vus" 5}', home.work / "a.json")
    home.write('{"vus": 5}', home.work / "b.json")
    done = call(home, "diff", "a.json", "b.json")
    assert done.code == 1
    assert "a.json is no JSON" in done.err
    assert '-{"vus" 5}' in done.out
    assert call(home, "diff", "a.json", "a.json").code == 0
    found = json.loads(call(home, "diff", "a.json", "b.json", "--output-format", "json").out)
    assert found["changes"] is None
    done = call(home, "diff", "a.json", "b.json", "--output-format", "json-patch")
    assert (done.code, done.out) == (3, "")


def test_json(home: Home) -> None:
    home.write('{"vus": 5, "rps": 1}', home.work / "a.json")
    home.write('{"vus": 6, "tags": {"a": "b"}}', home.work / "b.json")
    done = call(home, "diff", "a.json", "b.json", "--output-format", "json")
    found = json.loads(done.out)
    assert found.pop("text_diff").startswith("--- a.json")
    assert (done.code, found) == (
        1,
        {
            "format_version": 1,
            "k6_version": "2.2.0",
            "before": "a.json",
            "after": "b.json",
            "changes": [
                {"pointer": "/rps", "kind": "removed", "before": 1, "secret": False},
                {"pointer": "/tags", "kind": "added", "after": {"a": "b"}, "secret": False},
                {"pointer": "/vus", "kind": "changed", "before": 5, "after": 6, "secret": False},
            ],
        },
    )


def test_patch_withholds_secrets_and_says_so(home: Home) -> None:
    home.write(f'{{"VUS": 5, "collectors": {{"cloud": {{"token": "{CANARY}"}}}}}}', home.work / "a.json")
    home.write('{"vus": 6, "collectors": {"cloud": {"token": "another"}}}', home.work / "b.json")
    done = call(home, "diff", "a.json", "b.json", "--output-format", "json-patch")
    assert (done.code, json.loads(done.out)) == (1, [{"op": "replace", "path": "/VUS", "value": 6}])
    assert "1 change with a secret" in done.err
    for form in ("text", "json", "json-patch"):
        for pair in (("a.json", "b.json"), ("b.json", "a.json")):
            done = call(home, "diff", *pair, "--output-format", form)
            assert CANARY not in done.out + done.err
