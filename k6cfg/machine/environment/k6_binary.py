"""The k6 binaries of a machine, and the version that one of them gives."""

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from k6cfg.machine.environment.k6_version_cache import recall, remember
from k6cfg.machine.environment.programs import on_path
from k6cfg.schema.versions import Version

if TYPE_CHECKING:
    import subprocess

TIMEOUT: Final = 5.0
"""Seconds that a k6 has to tell its version; a healthy one needs a tenth of one."""
_ENOUGH: Final = 65536
"""Bytes of output after which we have heard enough: k6 prints one line, and one per extension."""

# `k6 v2.2.0 (go1.25.5, linux/amd64)`, `k6.exe v0.57.0 (commit/…, …)`; a build from a checkout says `k6 v(devel) (…)`.
_LINE: Final = r"(?am)^(?=\S*k6)\S+[ \t]+v?(\d{1,9}\.\d{1,9}(?:\.\d{1,9})?(?:[-+][^\s()]{0,100})?)(?=\s|$)"
_DEVEL: Final = r"(?am)^(?=\S*k6)\S+[ \t]+v?\(?devel\b"


class Binary(NamedTuple):
    """A k6 on PATH. ``path`` is where PATH finds it, and what to run; ``real`` is the file behind all links."""

    path: str
    real: str


class Answer(NamedTuple):
    """The version that a binary gave, or None and the ``reason``: the end of a sentence that starts with its path."""

    version: Version | None
    reason: str = ""


def find_k6(environ: Mapping[str, str]) -> tuple[Binary, ...]:
    """Every k6 on PATH, in order, each real file once."""
    found: dict[str, Binary] = {}
    for path in on_path("k6", environ):
        real = os.path.realpath(path)
        found.setdefault(real, Binary(path, real))
    return tuple(found.values())


def version_of(binary: Binary, environ: Mapping[str, str], cache_folder: Callable[[], Path] | None = None) -> Answer:
    """What ``k6 version`` of a binary says; never raises for what the binary does.

    The binary is run without a shell, with a closed stdin and without any ``K6_*`` variable, which might hold secrets
    and change what it does, and has five seconds. Its answer is remembered while the file stays the same, but for
    scripts and for programs that are no k6 by name (shims, snap): behind those the version may change unseen.

    Args:
        binary: one that ``find_k6`` found.
        environ: the variables to pass on, but for k6's own.
        cache_folder: gives the folder for what is remembered; None: nothing is.
    """
    lasting = cache_folder is not None and _is_program(binary)
    if cache_folder is not None and lasting:
        known = recall(cache_folder(), binary.path)
        if known is not None:
            return Answer(known)
    answer = _ask(binary, environ)
    if cache_folder is not None and lasting and answer.version is not None:
        remember(cache_folder(), binary.path, answer.version)
    return answer


def _is_program(binary: Binary) -> bool:
    real = Path(binary.real)
    if not real.name.lower().startswith("k6"):
        return False
    try:
        with real.open("rb") as file:
            return file.read(2) != b"#!"
    except OSError:
        return False


def _ask(binary: Binary, environ: Mapping[str, str]) -> Answer:
    import subprocess

    passed = {name: value for name, value in environ.items() if not name.upper().startswith("K6_")}

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [binary.path, "version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=passed,
            bufsize=0,
            # Its own session, so that what it starts can be ended with it.
            start_new_session=sys.platform != "win32",
        )

    output = bytearray()
    ended = False
    try:
        with _ending_with_us(start) as process:
            try:
                ended = _listen(process, output)
            finally:
                _end(process, ended=ended and len(output) < _ENOUGH)
    except (OSError, ValueError) as error:
        return Answer(None, f"cannot be started: {getattr(error, 'strerror', None) or 'its path is not usable'}")
    if not ended:
        return Answer(None, f"did not tell its version within {TIMEOUT:g} seconds")
    return _judge(process.returncode, bytes(output))


@contextlib.contextmanager
def _ending_with_us(start: "Callable[[], subprocess.Popen[bytes]]") -> "Iterator[subprocess.Popen[bytes]]":
    """A process that ends with us, when a closed terminal or a cancelled job ends us.

    In a session of its own it does not hear of that. Ctrl-C is an exception, and needs nothing here.
    """
    import signal

    process: subprocess.Popen[bytes] | None = None
    missed: list[int] = []

    def end(number: int, _: object) -> None:
        # While it starts it may be there already, and not be known yet.
        if process is None and not missed:
            missed.append(number)
            return
        if process is not None:
            _kill(process)
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    taken = []
    try:
        for number in (getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)):
            # Whoever handles or ignores it has a reason; and only the main thread may say what a signal does.
            if signal.getsignal(number) is signal.SIG_DFL:
                with contextlib.suppress(ValueError):
                    signal.signal(number, end)
                    taken.append(number)
        try:
            process = start()
        finally:
            if missed:
                end(missed[0], None)
        yield process
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _listen(process: "subprocess.Popen[bytes]", output: bytearray) -> bool:
    """Collect what a process prints until it ends or has said enough; False when time ran out."""
    import threading
    import time

    deadline = time.monotonic() + TIMEOUT
    pipe = process.stdout

    def read() -> None:
        # The pipe is closed under us when time is up.
        try:
            while pipe and len(output) < _ENOUGH and (chunk := pipe.read(_ENOUGH)):
                output.extend(chunk)
        except (OSError, ValueError):
            return

    # No select: Windows has none for pipes.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(TIMEOUT)
    if reader.is_alive():
        return False
    if len(output) >= _ENOUGH:
        return True
    import subprocess

    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: "subprocess.Popen[bytes]", *, ended: bool) -> None:
    """Leave nothing behind: the process, what it started, and our end of the pipe."""
    # It may be gone while something that it started holds the pipe: then its group is still there to be ended.
    if not ended:
        import subprocess

        _kill(process)
        # What hangs in the kernel, on a dead file server say, outlives even that; we do not wait for it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
    if process.stdout:
        process.stdout.close()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    # Not before it was waited for: its number may be another's then.
    if sys.platform != "win32" and process.returncode is None:
        import signal

        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _judge(code: int, output: bytes) -> Answer:
    # Nothing of the output is ever repeated: we do not know what is in it.
    if len(output) >= _ENOUGH:
        return Answer(None, "prints much more than a version")
    if code:
        return Answer(None, f"was ended by signal {-code}" if code < 0 else f"failed with exit status {code}")
    text = output.decode("utf-8", "replace")
    found = re.search(_LINE, text)
    if found is None:
        devel = re.search(_DEVEL, text)
        return Answer(None, "is a development build that names no release" if devel else "does not print a version")
    version = Version.parse(found[1])
    if version[:2] == (0, 0):
        return Answer(None, "is a development build that names no release")
    return Answer(version)
