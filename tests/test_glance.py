"""A glance errs on the side of no: whatever it calls plainly good, the judge and the rules have nothing to say of."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import FIXTURES
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.engine import check
from k6cfg.engine.fast_path import FIRST, Faultless, plainly_good, what_stands_out
from k6cfg.k6.decode import Script
from k6cfg.schema import Node, Schema, load
from k6cfg.schema.versions import NEWEST, Version

ROOT = Path(__file__).parent.parent
VERSIONS = [NEWEST, Version(2, 1, 0), Version(2, 0, 0), Version(1, 8, 1), Version(1, 3, 0), Version(0, 57, 0), FIRST]


def test_what_it_knows_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "schemas" / "glance.py", "--check"], check=False)
    assert done.returncode == 0, "run python schemas/glance.py"


def silent(data: bytes, version: Version) -> bool:
    return not check(data, load(version)).diagnostics


def hold(data: bytes) -> int:
    """How many versions' glances say yes; each is held against the judge."""
    good = [version for version in VERSIONS if plainly_good(data, version)]
    for version in good:
        assert silent(data, version), (version, data)
    return len(good)


def stand_out(data: bytes, version: Version, script: Script | None = None) -> bool:
    """Whether only what stands out had to be judged; what is found there is held against all that is found."""
    part = what_stands_out(data, load(version), script)
    if part is None:
        return False
    whole = check(data, load(version), script)
    assert part.diagnostics == whole.diagnostics, (version, data)
    assert part.secrets == whole.secrets, (version, data)
    assert (part.accepted_run, part.accepted_cloud) == (whole.accepted_run, whole.accepted_cloud)
    return True


def texts() -> Iterator[bytes]:
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".jsonl"}:
            data = path.read_bytes()
            yield data
            yield from data.splitlines()


def test_fixtures() -> None:
    assert sum(map(hold, texts())) > 20


STRICT = Script(frozenset({"default"}), {})


def test_what_stands_out_in_fixtures() -> None:
    seen = [data for data in texts() if stand_out(data, NEWEST)]
    assert len(seen) > 300
    for data in seen[::4]:
        stand_out(data, FIRST)
        stand_out(data, NEWEST, STRICT)


# -- whatever the schema knows, ordinary or nearly so -------------------------------------------------------------------

TIMES = [
    "30s",
    "1m",
    "1m30s",
    "0s",
    "500ms",
    "999ms",
    "1h",
    "0",
    "",
    "-1s",
    "1d",
    "10",
    "99999h99999h",
    "1.5s",
    "0ms",
    "1s1s1s1s",
    "100000h",
]
WORDS = [
    "a",
    "",
    "avg",
    "p(95)",
    "p(101)",
    "p(99.9)",
    "med",
    "inf",
    "tls1.2",
    "http_reqs",
    "default",
    "count",
    "\ud800",
    "é",
    "*.a.b",
    "10.0.0.1",
    "a b",
    "p()",
    "json",
    "cloud=x",
]
NAMES = [
    "http_req_duration",
    "http_reqs{status:200}",
    "checks",
    "http_req_duraton",
    "mine",
    "http_reqs{",
    "vus{a:b,c:d}",
    "http_req_duration{a:b}",
    "",
    "a b",
    "a.test",
    "A-b",
    "_note",
    "iterations{}",
]
EXPRESSIONS = [
    "p(95)<500",
    "avg < 100",
    "rate<0.01",
    "count>1",
    "value>=0",
    "p95<5",
    "p(95)=<1",
    "med<=1",
    "p(100)<1",
    "p(101)<1",
    "rate(5)<1",
    "p<1",
    "avg<",
    "avg<1e3",
    "count===1",
    "max!=3",
]
ADDRESSES = ["10.0.0.1", "10.0.0.1:80", "10.0.0.256", "::1", "10.0.0.1:0", "10.0.0.1:70000", "01.0.0.1", "x"]
NUMBERS: list[object] = [1, 2, 5, 10, 0, -1, 2**31, 2**63, 1.0, 1.5, True, "5", None]


def value_of(node: Node) -> st.SearchStrategy[object]:
    """Values for a place: mostly such as belong there, now and then such as do not."""
    return st.one_of(*[ordinary(node)] * 14, st.sampled_from([None, 1, "x", [], {}, True, [None], {"": ""}, -0.0]))


@cache
def ordinary(node: Node) -> st.SearchStrategy[object]:
    kind = node.type
    if node.enum:
        return st.sampled_from([*node.enum, *node.enum, "x"])
    if "int" in kind or kind == "float":
        return st.sampled_from(NUMBERS[:4] * 3 + NUMBERS)
    if "bool" in kind:
        return st.booleans()
    if kind == "duration" or node.format == "k6-dns-ttl":
        return st.sampled_from(TIMES[:4] * 3 + TIMES)
    if node.variants:
        return st.one_of(*(shaped(name, variant) for name, variant in node.variants.items()))
    if kind == "threshold":
        text = st.sampled_from(EXPRESSIONS[:6] * 2 + EXPRESSIONS)
        return st.one_of(
            text,
            text,
            st.fixed_dictionaries(
                {"threshold": text},
                optional={"abortOnFail": st.booleans(), "delayAbortEval": st.sampled_from(TIMES), "x": st.none()},
            ),
        )
    if kind == "host-address":
        return st.sampled_from(ADDRESSES)
    return compound(node)


def compound(node: Node) -> st.SearchStrategy[object]:
    if node.items is not None:
        return st.lists(value_of(node.items), min_size=0, max_size=3)
    if node.values is not None:
        named = st.dictionaries(st.sampled_from(NAMES), value_of(node.values), max_size=3)
        known = st.fixed_dictionaries({}, optional={key: value_of(inner) for key, inner in node.properties.items()})
        return st.one_of(named, known) if node.properties else named
    return fields(node) if node.properties else st.sampled_from(WORDS)


def fields(node: Node) -> st.SearchStrategy[object]:
    needed = {key: value_of(node.properties[key]) for key in node.required}
    others = {key: value_of(inner) for key, inner in node.properties.items() if key not in needed}
    made = st.fixed_dictionaries(needed)
    return st.builds(lambda one, more: {**one, **more}, made, chosen(others))


def shaped(name: str, variant: Node) -> st.SearchStrategy[object]:
    return st.builds(lambda one: {**dict(one), "executor": name}, fields(variant))


def chosen(of: dict[str, st.SearchStrategy[object]]) -> st.SearchStrategy[dict[str, object]]:
    if not of:
        return st.just({})
    keys = st.lists(st.sampled_from(sorted(of)), max_size=3, unique=True)
    return keys.flatmap(lambda names: st.fixed_dictionaries({name: of[name] for name in names}))


@cache
def options(schema: Schema) -> st.SearchStrategy[dict[str, object]]:
    return chosen({key: value_of(node) for key, node in schema.root.properties.items()})


@given(options(load()))
def test_near_good(made: dict[str, object]) -> None:
    hold(json.dumps(made).encode())


@given(options(load(Version(1, 3, 0))))
def test_near_good_for_an_older_version(made: dict[str, object]) -> None:
    hold(json.dumps(made).encode())


KEYS = [*load().root.properties, "VUs", "tresholds", "note", "_note", "ext", "token", "apiToken", "Duration", "vu"]
BITS = [
    "1",
    '"5"',
    '"x"',
    "{}",
    "[]",
    "null",
    '"10 s"',
    '{"a": 1, "a": 2}',
    '{"token": "not-a-real-token"}',
    '{"access_key": "not-a-real-token", "b": "\\u0041"}',
    '"token=not-a-real-token"',
    '{"http_reqs": ["count>1"], "http_req": ["p95<5"], "checks": ["rate>0.9"]}',
]


@given(options(load()), st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(BITS)), max_size=3), st.randoms())
def test_what_stands_out(made: dict[str, object], more: list[tuple[str, str]], chance: random.Random) -> None:
    members = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in made.items()]
    members += [f"{json.dumps(key)}:{bit}" for key, bit in more]
    chance.shuffle(members)
    text = f" {{ {' , '.join(members)} }}\n"
    assert stand_out(text.encode("utf-8", "surrogatepass"), chance.choice(VERSIONS)) or "\\ud" in text
    stand_out(text.encode("utf-8", "surrogatepass"), NEWEST, STRICT)


@given(options(load()), st.randoms())
def test_damaged(made: dict[str, object], chance: random.Random) -> None:
    text = bytearray(json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"))
    place = chance.randrange(len(text))
    text[place : place + chance.randrange(2)] = chance.choice(
        [b"", b",", b'"', b"{", b"\xff", b"\xef\xbb\xbf", b"-", b"0", b".", b"E", b"\\", b"\x00", b"\x0b"]
    )
    hold(bytes(text))
    stand_out(bytes(text), NEWEST)


@pytest.mark.parametrize(
    "text",
    [
        b'{"vus": 1, "duration": "1s", "vus": 1}',
        b'{"VUS": 1, "duration": "1s"}',
        b'{"tags": {"a": "\\ud800"}}',
        b'\xef\xbb\xbf{"paused": true}',
        b'{"rps": NaN}',
        b'{"rps": -0}',
        '{"tags": {"a": "\ufeff"}}'.encode(),
        b"[]",
        b"",
        b"null",
        b'{"vus": 5, "iterations": 3}',
        b'{"duration": "1s", "stages": [{"duration": "1s", "target": 1}]}',
        b'{"scenarios": {"a b": {"executor": "constant-vus", "duration": "1s"}}}',
        b'{"scenarios": {"a": {"executor": "shared-iterations", "vus": 2}}}',
        b'{"scenarios": {"a": {"executor": "constant-arrival-rate", "rate": 1, "duration": "1s", "preAllocatedVUs": 5, "maxVUs": 4}}}',
        b'{"stages": [{"duration": "1s", "target": 0}]}',
        b'{"tlsAuth": [{"cert": "x", "key": "y"}]}',
        b"[" * 100_000,
        b'{"rps": ' + b"9" * 5000 + b"}",
    ],
)
def test_out_of_the_ordinary(text: bytes) -> None:
    hold(text)
    stand_out(text, NEWEST)


def test_what_is_ordinary_is_left_out() -> None:
    made = {"thresholds": {"http_reqs": ["count>1"], "checks": ["p95<1"]}, "tags": {"a": "b"}, "vu": 1, "vus": 1}
    made |= {"duration": "1s", "collectors": {"cloud": {"token": "not-a-real-token"}}}
    part = what_stands_out(json.dumps(made).encode(), load(), None)
    assert part is not None
    assert part.reading is not None
    assert part.reading.aside == {"tags", "vus", "duration"}
    assert set(part.reading.root.fields) == {"thresholds", "collectors"}
    assert set(part.reading.root.fields["thresholds"].fields) == {"checks"}
    assert [found.rule.name for found in part.diagnostics] == ["threshold", "unknown-key"]


EVERYDAY = [
    {
        "vus": 10,
        "duration": "30s",
        "thresholds": {
            "http_req_duration": ["p(95)<500", {"threshold": "avg<200", "abortOnFail": True, "delayAbortEval": "10s"}]
        },
    },
    {"stages": [{"duration": "1m30s", "target": 10}, {"duration": "10s", "target": 0}], "tags": {"team": "née"}},
    {
        "scenarios": {
            "a": {
                "executor": "constant-arrival-rate",
                "rate": 1,
                "timeUnit": "1s",
                "duration": "1m",
                "preAllocatedVUs": 5,
            }
        }
    },
    {
        "scenarios": {
            "a": {
                "executor": "ramping-vus",
                "stages": [{"duration": "5s", "target": 3}],
                "gracefulStop": "0s",
                "exec": "f",
            }
        }
    },
    {"scenarios": {"a": {"executor": "shared-iterations", "vus": 3, "iterations": 3}}},
    {"collectors": {"cloud": {"token": "0a1b2c3d" * 8, "projectID": 1}}, "hosts": {"a.test": "10.0.0.1:80"}},
    {"dns": {"ttl": "5m", "select": "random", "policy": "preferIPv4"}, "summaryTrendStats": ["avg", "p(99.9)"]},
    {"iterations": 10, "vus": 5, "insecureSkipTLSVerify": True, "systemTags": ["status", "url"]},
]


@pytest.mark.parametrize("made", EVERYDAY)
def test_everyday_files_are_seen_to_be_good(made: dict[str, object]) -> None:
    assert hold(json.dumps(made).encode()) == len(VERSIONS)


def test_of_versions_that_it_does_not_know_it_says_no() -> None:
    assert not plainly_good(b'{"paused": true}', Version(0, 37, 0))
    assert plainly_good(b'{"paused": true}', Version(1, 4, 2))


def test_a_faultless_file_is_read_closely_when_asked() -> None:
    data = b'{"paused": true}'
    found, closely = Faultless(data, NEWEST), check(data, load())
    assert found.document.text == closely.document.text
    assert found.secrets == closely.secrets == ()
    assert (found.accepted_run, found.accepted_cloud, found.diagnostics) == (True, True, ())
