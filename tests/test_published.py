"""The published schemas: up to date, good for any validator, and judged alike by a second one."""

import base64
import gzip
import json
import math
import re
import runpy
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from conftest import FIXTURES, Home
from inside import call
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from k6cfg.rules.schema_precheck import FORMATS, follows
from k6cfg.schema import load
from k6cfg.schema.draft_07 import draft_07
from k6cfg.schema.source import annotated
from k6cfg.schema.versions import OLDEST, Version, minors

PUBLISH = runpy.run_path(str(FIXTURES.parent / "schemas" / "publish.py"))
VERSIONS: list[Version] = list(minors())
NEWEST = VERSIONS[-1]


@cache
def published(version: Version) -> dict[str, Any]:
    name = f"k6-config-{version.major}.{version.minor}.schema.json"
    found: dict[str, Any] = json.loads((PUBLISH["FOLDER"] / name).read_bytes())
    return found


def schemas(value: object) -> Iterator[dict[str, Any]]:
    """Every object of a schema; what stands in a list is never a name that somebody chose."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from schemas(each)


# What is published


def test_making_them_again_changes_nothing() -> None:
    assert PUBLISH["stale"]() == [], "run: python schemas/publish.py"


def test_there_is_one_for_every_minor_version() -> None:
    names = [f"{version.major}.{version.minor}" for version in VERSIONS]
    assert (len(names), names[0], names[-1]) == (54, "0.18", "2.2")
    assert {"0.58", "0.59", "1.0", "1.8", "2.0"} < set(names)
    ours = (OLDEST.major, OLDEST.minor)
    told = {Version.parse(text)[:2] for text in re.findall(r'"(\d+\.\d+\.\d+)"', json.dumps(annotated()))}
    assert {pair for pair in told if pair >= ours} <= {version[:2] for version in VERSIONS}


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.major}.{version.minor}")
def test_each_stands_alone_and_explains_itself(version: Version) -> None:
    document = published(version)
    name = f"{version.major}.{version.minor}"
    assert document["$id"].endswith(f"/k6-config-{name}.schema.json")
    assert document["title"] == f"k6 {name} config.json"
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in schemas(document):
        assert "x-k6" not in part
        assert str(part.get("$ref", "#/$defs/")).startswith("#/$defs/")
    assert all(each["description"] for each in document["properties"].values())


SOME = [*VERSIONS[::6], NEWEST]


def test_each_is_a_valid_schema_of_either_draft() -> None:
    for version in VERSIONS:
        document = published(version)
        jsonschema_rs.meta.validate(document)
        jsonschema_rs.meta.validate(draft_07(document))
        if version in SOME:  # the first validator takes its time
            Draft202012Validator.check_schema(document)
            Draft7Validator.check_schema(draft_07(document))


def test_a_later_patch_reads_what_the_published_one_says() -> None:
    differ = [version[:2] for version in VERSIONS if load(version._replace(patch=0)).document != published(version)]
    assert differ == [(0, 18), (0, 23), (0, 26), (0, 27)]
    assert all(load(version._replace(patch=2)).document == published(version) for version in VERSIONS)


def test_source_archive_holds_the_published_schemas(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=FIXTURES.parent, check=True, capture_output=True)
    (found,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(found) as archive:
        names = {Path(name).name for name in archive.getnames() if Path(name).parent.name == "schemas"}
    assert names >= {path.name for path in (FIXTURES.parent / "schemas").glob("*.json")} | {"publish.py", "README.md"}
    assert "k6-config-2.2.schema.json" in names


# Draft-07


KNOWN_TO_07 = {
    *("$id", "$schema", "$ref", "title", "description", "default", "examples", "definitions", "type", "enum", "const"),
    *("minimum", "exclusiveMinimum", "maximum", "minLength", "minItems", "pattern", "format", "items", "required"),
    *("properties", "patternProperties", "additionalProperties", "propertyNames", "dependencies"),
    *("if", "then", "else", "allOf"),
}
HOLD_SCHEMAS = {"properties", "patternProperties", "definitions"}


def keywords(schema: object) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    yield from schema
    assert "$ref" not in schema or len(schema) == 1, "draft-07 passes over what stands beside a $ref"
    for keyword, value in schema.items():
        below = value.values() if keyword in HOLD_SCHEMAS else value if keyword == "allOf" else [value]
        if keyword not in {"default", "examples", "enum", "const", "dependencies"}:
            for each in below:
                yield from keywords(each)


def test_draft_07_says_nothing_that_it_has_no_word_for() -> None:
    for version in VERSIONS:
        assert set(keywords(draft_07(published(version)))) <= KNOWN_TO_07 | {"deprecated"}


def test_draft_07_keeps_what_stands_beside_a_reference() -> None:
    before: dict[str, Any] = {
        "$id": "https://example.com/a.schema.json",
        "properties": {"$ref": {"$ref": "#/$defs/a", "minimum": 1, "allOf": [{"$ref": "#/$defs/a"}]}},
        "dependentRequired": {"a": ["b"]},
        "$defs": {"a": {"type": "integer", "default": {"$ref": "#/$defs/a"}}},
    }
    copy = json.loads(json.dumps(before))
    assert draft_07(before) == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://example.com/a-draft-07.schema.json",
        "properties": {"$ref": {"allOf": [{"$ref": "#/definitions/a"}, {"$ref": "#/definitions/a"}], "minimum": 1}},
        "dependencies": {"a": ["b"]},
        "definitions": {"a": {"type": "integer", "default": {"$ref": "#/$defs/a"}}},
    }
    assert before == copy


def test_draft_07_refuses_what_it_cannot_say() -> None:
    with pytest.raises(ValueError, match="unevaluatedProperties"):
        draft_07({"properties": {"a": {"unevaluatedProperties": False}}})


def test_the_command_prints_what_is_published(home: Home) -> None:
    for arguments, expected in (
        ((), published(Version.parse("1.8.999"))),
        (("--draft", "2020-12"), published(Version.parse("1.8.999"))),
        (("--draft", "7"), draft_07(published(Version.parse("1.8.999")))),
    ):
        done = call(home, "schema", "--k6-version", "1.8.1", *arguments)
        assert (done.code, json.loads(done.out)) == (0, expected)
    name = PUBLISH["FOLDER"] / "k6-config-1.8.schema.json"
    assert call(home, "schema", "--k6-version", "1.8.0").raw == name.read_bytes()
    assert call(home, "schema", "--draft", "4").code == 2


# A second validator


def finite(value: object) -> bool:
    if isinstance(value, dict | list):
        return all(finite(each) for each in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)


def values(texts: Iterator[bytes]) -> Iterator[Any]:
    for text in texts:
        try:
            # Half of a surrogate pair is no character; the second validator takes none.
            value = json.loads(json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
        if finite(value):  # 1e999 is a number in JSON and none in Python
            yield value


def our_fixtures() -> Iterator[bytes]:
    for folder in ("rules", "examples", "migrations"):
        yield from (path.read_bytes() for path in sorted((FIXTURES / folder).rglob("*.json")))


def verdicts() -> Iterator[bytes]:
    with gzip.open(FIXTURES / "verdicts" / "verdicts.jsonl.gz", "rb") as lines:
        yield from (base64.b64decode(json.loads(line)["text"]) for line in lines)


SAME = {"dependencies": "dependentRequired"}


def found(keyword: str, route: Sequence[str | int], inside: Sequence[str | int]) -> tuple[object, ...]:
    # The second validator names the keyword around the one about a key's name, and drops empty keys from routes.
    keyword = "propertyNames" if "propertyNames" in inside else keyword
    return SAME.get(keyword, keyword), *(part for part in route if part != "")


class Judges:
    """Both validators, with our formats, for both drafts of one version's schema."""

    def __init__(self, version: Version) -> None:
        exact = load(version).version
        checker = FormatChecker(formats=())
        formats = {name: (lambda text, name=name: follows(name, text, exact)) for name in FORMATS}
        for name, follow in formats.items():
            checker.checks(name)(lambda text, follow=follow: not isinstance(text, str) or follow(text))
        newer, older = published(version), draft_07(published(version))
        self.first = [
            Draft202012Validator(as_python_reads_it(newer), format_checker=checker),
            Draft7Validator(as_python_reads_it(older), format_checker=checker),
        ]
        self.second = [
            jsonschema_rs.Draft202012Validator(newer, formats=formats, validate_formats=True, offline=True),
            jsonschema_rs.Draft7Validator(older, formats=formats, validate_formats=True, offline=True),
        ]

    def say(self, value: object) -> list[Counter[tuple[object, ...]]]:
        ours = [
            Counter(
                found(str(one.validator), one.absolute_path, one.absolute_schema_path)
                for one in validator.iter_errors(value)
            )
            for validator in self.first
        ]
        theirs = [
            Counter(found(one.kind.name, one.instance_path, one.schema_path) for one in validator.iter_errors(value))
            for validator in self.second
        ]
        return ours + theirs


def as_python_reads_it(document: dict[str, Any]) -> dict[str, Any]:
    # A `$` of JSON Schema is the end of the text; one of Python may have a line break after it.
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for part in schemas(copy):
        if isinstance(part.get("pattern"), str):
            part["pattern"] = re.sub(r"\$\Z", r"\\Z", part["pattern"])
    return copy


def disagreements(version: Version, judged: Sequence[object]) -> list[tuple[object, ...]]:
    judges = Judges(version)
    said = ((value, judges.say(value)) for value in judged)
    return [(value, *each) for value, each in said if any(one != each[0] for one in each)]


@pytest.mark.parametrize("version", SOME, ids=str)
def test_a_second_validator_judges_our_fixtures_alike(version: Version) -> None:
    judged = list(values(our_fixtures()))
    assert len(judged) > 80
    assert disagreements(version, judged) == []


def test_a_second_validator_judges_what_k6_was_asked_alike() -> None:
    asked = list(values(verdicts()))
    assert len(asked) > 5500
    step = len(VERSIONS)
    assert [one for place, version in enumerate(VERSIONS) for one in disagreements(version, asked[place::step])] == []
    newest = jsonschema_rs.Draft202012Validator(published(NEWEST))
    faulty = sum(not newest.is_valid(value) for value in asked)
    assert 1000 < faulty < len(asked)
