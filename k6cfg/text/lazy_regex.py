"""Regular expressions that are compiled when they are first needed: most commands need few of them."""

import re
from typing import cast


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` gives, without its cost until it is used.

    For a pattern that nearly every command uses ``re.compile`` itself is as good.
    """
    return cast("re.Pattern[str]", _Late(pattern, flags))


class _Late:
    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __reduce__(self) -> tuple[object, ...]:
        return late, self._given  # a copy is made without __init__, and would look for what was given here for ever

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # from now on it is found without coming here
        return found
