"""Names that secrets go by, and the looks of secrets themselves."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from k6cfg.k6.member_lookup import fold
from k6cfg.text.lazy_regex import late

_NAMES: Final = (
    r"token|passw(?:or)?d|passphrase|secret|credential|authorization|bearer"
    r"|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key"
)
_NAME: Final = late(_NAMES, re.IGNORECASE)
_WHOLE: Final = frozenset({"pass", "pwd", "auth"})
_PART: Final = late(r"[A-Z]?[a-z]+|[A-Z]+")
_JOINTS: Final = late(r"[\s_.-]+")
_QUOTES: Final = "\"'`“”«»\u2018\u2019"
_ENTITY: Final = late(r"&(?:quot|apos|#34|#39);?")
_LONG: Final = 7
_SHORTEST: Final = 5
_REST: Final = 200
"""A name goes on for no more characters; without an end, the end would be looked for from each such word in a word."""

_QUOTE: Final = r"(?:[\"'`\u201c-\u201e\u2018\u2019\u00ab\u00bb]|&(?:quot|apos|\#34|\#39);)"
"""A quote, in any of the ways in which texts write one."""

NAMED_VALUE: Final = late(
    rf"(?:{_NAMES}|\b(?:pass|pwd|auth))[\w-]{{0,{_REST}}}\\*{_QUOTE}?\s*[^\s:={{\\]?[:=]>?[\s\[({{]{{0,20}}"
    r"(?:(?P<escape>\\*)(?P<quote>[\"'`])(?:(?P=quote)(?=\w))?(?:(?:bearer|basic) )?"
    r"((?:(?!(?P=escape)(?P=quote))[^\r\n])+)"
    r"|\\*(?:(?:bearer|basic) )?([^\s\"'`](?:(?!\*/)[^\r\n\"'`])*))",
    re.IGNORECASE,
)
"""A secret's name, a sign, and the value (the last group that matched): in a string, a comment, a variable, a query.

A value in quotes goes on to the closing one, any other to the next quote or the end of the line: a password may hold
blanks, commas and braces.
"""


@cache
def entry_of(names: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of a name, a sign, and the value up to the end of its line or braces (the last group).

    It is for text in comments and in strings, where the names of ``NAMED_VALUE`` are not all that k6 knows.
    """
    many = "|".join(map(re.escape, sorted(names)))
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:{many})\\*{_QUOTE}?\s{{0,20}}[:=]>?\s{{0,20}}"
        r"(?:\{([^{}]{1,2000})|(?P<escape>\\*)(?P<quote>[\"'`])((?:(?!(?P=escape)(?P=quote))[^\r\n])+)"
        r"|([^\s\"'`{](?:(?!\*/)[^\r\n\"'`])*))",
        re.IGNORECASE,
    )


@cache
def opened_by(names: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of the end of a string or comment that holds a secret's name, and not the value any more."""
    many = "|".join(map(re.escape, sorted(names)))
    return re.compile(
        rf"(?:(?:{_NAMES})[\w-]{{0,40}}|(?<![A-Za-z0-9])(?:{many}))\\*{_QUOTE}?\s{{0,20}}[:=]\s{{0,20}}[\s\\\"'`{{]{{0,6}}$",
        re.IGNORECASE,
    )


@cache
def setting_of(names: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of a line of an .env, ini or YAML file that sets a secret without quotes, to its end.

    ``names`` are those that the schema knows, as words of their own.
    """
    many = "|".join(map(re.escape, sorted(names)))
    return re.compile(
        r"(?:^|(?<=\r))[ \t]{0,100}(?:(?:export|setx?|env|-)[ \t]{1,20})?"
        rf"[\w.-]{{0,100}}?(?:{_NAMES}|pass|pwd|auth|(?<![A-Za-z])(?:{many})(?![A-Za-z]))[\w.-]{{0,100}}"
        r"[ \t]{0,100}[:=][ \t]{0,100}(?P<value>[^\s\"'`{\[!&|>][^\r\n]*)",
        re.IGNORECASE | re.MULTILINE,
    )


HERE_DOCUMENT: Final = late(
    rf"(?:{_NAMES}|\b(?:pass|pwd|auth))[\w-]{{0,{_REST}}}[\"'`]?\s{{0,20}}[:=]?\s{{0,20}}"
    r"<<[-~]?[\"']?(?P<end>\w{1,40})[\"']?[^\r\n]*\r?\n(?P<value>(?:(?![ \t]*(?P=end)\b)[^\r\n]*\r?\n)*)",
    re.IGNORECASE,
)
"""A secret's name, and the lines of a here-document up to the word that ends it."""

TOLD_VALUE: Final = late(
    rf"(?:{_NAMES})[\w-]{{0,{_REST}}}[\"'`]?(?:>|\s+(?:(?:is|was):?\s+)?)[\"'`]?([^\s\"'`,;}}\]\\<]+)", re.IGNORECASE
)
"""A secret's name and, after no more than white space, ``is`` or the end of a tag, the value (group 1)."""

SHAPE: Final = late(
    r"""
      gl(?:c|sa)_[\w+/=.-]+                              # Grafana's tokens say what they are, glued to a name too
    | (?<![0-9a-fA-F])[0-9a-fA-F]{32,}                   # its older ones are hexadecimal
    | eyJ(?:(?!-?eyJ)[\w-]){8,}\.[\w-]+(?:\.[\w-]*)?     # a JSON Web Token
    | (?<=://)(?:[^/\s"'?\#@:]{0,100}:[^"'\r\n]{0,200}|[^/\s"'?\#]+)(?=@)   # user and password in a URL, any sign in it
    | (?<=/)[^/\s"'?\#@:]{1,100}:[^/\s"'@]{4,200}(?=@(?!sha\d))  # the same where :// has lost a sign; no digest
    | (?<=://)[^/\s"'?\#@:\[]{1,100}:(?!\d{1,5}(?!\w)|[${<%])([^/\s"'@]{6,})   # a password that has lost its @: no port
    | [?&](?:\w*token|\w*key|\w*secret|pass|password|pwd|auth)=([^&\s"'\\]+)
    | \b(?:Bearer|Basic)[ ]+([\w.~+/=-]{6,})             # a header
    | (?<![\w-])-t[ =]([^\s"'\\]{6,})                            # what k6's own login takes
    | (?<![\w-])(?:-u[ =]?|--(?:proxy-)?user[ =])["']?[^:"'\r\n]{0,200}:([^\s"'\\]+)   # what curl takes
    | -----BEGIN[ A-Z]*PRIVATE\ KEY(?:\ BLOCK)?-----(?:(?!-----END)[^"])*
    """,
    re.VERBOSE,
)
"""What looks like a secret wherever it stands: the last group that matched, else all of it."""

_LOOKS: Final = (
    "glc_",
    "glsa_",
    "eyJ",
    "://",
    "@",
    "Bearer",
    "Basic",
    "-t ",
    "-t=",
    "-u",
    "user ",
    "user=",
    "---BEGIN",
)
_HEXADECIMAL: Final = bytes(ord("h" if chr(code) in "0123456789abcdefABCDEF" else " ") for code in range(256))
_MANY_HEXADECIMAL: Final = b"h" * 32
_WORDS: Final = ("token", "pass", "pwd", "auth", "secret", "credential", "bearer", "api", "access", "private")
"""One of these, in lower case, is in whatever ``NAMED_VALUE`` finds, and in every name of a secret without joints."""
_OTHER_LETTERS: Final = late("[\u0130\u0131\u017f\u212a]")
"""What stands for an ASCII letter where case does not count."""


def may_look_secret(text: str) -> bool:
    """Whether ``SHAPE`` may find something: a glance that spares most texts the search, and errs on the side of yes."""
    for each in _LOOKS:  # any() costs more than all of it
        if each in text:
            return True
    if "=" in text and ("?" in text or "&" in text):
        return True
    # An expression would try its luck at each letter.
    return _MANY_HEXADECIMAL in text.encode("ascii", "replace").translate(_HEXADECIMAL)


def may_name_secret(text: str) -> bool:
    """The same for ``NAMED_VALUE``, and for ``secret_name`` of a text without its joints."""
    plain = text.lower()
    for word in _WORDS:  # any() costs more than all of it, and this is asked of every key
        if word in plain:
            return True
    return not text.isascii() and _OTHER_LETTERS.search(text) is not None


def may_hold_secret(text: str, names: frozenset[str]) -> bool:
    """Whether a stretch of JSON may hold a secret that its key gives away, or that escapes hide.

    ``names`` are keys that hold one for certain, in lower case.
    """
    if "\\" in text or may_name_secret(_without_joints(text)):
        return True
    plain = text.lower()
    return any(name in plain for name in _quoted(names))


@cache
def _quoted(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(f'"{name}"' for name in names)


def _without_joints(text: str) -> str:
    """A text without what ``_JOINTS`` finds in it: for a whole file this is several times as quick."""
    return "".join(text.split()).replace("_", "").replace(".", "").replace("-", "")


@cache
def secret_name(name: str) -> bool:
    """Whether a key of this name probably holds a secret, wherever it stands."""
    if _NAME.search(_JOINTS.sub("", name)) or _NAME.search(name):
        return True
    return any(part.lower() in _WHOLE for part in _PART.findall(name))


def after_name(text: str) -> str:
    """Return what follows the last name of a secret in a text; all of it where there is none."""
    ends = [found.end() for found in _NAME.finditer(text)]
    return text[ends[-1] :] if ends else text


@cache
def misspelt_secret(name: str, secrets: frozenset[str]) -> bool:
    """Whether a key that nobody knows is almost the name of a secret."""
    plain = _JOINTS.sub("", name).lower()
    near = _by_length(secrets).get(len(plain))
    if near is None:
        return False
    from k6cfg.k6.grammars.fuzzy_match import distance  # with it come all the grammars, and few files need them

    return any(distance(plain, each, most) <= most for each, most in near)


@cache
def _by_length(secrets: frozenset[str]) -> Mapping[int, list[tuple[str, int]]]:
    """By the length of a name, the secrets that it may be a misspelling of, and by how many letters it may differ."""
    found: dict[int, list[tuple[str, int]]] = {}
    for each in sorted(secrets):
        most = 2 if len(each) >= _LONG else 1
        for length in range(len(each) - most, len(each) + most + 1) if len(each) >= _SHORTEST else ():
            found.setdefault(length, []).append((each, most))
    return found


def names_secret(text: str, names: frozenset[str]) -> bool:
    """Whether a string or word, its quotes perhaps around it, is the name of a secret or nearly so.

    ``names`` are those that the schema knows.
    """
    bare = (_ENTITY.sub("", text) if "&" in text else text).strip(_QUOTES).rstrip(":= ")
    return fold(bare) in names or secret_name(bare) or misspelt_secret(bare, names)
