"""A reading as plain data, in the shape that the schema judges."""

from k6cfg.k6.decode.value import Read
from k6cfg.k6.grammars import show_duration
from k6cfg.k6.grammars.durations import NUMBERS_ARE_MILLISECONDS
from k6cfg.k6.grammars.segments import Segment
from k6cfg.schema.versions import Version


def shape(read: Read, version: Version) -> object:
    """The plain value of what was read; recursion is as deep as the schema."""
    value = read.value
    if not read.valid:
        return None
    if isinstance(value, dict):
        return {key: shape(each, version) for key, each in value.items() if _judged(each)}
    if isinstance(value, list):
        return [shape(each, version) for each in value]
    if read.known.type == "duration" and isinstance(value, int):
        if version < NUMBERS_ARE_MILLISECONDS:
            return show_duration(value)
        return value / 1_000_000 if value % 1_000_000 else value // 1_000_000
    return value if isinstance(value, str | int | float | bool) else _raw(read)


def _judged(read: Read) -> bool:
    """Whether there is something to judge: no default of an executor that stands nowhere, nothing that is refused."""
    return read.member is not None and not read.failed


def _raw(read: Read) -> object:
    """Segments as texts again; what k6 keeps raw and nobody knows is as good as an empty object."""
    if isinstance(read.value, tuple) and not isinstance(read.value, Segment):
        points = [read.value[0].start, *(segment.end for segment in read.value)] if read.value else []
        return ",".join(map(str, points))
    return {} if read.value is None else str(read.value)
