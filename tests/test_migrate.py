"""Migrations: a folder of cases for each, what real k6 says before and after, and the command on whole homes.

A case is ``input.json`` with ``expected.json`` (absent: must not change) and ``diagnostics.txt``, what was done and what
is left to decide; ``case.toml`` names ``from`` and ``to``, else nobody knows, and the newest.
"""

import base64
import gzip
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import FIXTURES, Home
from hypothesis import given
from hypothesis import strategies as st
from inside import call

from k6cfg.engine.effective import outcome
from k6cfg.engine.migration import Migration, migrate
from k6cfg.k6.effective import DEFAULT
from k6cfg.k6.member_lookup import fold
from k6cfg.migrations import MIGRATIONS, RULES, changed_meaning
from k6cfg.migrations.yaml_config import converted
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import Severity
from k6cfg.text.location import pointer_parts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = sorted(path.parent for path in (FIXTURES / "migrations").glob("*/*/input.json"))


def said(plan: Migration) -> str:
    lines = []
    for what, found in (
        *(("change", one) for step in plan.steps for one in step.chosen),
        *(("decide", one) for one in plan.decisions),
    ):
        lines.append(f"{what} {found.rule.name} {found.pointer}\n  {found.message}")
        if found.help is not None:
            lines.append(f"  = {found.help}")
    taken = [name for name, yes in (("run", plan.final.accepted_run), ("cloud", plan.final.accepted_cloud)) if yes]
    return "\n".join([*lines, f"accepted: {', '.join(taken) or 'no'}"]) + "\n"


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(folder: Path, accept: bool) -> None:
    settings = folder / "case.toml"
    asked = tomllib.loads(settings.read_text("utf-8")) if settings.exists() else {}
    source = Version.parse(asked["from"]) if "from" in asked else None
    target = load(Version.parse(asked["to"]) if "to" in asked else NEWEST)
    before = (folder / "input.json").read_bytes()
    plan = migrate(before, target, source)
    expected, findings = folder / "expected.json", folder / "diagnostics.txt"
    if accept:
        findings.write_text(said(plan), "utf-8")
        if plan.changed:
            expected.write_bytes(plan.final.data)
        else:
            expected.unlink(missing_ok=True)
    assert said(plan) == findings.read_text("utf-8")
    assert plan.final.data == (expected.read_bytes() if expected.exists() else before)
    assert not migrate(plan.final.data, target, source).steps, "migrating twice is migrating once"


def test_every_migration_has_its_cases() -> None:
    for rule in RULES:
        names = {path.name for path in (FIXTURES / "migrations" / rule.name).iterdir()}
        assert "fires" in names
        assert "stays-silent" in names
        assert len(names) >= 3
    assert len({rule.name for rule in RULES}) == len(MIGRATIONS)


def known_migrations() -> list[tuple[str, object, object]]:
    facts = json.loads((FIXTURES / "k6" / "options.json").read_text("utf-8"))
    return [(each["id"], each["frm"], each["to"]) for each in facts["migrations"]]


FOR_A_PERSON = {"bare_vus", "externally_controlled", "kafka_datadog", "statsd", "cloud_stack", "thresholds_js"}
STILL_FINE = {"prw_native_hist"}
NOT_OF_THE_TEXT = {"default_path", "permissions", "yaml_config"}


@pytest.mark.parametrize(("name", "before", "after"), known_migrations())
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_each_known_migration_does_what_history_says(
    name: str, before: object, after: object, indent: int | str | None
) -> None:
    if name in NOT_OF_THE_TEXT:
        return  # below, in whole homes
    data = json.dumps(before, indent=indent).encode()
    plan = migrate(data, load(NEWEST))
    if name in STILL_FINE:
        assert not plan.changed
        assert not plan.decisions
    elif name in FOR_A_PERSON:
        assert not plan.changed
        assert plan.decisions
        assert plan.decisions[0].help
    else:
        # As if it had been written anew by the same hand, but for the one list that is new and stands on one line.
        expected = re.sub(r'\[\s*"influxdb"\s*\]', '["influxdb"]', json.dumps(after, indent=indent))
        assert plan.final.data.decode() == expected
        assert plan.final.accepted_run


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ('{"ext": {"loadimpact": {"projectID": 1}}}', ["0.30.0", "0.50.0", "1.8.1"]),
        ('{"collectors": {"opentelemetry": {"exporterType": "http"}}}', ["1.3.0", "1.4.0", "1.8.1"]),
        ('{"blacklistIPs": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}]}', ["0.24.0", "0.25.0", "0.33.0"]),
    ],
)
def test_what_k6_took_in_both_forms_is_carried_over_from_all_that_did(text: str, sources: list[str]) -> None:
    made = {migrate(text.encode(), load(NEWEST), Version.parse(source)).final.data for source in (*sources, "0.18.0")}
    assert made == {migrate(text.encode(), load(NEWEST)).final.data}
    assert made != {text.encode()}
    assert not migrate(text.encode(), load(NEWEST), NEWEST).changed


CARRIED = {"1.8.1": (16, 75), "1.0.0": (16, 75), "0.57.0": (16, 75), "0.45.0": (110, 123), "0.30.0": (118, 146)}
"""By older version: of the files that it takes and the newest refuses, how many are taken then, how many explained."""


def refused_by_new_k6(fixtures: Path) -> Iterator[tuple[bytes, list[str]]]:
    """Each text that the newest refuses, with the older versions that take it, the newest of them first."""
    with gzip.open(fixtures / "verdicts" / "verdicts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            verdicts = case["k6"]
            older = [name for name in CARRIED if name in verdicts and verdicts[name]["run"] is None]
            if older and verdicts[str(NEWEST)]["run"] is not None:
                yield base64.b64decode(case["text"]), older


def carried(data: bytes, source: str) -> bool:
    """Whether the newest takes the file when it is migrated; if not, every reason has to be told with a remedy."""
    plan = migrate(data, load(NEWEST), Version.parse(source))
    if not plan.final.accepted_run:
        told = [one for one in plan.decisions if one.severity is Severity.ERROR]
        assert told, data
        assert all(one.help for one in told), data
    return plan.final.accepted_run


def test_what_new_k6_refuses_is_carried_over_or_explained(fixtures: Path) -> None:
    taken = [carried(data, older[0]) for data, older in refused_by_new_k6(fixtures)]
    assert (sum(taken), len(taken) - sum(taken)) == (118, 147)


@pytest.mark.slow
@pytest.mark.parametrize("version", CARRIED)
def test_from_every_older_version(fixtures: Path, version: str) -> None:
    taken = [carried(data, version) for data, older in refused_by_new_k6(fixtures) if version in older]
    assert (sum(taken), len(taken) - sum(taken)) == CARRIED[version]


# -- nothing changes silently ------------------------------------------------------------------------------------------


def accepted_texts(fixtures: Path) -> Iterator[tuple[bytes, list[str]]]:
    """Each text with the older versions that accept it."""
    with gzip.open(fixtures / "verdicts" / "verdicts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            older = [name for name in CARRIED if name in case["k6"] and case["k6"][name]["run"] is None]
            if older:
                yield base64.b64decode(case["text"]), older


def effective(data: bytes, version: Version) -> dict[str, object] | None:
    """What k6 of a version runs with; None where it does not run."""
    found = outcome(data, load(version), {}).effective
    if found is None:
        return None
    values = {**found.options, **found.beside}
    return {key: value for key, value in values.items() if key != "dns" or found.origins[key] != DEFAULT}


def silent_changes(data: bytes, source: Version, target: Version) -> list[str]:
    """The options that another k6 runs with after a migration that says nothing of them."""
    plan = migrate(data, load(target), source)
    pointers = [one.pointer for one in plan.decisions]
    pointers += [place for step in plan.steps for one in step.chosen if one.fix for place in one.fix.pointers]
    named = {fold(pointer_parts(place)[0]) for place in pointers if place}
    before, after = effective(data, source), effective(plan.final.data, target)
    assert plan.final.accepted_run is (after is not None)
    assert after is not None or any(one.severity is Severity.ERROR for one in plan.decisions), data
    if before is None or after is None:
        return []
    changed = {key for key in (*before, *after) if before.get(key) != after.get(key)}
    return sorted(key for key in changed if fold(key) not in named | SAME_IN_ANOTHER_FORM)


SAME_IN_ANOTHER_FORM = {"collectors", "tlsauth"}
"""Keys that k6 writes in another form since some version; what is in them is compared by the cases."""


def test_no_option_changes_silently(fixtures: Path) -> None:
    for index, (data, older) in enumerate(accepted_texts(fixtures)):
        if index % 5 == 0:
            source = older[index // 5 % len(older)]
            assert not silent_changes(data, Version.parse(source), NEWEST), (source, data)


@pytest.mark.slow
@pytest.mark.parametrize("source", CARRIED)
def test_no_option_of_any_text_changes_silently(fixtures: Path, source: str) -> None:
    for data, older in accepted_texts(fixtures):
        if source in older:
            assert not silent_changes(data, Version.parse(source), NEWEST), data


@pytest.mark.parametrize(
    "text",
    [
        '{"hosts": {"A": "1.2.3.4", "password=SECRET": "1.2.3.4"}}',
        '{"cloud": {"token": "SECRET", "glsa_SECRET": "SECRET", "name": "n"}}',
        '{"ext": {"loadimpact": {"token": "SECRET"}}, "cloud": {"token": ["SECRET"]}}',
        '{"collectors": {"cloud": {"token": "SECRET"}, "cloud": {"testRunToken": "SECRET"}}}',
        '{"collectors": {"experimental-prometheus-rw": {"url": "http://u:SECRET@h", "headers": {"x": "SECRET"}}}}',
        '{"tlsAuth": [{"cert": "", "key": "", "password": "SECRET"}]}',
    ],
)
def test_what_versions_read_differently_is_told_without_secrets(text: str) -> None:
    data = text.replace("SECRET", "cAnArYsEcReTvAlUe0123").encode()
    for source in (Version(0, 19), Version(0, 30)):
        plan = migrate(data, load(NEWEST), source)
        assert plan.decisions
        assert "cAnArY" not in said(plan)


def test_what_older_k6_did_not_read_says_so() -> None:
    plan = migrate(b'{"handleSummaryTimeout": "soon", "vus": "x"}', load(NEWEST), Version(1, 0))
    helps = {one.pointer: one.help or "" for one in plan.decisions}
    assert "k6 before 2.2.0 did not read it" in helps["/handleSummaryTimeout"]
    assert "did not read" not in helps["/vus"]


# -- any text ---------------------------------------------------------------------------------------------------------

_PIECES = [
    '"vusMax": 1', '"noSummary": true', '"out": "json"', '"out": ["statsd"]', '"setupTimeout": 20000000000',
    '"ext": {"loadimpact": {"projectID": 1}}', '"ext": {"a": 1, "loadimpact": {"name": "n"}}', '"cloud": {}',
    '"cloud": null', '"collectors": {"cloud": {"project_id": 1, "no_compress": true, "DeprecatedToken": "x"}}',
    '"collectors": {"experimental-opentelemetry": {"exporterType": "http", "singleCounterForRate": true}}',
    '"blacklistIPs": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}]', '"tlsVersion": "ssl3.0"', '"vus": 5',
    '"execution": {"a": {"type": "constant-looping-vus", "vus": 1, "duration": "1m", "interruptible": true}}',
    '"SummaryTrendStats": ["avg"]', '"tags": {"vusMax": "1"}', '"Out": ""', '"duration": 60000000000',
    '"scenarios": {"a": {"executor": "externally-controlled", "vus": 1, "maxVUs": 1, "duration": "1s"}}',
    '"dns": {"ttl": "1m"}', '"vus": 0', '"cloud": {"projectID": 2}', '"systemTags": ["url", "expected_response"]',
    '"handleSummaryTimeout": 1000', '"hosts": {"A.com": "1.2.3.4"}', '"teardownTimeout": -5000000000',
    '"minIterationDuration": 1500000', '"noSetup": true', '"tlsVersion": {"min": "tls1.3"}', '"webDashboard": true',
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), max_size=7),
    st.sampled_from([", ", ",", " ,\n\t", ",\r\n    "]),
    st.sampled_from([None, Version(0, 20), Version(0, 29), Version(1, 0)]),
    st.sampled_from([Version(0, 30), Version(1, 5), NEWEST]),
)
def test_twice_is_once_and_nothing_gets_worse(
    pieces: list[str], comma: str, source: Version | None, target: Version
) -> None:
    # That bytes outside the edits stay, and values differ where that was said, is proven at every step (engine.prove).
    plan = migrate(("{" + comma.strip(" ,") + comma.join(pieces) + "}").encode(), load(target), source)
    again = migrate(plan.final.data, load(target), source)
    assert not again.steps
    # `source` ignores the new name of a renamed key, so a second run from there says that of it.
    new_names = {changed_meaning.RULE} if plan.steps else set()
    assert {one.rule for one in again.decisions} <= {one.rule for one in plan.decisions} | new_names
    assert plan.final.accepted_run or not plan.start.accepted_run
    if source is not None:
        assert not silent_changes(plan.start.data, source, target)


@given(st.text())
def test_any_text_is_migrated_or_refused(text: str) -> None:
    plan = migrate(text.encode("utf-8", "surrogatepass"), load(NEWEST))
    assert plan.refused is not None or plan.final.well_formed


# -- config.yml -------------------------------------------------------------------------------------------------------


def test_the_file_before_config_json() -> None:
    text = "collectors:\n  influxdb:\n    default_url: http://u:p%40@h:8086/db\n"
    made = converted(text)
    assert made is not None
    settings = {"addr": "http://h:8086", "db": "db", "username": "u", "password": "p@"}
    assert json.loads(made) == {"collectors": {"influxdb": settings}}


@pytest.mark.parametrize(
    "text", ["", "collectors: {}", "vus: 1\n", "collectors:\n  influxdb:\n    default_url: h\n    db: x\n"]
)
def test_other_yaml_is_not_guessed(text: str) -> None:
    assert converted(text) is None


# -- the command ------------------------------------------------------------------------------------------------------

OLD = '{\n  "noSummary": true,\n  "collectors": {"cloud": {"token": "T0KEN", "project_id": 3}}\n}\n'
NEW = '{\n  "collectors": {"cloud": {"token": "T0KEN", "projectID": 3}}\n}\n'


def test_a_file_in_place(home: Home) -> None:
    path = home.write(OLD)
    path.chmod(0o644)
    asked = call(home, "migrate", "--to", "2.2.0")
    assert asked.code == 4
    assert path.read_text() == OLD
    assert "T0KEN" not in asked.err + asked.out
    assert call(home, "migrate", "--to", "2.2.0", "--check").code == 1
    shown = call(home, "migrate", "--to", "2.2.0", "--diff")
    assert (shown.code, path.read_text()) == (1, OLD)
    assert '+  "collectors": {"cloud": {"token": "***", "projectID": 3}}' in shown.out
    done = call(home, "migrate", "--to", "2.2.0", "--yes")
    assert done.code == 0
    assert "K6_SUMMARY_MODE=disabled" in done.err
    assert "k6cfg set-token --stack" in done.err
    assert path.read_text() == NEW
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    again = call(home, "migrate", "--to", "2.2.0", "--check")
    assert (again.code, "nothing to change" in again.err) == (0, True)
    assert call(home, "validate", "--k6-version", "2.2.0", path).code == 0
    assert call(home, "undo", "--yes").code == 0
    assert path.read_text() == OLD


def test_the_old_place(home: Home) -> None:
    old = home.write(OLD, home.folder / ".config" / "loadimpact" / "k6" / "config.json")
    assert call(home, "migrate", "--check").code == 1
    assert not home.config.exists()
    done = call(home, "migrate", "--yes")
    assert done.code == 0
    assert (home.config.read_text(), old.read_text()) == (NEW, OLD)
    both = call(home, "migrate", "--yes")
    assert both.code == 0
    assert "collectors.cloud.projectID" in both.err, "the differences are shown"
    assert "T0KEN" not in both.err
    assert (home.config.read_text(), old.read_text()) == (NEW, OLD)


def test_the_old_place_is_the_place_of_old_k6(home: Home) -> None:
    old = home.write(OLD, home.folder / ".config" / "loadimpact" / "k6" / "config.json")
    assert call(home, "migrate", "--to", "0.57.0", "--yes").code == 0
    assert old.read_text() == NEW
    assert not home.config.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_the_mode_alone(home: Home) -> None:
    path = home.write('{"collectors": {"cloud": {"token": "T0KEN", "stackID": 1}}}')
    path.chmod(0o640)
    assert call(home, "migrate", "--check").code == 1
    assert call(home, "migrate", "--yes").code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert call(home, "migrate", "--check").code == 0
    path.parent.chmod(0o755)
    assert call(home, "migrate", "--check").code == 1, "the folder alone"
    assert call(home, "migrate", "--yes").code == 0
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_a_folder_that_is_not_k6s_own_is_left_open(home: Home) -> None:
    path = home.write('{"collectors": {"cloud": {"token": "T0KEN", "stackID": 1}}}', home.work / "c.json")
    path.chmod(0o600)
    home.work.chmod(0o755)
    assert call(home, "migrate", path, "--yes").code == 0
    assert home.work.stat().st_mode & 0o777 == 0o755
    public = home.write('{"rps": 5}')
    public.parent.chmod(0o755)
    assert call(home, "migrate", "--check").code == 0, "nothing in it is a secret"


def test_what_a_person_must_decide(home: Home) -> None:
    text = '{"scenarios": {"a": {"executor": "externally-controlled", "vus": 1, "maxVUs": 5, "duration": "1m"}}}'
    path = home.write(text, home.work / "c.json")
    done = call(home, "migrate", path, "--yes", "--output-format", "json")
    assert done.code == 1
    content = json.loads(done.out)
    assert content["decisions"][0]["migration"] == "externally-controlled"
    assert content["decisions"][0]["severity"] == "error"
    assert (content["pending"], content["accepted"]["run"], content["changes"]) == (False, False, [])
    assert path.read_text() == text


def test_everything_that_the_new_version_rejects_is_named(home: Home) -> None:
    text = '{"summaryTrendStats": ["avg", "p95"], "blacklistIPs": [{"IP": "x"}, "10.0.0.0/8"], "handleSummaryTimeout": "1s"}'
    done = call(home, "migrate", "-", "--from", "2.1.0", "--to", "2", "--diff", stdin=text.replace('{"IP": "x"}, ', ""))
    assert done.code == 1
    lines = done.err.splitlines()
    assert [line.partition(" ")[0] for line in lines if line.endswith("]")] == ["error", "decide"]
    assert "trend-stat" in lines[0]
    assert "did not read" not in done.err, "k6 2.1.0 reads it"
    assert lines[-1] == "<standard input>: k6 2.2.0 rejects this file until the errors above are resolved"
    plan = migrate(text.encode(), load(NEWEST), Version(0, 30))
    assert "/blacklistIPs/0" in {one.pointer for one in plan.decisions if one.severity is Severity.ERROR}
    cloud = call(home, "migrate", "-", stdin='{"collectors": {"cloud": {"projectID": "x"}}}')
    assert "the cloud commands of k6 reject this file" in cloud.err


def test_yaml_goes_beside(home: Home) -> None:
    text = "collectors:\n  influxdb:\n    default_url: http://me:T0KEN@h:8086/db\n"
    path = home.write(text, home.work / "config.yml")
    done = call(home, "migrate", path, "--yes")
    assert done.code == 0
    assert "T0KEN" not in done.err + done.out
    assert json.loads((home.work / "config.json").read_text())["collectors"]["influxdb"]["db"] == "db"
    assert path.read_text() == text


@pytest.mark.parametrize("source", ["0.17.2", "0.17", "0", "1.x"])
def test_a_source_by_another_name(home: Home, source: str) -> None:
    done = call(home, "migrate", "-", "--from", source, "--output-format", "json", stdin='{"noSetup": true}')
    content = json.loads(done.out)
    assert ("/noSetup" in {each["pointer"] for each in content["decisions"]}) is source.startswith("0.17")
    assert content["from"] == {"0": "0.59.0", "1.x": "1.8.0", "0.17": "0.17.0"}.get(source, source)


def test_yaml_in_the_old_place_is_found(home: Home) -> None:
    text = "collectors:\n  influxdb:\n    default_url: http://h:8086/db\n"
    path = home.write(text, home.folder / ".config" / "loadimpact" / "k6" / "config.yml")
    assert call(home, "migrate", "--check").code == 1
    assert call(home, "migrate", "--yes").code == 0
    assert json.loads(home.config.read_text())["collectors"]["influxdb"] == {"addr": "http://h:8086", "db": "db"}
    assert path.read_text() == text


def test_the_old_place_by_name_stays_and_is_told(home: Home) -> None:
    old = home.write(OLD, home.folder / ".config" / "loadimpact" / "k6" / "config.json")
    done = call(home, "migrate", old, "--yes")
    assert old.read_text() == NEW
    assert not home.config.exists()
    assert "k6cfg migrate without FILE copies it there" in done.err


def test_as_a_filter(home: Home) -> None:
    done = call(home, "migrate", "-", stdin=OLD)
    assert (done.code, done.out) == (0, NEW)
    assert "T0KEN" not in done.err
    assert call(home, "migrate", "-", "--check", stdin=OLD)[:2] == (1, "")
    assert call(home, "migrate", "-", stdin=NEW)[:2] == (0, NEW)
    shown = call(home, "migrate", "-", "--diff", stdin=OLD)
    assert (shown.code, "T0KEN" in shown.out, "projectID" in shown.out) == (1, False, True)
    refused = call(home, "migrate", "-", stdin="no such thing")
    assert (refused.code, refused.out) == (3, "no such thing")
    content = json.loads(call(home, "migrate", "-", "--output-format", "json", stdin=OLD).out)
    assert (content["path"], content["pending"]) == ("-", True)


def test_json_is_all_that_is_on_stdout(home: Home) -> None:
    nothing = json.loads(call(home, "migrate", "--output-format", "json").out)
    assert (nothing["pending"], nothing["changes"], nothing["accepted"]["run"]) == (False, [], True)
    path = home.write(OLD)
    for more in ("--diff", "--check", "--yes"):
        done = call(home, "migrate", more, "--output-format", "json")
        assert json.loads(done.out)["path"] == str(path)


def test_what_cannot_be_repaired_names_the_way(home: Home) -> None:
    path = home.write('{"vusMax": 1, zzz', home.work / "c.json")
    done = call(home, "migrate", path, "--yes")
    assert done.code == 3
    assert "validate --fix --unsafe-fixes" in done.err
    assert "k6cfg validate ~/project/c.json shows" in done.err


def test_what_is_too_large_to_be_changed_costs_no_time(home: Home) -> None:
    path = home.write(b'{"tags": {}, "vusMax": 1}' + b" " * (17 << 20), home.work / "c.json")
    done = home.run("migrate", path, "--check", timeout=20)
    assert done.code == 3
    assert "larger than 16 MiB" in done.err
    piped = home.run("migrate", "-", stdin=path.read_bytes(), timeout=20)
    assert (piped.code, piped.out) == (3, "")


@pytest.mark.parametrize("name", ["2", "2.x", "latest", "2.2", "2.9.0"])
def test_a_target_by_another_name(home: Home, name: str) -> None:
    path = home.write('{"noSummary": true}', home.work / "c.json")
    content = json.loads(call(home, "migrate", path, "--to", name, "--output-format", "json").out)
    assert content["k6_version"] == (name if name.count(".") == 2 else str(NEWEST))
    assert content["changes"][0]["migration"] == "removed-key"
    assert call(home, "validate", path, "--k6-version", name).code == 0


def test_bad_use(home: Home) -> None:
    assert call(home, "migrate", "--from", "1.0.0", "--to", "0.57.0").code == 2
    assert call(home, "migrate").code == 0, "nothing there is nothing to do"
    assert call(home, "migrate", "nowhere.json").code == 3
    assert call(home, "migrate", "--from", "old").code == 2
    assert call(home, "migrate", "--to", "old").code == 2
    broken = home.write("no such thing", home.work / "broken.json")
    assert call(home, "migrate", broken, "--yes").code == 3
    mended = home.write('{"vusMax": 1\n"rps": 2}', home.work / "mended.json")
    assert call(home, "migrate", mended, "--yes").code == 0
    assert json.loads(mended.read_text()) == {"rps": 2}
