"""A real terminal: hidden prompts, questions, Ctrl-C."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES, Home

if sys.platform == "win32":
    pytest.skip("pexpect wants a pseudo-terminal", allow_module_level=True)

import pexpect

EXAMPLE = (FIXTURES / "examples" / "missing-colon.json").read_bytes()


def start(home: Home, *arguments: str) -> "pexpect.spawn[str]":
    environ: Any = {**home.environ, "TERM": "xterm"}
    return pexpect.spawn(
        sys.executable, ["-m", "k6cfg", *arguments], env=environ, cwd=str(home.work), encoding="utf-8", timeout=30
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


def test_no_colour_where_it_is_not_wanted(home: Home) -> None:
    home.write(EXAMPLE)
    home.environ["NO_COLOR"] = ""
    code, text = end(start(home, "validate"))
    assert code == 1
    assert "\x1b[" not in text


def test_file_that_changes_while_it_is_looked_at_is_left_alone(home: Home) -> None:
    path = home.write(EXAMPLE)
    child = start(home, "validate", "--fix")
    child.expect(r"\[y/N\] ")
    path.write_bytes(b'{"vus": 7}')
    child.sendline("y")
    code, rest = end(child)
    assert (code, path.read_bytes()) == (3, b'{"vus": 7}')
    assert "changed while k6cfg was working on it" in rest
