"""Bytes to text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.text.diagnostics import Edit, apply_edits
from k6cfg.text.encoding import byte_of, decode, encode, undecodable

SAMPLE = '{"vus": 1, "tags": {"ä": "€"}}'


@given(st.binary())
def test_every_byte_comes_back(data: bytes) -> None:
    assert encode(*decode(data)) == data


@given(st.text(), st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_every_wide_text_comes_back(text: str, encoding: str) -> None:
    data = ("\ufeff" + text).encode(encoding, "surrogatepass")
    assert encode(*decode(data)) == data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_encoding_is_recognised(encoding: str, mark: str) -> None:
    assert decode((mark + SAMPLE).encode(encoding)) == (mark + SAMPLE, encoding)


def test_cut_utf_16_is_kept() -> None:
    data = ("\ufeff" + SAMPLE).encode("utf-16-le")[:-1]
    assert encode(*decode(data)) == data


def test_edit_leaves_invalid_bytes_alone() -> None:
    data = b'{"a": "caf\xe9", "b": 1}'
    text, encoding = decode(data)
    edited = apply_edits(text, [Edit(text.index("1"), text.index("1") + 1, "2")])
    assert encode(edited, encoding) == b'{"a": "caf\xe9", "b": 2}'


def test_undecodable_character_names_its_byte() -> None:
    text = decode(b"\xe9").text
    assert undecodable(text)
    assert byte_of(text) == 0xE9
    assert not undecodable("é")
