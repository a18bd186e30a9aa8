"""The releases of k6, and how they compare."""

import re
from typing import NamedTuple

_NUMBER = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?", re.ASCII)


class Version(NamedTuple):
    """One release of k6. Pre-releases count as the release they lead to: their code is the same but for fixes."""

    major: int
    minor: int
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @classmethod
    def parse(cls, text: str) -> "Version":
        """The version that a text such as ``2.2.0``, ``v1.0`` or ``v2.0.0-rc1`` names.

        Raises:
            ValueError: it names none.
        """
        found = _NUMBER.fullmatch(text.strip())
        if found is None:
            raise ValueError("not a version")
        major, minor, patch = found.groups(default="0")
        return cls(int(major), int(minor), int(patch))


OLDEST = Version(0, 18, 0)
"""The first release with a config.json; before it the file was YAML."""

NEWEST = Version(2, 2, 0)
"""The newest release that the schema knows. A newer one is judged like this one, and that is said."""
