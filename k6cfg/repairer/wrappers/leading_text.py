"""What stands before the configuration: an assignment, a script, a label, a prompt. Taken off as a whole."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from k6cfg.repairer.lexer.trivia import skip
from k6cfg.repairer.search.state import Step, step
from k6cfg.text.diagnostics import Edit

_OPTIONS: Final = re.compile(
    r"(?:export\s+)?(?:const|let|var)\s+options\b[^={};\"']{0,80}=\s*(?:(?:Object\.freeze\(|JSON\.parse\([`'\"])\s*)?(?=\{)"
)
_ASSIGNMENT: Final = re.compile(
    r"(?:(?:export\s+)?(?:const|let|var)\s+[\w$]+\b[^={};\"']{0,80}=|export\s+default|(?:module\.)?exports(?:\.\w+)?\s*=|(?<![\w$.])[\w$.]+\s*=|return)\s*(?:(?:Object\.freeze|JSON\.parse)?\(\s*)?(?:[`'\"]\s*)?\Z"
)
_CALL: Final = re.compile(r"(?:(?<![\w$.])[\w$.]+\s*)?\(\s*\Z|JSON\.parse\(\s*[`'\"]\s*\Z")
_QUOTE: Final = re.compile(r"[`'\"]\s*\Z")
_FILE: Final = re.compile(r"(?:[\w./~-]+\.json|config|configuration|json|JSON)\s*(?::\s*)?\Z")
_ENTRY: Final = re.compile(
    r"^[ \t]*(?:[A-Za-z_$][\w$.-]*[ \t]*|\"[^\"\r\n]*(?:\"[ \t]*)?|'[^'\r\n]*(?:'[ \t]*)?)[:=](?!//)", re.MULTILINE
)


def prefix(text: str, *, known: frozenset[str]) -> Sequence[Step]:
    """The steps that take away what stands before the configuration, comments too; none where it is a part of it.

    ``known`` are the keys of a configuration, in lower case.
    """
    chosen = _OPTIONS.search(text) if "options" in text else None
    start = chosen.end() if chosen else text.find("{")
    first, comments = skip(text, 0)
    before = text[first:start] if start > first else ""
    if not before.strip() or before.strip("\"' \t\r\n").lower() in known:
        return ()
    name = _kind(text, first, before, chosen)
    if not name:
        return ()
    if name == "label" and any(found.group(1).lower() in known for found in _SET.finditer(before)):
        name = "prose"  # it sets what a configuration may set
    detail = before.strip().split("\n")[-1][-40:]
    return [*comments, step(name, first, start, Edit(first, start, ""), detail=detail)]


def _kind(text: str, first: int, before: str, chosen: re.Match[str] | None) -> str:
    """What ``before`` is, as the name of a slip; empty where it belongs to the configuration."""
    if _QUOTE.fullmatch(before):
        return "assignment"
    if _HEADERS.fullmatch(before):
        return "label"
    near = max(0, len(before) - _NEAR)  # a name has many beginnings, and each of them would be tried
    found = chosen or _ASSIGNMENT.search(before, near) or _CALL.search(before, near)
    if found:
        head = text[first : found.start()] if chosen else before[: found.start()]
        code = _without_comments(head)
        if not chosen and ("{" in code or (head.strip() and not _HEAD.match(head))):
            return ""
        return "code" if code.strip() else "assignment"
    if len(before) > _TALK or _is_fragment(text, first, before) or _MEMBER.search(before):
        return ""
    return "label" if all(_LABELS.fullmatch(line) for line in before.splitlines() if line.strip()) else "prose"


_SET: Final = re.compile(r"([A-Za-z]{1,60})[ \t]*[:=]")
_MEMBER: Final = re.compile(r"[\"']\s*:\s*[\"'\d\[tfn]")
_HEADERS: Final = re.compile(r"(?:[<*] )?HTTP/[0-9.]+ [^\r\n]*\r?\n(?:(?:< )?[\w-]+:[^\r\n]*\r?\n)*(?:<? *\r?\n)*")
"""What a server sends before what was asked for."""
_LABELS: Final = re.compile(
    r"(?=[^\r\n{}\"']*\Z)(?:[^\r\n{}\"']*[$#%>➜❯][ \t]+(?:[~\w./-]+[ \t]+)?)?"  # noqa: RUF001
    r"(?:cat|type|less|more|head|bat|Get-Content)[ \t][^\r\n{}\"']*"
    r"|[ \t]*(?:cat|tee|k6|kubectl|ssh|sudo)\b[^\r\n{}]*<<-?[ \t]*[\"']?\w+[\"']?[^\r\n{}]*|[ \t]*echo[ \t]+['\"]"
    r"|[ \t]*(?:\$[ \t]+)?(?:sudo[ \t]+)?(?:mkdir|cd|touch|chmod|umask|set[ \t]+-\w)[ \t][^\r\n{}\"']*|#![^\r\n]*"
    r"|[*_`# \t]*(?!_)[\w./~-]+\.json[*_`: \t]*|[ \t]*(?:json[c5]?|js|javascript)[ \t:]*|[ \t]*[Cc]opy(?: code)?[ \t]*"
    r"|\.\. code(?:-block)?::[ \t]*\w*|[ \t]*```[ \t]*(?:\w+[ \t]*)?|>>>[ \t]*|(?:In|Out)[ ]?\[[0-9]+\]:[ \t]*"
    r"|[ \t]*(?:<(?:pre|code|p|div|span|td|textarea)\b[^<>\r\n]*>[ \t]*)+"
    r"|[ \t]*[-─━═=*_~]{3,}(?:[ \t]+[\w./-]+[ \t]+[-─━═=]{3,})?[ \t]*"
)
"""What pages and terminals put before a file: a prompt with the command, its name, its language, a ruler, a tag."""


def _is_fragment(text: str, first: int, before: str) -> bool:
    """Whether ``before`` is a part of a configuration that has lost its braces: keys, or the end of something."""
    label = before.strip()
    if label in _DECLARATIONS:
        return True
    if _OTHER_START.match(label) or _BLOCK.search(before):
        return False
    if label in _BULLETS or _FILE.fullmatch(label):
        return False
    return bool(_ENTRY.search(before)) or label[0] in _INSIDE or bool(_YAML_START.match(text, first))


_DECLARATIONS: Final = frozenset({"const", "let", "var", "export const", "export let"})
"""What takes an object apart in JavaScript: ``const {options} = …``."""
_BULLETS: Final = frozenset("-*>•")
_INSIDE: Final = frozenset("\"'[{-:,“}])")
_NEAR: Final = 400
_TALK: Final = 2000
"""Longer than this, what stands around is the text, and the object something in it."""
_HEAD: Final = re.compile(r"\s*(?:import|const|let|var|//|/\*|\$|export|'use strict')")
_YAML_START: Final = re.compile(r"---[ \t]*[\r\n]|[A-Za-z_][\w-]*:\s")
_OTHER_START: Final = re.compile(r"HTTP/[0-9]|---+ ?[\w.]")
"""The answer of a server, a ruler with a name in it."""
_BLOCK: Final = re.compile(r":[ \t]*[|>][+-]?[ \t]*[\r\n]\s*\Z")
"""The start of a block of text in YAML, as in a ConfigMap."""
_CONSTANT: Final = re.compile(
    r"^[ \t]*(?:export\s+)?(?:const|let|var)\s+([A-Za-z_$][\w$]*)(?:\s*:\s*\w+)?\s*=\s*"
    r"(\"[^\"\\\r\n]*\"|'[^'\"\\\r\n]*'|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false)[ \t]*(?:;[ \t]*|//[^\r\n]*)?\r?$",
    re.MULTILINE,
)


def constants(script: str) -> dict[str, str]:
    """The names that a script gives plain values to, once and for all, each with its value as JSON."""
    times = Counter(_GIVEN.findall(script))
    return {
        name: f'"{written[1:-1]}"' if written[0] == "'" else written
        for name, written in _CONSTANT.findall(script)
        if times[name] == 1
    }


_GIVEN: Final = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?:[-+*/]?=(?!=)|\+\+|--)")
"""A name that is given a value, or another one."""


def _without_comments(text: str) -> str:
    return re.sub(r"//[^\r\n]*|/\*.*?(?:\*/|\Z)|[\"']use strict[\"'];?", "", text, flags=re.DOTALL)
