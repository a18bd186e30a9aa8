"""How findings about values speak."""

from typing import Final

from k6cfg.schema.type_labels import LIST, OBJECT
from k6cfg.text.scanner import Kind
from k6cfg.text.tree import Array, Object, Scalar, Value

_KINDS: Final = {Kind.NUMBER: "a number", Kind.TRUE: "true", Kind.FALSE: "false", Kind.NULL: "null"}


def kind_of(value: Value | None) -> str:
    """What stands there, for a person, without the value."""
    if isinstance(value, Object):
        return OBJECT
    if isinstance(value, Array):
        return LIST
    return _KINDS.get(value.kind, "a text") if isinstance(value, Scalar) else "nothing"
