"""Work that makes many objects at once and leaves none of them in circles, without the collector looking on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for circles of objects meanwhile, if it does.

    A large text becomes half a million objects that all stay: to look through them for what could go, again and again
    while they are made, takes longer than making them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
