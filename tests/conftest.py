"""What all tests share: where the fixtures are, and what Hypothesis may take its time for."""

from pathlib import Path

import pytest
from hypothesis import settings

FIXTURES = Path(__file__).parent.parent / "fixtures"

# The machine that runs the tests may be busy; a slow example is no failure, and the same examples run everywhere.
settings.register_profile("k6cfg", deadline=None, derandomize=True, max_examples=200)
settings.load_profile("k6cfg")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what is found as what is expected, to be reviewed")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def fixtures() -> Path:
    return FIXTURES
