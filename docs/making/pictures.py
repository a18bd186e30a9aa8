"""Pictures of a terminal, as SVG, from what is really printed; they need no font and nothing from the network."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_STYLES = {"1": "b", "2": "d", "31": "r", "32": "g", "33": "y", "36": "c"}
_SHEET = (
    "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d6dae0;white-space:pre}"
    ".b{font-weight:bold;fill:#fff}.d{fill:#8a919c}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#e3b341}.c{fill:#79c0ff}"
)
_WIDTH, _HEIGHT, _MARGIN = 8.43, 20, 18

BROKEN = """{
  // our defaults
  "thresold": { "http_req_duration": ["p(95)<500"] },
  "collectors" {
    "cloud": { "token": "not-a-real-token" }
  }
}
"""
MISSPELT = """{
  "vus": "10",
  "duration": "5m",
  "thresold": { "http_req_duration": ["p(95)<500"] }
}
"""


def validate() -> str:
    """A broken file: each fault with its place."""
    return _picture(BROKEN, 0o600, ["validate"])


def ignored() -> str:
    """A file that k6 takes, but not as it is meant."""
    return _picture(MISSPELT, 0o600, ["validate"])


def doctor() -> str:
    """A file with a token that everybody can read, and a variable that counts more."""
    text = BROKEN.replace("  // our defaults\n", "").replace('"collectors" {', '"collectors": {')
    return _picture(text, 0o644, ["doctor", "--only", "k6,place,mode,syntax,accepted,variables"], K6_VUS="5")


def _picture(text: str, mode: int, arguments: list[str], **variables: str) -> str:
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / ".config" / "k6" / "config.json"
        config.parent.mkdir(parents=True)
        config.write_text(text, "utf-8")
        config.parent.chmod(0o755)
        config.chmod(mode)
        environ = {"HOME": name, "PATH": os.devnull, "FORCE_COLOR": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
        done = subprocess.run(
            [sys.executable, "-m", "k6cfg", *arguments],
            env={**environ, **variables},
            cwd=name,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    typed = " ".join(arguments)
    return _svg(["\x1b[2m$\x1b[0m \x1b[1mk6cfg " + typed + "\x1b[0m", *done.stdout.decode().rstrip().splitlines()])


def _svg(lines: list[str]) -> str:
    widest = max(len(_ESCAPE.sub("", line)) for line in lines)
    width, height = round(widest * _WIDTH + 2 * _MARGIN), len(lines) * _HEIGHT + 2 * _MARGIN
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    rows = "\n".join(
        f'<text x="{_MARGIN}" y="{_MARGIN + 15 + number * _HEIGHT}">{"".join(_spans(line))}</text>'
        for number, line in enumerate(lines)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" {size}>\n<style>{_SHEET}</style>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#16191f"/>\n{rows}\n</svg>\n'
    )


def _spans(line: str) -> Iterator[str]:
    """A line with its colours as classes."""
    style, at = "", 0
    for found in _ESCAPE.finditer(line):
        yield _span(style, line[at : found.start()])
        at = found.end()
        if found[1] is not None:
            style = " ".join(_STYLES[code] for code in found[1].split(";") if code in _STYLES)
    yield _span(style, line[at:])


def _span(style: str, text: str) -> str:
    return f'<tspan class="{style}">{escape(text)}</tspan>' if style and text else escape(text)
