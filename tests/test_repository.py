"""Whether git tracks a file is found out without running anything that the repository brings along."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from k6cfg.machine.environment import git as repository
from k6cfg.machine.environment.git import tracked

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository that tracks config.json, ignores ignored.json, and knows nothing of other.json."""
    folder = (tmp_path / "project").resolve()
    folder.mkdir()
    (folder / ".gitignore").write_text("ignored.json\n")
    for name in ("config.json", "ignored.json", "other.json", "c*.json"):
        (folder / name).write_text("{}")
    git(folder, "init", "-q")
    git(folder, "add", "config.json", ".gitignore")
    return folder


def git(folder: Path, *arguments: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environ)  # noqa: S607


@pytest.mark.parametrize(
    ("name", "expected"),
    [("config.json", True), ("ignored.json", False), ("other.json", False), ("none.json", False), ("c*.json", False)],
)
def test_tracked_ignored_unknown_absent_and_a_name_that_is_a_pattern(
    project: Path, name: str, *, expected: bool
) -> None:
    assert tracked(project / name) is expected


def test_removed_from_the_index_is_not_tracked_any_more(project: Path) -> None:
    git(project, "rm", "--cached", "-q", "config.json")
    assert not tracked(project / "config.json")


def test_outside_of_a_repository_git_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("asked"))
    (tmp_path / "config.json").write_text("{}")
    assert not tracked((tmp_path / "config.json").resolve())


@pytest.mark.skipif(sys.platform == "win32", reason="the trap is a shell script")
def test_what_a_repository_configures_is_not_run(project: Path, tmp_path: Path) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    git(project, "config", "core.fsmonitor", str(trap))
    git(project, "config", "core.pager", str(trap))
    git(project, "config", "alias.ls-files", f"!{trap}")
    git(project, "ls-files")
    assert sprung.exists(), "git itself runs it"
    sprung.unlink()
    assert tracked(project / "config.json")
    assert not sprung.exists()


def ways_to_fetch(trap: Path, folder: Path) -> dict[str, list[tuple[str, str]]]:
    """What a hostile repository configures so that a missing object is fetched by a command of its own."""
    return {
        "uploadpack": [("remote.origin.url", f"{folder}/.git"), ("remote.origin.uploadpack", str(trap))],
        "ssh": [("remote.origin.url", "ssh://example.com/x"), ("core.sshCommand", str(trap))],
        "ext": [("remote.origin.url", f"ext::{trap}"), ("protocol.ext.allow", "always")],
        "proxy": [("remote.origin.url", "git://example.com/x"), ("core.gitProxy", str(trap))],
    }


@pytest.mark.skipif(sys.platform == "win32", reason="the trap is a shell script")
@pytest.mark.parametrize("way", ["uploadpack", "ssh", "ext", "proxy"])
def test_nothing_is_fetched(project: Path, tmp_path: Path, way: str) -> None:
    """A sparse index that has to be expanded, in a partial clone that lacks a tree: git fetches it on `ls-files`."""
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\nexit 1\n")
    trap.chmod(0o755)
    for folder in ("away/below", "kept"):
        (project / folder).mkdir(parents=True)
        (project / folder / "file").write_text(folder)
    git(project, "add", "-A")
    git(project, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "x")
    try:
        git(project, "sparse-checkout", "init", "--cone", "--sparse-index")
        git(project, "sparse-checkout", "set", "kept")
    except subprocess.CalledProcessError:
        pytest.skip("this git has no sparse index")
    tree = subprocess.check_output(["git", "-C", str(project), "rev-parse", "HEAD:away"], text=True).strip()  # noqa: S607
    (project / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    settings = [
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        *ways_to_fetch(trap, project)[way],
    ]
    for name, value in settings:
        git(project, "config", name, value)
    subprocess.run(["git", "-C", str(project), "ls-files"], check=False, capture_output=True)  # noqa: S607
    assert sprung.exists(), "git itself runs it"
    sprung.unlink()
    tracked(project / "config.json")
    assert not sprung.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the git here is a shell script")
@pytest.mark.parametrize("before", [".", "", "bin", "./bin"])
def test_git_is_not_taken_from_the_working_directory(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    monkeypatch.chdir(project)
    sprung = tmp_path / "sprung"
    for folder in (project, project / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "git").write_text(f"#!/bin/sh\ntouch {sprung}\n")
        (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{before}{os.pathsep}{os.environ['PATH']}")
    assert tracked(project / "config.json")
    assert not sprung.exists()


def test_variables_of_git_do_not_lead_it_elsewhere(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert tracked(project / "config.json")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, for a repository of others")
def test_a_repository_of_somebody_else_gives_no_answer(project: Path) -> None:
    for path in (project, *project.rglob("*")):
        os.chown(path, 12345, 12345)
    assert not tracked(project / "config.json")


@pytest.mark.skipif(sys.platform == "win32", reason="the git here is a shell script")
@pytest.mark.parametrize("body", ["exec sleep 60", "exit 128", "kill -9 $$"])
def test_a_git_that_does_not_answer(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(repository, "_TIMEOUT", 0.3)
    assert not tracked(project / "config.json")


def test_no_git_at_all(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not tracked(project / "config.json")
