"""What k6 runs with, for people and for programs, without a secret."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from k6cfg.consolidating import Outcome
from k6cfg.effective import DEFAULT, ENV, Effective, Lost
from k6cfg.location import pointer_parts
from k6cfg.masking import MARK, secret_name, without_secrets
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.style import Painter, one_line
from k6cfg.schema import Node, Schema
from k6cfg.values import as_json
from k6cfg.versions import Version

_LONGEST: Final = 60
_CLOUD: Final = ("collectors", "cloud")


class EffectiveFile(NamedTuple):
    """One file: ``path`` as it was given, ``shown`` for people."""

    path: str
    shown: str
    outcome: Outcome


def without(value: object, node: Node | None, *, secret: bool = False) -> object:
    """A value without its secrets, by place and by name; recursion is as deep as the value."""
    if isinstance(value, dict):
        return {key: _inside(each, node, key, secret=secret) for key, each in value.items()}
    if isinstance(value, list):
        items = node.items if node is not None else None
        return [without(each, items, secret=secret or (items is not None and items.secret)) for each in value]
    if secret and value is not None:
        return MARK
    return without_secrets(value) if isinstance(value, str) else value


def _inside(value: object, node: Node | None, key: str, *, secret: bool) -> object:
    inner = _node(node, key)
    return without(value, inner, secret=secret or secret_name(key) or (inner is not None and inner.secret))


def _node(node: Node | None, key: str) -> Node | None:
    if node is None:
        return None
    known = {name.lower(): name for name in (*node.properties, *node.obsolete)}
    return node.step(known.get(key.lower(), key), obsolete=True)


# -- for programs -----------------------------------------------------------------------------------------------------


def render_json(files: Sequence[EffectiveFile], schema: Schema, version: Version) -> str:
    """All files on one line: a contract, described in docs/json.md."""
    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(version),
        "files": [_json(file, schema) for file in files],
    }
    return as_json(content)


def _json(file: EffectiveFile, schema: Schema) -> dict[str, object]:
    found = file.outcome.effective
    cloud = file.outcome.cloud
    node = schema.find(_CLOUD)
    faults = [
        {"variable": fault.variable, "key": fault.key, "reason": fault.reason, "refused": fault.refused}
        for fault in file.outcome.faults
    ]
    return {
        "path": file.path,
        "options": without(dict(found.options), schema.root) if found is not None else None,
        "origins": dict(found.origins) if found is not None else None,
        "variables": dict(found.sources) if found is not None else None,
        "beside": without(dict(found.beside), schema.root) if found is not None else None,
        "lost": [_lost(lost, schema.root) for lost in found.lost] if found is not None else [],
        "cloud": None
        if cloud is None
        else {
            "settings": without(dict(cloud.options), node),
            "origins": dict(cloud.origins),
            "variables": dict(cloud.sources),
            "lost": [_lost(lost, node) for lost in cloud.lost],
        },
        "faults": faults,
        "error": file.outcome.refusal,
    }


def _lost(lost: Lost, node: Node | None) -> dict[str, object]:
    return {"key": lost.key, "layer": lost.layer, "value": _value(lost, node), "why": lost.why}


def _value(lost: Lost, node: Node | None) -> object:
    parts = pointer_parts("/" + lost.key.replace(".", "/"))
    value: object = lost.value
    for part in reversed(parts):
        value = {part: value}
    shown = without(value, node)
    for part in parts:
        shown = shown[part] if isinstance(shown, dict) else shown
    return shown


# -- for people -------------------------------------------------------------------------------------------------------


def render(files: Sequence[EffectiveFile], schema: Schema, painter: Painter, why: str) -> str:
    """For each file what wins, a line each, then what lost and why; ``why`` says which k6 it is about."""
    lines: list[str] = []
    for file in files:
        lines += [painter.paint(file.shown, "bold"), *_file(file, schema, painter), ""]
    lines.append(painter.paint(why, "dim"))
    return "\n".join(lines) + "\n"


def _file(file: EffectiveFile, schema: Schema, painter: Painter) -> Iterator[str]:
    found, cloud = file.outcome.effective, file.outcome.cloud
    if found is None:
        yield f"  {painter.paint('k6 refuses this', 'red')}: {one_line(file.outcome.refusal or '')}"
    else:
        yield from _rows({**found.options, **found.beside}, found, schema.root, painter)
        for lost in found.lost:
            yield from _said(lost, schema.root, painter)
    if cloud is not None and any(origin != DEFAULT for origin in cloud.origins.values()):
        node = schema.find(_CLOUD)
        yield "  for the cloud:"
        chosen = {key: value for key, value in cloud.options.items() if cloud.origins[key] != DEFAULT}
        yield from _rows(chosen, cloud, node, painter)
        for lost in cloud.lost:
            yield from _said(lost, node, painter)
    for fault in file.outcome.faults:
        if not fault.refused:
            yield f"  {painter.paint('note', 'cyan')}: {fault.variable} {fault.reason}"


def _rows(values: Mapping[str, object], found: Effective, node: Node | None, painter: Painter) -> Iterator[str]:
    shown = {key: _text(_inside(value, node, key, secret=False)) for key, value in values.items()}
    widest = max(map(len, shown), default=0)
    longest = min(max(map(len, shown.values()), default=0), _LONGEST)
    for key, text in shown.items():
        yield f"  {key:<{widest}}  {text:<{longest}}  {painter.paint(_origin(found, key), 'dim')}"


def _origin(found: Effective, key: str) -> str:
    origin = found.origins[key]
    return f"{ENV}: {found.sources[key]}" if key in found.sources else origin


def _said(lost: Lost, node: Node | None, painter: Painter) -> Iterator[str]:
    text = _text(_value(lost, node))
    what = painter.paint("lost", "yellow")
    yield f"  {what}: `{one_line(lost.key)}` {text} ({lost.layer}): {one_line(lost.why)}"


def _text(value: object) -> str:
    text = one_line(as_json(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
