"""k6cfg looks after the config.json of k6: validates, repairs and safely edits it.

    >>> import k6cfg
    >>> k6cfg.validate('{"vus": "10", "duration": "1m"}').diagnostics[0].message
    '`vus` is a number in quotes; k6 reads it as 10'

``docs/api.md`` describes every function.
"""

TYPE_CHECKING = False  # to import it from typing takes longer than all else here
if TYPE_CHECKING:
    from k6cfg.api import (
        Changed,
        Difference,
        Edit,
        EffectiveOptions,
        Finding,
        Fix,
        Migrated,
        Move,
        Position,
        Refused,
        Validation,
        diff,
        effective_options,
        explain,
        fix,
        get_value,
        json_schema,
        migrate,
        remove_token,
        repair,
        set_token,
        set_value,
        unset_value,
        validate,
    )

__version__ = "0.1.0"

__all__ = [
    "Changed",
    "Difference",
    "Edit",
    "EffectiveOptions",
    "Finding",
    "Fix",
    "Migrated",
    "Move",
    "Position",
    "Refused",
    "Validation",
    "__version__",
    "diff",
    "effective_options",
    "explain",
    "fix",
    "get_value",
    "json_schema",
    "migrate",
    "remove_token",
    "repair",
    "set_token",
    "set_value",
    "unset_value",
    "validate",
]


def __getattr__(name: str) -> object:
    """A function or class of ``k6cfg.api``, which is imported when one is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from k6cfg import api

    found: object = getattr(api, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The names that are for others."""
    return sorted({*globals(), *__all__})
