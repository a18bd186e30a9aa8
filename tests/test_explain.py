"""Explanations: every key, rule, variable and flag has one, and what it shows is so."""

import json

import pytest
from conftest import Home

from k6cfg.engine import all_rules, check
from k6cfg.environment.known import KNOWN, OBSOLETE
from k6cfg.explaining import Unknown, explain
from k6cfg.explaining.rules import LESSONS
from k6cfg.report.explain import example, render, render_json
from k6cfg.report.style import PLAIN
from k6cfg.schema import load
from k6cfg.versions import NEWEST, Version

SCHEMA = load(NEWEST)
NODES = [node for node in SCHEMA.nodes(obsolete=True) if node.name not in {"*", "[]"} and not node.dotted.endswith(">")]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_has_a_lesson_that_is_so(rule: object) -> None:
    name, group = getattr(rule, "name", ""), getattr(rule, "group", "")
    lesson = LESSONS[name]
    schema = load(Version.parse(lesson.version)) if lesson.version else SCHEMA
    assert lesson.why.endswith(".")
    if lesson.wrong is not None:
        found = {one.rule.name for one in check(lesson.wrong.encode(), schema).diagnostics}
        # Which of its words describes a broken text best is not always the one that is explained here.
        assert name in found or (group == "syntax" and "unclear" in found)
    if lesson.right is not None:
        assert not check(lesson.right.encode(), schema).diagnostics
    assert name in render(explain(name, SCHEMA), SCHEMA, PLAIN)


def test_every_key_can_be_explained_by_its_own_name() -> None:
    for node in NODES:
        found = explain(node.dotted, SCHEMA)
        if found.kind == "key":
            assert fold(found.nodes[0].dotted) == fold(node.dotted)
        assert render(found, SCHEMA, PLAIN)
        assert json.loads(render_json(found, SCHEMA))["format_version"] == 1


def fold(text: str) -> str:
    return text.lower()


def test_examples_are_of_the_right_type() -> None:
    shown = 0
    for node in NODES:
        text = example(node, SCHEMA)
        if text is None or node.ignored or (node.removed is not None and node.removed <= NEWEST):
            continue
        found = check(text.encode(), SCHEMA)
        bad = [one for one in found.diagnostics if one.rule.group in {"values", "keys", "syntax"}]
        assert not bad, (node.dotted, text, bad[0].message)
        shown += 1
    assert shown > 100


def test_every_variable_and_flag_is_known() -> None:
    for node in NODES:
        for flag in node.flag:
            assert explain(flag, SCHEMA).kind == "flag"
        for name in node.env:
            assert explain(name.replace("<name>", "X"), SCHEMA).kind == "variable"
    for known in (*KNOWN, *OBSOLETE):
        assert explain(known.name.replace("*", "X"), SCHEMA).kind == "variable"


@pytest.mark.parametrize(
    ("word", "dotted"),
    [
        ("VUS", "vus"),
        ("/dns/ttl", "dns.ttl"),
        ("stages.0.target", "stages[].target"),
        ("scenarios.constant-vus.duration", "scenarios.*<constant-vus>.duration"),
        ("token", "collectors.cloud.token"),
        ("K6_CLOUD_TOKEN", "collectors.cloud.token"),
        ("k6_vus", "vus"),
        ("--vus", "vus"),
        ("-u=5", "vus"),
        ("vusMax", "vusMax"),
    ],
)
def test_the_place_that_is_meant(word: str, dotted: str) -> None:
    assert explain(word, SCHEMA).nodes[0].dotted == dotted


@pytest.mark.parametrize(
    ("word", "near"), [("vsu", "vus"), ("rampUp", "stages"), ("unknwon-key", "unknown-key"), ("K6_VU", "K6_VUS")]
)
def test_did_you_mean(word: str, near: str) -> None:
    with pytest.raises(Unknown) as error:
        explain(word, SCHEMA)
    assert near in error.value.near


def test_no_secret_has_an_example_that_looks_like_one() -> None:
    found = render_json(explain("collectors.cloud.token", SCHEMA), SCHEMA)
    assert '\\"token\\": \\"...\\"' in found


def test_the_command(home: Home) -> None:
    done = home.run("explain", "dns.ttl")
    assert done.code == 0
    assert '{"dns": {"ttl": "5m"}}' in done.out
    assert "K6_VUS" in home.run("explain", "--vus").out
    assert json.loads(home.run("explain", "--vus", "--output-format", "json").out)["kind"] == "flag"
    assert "does not know it" in home.run("explain", "features", "--k6-version", "1.0.0").out
    wrong = home.run("explain", "glc_eyJvIjoiMSJ9notarealtoken0123456789")
    assert wrong.code == 2
    assert "notarealtoken" not in wrong.err
    assert "did you mean" in home.run("explain", "setupTimout").err
