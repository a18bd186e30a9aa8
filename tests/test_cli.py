"""The whole command line on real files; in a real process where streams, signals and limits are at stake."""

import json
import os
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
    (diagnostic,) = found["files"][0].pop("diagnostics")
    assert found == {
        "format_version": 1,
        "k6_version": "2.2.0",
        "files": [{"path": "config.json", "accepted": {"run": False, "cloud": False}}],
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
        b'{"vus": 1,     home.write(f'{{"VUS": 1, "collectors": {{"cloud": {{"token": "{CANARY}"}}}}}}')  # a glance does not do
    sabotage = home.work / "sitecustomize.py"
    sabotage.write_text(
        "import k6cfg.parser as p\ndef parse(text, encoding='utf-8'): raise RuntimeError(text)\np.parse = parse\n"
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


def test_selection_does_not_change_the_verdict(home: Home) -> None:
    names = [home.write(EXAMPLE, home.work / f"{number}.json") for number in range(4)]
    done = call(home, "validate", "--select", "unknown-key", *names)
    assert "takes them" not in done.out
    assert done.out.count("k6 refuses it; nothing of what was selected") == 4


def test_latin_1_is_mended_when_asked(home: Home) -> None:
    data = b'{"vus": 5, "duration": "1s", "tags": {"caf\xe9": "\xe9"}}'
    assert call(home, "validate", "--fix", "-", stdin=data).raw == data
    done = call(home, "validate", "--fix", "--unsafe-fixes", "-", stdin=data)
    assert (done.code, done.raw) == (0, data.decode("cp1252").encode())


def test_commands_name_the_file_they_are_about(home: Home) -> None:
    path = home.write(EXAMPLE, home.work / "my file.json")
    assert "k6cfg validate --fix ~/'project/my file.json' does it" in call(home, "validate", path).out
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
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from k6cfg.cli import main; main()"
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


def test_what_is_no_object_and_what_is_empty_are_told_what_to_write(home: Home) -> None:
    home.write("[1]", home.work / "list.json")
    assert "help: options stand in braces" in home.run("validate", "list.json").out
    home.write(" ", home.work / "empty.json")
    assert "there is nothing in it" in home.run("migrate", "empty.json").err
