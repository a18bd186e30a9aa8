"""The plain JSON Schema of one k6 version, for validators and editors that know nothing of our annotations."""

from collections.abc import Mapping

from k6cfg.schema.source import ANNOTATIONS, Entry, Json, Source, entry, items, moment, target_of, text

_ONE = frozenset({"items", "additionalProperties", "propertyNames", "if", "then", "else"})
_NAMED = frozenset({"properties", "patternProperties"})


def document(source: Source) -> dict[str, Json]:
    """A draft 2020-12 schema of exactly what this version reads; all references are local."""
    whole = dict(text())
    definitions = entry(whole.pop("$defs"))
    name = f"{source.version.major}.{source.version.minor}"
    result = _plain(whole, source)
    result["$id"] = str(whole["$id"]).replace(".schema.json", f"-{name}.schema.json")
    result["title"] = f"{str(whole['title']).partition(' ')[0]} {name} {str(whole['title']).partition(' ')[2]}"
    used: dict[str, Json] = {}
    wanted = list(_targets(result))
    while wanted:
        target = wanted.pop()
        if target not in used:
            used[target] = plain = _plain(entry(definitions[target]), source)
            wanted += _targets(plain)
    result["$defs"] = {name: used[name] for name in definitions if name in used}
    return result


def _plain(schema: Entry, source: Source) -> dict[str, Json]:
    shape, annotations = source.here(schema)
    shape.pop("deprecated", None)
    kept = {value for value, (known, _) in source.variants(shape)[1].items() if known}
    for keyword, value in shape.items():
        if keyword in _ONE and isinstance(value, Mapping):
            shape[keyword] = _plain(value, source)
        elif keyword in _NAMED:
            shape[keyword] = {
                name: _plain(entry(each), source) if isinstance(each, Mapping) else each
                for name, each in entry(value).items()
                if _reads(source, entry(each))
            }
        elif keyword == "allOf":
            branches = [
                (entry(branch), list(source.variants({**shape, "allOf": [branch]})[1])) for branch in items(value)
            ]
            shape[keyword] = [_plain(branch, source) for branch, (value_,) in branches if value_ in kept]
    deprecated = moment(annotations.get("deprecated"))
    if deprecated is not None and deprecated <= source.version:
        shape["deprecated"] = True
    if isinstance(annotations.get("default"), str | int | float | list | Mapping):
        shape["default"] = annotations["default"]
    return shape


def _reads(source: Source, schema: Entry) -> bool:
    """Whether this version reads a key from the file, by what the key itself says."""
    annotations = entry(schema.get(ANNOTATIONS))
    since, removed = moment(annotations.get("since")), moment(annotations.get("removed"))
    return source.within(since, removed) and not annotations.get("ignored")


def _targets(schema: Json) -> list[str]:
    if isinstance(schema, Mapping):
        own = target_of(schema)
        return ([own] if own else []) + [target for value in schema.values() for target in _targets(value)]
    return [target for value in items(schema) for target in _targets(value)]
