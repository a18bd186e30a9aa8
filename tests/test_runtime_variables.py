"""The variables that are no keys of the file: which texts stop every run, by version, and what doctor says of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k6cfg.doctor.check import Level, Result
from k6cfg.doctor.checks import variables
from k6cfg.doctor.context import Machine
from k6cfg.engine.effective import outcome
from k6cfg.engine.explanation import explain
from k6cfg.k6.effective import runtime_faults
from k6cfg.k6.grammars import strvals
from k6cfg.machine.environment import KNOWN, OBSOLETE
from k6cfg.schema import load
from k6cfg.schema.versions import Version

TABLE = json.loads((Path(__file__).parent.parent / "fixtures/k6/runtime_variables.json").read_text("utf-8"))
BAD = {Level.ERROR, Level.WARNING}


def rows(kind: str) -> Iterator[tuple[str, str, str, bool]]:
    for name, version, accepted, rejected in TABLE[kind]:
        yield from ((name, version, text, True) for text in accepted)
        yield from ((name, version, text, False) for text in rejected)


def doctor(environ: dict[str, str], version: str = "2.2.0") -> list[Result]:
    machine = Machine(environ={"HOME": "/nowhere", "PATH": "", **environ}, version_option=version)
    return list(variables.CHECK.run(machine))


def about(results: list[Result], name: str) -> list[Result]:
    return [one for one in results if name in one.finding.split()]


@pytest.mark.parametrize(("name", "version", "text", "accepted"), [*rows("cases")])
def test_what_stops_every_run(name: str, version: str, text: str, accepted: bool) -> None:
    found = outcome(None, load(Version.parse(version)), {name: text})
    assert (found.refusal is None) == accepted, found.refusal
    assert (found.effective is not None) == accepted
    errors = [one for one in about(doctor({name: text}, version), name) if one.level is Level.ERROR]
    assert len(errors) == (not accepted)


@pytest.mark.parametrize(("name", "version", "text", "accepted"), [*rows("cloud")])
def test_what_stops_the_cloud_commands_alone(name: str, version: str, text: str, accepted: bool) -> None:
    schema = load(Version.parse(version))
    assert outcome(None, schema, {name: text}).refusal is None
    assert [fault.when for fault in runtime_faults(schema, {name: text})] == ([] if accepted else ["cloud"])


def test_every_variable_of_the_table_is_known() -> None:
    known = {row.name for row in (*KNOWN, *OBSOLETE)} | {"K6_SECRET_SOURCE"}
    schema = load()
    assert known >= {*schema.variables, *schema.obsolete_variables}
    until = {row.name: row.until for row in OBSOLETE}
    for name, node in schema.obsolete_variables.items():
        assert until[name] == node.removed
    assert {name for name, *_ in TABLE["cases"]} >= {
        name
        for name, node in schema.variables.items()
        if node.read_when is None and not node.lenient and not node.secret
    }


@given(
    st.lists(st.tuples(st.from_regex(r"[a-z.]{1,5}", fullmatch=True), st.from_regex(r"[a-z:/=]{1,5}", fullmatch=True)))
)
def test_arguments_are_read_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    pairs = [(key, value.rstrip("=") or "x") for key, value in pairs]
    assert strvals(",".join(f"{key}={value}" for key, value in pairs)) == pairs


# Doctor


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("K6_SUMMARY_TREND_STATS", "p95"),
        ("K6_DURATION", "100ms"),
        ("K6_ITERATIONS", "0"),
        ("K6_TLSAUTH", "x"),
        ("K6_VUS", '"5"'),
        ("K6_VUS", "'5'"),
        ("K6_NO_THRESHOLDS", '"true"'),
        ("K6_DNS", "x"),
    ],
)
def test_a_value_with_which_no_test_starts_is_an_error(name: str, text: str) -> None:
    (found,) = about(doctor({name: text}), name)
    assert found.level is Level.ERROR
    assert text not in {"p95", "100ms"} or text not in repr(found)


def test_variables_and_file_that_exclude_each_other_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text('{"vus": 10}')
    found = [one for one in doctor({"K6_CONFIG": str(file), "K6_ITERATIONS": "5"}) if one.level is Level.ERROR]
    assert len(found) == 1
    assert "K6_ITERATIONS" in found[0].finding


@pytest.mark.parametrize(
    ("name", "text", "version", "warned"),
    [
        *((name, text, version, True) for version in ("2.2.0", "0.27.0") for name, text in (
            ("K6_DURATION", "10s"), ("K6_ITERATIONS", "5"), ("K6_STAGES", "10s:5"))),
        ("K6_DURATION", "10s", "0.26.0", False),
        ("K6_VUS", "5", "2.2.0", True),
        ("K6_VUS", "5", "2.1.0", True),
        ("K6_VUS", "5", "2.0.0", False),
        ("K6_VUS", "5", "0.57.0", False),
        ("K6_RPS", "5", "2.2.0", False),
    ],
)  # fmt: skip
def test_what_replaces_the_scenarios_of_every_script(name: str, text: str, version: str, warned: bool) -> None:
    (found,) = about(doctor({name: text}, version), name)
    assert (found.level is Level.WARNING) == warned
    said = explain(name, load(Version.parse(version)))
    assert ("every script" in found.finding) == warned
    assert (f"PERF_{name.removeprefix('K6_')}" in (found.remedy or "")) == warned
    assert said.words is not None
    assert (f"PERF_{name.removeprefix('K6_')}" in said.words) == warned


def test_vus_beside_a_duration_replaces_nothing_of_its_own() -> None:
    found = doctor({"K6_VUS": "5", "K6_DURATION": "10s"})
    assert [one.level for one in found] == [Level.WARNING, Level.INFO]


@pytest.mark.parametrize(
    ("name", "text", "level", "says"),
    [
        ("K6_USER_AGENT", '"mine"', Level.WARNING, "quotes"),
        ("K6_SUMMARY_EXPORT", "'out.json'", Level.WARNING, "quotes"),
        ("K6_VUS", '"many"', Level.ERROR, "whole number"),
        ("K6_INFLUXDB_PASSWORD", "op://a/b/c", Level.WARNING, "1Password"),
        ("K6_INFLUXDB_PASSWORD", "vault:secret/k6#x", Level.WARNING, "Vault"),
        ("K6_CLOUD_SECRETS_TOKEN", "ENC[AES256_GCM,data:x]", Level.WARNING, "SOPS"),
        ("K6_OTEL_HEADERS", "${HEADERS}", Level.WARNING, "was not expanded"),
    ],
)
def test_quotes_and_references(name: str, text: str, level: Level, says: str) -> None:
    (found,) = about(doctor({name: text}), name)
    assert found.level is level
    assert says in found.finding
    assert text not in repr(found)


SUGGESTED = [
    ("K6_OUTPUT", "opentelemetry", "K6_OUT"),
    ("K6_OUTPUT", "nothing-like-it", None),
    ("K6_TAG", "a=b", None),
    ("K6_TAG", "a:b", "K6_TAGS"),
    ("K6_CLOUD_STACK", "name", None),
    ("K6_CLOUD_STACK", "12", "K6_CLOUD_STACK_ID"),
    ("K6_HOST", "example.com:10.0.0.1", None),
    ("K6_NO_SUMMARY", "true", None),
    ("K6_CONFIG_FILE", "/nowhere/at/all.json", None),
    ("K6_LOG_OUTPT", "stdout", "K6_LOG_OUTPUT"),
    ("K6_LOG_OUTPT", "elsewhere", None),
    ("K6_DURATON", "10s", None),
    ("K6_RSP", "5", "K6_RPS"),
    ("K6_BATCHES", "5", "K6_BATCH"),
    ("K6_BATCHES", "five", None),
]


@pytest.mark.parametrize(("name", "text", "instead"), SUGGESTED)
def test_only_what_fits_is_suggested(name: str, text: str, instead: str | None) -> None:
    (found,) = about(doctor({name: text}), name)
    assert ("export" in (found.remedy or "")) == (instead is not None)
    assert instead is None or f'export {instead}="${name}"' in (found.remedy or "")


READ = sorted({name for node in load().nodes() for name in node.env if "<" not in name} | {*load().variables})


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from([*READ, *(row.name for row in OBSOLETE if "*" not in row.name)]))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(3, len(name)))
        cut = draw(st.integers(0, 2))
        name = name[:at] + draw(st.sampled_from(["", "S", "_ID", "T", "_"])) + name[at + cut :]
    return name if draw(st.booleans()) else name.lower()


@settings(max_examples=150, deadline=None)
@given(
    misspelt(),
    st.sampled_from(
        ["", "5", "-1", "true", "yes", "name", "a=b", "a:b", "10s", "10s:5", "json=a", "avg,p(95)", '"5"', "${X}",
         "http://127.0.0.1", "stdout", "10.0.0.0/8", "op://a/b"]
    ),
    st.sampled_from(["2.2.0", "1.0.0", "0.57.0", "0.45.0", "0.26.0"]),
)  # fmt: skip
def test_a_suggested_variable_leads_to_no_finding(name: str, text: str, version: str) -> None:
    before = {name: text}
    for found in doctor(before, version):
        if (
            found.level not in BAD
            or f"; unset {name}`" not in (found.remedy or "")
            or "If it was meant" not in str(found.remedy)
        ):
            continue
        target = str(found.remedy).partition("export ")[2].partition("=")[0]
        after = [one for one in doctor({target: text}, version) if one.level in BAD]
        assert not after
