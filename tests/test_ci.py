"""The places where k6cfg runs by itself: pre-commit, GitHub Actions, a container."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from conftest import FIXTURES, Home

if sys.platform == "win32":
    pytest.skip("the scripts are for bash", allow_module_level=True)

ROOT = FIXTURES.parent
CANARY = "glc_CANARYcanary0123456789"
GIT = shutil.which("git") or "git"
BASH = shutil.which("bash") or "bash"
DOCKER = shutil.which("docker") or "docker"
SHELLCHECK = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
SOURCES = ("k6cfg", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "action.yml")


@pytest.fixture
def network() -> None:
    """For tests that install the project with all it needs: half a minute, and PyPI."""
    try:
        urllib.request.urlopen("https://pypi.org/simple/typer/", timeout=10).close()
    except OSError:
        pytest.skip("PyPI cannot be reached from here")


class Project:
    """A home with a git repository in it, and the k6cfg of these tests on PATH."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = home.work
        program = home.programs / "k6cfg"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m k6cfg "$@"\n')
        program.chmod(0o755)
        keep = {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))}
        who = {f"GIT_{each}_{what}": "test" for each in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        path = f"{home.programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environ = {**home.environ, **keep, **who, "PATH": path, "PRE_COMMIT_HOME": str(home.folder / "cache")}
        self.git("init", "-q")

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            [GIT, *arguments], cwd=folder or self.folder, env=self.environ, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def add(self, **files: str) -> None:
        for name, text in files.items():
            self.home.write(text, self.folder / f"{name}.json")
        self.git("add", "-A")

    def pre_commit(self, *hooks: str, language: str) -> "subprocess.CompletedProcess[str]":
        """Run hooks of the project over all that is staged."""
        source = self.home.folder / "source"
        if not source.exists():
            source.mkdir()
            for name in SOURCES if language == "python" else (".pre-commit-hooks.yaml",):
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                copy(ROOT / name, source / name)
            self.git("init", "-q", folder=source)
            self.git("add", "-A", folder=source)
            self.git("commit", "-q", "-m", "x", folder=source)
        wanted = [{"id": hook, "language": language} for hook in hooks]
        settings = {
            "repos": [{"repo": str(source), "rev": self.git("rev-parse", "HEAD", folder=source), "hooks": wanted}]
        }
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings))
        self.git("add", "-A")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color=never", "-v"],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def project(home: Home) -> Project:
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    return Project(home)


BOTH = ("k6cfg-validate", "k6cfg-no-secrets")
GOOD = '{"vus": 5, "duration": "10s"}\n'
SECRET = '{"vus": 5, "duration": "10s", "collectors": {"cloud": {"token": "' + CANARY + '"}}}\n'


def verdicts(text: str) -> list[str]:
    """What pre-commit says of each hook."""
    return [line.rpartition(".")[2] for line in text.splitlines() if line.startswith("k6cfg ") and "..." in line]


def test_pre_commit_runs_the_hooks(project: Project) -> None:
    project.add(k6=SECRET.replace('"duration": ', '"duration" '), package='{"name": "no k6 at all",}')
    done = project.pre_commit(*BOTH, language="system")
    assert (done.returncode, verdicts(done.stdout)) == (1, ["Failed", "Failed"])
    assert "k6.json:1:22: error:" in done.stdout
    assert "hardcoded-secret" in done.stdout
    assert "package.json" not in done.stdout
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("k6.json", True),
        (".k6.json", True),
        ("k6/config.json", True),
        ("deploy/k6/config.json", True),
        ("tests/k6.config.json", True),
        ("k6-config.json", True),
        ("k6_config.json", True),
        ("config.json", False),
        ("k6.json.bak", False),
        ("mik6.json", False),
        ("k6/package.json", False),
    ],
)
def test_hooks_look_at_the_usual_places(path: str, ours: bool) -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        assert bool(re.search(hook["files"], path)) is ours


@pytest.mark.slow
@pytest.mark.usefixtures("network")
def test_pre_commit_installs_the_project(project: Project) -> None:
    project.add(k6=SECRET)
    done = project.pre_commit(*BOTH, language="python")
    assert (done.returncode, verdicts(done.stdout)) == (1, ["Passed", "Failed"]), done.stdout + done.stderr


# -- the GitHub Action ------------------------------------------------------------------------------------------------

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
INSTALL, VALIDATE = ACTION["runs"]["steps"]


def step(project: Project, script: dict[str, Any], **inputs: str) -> "subprocess.CompletedProcess[str]":
    """Run a step as the runner does: its variables filled in from inputs and their defaults."""
    given = {f"INPUT_{name.upper().replace('-', '_')}": one["default"] for name, one in ACTION["inputs"].items()}
    assert set(script.get("env", given)) == set(given)
    runner = project.home.folder / "runner"
    variables = {**given, **{f"INPUT_{name.upper()}": value for name, value in inputs.items()}}
    return subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", script["run"]],
        env={
            **project.environ,
            **variables,
            "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(runner),
            "GITHUB_ACTION_PATH": str(ROOT),
        },
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def installed(project: Project) -> Project:
    """What the first step leaves behind, without installing anything."""
    programs = project.home.folder / "runner" / "k6cfg" / "bin"
    programs.mkdir(parents=True)
    shutil.copy(project.home.programs / "k6cfg", programs / "k6cfg")
    return project


def test_action_is_one_for_github() -> None:
    schema = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "github-actions.json"
    jsonschema_rs.validate(json.loads(schema.read_text("utf-8")), ACTION)
    assert ACTION["runs"]["using"] == "composite"


@pytest.mark.parametrize("script", [INSTALL, VALIDATE], ids=lambda script: script["name"])
def test_scripts_of_the_action(script: dict[str, Any]) -> None:
    assert script["shell"] == "bash"
    assert "${{" not in script["run"], "inputs come as variables, or they could be commands"
    if SHELLCHECK is None:
        pytest.skip("there is no shellcheck here")
    done = subprocess.run(
        [SHELLCHECK, "--shell=bash", "-"], input=script["run"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_action_annotates_and_writes_sarif(installed: Project) -> None:
    installed.add(k6='{"thresold": {}, "vus": "many"}', other=GOOD)
    done = step(installed, VALIDATE, files="k6.json\n\nother.json\n", sarif_file="out.sarif")
    assert done.returncode == 1
    assert "::error title=k6cfg%3A bad-number,file=k6.json,line=1," in done.stdout
    results = json.loads((installed.folder / "out.sarif").read_text())["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["unknown-key", "bad-number"]


@pytest.fixture
def recorded(installed: Project) -> Project:
    """In place of k6cfg a program that notes how it was called."""
    program = installed.home.folder / "runner" / "k6cfg" / "bin" / "k6cfg"
    program.write_text('#!/bin/sh\nprintf "%s\\0" "$@" "" >> "$HOME/calls"\nexit "$(cat "$HOME/code")"\n')
    return installed


def calls(project: Project, code: int, **inputs: str) -> tuple[int, list[list[str]]]:
    """The step's exit code where k6cfg's is ``code``, and the words of each call of k6cfg."""
    (project.home.folder / "code").write_text(str(code))
    done = step(project, VALIDATE, **inputs)
    path = project.home.folder / "calls"
    made = [call.split("\0") for call in path.read_text().removesuffix("\0\0").split("\0\0")]
    path.unlink()
    return done.returncode, made


def test_action_takes_its_inputs(recorded: Project) -> None:
    start, github = ["validate", "--k6-version", "auto"], ["--output-format", "github", "--"]
    assert calls(recorded, 0) == (0, [[*start, *github]])
    assert calls(recorded, 1, files="a b.json\n\n-x.json\r\n*.json") == (
        1,
        [[*start, *github, "a b.json", "-x.json", "*.json"]],
    )
    assert calls(recorded, 3, files="a", strict="true", select="secrets,keys", fix="true") == (
        3,
        [[*start, "--strict", "--select", "secrets,keys", "--fix", "--yes", *github, "a"]],
    )
    assert calls(recorded, 1, k6_version="0.45.0", sarif_file="out.sarif", fix="true") == (
        1,
        [
            ["validate", "--k6-version", "0.45.0", "--fix", "--yes", *github],
            ["validate", "--k6-version", "0.45.0", "--output-format", "sarif", "--"],
        ],
    )
    assert calls(recorded, 0, sarif_file="no/such/folder")[0] == 1


def test_no_input_is_run_as_a_command(recorded: Project) -> None:
    evil = "$(touch pwned) `touch pwned` ; touch pwned # \" ' --fix"
    code, (first, second) = calls(
        recorded, 0, files=evil, k6_version=evil, strict=evil, select=evil, fix=evil, sarif_file="$(touch pwned)"
    )
    assert code == 0
    assert first == ["validate", "--k6-version", evil, "--select", evil, "--output-format", "github", "--", evil]
    assert second == ["validate", "--k6-version", evil, "--select", evil, "--output-format", "sarif", "--", evil]
    assert [path.name for path in recorded.folder.iterdir() if path.name != ".git"] == ["$(touch pwned)"]


@pytest.mark.slow
@pytest.mark.usefixtures("network")
def test_action_installs_the_project(project: Project) -> None:
    assert step(project, INSTALL).returncode == 0
    project.add(k6=GOOD)
    done = step(project, VALIDATE, files="k6.json")
    assert (done.returncode, "k6 takes it" in done.stdout) == (0, True)


def test_documentation_names_what_there_is() -> None:
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    hooks, workflow, _ = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL))
    wanted = {hook["id"] for hook in hooks["repos"][0]["hooks"]}
    assert wanted == {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert set(workflow["steps"][1]["with"]) <= set(ACTION["inputs"])
    assert set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)) == set(ACTION["inputs"])


# -- the container ----------------------------------------------------------------------------------------------------


def test_container_is_built_from_what_is_let_in_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users, "root is who runs it otherwise"
    assert users[-1].isdigit(), "a number, so that who starts it can tell that it is not root"
    assert users[-1] != "0"
    assert 'ENTRYPOINT ["k6cfg"]' in lines
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in >= {"k6cfg", "pyproject.toml", "README.md", "LICENSE", "schemas/k6-config.schema.json"}
    assert all((ROOT / name).exists() for name in let_in)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("docker") is None
    or subprocess.run([DOCKER, "info"], capture_output=True, check=False).returncode != 0,
    reason="there is no docker here",
)
def test_container_reads_a_mounted_file(home: Home) -> None:
    subprocess.run([DOCKER, "build", "-q", "-t", "k6cfg-test", str(ROOT)], check=True, capture_output=True)
    home.write(GOOD, home.work / "config.json")
    done = subprocess.run(
        [DOCKER, "run", "--rm", "-v", f"{home.work}:/work", "k6cfg-test", "validate", "config.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "k6 takes it" in done.stdout) == (0, True)
