"""Damaged texts with a secret: no piece of it comes out, nothing crashes, nothing hangs. ``bench/leaks.py`` asks more."""

import pytest
from conftest import Home
from leaking import DAMAGES, NOTATIONS, PLACES, Case, case, faults, prepared, questions

SLICE = range(200)


def test_the_cases_are_of_every_kind() -> None:
    made = [case(number) for number in range(2000)]
    assert {one.place for one in made} == set(PLACES)
    assert {one.notation for one in made} == set(NOTATIONS)
    assert {name for one in made for name in one.damage} == set(DAMAGES)
    assert all(one.core in one.text for one in made if one.told)


def test_a_case_is_made_from_its_number() -> None:
    assert case(77) == case(77)


def test_a_piece_of_a_secret_is_a_leak(home: Home) -> None:
    one = Case(0, "tags", "json", (), '{"tags": {"a": "wOrd1234567"}, "vus": 1}', "wOrd1234567", told=True)
    assert {fault.kind for fault in faults(prepared(home), one, [["show"]])} == {"leak"}
    assert one.seen_in("of wOrd1234…")
    assert not one.seen_in("of wOrd123…")


def test_everything_is_asked() -> None:
    asked = questions()
    assert asked[0] == ["show"]
    for words in (
        ["validate", "--output-format", "sarif"],
        ["show", "--effective", "--output-format", "json"],
        ["diff", "other.json", "--output-format", "json-patch"],
        ["doctor", "--report"],
        ["api validate"],
    ):
        assert words in asked


@pytest.mark.parametrize("part", range(4))
def test_no_piece_of_a_secret_comes_out(home: Home, part: int) -> None:
    prepared(home)
    first, *others = questions()
    for number in SLICE[part::4]:
        one = case(number)
        asked = [first, others[number % len(others)]]
        assert not [fault for fault in faults(home, one, asked) if one.told or fault.kind != "leak"]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_no_piece_of_a_secret_comes_out_whatever_is_asked(home: Home, part: int) -> None:
    prepared(home)
    for number in range(part * 100, part * 100 + 100):
        one = case(number)
        assert not [fault for fault in faults(home, one, questions()) if one.told or fault.kind != "leak"]
