"""The plain JSON Schema of one k6 version, for validators and editors that know nothing of our annotations."""

import json

from k6cfg.schema.source import ANNOTATIONS, Entry, Source, annotated, entry, items, moment, target_of

_ONE = frozenset({"items", "additionalProperties", "propertyNames", "if", "then", "else"})


def document(source: Source) -> Entry:
    """A draft 2020-12 schema of exactly what this version reads; all references are local."""
    whole = annotated().copy()
    definitions = entry(whole.pop("$defs"))
    name = f"{source.version.major}.{source.version.minor}"
    wanted: list[str] = []
    result = _plain(whole, source, wanted)
    result["$id"] = str(whole["$id"]).replace(".schema.json", f"-{name}.schema.json")
    result["title"] = f"{str(whole['title']).partition(' ')[0]} {name} {str(whole['title']).partition(' ')[2]}"
    used: Entry = {}
    while wanted:
        target = wanted.pop()
        if target not in used:
            used[target] = _plain(entry(definitions[target]), source, wanted)
    result["$defs"] = {name: used[name] for name in definitions if name in used}
    return result


def written(document: Entry) -> str:
    """A schema as the text of a file, with its keys in the order of the schema."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _plain(schema: Entry, source: Source, wanted: list[str]) -> Entry:
    """One schema without our annotations; the definitions that it refers to are added to ``wanted``."""
    shape, annotations = source.here(schema)
    shape.pop("deprecated", None)
    wanted += filter(None, (target_of(shape),))
    for keyword in _ONE & shape.keys():
        value = shape[keyword]
        shape[keyword] = _plain(value, source, wanted) if isinstance(value, dict) else value
    if "properties" in shape:
        shape["properties"] = {
            name: _plain(entry(each), source, wanted)
            for name, each in entry(shape["properties"]).items()
            if _reads(source, entry(each))
        }
    if "allOf" in shape:
        known = [is_known for is_known, _ in source.variants(shape)[1].values()]
        branches = zip(items(shape["allOf"]), known, strict=True)
        shape["allOf"] = [_plain(entry(branch), source, wanted) for branch, is_known in branches if is_known]
    deprecated = moment(annotations.get("deprecated"))
    if deprecated is not None and deprecated <= source.version:
        shape["deprecated"] = True
    default = annotations.get("default")
    # With the number of the release in it, the schemas of two patch releases would differ under one name.
    if default is not None and "{version}" not in str(default):
        shape["default"] = source.default(shape, annotations)
    return shape


def _reads(source: Source, schema: Entry) -> bool:
    """Whether this version reads a key from the file, by what the key itself and its definition say."""
    annotations = source.whole(schema)[1] if "$ref" in schema else entry(schema.get(ANNOTATIONS))
    since, removed = moment(annotations.get("since")), moment(annotations.get("removed"))
    return source.within(since, removed) and not annotations.get("ignored")
