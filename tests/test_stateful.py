"""Any sequence of commands, foreign edits, crashes and full disks, against a model of what the file must hold."""

import json
import pkgutil
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from conftest import Done, Home
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from inside import call

KEEP = 10
VALUES: dict[str, list[tuple[str, Any]]] = {
    "rps": [("5", 5), ("7", 7)],
    "throw": [("true", True), ("false", False)],
    "userAgent": [("me", "me"), ('caf\u00e9 "x"', 'caf\u00e9 "x"')],
    "dns.ttl": [("5m", "5m"), ("inf", "inf")],
    "tags.team": [("a", "a"), ("5", "5")],
    "tags.a.b": [("x", "x")],
    "systemTags": [("url,ip", ["url", "ip"])],
    "thresholds.http_reqs": [("rate>5", ["rate>5"])],
    "collectors.cloud.name": [("load", "load")],
}
ROUTES: dict[str, tuple[str, ...]] = {
    key: ("tags", "a.b") if key == "tags.a.b" else tuple(key.split(".")) for key in VALUES
}
TOKEN = ("collectors", "cloud", "token")
TOKENS = ["not-a-real-token-number-one", "not-a-real-token-number-two"]
# What k6cfg must not touch: unknown keys, their order, and how each is spelled.
FOREIGN = [
    ('"zz"', "1e2"),
    ('"_n\\u006fte"', '"\\u00e9 \\/ \\ud83d\\ude00"'),
    ('"big"', "12345678901234567890"),
    ('"mine"', '{"b":1 , "a":[1,  2], "b":2}'),
    ('"//"', "[ ]"),
]
BROKEN = '{"rps": 5,, "tags": {"team": "a"}\n'


class Crash(BaseException):
    """Stands for a kill at that moment: nothing is cleaned up but what would be anyway."""


SAVE = "k6cfg.machine.files.backups.Store.save"
# Where it fails, and whether after the work was done: signals wait until an exchange, once made, is known to be.
STAGES = [
    ("k6cfg.machine.files.atomic_write.stage", False),
    ("k6cfg.machine.files.atomic_write._compare", False),
    ("k6cfg.machine.files.atomic_write._compare", True),
    (SAVE, False),
    (SAVE, True),
    ("k6cfg.machine.files.atomic_write._exchange", False),
    ("k6cfg.machine.files.directory.Folder.sync", False),
    ("k6cfg.machine.files.directory.Folder.sync", True),
]


class Files(RuleBasedStateMachine):
    """``values`` is what k6 must read, ``foreign`` the spelled members that no command may touch, ``kept`` the backups."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = Home(self.folder / "home")
        self.path = self.home.config
        self.values: dict[tuple[str, ...], Any] = {}
        self.foreign: list[tuple[str, str]] = []
        self.kept: list[bytes] = []
        self.states: dict[bytes, tuple[dict[tuple[str, ...], Any], list[tuple[str, str]]]] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # -- the model

    @property
    def data(self) -> bytes | None:
        return self.path.read_bytes() if self.path.exists() else None

    def written(self, before: bytes | None) -> None:
        """A command wrote: the earlier file is the newest backup, and the same bytes are not kept twice."""
        if before is None or before == self.data:
            return
        self.kept = [*(each for each in self.kept if each != before), before][-KEEP:]

    def look_for_backups(self, before: bytes | None) -> None:
        """After a crash there may be a backup too many, never one too few."""
        store = self.home.folder / ".local" / "state" / "k6cfg" / "backups"
        found = [path.read_bytes() for path in sorted(store.glob("*/*.bak"))]
        assert set(found) >= set(self.kept[-KEEP + 1 :])
        assert before in {None, self.data, *found}
        assert set(found) <= {*self.kept, before}
        self.kept = found

    def remember(self) -> None:
        if self.data is not None:
            self.states[self.data] = (dict(self.values), list(self.foreign))

    @invariant()
    def file_is_what_the_model_says(self) -> None:
        data = self.data
        if data is None:
            assert not self.values
            return
        text = data.decode()
        if text == BROKEN:
            return
        pairs: list[tuple[str, Any]] = json.loads(text, object_pairs_hook=lambda pairs: pairs)
        read = json.loads(text)
        for key, route in ROUTES.items():
            assert look(read, route) == self.values.get(route), key
        assert look(read, TOKEN) == self.values.get(TOKEN)
        at = 0
        for key, value in self.foreign:
            at = text.index(key, at)
            assert text[at + len(key) :].lstrip(" \t\r\n:").startswith(value)
        names = [json.loads(key) for key, _ in self.foreign]
        assert [key for key, _ in pairs if key in names] == names
        self.remember()

    @invariant()
    def no_litter_stays(self) -> None:
        if self.path.parent.exists():
            assert {each.name for each in self.path.parent.iterdir()} <= {"config.json"}

    # -- commands

    def run(self, *arguments: str, stdin: str = "") -> Done:
        done = call(self.home, *arguments, stdin=stdin)
        assert done.code != 70, done.err
        assert not any(token in done.out + done.err for token in TOKENS)
        return done

    def change(self, *arguments: str, stdin: str = "", then: Callable[[], None]) -> None:
        """A command that changes the file, unless it is broken."""
        before = self.data
        done = self.run(*arguments, stdin=stdin)
        if before == BROKEN.encode():
            # What it does not hold need not be taken out; all else would need a repair that nobody asked for.
            assert (done.code, self.data) in {(4, before), (0, before)}
            return
        assert done.code == 0, done.err
        then()
        self.written(before)

    @initialize(
        members=st.lists(st.sampled_from(FOREIGN), max_size=4, unique=True),
        spread=st.booleans(),
        newline=st.sampled_from(["\n", "\r\n"]),
    )
    def start(self, members: list[tuple[str, str]], spread: bool, newline: str) -> None:
        if members:
            self.foreign_edit(members, spread, newline)

    @rule(key=st.sampled_from(sorted(VALUES)), data=st.data())
    def set_one(self, key: str, data: st.DataObject) -> None:
        text, value = data.draw(st.sampled_from(VALUES[key]))
        self.change("set", key, text, then=lambda: self.values.update({ROUTES[key]: value}))

    @rule(key=st.sampled_from(sorted(VALUES)))
    def unset_one(self, key: str) -> None:
        self.change("unset", key, then=lambda: drop_from(self.values, ROUTES[key]))

    @rule(token=st.sampled_from(TOKENS))
    def set_token(self, token: str) -> None:
        self.change("set-token", "--stdin", stdin=token, then=lambda: self.values.update({TOKEN: token}))

    @rule()
    def remove_token(self) -> None:
        self.change("set-token", "--remove", then=lambda: drop_from(self.values, TOKEN))

    @rule(key=st.sampled_from(["rps", "throw", "dns.ttl"]))
    def refused(self, key: str) -> None:
        before = self.data
        assert self.run("set", key, "nonsense" if key != "dns.ttl" else "5 bananas").code in {1, 4}
        assert self.run("set", key + "x", "1").code in {2, 4}
        assert self.data == before

    @rule()
    def repair(self) -> None:
        before = self.data
        done = self.run("validate", "--fix", "--yes", "--select", "syntax")
        if before == BROKEN.encode():
            assert done.code == 0, done.err
            self.values, self.foreign = {("rps",): 5, ("tags", "team"): "a"}, []
            self.written(before)
        else:
            assert self.data == before

    @rule()
    def undo(self) -> None:
        before = self.data
        earlier = next((each for each in reversed(self.kept) if each != before), None)
        done = self.run("undo", "--yes")
        if earlier is None:
            assert (done.code, self.data) == (3, before)
            return
        assert (done.code, self.data) == (0, earlier), done.err
        self.written(before)
        if earlier != BROKEN.encode():
            values, foreign = self.states[earlier]
            self.values, self.foreign = dict(values), list(foreign)

    # -- the world

    @rule(
        members=st.lists(st.sampled_from(FOREIGN), max_size=4, unique=True),
        spread=st.booleans(),
        newline=st.sampled_from(["\n", "\r\n"]),
    )
    def foreign_edit(self, members: list[tuple[str, str]], spread: bool, newline: str) -> None:
        gap = newline + "\t" if spread else ""
        text = "{" + gap + ("," + (gap or " ")).join(f"{key}: {value}" for key, value in members)
        self.home.write(text + (newline if spread else "") + "}")
        self.values, self.foreign = {}, list(members)

    @rule()
    def breaks(self) -> None:
        self.home.write(BROKEN)
        self.values, self.foreign = {}, []

    @rule(
        where=st.sampled_from(STAGES),
        error=st.sampled_from([Crash(), KeyboardInterrupt(), OSError(28, "No space left"), OSError(5, "I/O error")]),
        token=st.sampled_from(TOKENS),
    )
    def crashes(self, where: tuple[str, bool], error: BaseException, token: str) -> None:
        """The old file or the new one, and the backup of the old one where it is the new one."""
        before = self.data
        if before == BROKEN.encode():
            return
        stage, late = where
        with failing(stage, error, late=late):
            try:
                done: Done | None = call(self.home, "set-token", "--stdin", stdin=token)
            except Crash:
                done = None
        if done is not None:
            assert done.code in {0, 3, 5, 130}
            assert token not in done.err
        if self.data == before:
            assert done is None or done.code in {3, 130} or self.values.get(TOKEN) == token
        else:
            self.values[TOKEN] = token
        self.look_for_backups(before)


def look(value: Any, route: tuple[str, ...]) -> Any:
    for part in route:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def drop_from(values: dict[tuple[str, ...], Any], route: tuple[str, ...]) -> None:
    values.pop(route, None)


@contextmanager
def failing(place: str, error: BaseException, *, late: bool) -> Iterator[None]:
    """Something of the file room that fails, before or after it did its work."""
    module, _, name = place.rpartition(".")
    owner = pkgutil.resolve_name(module)
    real = getattr(owner, name)

    def broken(*arguments: Any, **named: Any) -> Any:
        if late:
            real(*arguments, **named)
        raise error

    with mock.patch.object(owner, name, broken):
        yield


TestFiles = Files.TestCase
TestFiles.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
def test_many_more_sequences() -> None:
    many = settings(max_examples=2000, stateful_step_count=50, deadline=None, derandomize=False)
    run_state_machine_as_test(Files, settings=settings(many, suppress_health_check=list(HealthCheck)))
