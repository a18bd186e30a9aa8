"""What the documentation shows was really printed, and what it says of the options is so."""

import re
import shlex
import shutil
import subprocess
import sys

from conftest import FIXTURES, Home

from k6cfg.cli import COMMANDS

ROOT = FIXTURES.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def printed(home: Home, block: str) -> str:
    """The block with what its commands print now."""
    made = []
    for line in block.splitlines():
        if line.startswith("$ k6cfg "):
            done = subprocess.run(
                [sys.executable, "-m", "k6cfg", *shlex.split(line)[2:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=home.environ,
                cwd=home.work,
                check=False,
            )
            made += [line, done.stdout.decode().rstrip("\n")]
    return "\n".join(made) + "\n"


def test_readme_shows_what_is_printed(home: Home, accept: bool) -> None:
    shutil.copytree(FIXTURES / "examples", home.work / "fixtures" / "examples")
    home.write((FIXTURES / "examples" / "missing-colon.json").read_bytes())
    home.config.chmod(0o600)
    (home.work / "token.txt").write_text("not-a-real-token\n")
    for page in (README, ROOT / "docs" / "output.md"):
        text = page.read_text("utf-8")
        found = _BLOCK.sub(lambda match: f"```console\n{printed(home, match.group(1))}```", text)
        if accept:
            page.write_text(found, "utf-8")
        assert found == page.read_text("utf-8")


def test_readme_shows_the_example_that_ships() -> None:
    assert (FIXTURES / "examples" / "missing-colon.json").read_text() in README.read_text("utf-8")


def test_every_command_is_in_the_readme_and_has_help(home: Home) -> None:
    text = README.read_text("utf-8")
    for command in COMMANDS:
        assert f"**`k6cfg {command}`**" in text
        assert "Usage: k6cfg " + command in home.run(command, "--help").out


def test_architecture_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for path in sorted((ROOT / "k6cfg").iterdir()):
        if path.suffix == ".py" and not path.stem.startswith("__"):
            assert f"`{path.stem}`" in text
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"`{path.name}/`" in text
