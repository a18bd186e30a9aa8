"""The layers that k6 puts together: defaults, the file, the script, the variables; which wins, and what lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from k6cfg.k6.decode import Read, Reading
from k6cfg.k6.effective.normalize import normal, system_tags
from k6cfg.schema import Node, Schema
from k6cfg.schema.versions import SCENARIOS

DEFAULT: Final = "default"
FILE: Final = "file"
SCRIPT: Final = "script"
ENV: Final = "env"

EXECUTION: Final = ("duration", "iterations", "stages", "scenarios")
"""To k6 one group: a layer that sets one of them clears them all in the layers below. `vus` is not one of them."""
_FIELDWISE: Final = "dns"
FEATURES: Final = "features"
"""The one list of which the highest layer counts even where it is empty."""
_MERGED_BY_FEATURE: Final = "tags"
_MERGING: Final = "merge-run-tags"
"""The feature with which tags of all layers are put together, since 2.2.0."""
BESIDE: Final = frozenset({FEATURES, "out", "linger", "noUsageReport", "webDashboard", "noArchiveUpload", "collectors"})
"""Keys of the file that are no options of a test: k6 keeps them out of an archive. Source: cmd/config.go."""


class Layer(NamedTuple):
    """What one layer sets, by key, in k6's normal form. ``sources`` says by what: the name of a variable, else nothing.

    A key that is here is set, even where k6 writes null for it (an empty set of system tags).
    """

    name: str
    values: Mapping[str, object]
    sources: Mapping[str, str] = {}

    def said(self, key: str) -> str:
        """What set a key, for people."""
        return self.sources.get(key) or f"the {self.name}"


class Lost(NamedTuple):
    """A value that counts for nothing, in which layer it stands, and why."""

    key: str
    layer: str
    value: object
    why: str


@dataclass(frozen=True, kw_only=True)
class Effective:
    """What k6 will run with.

    ``options`` are the consolidated options that are set, as ``k6 archive`` writes them, in k6's order; ``beside`` the
    settings that are no options of a test (``out``, ``linger``, ``collectors``, …). ``origins`` names the layer of
    each, ``sources`` the variable where it is one. ``lost`` is what was overridden.
    """

    options: Mapping[str, object]
    beside: Mapping[str, object]
    origins: Mapping[str, str]
    sources: Mapping[str, str]
    lost: tuple[Lost, ...]


def layer_of(reading: Reading, name: str = FILE) -> Layer:
    """What a file, or the options of a script as ``k6 inspect`` prints them, sets; a script sets options alone."""
    values: dict[str, object] = {}
    for key, read in reading.root.fields.items():
        if is_set(read) and not (name == SCRIPT and key in BESIDE):
            value = normal(reading, read)
            values[key] = _lasting(value) if key == "stages" else value
    return Layer(name, values)


def is_set(read: Read) -> bool:
    """Whether k6 counts a value as set. Source: k6 2.2.0, lib/options.go, ``Apply``, and cmd/config.go."""
    if read.known.type == "dns":
        return any(each.valid for each in read.fields.values())
    if read.known.name != FEATURES and (read.known.type == "string-map" or read.known.name in BESIDE):
        return read.valid and read.value not in ({}, [])
    return read.valid


def _lasting(stages: object) -> object:
    """Of stages k6 keeps those that have a duration."""
    kept = stages if isinstance(stages, list) else []
    return [each for each in kept if isinstance(each, dict) and each.get("duration") is not None]


def consolidate(layers: Iterable[Layer], schema: Schema) -> Effective:
    """The layers put together, lowest first; the defaults below them are those of the schema's version."""
    values: dict[str, object] = {}
    origins: dict[str, Layer] = {}
    lost: list[Lost] = []
    layers = tuple(layers)
    merged = {_FIELDWISE} | ({_MERGED_BY_FEATURE} if _merges_tags(layers, schema) else set())
    for layer in layers:
        if schema.version >= SCENARIOS:
            lost += _clear_group(layer, values, origins)
        for key, value in layer.values.items():
            if key in merged:
                lost += _by_field(layer, key, values, origins)
                continue
            if key in values:
                why = f"{layer.said(key)} sets it too, and counts more"
                lost.append(Lost(key, origins[key].name, values[key], why))
            values[key], origins[key] = value, layer
    lost += _lost_to_flags(schema, values, origins)
    return _finished(schema, values, origins, lost)


def _lost_to_flags(schema: Schema, values: dict[str, object], origins: dict[str, Layer]) -> list[Lost]:
    """What the default of a flag overrides, though nobody gives the flag."""
    lost = []
    for key, node in schema.root.properties.items():
        if node.flag_default_wins and key in values:
            why = f"k6 {schema.version} always uses the default of {node.flag[0]} instead"
            lost.append(Lost(key, origins.pop(key).name, values.pop(key), why))
    return lost


def _clear_group(layer: Layer, values: dict[str, object], origins: dict[str, Layer]) -> list[Lost]:
    setting = [key for key in EXECUTION if key in layer.values]
    lost = []
    for key in EXECUTION if setting else ():
        if key in values and key not in layer.values:
            why = f"{layer.said(setting[0])} says how the test is driven, by `{setting[0]}`, and clears what is below"
            lost.append(Lost(key, origins[key].name, values.pop(key), why))
            del origins[key]
    return lost


def _merges_tags(layers: tuple[Layer, ...], schema: Schema) -> bool:
    """Whether the feature is on: of the file and the variable the latter counts alone; a script has no say in it.

    Source: k6 2.2.0, internal/features/resolve.go; an entry may be several names with commas between.
    """
    known = schema.root.properties.get(FEATURES)
    if known is None or known.items is None or _MERGING not in (known.items.enum or known.items.known):
        return False
    said = [layer.values[FEATURES] for layer in layers if FEATURES in layer.values]
    entries = said[-1] if said else []
    return isinstance(entries, list) and any(
        name.strip() == _MERGING for entry in entries for name in str(entry).split(",")
    )


def _by_field(layer: Layer, key: str, values: dict[str, object], origins: dict[str, Layer]) -> list[Lost]:
    """What is merged field by field: of each field the higher layer counts."""
    value, old = layer.values[key], values.get(key)
    fields = dict(old) if isinstance(old, dict) else {}
    lost = []
    for name, each in value.items() if isinstance(value, dict) else ():
        if each is not None:
            if fields.get(name) is not None:
                why = f"{layer.said(key)} sets it too, and counts more"
                lost.append(Lost(f"{key}.{name}", origins[key].name, fields[name], why))
            fields[name] = each
    values[key], origins[key] = fields, layer
    return lost


def _finished(schema: Schema, values: dict[str, object], origins: dict[str, Layer], lost: list[Lost]) -> Effective:
    options: dict[str, object] = {}
    beside: dict[str, object] = {}
    for key, node in schema.root.properties.items():
        if key == _FIELDWISE:
            found = values.get(key)
            options[key] = {name: found.get(name) if isinstance(found, dict) else None for name in node.properties}
        elif key in values:
            if values[key] is not None:
                (beside if key in BESIDE else options)[key] = values[key]
            elif key in _WRITTEN:
                said = origins[key].said(key)
                lost = [
                    *lost,
                    Lost(key, DEFAULT, _default(node), f"{said} names none that k6 knows: there are none at all"),
                ]
        elif key in _WRITTEN:
            options[key] = _default(node)
    return Effective(
        options=options,
        beside=beside,
        origins={key: origins[key].name if key in origins else DEFAULT for key in (*options, *beside)},
        sources={key: layer.sources[key] for key, layer in origins.items() if key in layer.sources},
        lost=tuple(lost),
    )


_WRITTEN: Final = ("summaryTrendStats", "systemTags")
"""Defaults that k6 fills in when it consolidates, and so writes. Source: cmd/config.go, ``applyDefault``."""


def _default(node: Node) -> object:
    default = node.default
    if node.type == "system-tags" and isinstance(default, list) and node.items is not None:
        return system_tags([str(each) for each in default], node.items.enum)
    return default
