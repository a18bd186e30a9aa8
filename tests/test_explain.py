"""Explanations: every key, rule, variable and flag has one, and what it shows is so."""

import json

import pytest
from conftest import Home

from k6cfg.engine import all_rules, check, rule_names
from k6cfg.engine.effective import outcome
from k6cfg.engine.explanation import Unknown, explain, migrations, rules
from k6cfg.engine.migration import migrate
from k6cfg.k6.decode import Script
from k6cfg.k6.env_docs import DOES, FLAGS, SHORT_FLAGS
from k6cfg.k6.env_vars import KNOWN, OBSOLETE
from k6cfg.migrations import RULES as MIGRATIONS
from k6cfg.report.explain import example, render, render_json
from k6cfg.report.terminal_style import PLAIN
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import Rule

SCHEMA = load(NEWEST)
NODES = [node for node in SCHEMA.nodes(obsolete=True) if node.name not in {"*", "[]"} and not node.dotted.endswith(">")]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_has_a_lesson_that_is_so(rule: Rule) -> None:
    lesson = rules.LESSONS[rule.name]
    schema = load(Version.parse(lesson.version)) if lesson.version else SCHEMA
    script = Script(exports=frozenset({"default", "buy"})) if rule.name == "exec-function" else Script()
    assert lesson.why.endswith(".")
    if lesson.wrong is not None:
        found = {one.rule.name for one in check(lesson.wrong.encode(), schema, script).diagnostics}
        # Which of its words describes a broken text best is not always the one that is explained here.
        assert rule.name in found or (rule.group == "syntax" and "unclear" in found)
    if lesson.right is not None:
        assert not check(lesson.right.encode(), schema, script).diagnostics
    assert rule.name in render(explain(rule.name, SCHEMA), SCHEMA, PLAIN)


BY_A_PERSON = {"gone-output", "metadata-tags", "externally-controlled", "cloud-stack", "lone-vus", "changed-meaning"}


@pytest.mark.parametrize("rule", MIGRATIONS, ids=lambda rule: rule.name)
def test_every_migration_has_a_lesson_that_is_so(rule: Rule) -> None:
    lesson = migrations.LESSONS[rule.name]
    assert lesson.why.endswith(".")
    assert lesson.wrong is not None
    assert lesson.right is not None
    assert lesson.version is not None
    source = Version.parse(lesson.version)
    plan = migrate(lesson.wrong.encode(), SCHEMA, source)
    told = {one.rule.name for one in (*plan.decisions, *(each for step in plan.steps for each in step.chosen))}
    assert rule.name in told
    if rule.name not in BY_A_PERSON:
        assert plan.final.data.decode() == lesson.right
    after = migrate(lesson.right.encode(), SCHEMA, source)
    assert not after.changed
    assert rule.name not in {one.rule.name for one in after.decisions}
    assert after.final.accepted_run
    assert rule.name in render(explain(rule.name, SCHEMA), SCHEMA, PLAIN)


def test_every_group_is_explained_with_its_rules() -> None:
    every = {rule.group for rule in (*all_rules(), *MIGRATIONS)}
    assert set(rules.GROUPS) == every
    for group in every:
        found = explain(group.upper(), SCHEMA)
        assert found.kind == "group"
        assert set(found.others) == {rule.name for rule in (*all_rules(), *MIGRATIONS) if rule.group == group}
        assert rules.GROUPS[group] in render(found, SCHEMA, PLAIN)
        assert ("validate does not" in rules.GROUPS[group]) is (group not in rule_names())
        assert json.loads(render_json(found, SCHEMA))["note"] == rules.GROUPS[group]


def test_lessons_are_of_what_there_is() -> None:
    assert set(rules.LESSONS) == {rule.name for rule in all_rules()}
    assert set(migrations.LESSONS) == {rule.name for rule in MIGRATIONS}


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


@pytest.mark.parametrize("key", [key for key, node in SCHEMA.root.properties.items() if node.env])
def test_what_is_said_of_a_variable_is_so(key: str) -> None:
    node = SCHEMA.root.properties[key]
    variable = node.env[0]
    said = explain(variable, SCHEMA)
    if key == "hosts":
        assert said.form is None
        return
    assert said.form is not None
    # Beside what is said, only that nothing else stands in the way.
    text = '{"vus": 1, "iterations": 5}'
    unset = outcome(text.encode(), SCHEMA, {}).effective
    assert unset is not None
    made = outcome(text.encode(), SCHEMA, {variable: said.form.example}).effective
    assert made is not None
    if key not in {"tlsAuth", "tlsCipherSuites"}:
        assert key in {**made.options, **made.beside}
        assert made.sources[key] == variable
    empty = outcome(text.encode(), SCHEMA, {variable: ""}).effective
    if said.form.empty == "is refused":
        assert empty is None
        return
    assert empty is not None
    assert (variable in empty.sources.values()) != (said.form.empty == "counts as not set")


def test_every_variable_without_a_key_says_what_it_is_for() -> None:
    own = [name for node in SCHEMA.nodes(obsolete=True) for name in node.env]
    without = {known.name for known in KNOWN if not explain(known.name.replace("*", "X"), SCHEMA).nodes}
    assert set(DOES) == without
    assert not set(DOES) & set(own)
    assert not set(FLAGS) & {flag for node in NODES for flag in node.flag}


def test_every_variable_and_flag_is_known() -> None:
    for flag in (*FLAGS, *SHORT_FLAGS):
        assert explain(flag, SCHEMA).words
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
        ("constant-vus", "scenarios.*<constant-vus>"),
        ("stages[]", "stages[]"),
    ],
)
def test_the_place_that_is_meant(word: str, dotted: str) -> None:
    assert explain(word, SCHEMA).nodes[0].dotted == dotted


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("vsu", "vus"),
        ("rampUp", "stages"),
        ("unknwon-key", "unknown-key"),
        ("K6_VU", "K6_VUS"),
        ("preferIPv4", "dns.policy"),
    ],
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
    assert home.run("explain", " ").code == 2
    assert "K6_STAGES=30s:10" in home.run("explain", "K6_STAGES").out
    wrong = home.run("explain", "glc_eyJvIjoiMSJ9notarealtoken0123456789")
    assert wrong.code == 2
    assert "notarealtoken" not in wrong.err
    assert "did you mean" in home.run("explain", "setupTimout").err


@pytest.mark.parametrize(
    ("word", "dotted"),
    [
        ("thresholds.http_req_duration", "thresholds.*"),
        ("scenarios.smoke", "scenarios.*"),
        ("scenarios.smoke.executor", "scenarios.*.executor"),
        ("/scenarios/smoke/vus", "scenarios.*<constant-vus>.vus"),
        ("stages.3.target", "stages[].target"),
        ("hosts.test.k6.io", "hosts"),
        ("tags.team", "tags"),
    ],
)
def test_a_key_with_names_of_ones_own_is_explained(word: str, dotted: str) -> None:
    assert [node.dotted for node in explain(word, SCHEMA).nodes] == [dotted]


@pytest.mark.parametrize(
    ("word", "right"), [("noCookies", "noCookiesReset"), ("Headless", "K6_BROWSER_HEADLESS"), ("bucket", "InfluxDB 2")]
)
def test_what_k6_has_nothing_like_is_explained(word: str, right: str) -> None:
    found = explain(word, SCHEMA)
    assert found.kind == "unknown-key"
    assert right in str(found.words)


@pytest.mark.parametrize("word", ["scenarios.smoke.vu", "ext.mine", "duraton.x", "a.b.c", "vus.x"])
def test_a_key_that_is_none_with_names_is_not_explained(word: str) -> None:
    with pytest.raises(Unknown):
        explain(word, SCHEMA)
