"""Writes what a glance at a file has to know: ``k6cfg/engine/fast_path/shapes.json``, from the annotated schema.

    python schemas/glance.py [--check]

With ``--check`` it writes nothing and exits 1 when the file is not what it would be. What stands in it is less than the
schema says, never more: a place with anything out of the ordinary about it is left out, and a file that has it is not
plainly good.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Final, TypeAlias

from k6cfg.engine.fast_path import FIRST
from k6cfg.k6.grammars import AGGREGATIONS, METRICS
from k6cfg.rules.placeholder_token import ROUTES
from k6cfg.rules.reserved_tag import NAME
from k6cfg.rules.scenario import AT_LEAST
from k6cfg.rules.scenario_env import PREFIX
from k6cfg.schema import Node, load
from k6cfg.schema.versions import Version, minors

PATH: Final = Path(__file__).parent.parent / "k6cfg" / "engine" / "fast_path" / "shapes.json"
MOST: Final = 100_000_000
"""Larger numbers are not ordinary."""
SECOND: Final = 1000
"""Of durations the schema has bounds in milliseconds."""

Spec: TypeAlias = list[object]
"""A kind and what it takes; ``k6cfg.engine.fast_path`` has a check for each."""

_SILENT: Final = {"type", "description", "examples", "title", "default", "properties", "items", "additionalProperties"}
"""Keywords that the kind of a place accounts for."""
_STRUCT: Final = _SILENT | {"required", "patternProperties"}


def spec_of(node: Node, version: Version) -> Spec | None:
    """What an ordinary value at a place of the schema is; None where there is none to be sure of."""
    if node.deprecated is not None and node.deprecated <= version:
        return None
    words = node.keywords
    make = _MAKERS.get(node.type)
    if make is None or node.known:
        return None
    maker, allowed, meant = make
    # Some keys are read and then refused, whatever stands there: null alone is meant for them.
    return maker(node, version) if set(words) <= allowed and meant in node.json_types else None


def _whole(node: Node, _version: Version) -> Spec | None:
    least, above, most = node.minimum, node.exclusive_minimum, node.maximum
    if isinstance(least, str) or isinstance(above, str) or isinstance(most, str):
        return None
    lowest = max(0, least or 0, 0 if above is None else above + 1)
    return ["whole", lowest, MOST if most is None else min(most, MOST)]


def _bool(_node: Node, _version: Version) -> Spec | None:
    return ["bool"]


def _text(node: Node, _version: Version) -> Spec | None:
    if node.format == "k6-trend-stat":
        return ["stat"]
    if node.format == "k6-dns-ttl":
        return ["time", True]
    if node.format is not None or node.pattern is not None:
        return None
    if node.dotted in _TOKENS:
        return ["token"]
    return ["choice", *node.enum] if node.enum else ["text"]


def _time(node: Node, _version: Version) -> Spec | None:
    least, above, most = (node.keywords.get(word) for word in ("minimum", "exclusiveMinimum", "maximum"))
    if most is not None or (above is not None and above != 0):
        return None
    if not isinstance(least, int) or least > SECOND:
        return None
    return ["time", least == 0 and above is None]


def _struct(node: Node, version: Version) -> Spec | None:
    fields = {key: spec for key, inner in node.properties.items() if (spec := spec_of(inner, version)) is not None}
    return ["struct", sorted(node.required), fields]


def _list(node: Node, version: Version) -> Spec | None:
    inner = spec_of(node.items, version) if node.items is not None else None
    return None if inner is None else ["list", inner]


def _texts_by_name(node: Node, version: Version) -> Spec | None:
    """A map of texts; a tag that k6 itself may set is for the rules, and so is a variable of k6."""
    if node.name == "env":
        return ["variables", PREFIX]
    system = load(version).find(("systemTags", 0))
    if node.name != "tags" or system is None:
        return ["map"]
    return ["map", *sorted({NAME, *system.overwritten})]


def _hosts(_node: Node, _version: Version) -> Spec | None:
    return ["hosts"]


def _map(node: Node, version: Version) -> Spec | None:
    """A map whose known keys are structs of their own, or whose values are thresholds."""
    if node.values is not None and node.values.type == "threshold-list":
        return _thresholds(node.values, version)
    fields = {key: spec for key, inner in node.properties.items() if (spec := spec_of(inner, version)) is not None}
    return ["struct", [], fields] if fields else None


def _thresholds(node: Node, version: Version) -> Spec | None:
    inner = node.items
    if inner is None:
        return None
    expression = next(key for key, each in inner.properties.items() if each.format == "k6-threshold")
    fields = {key: spec for key, each in inner.properties.items() if (spec := spec_of(each, version)) is not None}
    return ["thresholds", {name: sorted(AGGREGATIONS[kind]) for name, kind in METRICS.items()}, expression, fields]


def _scenarios(node: Node, version: Version) -> Spec | None:
    shape = node.values
    if shape is None:
        return None
    shapes: dict[str, object] = {}
    for name, variant in shape.variants.items():
        spec = _struct(variant, version)
        if spec is not None:
            shapes[name] = [spec, list(AT_LEAST.get(name, ()))]
    return ["scenarios", shape.variant_key, shapes]


_TOKENS: Final = {".".join(route) for route in ROUTES}
_JUDGED_CLOSELY: Final = {"tlsAuth"}
"""Keys of whose values a rule says more than the schema does, and that no glance can say: certificates."""
_BOUNDS: Final = _SILENT | {"minimum", "maximum", "exclusiveMinimum"}
_WORDS: Final = _SILENT | {"enum", "minLength", "format"}
_MAKERS: Final = {
    "int": (_whole, _BOUNDS, "integer"),
    "plain-int": (_whole, _BOUNDS, "integer"),
    "bool": (_bool, _SILENT, "boolean"),
    "plain-bool": (_bool, _SILENT, "boolean"),
    "string": (_text, _WORDS, "string"),
    "plain-string": (_text, _WORDS, "string"),
    "dns-select": (_text, _WORDS, "string"),
    "dns-policy": (_text, _WORDS, "string"),
    "duration": (_time, _BOUNDS | {"format", "pattern"}, "string"),
    "struct": (_struct, _STRUCT, "object"),
    "dns": (_struct, _STRUCT, "object"),
    "list": (_list, _SILENT | {"minItems"}, "array"),
    "string-list": (_list, _SILENT | {"minItems"}, "array"),
    "system-tags": (_list, _SILENT, "array"),
    "string-map": (_texts_by_name, _SILENT | {"propertyNames"}, "object"),
    "hosts": (_hosts, _SILENT | {"propertyNames"}, "object"),
    "map": (_map, _SILENT | {"propertyNames", "patternProperties"}, "object"),
    "scenarios": (_scenarios, _SILENT | {"propertyNames"}, "object"),
}


def known() -> dict[str, dict[str, object]]:
    """By minor version, newest first: every key at the top with what is ordinary there.

    Of an older version only the keys that were otherwise than in the next newer one; null for one that was not there.
    """
    found: dict[str, dict[str, object]] = {}
    newer: dict[str, Spec] = {}
    for version in sorted((version for version in minors() if version >= FIRST), reverse=True):
        here = _top(version)
        changed: dict[str, object] = {key: spec for key, spec in here.items() if newer.get(key) != spec}
        found[f"{version.major}.{version.minor}"] = changed | dict.fromkeys(newer.keys() - here.keys())
        newer = here
    return found


def _top(latest: Version) -> dict[str, Spec]:
    """What is the same in all patch releases of a minor version."""
    first = Version(latest.major, latest.minor, 0)
    early, late = (
        {key: spec_of(node, version) for key, node in load(version).root.properties.items()}
        for version in (first, latest)
    )
    return {
        key: spec
        for key, spec in late.items()
        if spec is not None and early.get(key) == spec and key not in _JUDGED_CLOSELY
    }


def text() -> str:
    """The file, with a line for each version and key at the top."""
    versions = (
        f"{json.dumps(version)}: {{\n"
        + ",\n".join(f"{json.dumps(key)}: {json.dumps(specs[key], separators=(',', ':'))}" for key in sorted(specs))
        + "\n}"
        for version, specs in known().items()
    )
    return "{\n" + ",\n".join(versions) + "\n}\n"


def main() -> None:
    """Write the file if it has changed, and name it."""
    parser = argparse.ArgumentParser(description="Write what a glance at a file has to know.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is not up to date")
    check = parser.parse_args().check
    stale = not PATH.exists() or PATH.read_text("utf-8") != text()
    if stale:
        print(PATH.name)
        if not check:
            PATH.write_text(text(), "utf-8", newline="\n")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
