"""Patterns that are compiled when they are first needed."""

import copy
import pickle
import re

from k6cfg.text.lazy_regex import late


def test_it_does_what_the_pattern_does() -> None:
    words = late("[a-z]+", re.IGNORECASE)
    assert words.findall("one, TWO") == ["one", "TWO"]
    assert words.pattern == "[a-z]+"


def test_it_can_be_copied_and_sent_whether_or_not_it_was_used() -> None:
    words = late("[a-z]+", re.IGNORECASE)
    for _ in range(2):
        for other in (copy.copy(words), copy.deepcopy(words), pickle.loads(pickle.dumps(words))):  # noqa: S301 - made a moment ago
            assert other.findall("one, TWO") == ["one", "TWO"]
