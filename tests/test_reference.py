"""The reference pages, the man page and the words for shells say what there is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import FIXTURES

from k6cfg.cli.app import COMMANDS
from k6cfg.doctor import CHECKS
from k6cfg.engine import all_rules
from k6cfg.schema import load

ROOT = FIXTURES.parent
MAN = ROOT / "man" / "k6cfg.1"


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / f"{name}.md").read_text("utf-8")


def test_making_it_again_changes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "run: python docs/generate.py"


def test_pictures_are_sound_and_fetch_nothing() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
    assert len(pictures) == 3
    for picture in pictures:
        text = picture.read_text("utf-8")
        root = ET.fromstring(text)  # noqa: S314 - our own
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "\x1b" not in text
        assert "not-a-real-token" not in text
        assert re.findall(r"https?://[^\s\"<]+", text) == ["http://www.w3.org/2000/svg"]
        assert 'class="' in text


def test_everything_has_its_place() -> None:
    headings = set(re.findall(r"^#+ `(.*)`$", page("options"), re.MULTILINE))
    plain = {node.dotted for node in load().nodes(obsolete=True) if "<" not in node.dotted and node.description}
    assert headings >= plain
    assert "scenarios.*<constant-vus>.vus" in headings
    assert set(re.findall(r"^### `(.*)`$", page("rules"), re.MULTILINE)) == {rule.name for rule in all_rules()}
    assert set(re.findall(r"^\| `(.*?)` \|", page("checks"), re.MULTILINE)) == {check.id for check in CHECKS}
    assert set(re.findall(r"^## `k6cfg (.*)`$", page("commands"), re.MULTILINE)) == set(COMMANDS)


def test_the_man_page_names_every_command_and_is_sound() -> None:
    text = MAN.read_text("utf-8")
    commands = {name.replace("\\", "") for name in re.findall(r"^\.B k6cfg (\S+)$", text, re.MULTILINE)}
    assert commands == set(COMMANDS)
    assert "\\-\\-k6\\-version" in text
    assert not re.search(r"(?<!\\)-", text.split(".SH NAME")[1]), "a plain hyphen is none that can be copied"


@pytest.mark.parametrize(
    "command",
    [["man", "--warnings", "-l"], ["groff", "-man", "-ww", "-z", "-T", "utf8"]],
    ids=["man", "groff"],
)
def test_the_man_page_is_taken_without_a_warning(command: list[str]) -> None:
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"there is no {command[0]} here")
    done = subprocess.run(
        [program, *command[1:], str(MAN)],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
