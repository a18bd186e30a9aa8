"""What k6 will run with: as real k6 2.2.0 recorded it, and layer by layer."""

import base64
import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Home
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.engine.effective import Outcome, outcome
from k6cfg.k6.effective import Effective, go_duration
from k6cfg.report.effective import EffectiveFile, render, render_json
from k6cfg.report.terminal_style import PLAIN
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version

DEFAULTS = {
    "dns": {"ttl": None, "select": None, "policy": None},
    "summaryTrendStats": ["avg", "min", "med", "max", "p(90)", "p(95)"],
    "systemTags": [
        *("check", "error", "error_code", "expected_response", "group", "method", "name", "proto", "scenario"),
        *("service", "status", "subproto", "tls_version", "url"),
    ],
}


def found(text: str | None, environ: Mapping[str, str] | None = None, script: str | None = None) -> Outcome:
    data = text.encode() if text is not None else None
    return outcome(data, load(NEWEST), environ or {}, script.encode() if script is not None else None)


def runs(text: str | None, environ: Mapping[str, str] | None = None, script: str | None = None) -> Effective:
    effective = found(text, environ, script).effective
    assert effective is not None
    return effective


def own(effective: Effective) -> dict[str, object]:
    """The options that are no defaults."""
    return {key: value for key, value in effective.options.items() if effective.origins[key] != "default"}


def test_every_archive_of_real_k6_is_what_we_say(fixtures: Path) -> None:
    path = fixtures / "verdicts" / "verdicts.jsonl.gz"
    schema, wrong, asked = load(NEWEST), [], 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            real = case["k6"].get("2.2.0", {}).get("effective")
            if real is not None:
                asked += 1
                made = outcome(base64.b64decode(case["text"]), schema, {}).effective
                if made is None or dict(made.options) != real:
                    wrong.append(case["id"])
    assert asked > 2000
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"noSetup": true, "noSetup": {}}', {"noSetup": True}),
        ('{"noSetup": true, "noSetup": null, "noSetup": {"Valid": false}}', {"noSetup": True}),
        ('{"noSetup": true, "NoSetup": {"bool": false}}', {"noSetup": False}),
        ('{"noSetup": {}}', {"noSetup": False}),
        ('{"rps": 5, "rps": {}}', {"rps": 5}),
        ('{"userAgent": "a", "userAgent": {}}', {"userAgent": "a"}),
        ('{"noSetup": true, "noSetup": null}', {}),
        ('{"dns": {"policy": "any", "policy": null}}', {"dns": {"ttl": None, "select": None, "policy": "any"}}),
        ('{"dns": {"select": "first", "Select": null}}', {"dns": {"ttl": None, "select": "first", "policy": None}}),
        ('{"dns": {"select": "first"}, "dns": {"select": null}}', {}),
        ('{"dns": {"ttl": "1m", "ttl": null}}', {}),
    ],
)
def test_what_an_earlier_duplicate_leaves(text: str, expected: Mapping[str, object]) -> None:
    assert own(runs(text)) == expected


@pytest.mark.parametrize("number", ["1e400", "-1E999", "9" * 5000])
@pytest.mark.parametrize(
    "text", ['{"cloud": {"a": [N]}}', '{"ext": {"x": N}}', '{"cloud": N, "ext": {"loadimpact": N}}']
)
@pytest.mark.parametrize("environ", [{}, {"K6_RPS": "5"}])
def test_a_number_that_no_float_holds_stays_as_it_is(text: str, number: str, environ: Mapping[str, str]) -> None:
    data = text.replace("N", number)
    made = found(data, environ)
    assert made.refusal is None
    shown = render_json([EffectiveFile("c.json", "c.json", made)], load(NEWEST), NEWEST)
    assert json.loads(shown, parse_float=str, parse_int=str)["files"][0]["options"] == {
        **json.loads(json.dumps(DEFAULTS), parse_float=str),
        **json.loads(data, parse_float=str, parse_int=str),
        **({"rps": "5"} if environ else {}),
    }
    assert "Infinity" not in shown + render([EffectiveFile("c.json", "c.json", made)], load(NEWEST), PLAIN, "")


def test_without_a_file_there_are_the_defaults() -> None:
    effective = runs(None)
    assert dict(effective.options) == DEFAULTS
    assert set(effective.origins.values()) == {"default"}


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1_500, "1.5\u00b5s"),
        (1_500_000, "1.5ms"),
        (90_000_000_000, "1m30s"),
        (3_600_000_000_000, "1h0m0s"),
        (-1_000_000_000, "-1s"),
        (1_000_000_001, "1.000000001s"),
        (-(2**63), "-2562047h47m16.854775808s"),
    ],
)
def test_durations_are_as_go_prints_them(nanoseconds: int, text: str) -> None:
    assert go_duration(nanoseconds) == text


# -- layers -----------------------------------------------------------------------------------------------------------


def test_a_variable_beats_the_file_and_what_lost_is_named() -> None:
    effective = runs('{"vus": 1, "duration": "1m"}', {"K6_VUS": "7"})
    assert own(effective) == {"vus": 7, "duration": "1m0s"}
    assert effective.origins["vus"] == "env"
    assert effective.sources == {"vus": "K6_VUS"}
    assert [(lost.key, lost.layer, lost.value) for lost in effective.lost] == [("vus", "file", 1)]
    assert "K6_VUS" in effective.lost[0].why


def test_execution_options_are_one_group_but_for_vus() -> None:
    effective = runs('{"vus": 2, "stages": [{"duration": "1s", "target": 3}]}', {"K6_ITERATIONS": "4"})
    assert own(effective) == {"vus": 2, "iterations": 4}
    assert [lost.key for lost in effective.lost] == ["stages"]


def test_an_empty_variable_is_not_unset() -> None:
    numbers = found('{"vus": 2, "duration": "1s"}', {"K6_VUS": ""})
    assert numbers.effective is not None
    assert own(numbers.effective) == {"vus": 2, "duration": "1s"}
    assert [fault.variable for fault in numbers.faults] == ["K6_VUS"]
    lists = runs('{"summaryTrendStats": ["avg"], "blacklistIPs": ["10.0.0.0/8"]}', {"K6_SUMMARY_TREND_STATS": ""})
    assert own(lists) == {"summaryTrendStats": [], "blacklistIPs": ["10.0.0.0/8"]}
    tags = runs('{"systemTags": ["url"]}', {"K6_SYSTEM_TAGS": ""})
    assert "systemTags" not in tags.options, "an empty set, which k6 writes as null"
    assert [(lost.key, lost.layer) for lost in tags.lost] == [("systemTags", "file"), ("systemTags", "default")]
    stages = runs('{"duration": "1s"}', {"K6_STAGES": ""})
    assert own(stages) == {"stages": []}


def test_maps_are_replaced_whole_and_dns_by_field() -> None:
    text = '{"tags": {"a": "1"}, "dns": {"ttl": "1m", "policy": "any"}}'
    effective = runs(text, {"K6_TAGS": "b:2", "K6_DNS": "policy=onlyIPv4"})
    assert own(effective) == {"tags": {"b": "2"}, "dns": {"ttl": "1m", "select": None, "policy": "onlyIPv4"}}
    assert {lost.key: lost.value for lost in effective.lost} == {"dns.policy": "any", "tags": {"a": "1"}}


def test_tags_are_put_together_where_the_feature_is_on() -> None:
    text = '{"features": ["merge-run-tags"], "tags": {"a": "1", "b": "1"}}'
    effective = runs(text, {"K6_TAGS": "b:2"})
    assert effective.options["tags"] == {"a": "1", "b": "2"}
    assert [lost.key for lost in effective.lost] == ["tags.b"]
    assert runs(text, {"K6_TAGS": "b:2", "K6_FEATURES": "freeze-env"}).options["tags"] == {"b": "2"}


def test_the_script_stands_between_file_and_variables() -> None:
    effective = runs('{"vus": 1, "rps": 3}', {"K6_RPS": "9"}, '{"vus": null, "rps": 5, "iterations": 8}')
    assert own(effective) == {"vus": 1, "iterations": 8, "rps": 9}
    assert [effective.origins[key] for key in ("vus", "iterations", "rps")] == ["file", "script", "env"]


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("K6_DURATION", "1d", "24h0m0s"),
        ("K6_STAGES", "10s:5,1m:0", [{"duration": "10s", "target": 5}, {"duration": "1m0s", "target": 0}]),
        ("K6_BLACKLIST_IPS", "10.1.2.3/8", ["10.0.0.0/8"]),
        ("K6_BLOCK_HOSTNAMES", "*.test.k6.io", ["*.test.k6.io"]),
        ("K6_SYSTEM_TAGS", "url, nope,vu", ["url", "vu"]),
        ("K6_THROW", "true", True),
        ("K6_USER_AGENT", " me ", " me "),
        ("K6_THRESHOLDS", "http_reqs:count>1", {"http_reqs": []}),
    ],
)
def test_each_type_has_its_grammar(variable: str, text: str, value: object) -> None:
    assert list(own(runs("{}", {variable: text})).values()) == [value]


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("K6_VUS", "five"),
        ("K6_THROW", "1"),
        ("K6_DURATION", "soon"),
        ("K6_STAGES", "1d:5"),
        ("K6_TAGS", "a:b:c"),
        ("K6_DNS", ""),
        ("K6_BLACKLIST_IPS", "10.0.0.1"),
        ("K6_BLOCK_HOSTNAMES", "a b"),
        ("K6_TLS_CIPHER_SUITES", "TLS_AES_128_GCM_SHA256"),
    ],
)
def test_a_variable_that_means_nothing_stops_k6(variable: str, text: str) -> None:
    made = found("{}", {variable: text})
    assert made.effective is None
    assert variable in (made.refusal or "")
    assert not text or text not in (made.refusal or "").removeprefix(variable), "no value of a variable is repeated"


def test_variables_can_spoil_a_file_and_cure_one() -> None:
    assert found('{"vus": 5, "duration": "1s"}', {"K6_ITERATIONS": "2"}).effective is None, "fewer than users"
    both = '{"iterations": 5, "duration": "1s", "stages": [{"duration": "1s", "target": 1}]}'
    assert found(both).effective is None
    assert own(runs(both, {"K6_DURATION": "2s"})) == {"duration": "2s"}


def test_a_refused_file_says_why_and_where() -> None:
    made = found('{\n  "vus" 1\n}')
    assert made.effective is None
    assert (made.refusal or "").startswith("line 2, column ")


def test_hosts_are_not_read_from_a_variable_any_more() -> None:
    made = found('{"hosts": {"a.com": "10.0.0.1"}}', {"K6_HOSTS": "b.com:10.0.0.2"})
    assert made.effective is not None
    assert own(made.effective) == {"hosts": {"a.com": "10.0.0.1"}}
    assert made.faults[0].variable == "K6_HOSTS"


def test_group_and_defaults_follow_the_version() -> None:
    old = outcome(b'{"duration": "1s", "stages": [{"duration": "1s", "target": 1}]}', load(Version(0, 26, 0)), {})
    assert old.effective is not None
    assert "dns" not in old.effective.options


# -- the cloud --------------------------------------------------------------------------------------------------------


def cloud(text: str, environ: Mapping[str, str] | None = None, version: Version = NEWEST) -> Effective:
    made = outcome(text.encode(), load(version), environ or {}).cloud
    assert made is not None
    return made


def test_cloud_settings_have_an_order_of_their_own() -> None:
    text = '{"collectors": {"cloud": {"projectID": 1, "name": "a", "host": "h"}}, "cloud": {"projectID": 2, "host": 3}}'
    made = cloud(text, {"K6_CLOUD_NAME": "c"})
    assert (made.options["projectID"], made.options["name"], made.options["host"]) == (2, "c", "h")
    assert [lost.key for lost in made.lost] == ["projectID", "name"]


def test_the_first_url_of_a_stack_counts() -> None:
    text = '{"collectors": {"cloud": {"stackURL": "https://one.grafana.net"}}}'
    made = cloud(text, {"K6_CLOUD_STACK_URL": "https://two.grafana.net"})
    assert made.options["stackURL"] == "https://one.grafana.net"


@pytest.mark.parametrize(
    ("version", "project"), [(Version(2, 2), 1), (Version(1, 8, 1), 7), (Version(0, 45), 7), (Version(0, 33), 7)]
)
def test_ext_loadimpact_counts_before_2_0(version: Version, project: int) -> None:
    text = '{"collectors": {"cloud": {"projectID": 1}}, "ext": {"loadimpact": {"projectID": 7}}}'
    assert cloud(text, version=version).options["projectID"] == project


def test_before_0_34_the_file_beat_the_variable() -> None:
    text = '{"ext": {"loadimpact": {"token": "not-a-real-token"}}}'
    assert cloud(text, {"K6_CLOUD_TOKEN": "other"}, Version(0, 33)).origins["token"] == "file"
    assert cloud(text, {"K6_CLOUD_TOKEN": "other"}, Version(0, 34)).origins["token"] == "env"


# -- what is printed --------------------------------------------------------------------------------------------------

SECRETS = json.dumps(
    {
        "collectors": {"cloud": {"token": "T0KEN-one"}, "influxdb": {"password": "T0KEN-two"}},
        "cloud": {"token": "T0KEN-three", "notes": ["https://me:T0KEN-four@example.org"]},
        "ext": {"loadimpact": {"token": "T0KEN-five"}, "mine": {"apiKey": "T0KEN-six"}},
        "scenarios": {
            "a": {"executor": "shared-iterations", "env": {"MY_PASSWORD": "T0KEN-seven"}, "vus": 1, "iterations": 1}
        },
    }
)


@pytest.mark.parametrize("environ", [{}, {"K6_CLOUD_TOKEN": "T0KEN-eight", "K6_ITERATIONS": "1"}])
def test_no_secret_is_printed(environ: Mapping[str, str]) -> None:
    schema = load(NEWEST)
    file = EffectiveFile("c.json", "c.json", found(SECRETS, environ))
    for text in (render([file], schema, PLAIN, "why"), render_json([file], schema, NEWEST)):
        assert "T0KEN" not in text
        assert "***" in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1m", "10.0.0.0/8", "0:1/2"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*load(NEWEST).root.properties, "executor", "target", "cloud", "threshold", "x"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON, st.dictionaries(st.sampled_from(["K6_VUS", "K6_TAGS", "K6_DNS", "K6_STAGES"]), st.text("ab:1,=s")))
def test_nothing_makes_it_raise_and_what_k6_writes_is_written_again(value: object, environ: dict[str, str]) -> None:
    made = found(json.dumps(value), environ)
    if made.effective is not None:
        text = json.dumps(dict(made.effective.options))
        again = found(text).effective
        assert again is not None
        assert dict(again.options) == dict(made.effective.options)


# -- the command ------------------------------------------------------------------------------------------------------


def test_show_masks_the_file(home: Home) -> None:
    home.write('{"collectors": {"cloud": {"token": "T0KEN"}}, // mine\n "vus" 5')
    done = home.run("show")
    assert (done.code, done.out) == (0, '{"collectors": {"cloud": {"token": "***"}}, // mine\n "vus" 5\n')
    assert home.run("show", "--reveal").code == 4
    assert json.loads(home.run("show", "--output-format", "json").out)["files"][0]["text"].endswith('"vus" 5')


def test_show_effective_of_several_files(home: Home) -> None:
    good = home.write('{"VUS": "5", "duration": 1000}', home.work / "good.json")
    bad = home.write('{"vus": "five"}', home.work / "bad.json")
    done = home.run("show", "--effective", "--output-format", "json", good, bad, K6_RPS="3")
    assert done.code == 1
    content = json.loads(done.out)
    assert content["format_version"] == 1
    assert content["k6_version"] == "2.2.0"
    first, second = content["files"]
    assert first["options"] == {"vus": 5, "duration": "1s", "rps": 3} | DEFAULTS
    assert first["origins"]["rps"] == "env"
    assert first["variables"] == {"rps": "K6_RPS"}
    assert second["options"] is None
    assert "vus" in second["error"]
    text = home.run("show", "--effective", good, K6_RPS="3").out
    assert "env: K6_RPS" in text


def test_show_of_what_is_not_there(home: Home) -> None:
    assert home.run("show").code == 0
    assert home.run("show", "--effective").code == 0
    assert home.run("show", "nowhere.json").code == 3
    assert home.run("show", "--script-options", "x").code == 2
    assert home.run("show", "--effective", "--script-options", "nowhere.json").code == 3
    for name, text, help_ in (
        ("script.js", "export const options = {};", "k6 inspect script.js > options.json"),
        ("metadata.json", '{"options": {"vus": 1}, "k6version": "2.2.0"}', "k6 inspect has printed"),
    ):
        home.write(text, home.work / name)
        done = home.run("show", "--effective", "--script-options", name)
        assert (done.code, done.out) == (3, "")
        assert help_ in done.err
    assert home.run("show", "--effective", "-", stdin='{"vus": 1, "iterations": 1}').code == 0
