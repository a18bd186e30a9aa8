"""Names that secrets go by, and the looks of secrets themselves."""

import re
from functools import cache
from typing import Final

from k6cfg.formats.likeness import distance
from k6cfg.patterns import late

_NAMES: Final = (
    r"token|passw(?:or)?d|passphrase|secret|credential|authorization|bearer"
    r"|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key"
)
_NAME: Final = late(_NAMES, re.IGNORECASE)
_WHOLE: Final = frozenset({"pass", "pwd", "auth"})
_PART: Final = late(r"[A-Z]?[a-z]+|[A-Z]+")
_JOINTS: Final = late(r"[\s_.-]+")
_LONG: Final = 7
_SHORTEST: Final = 5

NAMED_VALUE: Final = late(
    rf"(?:{_NAMES}|\b(?:pass|pwd|auth))[\w-]*\\*[\"'`]?\s*[:=]>?\s*\\*[\"'`]?"
    r"(?:(?:bearer|basic) )?([^\s\"'`,;}\]\\]+)",
    re.IGNORECASE,
)
"""A secret's name, a sign, and the value (group 1): in a string, a comment, a query, a variable, another language."""

TOLD_VALUE: Final = late(rf"(?:{_NAMES})[\w-]*[\"'`]?(?:>|\s+)[\"'`]?([^\s\"'`,;}}\]\\<]+)", re.IGNORECASE)
"""A secret's name and, after no more than white space or the end of a tag, the value (group 1)."""

SHAPE: Final = late(
    r"""
      \bgl(?:c|sa)_[\w+/=.-]+                            # Grafana's tokens say what they are
    | \b[0-9a-fA-F]{32,}\b                               # its older ones are hexadecimal
    | \beyJ[\w-]{8,4096}\.[\w-]+(?:\.[\w-]*)?            # a JSON Web Token
    | (?<=://)[^/\s"'?\#]+(?=@)                          # user and password in a URL
    | [?&](?:\w*token|\w*key|\w*secret|pass|password|pwd|auth)=([^&\s"'\\]+)
    | \b(?:Bearer|Basic)[ ]+([\w.~+/=-]{6,})             # a header
    | \s-t[ =]([^\s"'\\]{6,})                            # what k6's own login takes
    | -----BEGIN[ A-Z]*PRIVATE\ KEY-----(?:(?!-----END)[^"])*
    """,
    re.VERBOSE,
)
"""What looks like a secret wherever it stands: the last group that matched, else all of it."""


@cache
def secret_name(name: str) -> bool:
    """Whether a key of this name probably holds a secret, wherever it stands."""
    if _NAME.search(_JOINTS.sub("", name)) or _NAME.search(name):
        return True
    return any(part.lower() in _WHOLE for part in _PART.findall(name))


@cache
def misspelt_secret(name: str, secrets: frozenset[str]) -> bool:
    """Whether a key that nobody knows is almost the name of a secret."""
    plain = _JOINTS.sub("", name).lower()
    return any(
        distance(plain, each, most) <= most
        for each in secrets
        if len(each) >= _SHORTEST
        for most in (2 if len(each) >= _LONG else 1,)
    )
