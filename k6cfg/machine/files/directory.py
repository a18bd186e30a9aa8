"""An open folder: every step of a write happens relative to it, so that nobody can swap the ground under our feet."""

import contextlib
import errno
import os
import re
import signal
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from k6cfg.machine.files import syscalls
from k6cfg.machine.files.errors import FileError, Kind
from k6cfg.machine.files.snapshot import identity
from k6cfg.machine.paths import shown
from k6cfg.text.lazy_regex import late

if sys.platform != "win32":
    import fcntl

BY_DESCRIPTOR = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
"""Whether the system can work relative to an open folder. Windows cannot: full paths do there, without a lock."""

_LOCK_WAIT: Final = 5.0
_LOCK_POLL: Final = 0.01
_NO_LOCKS: Final = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
TEMPORARY: Final = late(r"\.k6cfg-([0-9]{1,10})-[0-9a-f]{12}\.tmp", re.ASCII)
"""Names of our temporary files; the number is that of the process."""
_ABANDONED: Final = 3600.0
_REPLACE_WAIT: Final = 2.5
_WINDOWS_IN_USE: Final = frozenset({5, 32, 33})
# Every signal that can be held back and would end the process: what is left of a write then is a file with a token.
_ENDING: Final = (
    "INT",
    "TERM",
    "HUP",
    "QUIT",
    "PIPE",
    "ALRM",
    "VTALRM",
    "PROF",
    "USR1",
    "USR2",
    "XCPU",
    "XFSZ",
    "IO",
    "PWR",
)
_INTERRUPTING: Final = tuple(getattr(signal, f"SIG{name}") for name in _ENDING if hasattr(signal, f"SIG{name}"))


class Folder:
    """A folder that is held open; to be used in a ``with`` statement.

    ``made`` are the folders that had to be made to get there; those are removed again if the block fails. ``durable``
    is whether every name made so far is known to be on the disk; ``sync_failure`` says why a folder made is not.
    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor
        self.made: tuple[Path, ...] = ()
        self.durable = True
        self.sync_failure: OSError | None = None

    @classmethod
    @contextlib.contextmanager
    def reached(cls, anchor: Path, expected: tuple[int, int], target: Path) -> Iterator["Folder"]:
        """The folder ``target``, made from the existing folder ``anchor`` on with mode 0700 where it is missing.

        Raises:
            FileError: ``anchor`` is no longer the folder whose device and inode are ``expected``.
            OSError: a folder cannot be opened or made.
        """
        folder = cls(anchor, _open_folder(str(anchor), None))
        try:
            folder._require(expected)
            for name in target.relative_to(anchor).parts:
                folder._descend(name)
            yield folder
        except BaseException:
            for made in reversed(folder.made):
                with contextlib.suppress(OSError):
                    made.rmdir()
            raise
        finally:
            folder._close()

    def _require(self, expected: tuple[int, int]) -> None:
        if identity(self.own_status()) != expected:
            raise FileError(
                Kind.CONFLICT,
                f"{shown(self.path)} was replaced by another folder while k6cfg was working; nothing was written",
                "Run the command again.",
            )

    def _descend(self, name: str) -> None:
        child = self.path / name
        # With a umask that takes the owner's bits, we could not open what we made.
        umask = os.umask(0o077)
        try:
            os.mkdir(self.at(name), 0o700, dir_fd=self.descriptor)
        except FileExistsError:
            made = False
        else:
            made = True
            self.made = (*self.made, child)
        finally:
            os.umask(umask)
        opened = _open_folder(self.at(name), self.descriptor)
        if made and opened is not None:
            # Root makes the folder for whoever owns the place, not for root.
            above = self.own_status()
            if os.geteuid() == 0 and above.st_uid != 0:
                os.fchown(opened, above.st_uid, above.st_gid)
            os.fchmod(opened, 0o700)
            try:
                self.sync()
            except OSError as error:
                self.durable = False
                self.sync_failure = error
        self._close()
        self.path, self.descriptor = child, opened

    def _close(self) -> None:
        # Nothing was written through it, so that closing fails says nothing about what was done.
        if self.descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self.descriptor)
            self.descriptor = None

    def at(self, name: str) -> str:
        """How to call a file of the folder in a call that gets the folder's descriptor too."""
        return name if self.descriptor is not None else str(self.path / name)

    def own_status(self) -> os.stat_result:
        """The status of the folder itself."""
        return self.path.stat() if self.descriptor is None else os.fstat(self.descriptor)

    def status(self, name: str) -> os.stat_result | None:
        """The status of a file of the folder, of a link itself; ``None`` where there is none."""
        try:
            return os.stat(self.at(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def create(self, name: str) -> int:
        """A descriptor to write and read a new file that only its owner may use; it must not exist."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.open(self.at(name), flags, 0o600, dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove a file of the folder; one that is not there is fine."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.at(name), dir_fd=self.descriptor)

    def names(self) -> list[str]:
        """The names in the folder, sorted."""
        return sorted(os.listdir(self.path if self.descriptor is None else self.descriptor))  # noqa: PTH208 -- of a descriptor

    def replace(self, source: str, name: str) -> None:
        """Give a file of the folder the name of another, which is gone then.

        On Windows a program that has the file open makes that fail for a moment; it is tried again for 2.5 seconds.
        (Not run on Windows, only with errors made to look like its own.)
        """
        give_up = time.monotonic() + _REPLACE_WAIT
        pause = _LOCK_POLL
        while not self._replaced(source, name, last=time.monotonic() + pause > give_up):
            time.sleep(pause)
            pause *= 2

    def _replaced(self, source: str, name: str, *, last: bool) -> bool:
        try:
            os.replace(self.at(source), self.at(name), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        except OSError as error:
            if last or getattr(error, "winerror", None) not in _WINDOWS_IN_USE:
                raise
            return False
        return True

    def exchange(self, one: str, other: str) -> bool:
        """Have two files of the folder take each other's names in one step; False where the system cannot do that.

        Raises:
            OSError: it failed.
        """
        return self.descriptor is not None and syscalls.exchange(self.descriptor, one, other)

    def rename(self, name: str, new: str) -> bool:
        """Give a file of the folder a name that no other has; False where the system cannot make sure of that.

        Raises:
            FileExistsError: another file has the name.
            OSError: it failed.
        """
        return self.descriptor is not None and syscalls.rename(self.descriptor, name, new)

    def sync(self) -> None:
        """Have the folder's names put on the disk.

        Raises:
            OSError: the system does not say that they are.
        """
        if self.descriptor is not None:
            flush(self.descriptor)

    def lock(self, target: Path, wait: float = _LOCK_WAIT) -> None:
        """Keep other writers of this folder out until it is closed, or the process ends in any way.

        No lock file, so nothing can be left behind. Where the system has no such lock (Windows, some network file
        systems) only the comparison with the snapshot protects.

        Raises:
            FileError: another process had it for ``wait`` seconds, or the user interrupted the wait.
        """
        give_up = time.monotonic() + wait
        while not self._locked():
            if time.monotonic() > give_up or signal.sigpending().intersection(_INTERRUPTING):
                raise FileError(
                    Kind.LOCKED,
                    f"{shown(target)} cannot be written: another k6cfg has been busy in its folder for {wait:g} s",
                    "Wait until it is done, or find it with `pgrep -fa k6cfg`, then run it again.",
                )
            time.sleep(_LOCK_POLL)

    def _locked(self) -> bool:
        if sys.platform == "win32" or self.descriptor is None:
            return True
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        return True

    def sweep(self) -> None:
        """Remove what a k6cfg that was killed left in the folder: our own temporary files of dead processes."""
        for name in self.names():
            found = TEMPORARY.fullmatch(name)
            if found is None:
                continue
            with contextlib.suppress(OSError):
                status = self.status(name)
                if status and stat.S_ISREG(status.st_mode) and _ours(status) and not _alive(int(found[1]), status):
                    self.remove(name)


def temporary_name() -> str:
    """A name for a temporary file, which does not derive from the target's and cannot be foreseen."""
    return f".k6cfg-{os.getpid()}-{os.urandom(6).hex()}.tmp"


def flush(descriptor: int) -> None:
    """Have a file or folder put on the disk; on macOS through the disk's own cache too (not run there)."""
    full = None if sys.platform == "win32" else getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back the signals that would end the process halfway; they are delivered at the end of the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Asked for first: the call that blocks may itself raise KeyboardInterrupt, with the signals blocked already.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def reach(target: Path) -> contextlib.AbstractContextManager[Folder]:
    """The folder ``target``, made where it is missing, without regard to what it was before.

    Raises:
        OSError: it cannot be opened or made.
    """
    target = Path(os.path.realpath(target))
    anchor = next(folder for folder in (target, *target.parents) if os.path.lexists(folder))
    return Folder.reached(anchor, identity(anchor.stat()), target)


def _open_folder(name: str, above: int | None) -> int | None:
    if not BY_DESCRIPTOR:
        return None
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)


def _ours(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()


def _alive(pid: int, status: os.stat_result) -> bool:
    if os.name == "nt":
        # os.kill would end the process there, so age has to do.
        return time.time() - status.st_mtime < _ABANDONED
    if pid == os.getpid():
        # We have made none yet: it is of an earlier process with our number, as in a container that was restarted.
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
