"""What has to change in a file that was written for an older k6: one file per migration, in the order of their time."""

from collections.abc import Iterator
from typing import Final

from k6cfg.migrations import (
    changed_meaning,
    cloud_stack,
    deprecated_token,
    execution,
    ext_loadimpact,
    externally_controlled,
    gone_output,
    lone_vus,
    metadata_tags,
    network_texts,
    numeric_durations,
    old_cloud_servers,
    opentelemetry,
    out_list,
    removed_key,
    renamed_key,
    setup_timeout,
    ssl_3,
)
from k6cfg.migrations.context import Journey
from k6cfg.migrations.numeric_durations import shows_age
from k6cfg.text.diagnostics import Diagnostic

__all__ = ["MIGRATIONS", "RULES", "Journey", "pending", "shows_age"]

MIGRATIONS: Final = (
    numeric_durations,  # first, while the keys that tell a file's age are still there
    out_list,
    deprecated_token,
    renamed_key,
    network_texts,
    old_cloud_servers,
    execution,
    ssl_3,
    gone_output,
    metadata_tags,
    ext_loadimpact,
    setup_timeout,
    opentelemetry,
    externally_controlled,
    cloud_stack,
    lone_vus,
    removed_key,
    changed_meaning,
)
RULES: Final = tuple(module.RULE for module in MIGRATIONS)


def pending(journey: Journey) -> Iterator[tuple[Diagnostic, ...]]:
    """What each migration on the way has to say of a file, one after the other; those that have nothing are left out.

    A finding with a fix is a change, one without is for a person to decide.
    """
    for module in MIGRATIONS:
        if module.SINCE is None or journey.crosses(module.SINCE):
            found = tuple(module.find(journey))
            if found:
                yield found
