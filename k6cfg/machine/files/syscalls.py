"""Calls of Linux that Python has no function for; where there are none, their callers do without."""

import errno
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_REPLACE: Final = 1
_EXCHANGE: Final = 2
_KEEP_SIZE: Final = 1
_CANNOT: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})
"""What file systems that know only the plain renaming say, and containers that do not let one ask."""
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def exchange(folder: int, one: str, other: str) -> bool:
    """Have two files of an open folder take each other's names in one step; False where the system cannot do that.

    Raises:
        OSError: it failed.
    """
    return _renamed(folder, one, other, _EXCHANGE)


def rename(folder: int, name: str, new: str) -> bool:
    """Give a file of an open folder a name that no other has; False where the system cannot make sure of that.

    Raises:
        FileExistsError: another file has the name.
        OSError: it failed.
    """
    return _renamed(folder, name, new, _NO_REPLACE)


def _renamed(folder: int, name: str, new: str, how: int) -> bool:
    call = _call("renameat2")
    if call is None:
        return False
    number = call(folder, os.fsencode(name), folder, os.fsencode(new), how)
    if number and number not in _CANNOT:
        raise OSError(number, os.strerror(number))
    return not number


def reserve(descriptor: int, length: int) -> None:
    """Have the disk keep room for an open file to grow to so many bytes, without growing it.

    os.posix_fallocate would make it longer at once, with NUL characters that no JSON has.

    Raises:
        OSError: there is no room.
    """
    call = _call("fallocate64")
    number = call(descriptor, _KEEP_SIZE, 0, length) if call is not None else 0
    if number in _NO_ROOM:
        raise OSError(number, os.strerror(number))


def _call(name: str) -> "Callable[..., int] | None":
    """A function of the C library that gives back 0 or the number of an error; None where there is none."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        function = ctypes.CDLL(None, use_errno=True)[name]
    except (ImportError, OSError, AttributeError):  # some builds of Python come without ctypes
        return None
    number, text = ctypes.c_int, ctypes.c_char_p
    arguments = {
        "renameat2": (number, text, number, text, ctypes.c_uint),
        "fallocate64": (number, number, ctypes.c_int64, ctypes.c_int64),
    }
    function.argtypes = arguments[name]
    return lambda *given: ctypes.get_errno() if function(*given) else 0
