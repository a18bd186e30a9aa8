"""Agreement with k6, and findings that name the right thing once."""

import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keys import EC

from k6cfg.k6.decode import Script, read
from k6cfg.rules import RULES, check
from k6cfg.rules.judge import JUDGE_RULES, judge
from k6cfg.rules.schema_precheck import covered, doubtful
from k6cfg.rules.schema_violation import _place, _validator
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import CLOUD, LOADING, RUN, Applicability, Diagnostic, Severity, apply_edits
from k6cfg.text.encoding import decode
from k6cfg.text.parser import parse
from k6cfg.text.tree import Document

VERDICTS = Path(__file__).parent.parent / "fixtures" / "verdicts" / "verdicts.jsonl.gz"
ASKED = Script(frozenset({"default"}), {})
"""What the script had with which k6 was asked for the verdicts."""


def found_in(text: str | bytes, version: str = "2.2.0", script: Script | None = None) -> list[Diagnostic]:
    decoded = decode(text.encode() if isinstance(text, str) else text)
    document = parse(decoded.text, decoded.encoding)
    schema = load(Version.parse(version))
    if any(one.severity is Severity.ERROR for one in document.diagnostics):
        return list(document.diagnostics)
    reading, judged = judge(document, schema)
    return sorted(
        [*judged, *check(reading, schema, script or Script())],
        key=lambda one: (one.span, one.rule.name),
    )


def named(text: str, version: str = "2.2.0") -> list[tuple[str, str]]:
    return [(one.rule.name, one.pointer) for one in found_in(text, version)]


def verdicts(path: Path = VERDICTS) -> Iterator[dict[str, dict[str, dict[str, object]]]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


@pytest.mark.parametrize("version", ["2.2.0", "1.8.1", "1.0.0", "0.57.0", "0.45.0", "0.30.0"])
def test_agrees_with_k6(version: str) -> None:
    asked, wrong = 0, []
    for case in verdicts():
        said = case["k6"].get(version, {})
        refuses = {use for one in found_in(base64.b64decode(str(case["text"])), version, ASKED) for use in one.refuses}
        for use in (RUN, CLOUD):
            if use in said:
                asked += 1
                if (said[use] is None) == (use in refuses):
                    wrong.append((case["id"], use, said[use]))
    assert wrong == []
    assert asked > 8000


def test_agrees_with_thirteen_more_versions() -> None:
    asked, wrong = 0, []
    for case in verdicts(VERDICTS.with_name("versions.jsonl.gz")):
        for version, said in case["k6"].items():
            found = found_in(base64.b64decode(str(case["text"])), version, ASKED)
            refuses = {use for one in found for use in one.refuses}
            for use in said:
                asked += 1
                if (said[use] is None) == (use in refuses):
                    wrong.append((case["id"], version, use, said[use]))
    assert wrong == []
    assert asked > 3000


SUITES_SINCE_0_25 = (
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_RSA_WITH_AES_128_CBC_SHA256",
)  # fmt: skip
TIME_UNIT = (
    '{"scenarios": {"a": {"executor": "ramping-arrival-rate", "timeUnit": %s, "preAllocatedVUs": 1, "maxVUs": 1,'
    ' "stages": [{"duration": "1s", "target": 1}]}}}'
)


@pytest.mark.parametrize(
    ("text", "last", "first", "late"),
    [
        *[(f'{{"tlsCipherSuites": ["{suite}"]}}', "0.24.0", "0.25.0", True) for suite in SUITES_SINCE_0_25],
        ('{"hosts": {"a.example": "1.2.3.4:80"}}', "0.27.1", "0.28.0", True),
        ('{"summaryTrendStats": ["p95"]}', "0.25.1", "0.26.0", False),
        ('{"blacklistIPs": ["10.0.0.0/8"]}', "0.24.0", "0.25.0", True),
        ('{"blacklistIPs": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}]}', "0.24.0", "0.25.0", False),
        ('{"blacklistIPs": [{"ip": "10.0.0.0", "note": 1}]}', "0.24.0", "0.25.0", False),
        ('{"blacklistIPs": [{"Mask": [255, 0, 0, 0]}]}', "0.24.0", "0.25.0", False),
        (TIME_UNIT % 0, "0.49.0", "0.50.0", False),
        (TIME_UNIT % '"0s"', "0.49.0", "0.50.0", False),
        ('{"thresholds": {"http_reqs": ["é1٣ < 5"]}}', "0.36.0", "0.37.0", False),
    ],
)
def test_what_the_versions_around_a_change_accept(text: str, last: str, first: str, *, late: bool) -> None:
    """``last`` is the last version before a change, ``first`` the first one after; ``late`` says that it accepts."""
    accepted = [not any(RUN in one.refuses for one in found_in(text, version, ASKED)) for version in (last, first)]
    assert accepted == [not late, late]


@pytest.mark.parametrize(
    "text",
    [
        '{"blacklistIPs": [{"IP": "10.0.0"}]}',
        '{"blacklistIPs": [{"IP": 1}]}',
        '{"blacklistIPs": [{"Mask": "no base64"}]}',
        '{"blacklistIPs": [{"Mask": [256]}]}',
        '{"blacklistIPs": ["10.0.0.0/8"]}',
        TIME_UNIT % -1,
        '{"thresholds": {"http_reqs": ["٣a < 5"]}}',
    ],
)
def test_what_old_versions_reject(text: str) -> None:
    version = "0.27.0" if "scenarios" in text else "0.23.1"
    assert any(RUN in one.refuses for one in found_in(text, version, ASKED))


def test_each_client_certificate_is_loaded_when_it_is_decoded_and_once() -> None:
    """k6 keeps the pair that an entry loaded first, so what a later duplicate puts into the entry is not loaded."""
    cert, key = (json.dumps(text) for text in EC)
    good = f'{{"cert": {cert}, "key": {key}}}'
    bad = '{"cert": "x", "key": "y"}'
    for text, accepted in (
        (f'{{"tlsAuth": [{good}]}}', True),
        (f'{{"tlsAuth": [{bad}]}}', False),
        (f'{{"tlsAuth": [{bad}], "tlsAuth": null}}', False),
        (f'{{"tlsAuth": [{bad}], "TLSAUTH": []}}', False),
        (f'{{"tlsAuth": [{bad}], "tlsAuth": [{good}]}}', False),
        (f'{{"tlsAuth": [{good}], "tlsAuth": [{bad}]}}', True),
        (f'{{"tlsAuth": [{good}], "tlsAuth": null, "tlsAuth": [{bad}]}}', False),
        (f'{{"tlsAuth": [{good}], "tlsAuth": [null]}}', True),
        (f'{{"tlsAuth": [{good}], "tlsAuth": [{good}, {bad}]}}', False),
    ):
        for version in ("2.2.0", "0.32.0"):
            assert any(RUN in one.refuses for one in found_in(text, version)) is not accepted, (text, version)


def test_the_quick_look_never_passes_what_the_validator_would_not() -> None:
    for version in ("2.2.0", "0.29.0"):
        schema = load(Version.parse(version))
        for case in verdicts():
            document = parsed(base64.b64decode(str(case["text"])))
            if document is None:
                continue
            reading = read(document, schema)
            if not doubtful(reading.root, schema.version):
                assert not list(_validator(schema).iter_errors(reading.shape)), document.text
                continue
            about = {each.pointer for each in reading.diagnostics}
            if not doubtful(reading.root, schema.version, about):
                for violation in _validator(schema).iter_errors(reading.shape):
                    assert covered(_place(reading, violation)[1], about), document.text


def parsed(data: bytes) -> Document | None:
    decoded = decode(data)
    document = parse(decoded.text, decoded.encoding)
    return None if any(one.severity is Severity.ERROR for one in document.diagnostics) else document


def test_a_good_file_needs_no_validator() -> None:
    code = (
        "import sys\n"
        "from k6cfg.rules.judge import judge\nfrom k6cfg.text.parser import parse\nfrom k6cfg.k6.decode import Script\n"
        "from k6cfg.rules import check\nfrom k6cfg.schema import load\n"
        'text = \'{"vus": 5, "duration": "1m", "thresholds": {"http_reqs": ["count>1"]}, "hosts": {"a": "1.1.1.1"}}\'\n'
        "reading, found = judge(parse(text), load())\n"
        "assert not found and not check(reading, load(), Script())\n"
        "heavy = {'jsonschema', 'difflib', 'typer', 'rich', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- one fault, one finding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"vus": "5", "duration": "1m"}', [("odd-type", "/vus")]),
        ('{"VUS": 5, "duration": "1m"}', [("key-case", "/VUS")]),
        ('{"duration": "1m", "duration": "2m"}', [("duplicate-key", "/duration")]),
        ('{"thresold": {}}', [("unknown-key", "/thresold")]),
        ('{"noSummary": true}', [("removed-key", "/noSummary")]),
        ('{"consoleOutput": "x"}', [("not-a-file-key", "/consoleOutput")]),
        ('{"httpDebug": "all"}', [("not-a-choice", "/httpDebug")]),
        ('{"systemTags": ["urll"]}', [("not-a-choice", "/systemTags/0")]),
        ('{"rps": -1}', [("out-of-bounds", "/rps")]),
        ('{"teardownTimeout": "-1s"}', [("out-of-bounds", "/teardownTimeout")]),
        ('{"hosts": {"a": "b"}}', [("not-intended", "/hosts/a")]),
        ('{"hosts": {"a_b": "1.1.1.1"}}', [("bad-name", "/hosts/a_b")]),
        ('{"scenarios": {"a": {"executor": "constant-vus"}}}', [("scenario", "/scenarios/a")]),
        (
            '{"scenarios": {"a": {"executor": "constant-vus", "durration": "1m"}}}',
            [("unknown-key", "/scenarios/a/durration")],
        ),
        (
            '{"scenarios": {"a": {"executor": "constant-vus", "duration": "0s"}}}',
            [("scenario", "/scenarios/a/duration")],
        ),
        (
            '{"scenarios": {"a": {"executor": "ramping-vus", "stages": [{}]}}}',
            [("scenario", "/scenarios/a/stages/0")] * 2,
        ),
        (
            '{"tlsAuth": [{"crt": "x", "key": "y"}]}',
            [("unknown-key", "/tlsAuth/0/crt"), ("client-certificate", "/tlsAuth/0/key")],
        ),
        ('{"tlsAuth": [{}]}', [("client-certificate", "/tlsAuth/0")]),
        ('{"collectors": {"Cloud": {}}}', [("unknown-key", "/collectors/Cloud")]),
        ('{"thresholds": {"http_reqs": [{}]}}', [("threshold", "/thresholds/http_reqs/0")]),
        ('{"ext": {"loadimpact": {"projectID": 1}}}', [("removed-key", "/ext/loadimpact")]),
    ],
)
def test_one_fault_is_one_finding(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"//": "note", "_comment": ["x"], "$schema": "https://example.com"}',
        '{"dns": {"_why": "x"}, "collectors": {"cloud": {"//": 1}, "xk6-output-foo": {"a": {"b": 1}}, "elasticsearch": {}}}',
        '{"cloud": {"projectID": 1, "note": "x", "distribution": {}}, "ext": {"other": 5}}',
        '{"duration": null, "scenarios": null, "tags": {}, "hosts": {}, "out": []}',
        '{"tags": {"vu": "1"}, "stages": [{"duration": "1m", "target": 5, "_why": "x"}]}',
        '{"scenarios": {"ui": {"executor": "shared-iterations", "options": {"browser": {"type": "chromium"}}}}}',
    ],
)
def test_notes_and_what_others_read_is_not_nagged_about(text: str) -> None:
    assert named(text) == []


def test_pointers_have_keys_as_they_are_written() -> None:
    (one,) = found_in(b'{"thr\xffsholds": {}}')
    assert one.pointer == "/thr\udcffsholds"
    assert one.fix is not None
    assert one.fix.pointers == ("/thresholds", "/thr\udcffsholds")


def test_a_refused_note_is_still_refused() -> None:
    text = '{"scenarios": {"a": {"executor": "per-vu-iterations", "_why": "x"}}}'
    assert [one.refuses for one in found_in(text)] == [LOADING]


def test_versions_have_their_own_word() -> None:
    assert "one of ssl3.0, tls1.0, tls1.1, tls1.2;" in found_in('{"tlsVersion": "tls1.3"}', "0.18.0")[0].message
    assert named('{"features": []}', "2.0.0") == [("key-of-newer-k6", "/features")]
    assert named('{"features": []}', "2.1.0") == []
    assert named('{"ext": {"loadimpact": {}}}', "1.8.1") == [("deprecated", "/ext/loadimpact")]
    assert named('{"tlsVersion": "ssl3.0"}', "0.31.0") == []
    assert named('{"tlsVersion": "ssl3.0"}', "0.32.0") == [("bad-value", "/tlsVersion")]
    assert named('{"out": "json"}', "0.20.0") == []
    assert named('{"vusMax": 5}', "0.26.0") == []


def test_the_help_says_what_was_meant() -> None:
    def help_for(text: str) -> str:
        (one,) = found_in(text)
        return str(one.help)

    assert "`vus`" in help_for('{"virtual_users": 5}')
    assert "`vus`" in help_for('{"K6_VUS": 5}')
    assert "`collectors.cloud`" in help_for('{"token": "x"}')
    assert "`token` under `collectors.cloud`" in help_for('{"apiKey": "x"}')
    assert "`cloud`" in help_for('{"collectors": {"Cloud": {}}}')
    assert "constant-arrival-rate" in help_for(
        '{"scenarios": {"a": {"executor": "constant-vus", "rate": 1, "duration": "1m"}}}'
    )
    assert "around them" in help_for('{"options": {"vus": 1}}')
    assert '"executor" by "excutor"' in help_for('{"scenarios": {"a": {"excutor": "constant-vus"}}}')
    assert 'write "preferIPv4"' in help_for('{"dns": {"policy": "preferipv4"}}')
    assert 'write "10s"' in help_for('{"duration": "10 s"}')
    assert 'write "10m"' in help_for('{"duration": "10min"}')


SCENARIO = '{"scenarios": {"a": {"executor": "constant-vus", "duration": "1s", "%s": 1}}}'


def test_a_key_of_another_object_is_no_guess() -> None:
    """What stands under one output or in a scenario has nothing to do with what the cloud calls alike."""
    for key in ("name", "timeout", "host", "username"):
        assert "collectors" not in str(found_in(SCENARIO % key)[0].help), key
    for text in ('{"collectors": {"influxdb": {"url": 1}}}', '{"collectors": {"csv": {"token": 1}}}'):
        assert "collectors" not in str(found_in(text)[0].help), text


@pytest.mark.parametrize(
    ("wrong", "right"), [("users", "vus"), ("delay", "startTime"), ("environment", "env"), ("function", "exec")]
)
def test_other_names_for_the_keys_of_a_scenario(wrong: str, right: str) -> None:
    (one,) = found_in(SCENARIO % wrong)
    assert one.help == f"did you mean `{right}`?"
    assert one.fix is None


def test_what_k6_has_nothing_like_is_told_where_it_is_set() -> None:
    for wrong, right in {
        "noCookies": "`noCookiesReset`",
        "name": "`cloud.name`",
        "description": '"_"',
        "timeout": "the script",
        "environment": "`__ENV.",
        "headless": "K6_BROWSER_HEADLESS",
        "thinkTime": "`sleep()`",
    }.items():
        (one,) = found_in(f'{{"{wrong}": 1}}')
        assert right in str(one.help), wrong
        assert one.fix is None


@pytest.mark.parametrize("version", ["0.27.1", "0.26.2", "0.28.0", "0.29.0"])
def test_bare_numbers_were_nanoseconds(version: str) -> None:
    for text, place in (
        ('{"duration": 30}', "/duration"),  # from 0.27.0 on k6 itself rejects it
        ('{"stages": [{"duration": "1s", "target": 1}, {"duration": 60, "target": 1}]}', "/stages/1/duration"),
        ('{"collectors": {"influxdb": {"pushInterval": 3000}}}', "/collectors/influxdb/pushInterval"),
    ):
        assert [pointer for _, pointer in named(text, version)] == [place], text
    for text in ('{"duration": 30000000000}', '{"duration": 0}', '{"duration": "30s"}', '{"duration": "500us"}'):
        assert "out-of-bounds" not in dict(named(text, version)), text
    assert named('{"setupTimeout": 5000}', "0.30.0") == []


# -- misspelt keys ----------------------------------------------------------------------------------------------------


def misspellings(key: str) -> Iterator[str]:
    yield key[:1].swapcase() + key[1:]
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]
        yield key[:at] + key[at] + key[at:]
        yield key[:at] + ("x" if key[at] != "x" else "y") + key[at + 1 :]
        yield key[:at] + key[at + 1 : at + 2] + key[at] + key[at + 2 :]


def test_the_key_that_was_meant_is_suggested_first() -> None:
    schema = load()
    asked = right = 0
    for holder, form in (
        (schema.root, "{%s}"),
        (schema.find(("cloud",)), '{"cloud": {%s}}'),
        (schema.find(("collectors", "cloud")), '{"collectors": {"cloud": {%s}}}'),
        (schema.find(("dns",)), '{"dns": {%s}}'),
        (
            schema.find(("scenarios", "a"), variant="ramping-vus"),
            '{"scenarios": {"a": {"executor": "ramping-vus", %s}}}',
        ),
    ):
        assert holder is not None
        for key in holder.properties:
            for wrong in set(misspellings(key)) - set(holder.properties) - {""}:
                found = [one for one in found_in(form % f'"{wrong}": null') if one.pointer.endswith(f"/{wrong}")]
                asked += 1
                right += bool(found) and f"`{key}`" in f"{found[0].help} {found[0].message}"
    assert asked > 2000
    assert right / asked >= 0.97, f"{right} of {asked}"


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ('{"cloud": {"prjectID": 1}}', "did you mean `projectID`?"),
        ('{"cloud": {"distribution": {}, "note": "x"}}', None),
        ('{"collectors": {"influxdb2": {}, "timescaledb": {}}}', None),
        ('{"collectors": {"cloud": {"apiToken": "x"}}}', "did you mean `token`?"),
        ('{"apiToken": "x"}', "did you mean `token` under `collectors.cloud`?"),
        ('{"tlsVersion": "1.2"}', 'write "tls1.2"'),
        ('{"duration": 30}', 'without a unit k6 counts milliseconds; write "30s" for seconds'),
        ('{"stages": {"target": 5}}', 'write [{"target": 5}]'),
        ('{"thresholds": {"http_req_duration": ["p95=<500"]}}', 'write "p(95)<=500"'),
        ('{"duration": "30seconds"}', 'write "30s"'),
        ('{"teardown": true}', "did you mean `noTeardown`? It says the opposite."),
        ('{"noThrow": true}', "did you mean `throw`? It says the opposite."),
        ('{"browser": {}}', "does it belong into a scenario, as `scenarios.NAME.options.browser`?"),
        ('{"target": 5}', "does it belong into a scenario, as `scenarios.NAME.stages[].target`?"),
        ('{"maxDuration": "1m"}', "does it belong into a scenario, as `scenarios.NAME.maxDuration`?"),
        ('{"threshold": {}}', "did you mean `thresholds`?"),
        ('{"abortOnFail": true}', "does it belong into an entry of `thresholds.NAME`?"),
        ('{"lectors": {"cloud": {}}}', "did you mean `collectors`?"),
        ('{"cert": "x"}', "does it belong into an entry of `tlsAuth`?"),
        (
            '{"loadProfile": {"stages": [], "rps": 1}}',
            "k6 reads the options at the top of the file, with no other key around them",
        ),
        ('{"myOwn": {"stages": [], "mine": 1}}', 'if it is a note, a key that begins with "_" says so'),
    ],
)
def test_help_says_what_to_write(text: str, help_: str | None) -> None:
    assert [one.help for one in found_in(text)] == ([help_] if help_ else [])


# -- promises of every finding -----------------------------------------------------------------------------------------


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in (*JUDGE_RULES, *RULES)]
    assert len(set(names)) == len(names)


def test_findings_keep_their_promises() -> None:
    rules = {*JUDGE_RULES, *RULES}
    for case in list(verdicts())[::3]:
        document = parsed(base64.b64decode(str(case["text"])))
        if document is None:
            continue
        for one in found_in(document.text.encode("utf-8", "surrogateescape")):
            assert one.rule in rules
            assert (one.severity is Severity.ERROR) == bool(one.refuses)
            assert "\n" not in one.message
            assert len(one.message) < 300
            assert 0 <= one.span.start < one.span.end <= len(document.text)


def test_quotes_do_not_make_a_choice_of_a_number() -> None:
    (found,) = [one for one in found_in(b'{"scenarios": {"a": {"executor": 5}}}') if one.rule.name == "wrong-type"]
    assert (found.help, found.fix) == (None, None)


def test_a_safe_fix_cures_its_finding_and_makes_nothing_worse() -> None:
    cured = 0
    for case in list(verdicts())[::2]:
        text = base64.b64decode(str(case["text"])).decode("utf-8", "surrogateescape")
        if parsed(text.encode("utf-8", "surrogateescape")) is None:
            continue
        before = found_in(text.encode("utf-8", "surrogateescape"))
        for one in before:
            if one.fix is None or one.fix.applicability is not Applicability.SAFE:
                continue
            fixed = apply_edits(text, one.fix.edits).encode("utf-8", "surrogateescape")
            after = found_in(fixed)
            errors = [each for each in after if each.refuses]
            assert len(errors) <= len([each for each in before if each.refuses]), (text, one.message)
            cured += 1
    assert cured > 100


SECRET = "not-a-real-t0ken"


@pytest.mark.parametrize("holder", ["[%s]", '{"a": %s}', "%s"])
def test_no_message_holds_a_secret(holder: str) -> None:
    written = holder % f'"{SECRET}"'
    for text in (
        '{"collectors": {"cloud": {"token": %s}}}',
        '{"cloud": {"token": %s}}',
        '{"token": %s}',
        '{"collectors": {"influxdb": {"password": %s}}}',
        '{"tlsAuth": [{"cert": %s, "key": %s}]}',
    ):
        for one in found_in(text.replace("%s", written)):
            assert SECRET not in f"{one.message} {one.help}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(sorted(load().root.properties))


@given(st.dictionaries(KEYS, JSON, max_size=4), st.sampled_from(["2.2.0", "0.45.0", "0.18.0"]))
def test_no_value_makes_judging_fail(content: dict[str, object], version: str) -> None:
    text = json.dumps(content)
    schema = load(Version.parse(version))
    for one in found_in(text, version):
        assert f"{one.message}{one.help}".isprintable()
        assert len(one.message) < 400
    reading = read(parse(text), schema)
    if not doubtful(reading.root, schema.version):
        assert not list(_validator(schema).iter_errors(reading.shape))
