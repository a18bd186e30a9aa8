"""What the documentation shows was really printed, and what it says of the options is so.

A page is one session in a home of its own, from top to bottom: each line of a ``console`` block that begins with ``$``
is run by a shell, and what follows is what it printed. A block below ``<!-- file: PATH -->`` is written to that file.
"""

import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES, Home
from inside import call, spoken

from k6cfg.cli.app import COMMANDS

ROOT = FIXTURES.parent
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n\n```\w*\n|```console\n)(?P<text>.*?)```", re.DOTALL)


_TIME = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b")
_NEEDS_A_SHELL = re.compile(r"[|;<>&$(]")


def printed(home: Home, block: str) -> str:
    """The block with what its commands print now; the home is that of somebody called me, and the time stands still."""
    made = []
    for line in block.splitlines():
        if line.startswith("$ "):
            said = spoke(home, line[2:]).replace(str(home.folder), "/home/me")
            said = _TIME.sub("2026-01-02 03:04:05", said)
            made += [line, *said.rstrip("\n").splitlines()]
    return "\n".join(made) + "\n"


def spoke(home: Home, line: str) -> str:
    """What a line for a shell prints. Where there is nothing for a shell to do, Python is not started anew."""
    words = shlex.split(line)
    number = next(number for number, word in enumerate(words) if "=" not in word)
    if words[number] == "k6cfg" and not _NEEDS_A_SHELL.search(line):
        return spoken(home, *words[number + 1 :], **dict(word.split("=", 1) for word in words[:number]))
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**home.environ, "PATH": f"{home.environ['PATH']}{os.pathsep}{os.defpath}"},
        cwd=home.work,
        check=False,
    )
    return done.stdout.decode()


def session(home: Home, text: str) -> str:
    """The page with what its commands print now."""
    called = home.programs / "k6cfg"
    called.write_text(f'#!/bin/sh\nexec {sys.executable} -m k6cfg "$@"\n')
    called.chmod(0o755)
    shutil.copytree(FIXTURES / "examples", home.work / "fixtures" / "examples")

    def again(found: "re.Match[str]") -> str:
        if found["file"] is None:
            return f"```console\n{printed(home, found['text'])}```"
        path = home.write(found["text"], home.work / found["file"].replace("~", str(home.folder)))
        path.chmod(0o600)
        return found[0]

    return _BLOCK.sub(again, text)


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are lines for a shell")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT / "docs")))
def test_page_shows_what_is_printed(home: Home, page: Path, accept: bool) -> None:
    text = page.read_text("utf-8")
    found = session(home, text) if _BLOCK.search(text) else text
    if accept:
        page.write_text(found, "utf-8")
    assert found == page.read_text("utf-8")


def test_every_page_is_in_the_index_and_every_link_leads_somewhere() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    for page in PAGES:
        name = page.relative_to(ROOT / "docs").as_posix()
        assert name == "README.md" or f"]({name})" in index
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            target, _, anchor = link.partition("#")
            if "://" in target:
                continue
            path = page.parent / target if target else page
            assert path.exists(), f"{name}: {link}"
            if anchor:
                titles = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
                slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
                assert anchor in slugs, f"{name}: {link}"


def test_what_k6_says_is_quoted_from_k6() -> None:
    text = (ROOT / "docs" / "invalid-character.md").read_text("utf-8")
    with gzip.open(FIXTURES / "verdicts" / "verdicts.jsonl.gz", "rt", encoding="utf-8") as lines:
        said = "".join(str(verdict.get("run")) for line in lines for verdict in json.loads(line)["k6"].values())
    quoted = re.findall(r"^\| `((?:invalid character|unexpected end|json: cannot).*?)`", text, re.MULTILINE)
    assert len(quoted) > 8
    # Which character it was is the reader's affair.
    kinds = {re.sub(r" '.*?' (?=[a-z])", " '?' ", each) for each in quoted}
    for each in kinds:
        assert each in re.sub(r"(?<=invalid character) '.{1,4}' (?=[a-z])", " '?' ", said), each


@pytest.mark.parametrize(
    ("name", "expected"),
    [("invalid-character.md", r"^\| `[^|]*` \| `([a-z-]+)`"), ("ignored-option.md", r"\[([a-z-]+)\]$")],
)
def test_rules_that_a_page_names_exist(name: str, expected: str) -> None:
    from k6cfg.engine import rule_names

    found = set(re.findall(expected, (ROOT / "docs" / name).read_text("utf-8"), re.MULTILINE))
    assert found
    assert found <= rule_names()


def test_readme_shows_what_is_printed(home: Home, accept: bool) -> None:
    home.write((FIXTURES / "examples" / "missing-colon.json").read_bytes())
    home.config.chmod(0o600)
    (home.work / "token.txt").write_text("not-a-real-token\n")
    found = session(home, README.read_text("utf-8"))
    if accept:
        README.write_text(found, "utf-8")
    assert found == README.read_text("utf-8")


def test_readme_shows_the_example_that_ships() -> None:
    assert (FIXTURES / "examples" / "missing-colon.json").read_text() in README.read_text("utf-8")


def test_every_command_is_in_the_readme_and_has_help(home: Home) -> None:
    text = README.read_text("utf-8")
    for command in COMMANDS:
        assert f"**`k6cfg {command}`**" in text
        assert "Usage: k6cfg " + command in call(home, command, "--help").out


def test_architecture_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for path in sorted((ROOT / "k6cfg").iterdir()):
        if path.suffix == ".py" and not path.stem.startswith("__"):
            assert f"`{path.stem}`" in text
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"`{path.name}/`" in text
