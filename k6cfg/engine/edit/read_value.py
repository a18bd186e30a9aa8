"""What stands at a KEY: what k6 reads there, or what is written there and not read."""

from typing import NamedTuple

from k6cfg.engine import Checked
from k6cfg.engine.edit.key_path import Key
from k6cfg.engine.edit.locate import find
from k6cfg.k6.decode import Reading
from k6cfg.k6.display import Seen, seen, seen_at, unread
from k6cfg.schema import Schema


class Found(NamedTuple):
    """A value, as it is written. ``overlooked``: it is in the file, and k6 takes no notice of it."""

    value: Seen
    overlooked: bool = False


def look(checked: Checked, reading: Reading, key: Key) -> Found | None:
    """The value at a KEY; None where nothing is set."""
    if not key.route:
        return Found(seen(reading, checked.secrets))
    read = reading.at(key.route)
    if read is not None and (read.member is not None or isinstance(key.route[-1], int)):
        value = seen_at(reading, checked.secrets, read)
        return Found(value) if value is not None else None
    spot = find(checked.document, checked.schema, key.route)
    if spot.matched < len(key.route) or spot.value is None:
        return None
    value = unread(checked.document, checked.secrets, spot.value, spot.pointer)
    return Found(value, overlooked=key.node is None and not _kept(checked, key))


def _kept(checked: Checked, key: Key) -> bool:
    return any(
        (outer := checked.schema.find(key.route[:length])) is not None and outer.unknown_keys == "kept"
        for length in range(1, len(key.route))
    )


def misspelt(schema: Schema, key: Key) -> bool:
    """Whether a key that is nowhere in the file cannot be in it, either: nothing keeps names of one's own there."""
    if key.node is not None:
        return False
    for length in range(len(key.route) - 1, -1, -1):
        outer = schema.find(key.route[:length])
        if outer is not None:
            return outer.unknown_keys != "kept"
    return True
