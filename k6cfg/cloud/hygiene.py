"""What people paste where a token belongs, and what of it is a token. Says nothing of what was pasted."""

import re
from typing import Final, NamedTuple

from k6cfg.cloud import placeholder

LONGEST: Final = 4096
"""Characters. Longer ones do not fit the headers in which k6 sends them."""
_SHORT: Final = 16
"""Characters. No token of Grafana Cloud is as short as that."""

_PREFIX: Final = re.compile(r"(?:authorization\s*:\s*)?(?:bearer|token)\s+(?=\S+$)|authorization\s*:\s*", re.IGNORECASE)
_ASSIGNED: Final = re.compile(r"(?:export\s+|set\s+|\$env:)?K6_?CLOUD_TOKEN\s*[=:]\s*(?=\S)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"""(["'`])(.*)\1""", re.DOTALL)
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+", re.ASCII)
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://.*|www\..*|[a-z0-9-]+\.grafana\.(?:net|com)(?:/.*)?", re.IGNORECASE)
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_OF_OTHERS: Final = re.compile(r"gh[pousr]_\w+|github_pat_\w+|glpat-.+|xox[abps]-.+|(?:AKIA|ASIA)[A-Z0-9]{16}|npm_\w+")


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
        found = pattern.match(token)
        if found is not None:
            token = token[found.end() :]
            remarks.append(f"{what} the token was left out")
    quoted = _QUOTED.fullmatch(token)
    if quoted is not None:
        token = quoted[2].strip()
        remarks.append("the quotes around the token were left out")
    return Cleaned(token, tuple(remarks))


def fault_of(token: str) -> str | None:
    """Why a text is no token, as the end of a sentence, and without a word of it; None where it may be one."""
    if not token:
        return "is empty"
    if len(token) > LONGEST:
        return f"is longer than {LONGEST} characters, which none is; is it a whole file?"
    if placeholder(token):
        return "is a placeholder, as documentation has it, not a token of yours"
    if _ADDRESS.fullmatch(token):
        return "is the address of a site; a stack goes with --stack"
    if _MAIL.fullmatch(token):
        return "is an e-mail address; k6 wants a token, which Grafana Cloud makes under Testing, Settings, Access"
    if any(letter.isspace() for letter in token):
        return "has white space in it"
    if _TOKEN.fullmatch(token) is None:
        return "holds characters that no token has; is it a password?"
    if token.isdecimal():
        return "is a number; that of a stack goes with --stack-id, that of a project with --project-id"
    if _OF_OTHERS.fullmatch(token):
        return "is one of another service, not of Grafana Cloud"
    return None


def doubt_of(token: str) -> str | None:
    """Why a token may not be a whole one; None where there is no doubt."""
    return "the token is shorter than those of Grafana Cloud; was all of it copied?" if len(token) < _SHORT else None
