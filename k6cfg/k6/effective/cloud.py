"""The settings of the cloud, which have an order of their own."""

from collections.abc import Iterable, Mapping
from typing import Final

from k6cfg.k6.decode import Reading
from k6cfg.k6.effective.env import layer_of_variables
from k6cfg.k6.effective.faults import Fault
from k6cfg.k6.effective.layers import DEFAULT, ENV, FILE, SCRIPT, Effective, Layer, Lost
from k6cfg.k6.effective.normalize import normal
from k6cfg.k6.member_lookup import fold
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version

_COLLECTOR: Final = ("collectors", "cloud")
_OPTIONS: Final = "cloud"
_OLD_OPTIONS: Final = ("ext", "loadimpact")
FIRST_WINS: Final = "stackURL"
"""The one setting of which the first counts: the file goes before the variable."""
_NOTHING: Final = {"projectID": 0, "name": "", "host": ""}
"""Values that k6 passes over where they come from ``collectors.cloud`` or a variable; so too a negative project."""
_OLD_BEFORE_ENV: Final = Version(0, 34, 0)
_CLOUD_OPTION: Final = Version(0, 50, 0)


def cloud_settings(
    schema: Schema, environ: Mapping[str, str], readings: Iterable[Reading]
) -> tuple[Effective, tuple[Fault, ...]]:
    """What the cloud commands and the cloud output run with; ``readings``: of the file, then of the script's options.

    Defaults, then ``collectors.cloud`` of the file, then the four keys that may stand among the options (``cloud``, or
    ``ext.loadimpact`` before k6 2.0.0 where there is no ``cloud``), then variables. Source: k6 2.2.0,
    cloudapi/config.go ``GetConsolidatedConfig``; the differences of older versions are in its history.

    Raises:
        LookupError: the schema is broken.
    """
    node = schema.find(_COLLECTOR)
    if node is None:
        raise LookupError("the schema has no settings of the cloud")
    from_file = among_options = Layer(FILE, {})
    for name, reading in zip((FILE, SCRIPT), readings, strict=False):
        if name == FILE:
            from_file = _block(reading, _COLLECTOR, name)
        found = _among_options(reading, schema, name)
        among_options = found if found is not None else among_options
    variables, faults = layer_of_variables(node, schema.version, environ)
    from_file, variables = _something(from_file), _something(variables)
    layers = [from_file, among_options, variables]
    if schema.version < _OLD_BEFORE_ENV:
        layers = [from_file, variables, among_options]
    return _together(layers, {key: each.default for key, each in node.properties.items()}), faults


def _block(reading: Reading, route: tuple[str, ...], name: str) -> Layer:
    read = reading.get(*route)
    fields = read.fields if read is not None else {}
    values = {
        key: value for key, each in fields.items() if not each.failed and (value := normal(reading, each)) is not None
    }
    return Layer(name, values, dict.fromkeys(values, f"`{'.'.join(route)}` of the {name}"))


def _something(layer: Layer) -> Layer:
    """A layer without the values that k6 passes over. Source: cloudapi/config.go, ``Apply``."""
    values = {key: value for key, value in layer.values.items() if not _is_nothing(_NOTHING.get(key), value)}
    return layer._replace(values=values)


def _is_nothing(nothing: object, value: object) -> bool:
    return value == nothing or (isinstance(nothing, int) and isinstance(value, int) and value < nothing)


def _among_options(reading: Reading, schema: Schema, name: str) -> Layer | None:
    """The one block among the options that counts, if there is one."""
    option = reading.get(_OPTIONS)
    if option is not None and schema.version >= _CLOUD_OPTION:
        return _block(reading, (_OPTIONS,), name)
    return _block(reading, _OLD_OPTIONS, name) if reading.get(*_OLD_OPTIONS) is not None else None


def _together(layers: list[Layer], defaults: dict[str, object]) -> Effective:
    values: dict[str, object] = {key: value for key, value in defaults.items() if value is not None}
    origins: dict[str, str] = dict.fromkeys(values, DEFAULT)
    sources: dict[str, str] = {}
    lost: list[Lost] = []
    spelling = {fold(key): key for key in defaults}
    for layer in layers:
        for given, value in layer.values.items():
            key = spelling.get(fold(given), given)
            held = origins.get(key, DEFAULT) != DEFAULT
            if held and key == FIRST_WINS:
                lost.append(
                    Lost(key, layer.name, value, f"of the stack's URL the first counts: {sources[key]} has one")
                )
                continue
            if held:
                lost.append(Lost(key, origins[key], values[key], f"{layer.said(given)} sets it too, and counts more"))
            values[key], origins[key], sources[key] = value, layer.name, layer.said(given)
    shown = {key: values[key] for key in defaults if key in values}
    variables = {key: source for key, source in sources.items() if origins[key] == ENV}
    return Effective(options=shown, beside={}, origins=origins, sources=variables, lost=tuple(lost))
