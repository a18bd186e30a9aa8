"""Every command that doctor prints as a remedy is typed: what it was printed for is gone then, and nothing is worse."""

import os
import re
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

import pytest
from homes import Home, acting_as, commands, living
from test_doctor_homes import HOMES, Broken, read_by_k6

from k6cfg.doctor import Level, Result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, links and fake programs as on Linux")

NOT_TRIED: Final = {
    r"k6cfg validate(?! --fix)( .*)?": "only a look",
    r"k6cfg migrate --to [0-9.]+ --check": "only a look: a person has to decide",
    r"k6 run .*": "runs a test",
    r"kubectl edit": "another party: the cluster",
    r"docker run --user [0-9:]+": "another party: who starts the container",
    r"-v FOLDER:FOLDER": "another party: who starts the container",
}
"""What is printed between backticks and is no remedy to be typed here, and why."""
ANSWERS: Final = {"ID": "123", "ADDRESS": "http://x:8086", "X.Y.Z": "2.2.0", "PATH": "/dev/null"}
"""What a person puts in place of a word in capitals."""
IN_WORDS: Final = {
    r"Install a newer k6: https://\S+": "a download",
    r"Write the whole path instead\.": "a path in a list of outputs is written by hand",
    r"Use a k6 with that extension, .*": "another k6 has to be built",
    r"Have Kubernetes mount it .*": "another party: the cluster",
}
"""Remedies of errors and warnings without any command, and why there is none."""
ASKING: Final = re.compile(r"k6cfg (validate --fix|migrate|undo|doctor --fix)\b")
HEALTHY: Final = "nothing is wrong"


class Attempt(NamedTuple):
    result: Result
    command: str


def made(home: Home, broken: Broken | None) -> tuple[Result, ...]:
    """The home with what is broken in it, and what doctor finds."""
    if broken is not None:
        broken.make(home)
    home.program(home.top / "bin" / "sudo", 'exec "$@"')
    (home.top / "tmp").mkdir(mode=0o777)
    (home.top / "tmp").chmod(0o777)
    home.environ |= {"TMPDIR": str(home.top / "tmp"), "K6CFG_CACHE_DIR": f"{home.top}/cache"}
    if home.uid != os.geteuid():
        home.program(home.top / "bin" / "id", f"echo {home.uid}")
    home.examine()  # whatever it imports, it may do as root
    with acting_as(home.uid):
        return home.examine()


def attempts(results: tuple[Result, ...], known: set[tuple[str, str]]) -> Iterator[Attempt]:
    for one in results:
        if one.level in {Level.OK, Level.SKIPPED} or (one.id, one.finding) in known:
            continue
        if one.level in {Level.ERROR, Level.WARNING} and not commands(one):
            assert any(re.fullmatch(pattern, one.remedy or "") for pattern in IN_WORDS), one
        for command in commands(one):
            if not any(re.fullmatch(pattern, command) for pattern in NOT_TRIED):
                yield Attempt(one, command)


def typed(home: Home, command: str) -> None:
    """Type a command with what a person would answer, without a terminal."""
    for word, answer in ANSWERS.items():
        command = re.sub(rf"(?<![A-Za-z_]){re.escape(word)}(?![A-Za-z_])", answer, command)
    if found := re.fullmatch(r"k6cfg doctor --k6-version (\S+)", command):
        home.version_option = found[1]
        return
    each = [f"{one} --yes" if ASKING.match(one) else one for one in command.split(" && ")]
    each = [f"{one} --from-env NEW_TOKEN" if re.fullmatch(r"k6cfg set-token( -c \S+)?", one) else one for one in each]
    home.follow(" && ".join(each))


def bad(results: tuple[Result, ...], like: Result) -> set[str]:
    """What is said of the same thing, and is as bad."""
    levels = {Level.ERROR, Level.WARNING, Level.COULD_NOT, like.level}
    return {one.finding for one in results if one.id == like.id and one.level in levels}


def try_one(home: Home, before: tuple[Result, ...], attempt: Attempt) -> None:
    result, command = attempt
    with acting_as(home.uid):
        accepted, _ = read_by_k6(home)
    typed(home, command)
    with acting_as(home.uid):
        after = home.examine()
        still_accepted, _ = read_by_k6(home)
    left = bad(after, result) - (bad(before, result) - {result.finding})
    assert not left, (command, result, left)
    assert still_accepted or not accepted, (command, result)


@pytest.fixture(scope="module")
def said_of_all() -> set[tuple[str, str]]:
    """What is said of a machine where nothing is wrong: it is tried once, and not in every home."""
    with pytest.MonkeyPatch.context() as patch, living(patch) as home:
        return {(one.id, one.finding) for one in made(home, None)}


@pytest.mark.parametrize("broken", [pytest.param(None, id=HEALTHY), *(pytest.param(one, id=one.name) for one in HOMES)])
def test_each_command_of_a_remedy_does_it(
    monkeypatch: pytest.MonkeyPatch, said_of_all: set[tuple[str, str]], broken: Broken | None
) -> None:
    known = said_of_all if broken is not None else set()
    number, count = 0, 1
    while number < count:
        with living(monkeypatch) as home:
            results = made(home, broken)
            found = list(attempts(results, known))
            count = len(found)
            if found:
                try_one(home, results, found[number])
        number += 1
