"""Many files in one call: what the arguments stand for, and their work shared among processes where that pays."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from k6cfg.cli.terminal import talk

if TYPE_CHECKING:
    from io import BufferedReader

Result = TypeVar("Result")

_MANY: Final = 200
"""Files; fewer are done before another process is ready to help."""
_PIECE: Final = 32
"""Files that a process does before it hands over what it found."""
_PATIENCE: Final = 1.0
"""Seconds before a person is shown how far it is; and again each tenth of it."""
_WIDE: Final = 30
_NOT_FOUND_IN: Final = frozenset({"node_modules"})
_NO_CONFIGURATION: Final = frozenset({"package.json", "package-lock.json", "tsconfig.json"})
"""What lies beside the scripts of a load test and is JSON of somebody else's."""


# -- what the arguments stand for -------------------------------------------------------------------------------------


def files_of(arguments: Sequence[str]) -> list[str]:
    """The files that the arguments name, in their order.

    A folder stands for every ``*.json`` in it and below, by name, but for what is hidden, in ``node_modules`` or one of
    npm's own; a pattern that no shell has replaced, and that is no file's name, for what it matches. What names nothing
    stays as it is: reading it will say so.
    """
    found: list[str] = []
    for argument in arguments:
        if os.path.isdir(argument):  # noqa: PTH112 - Path would change how the path is written
            found += _in_folder(argument) or [argument]
        elif any(sign in argument for sign in "*?[") and not os.path.lexists(argument):
            from glob import glob

            found += sorted(glob(argument, recursive=True)) or [argument]  # noqa: PTH207 - the same
        else:
            found.append(argument)
    return found


def _in_folder(folder: str) -> list[str]:
    found: list[str] = []
    closed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NOT_FOUND_IN)
        names = (name for name in sorted(files) if name.endswith(".json") and not name.startswith("."))
        found += [os.path.join(place, name) for name in names if name not in _NO_CONFIGURATION]  # noqa: PTH118 - the same
    # A folder that may not be looked into stands for itself, so that reading it says so.
    return found + [str(error.filename) for error in closed]


# -- one after the other, or several at once -------------------------------------------------------------------------


class WorkerError(Exception):
    """A process that did a share of the work ended before it was done."""


def each(work: Callable[[str], Result], names: Sequence[str], *, several: bool) -> Iterator[Result]:
    """What ``work`` makes of each name, in order; what it says to stderr is heard in that order too.

    With ``several`` the work of many names is shared among as many processes as there are processors; the results have
    to be fit to be pickled, and go through pipes, never through a file. A person sees how far it is.

    Raises:
        WorkerError: one of the processes ended early.
    """
    progress = _Progress(len(names))
    count = _processors() if several and len(names) >= _MANY else 1
    workers = _started(work, names, count) if count > 1 else []
    try:
        for result, said in _collected(workers, len(names)) if workers else ((work(name), "") for name in names):
            if said:
                progress.clear()
                talk(said)
            yield result
            progress.step()
    finally:
        progress.clear()
        for worker in workers:
            worker.end()


def _processors() -> int:
    if not hasattr(os, "fork"):
        return 1
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return min(ours or os.cpu_count() or 1, os.cpu_count() or 1)


class _Worker(NamedTuple):
    """A process that does every so many pieces of the work, and the end of a pipe where its results come out."""

    process: int
    results: "BufferedReader"

    def end(self) -> None:
        """Stop it, if it has not ended by itself, and wait until it is gone."""
        import signal

        self.results.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _started(work: Callable[[str], object], names: Sequence[str], count: int) -> list[_Worker]:
    """The processes; none where the system has none to give."""
    pieces = [names[start : start + _PIECE] for start in range(0, len(names), _PIECE)]
    sys.stdout.flush()
    sys.stderr.flush()
    workers: list[_Worker] = []
    try:
        workers.extend(_start(work, pieces[share::count]) for share in range(count))
    except BaseException as error:
        for worker in workers:
            worker.end()
        if isinstance(error, OSError):
            return []
        raise
    return workers


def _start(work: Callable[[str], object], pieces: Sequence[Sequence[str]]) -> _Worker:
    inner, outer = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(inner)
        os.close(outer)
        raise
    if process:
        os.close(outer)
        return _Worker(process, os.fdopen(inner, "rb"))
    try:  # from here on it is the other process, and nothing may lead out of here
        os.close(inner)
        _do(work, pieces, outer)
    finally:
        os._exit(0)


def _do(work: Callable[[str], object], pieces: Sequence[Sequence[str]], outer: int) -> None:
    import pickle
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with os.fdopen(outer, "wb") as results:
        for piece in pieces:
            pickle.dump([_heard(work, name) for name in piece], results, pickle.HIGHEST_PROTOCOL)
            results.flush()


def _heard(work: Callable[[str], object], name: str) -> tuple[object, str]:
    """What the work makes of a name, and what it said meanwhile."""
    import io

    heard = io.StringIO()
    kept, sys.stderr = sys.stderr, heard
    try:
        return work(name), heard.getvalue()
    finally:
        sys.stderr = kept


def _collected(workers: Sequence[_Worker], count: int) -> "Iterator[tuple[Result, str]]":
    import pickle

    try:
        for piece in range(-(-count // _PIECE)):
            yield from pickle.load(workers[piece % len(workers)].results)  # noqa: S301 - from a process of our own
    except (EOFError, pickle.UnpicklingError):
        raise WorkerError from None


class _Progress:
    """A line on a terminal that says how far it is, where it takes long; nothing anywhere else."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._done = 0
        self._shown = False
        self._next = time.monotonic() + _PATIENCE if count > 1 and sys.stderr.isatty() else float("inf")

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._next < (now := time.monotonic()):
            self._next = now + _PATIENCE / 10
            self._shown = True
            full = _WIDE * self._done // self._count
            talk(f"\r[{'#' * full}{'.' * (_WIDE - full)}] {self._done:,} of {self._count:,} files ")

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            talk(f"\r{' ' * (_WIDE + len(f'[] {self._count:,} of {self._count:,} files '))}\r")
            self._shown = False
