"""The annotated schema as it is written, and how an entry of it reads in one k6 version.

``schemas/README.md`` says what may stand under ``x-k6``. Nothing here knows the name of a key of k6's.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

from k6cfg.schema.versions import Version

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Entry: TypeAlias = "dict[str, Json]"
"""A schema, or the annotations of one."""

ANNOTATIONS = "x-k6"
_FILE = "k6-config.schema.json"
_REFERENCE = "#/$defs/"


def folder() -> Path:
    """Where the schemas are: inside the package, or beside it in an editable install."""
    packaged = Path(__file__).parents[1] / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "schemas"


@cache
def annotated() -> Entry:
    """The whole schema, every version in it.

    Raises:
        OSError: the file is missing or cannot be read; the installation is broken.
    """
    return cast("Entry", json.loads((folder() / _FILE).read_bytes()))


@cache
def version_of(text: str) -> Version:
    """The version that a text of the schema, such as ``0.27.0``, names."""
    major, minor, patch = text.split(".")
    return Version(int(major), int(minor), int(patch))


def entry(value: Json) -> Entry:
    """A value of the schema that is an object; anything else reads as an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """A value of the schema that is a list; anything else reads as an empty one."""
    return value if isinstance(value, list) else []


def moment(value: Json) -> Version | None:
    """A version that the schema names, or ``None`` where it names none."""
    return version_of(value) if isinstance(value, str) else None


def target_of(schema: Entry) -> str | None:
    """The name of the definition that a schema refers to, if it does."""
    reference = schema.get("$ref")
    return reference.removeprefix(_REFERENCE) if isinstance(reference, str) else None


class Source:
    """The schema as one k6 version sees it. What it hands out is read, never changed."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self._read: dict[str, tuple[Entry, Entry]] = {}

    def definition(self, name: str) -> Entry:
        """The definition of that name."""
        return entry(entry(annotated()["$defs"])[name])

    def within(self, since: Version | None, removed: Version | None) -> bool:
        """Whether this version is not before ``since`` and still before ``removed``."""
        return (since is None or since <= self.version) and (removed is None or self.version < removed)

    def here(self, schema: Entry) -> tuple[Entry, Entry]:
        """What a schema says itself in this version, without what it refers to: its plain keywords and annotations.

        Of all earlier forms that still held in this version, the one that ended first wins.
        """
        shape = schema.copy()
        annotations = entry(shape.pop(ANNOTATIONS, None))
        if "history" in annotations:
            annotations = annotations.copy()
            for past in reversed(items(annotations["history"])):
                form = entry(past).copy()
                before = moment(form.pop("before"))
                if before is not None and self.version < before:
                    shape |= entry(form.pop("shape", None))
                    annotations |= form
            shape = {keyword: value for keyword, value in shape.items() if value is not None}
        if "enum" in shape:
            shape["enum"] = self.values(items(shape["enum"]), annotations)
        return shape, annotations

    def whole(self, schema: Entry) -> tuple[Entry, Entry]:
        """What a schema says in this version, together with what it refers to."""
        shape, annotations = self.here(schema)
        target = target_of(schema)
        if target is None:
            return shape, annotations
        if target not in self._read:
            self._read[target] = self.whole(self.definition(target))
        far_shape, far_annotations = self._read[target]
        del shape["$ref"]
        return {**far_shape, **shape}, {**far_annotations, **annotations}

    def values(self, values: Iterable[Json], annotations: Entry) -> list[Json]:
        """Those of the values that this version knows."""
        since, removed = entry(annotations.get("enumSince")), entry(annotations.get("enumRemoved"))
        if not since and not removed:
            return list(values)
        return [
            value
            for value in values
            if not isinstance(value, str) or self.within(moment(since.get(value)), moment(removed.get(value)))
        ]

    def default(self, shape: Entry, annotations: Entry) -> Json:
        """What holds in this version when the file does not say; ``None`` where nothing does."""
        default = annotations.get("default")
        if isinstance(default, str):
            return default.replace("{version}", str(self.version))
        choice = items(self.here(entry(shape.get("items")))[0].get("enum"))
        return [value for value in items(default) if value in choice] if choice else default

    def variants(self, shape: Entry) -> tuple[str, dict[str, tuple[bool, Entry]]]:
        """The key that picks the shape of an object, and for each of its values whether it is known, and the shape.

        The key is empty where nothing is picked.
        """
        key = ""
        variants: dict[str, tuple[bool, Entry]] = {}
        for branch in items(shape.get("allOf")):
            (key, condition), *_ = entry(entry(entry(branch)["if"])["properties"]).items()
            known = items(self.whole(entry(entry(shape["properties"])[key]))[0].get("enum"))
            value = str(entry(condition)["const"])
            variants[value] = (value in known, entry(entry(branch)["then"]))
        return key, variants
