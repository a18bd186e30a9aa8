"""YAML, TOML and HCL that is plainly a configuration, as JSON. What people write by hand is understood; else nothing.

Scalars stay as they are written: what is no JSON number or literal becomes a string.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from k6cfg.repairer.lexer.bare_values import SOUND

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
"""Objects, arrays and scalars as JSON text."""

_DEEPEST: Final = 32
_LONGEST: Final = 200_000
_NOT_YAML: Final = re.compile(r"[,{;]\s*(?:#.*)?\Z|\s*[{}\[\]]|\t|.*[&*|>]\s*\Z")
_PAIR: Final = re.compile(
    r"(?:\"(?P<double>[^\"\\]*)\"|'(?P<single>[^']*)'|(?P<bare>[A-Za-z_][\w.-]*(?:\{[^{}\"']*\})?))\s*:(?:\s+(?P<value>\S.*)?)?\Z"
)
_COMMENT: Final = re.compile(r"(?:^|\s)#")
_TABLE: Final = re.compile(r"\[(?P<name>[^\[\]]+)\]\Z")
_TABLES: Final = re.compile(r"\[\[(?P<name>[^\[\]]+)\]\]\Z")
_ASSIGNED: Final = re.compile(r"(?P<name>(?:[\w.-]|\"[^\"\\]*\"|'[^']*')+)\s*=\s*(?P<value>\S.*)\Z")
_STRING: Final = re.compile(r"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^']*(?:''[^']*)*'")
_QUOTED: Final = re.compile(rf"(?:(?<=[\s\[{{,:=])|^)(?:{_STRING.pattern})")


def converted(text: str, known: frozenset[str], switches: frozenset[str]) -> tuple[str, str] | None:
    """The name of the language (``"yaml"``, ``"toml"`` or ``"hcl"``) and the JSON, or ``None`` where it is neither.

    ``known`` are the keys of a configuration in lower case; without one of them it is none. None known: any will do.
    ``switches`` are those of them that k6 takes booleans alone for.
    """
    if len(text) > _LONGEST:
        return None
    lines = list(_meaningful(text))
    if not lines:
        return None
    for name, read in (("toml", _toml), ("yaml", _yaml), ("hcl", _hcl)):
        try:
            tree = _switched(read(lines), switches, 0)
        except _NotThis:
            continue
        if isinstance(tree, dict) and (not known or any(key[1:-1].lower() in known | {"options"} for key in tree)):
            return name, _rendered(tree, "") + "\n"
    return None


class _NotThis(Exception):  # noqa: N818
    """The text is not in the language that was tried."""


def _switched(tree: Tree, switches: frozenset[str], depth: int, key: str = "") -> Tree:
    """A tree with the booleans of YAML 1.1 in it as JSON's, where their keys leave no other choice."""
    if isinstance(tree, dict):
        deeper = depth if key == '"options"' else depth + 1
        return {name: _switched(below, switches, deeper, name) for name, below in tree.items()}
    if isinstance(tree, list):
        return [_switched(each, switches, depth + 1) for each in tree]
    meant = _SWITCHES.get(tree.lower())
    if meant is not None and (depth != 1 or key[1:-1].lower() not in switches):
        raise _NotThis
    return meant or tree


_SWITCHES: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class _Line(NamedTuple):
    indent: int
    text: str


def _meaningful(text: str) -> Iterator[_Line]:
    for raw in text.splitlines():
        line = _without_comment(raw).rstrip()
        if line.strip() and line != "---":
            yield _Line(len(line) - len(line.lstrip(" ")), line.strip())


def _without_comment(line: str) -> str:
    if "#" not in line:
        return line
    found = _COMMENT.search(_QUOTED.sub(lambda one: "x" * len(one.group()), line))
    return line[: found.start()] if found else line


# -- YAML -----------------------------------------------------------------------------------------------------------


def _yaml(lines: list[_Line]) -> Tree:
    if any(_NOT_YAML.match(line.text) or line.text.endswith((",", "{", ";")) for line in lines):
        raise _NotThis
    if all(line.text[0] == '"' for line in lines if line.indent == lines[0].indent):
        raise _NotThis  # a part of a JSON file
    tree, rest = _block(lines, 0, lines[0].indent, 0)
    if rest != len(lines):
        raise _NotThis
    return tree


def _block(lines: list[_Line], at: int, indent: int, depth: int) -> tuple[Tree, int]:
    if depth > _DEEPEST:
        raise _NotThis
    if lines[at].text.startswith("- ") or lines[at].text == "-":
        return _sequence(lines, at, indent, depth)
    made: dict[str, Tree] = {}
    while at < len(lines) and lines[at].indent == indent:
        found = _PAIR.match(lines[at].text)
        if not found:
            raise _NotThis
        key = _key(found["double"] or found["single"] or found["bare"] or "")
        if key in made:
            raise _NotThis
        made[key], at = _below(lines, at, indent, found["value"] or "", depth)
    if at < len(lines) and lines[at].indent > indent:
        raise _NotThis
    return made, at


def _below(lines: list[_Line], at: int, indent: int, value: str, depth: int) -> tuple[Tree, int]:
    """The value after a key: on its line, or in the block below it."""
    if value:
        return _scalar(value), at + 1
    following = lines[at + 1] if at + 1 < len(lines) else None
    if following is not None and (
        following.indent > indent or (following.indent == indent and following.text.startswith("- "))
    ):
        return _block(lines, at + 1, following.indent, depth + 1)
    return "null", at + 1


def _sequence(lines: list[_Line], at: int, indent: int, depth: int) -> tuple[Tree, int]:
    made: list[Tree] = []
    while at < len(lines) and lines[at].indent == indent and lines[at].text.startswith("- "):
        rest = lines[at].text[2:]
        content = rest.lstrip()
        if _PAIR.match(content) and not _STRING.fullmatch(content):
            inner = indent + 2 + len(rest) - len(content)
            patched = [*lines[:at], _Line(inner, content), *lines[at + 1 :]] if len(lines) < 2000 else lines
            if patched is lines:
                raise _NotThis
            item, at = _block(patched, at, inner, depth + 1)
        else:
            item, at = _scalar(content), at + 1
        made.append(item)
    return made, at


def _scalar(text: str, depth: int = 0) -> Tree:
    """A value on one line."""
    if _STRING.fullmatch(text):
        return text if text[0] == '"' else json.dumps(text[1:-1].replace("''", "'"), ensure_ascii=False)
    if text[0] in "[{" and text[-1] == _ENDS[text[0]]:
        return _flow(text, depth)
    if SOUND.fullmatch(text):
        return text
    plain = text.replace("_", "")
    if plain != text and SOUND.fullmatch(plain):
        return plain
    if (
        text[0] in "&*!|>%@`"
        or text[0] in "\"'"
        or any(sign in text for sign in "{}[]")
        or (depth and any(sign in text for sign in "\"'"))
        or ": " in text
        or "=" in text.replace("=<", "").replace("<=", "").replace(">=", "").replace("==", "")
        or text == "~"
    ):
        raise _NotThis
    if text.lower() in _SWITCHES:
        return text  # a boolean or a word: its key says which
    if text in {"True", "TRUE", "False", "FALSE", "Null", "NULL"}:
        return text.lower()
    return json.dumps(text, ensure_ascii=False)


_ENDS: Final = {"[": "]", "{": "}"}


def _flow(text: str, depth: int) -> Tree:
    """A list or a map on one line."""
    if depth > _DEEPEST:
        raise _NotThis
    items = list(_split(text[1:-1].strip()))
    if text[0] == "[":
        return [_scalar(item, depth + 1) for item in items]
    made: dict[str, Tree] = {}
    for item in items:
        pair = _PAIR.match(item) or _ASSIGNED.match(item)
        if not pair or not pair["value"]:
            raise _NotThis
        key = _key(pair.group(0)[: pair.start("value")].rstrip().rstrip(":="))
        if key in made:
            raise _NotThis
        made[key] = _scalar(pair["value"].strip(), depth + 1)
    return made


def _key(written: str) -> str:
    """A key as JSON, with or without quotes."""
    return json.dumps(written.strip().strip("\"'"), ensure_ascii=False)


def _split(text: str) -> Iterator[str]:
    """The items of a list on one line: what commas divide outside strings and brackets."""
    depth = start = 0
    for found in _DIVIDER.finditer(text + ","):
        sign = found.group()
        depth += (sign in "[{") - (sign in "]}")
        if sign == "," and depth == 0:
            item = text[start : found.start()].strip()
            if item:
                yield item
            elif found.start() < len(text):
                raise _NotThis
            start = found.end()
    if depth:
        raise _NotThis


_DIVIDER: Final = re.compile(rf"{_STRING.pattern}|[\"'].*|[\[\]{{}},]")
"""What is not closed goes on to the end: else the end would be looked for from each quote of it."""


# -- TOML -----------------------------------------------------------------------------------------------------------


def _toml(lines: list[_Line]) -> Tree:
    root: dict[str, Tree] = {}
    table = root
    for line in lines:
        several = _TABLES.match(line.text)
        one = _TABLE.match(line.text)
        if several:
            parts = _names(several["name"])
            above = _inside(root, parts[:-1])
            listed = above.setdefault(parts[-1], [])
            if not isinstance(listed, list):
                raise _NotThis
            table = {}
            listed.append(table)
        elif one:
            table = _inside(root, _names(one["name"]))
        else:
            found = _ASSIGNED.match(line.text)
            if not found:
                raise _NotThis
            parts = _names(found["name"])
            holder = _inside(table, parts[:-1])
            if parts[-1] in holder:
                raise _NotThis
            holder[parts[-1]] = _scalar(found["value"])
    return root


def _names(dotted: str) -> list[str]:
    parts = re.findall(r'"[^"]*"|\'[^\']*\'|[^.\s"\']+', dotted)
    if not parts or len(parts) > _DEEPEST:
        raise _NotThis
    return [_key(part) for part in parts]


def _inside(table: dict[str, Tree], parts: list[str]) -> dict[str, Tree]:
    for part in parts:
        below = table.setdefault(part, {})
        if isinstance(below, list) and below:
            below = below[-1]
        if not isinstance(below, dict):
            raise _NotThis
        table = below
    return table


# -- HCL ------------------------------------------------------------------------------------------------------------

_BLOCK: Final = re.compile(r"(?P<name>[A-Za-z_][\w-]*)(?P<labels>(?:\s+\"[^\"\\]*\")*)\s*(?:=\s*)?\{\Z")


def _hcl(lines: list[_Line]) -> Tree:
    """``name = value`` on lines of their own, and blocks of them."""
    root: dict[str, Tree] = {}
    stack = [root]
    for line in lines:
        block = _BLOCK.match(line.text)
        found = _ASSIGNED.match(line.text)
        if block:
            table = stack[-1]
            names = [_key(block["name"]), *re.findall(r'"[^"]*"', block["labels"])]
            for name in names[:-1]:
                below = table.setdefault(name, {})
                if not isinstance(below, dict):
                    raise _NotThis
                table = below
            inner: dict[str, Tree] = {}
            if names[-1] in table or len(stack) > _DEEPEST:
                raise _NotThis
            table[names[-1]] = inner
            stack.append(inner)
        elif line.text == "}" and len(stack) > 1:
            stack.pop()
        elif found and _key(found["name"]) not in stack[-1] and "." not in found["name"]:
            stack[-1][_key(found["name"])] = _scalar(found["value"])
        else:
            raise _NotThis
    if len(stack) > 1:
        raise _NotThis
    return root


def _rendered(tree: Tree, indent: str) -> str:
    """A tree as JSON over several lines. Never deeper than ``_DEEPEST`` and a few."""
    deeper = indent + "  "
    if isinstance(tree, dict):
        if not tree:
            return "{}"
        entries = ",\n".join(f"{deeper}{key}: {_rendered(value, deeper)}" for key, value in tree.items())
        return f"{{\n{entries}\n{indent}}}"
    if isinstance(tree, list):
        if all(isinstance(item, str) for item in tree):
            return f"[{', '.join(map(str, tree))}]"
        return "[\n" + ",\n".join(deeper + _rendered(item, deeper) for item in tree) + f"\n{indent}]"
    return tree
