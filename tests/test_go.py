"""Held against Go itself: what its library makes of a text is what the readers of k6's grammars say."""

import base64
import json
import math
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from keys import PAIRS, fits

from k6cfg.engine import check
from k6cfg.k6.decode.scalars import go_text
from k6cfg.k6.grammars import segments
from k6cfg.k6.grammars.durations import parse_duration, parse_float, parse_int
from k6cfg.k6.grammars.network import cidr, ip_address
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text.encoding import decode
from k6cfg.text.parser import parse, stop
from k6cfg.text.tree import Scalar

GO = shutil.which("go") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not GO, reason="needs Go; there is none on PATH"),
]
NEWEST = load().version
COUNT = 6000


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Sequence[bytes]], list[Any]]:
    """Go's answers to one question about many texts."""
    folder = tmp_path_factory.mktemp("go")
    program = folder / "oracle"
    command = [GO, "build", "-o", str(program), str(Path(__file__).parent / "go" / "oracle.go")]
    subprocess.run(command, check=True, env={**os.environ, "GOCACHE": str(folder / "cache"), "GO111MODULE": "off"})

    def ask(question: str, texts: Sequence[bytes]) -> list[Any]:
        lines = "".join(f"{question} {base64.b64encode(text).decode()}\n" for text in texts)
        done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    return ask


def broken(seeds: Sequence[str], alphabet: str) -> list[str]:
    """Texts near those of ``seeds``; the same ones each time."""
    chance = random.Random(f"{seeds}")  # noqa: S311 - no secret hangs on it
    found = []
    for _ in range(COUNT):
        text = list(chance.choice(seeds))
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            at = chance.randrange(len(text) + 1)
            text[at : at + chance.choice([0, 1])] = chance.choice([*alphabet, ""])
        found.append("".join(text))
    return found


def same_number(go: str | None, ours: float | str) -> bool:
    if go is None or isinstance(ours, str):
        return go is None and isinstance(ours, str)
    theirs = float(go)
    return theirs == ours or (math.isnan(theirs) and math.isnan(ours))


def same_count(go: str | None, ours: int | str) -> bool:
    return go == (None if isinstance(ours, str) else str(ours))


def same_fraction(go: str | None, text: str) -> bool:
    found = segments._fraction(text) if "/" in text else segments._decimal(text)
    return go == (None if found is None else f"{found.numerator}/{found.denominator}")


@cache
def of_its_time() -> Version:
    """A k6 that was built with a Go like the one here: how addresses are read depends on it."""
    said = subprocess.run([GO, "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"go1\.([0-9]+)", said)
    minor = int(found[1]) if found else 99
    return Version(0, 30) if minor < 17 else Version(0, 43) if minor < 21 else NEWEST


GRAMMARS: dict[str, tuple[list[str], str, Callable[[Any, str], bool]]] = {
    "int": (
        ["0", "-1", "+5", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1_000", "0x1F"],
        "0123456789+-._ex ",
        lambda go, text: same_count(go, parse_int(text)),
    ),
    "float": (
        [
            "0",
            "1.5",
            ".5",
            "5.",
            "1e400",
            "-1e-400",
            "inf",
            "nan",
            "+Inf",
            "infinity",
            "0x1p4",
            "0X1.8P-3",
            "1__0",
            "0x_1p0",
            "1e+5",
            "1_0.0_1",
            "4.9e-324",
            "1.7976931348623159e308",
        ],
        "0123456789+-._eExXpPinfatyN ",
        lambda go, text: same_number(go, parse_float(text)),
    ),
    "duration": (
        [
            "1s",
            "1m30s",
            "1.5h",
            "-1.5s",
            "+5s",
            "0",
            ".5s",
            "5.s",
            "1us",
            "1µs",
            "1μs",
            "100ns",
            "1d",
            "1h1h",
            "1e3s",
            "9223372037s",
            "2562047h47m16.854775807s",
            "-2562047h47m16.854775808s",
            "0.33333333333333333333h",
        ],
        "0123456789+-.hmsuµμnde ",
        lambda go, text: same_count(go, parse_duration(text)),
    ),
    "rational": (
        [
            "1/2",
            "0.5",
            "-1/3",
            "1e2",
            "0x10",
            "0b1",
            "0o7",
            "017/019",
            "1/0x10",
            "0.1e-1",
            "1p3",
            "0x1p-2",
            ".5",
            "5.",
            "1_0",
            "0x_1",
            "1/-2",
            "1/0",
            "0x1.8",
            "0b1.1",
            "1E2",
            "0X1P2",
            "08",
            "08/9",
            "0x1e-2",
        ],
        "0123456789+-./_eExXbBoOpPa",
        same_fraction,
    ),
    "address": (
        [
            "1.2.3.4",
            "010.0.0.1",
            "256.1.1.1",
            "::",
            "::1",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1:2:3:4::5:6:7:8",
            "fe80::1%eth0",
            "::ffff:1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "::1.2.3.04",
            "FFFF::abcd",
        ],
        "0123456789abf:.%gF ",
        lambda go, text: (go is None) == isinstance(ip_address(text, of_its_time()), str),
    ),
    "network": (
        ["10.0.0.0/8", "10.0.0.0/33", "::/0", "::1/129", "1.2.3.4", "1.2.3.4/08", "1.2.3.4/+8", "::ffff:1.2.3.4/96"],
        "0123456789abf:./%+ ",
        lambda go, text: (go is None) == (cidr(text, of_its_time()) is not None),
    ),
}


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_go_reads_the_same(oracle: Callable[[str, Sequence[bytes]], list[Any]], grammar: str) -> None:
    seeds, alphabet, agrees = GRAMMARS[grammar]
    texts = broken(seeds, alphabet)
    answers = oracle(grammar, [text.encode() for text in texts])
    assert [(text, go) for text, go in zip(texts, answers, strict=True) if not agrees(go, text)] == []
    assert 0.05 < sum(go is None for go in answers) / COUNT < 0.95


DOCUMENTS = [
    '{"vus":10,"duration":"1m","tags":{"a":"b\\u00e9\\n"},"stages":[{"target":1.5e3},{"x":null}],"linger":true}',
    '[1,-0.5,1e5,"\\ud800","\\udc00\\ud800x",false,{"":[[]]}]',
    '"abc"',
    " {} ",
    '{"a":{"b":{"c":[1,2,[3]]}},"a":"x"}',
    "-0",
    "1e5",
    '{"a":"\u2028é😀"}',
    "\t[\r\n1 ,2]\n",
    "null",
]


def test_go_stops_at_the_same_place(oracle: Callable[[str, Sequence[bytes]], list[Any]]) -> None:
    texts = broken(DOCUMENTS, "{}[]\":,\\/ \t\n\r0123456789-+.eEtrufalsn'\x00\x1f\u00e9\ufeffbd/*#")
    for text, go in zip(texts, oracle("json", [text.encode() for text in texts]), strict=True):
        assert check(text.encode(), load()).well_formed is (go[0] != "syntax"), text
        if go[0] == "syntax":
            stopped = len(text[: stop(text)].encode())
            # At the end of the text Go counts what it has read; elsewhere the character that it names, too.
            at_the_end = "unexpected end" in go[2] or stopped == len(text.encode())
            assert stopped == go[1] - (not at_the_end), (text, go)


PIECES = [b"\\ud83d", b"\\ude00", b"\\uD800", b"\\u0041", b"\\n", b"\\/", b'\\"', b"\\u0000", b"\xff", b"\xc3", b"\xa9"]
PIECES += [b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xc0\x80", b"\xf4\x90\x80\x80", b"a", b"\xef\xbb\xbf"]


def test_go_reads_the_same_text(oracle: Callable[[str, Sequence[bytes]], list[Any]]) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret hangs on it
    texts = [b'"' + b"".join(chance.choices(PIECES, k=chance.randrange(7))) + b'"' for _ in range(COUNT)]
    for text, go in zip(texts, oracle("json", texts), strict=True):
        decoded = decode(text)
        document = parse(decoded.text, decoded.encoding)
        assert isinstance(document.root, Scalar)
        assert go == ["fine", go_text(document.string(document.root))], text


def damaged(pair: tuple[str, str], chance: random.Random) -> tuple[str, str]:
    """A pair, something of one half changed: a line of its text, or bytes of what the text stands for."""
    halves = list(pair)
    which = chance.randrange(2)
    lines = halves[which].splitlines(keepends=True)
    at = chance.randrange(len(lines))
    if chance.random() < 0.4:
        more = ["\r\n", " \n", "x\n", "A: b\n", "\n", "=", "-", lines[at], "-----BEGIN CERTIFICATE-----\n", ""]
        lines[at] = chance.choice(["", lines[at]]) + chance.choice(more)
        halves[which] = "".join(lines)
    else:
        first = max(index for index, line in enumerate(lines) if "BEGIN" in line)
        data = bytearray(base64.b64decode("".join(lines[first + 1 : -1])))
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(2)] = bytes(chance.choices(range(256), k=chance.randrange(2)))
        halves[which] = "".join(lines[: first + 1]) + base64.encodebytes(data).decode() + lines[-1]
    return halves[0], halves[1]


def test_go_takes_the_same_pairs(oracle: Callable[[str, Sequence[bytes]], list[Any]]) -> None:
    chance = random.Random(1)  # noqa: S311 - no secret hangs on it
    pairs = PAIRS + [damaged(chance.choice(PAIRS), chance) for _ in range(1500)]
    answers = oracle("pair", [f"{shown}\0{kept}".encode() for shown, kept in pairs])
    assert [pair for pair, go in zip(pairs, answers, strict=True) if go is not fits(pair)] == []
    assert 0.1 < sum(answers) / len(pairs) < 0.9


DAYS = ["260228", "260229", "280229", "000229", "260230", "260431", "260430", "991231", "490101", "500101", "261301"]
LONG_DAYS = ["20500229", "20480229", "21000229", "20000229", "20500431", "20501130", "00000101"]


def test_go_knows_the_same_days(oracle: Callable[[str, Sequence[bytes]], list[Any]]) -> None:
    shown, kept = PAIRS[0]
    head, *body, end = shown.strip().splitlines()
    data = base64.b64decode("".join(body))
    written = [(b"260101000000Z", f"{day}000000Z") for day in DAYS]
    written += [(b"20500101000000Z", f"{day}000000Z") for day in LONG_DAYS]
    written += [(b"260101000000Z", f"2601010000{zone}"[:13]) for zone in ("00Z", "60Z", "99Z")]
    dated = [data.replace(old, new.encode()) for old, new in written]
    pairs = [(f"{head}\n{base64.encodebytes(one).decode()}{end}\n", kept) for one in dated]
    answers = oracle("pair", [f"{shown}\0{kept}".encode() for shown, kept in pairs])
    assert True in answers
    assert False in answers
    assert [new for (_, new), pair, go in zip(written, pairs, answers, strict=True) if go is not fits(pair)] == []
