"""The functions of ``k6cfg``: typed, imported when they are asked for, and with the results of the commands."""

import base64
import doctest
import gzip
import itertools
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES, Home
from inside import call
from keys import EC

import k6cfg
from k6cfg import api

TEXTS = [
    path.read_bytes()
    for folder in ("rules", "migrations", "examples")
    for path in sorted((FIXTURES / folder).rglob("*.json"))
]
SECRET = "not-a-real-token"
TOKEN = {"collectors": {"cloud": {"token": SECRET}}}


def as_contract(found: k6cfg.Validation) -> dict[str, Any]:
    """A result in the words of ``validate --output-format json``."""
    diagnostics = []
    for one in found.diagnostics:
        told = asdict(one)
        if not told["after_repair"]:
            del told["after_repair"]
        told["range"] = {"start": told.pop("start"), "end": told.pop("end")}
        if one.fix is not None:
            edits = [edit._asdict() for edit in one.fix.edits] if one.fix.edits is not None else None
            told["fix"] = {"applicability": one.fix.applicability, "edits": edits}
        diagnostics.append(told)
    return {
        "kind": "config",
        "accepted": {"run": found.accepted_run, "cloud": found.accepted_cloud},
        "stops_at": asdict(found.stops_at) if found.stops_at is not None else None,
        "diagnostics": diagnostics,
    }


def some(texts: list[bytes], most: int) -> list[bytes]:
    """Some of many, spread over all of them."""
    return texts[:: max(1, len(texts) // most)]


# How it is imported


def test_importing_it_costs_next_to_nothing() -> None:
    code = "import k6cfg, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=FIXTURES.parent, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"json", "pathlib", "enum", "dataclasses", "typer"}
    assert {name for name in loaded if name.startswith("k6cfg")} == {"k6cfg"}


def test_every_name_is_there_and_described() -> None:
    assert sorted(k6cfg.__all__) == sorted({*api.__all__, "__version__"})
    assert set(k6cfg.__all__) <= set(dir(k6cfg))
    reference = (FIXTURES.parent / "docs" / "api.md").read_text("utf-8")
    for name in api.__all__:
        found = getattr(k6cfg, name)
        assert found is getattr(api, name)
        assert found.__doc__
        assert f"`{name}" in reference
    with pytest.raises(AttributeError, match="no attribute 'validated'"):
        _ = k6cfg.validated


def test_rooms_of_the_house_do_not_hide_a_function() -> None:
    code = "import k6cfg; k6cfg.repair('{\"vus\" 1}'); import k6cfg.cli.commands.validate; print(callable(k6cfg.repair), callable(k6cfg.validate), callable(k6cfg.migrate))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True True\n"


# The same results as the commands


@pytest.mark.parametrize("version", ["2.2.0", "0.30.0"])
def test_validate(home: Home, version: str) -> None:
    texts = some(TEXTS, 30)
    names = [home.write(text, home.work / f"{number}.json").name for number, text in enumerate(texts)]
    done = json.loads(call(home, "validate", "--k6-version", version, "--output-format", "json", *names).out)
    assert done["k6_version"] == version
    for text, told in zip(texts, done["files"], strict=True):
        found = k6cfg.validate(text, k6_version=version)
        assert {**as_contract(found), "path": told["path"]} == told
        assert found.k6_version == version


def test_validate_with_a_selection_and_a_script(home: Home) -> None:
    scenario = {"executor": "constant-vus", "vus": 1, "duration": "1s", "exec": "x"}
    text = json.dumps({"VUS": "5", "scenarios": {"a": scenario}, **TOKEN})
    path = home.write(text, home.work / "a.json")
    for options, arguments in (
        (("--select", "odd-type"), {"select": ["odd-type"]}),
        (("--ignore", "odd-type,key-case"), {"ignore": {"odd-type", "key-case"}}),
        (("--select", "secrets,key-case"), {"select": ["secrets", "key-case"]}),
        (
            ("--select", "secrets", "--ignore", "hardcoded-secret"),
            {"select": ["secrets"], "ignore": ["hardcoded-secret"]},
        ),
        (("--script-exports", "default"), {"script_exports": ["default"]}),
        (("--script-exports", "x,default"), {"script_exports": ["default", "x"]}),
    ):
        told = json.loads(call(home, "validate", "--output-format", "json", *options, path).out)["files"][0]
        found: Any = k6cfg.validate(text, **arguments)
        assert {**as_contract(found), "path": str(path)} == told
        assert ("hardcoded-secret" in str(found)) is ("secrets,key-case" in options)
        assert SECRET not in str(found)
    with pytest.raises(ValueError, match="no rule or group nonsense"):
        k6cfg.validate(text, select=["nonsense"])
    with pytest.raises(TypeError, match="several names"):
        k6cfg.validate(text, select="odd-type")


@pytest.mark.parametrize(("options", "unsafe"), [((), False), (("--unsafe-fixes",), True)])
def test_fix_and_repair(home: Home, options: tuple[str, ...], unsafe: bool) -> None:
    for text in some(TEXTS, 12):
        for function, more in ((k6cfg.fix, ()), (k6cfg.repair, ("--select", "syntax"))):
            done = call(home, "validate", "--fix", "-", *options, *more, stdin=text)
            try:
                found = function(text, unsafe=unsafe)
            except k6cfg.Refused as error:
                told = error.message.removeprefix("the text ")
                assert (done.raw, told in done.err) == (text, True)
            else:
                assert done.raw == found.data
                assert found.changed == (found.data != text)
                assert bool(found.applied) == found.changed
                assert found.diagnostics == k6cfg.validate(found.data).diagnostics


VALUES: list[tuple[str, object]] = [
    ("vus", 5),
    ("VUS", 5),
    ("duration", "1m"),
    ("duration", "soon"),
    ("/tags/team", "a"),
    ("thresholds.http_req_duration", ["p(95)<500"]),
    ("setupTimout", "1s"),
    ("vus.a", 5),
    ("ext.mine", {"a": [1, None]}),
    ("rps", None),
]
BASES = [
    b'{"vus": 1, "duration": "1s"}\n',
    b'{\n\t"VUS": "3", "tags": {"a": "b"},\r\n  "dns": null }',
    b'{"vus" 1, "duration": "1s",}',
    b"\n",
    b"[1]",
    b"{{{",
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("key", "value"), VALUES)
def test_set_and_unset_and_get(home: Home, base: bytes, key: str, value: object) -> None:
    path = home.write(base, home.work / "a.json")
    done = call(home, "set", "-c", path, "--yes", "--", key, json.dumps(value))
    try:
        found = k6cfg.set_value(base, key, value)
    except (k6cfg.Refused, ValueError):
        assert done.code in {1, 2}
        assert path.read_bytes() == base
    else:
        assert (done.code, path.read_bytes()) == (0, found.data)
    home.write(base, path)
    done = call(home, "unset", "-c", path, "--yes", "--", key)
    try:
        found = k6cfg.unset_value(base, key)
    except (k6cfg.Refused, ValueError):
        assert done.code in {1, 2}
        assert path.read_bytes() == base
    else:
        assert done.code == 0
        assert path.read_bytes() == (found.data if found.changed and "nothing to do" not in done.err else base)
    home.write(base, path)
    done = call(home, "get", "-c", path, "--output-format", "json", "--", key)
    try:
        got = k6cfg.get_value(base, key, "nothing")
    except (k6cfg.Refused, ValueError):
        assert done.code in {2, 3}
    else:
        told = json.loads(done.out)
        assert got == (told["value"] if told["set"] else "nothing")


def test_a_file_that_is_not_there_yet(home: Home) -> None:
    done = call(home, "set", "rps", "5", "--yes")
    assert done.code == 0
    assert k6cfg.set_value(None, "rps", 5).data == home.config.read_bytes()
    assert k6cfg.set_value(None, "rps", 5).before is None


def test_several_values_at_once() -> None:
    values = {"vus": 5, "duration": "30s", "/tags/team": "checkout"}
    expected = {"vus": 5, "duration": "30s", "tags": {"team": "checkout"}}
    for given in (values, list(values.items()), iter(values.items())):
        assert json.loads(k6cfg.set_value(None, given).data) == expected
    certificate, key = EC
    pair = {"tlsAuth.0.cert": certificate, "tlsAuth.0.key": key}
    both = k6cfg.set_value("{}", pair)
    assert json.loads(both.data) == {"tlsAuth": [{"cert": certificate, "key": key}]}
    assert both.diagnostics == ()
    assert json.loads(k6cfg.unset_value(both.data, ["tlsAuth", "rps"]).data) == {}


@pytest.mark.parametrize(
    "keys", [("rps", "RPS"), ("rps", "/rps"), ("tags", "tags.a"), ("dns.ttl", "dns"), ("stages.0", "stages.0.target")]
)
def test_no_value_is_set_twice(keys: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        k6cfg.set_value("{}", [(key, None) for key in keys])


@pytest.mark.parametrize(("key", "value"), [("rps", ...), ({"rps": 1}, 2)])
def test_each_key_has_one_value(key: Any, value: object) -> None:
    with pytest.raises(ValueError, match="value"):
        k6cfg.set_value("{}", key, value)


def test_what_k6_rejects_is_made_only_on_purpose() -> None:
    certificate, key = EC
    with pytest.raises(k6cfg.Refused, match="no `key`"):
        k6cfg.set_value("{}", "tlsAuth.0.cert", certificate)
    first = k6cfg.set_value("{}", "tlsAuth.0.cert", certificate, allow_rejected=True)
    assert [one.rule for one in first.diagnostics] == ["client-certificate"]
    whole = k6cfg.set_value(first.data, "tlsAuth.0.key", key)
    assert whole.diagnostics == ()
    with pytest.raises(k6cfg.Refused, match="no `key`"):
        k6cfg.unset_value(whole.data, "tlsAuth.0.key")
    assert k6cfg.unset_value(whole.data, "tlsAuth.0.key", allow_rejected=True).text == first.text
    with pytest.raises(k6cfg.Refused):  # nobody would notice a key that k6 does not read
        k6cfg.set_value("{}", "duraton", "1m", allow_rejected=True)


def errors_of(found: Iterable[k6cfg.Finding]) -> set[tuple[str, str]]:
    return {(one.rule, one.pointer) for one in found if one.severity == "error"}


SETS: list[tuple[str, object]] = [
    ("vus", 0),
    ("vus", 7),
    ("duration", "1m"),
    ("iterations", 3),
    ("stages", [{"duration": "1s", "target": 2}]),
    ("stages.0.target", -1),
    ("scenarios", {}),
    ("scenarios.new", {"executor": "constant-vus", "duration": "1s"}),
    ("scenarios.new.exec", "default"),
    ("executionSegment", "1/4:1/2"),
    ("executionSegmentSequence", "0,1/2,1"),
    ("tlsAuth.0.cert", EC[0]),
    ("thresholds.http_reqs", ["rate>1"]),
    ("thresholds.http_reqs", ["p95<1"]),
    ("setupTimeout", 0),
    ("dns.ttl", "soon"),
]
VERDICTS = FIXTURES / "verdicts" / "verdicts.jsonl.gz"


def test_no_change_makes_a_text_worse_unless_it_is_asked_for() -> None:
    """Not by one new fault, even where another one goes; and what is asked for is made."""
    with gzip.open(VERDICTS, "rt", encoding="utf-8") as lines:
        texts = [base64.b64decode(json.loads(line)["text"]) for line in itertools.islice(lines, 0, None, 40)]
    made = refused = 0
    for text, (key, value) in zip(texts, itertools.cycle(SETS), strict=False):
        before = k6cfg.validate(text)
        try:
            after = k6cfg.set_value(text, key, value)
        except k6cfg.Refused:
            refused += 1
            continue
        made += 1
        found = k6cfg.validate(after.data)
        assert found.accepted_run or not before.accepted_run, (text, key)
        assert found.accepted_cloud or not before.accepted_cloud, (text, key)
        if not after.applied:
            assert errors_of(found.diagnostics) <= errors_of(before.diagnostics), (text, key)
    assert made > 20
    assert refused > 20


def test_set_and_remove_a_token(home: Home) -> None:
    base = b'{"collectors" {"cloud": {"projectID": 3}}}'
    home.write(base)
    options = ("--stack", "mine", "--stack-id", "7", "--project-id", "9")
    assert call(home, "set-token", "--stdin", "--yes", *options, stdin=f"Bearer {SECRET}\n").code == 0
    found = k6cfg.set_token(base, f"Bearer {SECRET}\n", stack="mine", stack_id=7, project_id=9)
    assert found.data == home.config.read_bytes()
    assert [one.rule for one in found.applied] == ["missing-colon"]
    assert k6cfg.get_value(found.data, "collectors.cloud.token") == "***"
    assert k6cfg.get_value(found.text, "collectors.cloud.token", reveal=True) == SECRET
    for everything in (False, True):
        home.write(found.data)
        assert call(home, "set-token", "--remove", "--yes", *(["--all"] if everything else [])).code == 0
        gone = k6cfg.remove_token(found.data, everything=everything)
        assert gone.data == home.config.read_bytes()
        assert not k6cfg.remove_token(gone.data).changed
    for number in (0, 2**63, True):
        with pytest.raises(ValueError, match="stackID is a number from 1"):
            k6cfg.set_token(base, SECRET, stack_id=number)
    for bad in ("", "YOUR_API_AUTH_TOKEN", "two words", "x" * 5000):
        with pytest.raises(k6cfg.Refused) as refused:
            k6cfg.set_token(base, bad)
        assert not bad or bad not in str(refused.value)


def test_migrate(home: Home) -> None:
    texts = some([path.read_bytes() for path in sorted((FIXTURES / "migrations").rglob("input.json"))], 12)
    for text in (*texts, b'{"vus" 1}', b"{{{"):
        path = home.write(text, home.work / "a.json")
        done = call(home, "migrate", path, "--to", "2.2.0", "--yes", "--output-format", "json")
        told = json.loads(done.out)
        try:
            found = k6cfg.migrate(text, to="2.2.0")
        except k6cfg.Refused:
            assert told["error"] is not None
            continue
        assert [asdict(one) for one in found.changes] == told["changes"]
        assert [asdict(one) for one in found.decisions] == told["decisions"]
        assert {"run": found.accepted_run, "cloud": found.accepted_cloud} == told["accepted"]
        assert path.read_bytes() == found.data


def test_effective_options(home: Home) -> None:
    for text in (*some(TEXTS, 10), json.dumps({**TOKEN, "rps": 5}).encode()):
        path = home.write(text, home.work / "a.json")
        told = json.loads(call(home, "show", "--effective", path, "--output-format", "json", K6_VUS="7").out)["files"][
            0
        ]
        try:
            found = k6cfg.effective_options(text, environ={"K6_VUS": "7"})
        except k6cfg.Refused as error:
            refusal = error.message
            assert refusal == told["error"]
        else:
            assert asdict(found) == {name: told[name] for name in ("options", "origins", "variables", "beside")}
            assert SECRET not in str(found)
    assert k6cfg.effective_options(None).options


def test_diff(home: Home) -> None:
    texts = some(TEXTS, 12)
    for before, after in itertools.pairwise(texts):
        paths = home.write(before, home.work / "a.json"), home.write(after, home.work / "b.json")
        told = json.loads(call(home, "diff", *paths, "--output-format", "json").out)["changes"]
        try:
            found = k6cfg.diff(before, after)
        except k6cfg.Refused:
            assert told is None
            continue
        sides = {"before": None, "after": None}
        assert [asdict(one) for one in found] == [{**sides, **change} for change in told]


@pytest.mark.parametrize("subject", ["vus", "dns.ttl", "K6_VUS", "--vus", "missing-colon", "/dns/ttl"])
def test_explain(home: Home, subject: str) -> None:
    told = json.loads(call(home, "explain", "--output-format", "json", "--", subject).out)
    assert k6cfg.explain(subject) == told


def test_explain_says_what_may_be_meant() -> None:
    with pytest.raises(ValueError, match=r"did you mean .*vus"):
        k6cfg.explain("vuss")


def test_json_schema_is_a_copy(home: Home) -> None:
    for version, draft in (("1.8.0", "2020-12"), ("2.2.0", "7")):
        found = k6cfg.json_schema(k6_version=version, draft=draft)  # type: ignore[arg-type]
        assert found == json.loads(call(home, "schema", "--k6-version", version, "--draft", draft).out)
        found["properties"].clear()
        assert k6cfg.json_schema(k6_version=version)["properties"]


# What comes in


def test_a_text_counts_as_utf_8() -> None:
    text = '{"userAgent": "é", "rps": "5"}'
    assert k6cfg.fix(text) == k6cfg.fix(text.encode())
    assert k6cfg.fix("\ufeff" + text).data == k6cfg.fix(text).data
    assert k6cfg.fix(text.encode("utf-16")).text == text.replace('"5"', "5")
    with pytest.raises(ValueError, match="surrogates"):
        k6cfg.validate("\ud800")


@pytest.mark.parametrize("version", ["", "newest", "0.17.0", "two"])
def test_an_unknown_version(version: str) -> None:
    with pytest.raises(ValueError, match="k6") as error:
        k6cfg.validate("{}", k6_version=version)
    assert "--" not in str(error.value)


def test_a_version_newer_than_all_is_judged_like_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert k6cfg.validate("{}", k6_version="9.0.0").k6_version == "2.2.0"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert k6cfg.validate("{}", k6_version="auto").k6_version == "2.2.0"


def test_a_value_that_json_cannot_say_is_refused() -> None:
    for value in (float("nan"), object(), {1, 2}):
        with pytest.raises(ValueError, match="JSON"):
            k6cfg.set_value("{}", "ext.a", value)


def test_no_secret_is_in_a_result() -> None:
    text = json.dumps({**TOKEN, "vuss": SECRET, "rps": "5"})
    assert SECRET not in str(k6cfg.validate(text))
    assert SECRET not in str(k6cfg.diff("{}", text))
    for broken in (text[:-1], text.replace('":', '"', 1), text.replace(f'"{SECRET}"', f'"{SECRET}')):
        assert SECRET not in str(k6cfg.validate(broken))


def test_what_the_module_says_of_itself() -> None:
    assert doctest.testmod(k6cfg) == doctest.TestResults(failed=0, attempted=2)


def test_the_reference_shows_what_is_so() -> None:
    found = doctest.testfile(str(FIXTURES.parent / "docs" / "api.md"), module_relative=False)
    assert (found.failed, found.attempted > 5) == (0, True)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), {1, 2}, {"a": float("nan")}])
def test_a_value_that_json_does_not_have(value: object) -> None:
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        k6cfg.set_value("{}", "ext.a", value)
