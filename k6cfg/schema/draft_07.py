"""The same schema in JSON Schema draft-07, for editors and validators that know no newer one."""

from typing import Final

from k6cfg.schema.source import Entry, Json, entry, items

_ONE: Final = frozenset({"items", "additionalProperties", "propertyNames", "if", "then", "else", "not", "contains"})
_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf"})
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs"})
_RENAMED: Final = {"$defs": "definitions", "dependentRequired": "dependencies"}
_MISSING: Final = frozenset(
    {
        *("$anchor", "$dynamicAnchor", "$dynamicRef", "$vocabulary"),
        *("dependentSchemas", "maxContains", "minContains", "prefixItems", "unevaluatedItems", "unevaluatedProperties"),
    }
)


def draft_07(document: Entry) -> Entry:
    """A draft 2020-12 schema such as ``Schema.document`` as one of draft-07 that judges every value alike.

    Its ``$id`` is another one. What only explains and that draft-07 has not (``deprecated``) stays: validators pass
    over it, and editors show it all the same.

    Raises:
        ValueError: it uses a keyword that draft-07 cannot express.
    """
    result = _carried(document)
    result["$schema"] = "http://json-schema.org/draft-07/schema#"
    if "$id" in document:
        result["$id"] = str(document["$id"]).replace(".schema.json", "-draft-07.schema.json")
    return result


def _carried(schema: Entry) -> Entry:
    if absent := sorted(_MISSING & schema.keys()):
        raise ValueError(f"draft-07 has no {', '.join(absent)}")
    result = {_RENAMED.get(keyword, keyword): _value(keyword, value) for keyword, value in schema.items()}
    reference = result.get("$ref")
    if reference is not None:
        result["$ref"] = reference = str(reference).replace("#/$defs/", "#/definitions/")
    if reference is not None and len(result) > 1:
        # Draft-07 passes over whatever stands beside a `$ref`.
        del result["$ref"]
        result["allOf"] = [{"$ref": reference}, *items(result.get("allOf"))]
    return result


def _value(keyword: str, value: Json) -> Json:
    if keyword in _MAPS:
        return {name: _schema(each) for name, each in entry(value).items()}
    if keyword in _LISTS:
        return [_schema(each) for each in items(value)]
    return _schema(value) if keyword in _ONE else value


def _schema(value: Json) -> Json:
    return _carried(value) if isinstance(value, dict) else value
