"""An option, rule, variable or flag explained, for people and for programs."""

import json
from collections.abc import Iterator
from typing import Final

from k6cfg.engine.explanation import Explained
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import Painter
from k6cfg.schema import Node, Schema
from k6cfg.schema.type_labels import EXPECTED
from k6cfg.schema.versions import Version

_NARROW: Final = 14
_UNKNOWN: Final = {
    "refused": "keys that k6 does not know are refused",
    "ignored": "keys that k6 does not know are ignored",
    "kept": "any key may stand here",
}
_NEVER_SHOWN: Final = "it is a secret: k6cfg never shows it"
_SIMPLE: Final = {"bool": True, "plain-bool": True, "int": 1, "plain-int": 1, "float": 1.5}


def example(node: Node, schema: Schema) -> str | None:
    """A file with the key in it, as one line of JSON; ``None`` where there is nothing sensible to show."""
    value = _example(node)
    if node.dotted.endswith(">"):
        scenario = _scenario(node.name, node.dotted.partition(".")[0], schema)
        return json.dumps({"scenarios": {"NAME": scenario}}, ensure_ascii=False) if scenario is not None else None
    if value is None or "[]" in node.dotted:
        return None
    first, *rest = node.dotted.split(".")
    outer = schema.root.properties.get(first)
    if len(rest) > 1 and outer is not None and outer.type == "scenarios":
        scenario = _scenario(rest[0].partition("<")[2].rstrip(">"), first, schema)
        if scenario is None:
            return None
        return json.dumps(
            {first: {"NAME": {**scenario, **_nested(rest[1:], scenario.get(rest[1], value))}}}, ensure_ascii=False
        )
    return json.dumps(_nested([first, *rest], value), ensure_ascii=False)


def _nested(names: list[str], value: object) -> dict[str, object]:
    found = value
    for name in reversed(names):
        found = {"NAME" if name == "*" else name: found}
    return found if isinstance(found, dict) else {}


def _scenario(executor: str, key: str, schema: Schema) -> dict[str, object] | None:
    """What a scenario of that executor (any, where none is said) needs; ``None`` for one that this version lacks."""
    shapes = schema.find((key, "NAME"))
    if shapes is None or shapes.variant_key is None:
        return None
    shape = shapes.variants.get(executor or next(iter(shapes.variants)))
    if shape is None:
        return None
    needs = {name: _example(shape.properties[name]) for name in shape.required}
    needs.pop(shapes.variant_key, None)
    return {shapes.variant_key: shape.name, **needs}


def _example(node: Node) -> object:
    if node.secret:
        return "..." if "string" in node.json_types else None
    if node.examples:
        return node.examples[0]
    if node.enum:
        return node.enum[0] or node.enum[-1]
    if node.type == "list" and node.items is not None and node.items.properties:
        return [{name: _example(each) for name, each in node.items.properties.items()}]
    simple = _SIMPLE.get(node.type)
    # A default that is switched on is best shown switched off.
    if isinstance(simple, bool):
        return node.default is not True
    return node.default if node.default is not None else simple


def facts(node: Node, schema: Schema) -> Iterator[tuple[str, str]]:
    """What is known of a place, as pairs of a word and a text."""
    if node.description:
        yield "does", node.description
    yield "type", _type(node)
    yield from _accepted(node, schema)
    if node.default is not None and not node.secret:
        yield "default", json.dumps(node.default, ensure_ascii=False)
    yield from _elsewhere(node)
    yield from _history(node, schema.version)
    if node.dotted.endswith(">") and node.required:
        yield "needs", ", ".join(node.required)
    if node.unknown_keys is not None and node.properties:
        yield "keys", f"{', '.join(node.properties)}; {_UNKNOWN[node.unknown_keys]}"
    if node.secret:
        yield "note", _NEVER_SHOWN


def _accepted(node: Node, schema: Schema) -> Iterator[tuple[str, str]]:
    if node.enum:
        yield "one of", ", ".join(f'"{each}"' for each in node.enum)
    if node.known:
        yield "k6 knows", ", ".join(node.known)
    limits = _limits(node)
    if limits:
        yield "limits", limits
    shown = example(node, schema)
    if shown is not None:
        yield "example", shown


def _elsewhere(node: Node) -> Iterator[tuple[str, str]]:
    if node.env:
        yield "variable", ", ".join(node.env)
    if node.flag:
        yield "flag", ", ".join(node.flag)


def _type(node: Node) -> str:
    words = EXPECTED.get(node.type, "anything")
    return f"{words}; null is not set" if node.nullable and node.type in EXPECTED else words


def _limits(node: Node) -> str:
    pairs = (("at least", node.minimum), ("more than", node.exclusive_minimum), ("at most", node.maximum))
    return ", ".join(f"{words} {value}" for words, value in pairs if value is not None)


def _history(node: Node, version: Version) -> Iterator[tuple[str, str]]:
    if node.ignored:
        yield "note", "k6 does not read it from the file"
    elif node.since is not None:
        later = f"; k6 {version} does not know it" if node.since > version else ""
        yield "since", f"k6 {node.since}{later}"
    for value, since in node.enum_since.items():
        yield "since", f'"{value}" came with k6 {since}'
    for value, removed in node.enum_removed.items():
        yield "removed", f'"{value}" went with k6 {removed}'
    if node.deprecated is not None:
        yield "deprecated", f"since k6 {node.deprecated}"
    if node.removed is not None:
        yield "removed", f"with k6 {node.removed}; k6cfg migrate carries files over"
    if node.replaced_by is not None:
        yield "replaced by", node.replaced_by
    if node.instead is not None:
        yield "instead", node.instead


# -- for people -------------------------------------------------------------------------------------------------------


def render(found: Explained, schema: Schema, painter: Painter) -> str:
    """The explanation, a line or a few for each fact."""
    lines: list[str] = []
    if found.rule is not None:
        lines += [*_rule(found, painter), ""]
    if found.kind in {"variable", "flag", "group", "unknown-key"}:
        lines += [painter.paint(found.subject, "bold"), *_how(found, painter), ""]
    for node in found.nodes:
        lines.append(painter.paint(node.dotted, "bold"))
        lines += [f"  {painter.paint(f'{word:<{_NARROW}}', 'dim')}{text}" for word, text in facts(node, schema)]
        lines.append("")
    if found.others:
        lines.append(f"{'Its rules' if found.kind == 'group' else 'See also'}: {', '.join(found.others)}")
    return "\n".join(lines).rstrip("\n") + "\n"


def _how(found: Explained, painter: Painter) -> Iterator[str]:
    yield f"  {found.words}"
    if found.form is not None:
        pairs = (("written", f"{found.subject}={found.form.example}"), ("empty", f"an empty one {found.form.empty}"))
        yield from (f"  {painter.paint(f'{word:<{_NARROW}}', 'dim')}{text}" for word, text in pairs)


def _rule(found: Explained, painter: Painter) -> Iterator[str]:
    rule, lesson = found.rule, found.lesson
    if rule is None:
        return
    yield f"{painter.paint(rule.name, 'bold')} ({rule.group})"
    yield f"  {rule.summary}"
    if lesson is None:
        return
    yield f"  {lesson.why}"
    version = f", for k6 {lesson.version}" if lesson.version else ""
    wrong, right = f"wrong{version}", "right"
    from k6cfg.migrations.context import GROUP  # with a rule's name all rooms of the rules are there already

    if rule.group == GROUP:
        wrong, right = f"as k6 {lesson.version} took it", "as it is now"
    for word, colour, text in ((wrong, "red", lesson.wrong), (right, "green", lesson.right)):
        if text is not None:
            yield f"  {painter.paint(word, colour)}:"
            yield from (f"    {_visible(line)}" for line in text.rstrip("\n").split("\n"))


def _visible(line: str) -> str:
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in line)


# -- for programs -----------------------------------------------------------------------------------------------------


def render_json(found: Explained, schema: Schema) -> str:
    """The same on one line: a contract, described in docs/json.md."""
    rule, lesson = found.rule, found.lesson
    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(schema.version),
        "subject": found.subject,
        "kind": found.kind,
        "keys": [_json(node, schema) for node in found.nodes],
        "see_also": list(found.others),
        "rule": {
            "name": rule.name,
            "group": rule.group,
            "summary": rule.summary,
            "why": lesson.why if lesson is not None else None,
            "wrong": lesson.wrong if lesson is not None else None,
            "right": lesson.right if lesson is not None else None,
            "wrong_for": lesson.version if lesson is not None else None,
        }
        if rule is not None
        else None,
        "note": found.words if found.kind == "variable" or not found.nodes else None,
        "written": f"{found.subject}={found.form.example}" if found.form is not None else None,
        "empty": f"an empty one {found.form.empty}" if found.form is not None else None,
    }
    return json.dumps(content)


def _json(node: Node, schema: Schema) -> dict[str, object]:
    return {
        "key": node.dotted,
        "description": node.description,
        "type": node.type,
        "json_types": list(node.json_types),
        "choices": list(node.enum or node.known),
        "example": example(node, schema),
        "default": None if node.secret else node.default,
        "minimum": node.minimum,
        "maximum": node.maximum,
        "variables": list(node.env),
        "flags": list(node.flag),
        "secret": node.secret,
        "in_file": not node.ignored,
        "since": _text(node.since),
        "deprecated": _text(node.deprecated),
        "removed": _text(node.removed),
        "replaced_by": node.replaced_by,
        "instead": node.instead,
    }


def _text(version: Version | None) -> str | None:
    return str(version) if version is not None else None
