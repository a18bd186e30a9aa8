"""Outputs and their arguments, held against outputs that a real k6 2.2.0 started.

``fixtures/k6/outputs.jsonl`` has for each call of ``k6 run --out``: the output, the settings, the variables, the exit
code and what k6 logged. Nothing listened at 127.0.0.1:1, and the cloud could not be reached.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from homes import Home, living

from k6cfg.doctor import Level
from k6cfg.engine import check
from k6cfg.k6.grammars.urls import Url, parse_url
from k6cfg.k6.outputs import argument_faults, extension_of, extension_reading, similar_output
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Severity

ROWS = [
    json.loads(line) for line in (Path(__file__).parent.parent / "fixtures/k6/outputs.jsonl").read_text().splitlines()
]
SCHEMA = load()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with living(monkeypatch) as made:
        yield made


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['out']}" for number, row in enumerate(ROWS)])
def test_what_k6_refuses_is_found_and_nothing_else_is_an_error(home: Home, row: dict[str, Any]) -> None:
    text = json.dumps({**(row["config"] or {}), "out": [row["out"]]})
    home.put(text)
    home.environ.update(row["env"])
    diagnostics = check(text.encode(), SCHEMA).diagnostics
    results = [one for one in home.examine() if one.id in {"outputs", "variables"}]
    bad = [one for one in results if one.level in {Level.ERROR, Level.WARNING}]
    if row["rc"]:
        assert diagnostics or bad
    else:
        assert not [one for one in diagnostics if one.severity is Severity.ERROR]
        assert not [one for one in bad if one.level is Level.ERROR]


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['out']}" for number, row in enumerate(ROWS)])
def test_the_argument_that_stops_k6_stops_it_here(row: dict[str, Any]) -> None:
    name, _, argument = row["out"].partition("=")
    block = ((row["config"] or {}).get("collectors") or {}).get(name) or {}
    settings = {key: value for key, value in block.items() if isinstance(value, str)}
    faults = list(argument_faults(name, argument, SCHEMA, settings))
    said = " ".join(text for _, text in row["said"])
    by_argument = row["config"] is None and not row["env"] and f"create the '{name}' output" in said
    missing = "no such file" in said or "removed in" in said
    assert any(fault.stops for fault in faults) is (by_argument and not missing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://host:8086/db?a=1&a=2", Url("http", "host:8086", "/db", (("a", "1"), ("a", "2")))),
        ("HTTP://u:p@host/a%20b#part", Url("http", "host", "/a%20b", ())),
        ("host:8086/db", Url("host", "", "", ())),  # `host` is the scheme, as in mailto:
        ("db", Url("", "", "db", ())),
        ("?a=%zz&b=1;c=2&d=x+y", Url("", "", "", (("d", "x y"),))),
        ("http://[::1]:8086", Url("http", "[::1]:8086", "", ())),
        ("http://", Url("http", "", "", ())),
        ("///a", Url("", "", "///a", ())),
        ("", Url("", "", "", ())),
    ],
)
def test_an_address_is_read_as_go_reads_it(text: str, expected: Url) -> None:
    assert parse_url(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "::a",
        ":80",
        "1.2.3.4:80/a",
        "http://a:b",
        "http://a b",
        "http://[::1",
        "http://[::1]80",
        "http://a/%",
        "a\nb",
        "%zz",
        "http://%@a",
    ],
)
def test_an_address_that_go_refuses(text: str) -> None:
    assert isinstance(parse_url(text), str)


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("influxdb2", "xk6-influxdb"),
        ("xk6-influxdb", "xk6-influxdb"),
        ("kafka", "xk6-kafka"),
        ("Elasticsearch", "output-elasticsearch"),
        ("statsd", "output-statsd"),
        ("dynatrace", "output-dynatrace"),
        ("json", None),
        ("nowhere", None),
    ],
)
def test_an_output_of_an_extension_is_known(name: str, output: str | None) -> None:
    found = extension_of(name, SCHEMA)
    assert (found.output if found is not None else None) == output


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("prometheus", "experimental-prometheus-rw"),
        ("prometheus-rw", "experimental-prometheus-rw"),
        ("otel", "opentelemetry"),
        ("influx", "influxdb"),
        (" json", "json"),
        ("JSON", "json"),
        ("nowhere", None),
    ],
)
def test_the_output_that_is_meant(name: str, meant: str | None) -> None:
    assert similar_output(name, SCHEMA) == meant


@pytest.mark.parametrize(
    ("variable", "output"),
    [
        ("K6_INFLUXDB_BUCKET", "xk6-influxdb"),
        ("K6_INFLUXDB_ADDR", None),
        ("K6_KAFKA_BROKERS", "xk6-kafka"),
        ("K6_TIMESCALEDB_PUSH_INTERVAL", "timescaledb"),
        ("K6_ELASTICSEARCH_URL", "output-elasticsearch"),
        ("K6_STATSD_ADDR", "output-statsd"),
        ("K6_VUS", None),
    ],
)
def test_a_variable_of_an_extension_is_known(variable: str, output: str | None) -> None:
    found = extension_reading(variable, SCHEMA)
    assert (found.output if found is not None else None) == output


def test_variables_of_extensions_are_none_of_k6s_own() -> None:
    own = {name for node in SCHEMA.nodes() for name in node.env}
    assert not [name for name in own if extension_reading(name, SCHEMA) is not None]


def test_the_first_versions_have_no_list_of_outputs() -> None:
    schema = load(Version(0, 20, 0))
    assert extension_of("kafka", schema) is None
    assert similar_output("jsn", schema) is None
    assert list(argument_faults("json", "a", schema, {})) == []
