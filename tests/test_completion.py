"""Completion: what may come next, asked by real shells in a real terminal."""

import re
import shutil
import subprocess
import sys
import time
from typing import Any

import pytest
from conftest import Home
from inside import call

from k6cfg.cli.app import COMMANDS
from k6cfg.cli.completion import SEPARATOR, VARIABLE, answer
from k6cfg.cli.completion.scripts import SCRIPTS
from k6cfg.engine import rule_names
from k6cfg.schema import load

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='ready> '; bind 'set completion-query-items 0'"),
    "zsh": (["zsh", "-f", "-i"], "PS1='ready> '; autoload -U compinit; compinit -u -D; LISTMAX=10000"),
    "fish": (["fish", "--no-config", "-i"], "function fish_prompt; echo 'ready> '; end"),
}


def asked(*words: str, by: str = "zsh") -> list[str]:
    """The words that are offered, without their help; ``["files"]`` where names of files belong."""
    kind, *lines = answer(SEPARATOR.join([by, *words])).splitlines()
    return [line.partition("\t")[0] for line in lines] if kind == "words" else [kind]


# What may come next


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["val"], ["validate"]),
        (["--ver"], ["--version"]),
        (["nonsense", ""], []),
        (["path", ""], []),
        (["path", "--al"], ["--all"]),
        (["path", "--all", "--al"], []),
        (["validate", "--fix", "--select", "dns-t"], ["dns-ttl"]),
        (["validate", "--select", "encoding", "--select", "dns-t"], ["dns-ttl"]),
        (["validate", "--select", "encoding", "--sel"], ["--select"]),
        (["validate", "--ignore", "encoding,dns-t"], ["encoding,dns-ttl"]),
        (["validate", "--output-format", "j"], ["json", "junit"]),
        (["validate", "--ignore=dns-t"], ["--ignore=dns-ttl"]),
        (["validate", ""], ["files"]),
        (["validate", "a.json", ""], ["files"]),
        (["validate", "--config", ""], ["files"]),
        (["validate", "-c", ""], ["files"]),
        (["validate", "--config=a"], ["files"]),
        (["validate", "--", "-"], ["files"]),
        (["migrate", "a.json", ""], []),
        (["migrate", "--to", "0.18"], ["0.18.0"]),
        (["migrate", "--from=2.2"], ["--from=2.2.0"]),
        (["undo", "--to", ""], []),
        (["get", "dur"], ["duration"]),
        (["get", "dn"], ["dns", "dns.ttl", "dns.select", "dns.policy"]),
        (["get", "dns.t"], ["dns.ttl"]),
        (["get", "vus", ""], []),
        (["set", "-c", "vus", "dur"], ["duration"]),
        (["set", "discardResponseBodies", ""], ["true", "false"]),
        (["set", "dns.policy", "prefer"], ["preferIPv4", "preferIPv6"]),
        (["explain", "--summary-m"], ["--summary-mode"]),
        (["explain", "K6_VU"], ["K6_VUS", "K6_VUS_MAX"]),
        (["explain", "unknown-k"], ["unknown-key"]),
        (["completion", "p"], ["powershell"]),
        (["doctor", "--only", "mo"], ["mounts", "mode"]),
        (["set-token", "--from-env", ""], []),
        (["set-token", "--stack-id", ""], []),
    ],
    ids=" ".join,
)
def test_what_may_come_next(words: list[str], expected: list[str]) -> None:
    assert asked(*words) == expected


def test_every_command_key_rule_and_version_is_offered() -> None:
    assert asked("") == list(COMMANDS)
    assert set(asked("validate", "--select", "")) == rule_names()
    keys = {node.dotted for node in load().nodes() if not set(node.dotted) & set("*[<")}
    seen: set[str] = set()
    todo = [""]
    while todo:
        found = set(asked("get", todo.pop())) - seen
        seen |= found
        todo += found
    assert seen == keys
    versions = asked("validate", "--k6-version", "")
    assert versions[0] == "auto"
    assert {"2.2.0", "1.0.0", "0.18.0"} <= set(versions)


def test_every_option_of_every_command_is_offered(home: Home) -> None:
    for command in COMMANDS:
        told = re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)", call(home, command, "--help").out, re.MULTILINE)
        flags = {flag for node in load().nodes(obsolete=True) for flag in node.flag} if command == "explain" else set()
        assert set(asked(command, "--")) - flags == {*told, "--help"} - flags


def test_bash_makes_a_word_of_the_sign_between_option_and_value() -> None:
    assert asked("validate", "--ignore", "=", "dns-t", by="bash") == ["dns-ttl"]
    assert asked("migrate", "--to", "=", by="bash")[0] == "auto"
    assert asked("migrate", "--to", "=", by="bash") == asked("migrate", "--to", "", by="bash")
    assert "\t" not in answer(SEPARATOR.join(["bash", ""]))


def test_help_beside_a_word_is_one_line_and_short() -> None:
    for words in ([""], ["get", ""], ["validate", "--"], ["validate", "--select", ""], ["explain", ""]):
        for line in answer(SEPARATOR.join(["fish", *words])).splitlines()[1:]:
            assert len(line.partition("\t")[2]) <= 70


def test_only_the_table_is_read(home: Home) -> None:
    """What answers a tab key imports nothing that takes time."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        "from k6cfg.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**home.environ, VARIABLE: SEPARATOR.join(["bash", "get", "dns.t"])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "words\ndns.ttl\n"
    loaded = set(done.stderr.split())
    assert not loaded & {"typer", "subprocess", "pathlib", "rich", "inspect"}
    assert {name for name in loaded if name.startswith("k6cfg")} == {
        "k6cfg",
        "k6cfg.__main__",
        "k6cfg.cli",
        "k6cfg.cli.completion",
    }


# Shells


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_of_a_shell(home: Home, shell: str) -> None:
    done = home.run("completion", shell)
    assert (done.code, done.out, done.err) == (0, SCRIPTS[shell], "")
    assert VARIABLE in done.out
    assert f"k6cfg completion {shell}" in done.out.splitlines()[0] + done.out.splitlines()[1]
    program = shutil.which({"powershell": "pwsh"}.get(shell, shell))
    if program is not None and shell != "powershell":
        subprocess.run([program, "-n"], input=done.raw, check=True)


def test_an_unknown_shell_is_wrong_usage(home: Home) -> None:
    assert home.run("completion", "tcsh").code == 2


class Terminal:
    """A shell in a terminal of its own, in which k6cfg completes."""

    def __init__(self, home: Home, shell: str) -> None:
        if sys.platform == "win32":
            pytest.skip("pexpect wants a pseudo-terminal")
        import pexpect

        program = shutil.which(shell)
        if program is None:
            pytest.skip(f"there is no {shell} here")
        self._eof = pexpect.EOF
        called = home.programs / "k6cfg"
        called.write_text(f'#!/bin/sh\nexec {sys.executable} -m k6cfg "$@"\n')
        called.chmod(0o755)
        script = home.work / "completion"
        script.write_text(SCRIPTS[shell])
        (home.work / "my-file.json").write_text("{}")
        environ: Any = {
            **home.environ,
            "TERM": "dumb" if shell != "fish" else "xterm",
            "PATH": f"{home.programs}:/usr/bin:/bin",
        }
        command, prepare = SHELLS[shell]
        self.child = pexpect.spawn(
            program, command[1:], env=environ, cwd=str(home.work), encoding="utf-8", timeout=30, dimensions=(200, 200)
        )
        time.sleep(0.3)
        self.child.sendline(prepare)
        self.child.sendline(f". {script}; echo so''far")
        self.child.expect("sofar\r?\n")

    def types(self, text: str, expected: str) -> str:
        """Type a text and wait for what the shell makes of it; then clear the line."""
        self.child.send(text)
        self.child.expect(expected)
        seen = str(self.child.before) + str(self.child.after)
        self.child.send("\x15")
        return seen


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes(home: Home, shell: str) -> None:
    terminal = Terminal(home, shell)
    terminal.types("k6cfg vali\t", "validate ")
    terminal.types("k6cfg path --wh\t", "--why ")
    terminal.types("k6cfg get dns.po\t", "dns.policy ")
    terminal.types("k6cfg unset setupT\t", "setupTimeout ")
    terminal.types("k6cfg validate --select missing-col\t", "missing-colon ")
    terminal.types("k6cfg migrate --to 0.18\t", "0.18.0 ")
    terminal.types("k6cfg migrate --to=0.18\t", "0.18.0 ")
    terminal.types("k6cfg explain K6_DISCARD_R\t", "K6_DISCARD_RESPONSE_BODIES ")
    terminal.types("k6cfg validate my-f\t", "my-file.json ")
    seen = terminal.types("k6cfg get dns\t\t", "(?s)dns.ttl.*dns.*policy|policy.*ttl")
    assert "dns" in seen
