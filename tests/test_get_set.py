"""One value at a time on the command line: what is written, what is refused, and in which words."""

import json
import os
import shutil
import stat
import subprocess
from typing import Any

import pytest
from conftest import Home
from inside import call
from keys import EC

GOOD = '{\n  "vus": 5,\n  "duration": "10s",\n  "note": 1e3\n}\n'
CANARY = "glc_CANARYcanary0123456789"


def values(home: Home) -> Any:
    return json.loads(home.config.read_bytes())


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("iterations", "10", {"iterations": 10}),
        ("ITERATIONS", "10", {"iterations": 10}),
        ("/iterations", "10", {"iterations": 10}),
        ("duration", "1m30s", {"duration": "1m30s"}),
        ("duration", '"1m30s"', {"duration": "1m30s"}),
        ("duration", "90000", {"duration": 90000}),
        ("duration", "null", {"duration": None}),
        ("userAgent", "5", {"userAgent": "5"}),
        ("userAgent", '"5 \\" 6"', {"userAgent": '5 " 6'}),
        ("throw", "true", {"throw": True}),
        ("tags.team", "a", {"tags": {"team": "a"}}),
        ("tags.team", "true", {"tags": {"team": "true"}}),
        ("tags.a.b", "1", {"tags": {"a.b": "1"}}),
        ('tags."a.b"', "1", {"tags": {"a.b": "1"}}),
        ("/tags/a.b", "1", {"tags": {"a.b": "1"}}),
        ("/tags/a~1b", "1", {"tags": {"a/b": "1"}}),
        ("hosts.test.k6.io", "1.2.3.4", {"hosts": {"test.k6.io": "1.2.3.4"}}),
        ("thresholds.http_req_duration", '["p(95)<500"]', {"thresholds": {"http_req_duration": ["p(95)<500"]}}),
        ("thresholds.http_req_duration", "p(95)<500", {"thresholds": {"http_req_duration": ["p(95)<500"]}}),
        (
            "thresholds.http_req_duration{url:http://a.b/}",
            '{"threshold": "avg<5", "abortOnFail": true}',
            {"thresholds": {"http_req_duration{url:http://a.b/}": [{"threshold": "avg<5", "abortOnFail": True}]}},
        ),
        ("out", "json", {"out": ["json"]}),
        ("out", "json=a,b.json", {"out": ["json=a,b.json"]}),
        ("systemTags", "url, method", {"systemTags": ["url", "method"]}),
        ("blacklistIPs", "10.0.0.0/8,::/8", {"blacklistIPs": ["10.0.0.0/8", "::/8"]}),
        ("dns.ttl", "5m", {"dns": {"ttl": "5m"}}),
        ("tlsVersion", "tls1.2", {"tlsVersion": "tls1.2"}),
        ("tlsVersion.min", "tls1.2", {"tlsVersion": {"min": "tls1.2"}}),
        ("ext.my_tool.level", "3", {"ext": {"my_tool": {"level": 3}}}),
        ('ext."my.tool".level', "high", {"ext": {"my.tool": {"level": "high"}}}),
        ("stages.0", '{"duration": "1m", "target": 5}', {"stages": [{"duration": "1m", "target": 5}]}),
        ("collectors.cloud.STACKid", "7", {"collectors": {"cloud": {"stackID": 7}}}),
        ("_note", "mine", {"_note": "mine"}),
    ],
)
def test_value_gets_the_type_that_belongs_there(home: Home, key: str, text: str, expected: object) -> None:
    done = call(home, "set", key, text)
    assert (done.code, done.out) == (0, ""), done.err
    assert values(home) == expected


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("duraton", "1m", "did you mean `duration`?"),
        ("thresold", "{}", "thresholds"),
        ("url", "x", "k6 knows no key"),
        ("dns.tll", "5m", "ttl"),
        ("stages.0.targt", "5", "target"),
        ("scenarios", '{"a": {"executor": "constant-vus", "vus": 1, "duration": "1m", "thing": 1}}', "thing"),
        ("externallyControlled", "1", "k6 knows no key"),
    ],
)
def test_misspelt_key_is_not_written(home: Home, key: str, text: str, words: str) -> None:
    done = call(home, "set", key, text)
    assert done.code == 2
    assert "nothing was written" in done.err
    assert words in done.err
    assert not home.config.exists()


@pytest.mark.parametrize("key", ["a..b", ".a", "a.", 'tags."a', "/a~2", '"a"b'])
def test_what_is_no_key(home: Home, key: str) -> None:
    for command in (["get"], ["set"], ["unset"]):
        done = call(home, *command, key, *(["1"] if command == ["set"] else []))
        assert done.code == 2
        assert "KEY" in done.err


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("vus", "ten", "whole number"),
        ("vus", "1.5", "vus"),
        ("duration", "10 minutes", "duration"),
        ("throw", "yes", "true"),
        ("tags", "a", "object"),
        ("out", "[1]", "out"),
        ("hosts.a", "not an address", "hosts"),
        ("blacklistIPs", "10.0.0.0", "10.0.0.0"),
        ("thresholds.http_req_duration", "p95<500", "p(95)<500"),
        ("dns.select", "best", "first"),
        ("scenarios.smoke.vus", "5", "executor"),
        ("stages", "10s:5", "target"),
    ],
)
def test_what_k6_would_refuse_is_not_written(home: Home, key: str, text: str, words: str) -> None:
    home.write('{"duration": "1m"}')
    done = call(home, "set", key, text)
    if (key, done.code) != ("hosts.a", 0):  # k6 takes that one, and requests fail
        assert (done.code, home.config.read_text()) == (1, '{"duration": "1m"}')
        assert "reject" in done.err
    assert words in done.err


def test_faults_that_were_there_do_not_stand_in_the_way(home: Home) -> None:
    home.write('{"vus": "many", "throw": 5}')
    done = call(home, "set", "rps", "7")
    assert done.code == 0
    assert "still rejects" in done.err
    assert call(home, "set", "vus", "7").code == 0
    assert values(home) == {"vus": 7, "throw": 5, "rps": 7}


def test_only_the_value_changes(home: Home) -> None:
    home.write('{"VUS" : 5,\r\n\t"note": 1e3, "Tags":{"b":"\\u00e9","a":"/\\/"}, "duration":"1m"}')
    assert call(home, "set", "vus", "6").code == 0
    assert call(home, "set", "tags.a", "x").code == 0
    assert home.config.read_bytes() == b'{"VUS" : 6,\r\n\t"note": 1e3, "Tags":{"b":"\\u00e9","a":"x"}, "duration":"1m"}'


@pytest.mark.parametrize(
    ("text", "key", "value", "expected"),
    [
        ('{"vus":1,"VUS":2}', "vus", "3", '{"vus":1,"VUS":3}'),
        ('{"tags":{"a":"1"},"tags":{"b":"2"}}', "tags.a", "3", '{"tags":{"a":"3"},"tags":{"b":"2"}}'),
        ('{"dns":{"ttl":"1m"},"dns":{}}', "dns.ttl", "5m", '{"dns":{"ttl":"1m"},"dns":{"ttl":"5m"}}'),
        ('{"tags":{"a":"1"},"tags":null}', "tags.b", "2", '{"tags":{"a":"1"},"tags":null,"tags":{"b":"2"}}'),
        ('{"tags":null}', "tags.b", "2", '{"tags":{"b":"2"}}'),
    ],
)
def test_member_that_k6_reads_is_the_one(home: Home, text: str, key: str, value: str, expected: str) -> None:
    home.write(text)
    assert call(home, "set", key, value).code == 0
    assert home.config.read_text() == expected
    assert call(home, "get", key).out == f"{value}\n"


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('{"vus":1,"VUS":2,"rps":3}', "vus", '{"rps":3}'),
        ('{"vus":1,"vus":null}', "vus", "{}"),
        ('{"tags":{"a":"1","b":"2"},"tags":{"a":"3"}}', "tags.a", '{"tags":{"b":"2"},"tags":{}}'),
        ('{"stages":[{"duration":"1s","target":1},{"duration":"1s","target":2}]}', "stages.0", '{"stages":[{"duration":"1s","target":2}]}'),
        ('{"thresold":{},"rps":1}', "thresold", '{"rps":1}'),
        ('{"tags":{"a.b":"1"}}', "tags.a.b", '{"tags":{}}'),
        ('{"ext":{"x":[1,2]}}', "/ext/x/1", '{"ext":{"x":[1]}}'),
    ],
)  # fmt: skip
def test_unset(home: Home, text: str, key: str, expected: str) -> None:
    home.write(text)
    done = call(home, "unset", key)
    assert (done.code, home.config.read_text()) == (0, expected), done.err
    if "0" not in key:
        done = call(home, "unset", key)
        assert (done.code, home.config.read_text()) == (2 if key == "thresold" else 0, expected)


def test_unset_of_what_k6_needs(home: Home) -> None:
    text = '{"scenarios": {"a": {"executor": "constant-vus", "duration": "1m"}}}'
    home.write(text)
    for key in ("scenarios.a.executor", "scenarios.a.duration"):
        done = call(home, "unset", key)
        assert (done.code, home.config.read_text()) == (1, text)
        assert "reject" in done.err
    assert call(home, "unset", "scenarios.a").code == 0


@pytest.mark.parametrize(
    ("text", "key", "code", "out"),
    [
        (GOOD, "vus", 0, "5\n"),
        (GOOD, "VUS", 0, "5\n"),
        (GOOD, "duration", 0, "10s\n"),
        (GOOD, "note", 0, "1000.0\n"),
        (GOOD, "rps", 1, ""),
        (GOOD, "thresold", 2, ""),
        ('{"vus": null}', "vus", 1, ""),
        ('{"vus": 1, "VUS": "2"}', "vus", 0, "2\n"),
        ('{"tags": {"b": "x"}, "tags": {"a": "é"}}', "tags", 0, '{"b": "x", "a": "é"}\n'),
        ('{"stages": [{"duration": "1m", "TARGET": 2}]}', "stages.0", 0, '{"duration": "1m", "target": 2}\n'),
        ('{"stages": [{"duration": "1m", "TARGET": 2}]}', "/stages/0/target", 0, "2\n"),
        ('{"stages": []}', "stages.0", 1, ""),
        ('{"scenarios": {"a": {"executor": "constant-vus", "VUS": 2, "duration": "1m"}}}', "scenarios.a.vus", 0, "2\n"),
        ('{"scenarios": {"a": {"executor": "constant-vus", "VUS": 2, "duration": "1m"}}}', "scenarios.a.env", 1, ""),
        ('{"ext": {"x": {"Y": [1, {"z": null}]}}}', "ext.x", 0, '{"Y": [1, {"z": null}]}\n'),
        ('{"ext": {"x": {"Y": 1}}}', "ext.x.y", 1, ""),
        ('{"systemTags": ["url"]}', "systemTags", 0, '["url"]\n'),
        ('{"duration": "bad"}', "duration", 0, "bad\n"),
        ('{"dns": {"policy": "any", "policy": null}}', "dns.policy", 0, "any\n"),
        ('{"cloud": {"a": [-1e400]}}', "cloud", 0, '{"a": [-1e400]}\n'),
        ("{}", "ext.anything", 1, ""),
        ('{"vus" 1}', "vus", 3, ""),
        ("", "vus", 3, ""),
    ],
)
def test_get(home: Home, text: str, key: str, code: int, out: str) -> None:
    home.write(text)
    done = call(home, "get", key)
    assert (done.code, done.out) == (code, out)


@pytest.mark.parametrize("command", ["get", "unset"])
def test_what_was_meant_is_said(home: Home, command: str) -> None:
    home.write(GOOD)
    done = call(home, command, "duraton")
    assert done.code == 2
    assert "did you mean `duration`?" in done.err
    assert "k6cfg show" in call(home, command, "nothing_like_it").err


def test_the_whole_file_can_be_got_but_not_set(home: Home) -> None:
    home.write('{"VUS": "5", "duration": "10s", "note": 1}')
    assert json.loads(call(home, "get", "").out) == {"vus": "5", "duration": "10s"}
    for arguments in (["set", "", "{}"], ["unset", ""]):
        done = call(home, *arguments)
        assert done.code == 2
        assert "the whole file" in done.err


def test_deep_and_odd_files(home: Home) -> None:
    deep = '{"ext": {"x": ' + "[" * 5000 + "1" + "]" * 5000 + '}, "rps": 1}'
    home.write(deep)
    assert call(home, "set", "rps", "2").code == 0
    assert home.config.read_text() == deep.replace('"rps": 1', '"rps": 2')
    assert call(home, "get", "ext").code == 0
    assert call(home, "set", "ext.x", "1").code == 0
    assert call(home, "set", "--", "userAgent", "-5").code == 0
    assert values(home) == {"ext": {"x": 1}, "rps": 2, "userAgent": "-5"}


def test_get_without_a_file(home: Home) -> None:
    assert call(home, "get", "vus").code == 1
    done = call(home, "get", "vus", "-c", "nope.json")
    assert done.code == 3
    assert "nope.json does not exist" in done.err


def test_get_as_json(home: Home) -> None:
    home.write(GOOD)
    assert json.loads(call(home, "get", "VUS", "--output-format", "json").out) == {
        "format_version": 1,
        "k6_version": "2.2.0",
        "path": str(home.config),
        "pointer": "/vus",
        "set": True,
        "value": 5,
        "masked": False,
    }
    done = call(home, "get", "rps", "--output-format", "json")
    assert (done.code, json.loads(done.out)["set"], json.loads(done.out)["value"]) == (1, False, None)


def test_get_masks_secrets(home: Home) -> None:
    home.write(f'{{"collectors": {{"cloud": {{"token": "{CANARY}", "name": "x"}}}}}}')
    for key in ("collectors.cloud.token", "collectors.cloud", "collectors", "/collectors/cloud/token", ""):
        for form in ("text", "json"):
            done = call(home, "get", key or "/collectors", "--output-format", form)
            assert done.code == 0
            assert "***" in done.out
            assert CANARY not in done.out + done.err
    assert call(home, "get", "collectors.cloud.token", "--reveal").out == f"{CANARY}\n"


# -- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("collectors.cloud.token", CANARY),
        ("collectors.influxdb.password", CANARY),
        ("collectors.influxdb.addr", f"http://me:{CANARY}@host:8086"),
        ("collectors", f'{{"cloud": {{"token": "{CANARY}"}}}}'),
        ("ext.mine.apiKey", CANARY),
        ("tags.note", CANARY),
        ("vus", CANARY),
        (CANARY, "1"),
        ("vus", "ab12cd34ef56ab12cd34ef56ab12cd34"),
        ("ab12cd34ef56ab12cd34ef56ab12cd34", "1"),
    ],
)
def test_secret_as_an_argument_is_refused_and_not_repeated(home: Home, key: str, text: str) -> None:
    done = call(home, "set", key, text)
    assert done.code in {1, 2, 4}
    assert not home.config.exists()
    assert CANARY not in done.out + done.err
    assert "ab12cd34" not in done.out + done.err
    if done.code == 4:
        assert "stdin" in done.err or "set-token" in done.err


def test_secret_from_where_nobody_sees_it(home: Home) -> None:
    (home.work / "password").write_text(f"{CANARY}\n")
    for arguments in (["--stdin"], ["--from-env", "MINE"], ["--from-file", "password"]):
        done = call(home, "set", "collectors.influxdb.password", *arguments, stdin=CANARY + "\n", MINE=CANARY)
        assert done.code == 0
        assert values(home)["collectors"]["influxdb"]["password"] == CANARY
        assert CANARY not in done.out + done.err
        assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
        assert call(home, "unset", "collectors.influxdb.password").code == 0
    assert call(home, "set", "vus", "1", "--stdin", stdin="2").code == 2


def test_secret_stays_out_of_git(home: Home) -> None:
    path = home.write("{}", home.work / "config.json")
    git = shutil.which("git") or "git"
    for command in (["init", "-q"], ["add", "config.json"]):
        subprocess.run([git, "-C", str(home.work), *command], check=True, env=home.environ)
    arguments = ["set", "collectors.influxdb.password", "--stdin", "-c", str(path)]
    done = call(home, *arguments, stdin=CANARY)
    assert (done.code, path.read_text()) == (4, "{}")
    assert call(home, "set", "userAgent", "me", "-c", path).code == 0
    assert call(home, *arguments, "--force", stdin=CANARY).code == 0
    assert call(home, "unset", "collectors.influxdb.password", "-c", path).code == 0
    done = call(home, "undo", path, "--yes")
    assert done.code == 4
    assert CANARY not in path.read_text() + done.err


# -- writing ----------------------------------------------------------------------------------------------------------


def test_diff_only_shows(home: Home) -> None:
    home.write(GOOD)
    done = call(home, "set", "vus", "6", "--diff")
    assert (done.code, home.config.read_text()) == (1, GOOD)
    assert '-  "vus": 5,\n+  "vus": 6,' in done.out
    assert call(home, "set", "vus", "5", "--diff").code == 0
    assert call(home, "unset", "vus", "--diff").code == 1


def test_same_value_again_changes_nothing(home: Home) -> None:
    home.write(GOOD)
    before = home.config.stat()
    assert call(home, "set", "duration", "10s").code == 0
    assert home.config.stat().st_mtime_ns == before.st_mtime_ns


def test_malformed_file_is_repaired_only_when_told(home: Home) -> None:
    text = '{\n  "vus" 5,\n  "duration": "10s"\n}\n'
    home.write(text)
    for arguments in (["set", "rps", "7"], ["unset", "vus"]):
        done = call(home, *arguments)
        assert (done.code, home.config.read_text()) == (4, text)
        assert "--yes" in done.err
    assert call(home, "set", "rps", "7", "--yes").code == 0
    assert values(home) == {"vus": 5, "duration": "10s", "rps": 7}


def test_overriding_variable_is_said(home: Home) -> None:
    done = call(home, "set", "rps", "7", K6_RPS="8")
    assert done.code == 0
    assert "K6_RPS is set" in done.err


def test_version_decides(home: Home) -> None:
    assert call(home, "set", "features", "x", "--k6-version", "1.0.0").code == 2
    assert call(home, "set", "dns.ttl", "5m", "--k6-version", "0.28.0").code == 2
    assert call(home, "set", "dns.ttl", "5m", "--k6-version", "0.29.0").code == 0


def test_entries_of_lists(home: Home) -> None:
    home.write('{"stages":[{"duration":"1s","target":1}]}')
    assert call(home, "set", "stages.1", '{"duration": "2s", "target": 2}').code == 0
    assert call(home, "set", "stages.0.target", "9").code == 0
    assert values(home) == {"stages": [{"duration": "1s", "target": 9}, {"duration": "2s", "target": 2}]}
    done = call(home, "set", "stages.5.target", "9")
    assert done.code == 1
    assert "2 entries" in done.err
    for key in ("vus.x", "duration.x", "tags.a", "/tags/a/b", "stages.0.target.x"):
        assert call(home, "set", key, "9").code == (0 if key == "tags.a" else 2)


def test_json_with_a_key_twice_is_not_guessed_at(home: Home) -> None:
    done = call(home, "set", "tags", '{"a": "1", "a": "2"}')
    assert done.code == 2
    assert "twice" in done.err


def test_set_needs_a_value(home: Home) -> None:
    assert call(home, "set", "vus").code == 2
    assert call(home, "set", "collectors.cloud.token").code == 2


# -- set-token to the end ---------------------------------------------------------------------------------------------

HEX = "not-a-real-token-of-anybody"


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (f"  {HEX} \n", "white space"),
        (f"Bearer {HEX}", "Bearer"),
        (f"Authorization: Bearer {HEX}\r\n", "Bearer"),
        (f"Token {HEX}", "Bearer"),
        (f'"{HEX}"', "quotes"),
        (f"K6_CLOUD_TOKEN={HEX}", "variable"),
        (f"export K6_CLOUD_TOKEN='{HEX}'", "variable"),
        (f"\ufeff{HEX}", ""),
    ],
)
def test_what_clings_to_a_token_is_left_out(home: Home, text: str, remark: str) -> None:
    done = call(home, "set-token", "--stdin", stdin=text)
    assert (done.code, values(home)["collectors"]["cloud"]["token"]) == (0, HEX)
    assert remark in done.err
    assert HEX not in done.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://my-team.grafana.net/a/k6-app", "address of a site"),
        ("my-team.grafana.net", "--stack"),
        ("me@example.org", "e-mail"),
        ("hunter2!", "password"),
        ("pa$$w0rd-with-signs", "password"),
        ("1234567", "--stack-id"),
        ("ghp_abcdefghijklmnop", "another service"),
        ("a" * 5000, "4096"),
        ("a" * 70_000, "64 KiB"),
        ("two words here", "white space"),
        ("line\nline", "white space"),
        ("YOUR_API_AUTH_TOKEN", "placeholder"),
    ],
)
def test_what_is_pasted_by_mistake(home: Home, text: str, words: str) -> None:
    done = call(home, "set-token", "--stdin", stdin=text)
    assert done.code == 2
    assert words in done.err
    assert text not in done.err
    assert not home.config.exists()


def test_short_token_is_doubted(home: Home) -> None:
    done = call(home, "set-token", "--stdin", stdin="T0KEN")
    assert done.code == 0
    assert "was all of it copied?" in done.err


CLOUD = '{"collectors":{"cloud":{"name":"x","token":"a","stackID":1,"stackURL":"https://a.b","defaultProjectID":2,"projectID":3}}}'


def test_remove_takes_the_token_alone(home: Home) -> None:
    home.write(CLOUD)
    done = call(home, "set-token", "--remove")
    assert (done.code, home.config.read_text()) == (0, CLOUD.replace('"token":"a",', ""))
    assert "undo --purge" in done.err
    done = call(home, "set-token", "--remove", K6_CLOUD_TOKEN="x")
    assert done.code == 0
    assert "nothing to do" in done.err


def test_remove_all_takes_what_a_reset_takes(home: Home) -> None:
    home.write(CLOUD)
    done = call(home, "set-token", "--remove", "--all", K6_CLOUD_TOKEN="x")
    assert (done.code, home.config.read_text()) == (0, '{"collectors":{"cloud":{"name":"x","projectID":3}}}')
    assert "K6_CLOUD_TOKEN is set" in done.err
    assert call(home, "undo", "--yes").code == 0
    assert home.config.read_text() == CLOUD


def test_older_token_does_not_come_back_to_life(home: Home) -> None:
    home.write('{"collectors":{"cloud":{"token":"a","Token":"b","TOKEN":null}},"cloud":{"token":"c"}}')
    done = call(home, "set-token", "--remove")
    assert (done.code, home.config.read_text()) == (0, '{"collectors":{"cloud":{}},"cloud":{"token":"c"}}')
    assert "cloud.token" in done.err


@pytest.mark.parametrize(
    "arguments", [["--all"], ["--remove", "--stack", "x"], ["--remove", "--stdin"], ["--remove", "--verify"]]
)
def test_options_that_do_not_go_together(home: Home, arguments: list[str]) -> None:
    assert call(home, "set-token", *arguments, stdin=HEX).code == 2


# -- files that cannot be replaced ------------------------------------------------------------------------------------


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch, no_exchange: None) -> None:  # noqa: ARG001
    """As if config.json were mounted alone into a container."""
    renamed = os.replace

    def replace(source: str, name: str, **folders: int) -> None:
        if name == "config.json":
            raise OSError(16, "mounted")
        renamed(source, name, **folders)

    monkeypatch.setattr(os, "replace", replace)


@pytest.mark.usefixtures("mounted")
@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "rps", "7"],
        ["unset", "vus"],
        ["set-token", "--stdin"],
        ["set-token", "--remove"],
        ["validate", "--fix", "--yes", "--unsafe-fixes"],
        ["undo", "--yes"],
    ],
    ids=" ".join,
)
def test_in_place_is_offered_and_done(home: Home, arguments: list[str]) -> None:
    text = '{"vus": 5, "Duration": "10s", "collectors": {"cloud": {"token": "x"}}}'
    home.write(text)
    if arguments[0] == "undo":
        assert call(home, "set", "rps", "7", "--in-place").code == 0
        text = home.config.read_text()
    inode = home.config.stat().st_ino
    done = call(home, *arguments, stdin=HEX)
    assert (done.code, home.config.read_text()) == (3, text)
    assert "--in-place" in done.err
    done = call(home, *arguments, "--in-place", stdin=HEX)
    assert done.code == 0, done.err
    assert home.config.read_text() != text
    assert home.config.stat().st_ino == inode
    assert "in place" in done.err
    if arguments[0] == "set":
        assert call(home, "set", "rps", "8", "--in-place", "--no-backup").code == 3


# -- at a terminal ----------------------------------------------------------------------------------------------------


def test_secret_is_asked_for_hidden(home: Home) -> None:
    pytest.importorskip("pexpect")
    from test_terminal import end, start

    child = start(home, "set", "collectors.influxdb.password")
    child.expect("not shown.: ")
    child.sendline("typed-S3CRET")
    child.expect(r"\[y/N\] ")
    child.sendline("y")
    code, rest = end(child)
    assert code == 0
    assert "typed-S3CRET" not in rest
    assert values(home)["collectors"]["influxdb"]["password"] == "typed-S3CRET"


def test_change_is_confirmed(home: Home) -> None:
    pytest.importorskip("pexpect")
    from test_terminal import end, start

    home.write(GOOD)
    for answer, expected in (("n", 5), ("y", None)):
        child = start(home, "unset", "vus")
        child.expect(r"\[y/N\] ")
        child.sendline(answer)
        assert end(child)[0] == (4 if expected else 0)
        assert values(home).get("vus") == expected


@pytest.mark.parametrize("command", [["set", "user", "me"], ["get", "user"], ["unset", "user"]])
def test_key_that_is_only_begun_is_completed(home: Home, command: list[str]) -> None:
    home.write("{}")
    done = call(home, *command)
    assert done.code == 2
    assert "did you mean `userAgent`?" in done.err


def test_few_keys_that_begin_so_are_all_named_and_many_are_not(home: Home) -> None:
    assert "`maxRedirects`?" in call(home, "set", "MAX", "1").err
    assert "`noConnectionReuse` or " not in call(home, "set", "no", "1").err


def test_negative_number_says_how_it_is_written(home: Home) -> None:
    done = call(home, "set", "vus", "-1")
    assert done.code == 2
    assert "k6cfg set KEY -- -1" in done.err
    assert "at least 1" in call(home, "set", "vus", "--", "-1").err


@pytest.mark.parametrize(
    "command",
    [["get", "vus"], ["set", "vus", "1"], ["unset", "vus"], ["set-token", "--stdin"]],
)
@pytest.mark.parametrize("text", ['{"vus": 1 "rps": 2}', '{"vus": 1, @@ [[['])
def test_what_to_do_about_a_broken_file_names_it(home: Home, command: list[str], text: str) -> None:
    home.write(text, home.work / "my file.json")
    done = call(home, *command, "-c", "my file.json", stdin="not-a-real-token-but-long")
    assert done.code in {1, 3, 4}
    assert "k6cfg validate 'my file.json'" in done.err


@pytest.mark.skipif(os.name == "nt", reason="links here are as on Unix")
@pytest.mark.parametrize(
    "arguments", [["set", "vus", "7"], ["set-token", "--stdin"], ["validate", "--fix", "--yes"]], ids=" ".join
)
def test_what_cannot_be_written_is_not_shown_as_if_it_could(home: Home, arguments: list[str]) -> None:
    home.write('{"vus": "5", "duration": "10s"}')
    os.link(home.config, home.config.with_name("other.json"))
    done = call(home, *arguments, stdin=HEX)
    assert done.code == 3
    assert "2 names" in done.err
    assert "+++" not in done.err


def pair_of_files(home: Home) -> None:
    for name, text in zip(("cert.pem", "key.pem"), EC, strict=True):
        home.write(text, home.work / name)


def test_several_values_in_one_write(home: Home) -> None:
    done = call(home, "set", "vus", "5", "duration", "30s", "tags.team", "checkout")
    assert done.code == 0
    assert json.loads(home.config.read_bytes()) == {"vus": 5, "duration": "30s", "tags": {"team": "checkout"}}
    assert done.err.count("created") == 1


def test_a_certificate_and_its_key_in_one_call(home: Home) -> None:
    pair_of_files(home)
    alone = call(home, "set", "tlsAuth.0.cert", "@cert.pem")
    assert (alone.code, home.config.exists()) == (1, False)
    done = call(home, "set", "tlsAuth.0.cert", "@cert.pem", "tlsAuth.0.key", "@key.pem")
    assert done.code == 0, done.err
    (entry,) = json.loads(home.config.read_bytes())["tlsAuth"]
    assert {key: text.strip() for key, text in entry.items()} == dict(
        zip(("cert", "key"), map(str.strip, EC), strict=True)
    )
    assert call(home, "validate").code == 0


def test_a_rejected_file_is_made_right_step_by_step(home: Home) -> None:
    pair_of_files(home)
    home.write('{"tlsAuth": [{"cert": "x", "key": "y"}]}')
    assert call(home, "set", "tlsAuth.0.cert", "@cert.pem").code == 0
    assert call(home, "validate").code == 1
    assert call(home, "set", "tlsAuth.0.cert", "still none").code == 1
    assert call(home, "set", "vus", "many").code in {1, 2}
    assert call(home, "set", "tlsAuth.0.key", "@key.pem").code == 0
    assert call(home, "validate").code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["vus", "5", "duration"], 2),
        (["vus", "5", "duration", "soon"], 1),
        (["vus", "5", "duraton", "5s"], 2),
        (["vus", "5", "tags.a", "@nowhere"], 3),
        (["vus", "5", "collectors.cloud.token", "not-a-real-token-0123"], 4),
        (["vus", "5", "rps", "1", "--stdin"], 2),
    ],
)
def test_all_values_or_none(home: Home, words: list[str], code: int) -> None:
    path = home.write('{"rps": 7}')
    done = call(home, "set", *words)
    assert (done.code, path.read_text()) == (code, '{"rps": 7}'), done.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["rps", "1", "rps", "2"], "rps"),
        (["rps", "1", "vus", "3", "RPS", "2"], "rps"),
        (["rps", "1", "/rps", "1"], "rps"),
        (["tags", "{}", "tags.a", "2"], "tags.a is a part of tags"),
        (["tags.a", "2", "tags", "{}"], "tags.a is a part of tags"),
        (["tlsAuth", "[]", "tlsAuth.0.cert", "x"], "tlsAuth.0.cert is a part of tlsAuth"),
        (["stages.0.target", "1", "stages.0", "{}"], "stages.0.target is a part of stages.0"),
    ],
)
def test_no_value_is_set_twice_in_one_call(home: Home, words: list[str], named: str) -> None:
    done = call(home, "set", *words)
    assert (done.code, home.config.exists()) == (2, False)
    assert named in done.err


def test_keys_that_only_look_alike_are_two(home: Home) -> None:
    assert call(home, "set", "tags.a", "1", "tags.A", "2", "tags.ab", "3").code == 0
    assert values(home) == {"tags": {"a": "1", "A": "2", "ab": "3"}}


@pytest.mark.parametrize(
    "words",
    [["rps", "@-"], ["rps", "--stdin"], ["rps", "--from-file", "-"], ["noSetup", "true", "rps", "@-"]],
    ids=" ".join,
)
def test_a_dash_is_standard_input(home: Home, words: list[str]) -> None:
    home.write("3", home.work / "-")
    assert call(home, "set", *words, stdin="7\n").code == 0
    assert values(home)["rps"] == 7


def test_a_dash_is_standard_input_for_a_token_too(home: Home) -> None:
    assert call(home, "set-token", "--from-file", "-", stdin=HEX).code == 0
    assert values(home)["collectors"]["cloud"]["token"] == HEX


def test_a_file_may_be_named_dash(home: Home) -> None:
    home.write("3", home.work / "-")
    assert call(home, "set", "rps", "@./-", stdin="7").code == 0
    assert values(home) == {"rps": 3}


@pytest.mark.parametrize(
    "words", [["rps", "@-", "vus", "@-"], ["rps", "@-", "--stdin"], ["rps", "@-", "vus", "1", "batch", "@-"]]
)
def test_standard_input_gives_one_value(home: Home, words: list[str]) -> None:
    done = call(home, "set", *words, stdin="7")
    assert (done.code, home.config.exists()) == (2, False)


# -- what k6 rejects --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "missing"), [("cert", "key"), ("key", "cert")])
def test_what_is_missing_is_named_with_the_call_that_sets_both(home: Home, given: str, missing: str) -> None:
    pair_of_files(home)
    for words in ([f"@{given}.pem"], ["--from-file", f"{given}.pem"]):
        done = call(home, "set", f"tlsAuth.0.{given}", *words)
        assert (done.code, home.config.exists()) == (1, False)
        assert f"has no `{missing}`" in done.err
        assert f"k6cfg set tlsAuth.0.{given} @FILE tlsAuth.0.{missing} @FILE" in done.err
        assert "--allow-rejected" in done.err
    both = f"set tlsAuth.0.{given} @{given}.pem tlsAuth.0.{missing} @{missing}.pem"
    assert call(home, *both.split()).code == 0
    assert call(home, "validate").code == 0


def test_a_scenario_names_what_it_lacks(home: Home) -> None:
    done = call(home, "set", "scenarios.smoke.vus", "5")
    assert done.code == 1
    assert "set scenarios.smoke.vus VALUE scenarios.smoke.executor constant-vus" in done.err


def test_every_fault_of_a_change_is_named(home: Home) -> None:
    home.write('{"duration": "1m"}')
    done = call(home, "set", "scenarios.smoke.vus", "5")
    assert "cannot stand in one configuration" in done.err
    assert "has no `executor`" in done.err


@pytest.mark.parametrize(
    "words",
    ["set tlsAuth.0.cert @cert.pem", "set vus ten", "set scenarios.a.vus 1", "unset duration"],
)
def test_a_file_that_k6_would_reject_is_written_on_purpose_only(home: Home, words: str) -> None:
    pair_of_files(home)
    text = '{"vus": 1, "duration": "1s"}'
    if words == "unset duration":
        text = '{"scenarios": {"a": {"executor": "constant-vus", "duration": "1s"}}}'
        words = "unset scenarios.a.duration"
    home.write(text)
    for extra in ([], ["--yes"], ["--diff"]):
        done = call(home, *words.split(), *extra)
        assert (done.code, home.config.read_text()) == (1, text)
        assert "nothing was written" in done.err
    done = call(home, *words.split(), "--allow-rejected")
    assert done.code == 0
    assert home.config.read_text() != text
    assert "k6 2.2.0 now rejects" in done.err
    assert call(home, "validate").code == 1


def test_a_key_that_k6_does_not_read_is_written_never(home: Home) -> None:
    assert call(home, "set", "duraton", "1m", "--allow-rejected").code == 2
    assert not home.config.exists()


def test_one_fault_in_exchange_for_another_is_worse(home: Home) -> None:
    """As many faults as before, and no fewer: but another one, which nobody asked for."""
    text = '{"iterations": 5, "vus": 9, "rps": 1}'
    home.write(text)  # fewer iterations than virtual users
    done = call(home, "set", "iterations", "10", "duration", "0s")
    assert (done.code, home.config.read_text()) == (1, text)
    home.write('{"iterations": 5, "vus": 9, "duration": "1s"}')
    done = call(home, "set", "vus", "1", "stages", '[{"duration": "1s", "target": 1}]')
    assert (done.code, values(home)["vus"]) == (1, 9)
    assert call(home, "set", "vus", "1").code == 0


def test_what_is_still_missing_is_said_once(home: Home) -> None:
    pair_of_files(home)
    home.write('{"tlsAuth": [{}], "batch": "x"}')
    done = call(home, "set", "tlsAuth.0.cert", "@cert.pem")
    assert done.code == 0
    assert done.err.count("has no `key`") == 1
    assert done.err.index("has no `key`") < done.err.index("and 1 more")


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["stages.0", "stages.1"], [3]),
        (["stages.1", "stages.0"], [3]),
        (["stages.0", "stages.0"], [2, 3]),
        (["stages.0", "stages.2"], [2]),
    ],
)
def test_entries_of_a_list_are_removed_as_they_were_counted(home: Home, keys: list[str], left: list[int]) -> None:
    home.write(json.dumps({"stages": [{"duration": "1s", "target": target} for target in (1, 2, 3)]}))
    assert call(home, "unset", *keys).code == 0
    assert [stage["target"] for stage in values(home)["stages"]] == left


def test_faults_behind_a_removed_entry_are_not_new(home: Home) -> None:
    stages = [{"duration": "1s", "target": 1}, {"duration": "soon", "target": 1}]
    home.write(json.dumps({"stages": stages}))
    assert call(home, "unset", "stages.0").code == 0
    assert values(home) == {"stages": stages[1:]}


def test_an_at_sign_can_still_be_the_value(home: Home) -> None:
    assert call(home, "set", "userAgent", '"@me"', "tags.a", "@").code == 0
    assert json.loads(home.config.read_bytes()) == {"userAgent": "@me", "tags": {"a": "@"}}


def test_several_values_are_removed_in_one_write(home: Home) -> None:
    home.write('{"vus": 5, "duration": "30s", "tags": {"a": "b", "c": "d"}, "rps": 1}')
    done = call(home, "unset", "vus", "duration", "tags", "tags.a", "noSetup")
    assert done.code == 0
    assert json.loads(home.config.read_bytes()) == {"rps": 1}
    assert "noSetup is not set" in done.err
    assert call(home, "undo", "--yes").code == 0
    assert "duration" in home.config.read_text()
