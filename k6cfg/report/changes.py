"""Which values a change touches, as k6 reads them, a line each, without a secret."""

import json
from collections.abc import Iterator
from typing import Final

from k6cfg.compare import AFTER, BEFORE, Change, changes
from k6cfg.engine import Checked
from k6cfg.location import pointer_parts
from k6cfg.masking import MARK, secret_name, without_secrets

_LONGEST: Final = 60


def value_changes(before: Checked, after: Checked) -> Iterator[str]:
    """The changed values as lines such as ``vus: "5" becomes 5``; nothing where a side could not be parsed."""
    if before.reading is None or after.reading is None:
        return
    for change in changes(before.reading.shape, after.reading.shape):
        yield f"  {_dotted(change.pointer)}: {_said(after, change)}"


def _dotted(pointer: str) -> str:
    return ".".join(pointer_parts(pointer)) or "the whole file"


def _said(checked: Checked, change: Change) -> str:
    secret = _is_secret(checked, change.pointer)
    old = MARK + BEFORE if secret else _short(change.before)
    new = MARK + AFTER if secret else _short(change.after)
    if change.kind == "added":
        return f"is now {new}"
    if change.kind == "removed":
        return f"is gone; it was {old}"
    return f"{old} becomes {new}"


def _is_secret(checked: Checked, pointer: str) -> bool:
    parts = pointer_parts(pointer)
    routes = (parts[:length] for length in range(1, len(parts) + 1))
    return any(
        secret_name(route[-1]) or ((node := checked.schema.find(route, obsolete=True)) is not None and node.secret)
        for route in routes
    )


def _short(value: object) -> str:
    if isinstance(value, dict | list) and value:
        return f"{'an object' if isinstance(value, dict) else 'an array'} of {len(value)}"
    text = without_secrets(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
