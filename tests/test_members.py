"""Which member k6 reads: what `k6 cloud login --show` printed for such files is the measure."""

import pytest

from k6cfg.k6.member_lookup import Found, find, fold
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text.parser import parse
from k6cfg.text.tree import Document

TOKEN = ("collectors", "cloud", "token")


def read(text: str, version: str = "2.2.0") -> tuple[Document, Found]:
    document = parse(text)
    return document, find(document, load(Version.parse(version)), TOKEN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"collectors": {"cloud": {"token": "A"}}}', '"A"'),
        ('{"COLLECTORS": {"cloud": {"toKen": "A"}}}', '"A"'),
        ('{"collectors": {"cloud": {"to\\u212aen": "A"}}}', '"A"'),
        ('{"collectors": {"cloud": {"token": "A", "TOKEN": "B"}}}', '"B"'),
        ('{"collectors": {"cloud": {"token": "A"}}, "collectors": {"json": {}}}', '"A"'),
        ('{"collectors": {"cloud": {"token": "A"}}, "Collectors": {"cloud": {"token": "B"}}}', '"B"'),
        ('{"collectors": {"cloud": {"token": null}}}', "null"),
    ],
)
def test_finds_the_member_that_k6_reads(text: str, value: str) -> None:
    document, found = read(text)
    assert found.matched == 3
    assert found.member is not None
    assert found.member.value is not None
    assert document.source(found.member.value) == value


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("{}", 0),
        ('{"collectors": {}}', 1),
        ('{"collectors": {"Cloud": {"token": "A"}}}', 1),
        ('{"collectors": {"cloud": {}}}', 2),
        ('{"collectors": {"cloud": {"token": "A"}, "cloud": {}}}', 2),
        ('{"collectors": {"cloud": {"token": "A"}}, "collectors": {"cloud": {}}}', 2),
        ('{"collectors": {"cloud": {"token": "A"}}, "collectors": null, "collectors": {}}', 1),
    ],
)
def test_says_where_the_next_member_belongs(text: str, matched: int) -> None:
    document, found = read(text)
    assert found.matched == matched
    assert found.parent is not None
    assert document.source(found.parent).startswith("{")


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("", 0),
        ("[]", 0),
        ("null", 0),
        ('{"collectors": null}', 1),
        ('{"collectors": {"cloud": {"token": "A"}}, "collectors": null}', 1),
        ('{"collectors": {"cloud": 5}}', 2),
        ('{"collectors": {"cloud": null}}', 2),
    ],
)
def test_has_no_parent_where_there_is_no_object(text: str, matched: int) -> None:
    _, found = read(text)
    assert (found.matched, found.parent) == (matched, None)


def test_names_the_members_that_a_later_one_replaces() -> None:
    document, found = read('{"collectors": {"cloud": {"token": "A"}, "cloud": {"token": "B", "Token": "C"}}}')
    assert [document.source(each) for each in found.shadowed] == ['"cloud": {"token": "A"}', '"token": "B"']


def test_merges_the_structs_of_old_versions() -> None:
    text = '{"collectors": {"CLOUD": {"token": "A"}}, "collectors": {"cloud": {"name": "n"}}, "collectors": null}'
    document, found = read(text, "0.30.0")
    assert found.matched == 3
    assert found.member is not None
    assert document.source(found.member) == '"token": "A"'


def test_works_on_a_broken_text() -> None:
    document, found = read('{"vus" 5, "collectors": {"cloud": {"token": "A" "name": "n"')
    assert found.matched == 3
    assert found.member is not None
    assert document.source(found.member) == '"token": "A"'


def test_folds_only_as_go_does() -> None:
    assert fold("SummaryTrend\u017ftats\u212a") == "summarytrendstatsk"
    assert fold("ÄB") == fold("äb") != fold("ab")
    assert fold("İ") != "i"
