"""A secret that would be noticed anywhere: after every command, with every fault, it is in the file and its backups."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Done, Home
from inside import call
from leaking import WINDOW, forms

from k6cfg.cli.app import COMMANDS
from k6cfg.schema import load

CANARY = "glc_CANARYcanary0123456789"
PLAIN = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ryc4n4ry"  # a token as the older ones are: nothing in it says so
"""Known as a secret by its place alone."""

PIECES = {canary[at : at + WINDOW] for canary in (CANARY, PLAIN) for at in range(len(canary) - WINDOW + 1)}

FILES = {
    "good": '{"vus": 1, "duration": "1s", "collectors": {"cloud": {"token": "@", "stackID": 1}}}',
    "spread": '{\n  "collectors": {\n    "cloud": {\n      "token": "@"\n    }\n  }\n}\n',
    "folded twice": '{"COLLECTORS": {"cloud": {"Token": "@", "TOKEN": "@"}}}',
    "wrong type": '{"collectors": {"cloud": {"token": ["@"], "stackID": "x"}}}',
    "number beside": '{"vus": "many", "collectors": {"cloud": {"token": {"a": "@"}}}}',
    "no colon": '{"collectors": {"cloud": {"token" "@"}}}',
    "no comma": '{"collectors": {"cloud": {"name": "x" "token": "@"}}}',
    "single quotes": "{'collectors': {'cloud': {'token': '@',}}}",
    "no quotes": '{"collectors": {"cloud": {"token": @}}}',
    "open string": '{"collectors": {"cloud": {"token": "@}}}',
    "cut off": '{"collectors": {"cloud": {"token": "@"',
    "after a comma": '{"collectors": {"cloud": {"token": "@",, }}}',
    "other places": '{"cloud": {"token": "@"}, "ext": {"loadimpact": {"token": "@"}}, "collectors": {"influxdb": {"password": "@"}}}',
    "unknown place": '{"apiToken": "@", "myPassword": "@", "tools": {"Authorization": "Bearer @"}}',
    "misspelt": '{"colectors": {"cloud": {"tokn": 1, "token": "@"}}}',
    "in a URL": '{"collectors": {"influxdb": {"addr": "http://me:@@host:8086"}, "experimental-prometheus-rw": {"url": "http://h/?token=@"}}}',
    "in a comment": '// token: @\n{"vus": 1, "duration": "1s"}',
    "byte order mark": '\ufeff{"collectors": {"cloud": {"token": "@"}}}',
    "yaml": "collectors:\n  cloud:\n    token: @\n",
    "script": 'export const options = { cloud: { token: "@" } };',
    "conflict": '{<<<<<<< HEAD\n"token": "@",\n=======\n"token": "@",\n>>>>>>> b\n"vus": 1}',
    "a string for the cloud": '{"collectors": {"cloud": "@"}}',
    "a list for the cloud": '{"collectors": {"cloud": ["@"], "influxdb": ["http://h", "u", "@"]}}',
    "a list of objects": '{"collectors": {"cloud": [{"token": "@", "name": "x"}]}}',
    "encoded twice": r'{"collectors": {"cloud": "{\"token\": \"@\"}"}}',
    "in other options": '{"userAgent": "k6 password=@", "tags": {"a": "password: @"}, "out": ["kafka=brokers=b,password=@"]}',
    "in a scenario": '{"scenarios": {"a": {"executor": "per-vu-iterations", "env": {"X": "password=@"}, "tags": {"b": "token=@"}}}}',
    "keys inside": '{"collectors": {"cloud": {"token": {"a": {"b": [{"@": 1}]}}}}}',
    "a name and a value as a key": '{"collectors": {"cloud": {"token=@": 1}}}',
    "key and value swapped": '{"collectors": {"cloud": {"@": "token"}}}',
    "a key without a value": '{"collectors": {"cloud": {"@"}}}',
    "a tag of a submetric": '{"thresholds": {"http_req_duration{token:@}": ["p(95)<1"]}}',
    "tags of submetrics": '{"thresholds": {"http_reqs{a:b,password:@}": ["rate>1"], "checks{auth:@}": [{"threshold": "rate>0.9"}]}}',
    "any sign in a URL": '{"collectors": {"influxdb": {"addr": "http://k6:a/@@h", "url": "http://k6:a#@@h"}}, "hosts": {"x": "http://k6:a?@@h", "y": "http://k6:a @@h"}}',
    "quoted in a comment": '{"vus": 1,\n // "password": "abc,@",\n /* "password": "a } b\\@" */ "rps": 1}',
    "bare in a comment": '{"vus": 1 // password: abcdef1, @\n}',
    "a list in a comment": '{"vus": 1 /* "tokens": ["@", "@"] */}',
    "a comment before the value": '{"collectors": {"cloud": {"token": /* @ */ "x"}}}',
    "env file": "K6_VUS=1\nexport K6_INFLUXDB_PASSWORD=abcdef1; @\nK6_CLOUD_TOKEN=abcdef1 @\n",
    "ini": "[collectors]\npassword: abcdef1] @\n",
    "here-document": '{"token": <<EOF\n@\nEOF\n}',
    "half in quotes": "{'collectors': {'influxdb': {'password': 'aaaa'@', 'db': 'x'}}}",
    "token as a key of tags": '{"tags": {"token": "@"}, "hosts": {"secret": "@"}}',
}
"""With ``@`` for the canary; ``@@`` is the canary and an @."""


def filled(text: str, canary: str) -> str:
    return text.replace("@@", "\0").replace("@", canary).replace("\0", f"{canary}@")


HUNTED: dict[str, list[list[str]]] = {
    "validate": [[], ["--diff", "--unsafe-fixes"], ["--k6-version", "0.30.0"]],
    "doctor": [[], ["--report"]],
    "path": [["--all"], ["--why"]],
    "show": [[], ["--effective"], ["--effective", "--script-options", "script.json"]],
    "explain": [["collectors.cloud.token"], ["K6_CLOUD_TOKEN"], ["missing-colon"]],
    "schema": [[]],
    "migrate": [["--check"], ["--diff", "--from", "0.29.0"]],
    "get": [
        ["collectors"],
        ["collectors.cloud.token"],
        ["/ext"],
        ["/cloud/token"],
        ["tags"],
        ["apiToken"],
        ["tools"],
        ["thresholds"],
        ["scenarios"],
        ["tlsAuth"],
        ["out"],
    ],
    "diff": [["other.json"]],
    "set": [["rps", "5", "--diff"]],
    "unset": [["collectors.cloud.token", "--diff"]],
    "set-token": [["--stdin", "--diff"], ["--remove", "--diff"]],
    "undo": [["--list"], ["--diff"]],
    "completion": [["bash"]],
}
"""What only looks; each call is made with every form of output."""
READING: list[list[str]] = [
    [command, *arguments, *form] for command, calls in HUNTED.items() for arguments in calls for form in forms(command)
]
WRITING: list[list[str]] = [
    ["set", "userAgent", "me"],
    ["set", "vus", "none"],
    ["set", "vuss", "1"],
    ["unset", "userAgent"],
    ["set-token", "--stdin", "--yes"],
    ["undo", "--yes"],
    ["set-token", "--remove", "--yes"],
    ["doctor", "--fix", "--yes"],
    ["validate", "--fix", "--yes", "--unsafe-fixes"],
    ["migrate", "--yes"],
    ["undo", "--yes"],
]


def test_every_command_is_hunted() -> None:
    assert set(HUNTED) == set(COMMANDS)
    # And what the commands say of their forms is understood.
    assert ["diff", "other.json", "--output-format", "json-patch"] in READING
    assert ["validate", "--output-format", "json"] in READING


def left_behind(home: Home) -> Iterator[Path]:
    """Files of a home that hold a canary, but for the target and the backups."""
    beside = (home.work / name for name in ("other.json", "script.json"))
    allowed = (home.config, *beside, home.folder / ".local" / "state" / "k6cfg")
    for path in home.folder.rglob("*"):
        if path.is_file() and not any(path == each or each in path.parents for each in allowed):
            data = path.read_bytes()
            if CANARY.encode() in data or PLAIN.encode() in data:
                yield path


SCRIPT = (
    '{"vus": 1, "userAgent": "k6 password=@",'
    ' "cloud": {"token": "@", "note": "http://me:@@h"}, "tags": {"token": "@", "a": "api_key: @"},'
    ' "thresholds": {"http_reqs{token:@}": ["rate>1"]},'
    ' "scenarios": {"a": {"executor": "constant-vus", "vus": 1, "duration": "1s", "env": {"API_TOKEN": "@"}}}}'
)
"""Options of a script, as ``k6 inspect`` prints them, with ``@`` for the canary."""


def surround(home: Home, canary: str) -> None:
    """What is read beside the file: another one to compare with, and the options of a script."""
    home.write(filled(FILES["good"], canary).replace("1s", "2s"), home.work / "other.json")
    home.write(filled(SCRIPT, canary), home.work / "script.json")


def silent(done: Done, *, arguments: object) -> None:
    assert done.code != 70, (arguments, done.err)
    hidden(done, arguments=arguments)


def hidden(done: Done, *, arguments: object) -> None:
    for piece in PIECES:
        assert piece not in done.out + done.err, arguments


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("canary", [CANARY, PLAIN])
def test_no_command_shows_it(home: Home, name: str, canary: str) -> None:
    home.write(filled(FILES[name], canary))
    surround(home, canary)
    for arguments in READING:
        done = call(home, *arguments, stdin=CANARY + "new")
        assert canary + "new" not in done.out + done.err
        silent(done, arguments=arguments)
    for arguments in WRITING:
        silent(call(home, *arguments, stdin="not-a-real-token-of-anybody"), arguments=arguments)
    assert not list(left_behind(home))


VARIABLES = sorted({name for node in load().nodes(obsolete=True) if node.secret for name in node.env})
"""Those that hold a secret, of any version of k6."""


def test_options_of_a_script_are_shown(home: Home) -> None:
    home.write(filled(FILES["good"], CANARY))
    surround(home, CANARY)
    done = call(home, "show", "--effective", "--script-options", "script.json")
    assert done.code == 0, done.err
    assert all(word in done.out for word in ("k6 password=***", "http://***@h", "api_key: ***"))
    silent(done, arguments="show")


def test_secret_variables_are_known() -> None:
    assert {"K6_CLOUD_TOKEN", "K6_INFLUXDB_PASSWORD", "K6_PROMETHEUS_RW_BEARER_TOKEN"} <= set(VARIABLES)


@pytest.mark.parametrize("name", ["good", "no colon", "other places", "env file"])
@pytest.mark.parametrize("canary", [CANARY, PLAIN])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"K6_OUT": "kafka=brokers=b,password=@", "K6_USER_AGENT": "k6 token=@", "K6_CLOUD_HOST": "https://me:@@h"},
        {"K6_INFLUXDB_ADDR": "http://me:@@h:8086", "K6_OUT": "influxdb=http://me:@@h:8086/db", "K6_TAGS": "token=@"},
        {"K6_OTEL_HEADERS": "X-Scope=@", "K6_PROMETHEUS_RW_HEADERS_X": "@", "K6_MY_API_KEY": "@", "K6_VUS": "token=@"},
    ],
    ids=["secrets alone", "out", "URLs", "headers"],
)
def test_no_command_shows_a_variable(home: Home, name: str, canary: str, more: dict[str, str]) -> None:
    home.write(filled(FILES[name], canary))
    surround(home, canary)
    variables = {each: filled(text, canary) for each, text in {**dict.fromkeys(VARIABLES, "@"), **more}.items()}
    for arguments in READING:
        silent(call(home, *arguments, stdin="not-a-real-token-of-anybody", **variables), arguments=arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [CANARY],
        ["--" + CANARY],
        ["set-token", CANARY, CANARY],
        ["set-token", "--" + CANARY],
        ["set-token", "--stack", CANARY + "/x"],
        ["set-token", "--stack-id", CANARY],
        ["set-token", "--from-env", CANARY],
        ["set-token", "--from-file", "nope"],
        ["set-token", "--k6-version", CANARY],
        ["set-token", CANARY, "--help"],
        ["set", CANARY],
        ["set", CANARY, CANARY],
        ["set", "vus", CANARY],
        ["set", "tags.a", CANARY],
        ["set", "duration", PLAIN],
        ["set", PLAIN, "1"],
        ["set", "collectors.cloud.token", PLAIN],
        ["set", "collectors.cloud", f'{{"token": "{PLAIN}"}}'],
        ["set", "scenarios", f'{{"a": {{"executor": "{CANARY}"}}}}'],
        ["set", f"vus.{CANARY}", "1"],
        ["set", f"stages.{CANARY}", "1"],
        ["set", f'"{CANARY}', "1"],
        ["set", "vus", "1", "--stdin"],
        ["get", CANARY],
        ["get", PLAIN],
        ["get", f"collectors.cloud.{PLAIN}"],
        ["get", f"/ext/{CANARY}"],
        ["get", CANARY, "--output-format", "json"],
        ["get", f"ext.{PLAIN}", "--output-format", "json"],
        ["unset", CANARY],
        ["unset", f"ext.{PLAIN}"],
        ["validate", "--select", CANARY],
        ["validate", "--script-metrics", CANARY],
        ["validate", "--output-format", CANARY],
        ["diff"],
        ["diff", "a", "b", CANARY],
        *([name, "--help"] for name in COMMANDS),
    ],
)
def test_what_is_typed_in_the_wrong_place_is_not_repeated(home: Home, arguments: list[str]) -> None:
    home.write(filled(FILES["good"], CANARY))
    silent(call(home, *arguments, stdin=CANARY, K6_CLOUD_TOKEN=PLAIN), arguments=arguments)
    assert not list(left_behind(home))


@pytest.mark.parametrize("arguments", [*READING, *WRITING], ids=" ".join)
def test_crash_shows_nothing(home: Home, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    home.write(filled(FILES["good"], CANARY))
    surround(home, PLAIN)

    def crash(text: str, *_: object) -> None:
        raise RuntimeError(text)

    for place in ("k6cfg.engine.checker.parse", "k6cfg.rules.judge.judge", "k6cfg.engine.fixes.prove"):
        with monkeypatch.context() as patched:
            patched.setattr(place, crash)
            done = call(home, *arguments, stdin=CANARY)
        hidden(done, arguments=arguments)
        assert "Traceback" not in done.err


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
@pytest.mark.parametrize(
    "place", ["snapshot.load", "atomic_write.stage", "backups.Store.save", "directory.Folder.sync"]
)
@pytest.mark.parametrize("kind", [OSError, RuntimeError])
def test_failing_disk_shows_nothing(
    home: Home, arguments: list[str], place: str, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write(filled(FILES["good"], CANARY))

    def fail(*_: object, **__: object) -> None:
        raise kind(5, CANARY, CANARY)

    monkeypatch.setattr(f"k6cfg.machine.files.{place}", fail)
    done = call(home, *arguments, stdin=PLAIN)
    hidden(done, arguments=arguments)
    assert "Traceback" not in done.err
    assert not list(left_behind(home))


@pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")
def test_programs_that_are_run_are_told_nothing(home: Home) -> None:
    """What git and k6 are given, as arguments or in variables, they leave where the hunt finds it."""
    home.write(filled(FILES["good"], CANARY))
    surround(home, PLAIN)
    (home.folder / ".git").mkdir()
    for name, answer in (("git", "exit 1"), ("k6", "echo k6 v2.2.0")):
        program = home.write(
            f'#!/bin/sh\n{{ echo "$@"; env; }} >> {home.folder}/asked-{name}\n{answer}\n', home.programs / name
        )
        program.chmod(0o755)
    variables = {"K6_CLOUD_TOKEN": CANARY, "K6_CLOUD_STACK_ID": PLAIN}
    for command in [[name, *calls[0]] for name, calls in HUNTED.items()] + WRITING:
        call(home, *command, stdin=CANARY, **variables)
    call(home, "set-token", CANARY, **variables)
    call(home, "set-token", "--from-env", "K6_CLOUD_TOKEN", **variables)
    asked = {path.name: path.read_text() for path in home.folder.glob("asked-*")}
    assert set(asked) == {"asked-git", "asked-k6"}
    assert "ls-files" in asked["asked-git"]
    assert not list(left_behind(home))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["get", "collectors"], ["diff", "other.json"]], ids=" ".join)
def test_full_output_shows_nothing(home: Home, arguments: list[str]) -> None:
    home.write(filled(FILES["good"], CANARY))
    surround(home, PLAIN)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "k6cfg", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            env=home.environ,
            cwd=home.work,
            check=False,
        )
    assert done.returncode not in {0, 1}
    assert CANARY.encode() not in done.stderr
    assert PLAIN.encode() not in done.stderr


def test_backups_are_for_their_owner_alone(home: Home) -> None:
    home.write(filled(FILES["good"], CANARY))
    assert call(home, "set-token", "--stdin", stdin="not-a-real-token-of-anybody").code == 0
    kept = [path for path in (home.folder / ".local" / "state").rglob("*.bak") if CANARY.encode() in path.read_bytes()]
    assert kept
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
