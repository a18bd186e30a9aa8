"""No backup that another user may have written is offered: it is named, and written only where it is named on purpose."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from homes import WHOLE, Home, commands, living
from inside import call

from k6cfg.doctor import Level
from k6cfg.machine.files import Store

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="modes and owners as on Linux"),
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away"),
]
MALLORY = 4242
EARLIER = b'{"rps": 7}'


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with living(monkeypatch) as made:
        made.put(WHOLE)
        yield made


def store_of(home: Home) -> Store:
    return Store(home.top / "state" / "backups")


def kept(home: Home, data: bytes = EARLIER) -> Path:
    return store_of(home).save(home.config.resolve(), data).path


def planted(home: Home) -> None:
    """A newer one of another user beside our own, as a folder allows that was open for a while."""
    path = kept(home).parent / "20990101T000000000000Z.bak"
    path.write_bytes(b'{"collectors": {"cloud": {"host": "https://mallory.example"}}}')
    path.chmod(0o644)
    os.chown(path, MALLORY, MALLORY)


def opened(mode: int, *, up: int) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        path = kept(home)
        for _ in range(up):
            path = path.parent
        path.chmod(mode)

    return make


def given(*, up: int) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        path = kept(home)
        for _ in range(up):
            path = path.parent
        os.chown(path, MALLORY, MALLORY)

    return make


def linked(home: Home) -> None:
    path = kept(home)
    os.link(path, home.work / "second")


def symbolic(home: Home) -> None:
    path = kept(home)
    path.rename(home.work / "elsewhere")
    path.symlink_to(home.work / "elsewhere")


DOUBTFUL: dict[str, tuple[Callable[[Home], None], str]] = {
    "of another user": (given(up=0), "belongs to uid 4242"),
    "every user can change it": (opened(0o666, up=0), "every user of this machine can change"),
    "its folder is open": (opened(0o777, up=1), "can replace files in"),
    "its folder is open, as /tmp is": (opened(0o1777, up=1), "can replace files in"),
    "the folder of all backups is open": (opened(0o777, up=2), "can replace files in"),
    "the folder of all backups is open, as /tmp is": (opened(0o1777, up=2), "can replace files in"),
    "a folder above is open": (opened(0o777, up=3), "can replace files in"),
    "its folder is of another user": (given(up=1), "belongs to uid 4242"),
    "the folder of all backups is of another user": (given(up=2), "belongs to uid 4242"),
    "a folder above is of another user": (given(up=3), "belongs to uid 4242"),
    "a hard link": (linked, "second name"),
    "a symbolic link": (symbolic, "no regular file"),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_it_is_not_offered(home: Home, name: str) -> None:
    make, why = DOUBTFUL[name]
    make(home)
    done = call(home, "undo", "--yes")
    assert (done.code, home.config.read_text()) == (3, WHOLE)
    assert why in done.err
    assert "--to N writes one all the same" in done.err
    assert "another user may have written it" in call(home, "undo", "--list").out
    assert "another user may have written it" in call(home, "undo", "--list", home.config).out
    done = call(home, "undo", "--to", "1", "--yes")
    assert (done.code, home.config.read_bytes()) == (0, EARLIER)
    assert "warning: another user may have written this version" in done.err
    assert why in done.err


@pytest.mark.parametrize("name", DOUBTFUL)
def test_doctor_says_so_and_its_remedy_ends_it(home: Home, name: str) -> None:
    make, why = DOUBTFUL[name]
    make(home)
    found = [one for one in home.examine() if one.id == "backups" and one.level is Level.WARNING]
    assert [why in one.finding for one in found] == [True]
    assert not [one for one in home.examine() if "Only you" in f"{one.why}" and one.id == "backups"]
    assert not [one for one in home.examine() if one.id == "copies" and one.level is Level.WARNING]
    home.follow(commands(found[0])[0])
    left = [one for one in home.examine() if one.id in {"backups", "copies"}]
    assert not [one for one in left if one.level not in {Level.OK, Level.INFO}], left


@pytest.mark.parametrize("name", [name for name in DOUBTFUL if "is open" in name or "can change" in name])
def test_what_is_too_open_is_closed_by_fix(home: Home, name: str) -> None:
    DOUBTFUL[name][0](home)
    home.k6cfg("doctor", "--fix", "--yes", "--only", "backups")
    done = call(home, "undo", "--yes")
    # A folder that k6cfg did not make may be one where others work, too.
    assert done.code == (3 if "above" in name else 0)


def test_an_older_one_of_our_own_is_offered_instead(home: Home) -> None:
    planted(home)
    assert "uid 4242" not in call(home, "undo", "--to", "2").err
    done = call(home, "undo", "--yes")
    assert (done.code, home.config.read_bytes()) == (0, EARLIER)
    assert "passed over: version 1: " in done.err
    assert "20990101T000000000000Z.bak belongs to uid 4242" in done.err
    home.config.write_text(WHOLE)
    done = call(home, "undo", "--to", "2", "--yes")  # what undo replaced is the newest now
    assert done.code == 0
    assert "mallory.example" in home.config.read_text()


def by_group(home: Home) -> None:
    """As with a umask of 002 where each user has a group of their own."""
    kept(home)
    (home.top / "state").chmod(0o775)


def of_the_owner(home: Home) -> None:
    """Root changed a file of a user's, and both the file and its backup stay that user's."""
    os.chown(home.config, MALLORY, MALLORY)
    kept(home)


def in_a_sticky_folder(home: Home) -> None:
    kept(home)
    (home.top / "state").chmod(0o1777)


def of_root(home: Home) -> None:
    kept(home)
    os.chown(home.config, MALLORY, MALLORY)


def of_a_file_that_is_gone(home: Home) -> None:
    kept(home)
    home.config.unlink()


@pytest.mark.parametrize(
    "make",
    [kept, by_group, of_the_owner, in_a_sticky_folder, of_root, of_a_file_that_is_gone],
    ids=lambda it: it.__name__,
)
def test_what_nobody_else_could_have_written_is_offered(home: Home, make: Callable[[Home], object]) -> None:
    make(home)
    assert not [one for one in home.examine() if one.id == "backups" and one.level is Level.WARNING]
    listed = call(home, "undo", "--list").out
    assert listed
    assert "another user" not in listed
    done = call(home, "undo", "--yes")
    assert (done.code, home.config.read_bytes()) == (0, EARLIER)
    assert "warning" not in done.err


def test_who_can_read_them_is_said_as_it_is(home: Home) -> None:
    path = kept(home)
    assert "Only you can read them" in f"{home.found()['backups'].why}"
    path.chmod(0o644)
    assert "can read" not in f"{home.found()['backups'].why}"
    path.chmod(0o600)
    os.chown(home.config, MALLORY, MALLORY)
    os.chown(path, MALLORY, MALLORY)
    assert "Only root and uid 4242 can read them" in f"{home.found()['backups'].why}"


def test_a_name_from_the_end_of_time_stops_no_write(home: Home) -> None:
    (kept(home).parent / "99991231T235959999999Z.bak").write_bytes(b"{}")
    assert call(home, "set", "rps", "5").code == 0


# -- a file of another user -------------------------------------------------------------------------------------------

WARNED = "belongs to uid 4242, who can read the secret that is written there"
TOKEN = "not-a-real-token-of-anybody"


def new_file(home: Home) -> None:
    home.config.unlink()
    os.chown(home.config.parent, MALLORY, MALLORY)


def their_file(home: Home) -> None:
    home.put("{}")
    os.chown(home.config, MALLORY, MALLORY)


@pytest.mark.parametrize("make", [new_file, their_file], ids=lambda it: it.__name__)
@pytest.mark.parametrize(
    "words", [("set-token", "--stdin"), ("set", "collectors.cloud.token", "--stdin")], ids=" ".join
)
def test_a_secret_in_a_file_of_another_user_is_told(
    home: Home, make: Callable[[Home], None], words: tuple[str, ...]
) -> None:
    make(home)
    done = call(home, *words, stdin=TOKEN)
    assert done.code == 0
    assert WARNED in done.err
    assert "only you can read it" not in done.err
    assert home.config.stat().st_uid == MALLORY
    again = call(home, "set", "rps", "5")
    assert again.code == 0
    assert "belongs to" not in again.err, "no secret came into it"
    owner = home.found()["owner"]
    assert owner.level is Level.INFO
    assert "uid 4242 can read the secret in it" in f"{owner.why}"
    assert "only its owner, uid 4242, can read the file" in home.found()["mode"].finding


def test_a_secret_in_a_file_of_our_own_is_not_told(home: Home) -> None:
    home.config.unlink()
    done = call(home, "set-token", "--stdin", stdin=TOKEN)
    assert "(mode 0600: only you can read it)" in done.err
    assert "warning" not in done.err
    assert home.found()["owner"].level is Level.OK


def test_a_file_in_a_folder_of_another_user_is_told(home: Home) -> None:
    os.chown(home.config.parent, MALLORY, MALLORY)
    assert "uid 4242 can replace the file" in f"{home.found()['owner'].why}"
