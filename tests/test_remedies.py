"""The commands that a report prints do what they promise; each finding is printed once; alike ones are grouped."""

import json
import re
import shlex

import pytest
from conftest import FIXTURES, Home
from inside import call

from k6cfg.cli import edit, write
from k6cfg.k6.file_kind import Kind, kind_of

REPAIRS = sorted(folder.name for folder in (FIXTURES / "repair").iterdir() if folder.is_dir())
VALUES = {
    "safe": '{"vus": "5", "duration": "1s"}',
    "unsafe": '{"duraton": "1s", "tags": {"a": "b"}}',
    "both": '{"duraton": "1s", "batch": "5"}',
    "safe, and one that stays": '{"batch": "5", "aaa": 1}',
    "manual": '{"scenarios": {"a": {"executor": "constant-vus"}}}',
    "an error without a fix": '{"thresholds": {"http_req_duration": ["p95<500"]}}',
    "repaired, then a warning": '{"vus" 5}',
    "repaired, then an error": '{"summaryTrendStats" ["p95"]}',
    "a part is for a person": '{"vus": 1, <<<<<<< HEAD\n"vus": 2\n=======\n"vus": 3\n>>>>>>> b\n}',
    "fine": '{"batch": 5}',
}
CASES = {
    **{name: (FIXTURES / "repair" / name / "input.json").read_bytes() for name in REPAIRS},
    **{name: text.encode() for name, text in VALUES.items()},
}
OFFERED = re.compile(
    r"^  fix: (k6cfg validate --fix.*?)( \(likely, not certain: look at the diff\))?(?:; (\d+) findings? will be left)?$",
    re.MULTILINE,
)


def offers(text: str) -> list[tuple[list[str], bool, int]]:
    return [(shlex.split(command)[1:], not doubt, int(left or 0)) for command, doubt, left in OFFERED.findall(text)]


@pytest.mark.parametrize("name", CASES)
def test_what_is_promised_happens(home: Home, name: str) -> None:
    """Each command that is offered leaves as many findings as it says; where none is offered, none changes anything."""
    data = CASES[name]
    path = home.work / "my file.json"
    home.write(data, path)
    said = call(home, "validate", "my file.json").out
    found = offers(said)
    converted = said.count("to convert its options: k6cfg validate --fix")
    assert said.count("k6cfg validate --fix") == len(found) + converted, "no other promise is made"
    is_config = kind_of(data, "my file.json").kind is Kind.CONFIG
    assert not (converted and is_config)
    assert not (found and not is_config)
    for words, is_safe, left in found:
        home.write(data, path)
        assert ("--unsafe-fixes" in words) is not is_safe
        call(home, *words, "--yes")
        assert path.read_bytes() != data
        after = json.loads(call(home, "validate", "--output-format", "json", "my file.json").out)["files"][0]
        assert len(after["diagnostics"]) == left
    offered = {is_safe for _, is_safe, _ in found}
    for is_safe, options in ((True, ["--fix"]), (False, ["--fix", "--unsafe-fixes"])):
        if is_safe not in offered and not (offered and not is_safe):
            home.write(data, path)
            call(home, "validate", *options, "--yes", "my file.json")
            assert path.read_bytes() == data


@pytest.mark.parametrize("name", CASES)
def test_standard_input_is_named(home: Home, name: str) -> None:
    data = CASES[name]
    for words, is_safe, left in offers(call(home, "validate", "-", stdin=data).out):
        assert words[-1] == "-"
        assert ("--unsafe-fixes" in words) is not is_safe
        done = call(home, *words, stdin=data)
        assert done.raw != data
        after = json.loads(call(home, "validate", "--output-format", "json", "-", stdin=done.raw).out)["files"][0]
        assert len(after["diagnostics"]) == left


def test_the_command_has_the_options_that_decide_what_is_fixed(home: Home) -> None:
    path = home.write('{"batch": "5", "duraton": "1s"}', home.work / "a.json")
    said = call(home, "validate", "--ignore", "unknown-key", "--k6-version", "1.0.0", "a.json").out
    assert offers(said) == [
        (["validate", "--fix", "--ignore", "unknown-key", "--k6-version", "1.0.0", "a.json"], True, 0)
    ]
    assert offers(call(home, "validate", "--select", "unknown-key", "a.json").out) == [
        (["validate", "--fix", "--unsafe-fixes", "--select", "unknown-key", "a.json"], False, 0)
    ]
    assert path.exists()


def test_nothing_is_promised_for_a_file_that_cannot_be_changed(home: Home) -> None:
    path = home.write(VALUES["safe"], home.work / "a.json")
    assert offers(call(home, "validate", "a.json").out)
    (home.work / "b.json").hardlink_to(path)
    assert call(home, "validate", "--fix", "--yes", "a.json").code == 3
    assert not offers(call(home, "validate", "a.json").out)


OBJECT = "{\n" + "".join(f"  key{number}: 1,\n" for number in range(6)) + "\n  tags: {a: 'b'}\n}\n"


def test_findings_of_one_kind_are_grouped(home: Home) -> None:
    home.write(OBJECT, home.work / "a.json")
    said = call(home, "validate", "a.json").out
    found = json.loads(call(home, "validate", "--output-format", "json", "a.json").out)["files"][0]["diagnostics"]
    assert [one["rule"] for one in found].count("unquoted-key") == 8
    assert said.count("[unquoted-key]\n") == 1
    assert "\n  7 more errors of this kind [unquoted-key], on lines 3 to 7, 9\n" in said
    assert said.count("[wrong-quotes]") == 1
    errors = sum(one["severity"] == "error" for one in found)
    assert f"{errors} errors, {len(found) - errors} warnings" in said
    assert all(one.get("after_repair") for one in found if one["severity"] == "warning")


def test_grouped_values_keep_their_locations(home: Home) -> None:
    home.write(json.dumps({f"note{number}": number for number in range(6)}, indent=1), home.work / "a.json")
    said = call(home, "validate", "a.json").out
    assert (
        "5 more warnings of this kind [unknown-key], on lines 3 to 7: /note1, /note2, /note3, /note4, /note5\n" in said
    )
    different = {"aaa1": 1, "duraton": "1s", "iteratons": 1, "bath": 1, "vuss": 1}
    home.write(json.dumps(different), home.work / "a.json")
    said = call(home, "validate", "a.json").out
    assert "more warnings" not in said, "each has another help"
    assert said.count("did you mean") == 4


def answered(monkeypatch: pytest.MonkeyPatch, *, answer: bool) -> list[str]:
    """A person at a terminal who gives one answer; the questions that were asked."""
    questions: list[str] = []

    def confirmed(question: str) -> bool:
        questions.append(question)
        return answer

    for module in (write, edit):
        monkeypatch.setattr(module, "interactive", lambda: True)
    monkeypatch.setattr(write, "confirmed", confirmed)
    return questions


BROKEN = '{\n  "vus" 5,\n  "duration": "1s",\n  "batch": "6",\n  "rps" 3\n}\n'


@pytest.mark.parametrize(
    ("options", "answer"), [(["--fix"], True), (["--fix"], False), (["--fix", "--diff"], False), (["--diff"], False)]
)
@pytest.mark.parametrize("form", ["text", "concise"])
def test_each_finding_is_printed_once(
    home: Home, monkeypatch: pytest.MonkeyPatch, options: list[str], answer: bool, form: str
) -> None:
    home.write(BROKEN, home.work / "a.json")
    questions = answered(monkeypatch, answer=answer)
    done = call(home, "validate", *options, "--output-format", form, "a.json")
    said = done.out + done.err
    assert len(questions) == (options == ["--fix"])
    assert said.count("missing-colon") == 2
    assert said.count("[odd-type]") + said.count(" odd-type ") == 1
    everything = json.loads(call(home, "validate", "--diff", "--output-format", "json", "a.json").out)["files"][0]
    assert len(everything["diagnostics"]) == (0 if answer else 2), "programs get them all"


def test_nothing_is_asked_when_nothing_would_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = answered(monkeypatch, answer=False)
    path = home.write('{"userAgent": "x/1", "collectors": {"cloud": {"token": "not-a-real-token"}}}')
    path.chmod(0o600)
    for words in (["set", "userAgent", "x/1"], ["set-token", "--from-env", "TOKEN"], ["set-token", "not-a-real-token"]):
        done = call(home, *words, TOKEN="not-a-real-token")
        assert (done.code, questions) == (0, [])
        assert "is already up to date" in done.err
        assert "@@" not in done.err
    path.chmod(0o644)
    assert call(home, "set", "userAgent", "x/1").code == 4
    assert questions == ["Give ~/.config/k6/config.json mode 0600, so that only you can read it?"]
