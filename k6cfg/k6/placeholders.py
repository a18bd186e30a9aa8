"""What stands in documentation where a secret of one's own belongs."""

import re
from typing import Final

from k6cfg.text.lazy_regex import late

_LONGEST: Final = 200
"""Characters; nobody writes a longer placeholder without brackets around it."""
_WORDS: Final = (
    "your|yours|auth|authentication|access|bearer|token|secret|password|pass|credentials?|cloud|grafana|stack|service|"
    "account|personal|user|organization|team|name|value|string|text|here|goes|insert|enter|paste|replace|change|todo|"
    "fixme|placeholder|example|sample|dummy|demo|fake|test|testing|null|none|undefined|empty|actual|valid|generated|from|"
    "with|api|key|xxx+(?!x)"
)
"""Words that are written together, too: ``yourtokenhere``."""
_SHORT: Final = (
    "k6|my|our|the|this|that|some|any|an?|org|go|put|add|set|fill|in|to|me|it|tbd|nil|for|of|is|and|glc|glsa"
)
_SPOKEN: Final = late(rf"(?:(?:{_SHORT})?(?:{_WORDS})+(?:{_SHORT})?|{_SHORT})[0-9]{{0,4}}")
_BRACKETS: Final = late(r"<.*>|\[.*\]|\{.*\}|\(.*\)|__.*__|%.*%", re.DOTALL)
_FILLING: Final = late(r"(?:glc|glsa)?[_-]?(?:[xX*.•…_\-?#]|0{4,}(?!0))+")
_CUT: Final = late(r".*(?:\.{3}|…|\*{3}|[xX]{6}).*", re.DOTALL)
_BEGINNING: Final = late(r"your[-_ ].*|.*(?:api|auth)[-_ ](?:auth[-_ ])?token.*", re.IGNORECASE | re.DOTALL)
_NO_WORD: Final = late(r"[^a-z0-9]+")
_ADDRESS: Final = "@"


def is_placeholder(text: str) -> bool:
    """Return whether a text only says that a token belongs in its place: ``YOUR_TOKEN``, ``<token>``, ``xxxx``.

    Tokens are random, so that none consists of words, of a few signs, or holds three dots. Quotes and white space
    around the text do not matter.
    """
    bare = text.strip().strip("\"'`").strip()
    if not bare:
        return False
    if _BRACKETS.fullmatch(bare):
        return True
    if len(bare) > _LONGEST:
        return False
    if _FILLING.fullmatch(bare) or _CUT.fullmatch(bare) or _BEGINNING.fullmatch(bare):
        return True
    parts = [part for part in _NO_WORD.sub(" ", bare.lower()).split() if not part.isdecimal()]
    return _ADDRESS not in bare and bool(parts) and all(_SPOKEN.fullmatch(part) for part in parts)
