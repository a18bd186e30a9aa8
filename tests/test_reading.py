"""What k6 reads from a document: keys, duplicates, null and Go's types."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.k6.decode import Reading, read
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import CLOUD, LOADING, RUN, Severity
from k6cfg.text.encoding import decode
from k6cfg.text.parser import parse

SECOND = 10**9


def reading(text: str | bytes, version: str = "2.2.0") -> Reading:
    decoded = decode(text.encode() if isinstance(text, str) else text)
    return read(parse(decoded.text, decoded.encoding), load(Version.parse(version)))


def value(text: str | bytes, *route: str, version: str = "2.2.0") -> object:
    found = reading(text, version).get(*route)
    return None if found is None else found.value


def refused(text: str, version: str = "2.2.0") -> list[str]:
    return [found.pointer for found in reading(text, version).diagnostics if found.severity is Severity.ERROR]


def test_an_empty_and_a_null_file_set_nothing() -> None:
    for text in ("{}", "null"):
        assert not reading(text).diagnostics
        assert value(text, "vus") is None
    assert refused("[]") == refused("5") == refused('"x"') == [""]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("5", 5), ("-0", 0), ('"5"', 5), ('"+5"', 5), ('"007"', 7), ("{}", 0), ('{"Int64": 7, "valid": false}', 7)],
)
def test_null_int_takes(written: str, meant: int) -> None:
    assert value(f'{{"vus": {written}}}', "vus") == meant


@pytest.mark.parametrize(
    "written",
    [
        "1.0",
        "1e3",
        "1.5",
        "true",
        "[]",
        '"1.0"',
        '" 5"',
        '"null"',
        "9223372036854775808",
        "1e400",
        '{"a": 1e400}',
        '{"Int64": "5"}',
    ],
)
def test_null_int_refuses(written: str) -> None:
    assert refused(f'{{"vus": {written}}}') == ["/vus"]


def test_null_and_an_empty_text_are_not_set() -> None:
    assert value('{"vus": null}', "vus") is None
    assert value('{"vus": ""}', "vus") is None
    assert refused('{"vus": ""}') == []


def test_null_bool_and_string_take_no_lookalikes() -> None:
    assert value('{"throw": true, "userAgent": ""}', "throw") is True
    assert value('{"throw": {}, "userAgent": {"string": "x"}}', "userAgent") == "x"
    assert refused('{"throw": "true", "paused": 1, "linger": [], "userAgent": 5, "httpDebug": true}') == [
        "/throw",
        "/paused",
        "/linger",
        "/userAgent",
        "/httpDebug",
    ]


def test_durations_are_nanoseconds() -> None:
    assert value('{"duration": "1d"}', "duration") == 86400 * SECOND
    assert value('{"duration": 1500.5}', "duration") == 1_500_500_000
    assert value('{"duration": 10}', "duration", version="0.29.0") == 10
    assert refused('{"duration": true, "setupTimeout": "", "teardownTimeout": {}}') == [
        "/duration",
        "/setupTimeout",
        "/teardownTimeout",
    ]


def test_keys_of_structs_fold_and_those_of_maps_do_not() -> None:
    assert value('{"VUS": 5}', "vus") == 5
    assert value('{"v\\u0075s": 5}', "vus") == 5
    assert value('{"\\u017ftage\\u017f": []}', "stages") == []
    found = reading('{"tags": {"a": "1", "A": "2"}}').get("tags")
    assert found is not None
    assert {key: each.value for key, each in found.fields.items()} == {"a": "1", "A": "2"}


def test_of_duplicates_the_last_counts_and_keeps_what_go_keeps() -> None:
    assert value('{"vus": 1, "VUS": 2}', "vus") == 2
    assert value('{"vus": 5, "vus": {}}', "vus") == 5
    assert value('{"vus": 1, "vus": null}', "vus") is None
    assert value('{"dns": {"ttl": "1m"}, "dns": {"select": "first"}}', "dns", "ttl") is None
    assert value('{"tlsVersion": {"min": "tls1.2"}, "tlsVersion": {"max": "tls1.3"}}', "tlsVersion", "min") is None


def test_what_becomes_of_a_null_after_a_value_is_said_as_it_is() -> None:
    scenarios = '{"scenarios": {"a": {"executor": "shared-iterations"}}, "scenarios": null}'
    said = reading(scenarios).diagnostics[0].message
    assert value(scenarios, "scenarios") is not None
    assert said == "`scenarios` stands here and again in line 1; k6 takes no notice of the null there"
    assert "takes the last one" in reading('{"tags": {"a": "1"}, "tags": null}').diagnostics[0].message


def test_what_belongs_in_a_place_is_said_for_every_type() -> None:
    for text in ('{"blockHostnames": [5]}', '{"dns": {"select": 5}}', '{"dns": {"policy": []}}'):
        assert "such as" in reading(text).diagnostics[0].message
    assert "has to be an object" in reading('{"collectors": {"cloud": 5}}').diagnostics[0].message


def test_every_duplicate_is_decoded() -> None:
    assert refused('{"vus": true, "vus": 1}') == ["/vus"]


def test_maps_merge_and_null_empties_them() -> None:
    assert value('{"tags": {"a": "1", "b": "2"}, "tags": {"a": "3"}}', "tags", "a") == "3"
    assert value('{"tags": {"a": "1", "b": "2"}, "tags": {"a": "3"}}', "tags", "b") == "2"
    assert value('{"tags": {"a": "1"}, "tags": null, "tags": {}}', "tags", "a") is None
    assert value('{"hosts": {"a": "1.1.1.1"}, "hosts": {"b": "1.1.1.1"}}', "hosts", "a") is None
    assert value('{"hosts": {"a": "1.1.1.1"}, "hosts": {"b": "1.1.1.1"}}', "hosts", "a", version="0.30.0") == "1.1.1.1"


def test_null_leaves_scenarios_alone() -> None:
    text = '{"scenarios": {"a": {"executor": "per-vu-iterations"}}, "scenarios": null}'
    assert value(text, "scenarios", "a", "executor") == "per-vu-iterations"


def test_lists_start_anew_but_fill_what_is_there() -> None:
    assert reading('{"out": ["a", "b"], "out": [null]}').get("out").entries[0].value == "a"  # type: ignore[union-attr]
    assert reading('{"systemTags": ["a"], "systemTags": [null]}').get("systemTags").entries[0].value == ""  # type: ignore[union-attr]
    assert value('{"out": ["a"], "out": []}', "out") == []


def test_null_in_a_list_of_texts_is_an_empty_text() -> None:
    assert reading('{"out": [null]}').get("out").entries[0].value == ""  # type: ignore[union-attr]
    assert refused('{"out": [1, [], {}], "tags": {"a": 1}}') == ["/out/0", "/out/1", "/out/2", "/tags/a"]


def test_what_is_not_utf_8_becomes_the_replacement_character() -> None:
    assert value(b'{"userAgent": "a\xffb\xc3"}', "userAgent") == "a\ufffdb\ufffd"
    assert value('{"userAgent": "\\ud800x\\ud83d\\ude00"}', "userAgent") == "\ufffdx\U0001f600"
    assert value(b'{"vus\xff": 5}', "vus") is None


def test_a_scenario_is_read_by_its_executor_with_its_defaults() -> None:
    found = reading('{"scenarios": {"a": {"executor": "constant-vus", "vus": {}}}}').get("scenarios", "a")
    assert found is not None
    assert found.known.name == "constant-vus"
    assert found.fields["vus"].number == 1
    assert found.fields["gracefulStop"].number == 30 * SECOND
    assert not found.fields["gracefulStop"].valid


@pytest.mark.parametrize(
    ("scenario", "pointer"),
    [
        ("5", "/scenarios/a"),
        ("null", "/scenarios/a"),
        ("{}", "/scenarios/a"),
        ('{"executor": ""}', "/scenarios/a/executor"),
        ('{"executor": 5}', "/scenarios/a/executor"),
        ('{"executor": "Constant-VUs"}', "/scenarios/a/executor"),
        ('{"executor": "externally-controlled"}', "/scenarios/a/executor"),
        ('{"executor": "constant-vus", "stages": []}', None),
        ('{"executor": "ramping-vus", "stages": [{"bogus": 1}]}', None),
    ],
)
def test_scenarios_that_k6_refuses_to_read(scenario: str, pointer: str | None) -> None:
    found = reading(f'{{"scenarios": {{"a": {scenario}}}}}')
    assert refused(f'{{"scenarios": {{"a": {scenario}}}}}') == ([pointer] if pointer else [])
    assert [unknown.refused for unknown in found.unknown] == ([] if pointer else [True])


def test_every_scenario_of_a_name_needs_an_executor_that_is_a_text() -> None:
    assert refused('{"scenarios": {"a": {"executor": 5}, "a": {"executor": "per-vu-iterations"}}}') == [
        "/scenarios/a/executor"
    ]
    assert refused('{"scenarios": {"a": {}, "a": {"executor": "per-vu-iterations"}}}') == []


def test_faults_in_the_cloud_block_stop_the_cloud_commands_alone() -> None:
    text = '{"collectors": {"cloud": {"token": 5}}}'
    assert [found.refuses for found in reading(text).diagnostics] == [frozenset({CLOUD})]
    assert [found.refuses for found in reading(text, "0.30.0").diagnostics] == [LOADING]
    assert {RUN, CLOUD} == LOADING


def test_faults_of_outputs_and_of_cloud_runs_are_warnings() -> None:
    text = '{"collectors": {"influxdb": {"concurrentWrites": "x"}}, "cloud": {"projectID": "x"}, "ext": 5}'
    found = {one.pointer: one.severity for one in reading(text).diagnostics}
    assert found == {
        "/collectors/influxdb/concurrentWrites": Severity.WARNING,
        "/cloud/projectID": Severity.WARNING,
        "/ext": Severity.ERROR,
    }


def test_a_block_of_a_map_is_replaced_and_a_block_of_an_old_struct_is_filled() -> None:
    text = '{"collectors": {"cloud": {"token": "A", "name": "n"}}, "collectors": {"cloud": {"token": "B"}}}'
    assert value(text, "collectors", "cloud", "name") is None
    assert value(text, "collectors", "cloud", "name", version="0.30.0") == "n"
    assert value('{"collectors": {"CLOUD": {"token": "A"}}}', "collectors", "cloud", "token") is None
    assert value('{"collectors": {"CLOUD": {"token": "A"}}}', "collectors", "cloud", "token", version="0.30.0") == "A"


@pytest.mark.parametrize(
    "text",
    [
        '{"collectors": {"cloud": {"token": 5}, "cloud": {"token": "A"}}}',
        '{"collectors": {"cloud": {"token": 5}}, "collectors": {"cloud": {"token": "A"}}}',
        '{"collectors": {"cloud": {"token": 5}}, "collectors": null}',
        '{"collectors": {"cloud": {"token": 5}, "cloud": null}}',
    ],
)
def test_a_block_that_is_replaced_is_never_decoded(text: str) -> None:
    assert refused(text) == []
    assert refused(text, "0.30.0") == ["/collectors/cloud/token"]


def test_the_shape_holds_what_k6_reads_in_its_own_spelling() -> None:
    found = reading(
        '{"VUS": "5", "duration": "1m", "bogus": 1, "throw": 5, "stages": [{"duration": 1.5}], "rps": null, '
        '"scenarios": {"a": {"executor": "constant-vus"}}, "executionSegmentSequence": "0,50%,1", "tlsVersion": "tls1.2"}'
    )
    assert found.shape == {
        "vus": 5,
        "duration": 60000,
        "stages": [{"duration": 1.5}],
        "rps": None,
        "scenarios": {"a": {"executor": "constant-vus"}},
        "executionSegmentSequence": "0,1/2,1",
        "tlsVersion": "tls1.2",
    }


def test_values_are_found_by_their_route() -> None:
    found = reading('{"Stages": [{"duration": "1m", "TARGET": 5}]}')
    entry = found.at(["stages", 0, "target"])
    assert entry is not None
    assert (entry.number, entry.pointer) == (5, "/Stages/0/TARGET")
    assert found.at(["stages", 1]) is None
    assert found.at(["vus"]) is None


@pytest.mark.parametrize(
    "text", ['{"cloud": %s}', '{"ext": {"a": %s}}', '{"bogus": %s}', '{"collectors": {"x": %s}}', '{"vus": %s}']
)
def test_depth_is_no_danger(text: str) -> None:
    depth = 9000
    found = reading(text % ('{"a":' * depth + "1" + "}" * depth))
    assert found.shape is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(sorted(load().root.properties))


@given(st.dictionaries(KEYS | st.text(max_size=8), JSON, max_size=4), st.sampled_from(["2.2.0", "0.30.0", "0.18.0"]))
def test_no_value_makes_reading_fail(content: dict[str, object], version: str) -> None:
    found = reading(json.dumps(content), version)
    assert json.dumps(found.shape) is not None
    for one in found.diagnostics:
        assert (one.severity is Severity.ERROR) == bool(one.refuses)
        assert 0 <= one.span.start <= one.span.end <= len(found.document.text)


@pytest.mark.parametrize(("number", "taken"), [("1e999", False), ("-1e400", False), ("1e308", True), ("1e-999", True)])
def test_numbers_in_values_of_any_kind_fit_into_a_float64(number: str, taken: bool) -> None:
    scenario = f'{{"executor": "shared-iterations", "options": {{"browser": {{"type": {{"x": [0, {number}]}}}}}}}}'
    where = [] if taken else ["/scenarios/a/options/browser/type"]
    assert refused(f'{{"scenarios": {{"a": {scenario}}}}}') == where
    # What is kept as it is, or not read, is not decoded.
    assert not refused(f'{{"ext": {{"a": {number}}}, "collectors": {{"mine": {number}}}, "note": {number}}}')
