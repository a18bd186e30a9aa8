"""What the doctor is made of, what it prints, and what it does when it is asked for more."""

import dataclasses
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from homes import SECRET, WHOLE, Home, cloud, commands, living
from inside import call
from test_verify import GOOD, STACK, sends, serving

from k6cfg import doctor
from k6cfg.cli.commands.doctor import command
from k6cfg.doctor import CHECKS, Check, Level, Machine, Result, examine
from k6cfg.doctor import shell_commands as shell
from k6cfg.doctor.check import error, info, ok
from k6cfg.machine.files import FileError, Kind, Store
from k6cfg.report.doctor import render
from k6cfg.report.terminal_style import PLAIN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, links and fake programs as on Linux")

IDS: Final = [check.id for check in CHECKS]
ERROR, WARNING, INFO = Level.ERROR, Level.WARNING, Level.INFO


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with living(monkeypatch) as made:
        yield made


def test_a_file_of_a_newer_k6_is_worth_a_note(home: Home) -> None:
    home.k6("9.1.0")
    found = {one.id: one for one in home.examine()}
    assert found["k6"].level is INFO
    assert "9.1.0, newer than k6cfg knows" in found["k6"].finding


def test_another_k6_may_read_another_file(home: Home) -> None:
    home.k6("0.57.0", "other")
    home.environ["PATH"] = f"{home.top}/bin:{home.top}/other:/usr/bin:/bin"
    said = home.found()["several-k6"].why or ""
    assert said.startswith("k6 0.57.0 reads another file, ~/.config/loadimpact/k6/config.json.")
    home.k6("2.1.0", "other")
    assert "another file" not in (home.found()["several-k6"].why or "")


def test_what_would_be_refused_is_not_offered(home: Home) -> None:
    path = home.put('{"userAgent": null, "batch": "5"}')
    assert all(home.found()[name].mend for name in ("accepted", "nulls"))
    os.link(path, home.folder / "second.json")
    assert not any(home.found()[name].mend for name in ("accepted", "nulls"))
    home.folder.joinpath("second.json").unlink()
    home.uid = os.geteuid() + 1
    assert not any(home.found()[name].mend for name in ("accepted", "nulls"))


def test_what_another_user_left_is_not_taken_away(home: Home) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give files away")
    path = home.put(WHOLE, home.put(WHOLE).parent / ".k6cfg-99999999-0123456789ab.tmp")
    os.utime(path, (0, 0))
    os.chown(path, 4242, 4242)
    assert home.found()["leftovers"].level is WARNING
    assert home.found()["leftovers"].mend is None


def test_backups_are_counted(home: Home) -> None:
    path = home.put(WHOLE)
    Store(home.top / "state" / "backups").save(path.resolve(), b"{}")
    found = {one.id: one for one in home.examine()}
    assert found["backups"].level is INFO
    assert "1 earlier version of the file" in found["backups"].finding
    home.follow(commands(found["backups"])[0] + " --yes")
    assert {one.id: one for one in home.examine()}["backups"].level is Level.OK


# -- the architecture -------------------------------------------------------------------------------------------------


def test_ids_are_stable_words() -> None:
    assert len(set(IDS)) == len(IDS)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in IDS)
    assert IDS == [
        "k6", "several-k6", "place", "home", "legacy-place", "other-places", "readable", "as-uid", "links", "folder",
        "mounts", "owner", "mode", "git", "copies", "syntax", "accepted", "needs", "newest", "token", "stack", "online",
        "servers", "variables", "every-test", "outputs", "nulls", "leftovers", "backups",
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
    assert "T0KEN" not in render(home.examine(), PLAIN, "")


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


def test_the_command_prints_json(home: Home) -> None:
    home.put(WHOLE, mode=0o666)
    done = home.k6cfg("doctor", "--output-format", "json")
    assert done.code == 1
    assert done.err == ""
    said: dict[str, Any] = json.loads(done.out)
    assert list(said) == ["format_version", "k6_version", "results", "counts"]
    assert said["format_version"] == 1
    assert said["k6_version"] == "2.2.0"
    assert said["counts"]["error"] == 1
    assert sum(said["counts"].values()) == len(said["results"])
    assert list(said["counts"]) == ["error", "warning", "could not check", "info", "ok", "skipped"]
    mode = next(one for one in said["results"] if one["id"] == "mode")
    assert mode["level"] == "error"
    assert mode["remedy"] == "`chmod 600 ~/.config/k6/config.json`"
    assert list(mode) == ["id", "level", "finding", "why", "remedy", "fixable"]
    assert mode["fixable"] is True
    assert "T0KEN" not in done.out


def test_the_command_prints_text(home: Home) -> None:
    home.put(WHOLE, mode=0o644)
    done = home.k6cfg("doctor")
    assert done.code == 0
    lines = done.out.splitlines()
    assert re.fullmatch(r"warning +mode +every user of this machine can read ~/.config/k6/config.json, .*", lines[0])
    assert lines[2] == "    fix: `chmod 600 ~/.config/k6/config.json`"
    assert lines[-3].startswith("1 warning, ")
    assert lines[-2] == "`k6cfg doctor --fix` mends 1 of them, each after showing it"
    assert lines[-1] == "examined for k6 2.2.0: the k6 on PATH is 2.2.0"
    assert str(home.folder) not in done.out
    assert home.k6cfg("doctor", "--strict").code == 1
    assert home.k6cfg("doctor", "--strict", "--skip", "mode").code == 0
    assert home.k6cfg("doctor", "--only", "mode,place", "--strict").out.count("\nok ") == 1


def test_the_command_wants_checks_that_exist(home: Home) -> None:
    done = home.k6cfg("doctor", "--only", "plaice")
    assert done.code == 2
    assert "did you mean place?" in done.err
    assert home.k6cfg("doctor", "--k6-version", "0.1").code == 2


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
    if os.geteuid() == 0:
        os.chown(home.folder, home.uid, -1)  # the home is ours, what is in it is not
    else:
        pytest.skip("needs root, to give the home folder to another user")
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
    from k6cfg.cli.app import COMMANDS

    assert COMMANDS["doctor"] == command.__module__
    assert doctor.__all__
    assert shutil.which("sh")


# -- what is mended, and how --------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("k6cfg.cli.write", "k6cfg.cli.doctor_fix"):
        monkeypatch.setattr(f"{module}.interactive", lambda: True)


@pytest.mark.usefixtures("terminal")
def test_each_mend_is_asked_for_by_itself(home: Home) -> None:
    home.put('{"userAgent": null, "batch": "5",}', mode=0o666)
    answers = {"mode": "n", "syntax": "y", "nulls": "n"}
    done = call(home, "doctor", "--fix", stdin="".join(f"{answer}\n" for answer in answers.values()))
    assert [line.partition(":")[0] for line in done.err.splitlines() if line.startswith(tuple(answers))] == [*answers]
    assert done.err.count("[y/N]") == 3
    assert done.code == 4
    assert home.config.read_text() == '{"userAgent": null, "batch": 5}'
    assert home.config.stat().st_mode & 0o777 == 0o666
    assert "`k6cfg doctor --fix` mends 2 of them" in done.out


def test_what_would_be_mended_is_only_shown(home: Home) -> None:
    home.put(cloud(name=None), mode=0o644)
    done = home.k6cfg("doctor", "--diff")
    assert done.code == 1
    assert "mode 0644 becomes 0600" in done.err
    assert "***" in done.err
    assert "add --yes" not in done.err
    assert home.config.read_text() == cloud(name=None)
    assert home.config.stat().st_mode & 0o777 == 0o644


def test_what_was_mended_can_be_taken_back(home: Home) -> None:
    text = '{"noUsageReport": true,}'
    home.put(text)
    assert home.k6cfg("doctor", "--fix", "--yes").code == 0
    assert home.k6cfg("undo", "--yes").code == 0
    assert home.config.read_text() == text
    home.put(text)
    (home.top / "state").rename(home.top / "kept")
    assert home.k6cfg("doctor", "--fix", "--yes", "--no-backup").code == 0
    assert not list((home.top / "state").rglob("2*"))


def test_one_mend_that_fails_does_not_stop_the_others(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.put(WHOLE.replace("456", "456,"), mode=0o644)

    def fails(*_: object) -> None:
        raise FileError(Kind.CONFLICT, "it changed meanwhile", "Run it again.")

    monkeypatch.setattr("k6cfg.cli.doctor_fix.change_mode", fails)
    done = home.k6cfg("doctor", "--fix", "--yes")
    assert "it changed meanwhile" in done.err
    assert done.code == 3
    assert home.config.read_text() == WHOLE


def test_no_old_secret_goes_into_a_repository(home: Home) -> None:
    home.put(WHOLE, home.legacy)
    folder = home.put("{}").parent
    home.tool("git", "-C", str(folder), "init", "-q")
    home.tool("git", "-C", str(folder), "add", "config.json")
    home.config.unlink()
    done = home.k6cfg("doctor", "--fix", "--yes")
    assert done.code == 4
    assert "git tracks" in done.err
    assert not home.config.exists()


@pytest.mark.parametrize("arguments", [["--report", "--fix"], ["--report", "--diff"], ["--yes"], ["--as-uid", "-1"]])
def test_options_that_do_not_go_together(home: Home, arguments: list[str]) -> None:
    assert home.k6cfg("doctor", *arguments).code == 2


# -- the cloud, asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer", "level", "says"),
    [
        (200, GOOD, Level.OK, "accepts the token"),
        (200, {**GOOD, "stack_id": 77}, ERROR, "the number of its stack is 77"),
        (401, {}, ERROR, "does not know this token"),
        (403, {}, ERROR, "may not use this stack"),
        (500, {}, Level.COULD_NOT, "could not answer (500)"),
        (302, {}, Level.COULD_NOT, "sent us on to another one"),
    ],
)
def test_the_cloud_is_asked(home: Home, status: int, answer: object, level: Level, says: str) -> None:
    home.put(cloud(stackURL=STACK, stackID=1234))
    with serving(sends(status, answer)) as server:
        home.environ["K6_CLOUD_HOST_V6"] = server.url
        done = home.k6cfg("doctor", "--online", "--only", "online", "--output-format", "json")
        found = examine(dataclasses.replace(home.machine(), online=True), only=["online"])
    assert [(one.path, one.headers["authorization"], one.headers["x-stack-url"]) for one in server.asked] == [
        ("/cloud/v6/auth", f"Bearer {SECRET}", STACK)
    ] * 2
    assert [one.level for one in found] == [level]
    assert says in found[0].finding
    assert "--" not in (found[0].remedy or "")
    assert json.loads(done.out)["results"][0]["level"] == level.value
    assert done.code == (1 if level is ERROR else 0)
    assert SECRET not in done.out + done.err
    if "77" in says:
        home.follow(commands(found[0])[0])
        assert json.loads(home.config.read_text())["collectors"]["cloud"]["stackID"] == 77


def test_the_cloud_is_asked_about_the_token_that_k6_uses(home: Home) -> None:
    home.put(cloud(stackURL=STACK, stackID=1234))
    home.environ["K6_CLOUD_TOKEN"] = "not-a-real-token-of-a-variable"
    with serving(sends(200, GOOD)) as server:
        home.environ["K6_CLOUD_HOST_V6"] = server.url
        assert home.k6cfg("doctor", "--online", "--only", "online").code == 0
    assert server.asked[0].headers["authorization"] == "Bearer not-a-real-token-of-a-variable"


@pytest.mark.parametrize(
    ("text", "level", "says"),
    [
        (cloud(), Level.COULD_NOT, "no address of one is known (stackURL)"),
        (cloud(stackURL=STACK, hostv6="https://cloud.example"), Level.COULD_NOT, "is not Grafana's"),
        (cloud(stackURL=f"{STACK}\n", hostv6="http://127.0.0.1:1"), Level.COULD_NOT, "of this machine"),
        (cloud(stackURL="a stack", hostv6="http://127.0.0.1:1"), Level.COULD_NOT, "the stack of the file"),
        (cloud(stackURL=STACK, hostv6="https://api.k6.io", token="<TOKEN>"), Level.SKIPPED, "cannot be one"),
        ("{}", Level.SKIPPED, "no token"),
        ('{"vus" 1}', Level.SKIPPED, "no JSON"),
    ],
)
def test_nobody_is_asked_without_need(home: Home, text: str, level: Level, says: str) -> None:
    home.put(text)
    with serving(sends(200, GOOD)) as proxy:
        home.environ |= {"https_proxy": proxy.url, "http_proxy": proxy.url}
        done = home.k6cfg("doctor", "--online", "--only", "online", "--output-format", "json")
    assert not proxy.asked
    (found,) = json.loads(done.out)["results"]
    assert found["level"] == level.value
    assert says in found["finding"]


def test_mends_do_not_send_the_token_again(home: Home) -> None:
    """Once before, once when all is mended: here the mode of the folder, the file's mode and a key."""
    home.put(cloud(stackURL=STACK, stackID=1234).replace("{", '{"Linger": true, "VUs": 1, "duration": "1s", ', 1))
    home.config.chmod(0o644)
    home.config.parent.chmod(0o755)
    with serving(sends(200, GOOD)) as server:
        home.environ["K6_CLOUD_HOST_V6"] = server.url
        done = home.k6cfg("doctor", "--online", "--fix", "--yes")
        assert len(server.asked) == 2
        assert '"vus": 1' in home.config.read_text(), done.out + done.err
        home.k6cfg("doctor", "--online", "--fix", "--yes")
        assert len(server.asked) == 3, "where nothing is to mend, one answer is enough"


def test_an_old_k6_is_asked_for_the_old_way(home: Home) -> None:
    home.k6("1.0.0")
    home.put(cloud())
    with serving(sends(200, {"is_valid": True})) as server:
        home.environ["K6_CLOUD_HOST"] = server.url
        assert home.k6cfg("doctor", "--online", "--only", "online", "--strict").code == 0
    assert server.asked[0].path == "/v1/validate-token"


def test_nobody_is_asked_unless_told_to(home: Home) -> None:
    home.put(cloud(stackURL=STACK))
    with serving(sends(200, GOOD)) as server:
        home.environ["K6_CLOUD_HOST_V6"] = server.url
        assert "Grafana Cloud was not asked" in home.k6cfg("doctor").out
    assert not server.asked


# -- who else would read it ---------------------------------------------------------------------------------------------


def test_as_uid_asks_about_the_file_that_k6_reads(home: Home) -> None:
    home.put("{}", home.work / "ci.json", 0o644)
    assert home.k6cfg("doctor", "--as-uid", "12345", "-c", "ci.json", "--only", "as-uid").code == 0
    (home.work / "ci.json").chmod(0o600)
    done = home.k6cfg("doctor", "--as-uid", "12345", "-c", "ci.json", "--only", "as-uid")
    assert done.code == 1
    assert "chmod o+r" in done.out
    assert "nobody else was named" in home.k6cfg("doctor", "--only", "as-uid").out
    assert home.k6cfg("doctor", "--as-uid", "0", "-c", "ci.json", "--only", "as-uid").code == 0


def test_the_file_of_root_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k6cfg.doctor.context._home_of", lambda user: str(home.top / user))
    home.put(WHOLE, home.top / "root" / ".config" / "k6" / "config.json")
    found = [one for one in home.examine() if one.id == "other-places"]
    assert [one.level for one in found] == [INFO]
    assert "belongs to another user's k6" in found[0].finding
    assert "only the k6 that root starts reads it" in (found[0].why or "")


# -- what is pasted into an issue -----------------------------------------------------------------------------------------


@pytest.fixture
def whose(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that says in many places whose it is."""
    home.environ |= {"USER": "annabel", "SUDO_USER": "Bob", "HOSTNAME": "build-17.corp.example", "K6_VUS": "annabels"}
    home.environ |= {"K6_ANNABEL": "1", "K6_CLOUD_PROJECT_ID": "777888"}
    home.environ |= {"K6_CLOUD_TOKEN": SECRET, "HTTPS_PROXY": "http://annabel:pass@proxy", "K6_CONFIG": ""}
    monkeypatch.setattr("socket.gethostname", lambda: "build-17.corp.example")
    where = home.work / "annabel" / "build-17" / "of bob" / "c.json"
    tags = {"by": "Annabel", "on": "BUILD-17", "home": str(home.folder), "fence": "````"}
    account = {"stackURL": "https://acme-corp.grafana.net", "stackID": 912345, "defaultProjectID": 8765432}
    text = {"collectors": {"cloud": {"token": SECRET, **account}}, "tags": tags, "cloud": {"projectID": 7654321}}
    home.put(json.dumps(text, indent=1), where)
    home.option = str(where)
    return home


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_tells_nobody_whose_machine_it_is(whose: Home, form: str) -> None:
    done = whose.k6cfg("doctor", "--report", "-c", whose.option or "", "--output-format", form)
    assert done.code == 1  # K6_VUS is no number
    low = done.out.lower()
    account = ("acme", "912345", "8765432", "7654321", "777888")
    for word in ("annabel", "build-17", "corp.example", "t0ken", "pass@", str(whose.folder).lower(), *account):
        assert word not in low, word
    assert not re.search(r"\bbob\b", low)
    for word in (
        "K6_CLOUD_TOKEN",
        "HTTPS_PROXY",
        "K6_VUS",
        "empty",
        "2.2.0",
        "~",
        "c.json",
        "***",
        "<user>",
        "<host>",
    ):
        assert word in done.out, word


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "text",
    [
        '{"collectors": {"cloud": {"stackID": 71, "projectID": 8, "defaultProjectID": 93}}}',
        '{"COLLECTORS": {"cloud": {"StackId": "71", "PROJECTID": 8, "projectID": 93}}}',
        '{"cloud": {"stackID": 71, "projectID": 8, "defaultProjectID": 93}}',
        '{"ext": {"loadimpact": {"stackID": 71, "projectID": "8"}}, "cloud": {"defaultProjectID": 93}}',
        '{"collectors": {"cloud": {"stackID": "71x8", "projectID": 93}}}',
        '{"collectors": {"cloud": {"stackID": [71], "projectID": {"a": 93}, "defaultProjectID": -8}}}',
        '{"collectors": {"cloud": {"stackID" 71, "projectID": 8 "defaultProjectID": 93}}}',
        "collectors:\n  cloud:\n    stackID: 71\n    projectID: 8\n    defaultProjectID: 93\n",
        "K6_CLOUD_STACK_ID=71\nK6_CLOUD_PROJECT_ID=8\n",
    ],
)
def test_a_report_tells_no_number_of_an_account(home: Home, text: str, form: str) -> None:
    home.put(text)
    said = home.k6cfg("doctor", "--report", "--output-format", form).out
    assert not re.search(r"(?i)id[^\w\n]{1,8}(?:a[^\w\n]{1,8})?(?:71|8|93)\b", said), said
    assert not re.search(r"reads it as \d", said), said
    assert re.search("(?i)stack_?id", said)


def test_a_report_is_whole(whose: Home) -> None:
    text = whose.k6cfg("doctor", "--report", "-c", whose.option or "").out
    assert text.startswith("### k6cfg doctor --report\n")
    assert re.search(r"^`````json\n\{\n", text, re.MULTILINE), "the fence is longer than any in the file"
    assert text.endswith("`````\n")
    for check in CHECKS:
        assert re.search(rf"^[a-z ]+ {check.id} ", text, re.MULTILINE), check.id
    said = json.loads(whose.k6cfg("doctor", "--report", "-c", whose.option or "", "--output-format", "json").out)
    assert list(said) == ["format_version", "k6_version", "results", "counts", "report"]
    assert list(said["report"]) == [
        "k6cfg", "python", "platform", "user", "k6", "version", "path", "why", "others", "variables", "text",
    ]  # fmt: skip
    assert said["report"]["variables"]["K6_CONFIG"] == "empty"
    assert said["report"]["text"].count("***") == 5, "the token, and what says whose stack and project it is"


def test_a_report_without_a_file(home: Home) -> None:
    done = home.k6cfg("doctor", "--report")
    assert done.code == 0
    assert "There is no file that could be read." in done.out


@pytest.mark.parametrize(
    ("variable", "why"),
    [
        ("K6_SYSTEM_TAGS", "An empty one means no system tags at all. What the file says there has no effect."),
        ("K6_VUS", "k6 does as if it were not set"),
        ("K6_PROMETHEUS_RW_SERVER_URL", "What this output makes of an empty one is not known."),
    ],
)
def test_what_an_empty_variable_does_is_said_as_explain_says_it(home: Home, variable: str, why: str) -> None:
    home.environ[variable] = ""
    assert why in home.k6cfg("doctor", "--only", "variables").out


DAMAGED: Final = {
    "a missing colon": '{"vus" 3}',
    "no braces": 'vus: 3,\nduration: "1s"',
    "keys without quotes": "{vus: 3}",
    "cut off": '{"scenarios": {"a": {"executor": "constant-vus"',
    "a comment": '{"vus": 3} // for the team',
    "a trailing comma": '{"vus": 3,}',
    "a byte order mark": "\ufeff" + '{"vus": 3}',
    "single quotes": "{'vus': 3}",
    "of a merge": '{\n<<<<<<< HEAD\n"vus": 3\n=======\n"vus": 4\n>>>>>>> b\n}',
    "a misspelt key": '{"vus": 3, "duraton": "1s"}',
    "a value of another type": '{"vus": "many"}',
}
OF_OTHERS: Final = (
    '{"port": 80}',
    '{"tags": ["a"], "port": 80}',
    "not JSON at all",
    "",
    "[1]",
    '{"database" {"password": "x"}}',
    "{port: 80}",
)


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("file", ["config.json", "k6.json"])
def test_a_damaged_file_in_the_working_folder_is_found(home: Home, name: str, file: str) -> None:
    home.put(DAMAGED[name], home.work / file)
    found = home.found()["other-places"]
    assert found.level is INFO
    assert f"{file} exists, but k6 2.2.0 does not read it" in found.finding
    accepted = name == "a misspelt key"
    assert ("k6 rejects it" in f"{found.remedy}") is not accepted


@pytest.mark.parametrize("text", OF_OTHERS)
def test_a_file_of_another_program_in_the_working_folder_is_none(home: Home, text: str) -> None:
    home.put(text, home.work / "config.json")
    assert home.found()["other-places"].level is Level.OK
