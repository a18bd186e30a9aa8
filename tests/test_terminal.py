"""A real terminal: hidden prompts, questions, Ctrl-C."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES, Home

if sys.platform == "win32":
    pytest.skip("pexpect wants a pseudo-terminal", allow_module_level=True)

import pexpect
from faults.tracing import hear_signals

EXAMPLE = (FIXTURES / "examples" / "missing-colon.json").read_bytes()


def start(home: Home, *arguments: str, columns: int = 80) -> "pexpect.spawn[str]":
    environ: Any = {"TERM": "xterm", **home.environ}
    return pexpect.spawn(
        sys.executable,
        ["-m", "k6cfg", *arguments],
        env=environ,
        cwd=str(home.work),
        encoding="utf-8",
        timeout=120,
        preexec_fn=hear_signals,
        dimensions=(24, columns),
    )


def end(child: "pexpect.spawn[str]") -> tuple[int | None, str]:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, str(child.before)


def token_of(path: Path) -> object:
    return json.loads(path.read_bytes())["collectors"]["cloud"]["token"]


def test_token_is_typed_hidden_and_confirmed(home: Home) -> None:
    child = start(home, "set-token")
    child.expect("token .not shown.: ")
    child.sendline("typed-T0KEN")
    child.expect(r"\[y/N\] ")
    assert "typed-T0KEN" not in str(child.before)
    child.sendline("y")
    code, rest = end(child)
    assert code == 0
    assert "typed-T0KEN" not in rest
    assert token_of(home.config) == "typed-T0KEN"


def test_no_token_is_asked_for_that_cannot_be_verified(home: Home) -> None:
    code, said = end(start(home, "set-token", "--verify"))
    assert code == 2
    assert "add --stack" in said
    assert "token (not shown)" not in said


@pytest.mark.parametrize("answer", ["n", "", "yikes"])
def test_declined(home: Home, answer: str) -> None:
    path = home.write(EXAMPLE)
    child = start(home, "validate", "--fix")
    child.expect(r"\[y/N\] ")
    child.sendline(answer)
    code, _ = end(child)
    assert (code, path.read_bytes()) == (4, EXAMPLE)


def test_fix_confirmed(home: Home) -> None:
    path = home.write(EXAMPLE)
    child = start(home, "validate", "--fix")
    child.expect(r"\[y/N\] ")
    child.sendline("yes")
    code, rest = end(child)
    assert code == 0
    assert b'"collectors": {' in path.read_bytes()
    assert "\x1b[" in rest, "a terminal gets colour"


@pytest.mark.parametrize("prompt", ["not shown", r"\[y/N\] "])
def test_interrupted(home: Home, prompt: str) -> None:
    path = home.write(EXAMPLE)
    child = start(home, "set-token") if prompt == "not shown" else start(home, "validate", "--fix")
    child.expect(prompt)
    child.sendintr()
    code, _ = end(child)
    assert (code, path.read_bytes()) == (130, EXAMPLE)
    assert sorted(each.name for each in path.parent.iterdir()) == ["config.json"]


def test_end_of_input_at_the_prompt(home: Home) -> None:
    child = start(home, "set-token")
    child.expect("not shown")
    child.sendeof()
    code, _ = end(child)
    assert code == 4
    assert not home.config.exists()


def test_standard_input_that_is_the_terminal_is_not_shown_either(home: Home) -> None:
    child = start(home, "set-token", "--stdin")
    child.expect("the token .not shown.: ")
    child.sendline("typed-T0KEN")
    code, rest = end(child)
    assert code == 0
    assert "typed-T0KEN" not in rest
    assert token_of(home.config) == "typed-T0KEN"


@pytest.mark.parametrize("variable", ["NO_COLOR=", "TERM=dumb"])
def test_no_colour_where_it_is_not_wanted(home: Home, variable: str) -> None:
    home.write(EXAMPLE)
    name, _, value = variable.partition("=")
    home.environ[name] = value
    code, text = end(start(home, "validate"))
    assert code == 1
    assert "\x1b" not in text


@pytest.mark.parametrize("columns", [40, 120])
def test_lines_are_as_wide_as_the_terminal(home: Home, columns: int) -> None:
    home.write('{"tags": {"a": "' + "y" * 300 + '"}, "duration": "10 sec"}')
    home.environ["NO_COLOR"] = "1"
    code, text = end(start(home, "validate", columns=columns))
    lines = text.splitlines()
    (line,) = (line for line in lines if line.startswith("   1 | "))
    at = lines.index(line)
    assert (code, len(line)) == (1, columns)
    assert line[7:10] == "..."
    assert "10 sec" in line[lines[at + 1].index("^") :]
    help_ = lines[at + 2 : lines.index("", at)]
    assert help_[0].startswith("  help: ")
    assert all(len(each) <= columns for each in help_)


def test_a_terminal_that_follows_links_gets_them(home: Home) -> None:
    path = home.write(EXAMPLE)
    home.environ["VTE_VERSION"] = "7200"
    _, text = end(start(home, "validate"))
    assert f"\x1b]8;;{path.as_uri()}\x1b\\" in text
    opened = text.count("\x1b]8;;file:") + text.count("\x1b]8;;http")
    assert text.count("\x1b]8;;\x1b\\") == opened > 0, "each is closed"


def test_an_ascii_terminal_gets_ascii(home: Home) -> None:
    home.write('{"tags": {"\u65e5\u672c": "\u00e9"}, "thresold": {}}')
    home.environ |= {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    _, text = end(start(home, "validate", columns=120))
    line, mark = (each for each in text.splitlines() if " | " in each[:8])
    assert text.isascii()
    assert line[mark.index("^") :].startswith('"thresold"')


def test_annotations_are_for_no_terminal(home: Home) -> None:
    home.write(EXAMPLE)
    home.environ["GITHUB_ACTIONS"] = "true"
    assert "::error" not in end(start(home, "validate"))[1]


def test_file_that_changes_while_it_is_looked_at_is_left_alone(home: Home) -> None:
    path = home.write(EXAMPLE)
    child = start(home, "validate", "--fix")
    child.expect(r"\[y/N\] ")
    path.write_bytes(b'{"vus": 7}')
    child.sendline("y")
    code, rest = end(child)
    assert (code, path.read_bytes()) == (3, b'{"vus": 7}')
    assert "changed while k6cfg was working on it" in rest


def test_secrets_are_shown_on_a_terminal_and_nothing_in_the_file_acts_on_it(home: Home) -> None:
    home.write('{"collectors": {"cloud": {"token": "T0KEN"}}, "userAgent": "a\x1b[31mb"}\n')
    code, masked = end(start(home, "show"))
    assert code == 0
    assert '"token": "***"' in masked
    code, shown = end(start(home, "show", "--reveal"))
    assert code == 0
    assert '"token": "T0KEN"' in shown
    assert "a\\x1b[31mb" in shown
    assert "\x1b[31m" not in shown
    assert end(start(home, "show", "--reveal", "--effective"))[0] == 2


def test_a_migration_is_shown_and_asked_for(home: Home) -> None:
    text = '{"vusMax": 1, "collectors": {"cloud": {"token": "T0KEN"}}}'
    old = home.write(text, home.folder / ".config" / "loadimpact" / "k6" / "config.json")
    for answer, expected in (("n", 4), ("\x03", 130), ("y", 0)):
        child = start(home, "migrate")
        child.expect(r"\[y/N\] ")
        assert "is copied there" in str(child.before)
        assert "T0KEN" not in str(child.before)
        assert not home.config.exists()
        child.send(answer if answer == "\x03" else f"{answer}\r")
        assert end(child)[0] == expected
    assert home.config.read_text() == '{"collectors": {"cloud": {"token": "T0KEN"}}}'
    assert old.read_text() == text


def test_no_command_that_prints_a_value_or_a_path_acts_on_the_terminal(home: Home) -> None:
    acting = "\x1b[31m\x9b\x85\x7f\u202e\u2066\u2028\ufeff\U000e0041"
    home.write(json.dumps({"tags": {acting: acting}, "userAgent": acting}, ensure_ascii=False))
    name = "x\x1b[31m\x9b.json"
    home.write("{}", home.work / name)
    for arguments in (
        ["get", "tags"],
        ["get", "userAgent"],
        ["get", "tags", "--output-format", "json"],
        ["show"],
        ["path", "-c", name],
        ["path", "--all", "-c", name],
        ["show", "--effective"],
    ):
        child = start(home, *arguments, columns=400)
        code, said = end(child)
        assert code == 0, said
        assert not {*acting[5:], "\x1b[31m"} & {*said, *re.findall("\x1b.{4}", said)}, arguments


def test_values_for_a_pipe_stay_the_same_json(home: Home) -> None:
    tags = {"a": "\x9b\u202e\U000e0041 é 中"}
    home.write(json.dumps({"tags": tags, "userAgent": tags["a"]}, ensure_ascii=False))
    assert json.loads(home.run("get", "tags").out) == tags
    assert home.run("get", "userAgent").out == tags["a"] + "\n"
