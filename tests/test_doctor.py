"""Broken homes, each named by its check with a remedy that mends it; and healthy ones, of which nothing is said."""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from k6cfg import doctor
from k6cfg.cli.doctor import command
from k6cfg.doctor import CHECKS, Check, Level, Machine, Result, examine
from k6cfg.doctor import commands as shell
from k6cfg.doctor.check import error, info, ok
from k6cfg.files import FileError, Kind, Store
from k6cfg.report.doctor import render, render_json
from k6cfg.report.style import PLAIN
from k6cfg.versions import Version

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, links and fake programs as on Linux")

ROOT: Final = Path(__file__).parent.parent
SECRET: Final = "n0t-a-real-T0KEN"
ANOTHER: Final = "an0ther-T0KEN"
CLOUD: Final = {"token": SECRET, "stackID": 123, "defaultProjectID": 456}
WHOLE: Final = json.dumps({"collectors": {"cloud": CLOUD}}, indent=2)
NOBODY: Final = 65534
IDS: Final = [check.id for check in CHECKS]


def cloud(**more: object) -> str:
    return json.dumps({"collectors": {"cloud": {**CLOUD, **more}}})


@dataclasses.dataclass
class Home:
    """A home folder with a k6, a k6cfg and variables of its own."""

    top: Path
    environ: dict[str, str]
    option: str | None = None
    uid: int = dataclasses.field(default_factory=os.geteuid)

    @classmethod
    def new(cls, top: Path, version: str | None = "2.2.0") -> "Home":
        top.chmod(0o755)
        home = cls(
            top, {"HOME": str(top / "ann"), "PATH": f"{top}/bin:/usr/bin:/bin", "K6CFG_STATE_DIR": f"{top}/state"}
        )
        home.home.mkdir()
        home.home.chmod(0o755)
        home.program(top / "bin" / "k6cfg", f'PYTHONPATH={ROOT} exec {sys.executable} -m k6cfg "$@"')
        if version is not None:
            home.k6(version)
        return home

    @property
    def home(self) -> Path:
        return self.top / "ann"

    @property
    def work(self) -> Path:
        return self.top / "work"

    @property
    def config(self) -> Path:
        return self.home / ".config" / "k6" / "config.json"

    @property
    def legacy(self) -> Path:
        return self.home / ".config" / "loadimpact" / "k6" / "config.json"

    def program(self, path: Path, body: str) -> None:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def k6(self, version: str, folder: str = "bin") -> None:
        self.program(self.top / folder / "k6", f"echo 'k6 v{version} (go1.25.5, linux/amd64)'")

    def put(self, text: str | bytes, path: Path | None = None, mode: int = 0o600) -> Path:
        path = path or self.config
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    def machine(self) -> Machine:
        return Machine(environ=self.environ, config_option=self.option, uid=self.uid)

    def examine(self) -> tuple[Result, ...]:
        return examine(self.machine())

    def run(self, line: str) -> None:
        """What a shell does with a line; the variables that it sets stay."""
        environ = {**self.environ, "NEW_TOKEN": ANOTHER}
        said = self.top / "environ"
        done = subprocess.run(
            ["/bin/sh", "-c", f'{{ {line}; }} >&2 || exit; "$0" -0 > "$1"', "/usr/bin/env", said],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=Path.cwd(),
            check=False,
        )
        assert done.returncode == 0, (line, done.stderr)
        pairs = (pair.partition("=") for pair in said.read_text().split("\0") if pair)
        self.environ = {
            name: value for name, _, value in pairs if name not in {"PWD", "OLDPWD", "_", "SHLVL", "NEW_TOKEN"}
        }


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    # Not in tmp_path, which nobody but us may enter.
    umask = os.umask(0o022)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top, monkeypatch.context() as patch:
        made = Home.new(Path(top))
        made.work.mkdir()
        patch.chdir(made.work)
        # Messages about files go by the process's own home folder.
        patch.setenv("HOME", str(made.home))
        yield made
    os.umask(umask)


def commands(result: Result) -> list[str]:
    return re.findall(r"`([^`]+)`", result.remedy or "")


# -- broken homes ---------------------------------------------------------------------------------------------------

Mend = Callable[[Home, Result], None]


@dataclasses.dataclass(frozen=True)
class Broken:
    """What is broken, the result that names it, and how its remedy is followed."""

    name: str
    make: Callable[[Home], object]
    id: str
    level: Level
    says: str
    mend: Mend


def follow(number: int = 0, more: str = "", **replaced: str) -> Mend:
    """Run the command of the remedy, with the answers that a person would give."""

    def mend(home: Home, result: Result) -> None:
        line = commands(result)[number]
        for old, new in replaced.items():
            assert old in line
            line = line.replace(old, new)
        home.run(line + more)

    return mend


def by_hand(change: Callable[[Home], object], words: str) -> Mend:
    """Do what the remedy says in words."""

    def mend(home: Home, result: Result) -> None:
        assert words in (result.remedy or "")
        change(home)

    return mend


def several(home: Home) -> None:
    home.k6("0.57.0", "other")
    home.environ["PATH"] = f"{home.top}/bin:{home.top}/other:/usr/bin:/bin"


def variable(**values: str) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        home.put(WHOLE)
        home.environ |= values

    return make


def without(*names: str) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        for name in names:
            del home.environ[name]

    return make


def text(content: str | bytes, mode: int = 0o600, version: str = "2.2.0") -> Callable[[Home], None]:
    def make(home: Home) -> None:
        home.k6(version)
        home.put(content, mode=mode)

    return make


def option(home: Home) -> None:
    home.option = "ci.json"


def relative_variable(home: Home) -> None:
    home.put("{}", home.work / "ci.json")
    home.environ["K6_CONFIG"] = "ci.json"


def old_and_relative(home: Home) -> None:
    home.k6("0.57.0")
    home.environ["XDG_CONFIG_HOME"] = "cfg"


def tilde(home: Home) -> None:
    home.put("{}", home.home / "a folder" / "ci.json")
    home.environ["K6_CONFIG"] = "~/a folder/ci.json"


def old_place(version: str) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        home.k6(version)
        home.put(WHOLE, home.legacy)

    return make


def both_places(home: Home) -> None:
    home.put(WHOLE)
    home.put('{"vus": 7, "duration": "1s"}', home.legacy)


def token_left_behind(home: Home) -> None:
    home.put(WHOLE)
    home.put(WHOLE, home.legacy, 0o644)


def emptied_after_a_change(home: Home) -> None:
    home.put("")
    Store(home.top / "state" / "backups").save(home.config.resolve(), WHOLE.encode())


def two_of_one_release(home: Home) -> None:
    several(home)
    home.k6("2.2.0", "other")


def too_new_place(home: Home) -> None:
    home.k6("0.57.0")
    home.put("{}")


def at(*parts: str) -> Callable[[Home], object]:
    return lambda home: home.put(WHOLE, home.home.joinpath(*parts))


def folder_instead(home: Home) -> None:
    home.config.mkdir(parents=True)


def pipe_instead(home: Home) -> None:
    home.config.parent.mkdir(parents=True)
    os.mkfifo(home.config)


def link_to(target: str) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        home.config.parent.mkdir(parents=True)
        home.config.symlink_to(target)

    return make


def hard_link(home: Home) -> None:
    os.link(home.put(WHOLE), home.home / "second.json")


def open_folder(home: Home) -> None:
    home.put("{}").parent.chmod(0o777)


def shut(what: str) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        path = home.put(WHOLE)
        for each in (path, path.parent):
            if os.geteuid() == 0:
                os.chown(each, NOBODY, NOBODY)
        home.uid = NOBODY if os.geteuid() == 0 else os.geteuid()
        (path if what == "file" else path.parent).chmod(0)

    return make


def stranger(home: Home) -> None:
    home.put(WHOLE)
    home.uid = os.geteuid() + 1


def leftover(home: Home) -> None:
    path = home.put(WHOLE).parent / ".k6cfg-4711-0123456789ab.tmp"
    home.put(WHOLE, path)
    os.utime(path, (0, 0))


ERROR, WARNING, INFO = Level.ERROR, Level.WARNING, Level.INFO
NEW_TOKEN = follow(0, " --from-env NEW_TOKEN")
FIX = follow(0, " --yes")
HOMES: Final = (
    Broken("k6 that fails", lambda h: h.program(h.top / "bin" / "k6", "exit 1"), "k6", WARNING, "exit status 1",
           follow(0, **{"X.Y.Z": "2.2.0", "doctor": "--version; : "})),
    Broken("k6 from before config.json", lambda h: h.k6("0.17.2"), "k6", WARNING, "0.17.2",
           by_hand(lambda h: h.k6("2.2.0"), "newer k6")),
    Broken("two k6", several, "several-k6", WARNING, "/bin/k6 (2.2.0) wins, and hides", follow()),
    Broken("empty K6_CONFIG", variable(K6_CONFIG=""), "place", ERROR, "K6_CONFIG is empty", follow()),
    Broken("K6_CONFIG without a file", variable(K6_CONFIG="/nowhere/c.json"), "place", ERROR, "/nowhere/c.json", follow()),
    Broken("relative K6_CONFIG", relative_variable, "place", WARNING, "depends on the working directory", follow()),
    Broken("K6_CONFIG with a tilde", tilde, "place", ERROR, "what ~ means", follow()),
    Broken("-c without a file", option, "place", ERROR, "-c names ci.json", NEW_TOKEN),
    Broken("no HOME", without("HOME"), "home", WARNING, "neither XDG_CONFIG_HOME nor HOME is set", follow()),
    Broken("relative HOME", variable(HOME="ann"), "home", WARNING, "relative to the working directory", follow()),
    Broken("relative XDG_CONFIG_HOME", variable(XDG_CONFIG_HOME="cfg"), "home", WARNING, "not an absolute path", follow()),
    Broken("relative XDG_CONFIG_HOME, old k6", old_and_relative,
           "home", WARNING, "relative to the working directory", follow()),
    Broken("login lost to k6 2", old_place("2.2.0"), "legacy-place", WARNING, "where k6 2.2.0 does not look", follow()),
    Broken("old place, k6 1", old_place("1.8.1"), "legacy-place", WARNING, "in its old place", follow()),
    Broken("both places", both_places, "legacy-place", WARNING, "both exist, and differ", follow()),
    Broken("a token that the migration left behind", token_left_behind, "legacy-place", WARNING, "for others to read",
           follow()),
    Broken("new place, old k6", too_new_place, "legacy-place", WARNING, "k6 0.57.0 does not read it", follow()),
    Broken("misquoted place", at(".config", "loadimpact", "config.json"), "other-places", WARNING,
           "~/.config/loadimpact/config.json", follow()),
    Broken("~/.k6", at(".k6", "config.json"), "other-places", WARNING, "~/.k6/config.json exists", follow()),
    Broken("k6.json in the working folder", lambda h: h.put('{"vus": 3}', h.work / "k6.json"), "other-places", INFO,
           "k6.json exists", follow()),
    Broken("a folder called config.json", folder_instead, "readable", ERROR, "it is a folder", follow()),
    Broken("a pipe called config.json", pipe_instead, "readable", ERROR, "is a pipe", follow()),
    Broken("a circle of links", link_to("config.json"), "readable", ERROR, "in a circle",
           follow()),
    Broken("a file that we may not read", shut("file"), "readable", ERROR, "permission denied", follow()),
    Broken("a folder that we may not enter", shut("folder"), "readable", ERROR, "permission denied", follow()),
    Broken("a link to nothing", link_to("nowhere.json"), "links", WARNING, "which does not exist", follow()),
    Broken("a hard link", hard_link, "links", WARNING, "2 names", follow()),
    Broken("a folder for everybody", open_folder, "folder", ERROR, "(mode 0777)", follow()),
    Broken("a file of somebody else", stranger, "owner", WARNING, "and k6 runs as",
           by_hand(lambda h: setattr(h, "uid", os.geteuid()), "sudo chown")),
    Broken("a secret for everybody", text(WHOLE, 0o644), "mode", WARNING, "every user of this machine can read", follow()),
    Broken("a secret for the group", text(WHOLE, 0o640), "mode", WARNING, "the file's group can read", follow()),
    Broken("a file for everybody", text("{}", 0o666), "mode", ERROR, "can change", follow()),
    Broken("a secret that everybody may change", text(WHOLE, 0o666), "mode", ERROR, "can change", follow()),
    Broken("a secret for everybody in a broken file", text(WHOLE.replace(":", "", 1), 0o644), "mode", WARNING,
           "it holds a secret", follow()),
    Broken("a missing colon", text('{\n  "vus" 5, "duration": "1s"\n}'), "syntax", ERROR, "line 2", FIX),
    Broken("a trailing comma", text('{"noUsageReport": true,}'), "syntax", ERROR, "line 1", FIX),
    Broken("a byte order mark", text(b"\xef\xbb\xbf" + WHOLE.encode()), "syntax", ERROR, "line 1", FIX),
    Broken("a file that login emptied", text(""), "syntax", ERROR, "no JSON",
           follow()),
    Broken("a file that login emptied, with a backup", emptied_after_a_change, "syntax", ERROR, "no JSON", FIX),
    Broken("a value that k6 refuses", text('{\n"throw": 1}'), "accepted", ERROR, "k6 2.2.0 refuses the file: line 2",
           by_hand(lambda h: h.put("{}"), "k6cfg validate")),
    Broken("a key that k6 ignores", text('{"thresold": {}}'), "accepted", WARNING, "thresold",
           by_hand(lambda h: h.put("{}"), "k6cfg validate")),
    Broken("what the next k6 refuses",
           text('{"scenarios":{"a":{"executor":"externally-controlled","duration":"1s","vus":1,"maxVUs":1}}}', 0o600, "1.8.1"),
           "newest", INFO, "k6 2.2.0 would refuse the file", by_hand(lambda h: h.put("{}"), "--k6-version 2.2.0")),
    Broken("a placeholder", text(cloud(token="<YOUR_TOKEN>")), "token", ERROR, "documentation", NEW_TOKEN),
    Broken("a variable in the place of the token", text(cloud(token="${K6_TOKEN}")), "token", ERROR, "name of a variable",
           NEW_TOKEN),
    Broken("a line break after the token", text(cloud(token=SECRET + "\n")), "token", ERROR, "before or after", NEW_TOKEN),
    Broken("a space in the token", text(cloud(token="not a token")), "token", ERROR, "inside", NEW_TOKEN),
    Broken("a control character in the token", text(cloud(token=SECRET + "\x07!")), "token", ERROR, "in a header", NEW_TOKEN),
    Broken("a number for a token", text(cloud(token=12345)), "token", ERROR, "no text in quotes", NEW_TOKEN),
    Broken("a token at the top", text(json.dumps({"token": SECRET})), "token", WARNING, "does not look for one: token (line 1)",
           by_hand(lambda h: h.put(WHOLE), "take it out of line 1")),
    Broken("a token in Cloud", text(WHOLE.replace("cloud", "Cloud")), "token", WARNING, "collectors.Cloud.token",
           by_hand(lambda h: h.put(WHOLE), "take it out of line 4")),
    Broken("a line break in K6_CLOUD_TOKEN", variable(K6_CLOUD_TOKEN=SECRET + "\n"), "token", ERROR,
           "K6_CLOUD_TOKEN has white space", follow()),
    Broken("a token without stack", text(json.dumps({"collectors": {"cloud": {"token": SECRET}}})), "stack", WARNING,
           "no stack (stackID)", follow(0, ID="123")),
    Broken("a stack without project", text(cloud(defaultProjectID=None)), "stack", INFO, "no project",
           follow(0, ID="456")),
    Broken("K6_CLOUD_TOKEN without stack", lambda h: h.environ.update(K6_CLOUD_TOKEN=SECRET), "stack", WARNING,
           "no stack", follow(0, **{"=ID": "=123"})),
    Broken("a host elsewhere", text(cloud(host="https://collector.example")), "servers", ERROR,
           "collectors.cloud.host (line 1) sends the token to collector.example",
           by_hand(lambda h: h.put(WHOLE), "remove collectors.cloud.host from line 1")),
    Broken("a host that is not encrypted", text(cloud(hostv6="http://api.k6.io")), "servers", ERROR,
           "api.k6.io, and not encrypted", by_hand(lambda h: h.put(WHOLE), "remove collectors.cloud.hostv6")),
    Broken("a host that looks like k6.io", text(cloud(host="https://k6.io@collector.example")), "servers", ERROR,
           "sends the token to collector.example", by_hand(lambda h: h.put(WHOLE), "remove collectors.cloud.host")),
    Broken("a host that ends like k6.io", text(cloud(host="https://notk6.io")), "servers", ERROR, "notk6.io",
           by_hand(lambda h: h.put(WHOLE), "remove collectors.cloud.host")),
    Broken("a host in a variable", variable(K6_CLOUD_HOST="http://127.0.0.1:8080"), "servers", WARNING,
           "K6_CLOUD_HOST sends the token to 127.0.0.1:8080, and not encrypted", follow()),
    Broken("a variable before the file", variable(K6_CLOUD_TOKEN=ANOTHER), "variables", WARNING,
           "K6_CLOUD_TOKEN goes before collectors.cloud.token", follow()),
    Broken("an empty variable", variable(K6_VUS=""), "variables", WARNING, "K6_VUS is set, but empty", follow()),
    Broken("a misspelt variable", lambda h: h.environ.update(K6_CLOUD_TOKN=SECRET), "variables", WARNING, "Did you mean K6_CLOUD_TOKEN",
           follow()),
    Broken("an obsolete variable", lambda h: h.environ.update(K6CLOUD_TOKEN=SECRET), "variables", WARNING, "K6CLOUD_TOKEN does nothing",
           follow()),
    Broken("a variable that k6 never read", variable(K6_VERBOSE="1"), "variables", WARNING, "K6_VERBOSE does nothing",
           follow()),
    Broken("a variable in small letters", variable(k6_vus="5"), "variables", WARNING, "in capitals", follow()),
    Broken("a lone vus", text('{"vus": 5}'), "every-test", WARNING, "vus stands alone",
           by_hand(lambda h: h.put("{}"), "Remove vus from line 1")),
    Broken("options for every test", text('{"vus": 5, "duration": "1m"}'), "every-test", INFO, "duration, vus",
           by_hand(lambda h: h.put("{}"), "k6 run -c FILE")),
    Broken("an interrupted write", leftover, "leftovers", WARNING, "1 temporary file", follow()),
)  # fmt: skip


@contextlib.contextmanager
def acting_as(uid: int) -> Iterator[None]:
    """Let the system take us for another user, as far as files go."""
    if uid == os.geteuid() or os.geteuid() != 0 or uid != NOBODY:
        yield
        return
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)


def named(results: tuple[Result, ...], broken: Broken) -> list[Result]:
    return [one for one in results if one.id == broken.id and one.level is broken.level and broken.says in one.finding]


@pytest.mark.parametrize("broken", [pytest.param(broken, id=broken.name) for broken in HOMES])
def test_a_broken_home_is_named_and_its_remedy_mends_it(home: Home, broken: Broken) -> None:
    broken.make(home)
    home.examine()  # whatever it imports, it may do as root
    with acting_as(home.uid):
        before = home.examine()
    found = named(before, broken)
    assert len(found) == 1, [one for one in before if one.level in {ERROR, WARNING, Level.COULD_NOT}]
    assert found[0].remedy
    assert not [one for one in before if one.level is Level.COULD_NOT], before
    no_secret(home, before)
    broken.mend(home, found[0])
    if broken.name != "k6 that fails":
        with acting_as(home.uid):
            after = home.examine()
        assert not named(after, broken)
        assert not [one for one in after if one.id == broken.id and one.level in {ERROR, WARNING}], after
        no_secret(home, after)


def no_secret(home: Home, results: tuple[Result, ...]) -> None:
    for said in (render(results, PLAIN, ""), render_json(results, Version(2, 2))):
        assert "T0KEN" not in said
        assert str(home.home) not in said


# -- healthy homes --------------------------------------------------------------------------------------------------


def login_in_variables(home: Home) -> None:
    home.environ |= {"K6_CLOUD_TOKEN": SECRET, "K6_CLOUD_STACK_ID": "1", "K6_CLOUD_PROJECT_ID": "2"}


def dotfiles(home: Home) -> None:
    home.put(WHOLE, home.home / "dotfiles" / "k6.json")
    link_to("../../dotfiles/k6.json")(home)


def two_names_of_one(home: Home) -> None:
    (home.top / "other").mkdir()
    (home.top / "other" / "k6").symlink_to(home.top / "bin" / "k6")
    home.environ["PATH"] = f"{home.top}/other:{home.environ['PATH']}"


def own_folder(home: Home) -> None:
    home.put(WHOLE, home.home / "cfg" / "k6" / "config.json")
    home.environ["XDG_CONFIG_HOME"] = str(home.home / "cfg")


def named_file(home: Home) -> None:
    home.put('{"vus": 5, "duration": "1m"}', home.work / "ci.json", 0o644)
    home.option = "ci.json"


def migrated(home: Home) -> None:
    home.put(WHOLE)
    home.put(WHOLE, home.legacy)


def old_machine(home: Home) -> None:
    home.k6("0.57.0")
    home.put(json.dumps({"collectors": {"cloud": {"token": SECRET}}}), home.legacy)


HEALTHY: Final[dict[str, Callable[[Home], object]]] = {
    "nothing at all": lambda h: (h.top / "bin" / "k6").unlink(),
    "a k6 alone": lambda _: None,
    "a file with a login": text(WHOLE),
    "a file without secrets, for everybody to read": text('{"noUsageReport": true}', 0o644),
    "an empty object": text("{}"),
    "a login in variables": login_in_variables,
    "K6_CONFIG with an absolute path": lambda h: h.environ.update(K6_CONFIG=str(h.put(WHOLE, h.work / "c.json"))),
    "a token among the options of a test": text(json.dumps({"cloud": {"token": SECRET, "stackID": 1, "projectID": 2}})),
    "dotfiles": dotfiles,
    "two k6 of one release": two_of_one_release,
    "a k6 by two names": two_names_of_one,
    "XDG_CONFIG_HOME": own_folder,
    "a file named with -c": named_file,
    "an old file that is the same": migrated,
    "k6 0.57": old_machine,
    "k6 1.8 with a token alone": text(json.dumps({"collectors": {"cloud": {"token": SECRET}}}), 0o600, "1.8.1"),
    "servers of the vendor": text(cloud(host="https://ingest.k6.io", hostv6="https://api.k6.io")),
    "somebody else's config.json": lambda h: h.put('{"port": 80}', h.work / "config.json"),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_home_gets_no_warning(home: Home, name: str) -> None:
    HEALTHY[name](home)
    results = home.examine()
    assert not [one for one in results if one.level in {ERROR, WARNING, Level.COULD_NOT}], results
    assert {one.id for one in results} == set(IDS)
    no_secret(home, results)


def test_a_file_of_a_newer_k6_is_worth_a_note(home: Home) -> None:
    home.k6("9.1.0")
    found = {one.id: one for one in home.examine()}
    assert found["k6"].level is INFO
    assert "9.1.0, newer than k6cfg knows" in found["k6"].finding


def test_backups_are_counted(home: Home) -> None:
    path = home.put(WHOLE)
    Store(home.top / "state" / "backups").save(path.resolve(), b"{}")
    found = {one.id: one for one in home.examine()}
    assert found["backups"].level is INFO
    assert "1 earlier version of the file" in found["backups"].finding
    home.run(commands(found["backups"])[0] + " --yes")
    assert {one.id: one for one in home.examine()}["backups"].level is Level.OK


# -- the architecture -------------------------------------------------------------------------------------------------


def test_ids_are_stable_words() -> None:
    assert len(set(IDS)) == len(IDS)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in IDS)
    assert IDS == [
        "k6", "several-k6", "place", "home", "legacy-place", "other-places", "readable", "links", "folder", "owner",
        "mode", "syntax", "accepted", "newest", "token", "stack", "servers", "variables", "every-test", "leftovers",
        "backups",
    ]  # fmt: skip


def test_a_check_that_crashes_does_not_take_the_others_with_it(home: Home) -> None:
    def crash(_: Machine) -> Iterator[Result]:
        yield ok("all is well so far")
        raise RuntimeError(SECRET)

    def unreadable(_: Machine) -> Iterator[Result]:
        yield from ()
        raise FileError(Kind.PERMISSION, "it cannot be read", "Ask for it.")

    checks = (Check("one", "Does it crash?", crash), Check("two", "Can it be read?", unreadable), *CHECKS)
    results = examine(home.machine(), checks=checks)
    assert results[0] == Result(Level.COULD_NOT, "this check failed with RuntimeError: Does it crash?", id="one")
    assert results[1] == Result(Level.COULD_NOT, "it cannot be read", None, "Ask for it.", "two")
    assert {one.id for one in results} == {"one", "two", *IDS}


def test_a_judge_that_crashes_leaves_the_checks_that_need_no_judge(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.put(WHOLE)

    def crash(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("k6cfg.engine.check", crash)
    levels = {one.id: one.level for one in home.examine()}
    assert levels["accepted"] is levels["syntax"] is levels["token"] is Level.COULD_NOT
    assert levels["place"] is levels["owner"] is levels["links"] is Level.OK
    no_secret(home, home.examine())


def test_what_is_only_asked_and_what_is_left_out(home: Home) -> None:
    assert [one.id for one in examine(home.machine(), only=["place", "home"])] == ["place", "home"]
    assert "place" not in [one.id for one in examine(home.machine(), skip=["place"])]
    assert examine(home.machine(), only=["place"], skip=["place"]) == ()


def test_an_error_without_a_remedy_is_no_result() -> None:
    for level in (Level.ERROR, Level.WARNING):
        with pytest.raises(ValueError, match="remedy"):
            Result(level, "something is wrong")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda m: shell.unset(m, "K6_CONFIG"), "`Remove-Item Env:K6_CONFIG`"),
        (lambda m: shell.assign(m, "K6_CONFIG", r"C:\Users\ann\k 6\c.json"), r'`$env:K6_CONFIG = "$HOME\k 6\c.json"`'),
        (lambda m: shell.remove(m, r"D:\it's"), r"`Remove-Item 'D:\it''s'`"),
        (lambda m: shell.remove(m, "D:\\a\u202eb"), r'`Remove-Item "D:\a$([char]0x202e)b"`'),
        (lambda m: shell.rename_variable(m, "A", "B"), "`$env:B = $env:A; Remove-Item Env:A`"),
    ],
)
def test_commands_for_windows(call: Callable[[Machine], str], expected: str) -> None:
    assert call(Machine(environ={"USERPROFILE": r"C:\Users\ann"}, system="windows", uid=None)) == expected


@pytest.mark.parametrize("name", ["plain", "a b", "it's", 'say "x"', "$HOME", "a`b", "back\\slash", "-n"])
def test_paths_survive_the_shell(tmp_path: Path, name: str) -> None:
    for where in (tmp_path / name, Path("/elsewhere") / name):
        machine = Machine(environ={"HOME": str(tmp_path)})
        for line in (
            f"set -- {shell.quoted(machine, where)}",
            f'{shell.assign(machine, "P", where)[1:-1]}; set -- "$P"',
        ):
            done = subprocess.run(
                ["/bin/sh", "-c", f'{line}; printf %s "$1"'],
                env={"HOME": str(tmp_path)},
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout == str(where), line


@pytest.mark.skipif(not shutil.which("bash"), reason="dash knows no $'…' yet")
@pytest.mark.parametrize("name", ["a\nb", "\x1b[2J1", "it's\t\\n\n", "\u202egnp.exe", "\udcff7", "\x07~`x`$y"])
def test_names_that_cannot_be_shown_survive_the_shell(tmp_path: Path, name: str) -> None:
    machine = Machine(environ={"HOME": str(tmp_path)})
    for where in (tmp_path / name, Path("/elsewhere") / name):
        for line in (
            f"set -- {shell.quoted(machine, where)}",
            f'{shell.assign(machine, "P", where)[1:-1]}; set -- "$P"',
        ):
            assert line.isprintable()
            done = subprocess.run(
                [shutil.which("bash") or "", "-c", f'{line}; printf %s "$1"'],
                env={"HOME": str(tmp_path)},
                capture_output=True,
                check=True,
            )
            assert done.stdout == os.fsencode(where), line
        assert name not in machine.shown(where)
        assert machine.shown(where).isprintable()


def test_a_relative_name_is_no_option_and_no_home_folder(tmp_path: Path) -> None:
    machine = Machine(environ={"HOME": str(tmp_path)})
    assert shell.quoted(machine, "-rf") == "./-rf"
    assert shell.quoted(machine, "~/x") == "'~/x'"
    assert shell.assign(machine, "P", "~/x") == "`export P='~/x'`"
    assert shell.quoted(machine, tmp_path) == "~"


# -- what is printed ----------------------------------------------------------------------------------------------------


def test_text_puts_the_worst_first() -> None:
    results = (
        dataclasses.replace(ok("fine"), id="a"),
        dataclasses.replace(info("a note"), id="b"),
        dataclasses.replace(error("bad\x1b[2J", "it matters", "`do this`"), id="long-id"),
    )
    assert render(results, PLAIN, "examined for k6 2.2.0") == (
        "error  long-id  bad\\x1b[2J\n"
        "    why: it matters\n"
        "    fix: `do this`\n"
        "\n"
        "info   b        a note\n"
        "\n"
        "ok     a        fine\n"
        "\n"
        "1 error, 1 note, 1 ok\n"
        "examined for k6 2.2.0\n"
    )


def called(home: Home, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "k6cfg", "doctor", *arguments],
        env={**home.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_json(home: Home) -> None:
    home.put(WHOLE, mode=0o666)
    done = called(home, "--output-format", "json")
    assert done.returncode == 1
    assert done.stderr == ""
    said: dict[str, Any] = json.loads(done.stdout)
    assert list(said) == ["format_version", "k6_version", "results", "counts"]
    assert said["format_version"] == 1
    assert said["k6_version"] == "2.2.0"
    assert said["counts"]["error"] == 1
    assert sum(said["counts"].values()) == len(said["results"])
    assert list(said["counts"]) == ["error", "warning", "could not check", "info", "ok", "skipped"]
    mode = next(one for one in said["results"] if one["id"] == "mode")
    assert mode["level"] == "error"
    assert mode["remedy"] == "`chmod 600 ~/.config/k6/config.json`"
    assert list(mode) == ["id", "level", "finding", "why", "remedy"]
    assert "T0KEN" not in done.stdout


def test_the_command_prints_text(home: Home) -> None:
    home.put(WHOLE, mode=0o644)
    done = called(home)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"warning +mode +every user of this machine can read ~/.config/k6/config.json, .*", lines[0])
    assert lines[2] == "    fix: `chmod 600 ~/.config/k6/config.json`"
    assert lines[-2].startswith("1 warning, ")
    assert lines[-1] == "examined for k6 2.2.0: the k6 on PATH is 2.2.0"
    assert str(home.top) + "/ann" not in done.stdout
    assert called(home, "--strict").returncode == 1
    assert called(home, "--strict", "--skip", "mode").returncode == 0
    assert called(home, "--only", "mode,place", "--strict").stdout.count("\nok ") == 1


def test_the_command_wants_checks_that_exist(home: Home) -> None:
    done = called(home, "--only", "plaice")
    assert done.returncode == 2
    assert "did you mean place?" in done.stderr
    assert called(home, "--k6-version", "0.1").returncode == 2


def test_a_pipe_that_was_named_is_left_to_k6(home: Home) -> None:
    path = home.work / "pipe"
    os.mkfifo(path)
    home.option = str(path)
    found = {one.id: one for one in home.examine()}
    assert found["readable"].level is Level.COULD_NOT
    assert "comes once" in (found["readable"].why or "")
    assert "waits for ever" in (found["readable"].why or "")
    assert found["token"].level is Level.SKIPPED


def test_a_socket_that_was_named_is_no_file_to_k6(home: Home) -> None:
    home.option = "socket"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(home.option)
        found = {one.id: one for one in home.examine()}
    assert found["readable"].level is ERROR
    assert "is a socket" in found["readable"].finding


def test_an_access_list_is_seen(home: Home) -> None:
    path = home.put(WHOLE, mode=0o640)
    # Version 2; then owner, user 1, group, mask and others, each with a tag, permissions and an id.
    entries = ((1, 6, -1), (2, 4, 1), (4, 0, -1), (16, 4, -1), (32, 0, -1))
    try:
        os.setxattr(
            path, "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *e) for e in entries)
        )
    except OSError:
        pytest.skip("no access lists here")
    found = {one.id: one for one in home.examine()}
    assert found["mode"].level is WARNING
    assert "whoever its access list names can read" in found["mode"].finding
    home.run(commands(found["mode"])[0])
    assert {one.id: one for one in home.examine()}["mode"].level is Level.OK


def test_what_one_check_says_another_does_not_repeat(home: Home) -> None:
    home.put(json.dumps({"vus": 5, "token": SECRET, "collectors": {"Cloud": {"token": SECRET}}}))
    results = home.examine()
    assert sorted(one.id for one in results if one.level is WARNING) == ["every-test", "token", "token"]
    home.put(json.dumps({"vus": 5, "token": SECRET, "thresold": {}}))
    accepted = next(one for one in home.examine() if one.id == "accepted")
    assert "thresold" in accepted.finding
    assert "more)" not in accepted.finding


def test_nothing_is_to_be_moved_into_the_working_folder(home: Home) -> None:
    home.put(WHOLE)
    home.environ["XDG_CONFIG_HOME"] = "cfg"
    found = {one.id: one for one in home.examine()}
    assert found["home"].level is WARNING
    assert found["other-places"].level is INFO
    assert found["other-places"].remedy is None


def test_a_folder_that_was_named_stays_where_it_is(home: Home) -> None:
    home.option = str(home.work)
    found = {one.id: one for one in home.examine()}
    assert found["readable"].level is ERROR
    assert "mv " not in (found["readable"].remedy or "")


def test_what_belongs_to_somebody_else_is_not_ours_to_change(home: Home) -> None:
    home.put(WHOLE, mode=0o644).parent.chmod(0o777)
    home.uid = os.geteuid() + 1
    found = {one.id: one for one in home.examine()}
    assert (found["mode"].remedy or "").startswith("If it is meant for you alone: `sudo chown ")
    assert found["folder"].remedy == "`sudo chmod go-w ~/.config/k6`"


def test_a_secret_of_kubernetes_is_changed_there(home: Home) -> None:
    folder = home.config.parent
    home.put(WHOLE, folder / "..2026_11_23_08_15_00.123" / "config.json", 0o644)
    (folder / "..data").symlink_to("..2026_11_23_08_15_00.123")
    home.config.symlink_to("..data/config.json")
    home.uid = os.geteuid() + 1
    found = {one.id: one for one in home.examine()}
    assert found["owner"].level is INFO
    assert "defaultMode" in (found["mode"].remedy or "")


def test_no_file_of_another_user_is_made_out_where_we_may_not_look(home: Home) -> None:
    home.environ["SUDO_USER"] = "../../nobody"
    assert {one.id: one for one in home.examine()}["other-places"].level is not WARNING


def test_the_command_is_the_one_that_is_registered() -> None:
    from k6cfg.cli import COMMANDS

    assert COMMANDS["doctor"] == command.__module__
    assert doctor.__all__
    assert shutil.which("sh")
