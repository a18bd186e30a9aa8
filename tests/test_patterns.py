"""No regular expression takes longer than in proportion to its text, whatever the text: tried on what each is made of."""

import ast
import json
import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from attacks import END, ENDS, attacks

from k6cfg.k6.cloud import token
from k6cfg.repairer.lexer import strings
from k6cfg.text import lazy_regex

PACKAGE = Path(lazy_regex.__file__).parent.parent
SCHEMA = PACKAGE.parent / "schemas" / "k6-config.schema.json"
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__main__"
)
ANYWHERE: Final = {"search", "finditer", "findall", "sub", "subn", "split"}
"""What tries a pattern at each place of a text."""
METHODS: Final = {*ANYWHERE, "match", "fullmatch"}

LOCALS: Final[dict[str, list[dict[str, Any]]]] = {
    "k6cfg.k6.cloud.token": [{"pattern": token._PREFIX}, {"pattern": token._ASSIGNED}],
    "k6cfg.doctor.checks.copies": [{"file": Path("config.json"), "pattern": r".*config\.json.*|config[ ._(-].*"}],
    "k6cfg.k6.grammars.segments": [{"base": base, "digit": digit, "first": "_?"} for base, digit in ((10, "[0-9]"), (16, "[0-9a-fA-F]"))],
    "k6cfg.rules.schema_precheck": [{"pattern": "a+"}],  # those of the schema, see below
    "k6cfg.rules.unknown_key": [{"pattern": "a+", "unknown": None}],  # the same
    "k6cfg.k6.secrets": [{"head": "a.b*(c)", "longer": True}],
    "k6cfg.k6.secrets.patterns": [{"many": "key|headers|token"}],
    "k6cfg.repairer.lexer.strings": [{"closers": "'"}, *({"follows": each} for each in (strings.AFTER_KEY, strings.AFTER_VALUE))],
    "k6cfg.repairer.lexer.bare_values": [{"mark": ","}],
    "k6cfg.report.support_bundle": [{"names": SimpleNamespace(home="/home/a"), "pattern": "(?<![A-Za-z0-9])a(?![A-Za-z0-9])", "short": "8|71"}],
    "k6cfg.k6.display": [{"mark": "number:"}],
    "k6cfg.k6.outputs": [{"node": SimpleNamespace(pattern="^a+")}],  # those of the schema, see below
    "k6cfg.rules.browser_option": [{"notes": "^_"}],  # the same
    "k6cfg.text.scanner": [{"apostrophes": "(?!)"}],  # what the other one takes too long for is this one's: see test_scanner
}  # fmt: skip
"""What stands for that of which a pattern is made where it is used."""

BOUNDED: Final = {
    "k6cfg.k6.decode.strings._SPACED": "durations of up to 200 characters",
    "k6cfg.repairer.lexer.strings._STRUCTURE": "strings of up to 2000 characters",
    "k6cfg.repairer.lexer.strings._CROSSED": "the same",
    "k6cfg.repairer.lexer.strings._KEY_ENDS": "the same",
    "k6cfg.repairer.wrappers.trailing_text._SIGNS": "remainders of up to 200 characters",
}
"""What is only tried on short texts, and is not tried here."""


class Use:
    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.methods: set[str] = set()


def compiled(value: object) -> tuple[re.Pattern[str], str] | None:
    """The pattern that a value is, or whose method it is, and that method."""
    if type(value).__name__ == "_Late":
        value = re.compile(*value._given)  # type: ignore[attr-defined]
    method = getattr(value, "__name__", "")
    pattern = getattr(value, "__self__", value)
    return (pattern, method) if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str) else None


def held(value: object, depth: int = 0) -> Iterator[object]:
    """A value and what is in it."""
    yield value
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        inside = value
    elif isinstance(value, type) and value.__module__.startswith("k6cfg."):
        inside = vars(value).values()
    if depth < 4:
        yield from (each for one in list(inside) for each in held(one, depth + 1))


def made(module: Any, node: ast.Call) -> Iterator[re.Pattern[str]]:
    """The patterns that a call of ``re`` or of ``late`` is given."""
    flags = [*node.args[1:], *(word.value for word in node.keywords if word.arg == "flags")]
    for names in [{}, *LOCALS.get(module.__name__, ())]:
        try:
            pattern, *others = (
                eval(compile(ast.Expression(each), "", "eval"), vars(module) | names)  # noqa: S307
                for each in (node.args[0], *(each for each in flags if "re." in ast.unparse(each)))
            )
        except NameError:
            continue
        yield re.compile(pattern, *(each for each in others if isinstance(each, re.RegexFlag)))


def named(node: ast.expr) -> str:
    """A name, or a name and a part of it, as written; empty for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(module: Any) -> Iterator[ast.Call]:
    """Every call in a module with something in its brackets; ``patterns`` itself is told its patterns by others."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    called = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return iter(()) if module is lazy_regex else called


def collected() -> dict[re.Pattern[str], Use]:
    found: dict[re.Pattern[str], Use] = {}

    def note(pattern: re.Pattern[str], name: str, method: str) -> None:
        use = found.setdefault(pattern, Use())
        use.names.setdefault(name)
        use.methods |= {method} & METHODS

    for name in MODULES:
        module = import_module(name)
        for key, value in list(vars(module).items()):
            for one in filter(None, map(compiled, held(value) if not key.startswith("__") else ())):
                note(one[0], f"{name}.{key}", one[1])
        for node in calls(module):
            called = named(node.func)
            holder, _, method = called.rpartition(".")
            if called in {"late", *(f"re.{each}" for each in ("compile", *METHODS))}:
                given = list(made(module, node))
                assert given, f"{name}:{node.lineno}: say in LOCALS what the pattern is made of"
                for each in given:
                    note(each, f"{name}:{node.lineno}", method)
            elif method in METHODS and (own := compiled(vars(module).get(holder))) is not None:
                note(own[0], f"{name}.{holder}", method)
    for pattern in set(of_schema(json.loads(SCHEMA.read_text("utf-8")))):
        note(re.compile(pattern), f"schema {pattern}", "search")
    return found


def of_schema(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (each for key, each in node.items() if key in {"pattern", "notePattern"} and isinstance(each, str))
        yield from node.get("patternProperties", ())
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from of_schema(each)


ELSEWHERE: Final = {
    "text.go_error_offset.": "match",
    "repairer.wrappers.line_prefixes.": "match",
    "repairer.lexer.strings._NEXT_QUOTE": "match",
    "repairer.search.driver._SOUND": "match",
    "repairer.lexer.bare_values._NUMBERS": "match",
    "k6.grammars.references._KINDS": "fullmatch",
    "k6.grammars.segments._NUMBER": "fullmatch",
    "cli.errors._NEGATIVE": "fullmatch",
    "doctor.checks.copies:": "fullmatch",
    "text.scanner:": "finditer",
}
"""How a pattern is used under another name than its own."""
SHORT, LONG = (24, 48), 1500
MOMENT = 0.0015
"""Seconds in which no machine compares each two of so many characters."""


def least(work: Callable[[str], object], text: str, times: int) -> float:
    """The least processor time of some runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work(text)
        taken.append(time.process_time() - start)
    return min(taken)


def grows(work: Callable[[str], object], text: Callable[[int], str]) -> bool:
    """Whether four times the text takes far more than four times the time; what takes no time does not."""
    for size in SHORT:  # what doubles with every few of them shows before it would never end
        if least(work, text(size), 1) > MOMENT and least(work, text(size), 3) > MOMENT:
            return True
    if least(work, text(LONG), 1) < MOMENT:
        return False
    small = least(work, text(LONG), 3)
    return small > MOMENT and (small > 0.5 or least(work, text(4 * LONG), 3) > 8 * small)


def works(pattern: re.Pattern[str], use: Use) -> dict[str, Callable[[str], object]]:
    """How a pattern is used: as said, or in every way."""
    known = ({each} for part, each in ELSEWHERE.items() if any(name.startswith(f"k6cfg.{part}") for name in use.names))
    methods = use.methods or next(known, METHODS)
    ways: dict[str, Callable[[str], object]] = {each: getattr(pattern, each) for each in methods - ANYWHERE}
    if methods & ANYWHERE:
        ways["finditer"] = lambda text: sum(1 for _ in pattern.finditer(text))
    return ways


@pytest.mark.parametrize("ends", [(END,), pytest.param(ENDS, marks=pytest.mark.slow)], ids=["one end", "all ends"])
def test_no_pattern_takes_longer_than_its_text(ends: tuple[str, ...]) -> None:
    found = collected()
    assert len(found) > 200
    slow = [
        f"{next(iter(use.names))}: {method} of {attack}"
        for pattern, use in found.items()
        if not any(name in BOUNDED for name in use.names)
        for method, work in works(pattern, use).items()
        for attack in attacks(pattern, ends)
        if grows(work, attack.text)
    ]
    assert not slow


@pytest.mark.parametrize("pattern", [r"(?:\w|a)*;", r"'(?:[^'\\]|\\.)*'", r"(?:ab?)+;"])
def test_a_pattern_that_takes_longer_is_found(pattern: str) -> None:
    work = re.compile(pattern).findall
    assert any(grows(work, attack.text) for attack in attacks(re.compile(pattern)))
