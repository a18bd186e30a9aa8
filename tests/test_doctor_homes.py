"""Broken homes, each named by its check with a command that mends it, the safe ones by ``--fix``; and healthy ones."""

import dataclasses
import json
import os
import re
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from homes import ANOTHER, NOBODY, SECRET, WHOLE, Home, acting_as, cloud, commands, living
from inside import call

from k6cfg.doctor import CHECKS, Level, Result
from k6cfg.machine.files import Store
from k6cfg.report.doctor import render, render_json
from k6cfg.report.terminal_style import PLAIN
from k6cfg.schema.versions import Version

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, links and fake programs as on Linux")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with living(monkeypatch) as made:
        yield made


# -- broken homes -----------------------------------------------------------------------------------------------------

Mend = Callable[[Home, Result], None]


@dataclasses.dataclass(frozen=True)
class Broken:
    """What is broken, the result that names it, how its remedy is followed, and whether ``--fix`` does it, too."""

    name: str
    make: Callable[[Home], object]
    id: str
    level: Level
    says: str
    mend: Mend
    fixed: bool = False


def follow(number: int = 0, more: str = "", **replaced: str) -> Mend:
    """Run the command of the remedy, with the answers that a person would give."""

    def mend(home: Home, result: Result) -> None:
        line = commands(result)[number]
        for old, new in replaced.items():
            assert old in line
            line = line.replace(old, new)
        home.follow(line + more)

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


def variable_alone(**values: str) -> Callable[[Home], None]:
    return lambda home: home.environ.update(values)


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
    home.put("{}", home.folder / "a folder" / "ci.json")
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
    return lambda home: home.put(WHOLE, home.folder.joinpath(*parts))


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
    os.link(home.put(WHOLE), home.folder / "second.json")


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
    if os.geteuid() != 0:
        pytest.skip("needs root, to give the home folder to another user")
    home.uid = os.geteuid() + 1
    os.chown(home.folder, home.uid, -1)


def leftover(home: Home, folder: Path | None = None) -> None:
    beside = home.put(WHOLE).parent
    # No process has so large a number.
    path = home.put(WHOLE, (folder or beside) / ".k6cfg-99999999-0123456789ab.tmp")
    os.utime(path, (0, 0))


def leftover_backup(home: Home) -> None:
    leftover(home, home.top / "state" / "backups" / "0123456789ab0123456789ab")


def open_backups(home: Home) -> None:
    home.put(WHOLE)
    Store(home.top / "state" / "backups").save(home.config.resolve(), WHOLE.encode())
    (home.top / "state" / "backups").chmod(0o755)


def system_file(home: Home) -> None:
    home.environ["XDG_CONFIG_DIRS"] = f"{home.top}/etc"
    home.put(WHOLE, home.top / "etc" / "loadimpact" / "k6" / "config.json", 0o644)


def copy_of(name: str, mode: int, content: str | bytes = WHOLE) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        home.put(content, home.put(WHOLE).parent / name, mode)

    return make


def in_git(name: str) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        folder = home.put(WHOLE).parent
        home.put(WHOLE, folder / name)
        home.tool("git", "-C", str(folder), "init", "-q")
        home.tool("git", "-C", str(folder), "add", name)

    return make


def for_uid(uid: int, content: str = WHOLE, mode: int = 0o600, folder: int = 0o755) -> Callable[[Home], None]:
    def make(home: Home) -> None:
        if os.geteuid() != 0 and content == WHOLE:
            pytest.skip("only root may give a file to a group that it is not in")
        home.put(content, mode=mode).parent.chmod(folder)
        home.reader = uid

    return make


def access_list(path: Path, *entries: tuple[int, int, int]) -> None:
    """Version 2, then entries: tag (owner 1, user 2, group 4, mask 16, others 32), permissions, id."""
    data = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        os.setxattr(path, "system.posix_acl_access", data)
    except OSError:
        pytest.skip("no access lists here")


def listed(home: Home) -> None:
    access_list(home.put(WHOLE, mode=0o640), (1, 6, -1), (2, 4, 1), (4, 0, -1), (16, 4, -1), (32, 0, -1))


def single_mount(home: Home) -> None:
    source = home.put(WHOLE, home.top / "secret.json")
    home.put("{}")
    home.tool("mount", "--bind", str(source), str(home.config), undo=("umount", "-l", str(home.config)))


def read_only_mount(home: Home) -> None:
    folder = str(home.put(WHOLE).parent)
    home.tool("mount", "--bind", folder, folder, undo=("umount", "-l", folder))
    home.tool("mount", "-o", "remount,bind,ro", folder)


def unmounted(home: Home) -> None:
    home.later.pop()()


def marked(home: Home) -> None:
    path = str(home.put(WHOLE))
    home.tool("chattr", "+i", path, undo=("chattr", "-i", path))


def kubernetes(home: Home) -> None:
    folder = home.config.parent
    home.put(WHOLE, folder / "..2026_11_23_08_15_00.123" / "config.json", 0o400)
    (folder / "..data").symlink_to("..2026_11_23_08_15_00.123")
    home.config.symlink_to("..data/config.json")


def as_a_file(home: Home) -> None:
    home.config.unlink()
    home.put(WHOLE)


def after_login() -> str:
    """What login makes of a file with a single option: all else is null."""
    rest = dict.fromkeys(("paused", "vus", "iterations", "stages", "scenarios", "tlsVersion", "tags", "out"))
    login = {"token": SECRET, "stackID": 1, "projectID": 2, "name": None, "host": None, "timeout": None}
    dns = {"ttl": None, "select": None, "policy": None}
    return json.dumps({**rest, "dns": dns, "userAgent": "x", "collectors": {"cloud": login}}, indent=2)


ERROR, WARNING, INFO = Level.ERROR, Level.WARNING, Level.INFO
NEW_TOKEN = follow(0, " --from-env NEW_TOKEN")
MOVED = follow(0, **{"k6cfg set-token": "k6cfg set-token --from-env NEW_TOKEN"})
FIX = follow(0, " --yes")
HOMES: Final = (
    Broken("k6 that fails", lambda h: h.program(h.top / "bin" / "k6", "exit 1"), "k6", WARNING, "exit status 1",
           by_hand(lambda h: setattr(h, "version_option", "2.2.0"), "`k6cfg doctor --k6-version X.Y.Z`")),
    Broken("k6 that prints nothing", lambda h: h.program(h.top / "bin" / "k6", ":"), "k6", WARNING, "does not print a version",
           by_hand(lambda h: h.k6("2.2.0"), "put a released k6 first")),
    Broken("k6 of a checkout", lambda h: h.program(h.top / "bin" / "k6", "echo 'k6 v(devel) (go1.25)'"), "k6", WARNING,
           "development build", by_hand(lambda h: h.k6("2.2.0"), "put a released k6 first")),
    Broken("k6 that cannot be started", lambda h: (h.top / "bin" / "k6").write_bytes(b"\x7fELF"), "k6", WARNING, "cannot be started",
           by_hand(lambda h: h.k6("2.2.0"), "put a released k6 first")),
    Broken("k6 from before config.json", lambda h: h.k6("0.17.2"), "k6", WARNING, "0.17.2",
           by_hand(lambda h: h.k6("2.2.0"), "newer k6")),
    Broken("two k6", several, "several-k6", WARNING, "/bin/k6 (2.2.0) wins, and hides", follow()),
    Broken("empty K6_CONFIG", variable(K6_CONFIG=""), "place", ERROR, "K6_CONFIG is empty", follow()),
    Broken("K6_CONFIG without a file", variable(K6_CONFIG="/nowhere/c.json"), "place", ERROR, "/nowhere/c.json", follow()),
    Broken("relative K6_CONFIG", relative_variable, "place", WARNING, "depends on the working directory", follow()),
    Broken("K6_CONFIG with a tilde", tilde, "place", ERROR, "what ~ means", follow()),
    Broken("-c without a file", option, "place", ERROR, "-c names ci.json", NEW_TOKEN),
    Broken("no HOME", without("HOME"), "home", WARNING, "neither XDG_CONFIG_HOME nor HOME is set", follow()),
    Broken("a HOME that is not there", lambda h: h.environ.update(HOME=f"{h.top}/nowhere/ann"), "home", INFO, "does not exist",
           by_hand(lambda h: h.environ.update(HOME=str(h.folder)), "mkdir -p")),
    Broken("relative HOME", variable(HOME="ann"), "home", WARNING, "relative to the working directory", follow()),
    Broken("relative XDG_CONFIG_HOME", variable(XDG_CONFIG_HOME="cfg"), "home", WARNING, "not an absolute path", follow()),
    Broken("relative XDG_CONFIG_HOME, old k6", old_and_relative,
           "home", WARNING, "relative to the working directory", follow()),
    Broken("login lost to k6 2", old_place("2.2.0"), "legacy-place", WARNING, "where k6 2.2.0 does not look", follow(0, " --yes"),
           fixed=True),
    Broken("old place, k6 1", old_place("1.8.1"), "legacy-place", WARNING, "in its old place", follow(0, " --yes"), fixed=True),
    Broken("both places", both_places, "legacy-place", WARNING, "both exist, and differ", follow()),
    Broken("a token that the migration left behind", token_left_behind, "legacy-place", WARNING, "for others to read",
           follow(), fixed=True),
    Broken("new place, old k6", too_new_place, "legacy-place", WARNING, "k6 0.57.0 does not read it", follow()),
    Broken("misquoted place", at(".config", "loadimpact", "config.json"), "other-places", WARNING,
           "~/.config/loadimpact/config.json", follow()),
    Broken("~/.k6", at(".k6", "config.json"), "other-places", WARNING, "~/.k6/config.json exists", follow()),
    Broken("~/.loadimpact", at(".loadimpact", "config.json"), "other-places", WARNING, "~/.loadimpact/config.json exists", follow()),
    Broken("a system folder of old versions", system_file, "other-places", WARNING, "etc/loadimpact/k6/config.json exists", follow()),
    Broken("config.json in the working folder", lambda h: h.put('{"vus": 3}', h.work / "config.json"), "other-places", INFO,
           "config.json exists", follow()),
    Broken("a damaged config.json in the working folder", lambda h: h.put('{"vus" 3}', h.work / "config.json"), "other-places", INFO,
           "config.json exists, but k6 2.2.0 does not read it", follow(0, **{"--fix": "--fix --yes"})),
    Broken("k6.json in the working folder", lambda h: h.put('{"vus": 3}', h.work / "k6.json"), "other-places", INFO,
           "k6.json exists", follow()),
    Broken("a folder called config.json", folder_instead, "readable", ERROR, "it is a folder", follow()),
    Broken("a pipe called config.json", pipe_instead, "readable", ERROR, "is a pipe", follow()),
    Broken("a circle of links", link_to("config.json"), "readable", ERROR, "in a circle",
           follow()),
    Broken("a file that we may not read", shut("file"), "readable", ERROR, "permission denied", follow(), fixed=True),
    Broken("a folder that we may not enter", shut("folder"), "readable", ERROR, "permission denied", follow(), fixed=True),
    Broken("root's file, for the user of the image", for_uid(12345), "as-uid", ERROR, "is not for that user to read (mode 0600",
           follow()),
    Broken("root's folder, for the user of the image", for_uid(12345, "{}", 0o644, 0o700), "as-uid", ERROR,
           "may not be entered by that user (mode 0700", follow()),
    Broken("a file without secrets, for the user of the image", for_uid(12345, "{}"), "as-uid", ERROR,
           "uid 12345, the user of the official image, cannot read ~/.config/k6/config.json", follow()),
    Broken("file and folder, for somebody else", for_uid(4242, WHOLE, 0o600, 0o700), "as-uid", ERROR, "uid 4242 cannot read",
           follow()),
    Broken("a link to nothing", link_to("nowhere.json"), "links", WARNING, "which does not exist", follow()),
    Broken("a hard link", hard_link, "links", WARNING, "2 names", follow()),
    Broken("a folder for everybody", open_folder, "folder", ERROR, "(mode 0777)", follow(), fixed=True),
    Broken("a folder of settings for everybody", lambda h: h.put(WHOLE).parent.parent.chmod(0o777), "folder", ERROR,
           "what is in ~/.config (mode 0777)", follow(), fixed=True),
    Broken("a single file that is mounted", single_mount, "mounts", INFO, "mounted as a single file",
           by_hand(unmounted, "Mount its folder instead")),
    Broken("a folder that is mounted read-only", read_only_mount, "mounts", INFO, "mounted read-only",
           by_hand(unmounted, "mount it without the option ro")),
    Broken("a file that is marked as unchangeable", marked, "mounts", INFO, "marked as unchangeable",
           by_hand(unmounted, "chattr -i")),
    Broken("a secret of Kubernetes", kubernetes, "mounts", INFO, "comes from a Kubernetes ConfigMap or Secret",
           by_hand(as_a_file, "kubectl edit")),
    Broken("a file of somebody else", stranger, "owner", WARNING, "and k6 runs as",
           by_hand(lambda h: setattr(h, "uid", os.geteuid()), "sudo chown")),
    Broken("a secret for everybody", text(WHOLE, 0o644), "mode", WARNING, "every user of this machine can read", follow(), fixed=True),
    Broken("a secret for the group", text(WHOLE, 0o640), "mode", WARNING, "the file's group can read", follow(), fixed=True),
    Broken("a file for everybody", text("{}", 0o666), "mode", ERROR, "can change", follow(), fixed=True),
    Broken("a secret that everybody may change", text(WHOLE, 0o666), "mode", ERROR, "can change", follow(), fixed=True),
    Broken("a secret for everybody in a broken file", text(WHOLE.replace(":", "", 1), 0o644), "mode", WARNING,
           "it holds a secret", follow(), fixed=True),
    Broken("a secret for whom an access list names", listed, "mode", WARNING, "whoever its access list names can read", follow(),
           fixed=True),
    Broken("a secret in a repository", in_git("config.json"), "git", ERROR, "git tracks ~/.config/k6/config.json", follow()),
    Broken("a copy in a repository", in_git("config.json.bak"), "copies", ERROR, "config.json.bak, an old copy", follow()),
    Broken("an old copy for everybody", copy_of("config.json.bak", 0o644), "copies", WARNING, "others can read", follow(),
           fixed=True),
    Broken("a copy of an editor's", copy_of("config.json~", 0o644), "copies", WARNING, "config.json~", follow(1), fixed=True),
    Broken("a swap file", copy_of(".config.json.swp", 0o640, b'b0VIM 9.0\0\0\n  "cloud": {\n    "token": "' + SECRET.encode()),
           "copies", WARNING, ".config.json.swp", follow(1), fixed=True),
    Broken("an old copy of one's own", copy_of("config (copy).json", 0o600), "copies", INFO, "is an old copy", follow()),
    Broken("backups for everybody", open_backups, "copies", WARNING, "where k6cfg keeps earlier versions", follow(), fixed=True),
    Broken("a missing colon", text('{\n  "vus" 5, "duration": "1s"\n}'), "syntax", ERROR, "line 2", FIX, fixed=True),
    Broken("a trailing comma", text('{"noUsageReport": true,}'), "syntax", ERROR, "line 1", FIX, fixed=True),
    Broken("a byte order mark", text(b"\xef\xbb\xbf" + WHOLE.encode()), "syntax", ERROR, "line 1", FIX, fixed=True),
    Broken("a file that login emptied", text(""), "syntax", ERROR, "no JSON",
           follow(), fixed=True),
    Broken("a comment", text('{\n  // the team\'s\n  "noUsageReport": true\n}'), "syntax", ERROR, "line 2", FIX, fixed=True),
    Broken("a brace that is missing", text('{"noUsageReport": true'), "syntax", ERROR, "line 1", FIX),
    Broken("single quotes", text("{'noUsageReport': true}"), "syntax", ERROR, "line 1", FIX, fixed=True),
    Broken("UTF-16", text('{"noUsageReport": true}'.encode("utf-16")), "syntax", ERROR, "line 1", FIX, fixed=True),
    Broken("a file that login emptied, with a backup", emptied_after_a_change, "syntax", ERROR, "no JSON", FIX),
    Broken("a value that k6 refuses", text('{\n"throw": 1}'), "accepted", ERROR, "the file has an error for k6 2.2.0: line 2",
           follow(1)),
    Broken("a duration that is none", text('{"setupTimeout": "soon"}'), "accepted", ERROR, "the file has an error for k6 2.2.0",
           follow(1)),
    Broken("a duration in words", text('{"setupTimeout": "1 minute"}'), "accepted", ERROR, "the file has an error for k6 2.2.0", FIX,
           fixed=True),
    Broken("a key in a scenario that k6 refuses",
           text('{"scenarios":{"a":{"executor":"constant-vus","duration":"1m","vus":1,"colour":1}}}'), "accepted", ERROR,
           "the file has an error for k6 2.2.0", follow(1)),
    Broken("a key that k6 ignores", text('{"thresold": {}}'), "accepted", WARNING, "thresold",
           follow(0, " --yes")),
    Broken("a key of another program's", text('{"editor": "vi"}'), "accepted", WARNING, "editor", follow()),
    Broken("a number in quotes", text('{"batch": "5"}'), "accepted", WARNING, "batch", FIX, fixed=True),
    Broken("an output that is gone", text('{"out": ["statsd"]}'), "accepted", WARNING, "statsd", follow()),
    Broken("what only a newer k6 reads", text('{"features": ["merge-run-tags"]}', 0o600, "1.8.1"), "needs", WARNING,
           "the file needs k6 2.1.0, and this is 1.8.1: features (line 1)", follow()),
    Broken("what the next k6 refuses",
           text('{"scenarios":{"a":{"executor":"externally-controlled","duration":"1s","vus":1,"maxVUs":1}}}', 0o600, "1.8.1"),
           "newest", INFO, "the file has an error for k6 2.2.0", by_hand(lambda h: h.put("{}"), "--k6-version 2.2.0")),
    Broken("what the next k6 reads otherwise", text('{"ext": {"loadimpact": {"projectID": 7}}}', 0o600, "1.8.1"), "newest", INFO,
           "the file has a warning for k6 2.2.0", follow(0, " --yes")),
    Broken("a placeholder", text(cloud(token="<YOUR_TOKEN>")), "token", WARNING, "documentation has it", NEW_TOKEN),
    Broken("a variable in the place of the token", text(cloud(token="${K6_TOKEN}")), "token", WARNING, "a variable that was not expanded",
           NEW_TOKEN),
    Broken("a line break after the token", text(cloud(token=SECRET + "\n")), "token", ERROR, "before or after", NEW_TOKEN),
    Broken("a space in the token", text(cloud(token="not a token")), "token", ERROR, "white space in it", NEW_TOKEN),
    Broken("a control character in the token", text(cloud(token=SECRET + "\x07!")), "token", ERROR, "characters that no token has", NEW_TOKEN),
    Broken("a number for a token", text(cloud(token=12345)), "token", ERROR, "no text in quotes", NEW_TOKEN),
    Broken("a token at the top", text(json.dumps({"token": SECRET})), "token", WARNING, "does not look for one: token (line 1)",
           MOVED),
    Broken("a token in Cloud", text(WHOLE.replace("cloud", "Cloud")), "token", WARNING, "collectors.Cloud.token",
           MOVED),
    Broken("a part of a token", text(cloud(token="not-a-token")), "token", WARNING, "was all of it copied?", NEW_TOKEN),
    Broken("an address for a token", text(cloud(token="my-team.grafana.net")), "token", ERROR, "the address of a site", NEW_TOKEN),
    Broken("the number of a stack for a token", text(cloud(token="123456")), "token", ERROR, "is a number", NEW_TOKEN),
    Broken("a token in quotes", text(cloud(token=f"'{SECRET}'")), "token", ERROR, "characters that no token has", NEW_TOKEN),
    Broken("a token with its scheme", text(cloud(token=f"Bearer {SECRET}")), "token", ERROR, "white space in it", NEW_TOKEN),
    Broken("a variable of a workflow", text(cloud(token="{{ secrets.K6_TOKEN }}")), "token", WARNING, "a template expression", NEW_TOKEN),
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
           follow()),
    Broken("a host that is not encrypted", text(cloud(hostv6="http://api.k6.io")), "servers", ERROR,
           "api.k6.io, and not encrypted", follow()),
    Broken("a host that looks like k6.io", text(cloud(host="https://k6.io@collector.example")), "servers", ERROR,
           "sends the token to collector.example", follow()),
    Broken("a host that ends like k6.io", text(cloud(host="https://notk6.io")), "servers", ERROR, "notk6.io",
           follow()),
    Broken("a path below a stack, whose owner may pass the request on",
           text(cloud(host="https://team.grafana.net/api/datasources/proxy/uid/x")), "servers", ERROR, "team.grafana.net/", follow()),
    Broken("a host in a variable", variable(K6_CLOUD_HOST="http://127.0.0.1:8080"), "servers", ERROR,
           "K6_CLOUD_HOST sends the token to 127.0.0.1:8080, and not encrypted", follow()),
    Broken("a variable before the file", variable(K6_CLOUD_TOKEN=ANOTHER), "variables", WARNING,
           "K6_CLOUD_TOKEN goes before collectors.cloud.token", follow()),
    Broken("an empty variable", variable(K6_VUS=""), "variables", WARNING, "K6_VUS is set, but empty", follow()),
    Broken("a variable that k6 cannot read", variable(K6_VUS="many"), "variables", ERROR, "K6_VUS is no whole number", follow()),
    Broken("a duration in a variable that is none", variable(K6_DURATION="1 hour"), "variables", ERROR, "K6_DURATION is no duration",
           follow()),
    Broken("a truth that k6 does not know", variable(K6_INSECURE_SKIP_TLS_VERIFY="yes"), "variables", ERROR,
           "neither true nor false", follow()),
    Broken("a variable of an output that cannot be read", variable(K6_INFLUXDB_CONCURRENT_WRITES="x"), "variables", WARNING,
           "K6_INFLUXDB_CONCURRENT_WRITES is no whole number", follow()),
    Broken("an empty variable that counts", variable(K6_BLACKLIST_IPS=""), "variables", WARNING,
           "K6_BLACKLIST_IPS is set, but empty, and k6 takes that for blacklistIPs with nothing in it", follow()),
    Broken("a misspelt variable", lambda h: h.environ.update(K6_CLOUD_TOKN=SECRET), "variables", WARNING, "Did you mean K6_CLOUD_TOKEN",
           follow()),
    Broken("an obsolete variable", lambda h: h.environ.update(K6CLOUD_TOKEN=SECRET), "variables", WARNING, "K6CLOUD_TOKEN does nothing",
           follow()),
    Broken("a variable that k6 never read", variable(K6_VERBOSE="1"), "variables", WARNING, "K6_VERBOSE does nothing",
           follow()),
    Broken("a variable that stops every run", variable(K6_SUMMARY_MODE="legacy"), "variables", ERROR,
           "K6_SUMMARY_MODE is not one of compact, full, disabled", follow()),
    Broken("an empty truth that stops every run", variable(K6_NO_THRESHOLDS=""), "variables", ERROR, "K6_NO_THRESHOLDS is empty",
           follow()),
    Broken("statistics in a variable that k6 does not know", variable(K6_SUMMARY_TREND_STATS="p95"), "variables", ERROR,
           "K6_SUMMARY_TREND_STATS has a value with which k6 refuses to run", follow()),
    Broken("a variable that replaces the scenarios of every script", variable(K6_DURATION="10s"), "variables", WARNING,
           "K6_DURATION replaces the scenarios of every script", follow()),
    Broken("a variable of one's own that replaces the scenarios of every script", variable(K6_VUS="5"), "variables", WARNING,
           "K6_VUS replaces the scenarios of every script", follow(1)),
    Broken("quotes that docker keeps", variable(K6_RPS='"5"'), "variables", ERROR, "docker's --env-file keeps them", follow()),
    Broken("a reference that nobody resolves", variable(K6_INFLUXDB_PASSWORD="op://vault/k6/password"), "variables", WARNING,
           "K6_INFLUXDB_PASSWORD is a 1Password reference", follow()),
    Broken("a reference in place of the token", variable(K6_CLOUD_TOKEN="vault:secret/data/k6#token"), "token", WARNING,
           "K6_CLOUD_TOKEN is a Vault reference", follow()),
    Broken("an output in a variable that k6 never read", variable(K6_OUTPUT="json=a.json"), "variables", WARNING,
           "K6_OUTPUT does nothing", follow()),
    Broken("a tag that does not fit K6_TAGS", variable(K6_TAG="a=b"), "variables", WARNING, "K6_TAG does nothing", follow()),
    Broken("a variable in small letters", variable(k6_vus="5"), "variables", WARNING, "in capitals", follow()),
    Broken("a lone vus", text('{"vus": 5}'), "every-test", WARNING, "vus stands alone",
           follow()),
    Broken("options for every test", text('{"vus": 5, "duration": "1m"}'), "every-test", INFO, "duration, vus",
           by_hand(lambda h: h.put("{}"), "k6 run -c FILE")),
    Broken("an output that is configured and not enabled", text('{"collectors": {"influxdb": {"addr": "http://x:8086"}}}'), "outputs",
           INFO, "no output of that name is enabled", follow()),
    Broken("a second output that is not enabled",
           text('{"out": ["json=/dev/null"], "collectors": {"experimental-prometheus-rw": {"url": "http://x:9090"}}}'), "outputs", INFO,
           "collectors.experimental-prometheus-rw is configured", follow()),
    Broken("an output that goes where nobody said", text('{"out": ["influxdb"]}'), "outputs", INFO, "nothing says where that is",
           follow(0, ADDRESS="http://x:8086")),
    Broken("results for the cloud without a token", text('{"out": ["cloud"]}'), "outputs", WARNING, "there is no token", NEW_TOKEN),
    Broken("K6_OUT for the cloud without a token", variable_alone(K6_OUT="cloud"), "outputs", WARNING, "there is no token", NEW_TOKEN),
    Broken("K6_OUT names an output that was removed", variable_alone(K6_OUT="statsd"), "outputs", WARNING, "has not had since 0.55.0",
           by_hand(without("K6_OUT"), "xk6-output-statsd")),
    Broken("K6_OUT names an output that is none", variable_alone(K6_OUT="prometheus"), "outputs", WARNING, "does not have",
           by_hand(lambda h: h.environ.update(K6_OUT="experimental-prometheus-rw"), "experimental-prometheus-rw")),
    Broken("K6_OUT gives an argument that is ignored", variable_alone(K6_OUT="experimental-prometheus-rw=http://x:9090"), "outputs",
           WARNING, "which k6 ignores", by_hand(lambda h: h.environ.update(
               K6_OUT="experimental-prometheus-rw", K6_PROMETHEUS_RW_SERVER_URL="http://x:9090"), "K6_PROMETHEUS_RW_SERVER_URL")),
    Broken("K6_OUT gives a setting that is none", variable_alone(K6_OUT="influxdb=http://x:8086/k6?db=a"), "outputs", WARNING,
           'the setting "db"', by_hand(lambda h: h.environ.update(K6_OUT="influxdb=http://x:8086/k6"), "it has insecure, ")),
    Broken("a variable that an output refuses", variable_alone(K6_OUT="opentelemetry", K6_OTEL_HEADERS="a"), "outputs", WARNING,
           "K6_OTEL_HEADERS is set to something", follow()),
    Broken("an output into a folder that is not there", lambda h: h.environ.update(K6_OUT=f"json={h.work}/results/a.json"), "outputs",
           WARNING, "there is no folder", follow()),
    Broken("an output into a home folder that k6 does not know", variable_alone(K6_OUT="json=~/a.json"), "outputs", WARNING,
           "does not replace the ~", by_hand(lambda h: h.environ.update(K6_OUT="json=a.json"), "the whole path")),
    Broken("a certificate that is not there",
           text('{"out": ["opentelemetry"], "collectors": {"opentelemetry": {"tlsCertificate": "/none/ca.pem"}}}'), "outputs", WARNING,
           "cannot be read", follow(0, PATH="/etc/hostname")),
    Broken("the output of k6 for the variables of an extension",
           variable_alone(K6_OUT="influxdb=http://x:8086/k6", K6_INFLUXDB_BUCKET="k6"), "outputs", WARNING,
           "only the extension grafana/xk6-output-influxdb reads",
           by_hand(lambda h: h.environ.update(K6_OUT="xk6-influxdb=http://x:8086"), '"xk6-influxdb" in K6_OUT')),
    Broken("what login leaves", text(after_login()), "nulls", INFO, "14 keys are null", follow(0, " --yes"), fixed=True),
    Broken("one null", text('{"userAgent": null}'), "nulls", INFO, "userAgent is null", follow(0, " --yes"), fixed=True),
    Broken("an interrupted write", leftover, "leftovers", WARNING, "1 temporary file", follow(), fixed=True),
    Broken("an interrupted backup", leftover_backup, "leftovers", WARNING, "state/backups/", follow(), fixed=True),
)  # fmt: skip


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
    assert found[0].why
    assert found[0].remedy
    assert bool(found[0].mend) is broken.fixed
    assert not [one for one in before if one.level is Level.COULD_NOT], before
    no_secret(home, before)
    broken.mend(home, found[0])
    with acting_as(home.uid):
        after = home.examine()
    clean_of(broken, after)
    no_secret(home, after)


FIXED: Final = [broken for broken in HOMES if broken.fixed]


@pytest.mark.parametrize("broken", [pytest.param(broken, id=broken.name) for broken in FIXED])
def test_what_is_safe_fix_mends_and_nothing_is_left_of_it(home: Home, broken: Broken) -> None:
    broken.make(home)
    home.examine()
    with acting_as(home.uid):
        before = everything(home)
        refused = home.k6cfg("doctor", "--fix")
        assert refused.code == 4
        assert f"{broken.id}: " in refused.err
        assert "add --yes" in refused.err
        assert everything(home) == before
        done = home.k6cfg("doctor", "--fix", "--yes")
        assert done.code in {0, 1}, done.err
        assert f"{broken.id}: " in done.err
        clean_of(broken, home.examine())
        settled = everything(home)
        again = home.k6cfg("doctor", "--fix", "--yes", "--only", broken.id)
        assert again.code == 0
        assert "there is nothing that --fix mends" in again.err
        assert everything(home) == settled
    for said in (refused, done, again):
        assert "T0KEN" not in said.out + said.err
        assert str(home.folder) not in said.out + said.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, for a home of another user")
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_the_home_of_another_user_is_not_to_be_taken_over(home: Home, mode: int) -> None:
    """As `docker run --user`, setpriv and gosu leave it: HOME is root's, and k6 runs as somebody else."""
    home.put(WHOLE, mode=mode)
    home.folder.parent.chmod(0o755)
    home.folder.chmod(0o755)
    home.examine()  # whatever it imports, it may do as root
    call(home, "set-token", "--stdin", "--diff", stdin="not-a-real-token-of-anybody")
    home.uid = NOBODY
    with acting_as(NOBODY):
        found = home.examine()
        done = call(home, "set-token", "--stdin", stdin="not-a-real-token-of-anybody")
    remedies = [one.remedy or "" for one in found if one.level in {ERROR, WARNING}]
    assert not [remedy for remedy in remedies if "chown" in remedy]
    (about_home,) = [one for one in found if one.id == "home" and one.level is WARNING]
    assert "HOME belongs to root" in about_home.finding
    assert "export HOME=" in (about_home.remedy or "")
    assert done.code == 3
    assert "HOME is the home folder of root" in done.err
    assert "chown" not in done.err


def read_by_k6(home: Home) -> tuple[bool, object]:
    """Whether k6 accepts the file that it reads, if there is one, and what it runs with."""
    done = home.k6cfg("show", "--effective", "--output-format", "json")
    if done.code not in {0, 1}:
        return False, None
    (file,) = json.loads(done.out)["files"]
    return file["error"] is None, file["options"]


LEGACY_DECISIONS = {
    "k6 would reject it": '{"scenarios": {"a": {"executor": "externally-controlled", "vus": 1, "maxVUs": 2, "duration": "1m"}}}',
    "it would replace the scenarios of every script": '{"vus" 10}',
    "it would change every test": '{"rps": 10}',
}


IN_EITHER: Final = {
    "an executor that is gone": LEGACY_DECISIONS["k6 would reject it"],
    "settings of the cloud in the old key": '{"ext": {"loadimpact": {"projectID": 7, "name": "a"}}}',
    "settings of the cloud in both keys": '{"ext": {"loadimpact": {"projectID": 7}}, "cloud": {"projectID": 8}}',
    "other things in ext": '{"ext": {"loadimpact": {"projectID": 7}, "other": {"a": 1}}}',
    "options for every test": '{"rps": 10, "vus": 2, "duration": "1s"}',
    "a lone vus": '{"vus": 10}',
    "a damaged lone vus": '{"vus" 10}',
    "keys that were renamed or removed": '{"maxRedirects": 3, "noUsageReport": true, "insecureSkipTLSVerify": true, "noThresholds": true}',
    "a login and options": cloud()[:-1] + ', "rps": 3}',
}
MORE: Final = {
    f"{name}, {where}, k6 {version}": (text, where, version)
    for name, text in IN_EITHER.items()
    for where in ("config", "legacy")
    for version in ("0.45.0", "1.8.1", "2.2.0")
}


def settings_of(options: dict[str, object], version: str) -> dict[str, object]:
    """The options as k6 uses them: of `cloud` and `ext.loadimpact` it takes one, and of `ext` nothing else.

    Source: `pickSource` in cloudapi/config.go; `cloud` is read since 0.50.0, `ext.loadimpact` until 2.0.0.
    """
    release = Version.parse(version)
    rest = {key: each for key, each in options.items() if key not in {"cloud", "ext"}}
    ext = options.get("ext")
    old = ext.get("loadimpact") if isinstance(ext, dict) and release < Version(2, 0, 0) else None
    new = options.get("cloud") if release >= Version(0, 50, 0) else None
    return {**rest, "cloud": new if new is not None else old}


def not_worse(home: Home, command: str, version: str) -> str:
    """Run a command; what k6 accepts stays accepted and the same, or the command says which option is another."""
    accepted, options = read_by_k6(home)
    done = home.k6cfg(*command.split())
    still_accepted, after = read_by_k6(home)
    assert still_accepted or not accepted, done.err
    if accepted:
        assert isinstance(options, dict)
        assert isinstance(after, dict)
        before, now = settings_of(options, version), settings_of(after, version)
        other = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        assert not {key for key in other if key not in done.err}, (done.err, other)
        assert not other or command.startswith("migrate"), (done.err, other)
    return done.err


@pytest.mark.parametrize("command", ["doctor --fix --yes", "migrate --yes"])
@pytest.mark.parametrize("broken", [pytest.param(broken, id=broken.name) for broken in HOMES])
def test_no_home_is_worse_off(home: Home, broken: Broken, command: str) -> None:
    broken.make(home)
    home.examine()
    with acting_as(home.uid):
        not_worse(home, command, str(home.machine().k6.version))


@pytest.mark.parametrize("command", ["doctor --fix --yes", "migrate --yes"])
@pytest.mark.parametrize("name", MORE)
def test_no_file_of_an_older_k6_makes_it_worse(home: Home, name: str, command: str) -> None:
    text, where, version = MORE[name]
    home.k6(version)
    home.put(text, home.legacy if where == "legacy" else home.config)
    not_worse(home, command, version)


@pytest.mark.parametrize("text", LEGACY_DECISIONS.values(), ids=LEGACY_DECISIONS)
def test_a_legacy_file_that_would_change_tests_is_left_to_a_person(home: Home, text: str) -> None:
    home.k6("2.2.0")
    home.put(text, home.legacy)
    (found,) = [one for one in home.examine() if one.id == "legacy-place"]
    assert (found.level, found.mend, commands(found)) == (WARNING, None, ["k6cfg migrate"])
    home.k6cfg("doctor", "--fix", "--yes")
    assert not home.config.exists()


def test_migrate_writes_no_file_that_k6_would_reject(home: Home) -> None:
    home.k6("2.2.0")
    home.put(LEGACY_DECISIONS["k6 would reject it"], home.legacy)
    done = home.k6cfg("migrate", "--yes")
    assert (done.code, home.config.exists()) == (4, False)
    assert "--allow-rejected" in done.err
    done = home.k6cfg("migrate", "--yes", "--allow-rejected")
    assert (done.code, home.config.exists()) == (1, True)
    assert "every run fails until" in done.err


def test_migrate_says_which_options_begin_to_count(home: Home) -> None:
    home.k6("2.2.0")
    home.put('{"rps": 10, "vus": 2, "duration": "1s", "collectors": {"influxdb": {"db": "x"}}}', home.legacy)
    done = home.k6cfg("migrate", "--yes")
    assert (done.code, home.config.exists()) == (0, True)
    assert "from now on every test uses what it sets: rps, vus, duration" in done.err


def everything(home: Home) -> dict[str, tuple[int, bytes]]:
    """Modes and texts of all that lies in the home and in k6cfg's folder."""
    found = {}
    for top in (home.folder, home.top / "state"):
        for path in (top, *top.rglob("*")) if top.exists() else ():
            status = path.lstat()
            text = path.read_bytes() if path.is_file() and os.access(path, os.R_OK, effective_ids=True) else b""
            found[str(path)] = (status.st_mode, text)
    return found


def clean_of(broken: Broken, results: tuple[Result, ...]) -> None:
    assert not named(results, broken)
    assert not [one for one in results if one.id == broken.id and one.level in {ERROR, WARNING}], results


def test_there_are_more_homes_than_sixty() -> None:
    assert len({broken.name for broken in HOMES}) == len(HOMES) > 60
    needs_a_look = {"online", "owner"}
    assert {broken.id for broken in HOMES} | needs_a_look | {"backups"} == {check.id for check in CHECKS}


def no_secret(home: Home, results: tuple[Result, ...]) -> None:
    for said in (render(results, PLAIN, ""), render_json(results, Version(2, 2))):
        assert "T0KEN" not in said
        assert str(home.folder) not in said


# -- healthy homes --------------------------------------------------------------------------------------------------


def login_in_variables(home: Home) -> None:
    home.environ |= {"K6_CLOUD_TOKEN": SECRET, "K6_CLOUD_STACK_ID": "1", "K6_CLOUD_PROJECT_ID": "2"}


def dotfiles(home: Home) -> None:
    home.put(WHOLE, home.folder / "dotfiles" / "k6.json")
    link_to("../../dotfiles/k6.json")(home)


def two_names_of_one(home: Home) -> None:
    (home.top / "other").mkdir()
    (home.top / "other" / "k6").symlink_to(home.top / "bin" / "k6")
    home.environ["PATH"] = f"{home.top}/other:{home.environ['PATH']}"


def own_folder(home: Home) -> None:
    home.put(WHOLE, home.folder / "cfg" / "k6" / "config.json")
    home.environ["XDG_CONFIG_HOME"] = str(home.folder / "cfg")


def named_file(home: Home) -> None:
    home.put('{"vus": 5, "duration": "1m"}', home.work / "ci.json", 0o644)
    home.option = "ci.json"


def migrated(home: Home) -> None:
    home.put(WHOLE)
    home.put(WHOLE, home.legacy)


def old_machine(home: Home) -> None:
    home.k6("0.57.0")
    home.put(json.dumps({"collectors": {"cloud": {"token": SECRET}}}), home.legacy)


def project(home: Home) -> None:
    home.option = str(home.put(WHOLE, home.work / "config.json"))
    home.put('{"database": {"password": "n0t-a-real-T0KEN"}}', home.work / "config.prod.json", 0o644)


HEALTHY: Final[dict[str, Callable[[Home], object]]] = {
    "nothing at all": lambda h: (h.top / "bin" / "k6").unlink(),
    "a k6 alone": lambda _: None,
    "a file with a login": text(WHOLE),
    "a file without secrets, for everybody to read": text('{"noUsageReport": true}', 0o644),
    "an empty object": text("{}"),
    "what login leaves": text(after_login()),
    "other files of a project": project,
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
    assert {one.id for one in results} == {check.id for check in CHECKS}
    no_secret(home, results)


VERDICTS: Final = re.compile(r"refuse|reject|stops? with an error|starts? no test|No test starts")


@pytest.mark.parametrize("broken", [pytest.param(broken, id=broken.name) for broken in HOMES])
def test_a_finding_says_once_what_k6_makes_of_it(home: Home, broken: Broken) -> None:
    broken.make(home)
    home.examine()
    with acting_as(home.uid):
        found = home.examine()
    assert not [one for one in found if len(VERDICTS.findall(one.finding)) > 1]
    named = {one.finding: one.id for one in found if one.level in {ERROR, WARNING}}
    assert len(named) == len([one for one in found if one.level in {ERROR, WARNING}])
