"""What the machine says about k6: the binaries on PATH and their versions, and the ``K6_*`` variables.

``binaries`` finds k6 and asks it for its version, ``memory`` remembers the answers, ``choice`` turns ``--k6-version``
into a version, ``variables`` says which variables override the file and which do nothing, ``known`` is the table of
the variables that are no keys of the file.
"""

from typing import TYPE_CHECKING

from k6cfg.machine.environment.k6_binary import Answer, Binary, find_k6, version_of
from k6cfg.machine.environment.k6_version import Chosen, k6_version

if TYPE_CHECKING:
    from k6cfg.k6.env_vars import KNOWN, OBSOLETE, Known, Obsolete
    from k6cfg.machine.environment.env_overrides import Override, Suspicious, Variables, overrides

__all__ = [
    "KNOWN",
    "OBSOLETE",
    "Answer",
    "Binary",
    "Chosen",
    "Known",
    "Obsolete",
    "Override",
    "Suspicious",
    "Variables",
    "find_k6",
    "k6_version",
    "overrides",
    "version_of",
]


def __getattr__(name: str) -> object:
    # Most commands want the version only, and each of them starts anew.
    if name in {"KNOWN", "OBSOLETE", "Known", "Obsolete"}:
        from k6cfg.k6 import env_vars

        return getattr(env_vars, name)
    if name in {"Override", "Suspicious", "Variables", "overrides"}:
        from k6cfg.machine.environment import env_overrides

        return getattr(env_overrides, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
