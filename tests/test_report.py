"""The formats of ``validate``: each is what its reader takes, says the same findings, and tells no secret."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from conftest import FIXTURES, Done, Home
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import call
from jsonschema_rs import Draft202012Validator

from k6cfg.engine import check
from k6cfg.report import gitlab, junit, sarif
from k6cfg.report.artifact_uri import HOME, PROJECT, named
from k6cfg.report.model import FileReport, Folders, Problem, Verdict
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST
from k6cfg.text.diagnostics import apply_edits

FORMATS = ["text", "concise", "json", "github", "gitlab", "junit", "sarif"]
PROGRAMS = ["github", "gitlab", "junit", "sarif"]
SCHEMA = load(NEWEST)
SARIF = Draft202012Validator(json.loads((FIXTURES / "sarif" / "sarif-2.1.0.json").read_text("utf-8")))
CANARY = "glc_CANARYcanary0123456789"

BROKEN = '{\n    "collectors" {\n        "cloud": { "token": "' + CANARY + '" }\n    }\n}\n'
ODD = '{"thresold": {}, "vus": "many",\n "VUS": 5, "duration": "10s"}\n'
GOOD = '{"vus": 5, "duration": "10s"}\n'
FINDINGS = [
    ("broken.json", "missing-colon", "error", 2, 17),
    ("odd.json", "unknown-key", "warning", 1, 2),
    ("odd.json", "bad-number", "error", 1, 25),
    ("odd.json", "key-case", "warning", 2, 2),
    ("odd.json", "duplicate-key", "warning", 1, 18),
]


def read_xml(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def put(home: Home) -> list[str]:
    (home.work / ".git").mkdir()
    for name, text in (("broken.json", BROKEN), ("odd.json", ODD), ("good.json", GOOD)):
        home.write(text, home.work / name)
    return ["broken.json", "odd.json", "good.json"]


def report(home: Home, output: str, *arguments: str, **variables: str) -> Done:
    return call(home, "validate", "--output-format", output, *arguments, **variables)


def of_sarif(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    levels = {"error": "error", "warning": "warning", "note": "info"}
    for run in json.loads(text)["runs"]:
        for result in run["results"]:
            where = result["locations"][0]["physicalLocation"]
            region = where["region"]
            yield (
                where["artifactLocation"]["uri"],
                result["ruleId"],
                levels[result["level"]],
                region["startLine"],
                region["startColumn"],
            )


def of_concise(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    for line in text.splitlines():
        found = re.fullmatch(r"(.+?):(\d+):(\d+): (\w+) ([\w-]+) .+", line)
        assert found, line
        yield found[1], found[5], found[4], int(found[2]), int(found[3])


def of_github(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    for command, values, _ in annotations(text):
        if "line" in values:
            rule = values["title"].removeprefix("k6cfg: ")
            severity = {"notice": "info"}.get(command, command)
            yield values["file"], rule, severity, int(values["line"]), int(values["col"])


def annotations(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """What the runner makes of a log: commands, but for what stands between stop-commands and its end."""
    stopped = None
    for line in text.splitlines():
        if stopped is None and line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif stopped is not None:
            stopped = None if line == f"::{stopped}::" else stopped
        else:
            found = re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line)
            assert found, line
            pairs = (pair.split("=", 1) for pair in found[2].split(","))
            yield found[1], {name: plain(value) for name, value in pairs}, plain(found[3])
    assert stopped is None


def plain(text: str) -> str:
    for code, letter in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, letter)
    return text


def of_json(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    for file in json.loads(text)["files"]:
        for one in file["diagnostics"]:
            start = one["range"]["start"]
            yield file["path"], one["rule"], one["severity"], start["line"], start["column"]


@pytest.mark.parametrize("reader", [of_sarif, of_concise, of_github, of_json], ids=lambda reader: reader.__name__)
def test_all_formats_say_the_same(home: Home, reader: Any) -> None:
    done = report(home, reader.__name__.removeprefix("of_"), *put(home))
    assert done.code == 1
    assert sorted(reader(done.out)) == sorted(FINDINGS)


def test_gitlab(home: Home) -> None:
    done = report(home, "gitlab", *put(home), "nope.json")
    issues = json.loads(done.out)
    assert done.code == 3
    assert all(set(one) == {"description", "check_name", "fingerprint", "severity", "location"} for one in issues)
    severities = {"error": "critical", "warning": "minor", "info": "info"}
    assert [(one["location"]["path"], one["check_name"], one["severity"]) for one in issues[:-1]] == [
        (path, rule, severities[severity])
        for path, rule, severity, _, _ in sorted(FINDINGS, key=lambda one: (one[0], one[3:]))
    ]
    assert (issues[-1]["check_name"], issues[-1]["severity"]) == ("could-not-read", "blocker")
    assert len({one["fingerprint"] for one in issues}) == len(issues)


@pytest.mark.parametrize("strict", [False, True])
def test_junit(home: Home, strict: bool) -> None:
    done = report(home, "junit", *put(home), "nope.json", *(["--strict"] if strict else []))
    root = read_xml(done.out)
    names = [suite.get("name") for suite in root]
    assert (root.tag, names) == ("testsuites", ["broken.json", "odd.json", "good.json", "nope.json"])
    bad = 5 if strict else 2
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("7", str(bad), "1")
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert root.find("testsuite[@name='nope.json']/testcase/error") is not None
    assert root.find("testsuite[@name='good.json']/testcase/*") is None


def test_sarif_holds_against_the_schema_and_names_its_rules(home: Home) -> None:
    done = report(home, "sarif", *put(home), "nope.json")
    log = json.loads(done.out)
    SARIF.validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert "k6cfg explain" in rule["help"]["text"]
        assert rule["name"].isalnum()
        assert "helpUri" not in rule
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert run["invocations"][0]["executionSuccessful"] is False
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "nope.json"
    assert (
        json.loads(report(home, "sarif", "good.json").out)["runs"][0]["invocations"][0]["executionSuccessful"] is True
    )


def applied(text: str, fix: dict[str, Any]) -> str:
    """What a program makes of a fix that knows lines and columns alone."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
    (change,) = fix["artifactChanges"]
    for one in reversed(change["replacements"]):
        region = one["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        assert (start, end - start) == (region["charOffset"], region["charLength"])
        text = text[:start] + one["insertedContent"]["text"] + text[end:]
    return text


def test_what_looks_like_a_link_is_none_in_sarif() -> None:
    data = b'{"[here](https://example.test)": 1, "[x] (y)": 2}'
    checked = check(data, load())
    log = json.loads(sarif.render(Verdict(NEWEST, [FileReport("c.json", "c.json", checked, checked.diagnostics)])))
    first, second = (one["message"]["text"] for one in log["runs"][0]["results"])
    assert "\\[here\\](https://example.test)" in first
    assert '"[x] (y)"' in second


@pytest.mark.parametrize(
    "text",
    [
        ODD,
        BROKEN,
        "\ufeff{'rps': 5 // low\n}",
        '{"tags": {"é😀": "b"}, "x": 1,\r\n\r"thresold": {}}',
        "{'rps': 5 // low\n}",
    ],
)
def test_sarif_places_and_fixes_are_those_of_the_text(text: str) -> None:
    checked = check(text.encode(), SCHEMA)
    file = FileReport("f.json", "f.json", checked, checked.diagnostics)
    log = json.loads(sarif.render(Verdict(NEWEST, [file])))
    SARIF.validate(log)
    shown = text.removeprefix("\ufeff")
    fixed = 0
    for found, result in zip(checked.diagnostics, log["runs"][0]["results"], strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        inside = shown[region["charOffset"] : region["charOffset"] + region["charLength"]]
        assert inside == text[found.span.start : found.span.end].removeprefix("\ufeff")
        if "fixes" in result:
            assert found.fix is not None
            fixed += 1
            assert applied(shown, result["fixes"][0]) == apply_edits(text, found.fix.edits).removeprefix("\ufeff")
    assert fixed


def prints(text: str, *, path: str = "f.json") -> list[str]:
    checked = check(text.encode(), SCHEMA)
    verdict = Verdict(NEWEST, [FileReport(path, path, checked, checked.diagnostics)])
    found = [one["fingerprint"] for one in json.loads(gitlab.render(verdict))]
    results = json.loads(sarif.render(verdict))["runs"][0]["results"]
    assert [list(one["partialFingerprints"].values()) for one in results] == [[each] for each in found]
    return found


def test_fingerprints_stay_where_values_and_lines_change() -> None:
    known = prints('{"vus": "many", "collectors": {"cloud": {"tokn": "' + CANARY + '"}}}')
    assert len(known) == len(set(known)) == 2
    assert known == prints('{\n\n  "vus": "few", "rps": 1,\n  "collectors": {"cloud": {"tokn": "another"}}}')
    assert not set(known) & set(prints('{"vus": "many", "collectors": {"cloud": {"tokn": 1}}}', path="g.json"))


def test_fingerprints_of_what_is_alike_differ() -> None:
    found = prints('{"a": [1,, 2,, 3,,]}')
    assert len(found) == len(set(found)) > 2


NAMES = [
    "a,b:c%d.json",
    "new\nline.json",
    "::error::x.json",
    "##[error]x.json",
    "tab\t\x1b[31m\x07.json",
    "<&'\">]]>.json",
    "ümläut 日本 😀.json",
    os.fsdecode(b"\xff\xfe.json"),
]


ODD_BYTES = "{\x00\x1b]0;x\x07\ud800\uffff::error::\r\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [*((name, ODD_BYTES) for name in NAMES), (NAMES[1], ODD), (NAMES[-1], BROKEN)],
    ids=lambda value: ascii(value[:12]),
)
def test_odd_names_and_bytes_forge_nothing(home: Home, name: str, text: str) -> None:
    home.write(text.encode("utf-8", "surrogatepass"), home.work / name)
    for output in FORMATS:
        done = report(home, output, f"./{name}", "./missing" + name)
        assert done.code == 3
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", done.out), output
        done.raw.decode("utf-8")
        assert CANARY not in done.out
        if output == "github":
            commands = list(annotations(done.out))
            assert all(
                values["file"].startswith(("missing", name[:1])) for _, values, _ in commands if name[0].isprintable()
            )
        elif output == "junit":
            assert len(read_xml(done.out)) == 2
        elif output in {"gitlab", "sarif", "json"}:
            log = json.loads(done.out)
            if output == "sarif":
                SARIF.validate(log)
                assert not re.search("[\ud800-\udfff]", json.dumps(log, ensure_ascii=False))


@settings(max_examples=40)
@given(
    st.binary(max_size=60)
    | st.text(st.sampled_from('{}[]":,\n\r\t\0a1\ufeff\x85é😀\ufffe'), max_size=40).map(str.encode)
)
def test_any_bytes_make_a_valid_log(data: bytes) -> None:
    checked = check(data, SCHEMA)
    verdict = Verdict(NEWEST, [FileReport("f", "f", checked, checked.diagnostics)])
    log = json.loads(sarif.render(verdict))
    SARIF.validate(log)
    results = log["runs"][0]["results"]
    for result in results:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert min(region.values()) >= 0
        assert region["startColumn"] >= 1 <= region["endColumn"]
    assert read_xml(junit.render(verdict)).tag == "testsuites"
    assert len({one["fingerprint"] for one in json.loads(gitlab.render(verdict))}) == len(results)


def test_paths_are_of_the_project_or_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path / "ann"))
    folders = Folders(str(tmp_path / "ann" / "project" / "sub"), str(tmp_path / "ann" / "project"))
    table = {
        "x.json": (PROJECT, "sub/x.json"),
        "../x.json": (PROJECT, "x.json"),
        str(tmp_path / "ann" / "project" / "sub" / "x.json"): (PROJECT, "sub/x.json"),
        "../../.config/k6/config.json": (HOME, ".config/k6/config.json"),
        "/etc/k6.json": ("", "/etc/k6.json"),
        "-": (PROJECT, "-"),
    }
    assert {path: tuple(named(path, folders)) for path in table} == table


@pytest.mark.parametrize("output", PROGRAMS)
def test_nobodys_home_folder_is_told(home: Home, output: str) -> None:
    home.write(ODD)
    done = report(home, output)
    assert done.code == 1
    assert str(home.folder) not in done.out
    assert ".config/k6/config.json" in done.out


@pytest.mark.parametrize("output", FORMATS)
def test_what_could_not_be_judged_is_in_each_format(home: Home, output: str) -> None:
    for variables in ({}, {"K6_CONFIG": ""}):
        done = report(home, output, *([] if variables else ["nope.json"]), **variables)
        assert done.code == 3
        assert "k6cfg: " in done.err
        if output in PROGRAMS:
            assert "K6_CONFIG is empty" in done.out if variables else "nope.json" in done.out
        if output == "json":
            assert json.loads(done.out)["files"] == []
        if output in {"text", "concise"}:
            assert not done.out


def test_a_bug_of_ours_is_in_the_report(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(text: str, *_: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("k6cfg.engine.checker.parse", crash)
    put(home)
    for output in PROGRAMS:
        done = report(home, output, "broken.json")
        assert done.code == 70
        assert "a bug of k6cfg (RuntimeError)" in plain(done.out)
        assert CANARY not in done.out + done.err


def test_a_default_file_that_is_not_there_is_no_finding(home: Home) -> None:
    assert json.loads(report(home, "gitlab").out) == []
    assert read_xml(report(home, "junit").out).get("failures") == "0"
    assert json.loads(report(home, "sarif").out)["runs"][0]["results"] == []
    assert list(annotations(report(home, "github").out)) == []


def test_a_file_outside_of_the_project_is_no_file_of_it(home: Home) -> None:
    home.write(ODD)
    files = {values["file"] for _, values, _ in annotations(report(home, "github").out)}
    assert files == {"~/.config/k6/config.json"}
    assert {one["location"]["path"] for one in json.loads(report(home, "gitlab").out)} == files
    log = json.loads(report(home, "sarif").out)["runs"][0]
    assert log["artifacts"] == [{"location": {"uri": ".config/k6/config.json", "uriBaseId": "HOME"}}]
    assert log["originalUriBaseIds"]["HOME"].keys() == {"description"}


def test_standard_input(home: Home) -> None:
    for output in PROGRAMS:
        done = call(home, "validate", "--output-format", output, "-", stdin=ODD)
        assert done.code == 1
    assert {one[0] for one in of_sarif(call(home, "validate", "--output-format", "sarif", "-", stdin=ODD).out)} == {"-"}


# -- GitHub Actions by itself -----------------------------------------------------------------------------------------


def test_github_actions_get_annotations_by_themselves(home: Home) -> None:
    done = home.run("validate", *put(home), GITHUB_ACTIONS="true")
    assert sorted(of_github(done.out)) == sorted(FINDINGS)
    assert "k6 refuses it" in done.out, "people read the log too"


def test_where_stdout_is_asked_for_something_else_there_are_none(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k6cfg.cli.output.annotated", lambda stream: stream is not None)
    put(home)
    assert "::error" in call(home, "validate", "odd.json").out
    assert "::error" not in report(home, "text", "odd.json").out
    assert "::" not in call(home, "validate", "--diff", "odd.json").out
    assert call(home, "validate", "--fix", "-", stdin=BROKEN).out == BROKEN.replace('collectors"', 'collectors":')


def test_a_file_is_no_log(home: Home) -> None:
    put(home)
    with (home.work / "report.txt").open("wb") as stream:
        subprocess.run(
            [sys.executable, "-m", "k6cfg", "validate", "odd.json"],
            env={**home.environ, "GITHUB_ACTIONS": "true"},
            cwd=home.work,
            stdout=stream,
            check=False,
        )
    assert "::" not in (home.work / "report.txt").read_text()


def test_a_problem_needs_no_help() -> None:
    verdict = Verdict(NEWEST, [FileReport("f", "f", None, problem=Problem("it is gone"))])
    assert "it is gone" in junit.render(verdict)
    SARIF.validate(json.loads(sarif.render(verdict)))
