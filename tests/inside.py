"""k6cfg's command line run within the tests' own process: as the real one, but for the start of Python."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from conftest import Done, Home

from k6cfg.cli import app


@contextlib.contextmanager
def living_in(home: Home, **variables: str) -> Iterator[None]:
    """The home's variables and folder for as long as it lasts."""
    before, folder = dict(os.environ), Path.cwd()
    os.environ.clear()
    os.environ.update({**home.environ, **variables})
    os.chdir(home.work)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        os.chdir(folder)


def call(home: Home, *arguments: str | Path, stdin: str | bytes = b"", **variables: str) -> Done:
    """Run k6cfg in a home; there is no terminal."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    out, err, old = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8"), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    try:
        with living_in(home, **variables), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = app._run([str(each) for each in arguments])
            out.flush()
            err.flush()
    finally:
        sys.stdin = old
    raw, said = _bytes(out), _bytes(err)
    return Done(code, raw.decode(errors="replace"), said.decode(errors="replace"), raw)


def spoken(home: Home, *arguments: str, **variables: str) -> str:
    """All that k6cfg says in a home, on stdout and stderr, in the order in which it is said."""
    heard, old = io.TextIOWrapper(io.BytesIO(), "utf-8"), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(), "utf-8")
    try:
        with living_in(home, **variables), contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
            app._run(list(arguments))
            heard.flush()
    finally:
        sys.stdin = old
    return _bytes(heard).decode()


def _bytes(stream: io.TextIOWrapper) -> bytes:
    buffer = stream.detach()
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
