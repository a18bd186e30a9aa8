"""What people paste where a token belongs, and what of it is a token. Says nothing of what was pasted."""

import re
from typing import Final, NamedTuple

from k6cfg.k6.placeholders import is_placeholder

LONGEST: Final = 4096
"""Characters. Longer ones do not fit the headers in which k6 sends them."""
_SHORT: Final = 16
"""Characters. No token of Grafana Cloud is as short as that."""

# Compiled only where something hints at them: most tokens are tokens, and compiling takes longer than all else here.
_PREFIX: Final = r"(?i:(?:authorization\s*:\s*)?(?:bearer|token)\s+(?=\S+$)|authorization\s*:\s*)"
_ASSIGNED: Final = r"(?i:(?:export\s+|set\s+|\$env:)?K6_?CLOUD_TOKEN\s*[=:]\s*(?=\S))"
_QUOTES: Final = "\"'`"
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/=-")
_ADDRESS: Final = r"(?i:[a-z][a-z0-9+.-]*://.*|www\..*|[a-z0-9-]+\.grafana\.(?:net|com)(?:/.*)?)"
_MAIL: Final = r"[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+"
_OF_OTHERS: Final = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "npm_")


class Cleaned(NamedTuple):
    """A token without what clung to it, and in words what that was."""

    token: str
    remarks: tuple[str, ...]


def cleaned(text: str) -> Cleaned:
    """Take off white space, quotes, ``Bearer`` and ``K6_CLOUD_TOKEN=``: each clings to tokens that are copied."""
    remarks: list[str] = []
    token = text.strip()
    if token != text.rstrip("\r\n"):
        remarks.append("white space around the token was left out")
    for pattern, what in ((_ASSIGNED, "the name of the variable before"), (_PREFIX, '"Bearer" before')):
        found = re.match(pattern, token) if not _LETTERS.issuperset(token) or "=" in token else None
        if found is not None:
            token = token[found.end() :]
            remarks.append(f"{what} the token was left out")
    if len(token) > 1 and token[0] in _QUOTES and token[0] == token[-1]:
        token = token[1:-1].strip()
        remarks.append("the quotes around the token were left out")
    return Cleaned(token, tuple(remarks))


def fault_of(token: str) -> str | None:
    """Why a text is no token, as the end of a sentence, and without a word of it; None where it may be one."""
    if not token:
        return "is empty"
    if len(token) > LONGEST:
        return f"is longer than {LONGEST} characters, which none is; is it a whole file?"
    if (stand_in := stands_for(token)) is not None:
        return stand_in
    if "." in token and re.fullmatch(_ADDRESS, token):
        return "is the address of a site; a stack goes with --stack"
    if "@" in token and re.fullmatch(_MAIL, token):
        return "is an e-mail address; k6 wants a token, which Grafana Cloud makes under Testing, Settings, Access"
    if any(letter.isspace() for letter in token):
        return "has white space in it"
    if not _LETTERS.issuperset(token):
        return "holds characters that no token has; is it a password?"
    if token.isdecimal():
        return "is a number; that of a stack goes with --stack-id, that of a project with --project-id"
    if token.startswith(_OF_OTHERS):
        return "is one of another service, not of Grafana Cloud"
    return None


def stands_for(token: str) -> str | None:
    """Why a text only stands where a token belongs, as the end of a sentence; None where it may be a token."""
    found = stand_in(token)
    if found is None or found == PLACEHOLDER:
        return None if found is None else "is a placeholder, as documentation has it, not a token of yours"
    return f"is {found}; nothing replaces it before k6 reads it"


PLACEHOLDER: Final = "a placeholder"


def stand_in(token: str) -> str | None:
    """What a text is, as a noun, that only stands where a token belongs; None where it may be a token."""
    if "/" in token or not _LETTERS.issuperset(token):
        from k6cfg.k6.grammars.references import reference_kind

        reference = reference_kind(token)
        if reference is not None:
            return reference
    return PLACEHOLDER if is_placeholder(token) else None


def doubt_of(token: str) -> str | None:
    """Why a token may not be a whole one; None where there is no doubt."""
    return "the token is shorter than those of Grafana Cloud; was all of it copied?" if len(token) < _SHORT else None
