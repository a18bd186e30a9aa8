"""Every character of any text is in exactly one token."""

import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.text.scanner import Kind, Token, scan

PIECES = st.sampled_from(
    [
        *"{}[]:,\"'`“”\u2018\u2019«»/\\*# \t\r\n\ufeff\xa0\x00019-+.eEtrufalsn_ä\udc80",
        "//",
        "/*",
        "*/",
        '\\"',
        "\\u00e9",
        "true",
        "null",
        "05",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_tokens_tile_the_text(text: str) -> None:
    tokens = list(scan(text))
    assert "".join(text[token.start : token.end] for token in tokens) == text
    assert all(token.start < token.end for token in tokens)
    assert [token.start for token in tokens] == [0, *(token.end for token in tokens[:-1])][: len(tokens)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("-0.5e+3", [Kind.NUMBER]),
        ("05", [Kind.WORD]),
        ("1.", [Kind.WORD]),
        ("+1", [Kind.WORD]),
        ("1_000", [Kind.WORD]),
        ("true", [Kind.TRUE]),
        ("trueish", [Kind.WORD]),
        ('"a\\u00e9"', [Kind.STRING]),
        ('"a\\x"', [Kind.LOOSE_STRING]),
        ('"a\tb"', [Kind.LOOSE_STRING]),
        ('"a', [Kind.OPEN_STRING]),
        ("'a'", [Kind.FOREIGN_STRING]),
        ("“a”", [Kind.FOREIGN_STRING]),
        ("`a\nb`", [Kind.FOREIGN_STRING]),
        ("// x", [Kind.LINE_COMMENT]),
        ("# x", [Kind.LINE_COMMENT]),
        ("/* x", [Kind.BLOCK_COMMENT]),
        ("/* x */1", [Kind.BLOCK_COMMENT, Kind.NUMBER]),
        ("\ufeff{", [Kind.BYTE_ORDER_MARK, Kind.OPEN_BRACE]),
        ("{\ufeff", [Kind.OPEN_BRACE, Kind.ODD_SPACE]),
        ("\xa0", [Kind.ODD_SPACE]),
        ("\x00", [Kind.WORD]),
        ("1//x", [Kind.NUMBER, Kind.LINE_COMMENT]),
        ("http://x", [Kind.WORD, Kind.COLON, Kind.LINE_COMMENT]),
    ],
)
def test_kinds(text: str, kinds: list[Kind]) -> None:
    assert [token.kind for token in scan(text)] == kinds


@pytest.mark.parametrize(
    "piece",
    ['"', "'", "`", "“", "\u2018", "«", "/*", "//", '"\\', "{", "a", '"a', "*/", '"\n', "-", "0", "0.", "\\'", "\\' "],
)
def test_time_is_linear(piece: str) -> None:
    def cost(length: int) -> float:
        text = piece * (length // len(piece))
        gc.disable()  # it would walk over whatever else the process holds
        start = time.process_time()
        for _ in scan(text):
            pass
        spent = time.process_time() - start
        gc.enable()
        return spent

    small = min(cost(20_000) for _ in range(3))
    # Eight times the text may take eight times the time; a quadratic scanner would take 64 times.
    assert min(cost(160_000) for _ in range(2)) < 25 * small + 0.2


def test_token_is_a_span() -> None:
    assert scan(" 1")[0] == Token(Kind.SPACE, 0, 1)
