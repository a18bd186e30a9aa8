"""The annotated schema: complete, well-formed, and right for each k6 version."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from k6cfg import schema
from k6cfg.schema import source
from k6cfg.schema.versions import NEWEST, OLDEST, Version

ROOT = Path(__file__).parents[1]
OPTIONS: dict[str, Any] = json.loads((ROOT / "fixtures/k6/options.json").read_text(encoding="utf-8"))
PATHS: list[dict[str, Any]] = OPTIONS["paths"]
TYPES = {
    "nullint": "int",
    "nullbool": "bool",
    "nullstring": "string",
    "nullfloat": "float",
    "duration": "duration",
    "plain_int": "plain-int",
    "plain_bool": "plain-bool",
    "plain_string": "plain-string",
    "string_map": "string-map",
    "string_array": "string-list",
}
EVERY = [Version.parse(text) for text in ("0.18.0", "0.30.0", "0.45.0", "0.57.0", "1.0.0", "1.8.1", "2.2.0")]
NODES = {node.dotted: node for node in schema.load().nodes(obsolete=True)}


def own_name(path: str) -> str:
    # What options.json calls collectors.opentelemetry is also said of the older name, and holds from then on.
    return path.replace("collectors.opentelemetry.", "collectors.experimental-opentelemetry.")


def errors(version: str, config: object) -> set[str]:
    validator = Draft202012Validator(schema.load(Version.parse(version)).document)
    return {f"{error.json_path} {error.validator}" for error in validator.iter_errors(config)}


def dictionaries(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from dictionaries(each)


# Complete


@pytest.mark.parametrize("option", PATHS, ids=lambda option: option["path"])
def test_every_option_is_known_with_its_history(option: dict[str, Any]) -> None:
    node = NODES[own_name(option["path"])]
    removed = option.get("removed_in")
    if node.ignored:
        assert option.get("since_version") is None
    else:
        assert node.since == Version.parse(option["since_version"])
    assert node.removed == (removed and Version.parse(removed))
    assert node.secret == bool(option.get("secret"))
    deprecated = option.get("deprecated_since") or ""
    if deprecated and node.dotted != "ext" and not deprecated.startswith(str(node.removed)):
        assert any(str(found.deprecated) in deprecated for found in (node, *above(node)))


def above(node: schema.Node) -> Iterator[schema.Node]:
    for dotted, found in NODES.items():
        if node.dotted.startswith((dotted + ".", dotted + "[", dotted + "<")):
            yield found


@pytest.mark.parametrize("option", [option for option in PATHS if option.get("env")], ids=lambda option: option["path"])
def test_every_variable_is_known(option: dict[str, Any]) -> None:
    wanted = set(option["env"].split(", "))
    also = set(re.findall(r"(OTEL_\w+) env also", option.get("notes") or ""))
    assert set(NODES[own_name(option["path"])].env) == wanted | also


@pytest.mark.parametrize("option", [option for option in PATHS if option.get("cli")], ids=lambda option: option["path"])
def test_every_flag_is_known(option: dict[str, Any]) -> None:
    wanted = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", option["cli"].partition(" (")[0])
    assert list(NODES[own_name(option["path"])].flag) == wanted


@pytest.mark.parametrize("option", [option for option in PATHS if option.get("form") in TYPES], ids=lambda o: o["path"])
def test_every_plain_type_is_the_one_k6_decodes(option: dict[str, Any]) -> None:
    assert NODES[own_name(option["path"])].type == TYPES[option["form"]]


def is_prose(default: object) -> bool:
    return isinstance(default, str) and bool(re.search(r"=| \(|^[<\"]|see |^(vus|preAllocatedVUs)$", default))


@pytest.mark.parametrize(
    "option",
    [option for option in PATHS if option.get("default") is not None and not is_prose(option["default"])],
    ids=lambda option: option["path"],
)
def test_every_plain_default_is_known(option: dict[str, Any]) -> None:
    assert NODES[own_name(option["path"])].default == option["default"]


def test_choices_are_the_known_ones() -> None:
    enums = OPTIONS["enums"]
    newest = schema.load()
    assert newest.find(["tlsCipherSuites", 0]).enum == tuple(enums["tls_cipher_suites"])  # type: ignore[union-attr]
    assert newest.find(["tlsVersion", "min"]).enum == tuple(enums["tls_versions"]["current"])  # type: ignore[union-attr]
    assert set(newest.find(["systemTags", 0]).enum) == set(enums["system_tags"])  # type: ignore[union-attr]
    assert newest.root.properties["systemTags"].default == enums["system_tags_default"]
    assert set(newest.find(["out", 0]).known) == set(enums["outputs"]["current_v2.2.0"])  # type: ignore[union-attr]
    scenario = newest.find(["scenarios", "any"])
    assert scenario is not None
    assert set(scenario.variants) | set(scenario.obsolete_variants) == set(enums["executors"])
    assert list(scenario.obsolete_variants) == ["externally-controlled"]
    for name, since in enums["csv_time_format"].items():
        assert (name in NODES["collectors.csv.time_format"].enum_since) == (since != "v0.39.0")


def test_keys_stand_in_the_order_in_which_k6_writes_them() -> None:
    assert list(schema.load().root.properties) == OPTIONS["meta"]["marshal_order_v2.2.0"]


# Well-formed


def test_the_schema_and_all_its_versions_are_valid_schemas() -> None:
    Draft202012Validator.check_schema(json.loads((source.folder() / "k6-config.schema.json").read_bytes()))
    for version in EVERY:
        document = schema.load(version).document
        Draft202012Validator.check_schema(document)
        assert not any("x-k6" in part for part in dictionaries(document))
        named = {part["$ref"] for part in dictionaries(document) if "$ref" in part}
        assert named == {f"#/$defs/{name}" for name in document["$defs"]}  # type: ignore[union-attr]


def test_every_place_has_a_type_and_every_key_a_description() -> None:
    for dotted, node in NODES.items():
        assert node.type != "any", dotted
        if node.name not in {"*", "[]"}:
            assert re.fullmatch(r"[A-Z](?s:.)+\.", node.description), dotted


def test_the_annotations_are_those_that_the_readme_explains() -> None:
    readme = (ROOT / "schemas/README.md").read_text(encoding="utf-8")
    raw = source.annotated()
    annotations = [part["x-k6"] for part in dictionaries(raw) if "x-k6" in part]
    explained = set(re.findall(r"`([^`\s]+)`", readme))
    for found in annotations:
        assert set(found) <= explained
        assert found.get("type", "int") in explained
        for form in found.get("history", ()):
            assert {"before"} < set(form) <= explained
            assert source.version_of(found.get("since", str(OLDEST))) < source.version_of(form["before"])
    formats = {part["format"] for part in dictionaries(raw) if isinstance(part.get("format"), str)}
    assert formats <= explained


def test_versions_are_written_in_full_and_past_forms_in_order() -> None:
    for part in dictionaries(source.annotated()):
        found = part.get("x-k6", {})
        for name in ("since", "deprecated", "removed", "oldest", "newest"):
            assert re.fullmatch(r"\d+\.\d+\.\d+", found.get(name, "0.0.0"))
        ends = [source.version_of(form["before"]) for form in found.get("history", ())]
        assert ends == sorted(ends)
    root = source.annotated()["x-k6"]
    assert (root["oldest"], root["newest"]) == (str(OLDEST), str(NEWEST))  # type: ignore[index,call-overload]


def test_replacements_exist() -> None:
    for node in NODES.values():
        if node.replaced_by is not None:
            assert NODES[node.replaced_by].removed is None, node.dotted


def test_examples_and_defaults_are_what_is_meant() -> None:
    for version in EVERY:
        document = schema.load(version).document
        for part in dictionaries(document):
            alone = {**part, "$defs": document["$defs"]}
            values = list(part["examples"]) if isinstance(part.get("examples"), list) and version == NEWEST else []
            if "default" in part and not isinstance(part["default"], dict):
                values.append(part["default"])
            for value in values:
                assert not list(Draft202012Validator(alone).iter_errors(value)), (str(version), part)


# One version


def test_a_newer_version_is_judged_like_the_newest_and_an_older_one_has_no_file() -> None:
    assert schema.load(Version(9, 0)) is schema.load(NEWEST)
    with pytest.raises(ValueError, match="no config"):
        schema.load(Version(0, 17, 2))


def test_keys_come_and_go() -> None:
    old, new = schema.load(Version(0, 29)), schema.load(Version(0, 30))
    assert "summaryExport" in old.root.properties
    gone = new.root.obsolete["summaryExport"]
    assert (gone.since, gone.removed) == (Version(0, 26), Version(0, 30))
    assert "K6_SUMMARY_EXPORT" in (gone.instead or "")
    assert new.root.obsolete["features"].since == Version(2, 1)
    assert new.root.obsolete["consoleOutput"].ignored
    assert new.find(["summaryExport"]) is None
    assert new.find(["summaryExport"], obsolete=True) is gone


def test_what_holds_for_an_object_holds_for_its_keys() -> None:
    assert NODES["collectors.kafka.influxdb.password"].removed == Version(0, 34)
    assert NODES["collectors.kafka.influxdb.password"].secret
    assert NODES["collectors.opentelemetry.exportInterval"].since == Version(1, 4)
    assert NODES["collectors.experimental-opentelemetry.exportInterval"].since == Version(0, 53)
    assert "opentelemetry" not in schema.load(Version(1, 3)).root.properties["collectors"].properties
    # The key of a scenario is written in a definition that all executors share.
    assert "options" not in str(schema.load(Version(0, 44)).document["$defs"]["executor.constant-vus"])  # type: ignore[index,call-overload]


def test_forms_and_defaults_of_the_past() -> None:
    assert schema.load(Version(0, 20)).root.properties["out"].type == "string"
    assert schema.load(Version(0, 21)).root.properties["out"].type == "string-list"
    assert [schema.load(Version(0, minor)).root.properties["batchPerHost"].default for minor in (19, 23, 26)] == [
        0,
        20,
        6,
    ]
    assert schema.load(Version(0, 34)).root.properties["noSetup"].env == ("NO_SETUP",)
    token = schema.load(Version(0, 20)).find(["collectors", "cloud", "token"])
    assert token is not None
    assert (token.type, token.env) == ("plain-string", ("K6_CLOUD_TOKEN", "K6CLOUD_TOKEN"))
    assert schema.load(Version(0, 20)).root.properties["collectors"].type == "struct"
    agent = schema.load(Version(1, 8, 1)).root.properties["userAgent"]
    assert agent.default == "Grafana k6/1.8.1"
    assert "service" not in schema.load(Version(0, 28)).root.properties["systemTags"].default  # type: ignore[operator]


def test_a_scenario_takes_the_shape_of_its_executor() -> None:
    newest = schema.load()
    route = ["scenarios", "smoke", "vus"]
    assert newest.find(route) is None
    found = newest.find(route, variant="constant-vus")
    assert found is not None
    assert (found.dotted, found.type, found.minimum, found.default) == ("scenarios.*<constant-vus>.vus", "int", 1, 1)
    assert newest.find(["scenarios", "smoke", "exec"], variant="no-such-executor") is not None
    assert newest.find(["scenarios", "smoke", "stages", 0, "target"], variant="ramping-vus") is not None
    assert newest.find(["scenarios", "smoke", "maxVUs"], variant="externally-controlled") is None
    assert newest.find(["scenarios", "smoke", "maxVUs"], variant="externally-controlled", obsolete=True) is not None
    scenario = newest.find(["scenarios", "smoke"])
    assert scenario is not None
    assert scenario.variant_key == "executor"
    assert list(scenario.properties) == ["executor", "startTime", "gracefulStop", "env", "exec", "tags", "options"]
    assert all(set(scenario.properties) < set(shape.properties) for shape in scenario.variants.values())


def test_a_route_may_come_from_a_json_pointer() -> None:
    newest = schema.load()
    assert newest.find(["stages", "0", "target"]) is newest.find(["stages", 0, "target"])
    assert newest.find(["tags", "0"]) is newest.root.properties["tags"].values
    assert newest.find(["vus", "deeper"]) is None
    assert newest.find([]) is newest.root


def test_the_names_of_secrets_are_those_of_all_versions() -> None:
    for version in EVERY:
        names = schema.load(version).secret_names
        assert {"token", "password", "deprecatedtoken", "bearertoken", "sigv4secretkey", "key"} <= names
        assert not {"vus", "cert", "username", "cloud"} & names


def test_limits_of_durations_are_durations() -> None:
    assert NODES["duration"].minimum == "1s"
    assert schema.load(Version(0, 26)).root.properties["duration"].minimum == "0s"
    assert {type(node.minimum) for node in NODES.values() if node.type == "duration"} == {str}
    assert NODES["setupTimeout"].exclusive_minimum == "0s"
    assert schema.load(Version(0, 53)).root.properties["setupTimeout"].exclusive_minimum is None


# Files


GOOD: dict[str, Any] = {
    "$schema": "https://example.com/k6-config.schema.json",
    "// note": "nightly run",
    "duration": None,
    "scenarios": {
        "smoke": {"executor": "constant-vus", "vus": 5, "duration": "1m30s", "tags": {"flow": "smoke"}},
        "ramp": {
            "executor": "ramping-arrival-rate",
            "startTime": "2m",
            "preAllocatedVUs": 10,
            "maxVUs": 50,
            "stages": [{"duration": "1m", "target": 20}, {"duration": 30000, "target": 0}],
            "options": {"browser": {"type": "chromium"}},
        },
    },
    "thresholds": {
        "http_req_duration{status:200}": ["p(95)<500"],
        "checks": [{"threshold": "rate>0.9", "abortOnFail": True, "delayAbortEval": "10s"}],
    },
    "tlsVersion": {"min": "tls1.2", "max": "tls1.3"},
    "tlsAuth": [{"cert": "CERTIFICATE", "key": "KEY", "domains": ["*.example.com"]}],
    "dns": {"ttl": "1m", "select": "roundRobin", "policy": "any"},
    "hosts": {"test.example.com": "10.0.0.1", "*.example.com:443": "10.0.0.2:8443"},
    "blacklistIPs": ["10.0.0.0/8"],
    "blockHostnames": ["*.example.org"],
    "summaryTrendStats": ["avg", "p(99.9)"],
    "systemTags": ["status", "url"],
    "out": ["json=results.json", "xk6-custom"],
    "cloud": {"projectID": 1, "distribution": {"first": {"loadZone": "amazon:us:ashburn", "percent": 100}}},
    "ext": {"mine": 1},
    "collectors": {
        "cloud": {"token": "not-a-real-token", "stackID": 1, "timeout": "1m"},
        "experimental-prometheus-rw": {"headers": {"X-Scope": "a"}, "trendStats": ["p(99)"]},
        "opentelemetry": {"exporterProtocol": "http/protobuf"},
        "from-an-extension": {"anything": []},
    },
}


def test_a_decent_file_is_as_it_is_meant() -> None:
    assert errors("2.2.0", GOOD) == set()
    assert errors("2.2.0", None) == set()
    assert errors("2.2.0", dict.fromkeys(schema.load().root.properties)) == set()


@pytest.mark.parametrize(
    "text", ["1" * 200_000, "1." * 100_000, "a" * 200_000 + "!", "a." * 100_000 + "!", "1s" * 100_000 + "x"]
)
def test_no_pattern_takes_long_over_a_long_text(text: str) -> None:
    patterns = {node.pattern for node in NODES.values()} | {
        str(part["pattern"]) for part in dictionaries(source.annotated()) if isinstance(part.get("pattern"), str)
    }
    started = time.process_time()
    for pattern in filter(None, patterns):
        re.search(pattern, text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("version", "config", "wrong"),
    [
        ("2.2.0", {"vsu": 5}, "$ additionalProperties"),
        ("2.2.0", {"vus": "5"}, "$.vus type"),
        ("2.2.0", {"vusMax": 5}, "$ additionalProperties"),
        ("0.26.0", {"vusMax": 5}, None),
        ("2.2.0", {"out": "json"}, "$.out type"),
        ("0.20.0", {"out": "json"}, None),
        ("0.20.0", {"out": ["json"]}, "$.out type"),
        ("2.2.0", {"duration": "10x"}, "$.duration pattern"),
        ("2.2.0", {"duration": "1d"}, None),
        ("0.26.0", {"duration": "1d"}, "$.duration pattern"),
        ("2.2.0", {"duration": "5000"}, None),
        ("0.29.0", {"duration": "5000"}, "$.duration pattern"),
        ("2.2.0", {"duration": 999}, "$.duration minimum"),
        ("2.2.0", {"tlsVersion": "ssl3.0"}, "$.tlsVersion enum"),
        ("0.31.0", {"tlsVersion": "ssl3.0"}, None),
        ("2.2.0", {"tlsVersion": {"minimum": "tls1.2"}}, "$.tlsVersion additionalProperties"),
        ("2.2.0", {"thresholds": {"checks": "rate>0.9"}}, "$.thresholds.checks type"),
        ("2.2.0", {"thresholds": {"checks": [{"treshold": "rate>0.9"}]}}, "$.thresholds.checks[0] required"),
        ("2.2.0", {"dns": {"select": "roundrobin"}}, "$.dns.select enum"),
        ("2.2.0", {"hosts": {"a_b": "10.0.0.1"}}, "$.hosts pattern"),
        ("0.41.0", {"hosts": {"a_b": "10.0.0.1"}}, None),
        ("2.2.0", {"tags": {"build": 5}}, "$.tags.build type"),
        ("0.24.0", {"blacklistIPs": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}]}, None),
        ("0.25.0", {"blacklistIPs": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}]}, "$.blacklistIPs[0] type"),
        ("2.2.0", {"collectors": {"cloud": {"tokn": "T0KEN"}}}, "$.collectors.cloud additionalProperties"),
        ("2.2.0", {"scenarios": {"a": {}}}, "$.scenarios.a required"),
        ("2.2.0", {"scenarios": {"a": {"executor": "nope"}}}, "$.scenarios.a.executor enum"),
        ("2.2.0", {"scenarios": {"a b": {"executor": "shared-iterations"}}}, "$.scenarios pattern"),
        ("2.2.0", {"scenarios": {"a": {"executor": "constant-vus"}}}, "$.scenarios.a required"),
        (
            "2.2.0",
            {"scenarios": {"a": {"executor": "shared-iterations", "rate": 1}}},
            "$.scenarios.a additionalProperties",
        ),
        ("2.2.0", {"scenarios": {"a": {"executor": "externally-controlled"}}}, "$.scenarios.a.executor enum"),
        ("1.8.1", {"scenarios": {"a": {"executor": "externally-controlled", "duration": "1m"}}}, None),
        (
            "0.44.0",
            {"scenarios": {"a": {"executor": "shared-iterations", "options": {}}}},
            "$.scenarios.a additionalProperties",
        ),
    ],
)
def test_one_fault_is_one_error(version: str, config: object, wrong: str | None) -> None:
    found = errors(version, config)
    assert wrong in found if wrong else not found
    assert len(found) <= 1 or "required" in str(wrong)
