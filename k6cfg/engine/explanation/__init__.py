"""One option, rule, variable or flag explained, from the schema: what it is, what it takes, what became of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from k6cfg.engine.explanation import migrations, rules
from k6cfg.engine.explanation.rules import Lesson
from k6cfg.k6.member_lookup import fold
from k6cfg.schema import Node, Schema
from k6cfg.text.diagnostics import Rule
from k6cfg.text.lazy_regex import late
from k6cfg.text.location import pointer_parts

if TYPE_CHECKING:  # only a variable needs it
    from k6cfg.k6.env_docs import Form

__all__ = ["Explained", "Lesson", "Unknown", "explain"]

_VARIANT: Final = late("<[^<>]*>")
_FEW: Final = 3
_ALIKE: Final = 0.65


class Explained(NamedTuple):
    """What a word stands for. ``nodes`` are the places of the file that it names, the usual one first.

    ``others`` are the dotted names of further places with the same last key, or the rules of a group. ``words`` say
    what a variable or flag goes before, or what it is for where it is no key of the file; ``form`` is how the variable
    is written.
    """

    subject: str
    kind: str
    nodes: tuple[Node, ...] = ()
    others: tuple[str, ...] = ()
    rule: Rule | None = None
    lesson: Lesson | None = None
    words: str | None = None
    form: "Form | None" = None


class Unknown(Exception):  # noqa: N818 - nobody's fault but a slip
    """A word that names nothing. ``near`` are those that it may have been meant to be."""

    def __init__(self, near: tuple[str, ...]) -> None:
        super().__init__(near)
        self.near = near


def explain(subject: str, schema: Schema) -> Explained:
    """What a key (dotted, or a JSON Pointer), a rule, a group of rules, a variable or a flag is.

    Raises:
        Unknown: it is none of these.
    """
    word = subject.strip()
    named = (_flag,) if word.startswith("-") else (_rule, _key, _variable, _group, _advised)
    found = next((one for name in named if (one := name(word, schema)) is not None), None)
    if found is None:
        raise Unknown(_near(word, schema))
    return found


def _rule(word: str, schema: Schema) -> Explained | None:
    """A rule of ``validate``, else a migration: some have the same name, and are about the same."""
    name = word.lower()
    lessons = rules.LESSONS if name in rules.LESSONS else migrations.LESSONS
    if name not in lessons:  # each of them has a lesson; the rooms of the rules are large
        return None
    rule = next((rule for rule in _taught() if rule.name == name), None)
    keys = (node for node in schema.nodes(obsolete=True) if fold(node.name) == fold(word))
    others = tuple(dict.fromkeys(node.dotted for node in keys))
    return Explained(word, "rule", rule=rule, lesson=lessons[name], others=others)


def _group(word: str, _schema: Schema) -> Explained | None:
    name = word.lower()
    if name not in rules.GROUPS:
        return None
    names = tuple(dict.fromkeys(rule.name for rule in _taught() if rule.group == name))
    return Explained(name, "group", words=rules.GROUPS[name], others=names)


def _advised(word: str, schema: Schema) -> Explained | None:
    """A key that people write though k6 has nothing like it."""
    nodes = [schema.root, *schema.nodes()]
    advice = (text for node in nodes for name, text in node.advice.items() if fold(name) == fold(word))
    words = " ".join(f"{text[:1].upper()}{text[1:].removesuffix('.')}." for text in dict.fromkeys(advice))
    return Explained(word, "unknown-key", words=f"k6 knows no such key. {words}") if words else None


def _taught() -> Iterator[Rule]:
    from k6cfg.engine import all_rules
    from k6cfg.migrations import RULES

    yield from all_rules()
    yield from RULES


def _flag(word: str, schema: Schema) -> Explained | None:
    name = word.partition("=")[0]
    nodes = tuple(node for node in schema.nodes(obsolete=True) if name in node.flag)
    if nodes:
        return Explained(word, "flag", nodes=nodes, words="It counts more than variables, the script and the file.")
    from k6cfg.k6.env_docs import FLAGS, SHORT_FLAGS

    does = FLAGS.get(SHORT_FLAGS.get(name, name))
    return Explained(word, "flag", words=f"{does} The file cannot say it.") if does is not None else None


def _variable(word: str, schema: Schema) -> Explained | None:
    from k6cfg.k6.env_docs import DOES, form, order
    from k6cfg.k6.env_vars import KNOWN, OBSOLETE

    name = word.partition("=")[0].upper()
    nodes = tuple(node for node in schema.nodes(obsolete=True) if any(_fits(each, name) for each in node.env))
    for old in OBSOLETE:
        if _fits(old.name, name) and (old.until is None or old.until <= schema.version):
            when = f"k6 does not read it since {old.until}." if old.until else "k6 never read it."
            return Explained(name, "variable", nodes=nodes, words=f"{when} {old.advice}")
    if nodes:
        return Explained(name, "variable", nodes=nodes, words=order(nodes[0], schema.version), form=form(nodes[0]))
    for known in KNOWN:
        if _fits(known.name, name):
            since = f" Since k6 {known.since}." if known.since else ""
            return Explained(name, "variable", words=f"{DOES[known.name]}{since} No key of the file says the same.")
    return None


def _fits(pattern: str, name: str) -> bool:
    for mark in "<*":
        if mark in pattern:
            return name.startswith(pattern.partition(mark)[0]) and name != pattern.partition(mark)[0]
    return name == pattern


def _key(word: str, schema: Schema) -> Explained | None:
    """The places that a key names: exactly, else without what stands for any name, else by its last part alone."""
    wanted = fold(".".join(pointer_parts(word)) if word.startswith("/") else word)
    if not wanted:
        return None
    exact, loose, last = [], [], []
    for node in schema.nodes(obsolete=True):
        if not node.description:
            continue
        if fold(node.dotted) == wanted:
            exact.append(node)
        elif wanted in _loosely(node):
            loose.append(node)
        elif fold(node.name) == wanted:
            last.append(node)
    found = exact or loose or last
    if not found:
        return _with_names(word, list(pointer_parts(word) if word.startswith("/") else word.split(".")), schema)
    found.sort(key=lambda node: (node.ignored, _gone(node, schema), not node.env))
    first = [node for node in found if node.description == found[0].description][:1]
    rest = [node for node in (*found, *loose, *last) if node.description != first[0].description]
    return Explained(word, "key", nodes=tuple(first), others=tuple(dict.fromkeys(node.dotted for node in rest)))


def _with_names(word: str, parts: list[str], schema: Schema) -> Explained | None:
    """A place with names of one's own in it, as KEY of ``set``: ``thresholds.checks``, ``scenarios.smoke.vus``."""
    first, *rest = parts
    node = schema.find(tuple(parts)) if rest else None
    outer = schema.find((first, rest[0])) if rest else None
    if node is None and outer is not None and outer.dotted.endswith(".*"):
        if outer.variants:
            found = _key(".".join([first, *rest[1:]]), schema)
            return found if found is not None and outer not in found.nodes else None
        node = outer
    if node is not None and not node.description:
        node = schema.find((first,))
    return Explained(word, "key", nodes=(node,)) if node is not None and node.description else None


def _gone(node: Node, schema: Schema) -> bool:
    return node.removed is not None and node.removed <= schema.version


def _loosely(node: Node) -> set[str]:
    """Other ways to write a place: ``scenarios.vus``, ``scenarios.constant-vus.vus``, ``stages.0.target``."""
    dotted = fold(node.dotted)
    plain = _VARIANT.sub("", dotted)
    ways = {plain, plain.replace(".*", "").replace("[]", ""), plain.replace("[]", ".0")}
    ways.add(dotted.replace(".*<", ".").replace(">", ""))
    return ways


def _near(word: str, schema: Schema) -> tuple[str, ...]:
    from difflib import get_close_matches

    names = {fold(name): name for name in _names(schema)}
    spoken = {fold(other): node.dotted for node in schema.nodes() for other in node.also_called}
    letters = fold(word)
    near = [spoken[letters]] if letters in spoken else []
    near += [node.dotted for node in schema.nodes() if word in {*node.enum, *node.known}]
    near += [names[each] for each in get_close_matches(letters, names, _FEW, _ALIKE)]
    return tuple(dict.fromkeys(near))


def _names(schema: Schema) -> Iterator[str]:
    from k6cfg.k6.env_vars import KNOWN, OBSOLETE

    yield from dict.fromkeys((*rules.LESSONS, *migrations.LESSONS, *rules.GROUPS))
    for node in schema.nodes(obsolete=True):
        if node.name not in {"*", "[]"} and "<" not in node.dotted.removesuffix(f"<{node.name}>"):
            yield node.name
            yield node.dotted
        yield from node.env
        yield from node.flag
    yield from (known.name for known in (*KNOWN, *OBSOLETE))
