"""One run of a command, and what it took."""

import os
import sys
from typing import NamedTuple


class Spent(NamedTuple):
    """What a process took: ``seconds`` of processor time (user and system), ``megabytes`` of memory at most."""

    seconds: float
    megabytes: float


def spent(command: list[str], environ: dict[str, str]) -> Spent:
    """Run a command to its end; it may find faults, but has to end by itself."""
    child = os.fork()
    if not child:
        sink = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(sink, descriptor)
        try:
            os.execve(command[0], command, environ)  # noqa: S606 - without a shell, on purpose
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"{command[:4]} failed")
    unit = 10**6 if sys.platform == "darwin" else 1000
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
