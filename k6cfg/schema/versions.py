"""The releases of k6, and how they compare."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_NUMBER = re.compile(r"v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[-+].*)?", re.ASCII)


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

SCENARIOS: Final = Version(0, 27, 0)
"""The first release with scenarios; since then a layer that says how a test is driven clears what lower ones say."""

LONE_VUS: Final = Version(2, 1, 0)
"""The first release in which `vus` alone makes a scenario of its own."""

_LAST_MINORS: Final = {0: 59, 1: 8, NEWEST.major: NEWEST.minor}
"""The last minor version of each major one. 0.58 and 0.59 are the release candidates of 1.0 under tags of their own."""
_LAST_PATCH: Final = 999
"""Later than any patch release there was: what a minor version reads is what the last release of it reads."""


_ANY_MINOR: Final = re.compile(r"v?(\d+)(?:\.[x*]){0,2}", re.ASCII | re.IGNORECASE)
_ANY_PATCH: Final = re.compile(r"(v?\d+\.\d+)\.[x*]", re.ASCII | re.IGNORECASE)


def named(text: str) -> Version:
    """Return the version that people name: ``X[.Y[.Z]]``, with ``x`` for what does not matter, or ``latest``.

    Without a minor version it is the latest supported one of that major version.

    Raises:
        ValueError: the text names no version.
    """
    text = text.strip()
    if text.lower() == "latest":
        return NEWEST
    if found := _ANY_MINOR.fullmatch(text):
        major = int(found[1])
        return NEWEST if major == NEWEST.major else Version(major, _LAST_MINORS.get(major, 0))
    found = _ANY_PATCH.fullmatch(text)
    return Version.parse(found[1] if found else text)


def minors() -> Iterator[Version]:
    """The last release of every minor version that reads a config.json, oldest first."""
    for major, last in _LAST_MINORS.items():
        for minor in range(OLDEST.minor if major == OLDEST.major else 0, last + 1):
            yield Version(major, minor, _LAST_PATCH)
