"""The annotated schema of k6's options, and the part of it that one k6 version reads.

Names are imported when they are first used: every command needs ``k6cfg.schema.versions``, and few need the rest.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k6cfg.schema.export import written
    from k6cfg.schema.loader import Schema, load
    from k6cfg.schema.node import Node

__all__ = ["Node", "Schema", "load", "written"]


def __getattr__(name: str) -> object:
    if name == "Node":
        from k6cfg.schema.node import Node

        return Node
    if name == "written":
        from k6cfg.schema.export import written

        return written
    if name in {"Schema", "load"}:
        from k6cfg.schema import loader

        return getattr(loader, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
