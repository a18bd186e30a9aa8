"""The whole command line on real files; in a real process where streams, signals and limits are at stake."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES, Home
from faults.tracing import hear_signals
from inside import call

EXAMPLE = (FIXTURES / "examples" / "missing-colon.json").read_bytes()
GOOD = b'{\n  "vus": 5,\n  "duration": "10s"\n}\n'
CANARY = "glc_CANARYcanary0123456789"
NOT_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")

# -- path -------------------------------------------------------------------------------------------------------------


def test_path_is_one_line(home: Home) -> None:
    done = call(home, "path")
    assert (done.code, done.out, done.err) == (0, f"{home.config}\n", "")


def test_path_follows_k6_version_option_and_variable(home: Home) -> None:
    old = home.folder / ".config" / "loadimpact" / "k6" / "config.json"
    assert call(home, "path", "--k6-version", "0.45.0").out == f"{old}\n"
    assert call(home, "path", K6_CONFIG="other.json").out == "other.json\n"
    assert call(home, "path", "-c", "mine.json", K6_CONFIG="other.json").out == "mine.json\n"


def test_path_goes_by_the_k6_on_path(home: Home) -> None:
    program = home.programs / "k6"
    program.write_text("#!/bin/sh\necho 'k6 v0.57.0 (commit/50afd82c18, go1.23.6, linux/amd64)'\n")
    program.chmod(0o755)
    assert "loadimpact" in home.run("path").out


def test_path_all_names_every_place(home: Home) -> None:
    home.write(GOOD)
    done = call(home, "path", "--all")
    assert done.code == 0
    assert "> exists  ~/.config/k6/config.json" in done.out
    assert "~/.config/loadimpact/k6/config.json" in done.out
    found = json.loads(call(home, "path", "--all", "--output-format", "json").out)
    assert found["path"] == str(home.config)
    assert [each["chosen"] for each in found["candidates"]].count(True) == 1


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names there are not bytes")
@pytest.mark.parametrize("name", [b"\xff", "Ü".encode(), b"a\nb"])
def test_path_is_the_name_of_the_file_byte_for_byte(home: Home, name: bytes) -> None:
    folder = os.fsencode(home.folder) + b"/" + name
    environ = {**home.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "k6cfg", "path"],
        env={**{os.fsencode(key): os.fsencode(value) for key, value in environ.items()}, b"XDG_CONFIG_HOME": folder},
        capture_output=True,
        check=True,
    )
    assert done.stdout == folder + b"/k6/config.json\n"


def test_without_a_working_folder_the_other_places_are_shown(home: Home) -> None:
    line = 'rmdir "$PWD"; "$0" -m k6cfg path --all; "$0" -m k6cfg doctor --only other-places,place,readable -c x.json'
    done = subprocess.run(
        ["/bin/sh", "-c", line, sys.executable],
        env=home.environ,
        cwd=home.work,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the working folder is gone: places in it are left out" in done.stderr
    assert "> absent  ~/.config/k6/config.json" in done.stdout
    assert "the working folder is gone: files in it were not looked for" in done.stdout
    assert "-c names x.json, which does not exist" in done.stdout
    assert "bug" not in done.stdout + done.stderr


def test_empty_variable_is_an_error_as_for_k6(home: Home) -> None:
    done = call(home, "path", K6_CONFIG="")
    assert (done.code, done.out) == (3, "")
    assert "K6_CONFIG is empty" in done.err
    assert "unset K6_CONFIG" in done.err


def test_empty_option_is_not_blamed_on_the_variable(home: Home) -> None:
    done = call(home, "path", "-c", "")
    assert (done.code, done.out) == (3, "")
    assert "-c is empty" in done.err
    assert "unset" not in done.err
    assert "leave -c out" in done.err


# -- validate ---------------------------------------------------------------------------------------------------------


def test_example_of_the_documentation(home: Home) -> None:
    home.write(EXAMPLE)
    done = call(home, "validate")
    assert done.code == 1
    assert '~/.config/k6/config.json:2:17: error: "collectors" has no colon after it' in done.out
    assert '   2 |     "collectors" {\n     |                 ^\n' in done.out
    assert "k6 refuses it" in done.out


def test_example_as_json(home: Home) -> None:
    path = home.write(EXAMPLE, home.work / "config.json")
    done = call(home, "validate", "--output-format", "json", path.name)
    assert done.code == 1
    found = json.loads(done.out)
    diagnostic, token = found["files"][0].pop("diagnostics")
    assert (token["rule"], token["severity"], token["after_repair"]) == ("placeholder-token", "warning", True)
    assert found == {
        "format_version": 1,
        "k6_version": "2.2.0",
        "files": [
            {
                "path": "config.json",
                "kind": "config",
                "accepted": {"run": False, "cloud": False},
                "stops_at": {"line": 2, "column": 18, "offset": 19},
            }
        ],
    }
    assert diagnostic.pop("message")
    assert diagnostic.pop("help")
    place = {"line": 2, "column": 17, "offset": 18}
    assert diagnostic == {
        "rule": "missing-colon",
        "severity": "error",
        "pointer": "/collectors",
        "range": {"start": place, "end": place},
        "fix": {"applicability": "safe", "edits": [{"start": 18, "end": 18, "text": ":"}]},
    }


def test_example_is_fixed_by_one_character(home: Home) -> None:
    path = home.write(EXAMPLE)
    done = call(home, "validate", "--fix", "--yes")
    assert (done.code, path.read_bytes()) == (0, EXAMPLE.replace(b'"collectors" {', b'"collectors": {'))
    assert "k6 takes it" in done.out
    assert '-    "collectors" {\n+    "collectors": {\n' in done.err
    assert "YOUR_API_AUTH_TOKEN" not in done.out + done.err
    assert call(home, "validate").code == 0


def test_fix_is_a_filter(home: Home) -> None:
    done = call(home, "validate", "--fix", "-", stdin=EXAMPLE)
    assert (done.code, done.raw) == (0, EXAMPLE.replace(b'"collectors" {', b'"collectors": {'))
    assert "<standard input>:2:17" in done.err


def test_filter_gives_back_what_it_cannot_mend(home: Home) -> None:
    for broken in (
        b"",
        b"\x00\x00\x00\x00",
        b'{"vus": 1, <<<<<<< HEAD\n"vus": 2\n=======\n"vus": 3\n>>>>>>> b\n}',
        b"\x89PNG\r\n\x1a\n",
    ):
        done = call(home, "validate", "--fix", "--select", "syntax", "-", stdin=broken)
        assert (done.code, done.raw) == (1, broken)


def test_fix_without_terminal_writes_nothing(home: Home) -> None:
    path = home.write(EXAMPLE)
    done = call(home, "validate", "--fix")
    assert (done.code, path.read_bytes()) == (4, EXAMPLE)
    assert "--yes" in done.err


def test_diff_only_shows(home: Home) -> None:
    path = home.write(EXAMPLE)
    done = call(home, "validate", "--diff")
    assert (done.code, path.read_bytes()) == (1, EXAMPLE)
    assert done.out.startswith("--- ~/.config/k6/config.json (before)\n+++ ~/.config/k6/config.json (after)\n")
    path = home.write(GOOD)
    assert call(home, "validate", "--diff").code == 0


def test_good_file(home: Home) -> None:
    home.write(GOOD)
    done = call(home, "validate")
    assert done.code == 0
    assert "k6 takes it; nothing to complain about" in done.out
    path = home.config
    before = path.stat()
    assert call(home, "validate", "--fix", "--yes").code == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_no_default_file_is_no_fault(home: Home) -> None:
    done = call(home, "validate")
    assert done.code == 0
    assert "k6 2.2.0 runs with its defaults" in done.out
    found = json.loads(call(home, "validate", "--output-format", "json").out)
    assert found["files"][0]["accepted"] == {"run": True, "cloud": True}


@pytest.mark.parametrize("arguments", [["nope.json"], ["-c", "nope.json"]])
def test_named_file_must_exist(home: Home, arguments: list[str]) -> None:
    done = call(home, "validate", *arguments)
    assert done.code == 3
    assert "nope.json cannot be read: it does not exist" in done.err


def test_worst_of_several_files_counts(home: Home) -> None:
    good, bad = home.write(GOOD, home.work / "good.json"), home.write(EXAMPLE, home.work / "bad.json")
    assert call(home, "validate", good, bad).code == 1
    assert call(home, "validate", good, bad, "nope.json").code == 3


def test_misspelt_key_gets_a_suggestion(home: Home) -> None:
    home.write('{"thresold": {}}')
    done = call(home, "validate")
    assert done.code == 0
    assert "thresholds" in done.out
    assert call(home, "validate", "--strict").code == 1


def test_select_and_ignore(home: Home) -> None:
    home.write('{"thresold": {}, "vus": "five"}')
    assert call(home, "validate", "--select", "syntax").code == 0
    assert call(home, "validate").code == 1
    done = call(home, "validate", "--select", "sintax")
    assert done.code == 2
    assert "did you mean syntax?" in done.err


def test_version_decides(home: Home) -> None:
    home.write('{"scenarios": {"a": {"executor": "externally-controlled", "vus": 1, "duration": "1m"}}}')
    assert call(home, "validate", "--k6-version", "2.0.0").code == 1
    assert call(home, "validate", "--k6-version", "1.8.1").code == 0
    done = call(home, "validate", "--k6-version", "two")
    assert done.code == 2
    assert "--k6-version wants a version" in done.err


def test_windows_line_endings_stay(home: Home) -> None:
    path = home.write(EXAMPLE.replace(b"\n", b"\r\n"))
    assert call(home, "validate", "--fix", "--yes").code == 0
    assert path.read_bytes() == EXAMPLE.replace(b'"collectors" {', b'"collectors": {').replace(b"\n", b"\r\n")


# -- what bad input gets ----------------------------------------------------------------------------------------------


def test_what_is_no_file(home: Home) -> None:
    pipe, large = home.work / "pipe", home.work / "large.json"
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(1 << 30)
    for name in (pipe, large, home.work, Path("/dev/zero")):
        done = call(home, "validate", name)
        assert (done.code, done.out) == (3, "")
        assert len(done.err.splitlines()) == 2
        assert call(home, "set-token", "--stdin", "-c", name, stdin="T0KEN").code == 3
    assert large.stat().st_size == 1 << 30


def test_binary_file(home: Home) -> None:
    data = bytes(range(256)) * 40
    path = home.write(data)
    assert call(home, "validate").code == 3
    assert call(home, "set-token", "--stdin", "--yes", stdin="T0KEN").code == 3
    assert path.read_bytes() == data


@NOT_ROOT
def test_no_permission(home: Home) -> None:
    path = home.write(GOOD)
    path.chmod(0)
    done = home.run("validate")
    assert done.code == 3
    assert "permission" in done.err


def test_unknown_words_are_not_repeated(home: Home) -> None:
    for arguments in (
        [CANARY],
        ["set-token", "a", CANARY],
        ["set-token", f"--{CANARY}"],
        ["validate", "--k6-version", CANARY],
    ):
        done = call(home, *arguments)
        assert done.code == 2
        assert CANARY not in done.out + done.err


def test_closed_output_is_no_crash(home: Home) -> None:
    home.write(EXAMPLE)
    process = subprocess.Popen(
        [sys.executable, "-m", "k6cfg", "validate"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=home.environ
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 3


def test_interrupt_while_reading(home: Home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "k6cfg", "validate", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=home.environ,
        preexec_fn=hear_signals,  # noqa: PLW1509 -- as the threads of pytest-xdist take no lock that it needs
    )
    assert process.stdin is not None
    # More than a pipe holds: once it is written, k6cfg has begun to read, and waits for the rest.
    process.stdin.write(b" " * 2_000_000)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in errors


# -- set-token --------------------------------------------------------------------------------------------------------


def token_of(path: Path) -> object:
    return json.loads(path.read_bytes())["collectors"]["cloud"]["token"]


def test_token_makes_file_and_folder(home: Home) -> None:
    done = call(home, "set-token", "--stdin", stdin="T0KEN\n")
    assert (done.code, done.out, token_of(home.config)) == (0, "", "T0KEN")
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.config.parent.stat().st_mode) == 0o700
    assert "T0KEN" not in done.err


def test_token_from_each_source(home: Home) -> None:
    path = home.write("tok-en-f1le\n", home.work / "token")
    assert call(home, "set-token", "--from-file", path).code == 0
    assert token_of(home.config) == "tok-en-f1le"
    assert call(home, "set-token", "--from-env", "MINE", MINE="tok-en-env").code == 0
    assert token_of(home.config) == "tok-en-env"
    done = call(home, "set-token", "tok-en-argument")
    assert (done.code, token_of(home.config)) == (0, "tok-en-argument")
    assert "stays in the shell's history" in done.err
    for variables in ({}, {"MISSING": ""}):
        done = call(home, "set-token", "--from-env", "MISSING", **variables)
        assert (done.code, "variable MISSING is" in done.err) == (3, True)
        done = call(home, "set", "userAgent", "--from-env", CANARY, **dict.fromkeys([CANARY] if variables else [], ""))
        assert (done.code, CANARY in done.err) == (3, False)
    assert call(home, "set-token", "--stdin", "--from-env", "MINE", stdin="x", MINE="y").code == 2
    done = call(home, "set-token")
    assert done.code == 4
    assert "--stdin" in done.err


@pytest.mark.parametrize(
    "text", ["", " \n", "a b", "tok\x07en", "tökèn", "YOUR_API_AUTH_TOKEN", "${K6_CLOUD_TOKEN}", "<token>"]
)
def test_what_is_no_token(home: Home, text: str) -> None:
    done = call(home, "set-token", "--stdin", stdin=text)
    assert done.code == 2
    assert not home.config.exists()


def test_token_into_the_member_that_k6_reads(home: Home) -> None:
    path = home.write('{"Collectors":{"cloud":{"TOKEN":"old","x":1e3}},\t"note": "\\u00e9"}')
    assert call(home, "set-token", "--stdin", stdin="n3w").code == 0
    assert path.read_text() == '{"Collectors":{"cloud":{"TOKEN":"n3w","x":1e3}},\t"note": "\\u00e9"}'


def test_malformed_file_is_repaired_in_the_same_write(home: Home) -> None:
    path = home.write(EXAMPLE)
    done = call(home, "set-token", "--stdin", stdin="T0KEN")
    assert (done.code, path.read_bytes()) == (4, EXAMPLE)
    assert "--yes" in done.err
    done = call(home, "set-token", "--stdin", "--yes", stdin="T0KEN")
    assert (done.code, token_of(path)) == (0, "T0KEN")
    assert done.err.count("@@") == 2
    assert '"collectors": {' in done.err


def test_empty_file_is_filled(home: Home) -> None:
    path = home.write("")
    assert call(home, "set-token", "--stdin", stdin="T0KEN").code == 0
    assert token_of(path) == "T0KEN"


def test_other_faults_are_said_and_do_not_stand_in_the_way(home: Home) -> None:
    path = home.write('{"vus": "many"}')
    done = call(home, "set-token", "--stdin", stdin="T0KEN")
    assert (done.code, token_of(path)) == (0, "T0KEN")
    assert "still rejects" in done.err


def test_what_is_no_object_is_not_overwritten(home: Home) -> None:
    for text in ('{"collectors": []}', '{"collectors": {"cloud": "x"}}', "[]", '"x"'):
        path = home.write(text)
        done = call(home, "set-token", "--stdin", "--yes", stdin="T0KEN")
        assert (done.code, path.read_text()) == (1, text)
        assert "no place for" in done.err


def test_stack_and_project_in_the_same_write(home: Home) -> None:
    done = call(
        home, "set-token", "--stdin", "--stack", "my-team", "--stack-id", "5", "--project-id", "7", stdin="T0KEN"
    )
    assert done.code == 0
    assert json.loads(home.config.read_bytes())["collectors"]["cloud"] == {
        "token": "T0KEN",
        "stackURL": "https://my-team.grafana.net",
        "stackID": 5,
        "defaultProjectID": 7,
    }
    assert "note:" not in done.err
    assert call(home, "set-token", "--stack-id", "6").code == 0
    assert token_of(home.config) == "T0KEN"


def test_what_else_v2_needs_is_said(home: Home) -> None:
    done = call(home, "set-token", "--stdin", stdin="T0KEN")
    assert "--stack-id" in done.err
    assert "--project-id" in done.err
    done = call(home, "set-token", "--stdin", "--k6-version", "1.0.0", stdin="T0KEN2")
    assert "--stack-id" not in done.err


def test_overriding_variable_is_said(home: Home) -> None:
    done = call(home, "set-token", "--stdin", stdin="T0KEN", K6_CLOUD_TOKEN=CANARY)
    assert done.code == 0
    assert "K6_CLOUD_TOKEN is set" in done.err
    assert CANARY not in done.err


def test_token_stays_out_of_git(home: Home) -> None:
    path = home.write("{}", home.work / "config.json")
    git = ["git", "-C", str(home.work), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "config.json"]):
        subprocess.run([*git, *command], check=True, env=home.environ)
    done = call(home, "set-token", "--stdin", "-c", path, stdin="T0KEN")
    assert (done.code, path.read_text()) == (4, "{}")
    assert call(home, "set-token", "--stdin", "-c", path, "--force", stdin="T0KEN").code == 0


def test_same_token_again_changes_nothing(home: Home) -> None:
    call(home, "set-token", "--stdin", stdin="T0KEN")
    before = home.config.stat()
    done = call(home, "set-token", "--stdin", stdin="T0KEN")
    assert (done.code, home.config.stat().st_mtime_ns) == (0, before.st_mtime_ns)
    assert "is already up to date" in done.err


def test_mode_is_tightened(home: Home) -> None:
    path = home.write(GOOD)
    path.chmod(0o644)
    done = home.run("set-token", "--stdin", stdin="T0KEN")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "mode 0600" in done.err


def test_link_stays_a_link(home: Home) -> None:
    real = home.write(GOOD, home.folder / "dotfiles" / "k6.json")
    home.config.parent.mkdir(parents=True)
    home.config.symlink_to(real)
    assert call(home, "set-token", "--stdin", stdin="T0KEN").code == 0
    assert home.config.is_symlink()
    assert token_of(real) == "T0KEN"


# -- undo -------------------------------------------------------------------------------------------------------------


def test_undo_and_redo(home: Home) -> None:
    path = home.write(GOOD)
    call(home, "set-token", "--stdin", stdin="T0KEN")
    changed = path.read_bytes()
    assert call(home, "undo").code == 4
    assert call(home, "undo", "--diff").code == 1
    assert path.read_bytes() == changed
    done = call(home, "undo", "--yes")
    assert (done.code, path.read_bytes()) == (0, GOOD)
    assert "collectors" in done.err
    assert call(home, "undo", "--yes").code == 0
    assert path.read_bytes() == changed
    assert "~/.config/k6/config.json" in call(home, "undo", "--list").out
    assert call(home, "undo", "--purge", "--yes").code == 0
    done = call(home, "undo", "--yes")
    assert done.code == 3
    assert "no earlier version" in done.err


def test_undo_after_a_creation_says_what_to_type(home: Home) -> None:
    assert home.run("set", "-c", "new file.json", "tags.team", "checkout").code == 0
    done = home.run("undo", "new file.json")
    assert done.code == 3
    assert "rm 'new file.json' takes that back" in done.err
    listed = home.run("undo", "--list", "new file.json")
    assert (listed.code, listed.out) == (0, "")
    assert "no backups of new file.json" in listed.err
    assert "rm" not in home.run("undo", "nowhere.json").err


@pytest.mark.parametrize("words", [("set", "rps", "5"), ("unset", "tags"), ("set-token", "--from-file", "token.txt")])
def test_what_is_too_large_to_be_changed_is_not_looked_at(home: Home, words: tuple[str, ...]) -> None:
    path = home.write(b'{"tags": {}}' + b" " * (17 << 20), home.work / "large.json")
    home.write("not-a-real-token", home.work / "token.txt")
    done = home.run(*words, "-c", path, timeout=20)
    assert (done.code, done.out) == (3, "")
    assert "larger than 16 MiB" in done.err
    assert "(before)" not in done.err


def test_undo_reaches_every_version(home: Home) -> None:
    path = home.write(GOOD)
    for number in range(4):
        call(home, "set-token", "--stdin", stdin=f"T0KEN-number-{number}")
    listed = call(home, "undo", "--list", path).out.splitlines()
    assert [line.split()[0] for line in listed] == ["1", "2", "3", "4"]
    assert call(home, "undo", "--to", "4", "--yes").code == 0
    assert path.read_bytes() == GOOD
    done = call(home, "undo", "--to", "99", "--yes")
    assert done.code == 3
    assert "there is no version 99" in done.err


def test_token_through_process_substitution(home: Home) -> None:
    pipe = home.work / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["/bin/sh", "-c", 'echo T0KEN-piped > "$0"', str(pipe)])
    assert home.run("set-token", "--from-file", pipe).code == 0
    assert writer.wait() == 0
    assert token_of(home.config) == "T0KEN-piped"


def test_no_backup(home: Home) -> None:
    home.write(GOOD)
    call(home, "set-token", "--stdin", "--no-backup", stdin="T0KEN")
    assert call(home, "undo", "--yes").code == 3


# -- the whole --------------------------------------------------------------------------------------------------------


def test_no_arguments_is_help(home: Home) -> None:
    done = call(home)
    assert done.code == 2
    for command in ("validate", "set-token", "doctor", "path", "undo"):
        assert command in done.out + done.err
        assert call(home, command, "--help").code == 0


def test_version(home: Home) -> None:
    from k6cfg import __version__

    assert call(home, "--version").out == f"k6cfg {__version__}\n"


def test_bug_is_said_without_a_word_of_the_file(home: Home) -> None:
    home.write(f'{{"VUS" 1, "collectors": {{"cloud": {{"token": "{CANARY}"}}}}}}')  # a glance does not do
    sabotage = home.work / "sitecustomize.py"
    sabotage.write_text(
        "import k6cfg.text.parser as p\ndef parse(text, encoding='utf-8'): raise RuntimeError(text)\np.parse = parse\n"
    )
    path = os.pathsep.join([str(home.work), home.environ.get("PYTHONPATH", "")])
    done = home.run("validate", PYTHONPATH=path)
    assert done.code == 70
    assert "a bug of k6cfg (RuntimeError)" in done.err
    assert CANARY not in done.out + done.err


LEAKS = (
    '{"collectors": {"cloud": {"token": "CANARY", "stackID": "x"}}}',
    '{"collectors": {"cloud": {"token" "CANARY"}}}',
    "{'collectors': {'cloud': {'token': 'CANARY',}}}",
    '{"collectors": {"cloud": {"token": CANARY}}}',
    '{"collectors": {"cloud": {"token": "CANARY}}}',
    '{"collectors": {"cloud": {"token": "abc"CANARY}}}',
    '{"collectors": {"cloud": {"tokn": "CANARY", "pasword": "CANARY"}}}',
    '{"token": "CANARY", "cloud": {"Token": "CANARY"}, "VUS": 1, "duration": "CANARY"}',
    '{"token": "abc\nCANARY", "vus": 1}',
    '{"collectors": "CANARY", "vus": "5"}',
    '// my token: CANARY\n{"vus": 1}',
    '{"collectors": {"cloud": {"token": ["CANARY"]}, "influxdb": {"addr": "http://me:CANARY@h:1"}}}',
    'export const options = { cloud: { token: "CANARY" } };',
    "token: CANARY\nvus: 1\n",
    "CANARY\n",
)


@pytest.mark.parametrize("text", LEAKS)
def test_secret_never_leaves_the_file(home: Home, text: str) -> None:
    canary = "CaNaRy-plain"  # it does not look like a token: only its place gives it away
    text = text.replace("CANARY", canary)
    home.write(text)
    for arguments in (
        ["validate", "--output-format", "json"],
        ["doctor", "--output-format", "json"],
        ["validate", "--diff", "--unsafe-fixes"],
    ):
        done = call(home, *arguments)
        assert done.code != 70
        assert canary not in done.out + done.err, arguments
    assert canary not in call(home, "validate", "--fix", "--unsafe-fixes", "-", stdin=text).err


# -- streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("validate - <&-", 1),
        ("set-token --stdin <&-", 2),
        ("path >&-", 3),
        ("validate >&-", 3),
        ("validate --fix - <&- >&-", 1),
        ("validate nope.json 2>&-", 3),
        pytest.param(
            "path >/dev/full", 3, marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
        ),
        pytest.param(
            "validate nope.json 2>/dev/full",
            3,
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device"),
        ),
    ],
)
def test_closed_and_full_streams(home: Home, command: str, code: int) -> None:
    words, redirection = command.split("<" if "<" in command else "2>" if "2>" in command else ">", 1)
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m k6cfg {words} {command[len(words) :]}', sys.executable],
        env=home.environ,
        cwd=home.work,
        capture_output=True,
        check=False,
    )
    assert redirection
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"bug of k6cfg" not in done.stderr


def test_json_is_always_json(home: Home) -> None:
    assert json.loads(call(home, "validate", "--output-format", "json", "nope.json").out)["files"] == []
    path = home.write(EXAMPLE)
    done = call(home, "validate", "--diff", "--output-format", "json", path)
    assert done.code == 1
    assert json.loads(done.out)["files"][0]["diagnostics"]
    assert '+    "collectors": {' in done.err


def test_diff_of_standard_input_is_a_diff(home: Home) -> None:
    done = call(home, "validate", "--diff", "-", stdin=EXAMPLE)
    assert done.code == 1
    assert done.out.startswith("--- <standard input> (before)\n")


def test_what_is_left_broken_is_a_finding(home: Home) -> None:
    path = home.write(EXAMPLE)
    done = call(home, "validate", "--fix", "--select", "unknown-key", "--yes")
    assert (done.code, path.read_bytes()) == (1, EXAMPLE)
    done = call(home, "validate", "--fix", "--ignore", "syntax", "-", stdin=EXAMPLE)
    assert (done.code, done.raw) == (1, EXAMPLE)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--select", "unknown-key"], 0, "no findings of the selected rules"),
        (["--ignore", "missing-colon"], 0, "no findings of the selected rules"),
        (["--select", "secrets"], 1, "1 error of the selected rules"),
        (["--select", "secrets,missing-colon"], 1, "2 errors of the selected rules"),
        (["--ignore", "secrets"], 1, "1 error of the selected rules"),
    ],
)
def test_with_a_selection_the_summary_speaks_of_the_selected_findings(
    home: Home, options: list[str], code: int, said: str
) -> None:
    text = '{"collectors" {"cloud": {"token": "not-a-real-token"}}}'
    names = [home.write(text, home.work / f"{number}.json") for number in range(4)]
    one, many = call(home, "validate", *options, names[0]), call(home, "validate", *options, *names)
    for done in (one, many):
        assert done.code == code
        assert said in done.out
        assert not re.search("k6 (?:run )?(?:takes|refuses|accepts|rejects) (?:it|them)", done.out)
    assert many.out.count(said) == 4 or f"4 of 4 files: {said}" in many.out


def test_latin_1_is_mended_when_asked(home: Home) -> None:
    data = b'{"vus": 5, "duration": "1s", "tags": {"caf\xe9": "\xe9"}}'
    assert call(home, "validate", "--fix", "-", stdin=data).raw == data
    done = call(home, "validate", "--fix", "--unsafe-fixes", "-", stdin=data)
    assert (done.code, done.raw) == (0, data.decode("cp1252").encode())


def test_commands_name_the_file_they_are_about(home: Home) -> None:
    path = home.write(EXAMPLE, home.work / "my file.json")
    assert (
        "  fix: k6cfg validate --fix ~/'project/my file.json'; 1 finding will be left\n"
        in call(home, "validate", path).out
    )
    assert "k6cfg undo ~/'project/my file.json' takes it back" in call(home, "validate", "--fix", "--yes", path).err
    assert call(home, "undo", path, "--yes").code == 0
    assert path.read_bytes() == EXAMPLE


def test_a_log_is_no_configuration(home: Home) -> None:
    done = call(home, "validate", "-", stdin=b"2026-01-01 GET / 200\n" * 400_000)
    assert done.code == 1
    assert "too large" in done.out


def test_misspelt_command_gets_a_suggestion(home: Home) -> None:
    done = call(home, "set-tokn")
    assert done.code == 2
    assert "did you mean set-token?" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_full_disk(home: Home) -> None:
    path = home.write(GOOD + b" " * 4000)
    limited = (
        "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (1024, 1024)); import signal; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from k6cfg.cli.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "set-token", "--from-env", "MINE", "--no-backup"],
        env={**home.environ, "MINE": "T0KEN"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, path.read_bytes()) == (3, GOOD + b" " * 4000)
    assert "Traceback" not in done.stderr
    assert [each.name for each in path.parent.iterdir()] == ["config.json"]


@pytest.mark.parametrize(
    ("before", "version", "after"),
    [
        ({"stackID": 1}, "2.2.0", {"stackID": 1, "defaultProjectID": 7}),
        ({"stackID": 1}, "1.6.0", {"stackID": 1, "defaultProjectID": 7}),
        ({}, "1.5.0", {"projectID": 7}),
        # k6 uses projectID first, and defaultProjectID only beside a stack: alone it would have no effect.
        ({}, "1.6.0", {"defaultProjectID": 7, "projectID": 7}),
        ({"stackID": 1, "projectID": 3}, "2.2.0", {"stackID": 1, "projectID": 7, "defaultProjectID": 7}),
        ({"stackID": 1, "projectID": None}, "2.2.0", {"stackID": 1, "projectID": None, "defaultProjectID": 7}),
        ({"stackID": 1, "defaultProjectID": 3}, "2.2.0", {"stackID": 1, "defaultProjectID": 7}),
    ],
)
def test_the_project_is_written_where_the_login_of_the_version_writes_it(
    home: Home, before: dict[str, object], version: str, after: dict[str, object]
) -> None:
    home.write(json.dumps({"collectors": {"cloud": {"token": "T0KEN", **before}}}))
    assert call(home, "set-token", "--project-id", "7", "--k6-version", version).code == 0
    assert json.loads(home.config.read_bytes())["collectors"]["cloud"] == {"token": "T0KEN", **after}


@pytest.mark.parametrize("command", [["validate"], ["show"], ["show", "--effective"]])
def test_a_file_that_k6_ignores_is_named_where_none_is_read(home: Home, command: list[str]) -> None:
    assert "note:" not in call(home, *command).err
    home.write("{}", home.work / "config.json")
    done = call(home, *command)
    assert f"`k6cfg {command[0]} -c config.json`" in done.err
    home.write("{}", home.folder / ".config" / "loadimpact" / "k6" / "config.json")
    done = call(home, *command)
    assert "k6 2.2.0 ignores ~/.config/loadimpact/k6/config.json; `k6cfg migrate`" in done.err
    home.write("{}")
    assert "note:" not in call(home, *command).err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core files")
def test_no_core_file_of_us_or_of_what_we_start(home: Home, tmp_path: Path) -> None:
    """A core file would hold the token in clear text, in the working directory."""
    told, program = tmp_path / "told", tmp_path / "bin" / "k6"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nulimit -c > {told}\necho 'k6 v2.2.0 (go1.25.5, linux/amd64)'\n")
    program.chmod(0o755)
    unlimited = (
        "import resource as r; hard = r.getrlimit(r.RLIMIT_CORE)[1]; r.setrlimit(r.RLIMIT_CORE, (hard, hard)); "
        "from k6cfg.cli.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", unlimited, "validate"],
        env={**home.environ, "PATH": f"{program.parent}{os.pathsep}/usr/bin{os.pathsep}/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, told.read_text()) == (0, "0\n"), done.stderr


def test_advice_is_about_the_file_that_was_named(home: Home) -> None:
    home.write('{"collectors": {"cloud": {"token": "not-a-real-token"}}}', home.work / "c.json")
    assert "k6cfg set -c c.json vus 10" in home.run("set", "-c", "c.json", "vus", "many").err
    assert "k6cfg set vus 10" in home.run("set", "vus", "many").err
    assert "--stack-id ID -c c.json sets it" in home.run("set-token", "-c", "c.json", "--project-id", "1").err
    assert "k6cfg undo --purge c.json deletes" in home.run("set-token", "-c", "c.json", "--remove").err


def test_a_word_out_of_a_few_is_named_with_the_others(home: Home) -> None:
    assert "it is one of text, concise, json" in home.run("validate", "--output-format", "nope").err
    assert "Choose from: bash, zsh, fish, powershell\n" in home.run("completion").err
    assert "..." not in home.run("--help").out.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["set-token", "--stack-id", "abc"], "--stack-id cannot take that value; it is a whole number from 1 to "),
        (["undo", "--to", "0"], "--to cannot take that value; it is a whole number, at least 1"),
        (["validate", "--select", "nope"], "no rule or group of that name; the groups are syntax, values, "),
        (["validate", "--ignore", "sintax"], "--ignore knows no rule or group of that name; did you mean syntax?"),
        (["validate", "--select", "migration"], "no rule or group of that name; what migrations are about, k6cfg migr"),
        (["validate", "--ignore", "ssl-3"], "no rule or group of that name; what migrations are about, k6cfg migrate "),
    ],
)
def test_what_an_option_takes_is_said(home: Home, arguments: list[str], said: str) -> None:
    done = home.run(*arguments)
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    ("text", "stop"),
    [
        ('{"vus" 5}', {"line": 1, "column": 8, "offset": 7}),
        ('{"vus: 5,\n"rps": 5}', {"line": 1, "column": 10, "offset": 9}),
        ('{"vus": 5', {"line": 1, "column": 10, "offset": 9}),
        ('{"vus": "x"}', None),
        ("{}", None),
    ],
)
def test_where_k6_gives_up_reading(home: Home, text: str, stop: dict[str, int] | None) -> None:
    (home.folder / "c.json").write_text(text)
    found = json.loads(home.run("validate", "--output-format", "json", str(home.folder / "c.json")).out)
    assert found["files"][0]["stops_at"] == stop


@pytest.mark.parametrize(
    "command",
    [["set", "rps", "5"], ["validate"], ["validate", "--fix", "--yes"], ["doctor"], ["migrate"], ["get", "vus"]],
    ids=" ".join,
)
def test_too_little_memory_is_no_bug(home: Home, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    path = home.write('{"vus" 1}')

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("k6cfg.text.parser.parse", fail)
    monkeypatch.setattr("k6cfg.engine.checker.parse", fail)
    done = call(home, *command)
    assert (done.code, path.read_text()) == (3, '{"vus" 1}')
    assert "not enough memory" in done.err
