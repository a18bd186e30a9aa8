"""What is ordinary: one check for each kind of place that ``shapes.json`` names. Each errs on the side of no."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from k6cfg.k6.placeholders import is_placeholder

Check: TypeAlias = Callable[[object, Any], bool]
"""Whether a value as ``json`` reads it is ordinary, given what stands behind the kind of its place."""
Compiled: TypeAlias = "tuple[Check, Any]"

_TIME: Final = re.compile(r"(?:(?:0|[1-9][0-9]{0,4})(?:ms|[smh])){1,3}").fullmatch
_SECONDS: Final = re.compile(r"(?:[1-9][0-9]{0,4}[smh]){1,3}").fullmatch
_PERCENT: Final = r"\((?:[1-9]?[0-9](?:\.[0-9]{1,9})?|100)\)"
_STAT: Final = re.compile(rf"avg|min|med|max|count|p{_PERCENT}").fullmatch
_EXPRESSION: Final = re.compile(
    rf"(value|count|rate|avg|min|max|med|p)({_PERCENT})? ?[<>]=? ?[0-9]{{1,12}}(?:\.[0-9]{{1,9}})?"
).fullmatch
_METRIC: Final = re.compile(r"([a-z_]+)(?:\{[a-zA-Z0-9_]+:[^{},:\s]+(?:,[a-zA-Z0-9_]+:[^{},:\s]+)*\})?").fullmatch
_HOST: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*").fullmatch
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ADDRESS: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?::[1-9][0-9]{{0,3}})?").fullmatch
_NAME: Final = re.compile("[0-9a-zA-Z_-]+").fullmatch
_TOKEN: Final = re.compile("[0-9A-Za-z_.+=-]{8,}").fullmatch
"""No reference to a secret is written like that."""


def _whole(value: object, bounds: tuple[int, int]) -> bool:
    return type(value) is int and bounds[0] <= value <= bounds[1]


def _bool(value: object, _: object) -> bool:
    return value is True or value is False


def _text(value: object, _: object) -> bool:
    return type(value) is str and value != ""


def _token(value: object, _: object) -> bool:
    return type(value) is str and _TOKEN(value) is not None and not is_placeholder(value)


def _choice(value: object, choices: frozenset[str]) -> bool:
    return type(value) is str and value in choices


def _matching(value: object, fullmatch: Callable[[str], object]) -> bool:
    return type(value) is str and fullmatch(value) is not None


def _struct(value: object, shape: "tuple[Sequence[str], Mapping[str, Compiled]]") -> bool:
    if type(value) is not dict:
        return False
    required, fields = shape
    for key in required:
        if key not in value:
            return False
    for key, each in value.items():
        found = fields.get(key)
        if found is None or not found[0](each, found[1]):
            return False
    return True


def _list(value: object, inner: Compiled) -> bool:
    """A text with a comma may be several entries, which a close look tells."""
    if type(value) is not list or not value:
        return False
    check, what = inner
    for each in value:  # noqa: SIM110 - all() costs a generator for each list
        if (type(each) is str and "," in each) or not check(each, what):
            return False
    return True


def _map(value: object, reserved: frozenset[str]) -> bool:
    if type(value) is not dict:
        return False
    for key, each in value.items():  # noqa: SIM110
        if type(each) is not str or key == "" or key in reserved:
            return False
    return True


def _variables(value: object, prefix: str) -> bool:
    """Texts by name; whether k6 has a variable of a name that begins like its own, a close look tells."""
    if type(value) is not dict:
        return False
    for key, each in value.items():  # noqa: SIM110
        if type(each) is not str or key == "" or key.startswith(prefix):
            return False
    return True


def _hosts(value: object, _: object) -> bool:
    if type(value) is not dict:
        return False
    for key, each in value.items():
        if type(each) is not str or _HOST(key) is None or _ADDRESS(each) is None:
            return False
    return True


def _thresholds(value: object, known: tuple[Mapping[str, frozenset[str]], str, Mapping[str, Compiled]]) -> bool:
    """Expressions on metrics that k6 itself has; of others it depends on the script what can be said."""
    if type(value) is not dict:
        return False
    metrics, expression, fields = known
    for key, each in value.items():
        name = _METRIC(key)
        methods = metrics.get(name[1]) if name is not None else None
        if methods is None or type(each) is not list or not each:
            return False
        for one in each:
            text = one
            if type(one) is dict:
                text = one.get(expression)
                if not _struct({name: inner for name, inner in one.items() if name != expression}, ((), fields)):
                    return False
            found = _EXPRESSION(text) if type(text) is str else None
            # A percentile has its number, and nothing else has.
            if found is None or found[1] not in methods or (found[1] == "p") is not (found[2] is not None):
                return False
    return True


def _scenarios(value: object, known: "tuple[str, Mapping[str, tuple[Compiled, Sequence[str]]]]") -> bool:
    if type(value) is not dict or not value:
        return False
    picker, shapes = known
    for name, scenario in value.items():
        executor = scenario.get(picker) if type(scenario) is dict else None
        shape = shapes.get(executor) if type(executor) is str else None
        if shape is None or _NAME(name) is None:
            return False
        (check, what), pair = shape
        if not check(scenario, what) or not _enough(scenario, pair) or not _driving(scenario.get("stages")):
            return False
    return True


def _enough(scenario: Mapping[str, Any], pair: Sequence[str]) -> bool:
    """Whether the first of two numbers, if it is there, is as much as the second; a lone second may be too much."""
    if not pair:
        return True
    more, less = scenario.get(pair[0]), scenario.get(pair[1], 1)
    return less == 1 if more is None and pair[0] == "iterations" else more is None or more >= less


def _driving(stages: list[Any] | None) -> bool:
    """Whether one of the stages, if there are any, has somebody in it."""
    return stages is None or any(stage["target"] for stage in stages)


BY_ENTRY: Final[frozenset[Check]] = frozenset({_map, _hosts, _thresholds, _scenarios})
"""Checks of objects that are ordinary where each of their entries is, whatever stands beside it."""
BY_SCRIPT: Final[frozenset[Check]] = frozenset({_thresholds, _scenarios})
"""Checks of what names something in the script."""

_DRIVING: Final = ("iterations", "duration", "stages", "scenarios")
DRIVERS: Final = frozenset({"vus", *_DRIVING})


def driven(options: Mapping[str, Any]) -> bool:
    """Whether what says how the test is driven goes together: one such option, and `vus` only where it counts."""
    drivers = [key for key in _DRIVING if key in options]
    vus = options.get("vus")
    if len(drivers) > 1:
        return False
    if vus is not None and (not vus or not drivers or drivers[0] == "scenarios"):
        return False
    return _driving(options.get("stages")) and options.get("iterations", vus or 1) >= (vus or 1)


def compiled(spec: Sequence[Any]) -> Compiled:
    """A place of ``shapes.json``, ready to be asked."""
    kind, *rest = spec
    check, ready = _KINDS[kind]
    return check, ready(*rest)


def _fields(specs: Mapping[str, Sequence[Any]]) -> dict[str, Compiled]:
    return {key: compiled(spec) for key, spec in specs.items()}


def _shapes(picker: str, shapes: Mapping[str, Sequence[Any]]) -> object:
    return picker, {name: (compiled(shape), tuple(pair)) for name, (shape, pair) in shapes.items()}


def _metrics(metrics: Mapping[str, Sequence[str]], expression: str, fields: Mapping[str, Sequence[Any]]) -> object:
    return {name: frozenset(methods) for name, methods in metrics.items()}, expression, _fields(fields)


_KINDS: Final[Mapping[str, tuple[Check, Callable[..., object]]]] = {
    "whole": (_whole, lambda least, most: (least, most)),
    "bool": (_bool, lambda: None),
    "text": (_text, lambda: None),
    "choice": (_choice, lambda *choices: frozenset(choices)),
    "time": (_matching, lambda any_: _TIME if any_ else _SECONDS),
    "stat": (_matching, lambda: _STAT),
    "token": (_token, lambda: None),
    "struct": (_struct, lambda required, fields: (tuple(required), _fields(fields))),
    "list": (_list, compiled),
    "map": (_map, lambda *reserved: frozenset(reserved)),
    "variables": (_variables, lambda prefix: prefix),
    "hosts": (_hosts, lambda: None),
    "thresholds": (_thresholds, _metrics),
    "scenarios": (_scenarios, _shapes),
}
