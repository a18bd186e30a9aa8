"""What k6 makes of its variables, type by type, as its source reads them; and files that say the same in other words."""

import base64
import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from k6cfg.engine.effective import Outcome, outcome
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.scanner import Kind, scan

SCHEMA = load(NEWEST)
NOTHING = object()
"""The variable is as if it were not set."""
REFUSED = object()
"""k6 does not start with it."""


def found(text: str, environ: Mapping[str, str], script: str | None = None) -> Outcome:
    return outcome(text.encode(), SCHEMA, environ, script.encode() if script is not None else None)


EMPTY_CERTIFICATE = {"cert": "", "key": "", "password": None, "domains": None}

TYPES: dict[str, list[tuple[str, object]]] = {
    # null.Int: strconv.ParseInt in base 10; "" and "null" are not set.
    "K6_RPS": [
        ("5", 5),
        ("+5", 5),
        ("007", 7),
        ("-1", -1),
        ("", NOTHING),
        ("null", NOTHING),
        (" 5", REFUSED),
        ("5.0", REFUSED),
        ("5_0", REFUSED),
        ("0x5", REFUSED),
        ("9223372036854775808", REFUSED),
    ],
    # null.Bool: true and false alone; "" and "null" are not set.
    "K6_THROW": [
        ("true", True),
        ("false", False),
        ("", NOTHING),
        ("null", NOTHING),
        *((word, REFUSED) for word in ("True", "TRUE", "1", "0", "t", "yes", "on", " true")),
    ],
    # null.String: "" is not set, all else is.
    "K6_HTTP_DEBUG": [("full", "full"), ("false", "false"), ("null", "null"), (" ", " "), ("", NOTHING)],
    "K6_SUMMARY_TIME_UNIT": [("ms", "ms"), ("hours", "hours"), ("", NOTHING)],
    # types.NullDuration: a bare number is milliseconds, days may come first.
    "K6_MIN_ITERATION_DURATION": [
        ("1500", "1.5s"),
        ("1e3", "1s"),
        ("1d2h", "26h0m0s"),
        ("-1s", "-1s"),
        ("0", "0s"),
        (".5s", "500ms"),
        ("", NOTHING),
        ("null", REFUSED),
        (" 1s", REFUSED),
        ("1 s", REFUSED),
        ("1S", REFUSED),
        ("1w", REFUSED),
    ],
    # []lib.Stage: without days and bare numbers; what has no duration goes; an empty list is one.
    "K6_STAGES": [
        ("10s:5,1m:0", [{"duration": "10s", "target": 5}, {"duration": "1m0s", "target": 0}]),
        ("10s:5,", [{"duration": "10s", "target": 5}]),
        (":5", []),
        ("", []),
        (" ", []),
        ("1d:5", REFUSED),
        ("1000:5", REFUSED),
        ("10s:5, 5s:1", REFUSED),
        ("10s:5:1", REFUSED),
        ("10s", REFUSED),
    ],
    "K6_BLACKLIST_IPS": [
        ("10.1.2.3/8,::1/128", ["10.0.0.0/8", "::1/128"]),
        ("::ffff:10.1.1.1/104", ["10.0.0.0/8"]),
        ("", []),
        ("10.0.0.0/8, 11.0.0.0/8", REFUSED),
        ("10.0.0.1", REFUSED),
    ],
    "K6_BLOCK_HOSTNAMES": [
        ("A.com,*.b.c", ["A.com", "*.b.c"]),
        ("a.com,", ["a.com", ""]),
        ("", NOTHING),
        ("a.com, b.com", REFUSED),
        ("a.*", REFUSED),
    ],
    "K6_SUMMARY_TREND_STATS": [
        ("avg,p(99.9)", ["avg", "p(99.9)"]),
        ("", []),
        ("avg, max", REFUSED),
        ("avg,", REFUSED),
        ("mean", REFUSED),
    ],
    # A set: what k6 does not know goes, spaces around a name too; the empty set is written as null.
    "K6_SYSTEM_TAGS": [("url, vu,,nope,URL", ["url", "vu"]), ("nope", None), ("", None)],
    # Maps: one colon in each entry, nothing trimmed.
    "K6_TAGS": [
        ("a:b,c:d", {"a": "b", "c": "d"}),
        ("a:", {"a": ""}),
        (" a : b ", {" a ": " b "}),
        ("a:1,a:2", {"a": "2"}),
        ("", NOTHING),
        ("a", REFUSED),
        ("a=b", REFUSED),
        ("a:b,", REFUSED),
        ("a:b:c", REFUSED),
        ("site:https://x", REFUSED),
    ],
    "K6_THRESHOLDS": [("http_reqs:count>1", {"http_reqs": []}), ("", {})],
    "K6_DNS": [
        ("ttl=0,policy=any", {"ttl": "0", "select": None, "policy": "any"}),
        ("ttl=1m,ttl=2m", {"ttl": "2m", "select": None, "policy": None}),
        ("ttl=5m,select=random,policy=preferIPv4", NOTHING),
        ("", REFUSED),
        ("ttl=", REFUSED),
        ("select=Random", REFUSED),
        ("ttl=1m, select=first", REFUSED),
        ("ttl=5x", REFUSED),
        ("size=1", REFUSED),
    ],
    "K6_HOSTS": [("a.com:10.0.0.1", NOTHING)],
    # []*lib.TLSAuth: an entry for each piece, with nothing in it.
    "K6_TLSAUTH": [("", []), ("x", [EMPTY_CERTIFICATE]), ("a,b,", [EMPTY_CERTIFICATE] * 3)],
    "K6_TLS_CIPHER_SUITES": [("", None), ("TLS_AES_128_GCM_SHA256", REFUSED)],
    # An option of k6's that is no key of the file.
    "K6_LOCAL_IPS": [
        ("", NOTHING),
        ("10.0.0.1", NOTHING),
        ("10.0.0.1-10.0.0.9,10.1.0.0/24", NOTHING),
        ("10.0.0.1 - 10.0.0.9", NOTHING),
        ("::1-::5", NOTHING),
        ("10.0.0.9-10.0.0.1", REFUSED),
        ("10.0.0.1-::1", REFUSED),
        ("10.0.0.0/33", REFUSED),
        ("localhost", REFUSED),
        ("10.0.0.1, 10.0.0.2", REFUSED),
    ],
}
KEYS = {variable: key for key, node in SCHEMA.root.properties.items() for variable in node.env}


@pytest.mark.parametrize(
    ("variable", "text", "value"), [(name, *case) for name, cases in TYPES.items() for case in cases]
)
def test_each_type_has_its_grammar(variable: str, text: str, value: object) -> None:
    made = found("{}", {variable: text}).effective
    without = found("{}", {}).effective
    assert without is not None
    if value is REFUSED:
        assert made is None
        return
    assert made is not None
    expected = dict(without.options)
    if value is None:
        expected.pop(KEYS[variable], None)
    elif value is not NOTHING:
        expected[KEYS[variable]] = value
    assert dict(made.options) == expected


def test_every_variable_of_an_option_has_a_case() -> None:
    tried = {SCHEMA.root.properties[KEYS[variable]].type for variable in TYPES if variable in KEYS}
    assert {node.type for node in SCHEMA.root.properties.values() if node.env} == tried


SAME = [("int", "3", 3), ("bool", "true", True), ("string", "ms", "ms"), ("duration", "90s", "90s")]


@pytest.mark.parametrize("key", [key for key, node in SCHEMA.root.properties.items() if node.env])
def test_a_variable_says_what_the_file_could_say(key: str) -> None:
    node = SCHEMA.root.properties[key]
    for type_, text, value in SAME:
        if node.type == type_:
            by_file = found(json.dumps({key: value}), {}).effective
            by_variable = found("{}", {node.env[0]: text}).effective
            assert by_file is not None
            assert by_variable is not None
            assert dict(by_variable.options) == dict(by_file.options)
            assert dict(by_variable.beside) == dict(by_file.beside)
            assert by_variable.sources == {key: node.env[0]}


@pytest.mark.parametrize("driver", ["K6_DURATION", "K6_ITERATIONS", "K6_STAGES"])
@pytest.mark.parametrize(
    "below",
    [
        '"duration": "9s"',
        '"iterations": 9',
        '"stages": [{"duration": "9s", "target": 9}]',
        '"scenarios": {"a": {"executor": "shared-iterations"}}',
    ],
)
def test_whatever_drives_the_test_clears_the_whole_group_below(driver: str, below: str) -> None:
    text = {"K6_DURATION": "2s", "K6_ITERATIONS": "5", "K6_STAGES": "3s:1"}[driver]
    made = found(f'{{"vus": 1, {below}}}', {driver: text}).effective
    assert made is not None
    group = {"duration", "iterations", "stages", "scenarios"} & set(made.options)
    assert group == {KEYS[driver]}
    assert made.options["vus"] == 1
    assert [(lost.key, lost.layer) for lost in made.lost] == [(below.split('"')[1], "file")]


def test_two_that_drive_in_one_layer_are_both_kept_and_refused() -> None:
    assert found("{}", {"K6_DURATION": "2s", "K6_STAGES": "3s:1"}).effective is None
    made = found("{}", {"K6_DURATION": "2s", "K6_ITERATIONS": "5"}).effective
    assert made is not None
    assert {"duration", "iterations"} <= set(made.options)


def test_of_the_features_the_highest_layer_counts_even_when_it_is_empty() -> None:
    text = '{"features": ["freeze-env, merge-run-tags"], "tags": {"a": "1"}}'
    merged = found(text, {"K6_TAGS": "b:2"}).effective
    assert merged is not None
    assert merged.options["tags"] == {"a": "1", "b": "2"}
    off = found(text, {"K6_TAGS": "b:2", "K6_FEATURES": ""}).effective
    assert off is not None
    assert off.options["tags"] == {"b": "2"}
    assert off.beside["features"] == []


def test_a_script_sets_options_alone() -> None:
    made = found('{"out": ["csv"]}', {}, '{"out": ["json"], "features": ["merge-run-tags"], "rps": 1}').effective
    assert made is not None
    assert dict(made.beside) == {"out": ["csv"]}
    assert made.origins["rps"] == "script"


@pytest.mark.parametrize(
    ("text", "environ", "script"),
    [
        ('{"vus": 3}', {}, '{"scenarios": {"a": {"executor": "shared-iterations"}}}'),
        ('{"scenarios": {"a": {"executor": "shared-iterations"}}}', {"K6_VUS": "3"}, None),
    ],
)
def test_a_lone_vus_replaces_scenarios_and_before_2_1_counts_for_nothing(
    text: str, environ: dict[str, str], script: str | None
) -> None:
    made = found(text, environ, script).effective
    assert made is not None
    assert "scenarios" in made.options, "k6 archive records them all the same"
    assert [lost.key for lost in made.lost] == ["scenarios"]
    assert "3 iterations with 3 virtual users" in made.lost[0].why
    older = outcome(text.encode(), load(Version(2, 0, 0)), environ, script.encode() if script else None).effective
    assert older is not None
    assert [lost.key for lost in older.lost] == ["vus"]


def test_what_is_refused_together_names_the_variable() -> None:
    made = found('{"iterations": 2}', {"K6_VUS": "5"})
    assert made.refusal is not None
    assert "5 virtual users" in made.refusal
    assert (found("{}", {"K6_DURATION": "1ms"}).refusal or "").startswith("K6_DURATION: ")


@pytest.mark.parametrize(
    ("block", "environ", "key", "value"),
    [
        ('"projectID": 7', {"K6_CLOUD_PROJECT_ID": "0"}, "projectID", 7),
        ('"projectID": 7', {"K6_CLOUD_PROJECT_ID": "-1"}, "projectID", 7),
        ('"projectID": 7', {"K6_CLOUD_PROJECT_ID": "8"}, "projectID", 8),
        ('"projectID": 0', {}, "projectID", None),
        ('"name": ""', {}, "name", None),
        ('"host": ""', {}, "host", "https://ingest.k6.io"),
        ('"token": "not-a-real-token"', {"K6_CLOUD_TOKEN": ""}, "token", "not-a-real-token"),
        ('"webAppURL": ""', {}, "webAppURL", ""),
        ('"noCompress": true', {"K6_CLOUD_NO_COMPRESS": "false"}, "noCompress", False),
        ('"timeout": "1m"', {"K6_CLOUD_TIMEOUT": "90s"}, "timeout", "1m30s"),
    ],
)
def test_cloud_settings_that_say_nothing_are_passed_over(
    block: str, environ: dict[str, str], key: str, value: object
) -> None:
    cloud = found(f'{{"collectors": {{"cloud": {{{block}}}}}}}', environ).cloud
    assert cloud is not None
    assert cloud.options.get(key) == value


# -- other words for the same ------------------------------------------------------------------------------------------


def spaced(text: str, chance: random.Random) -> str:
    """Other white space, and more or less of it."""
    pieces = []
    for token in scan(text):
        if token.kind is not Kind.SPACE:
            pieces.append(text[token.start : token.end])
        pieces.append(chance.choice(["", " ", "\n\t", "\r\n"]))
    return "".join(pieces)


def escaped(text: str, chance: random.Random) -> str:
    """Letters of strings written as escapes, escapes as letters."""
    pieces = []
    for token in scan(text):
        piece = text[token.start : token.end]
        if token.kind is Kind.STRING:
            units = (json.dumps(letter, ensure_ascii=chance.random() < 0.5)[1:-1] for letter in json.loads(piece))
            piece = '"' + "".join(f"\\u{ord(u):04x}" if _plain(u) and chance.random() < 0.5 else u for u in units) + '"'
        pieces.append(piece)
    return "".join(pieces)


def _plain(unit: str) -> bool:
    return len(unit) == 1 and ord(unit) < 0x10000


def folded(text: str, chance: random.Random) -> str:
    """The keys of options in other case, with the long s and the Kelvin sign among their letters."""
    tokens = [token for token in scan(text) if token.kind is not Kind.SPACE]
    known = {key.lower() for key in SCHEMA.root.properties}
    pieces, depth = [], 0
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        piece = text[token.start : token.end]
        depth += (token.kind in {Kind.OPEN_BRACE, Kind.OPEN_BRACKET}) - (
            token.kind in {Kind.CLOSE_BRACE, Kind.CLOSE_BRACKET}
        )
        if depth == 1 and following is not None and following.kind is Kind.COLON and piece[1:-1].lower() in known:
            odd = {"s": "\u017f", "k": "\u212a"}
            piece = "".join(chance.choice([each.upper(), each.lower(), odd.get(each.lower(), each)]) for each in piece)
        pieces.append(piece)
    return " ".join(pieces)


def archives(fixtures: Path) -> Iterator[tuple[str, dict[str, object]]]:
    with gzip.open(fixtures / "verdicts" / "verdicts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            real = case["k6"].get("2.2.0", {}).get("effective")
            data = base64.b64decode(case["text"])
            if real is not None and len(data) < 2000 and data.isascii():
                yield data.decode(), real


@pytest.mark.parametrize("otherwise", [spaced, escaped, folded])
def test_the_same_in_other_words_comes_to_the_same(
    fixtures: Path, otherwise: Callable[[str, random.Random], str]
) -> None:
    chance = random.Random(otherwise.__name__)  # noqa: S311 - no secret hangs on it
    cases = [*archives(fixtures)][::12]
    assert len(cases) > 150
    for text, real in cases:
        made = found(otherwise(text, chance), {}).effective
        assert made is not None, text
        assert dict(made.options) == real, text


@pytest.mark.parametrize(
    ("version", "read", "file_counts"),
    [
        ("0.20.0", False, False),
        ("0.25.0", False, False),
        ("0.25.1", True, True),
        ("0.26.0", False, True),
        ("0.50.0", False, True),
        ("0.51.0", True, True),
        ("2.2.0", True, True),
    ],
)
def test_system_tags_by_version(version: str, read: bool, file_counts: bool) -> None:
    """Up to 0.25.0 the default of the flag overrides the file. Source: cmd/options.go and cmd/config.go of each."""
    schema = load(Version.parse(version))
    plain, file = outcome(b"{}", schema, {}).effective, outcome(b'{"systemTags": ["url"]}', schema, {}).effective
    variable = outcome(b"{}", schema, {"K6_SYSTEM_TAGS": "url"}).effective
    assert plain is not None
    assert file is not None
    assert variable is not None
    assert (file.options["systemTags"] == ["url"]) == file_counts
    assert (variable.options["systemTags"] == ["url"]) == read
    if not file_counts:
        assert file.options["systemTags"] == plain.options["systemTags"]
        assert [one.key for one in file.lost] == ["systemTags"]
