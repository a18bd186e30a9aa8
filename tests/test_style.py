"""What a stream can show: colour, links, width and letters, by the usual variables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Home
from hypothesis import given, settings
from hypothesis import strategies as st

from k6cfg.engine import check
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import PLAIN, Painter, columns, one_line, painter, slice_columns
from k6cfg.report.text import render
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST

SCHEMA = load(NEWEST)
CANARY = "glc_CANARYcanary0123456789"


@pytest.mark.parametrize(
    ("environ", "terminal", "piped"),
    [
        ({}, True, False),
        ({"TERM": "xterm"}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"CLICOLOR": "1"}, True, False),
        ({"CLICOLOR": "0"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, False, False),
        ({"K6_NO_COLOR": "true"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "3", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "false"}, False, False),
        ({"FORCE_COLOR": ""}, True, False),
        ({"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, True, True),
        ({"CLICOLOR_FORCE": "0"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"K6_NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False, False),
    ],
    ids=str,
)
def test_colour(environ: dict[str, str], terminal: bool, piped: bool) -> None:
    assert painter(environ, terminal=True).colour is terminal
    assert painter(environ, terminal=False).colour is piped


@pytest.mark.parametrize(
    ("environ", "links"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-kitty", "TMUX": "x"}, False),
        ({"TERM": "screen-256color", "VTE_VERSION": "7200"}, False),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "7200", "SSH_CONNECTION": "x"}, False),
        ({"VTE_VERSION": "4900"}, False),
        ({"VTE_VERSION": "many"}, False),
        ({"KONSOLE_VERSION": "220402"}, True),
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"WT_SESSION": "x", "TERM": "dumb"}, False),
        ({"TERM_PROGRAM": "vscode", "FORCE_HYPERLINK": "0"}, False),
    ],
    ids=str,
)
def test_links_are_for_terminals_that_follow_them(environ: dict[str, str], links: bool) -> None:
    assert painter(environ, terminal=True).links is links
    assert not painter(environ, terminal=False).links
    assert painter({**environ, "FORCE_HYPERLINK": "1"}, terminal=False).links


def test_width() -> None:
    assert painter({}, terminal=True, width=72).width == 72
    assert painter({"COLUMNS": "100"}, terminal=False).width == 100
    assert painter({"COLUMNS": "100"}, terminal=True, width=72).width == 100
    for text in ("", "0", "-5", "wide", "9" * 30, "²"):
        assert painter({"COLUMNS": text}, terminal=False).width == 0


def shown(text: str, brush: Painter = PLAIN) -> list[str]:
    checked = check(text.encode(), SCHEMA)
    verdict = Verdict(NEWEST, [FileReport("f.json", "f.json", checked, checked.diagnostics)])
    return render(verdict, brush).splitlines()


def frame(text: str, brush: Painter = PLAIN) -> tuple[str, str]:
    """The first frame: its line, and the line of its mark."""
    lines = shown(text, brush)
    at = next(index for index, line in enumerate(lines) if " | " in line)
    return lines[at].partition(" | ")[2], lines[at + 1].partition(" | ")[2]


def marked(text: str, brush: Painter = PLAIN) -> str:
    """What stands above the mark, by columns."""
    line, mark = frame(text, brush)
    start = len(mark) - len(mark.lstrip())
    return slice_columns(line, start, len(mark))


WIDE = '{"tags": {"日本": "é", "e\u0301": "😀"}, "thresold": {}, "rps": 5}'


def test_mark_stands_under_the_place() -> None:
    assert marked(WIDE) == '"thresold"'
    assert marked(WIDE, Painter(encoding="ascii")) == '"thresold"'
    assert marked('{"tags": {"\x1b[2J": "x"}, "thresold": {}}'.replace("\x1b", "\\u001b")) == '"thresold"'
    assert frame('{"\x07": 1}')[0].isprintable()


LONG = '{"tags": {"a": "' + "y" * 400 + '"}, "thresold": {}, "hosts": {"c": "' + "z" * 400 + '"}}'


@pytest.mark.parametrize("width", [0, 30, 60, 200])
@pytest.mark.parametrize("text", [LONG, LONG.replace("y", "本"), LONG.replace("y", "\u0301"), LONG.replace("z", "é")])
def test_long_line_is_cut_around_the_place(width: int, text: str) -> None:
    line, mark = frame(text, Painter(width=width))
    assert marked(text, Painter(width=width)) == '"thresold"'
    assert line.startswith("...")
    assert line.endswith("...")
    assert columns(line) <= (min(160, width - 7) if width else 160)
    assert len(mark) <= columns(line)


def test_short_line_is_whole_and_the_end_of_a_long_one_has_no_dots() -> None:
    assert frame('{"thresold": {}}')[0] == '{"thresold": {}}'
    line, _ = frame('{"tags": {"a": "' + "y" * 400 + '"}, "thresold": {}}')
    assert line.startswith("...")
    assert line.endswith('"thresold": {}}')
    line, _ = frame('{"thresold": {}, "tags": {"a": "' + "y" * 400 + '"}}')
    assert line.startswith('{"thresold"')
    assert line.endswith("y...")


@settings(max_examples=30)
@given(st.text(st.sampled_from('ab":,{}[]本é😀\u0301\t\x1b'), max_size=300), st.sampled_from([0, 24, 80]))
def test_any_frame_fits(text: str, width: int) -> None:
    brush = Painter(width=width)
    for line in shown(text, brush):
        assert line.isprintable()
        if " | " in line[:8]:
            assert columns(line) <= (width or 160 + 7) + 8


def test_secret_is_not_shown_however_narrow() -> None:
    text = '{"thresold": {}, "collectors": {"cloud": {"token": "' + CANARY + '" "x": 1}}}'
    for width in range(1, 120, 7):
        assert not {CANARY[at : at + 6] for at in range(len(CANARY) - 6)} & {
            line[at : at + 6] for line in shown(text, Painter(width=width)) for at in range(len(line))
        }


def test_help_is_wrapped_between_words_and_not_within_backquotes() -> None:
    text = "write `a value with spaces` here, or take the whole of it out of the file"
    lines = Painter(width=30).wrapped(text, 8, "        ").split("\n")
    assert len(lines) > 2
    assert all(len(line) <= 30 for line in lines[1:])
    assert " ".join(line.strip() for line in lines) == text
    assert any("`a value with spaces`" in line for line in lines)
    assert PLAIN.wrapped(text, 8, "  ") == text
    assert Painter(width=3).wrapped("a b", 8, "  ") == "a b"


def test_a_link_leads_to_the_file() -> None:
    linked = Painter(links=True).link("a b", "a b.json")
    assert linked == f"\x1b]8;;{Path('a b.json').absolute().as_uri()}\x1b\\a b\x1b]8;;\x1b\\"
    assert Painter(links=True).link("stdin", "-") == "stdin"
    assert Painter(links=True).link("odd", os.fsdecode(b"\xff\x1b")).count("\x1b") == 4


@given(st.text())
def test_one_line_acts_on_nothing(text: str) -> None:
    assert one_line(text).isprintable()


@pytest.mark.parametrize(
    "variables",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
    ids=["ascii", "C"],
)
def test_ascii_where_there_is_no_more(home: Home, variables: dict[str, str]) -> None:
    """In one process for many runs: what the streams know is known from the start."""
    home.write(WIDE, home.work / "ümläut 日本.json")
    program = (
        "import subprocess, sys\n"
        "from k6cfg.cli.app import main\n"
        "formats = ['text', 'concise', 'json', 'github', 'gitlab', 'junit', 'sarif']\n"
        "runs = [['validate', '--output-format', each, *sys.argv[1:]] for each in formats]\n"
        "runs += [['validate', '--help'], ['show', *sys.argv[1:]], ['validate', '--diff', '--unsafe-fixes', *sys.argv[1:]]]\n"
        "for run in runs:\n"
        "    try:\n"
        "        main(run)\n"
        "    except SystemExit as end:\n"
        "        assert end.code in {0, 1}, (run, end.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "ümläut 日本.json"],
        env={**home.environ, **variables},
        cwd=home.work,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"bug" in done.stderr) == (0, False), done.stderr
    assert done.stdout.isascii()
    assert b"thresold" in done.stdout
