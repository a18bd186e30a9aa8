"""The fault matrix names tests that there are."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROW = re.compile(r"^\| (T[0-9]+) \|[^|]*\|[^|]*\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
NAME = re.compile(r"`((?:test_|Test)\w+)`")


def test_every_row_has_tests_and_each_of_them_is_there() -> None:
    rows = ROW.findall((TESTS / "faults" / "README.md").read_text(encoding="utf-8"))
    assert [row for row, _, _ in rows] == [f"T{number}" for number in range(1, 25)]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("test_*.py")))
    for row, short, long in rows:
        assert NAME.search(short) or row == "T23"
        for name in NAME.findall(short + long):
            assert re.search(rf"^(?:def {name}\(|{name} = )", text, re.MULTILINE), (row, name)
        for name in NAME.findall(long):
            assert re.search(rf"^@pytest\.mark\.slow\n(?:@.*\n)*def {name}\(", text, re.MULTILINE), (row, name)
