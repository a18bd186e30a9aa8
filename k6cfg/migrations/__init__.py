"""What has to change in a file that was written for an older k6: one file per migration, in the order of their time."""

from collections.abc import Iterator
from typing import Final

from k6cfg.diagnostics import Diagnostic
from k6cfg.migrations import (
    changed_meaning,
    durations,
    execution,
    external_control,
    gone_outputs,
    loadimpact,
    lone_vus,
    metadata_tags,
    networks,
    old_hosts,
    old_token,
    opentelemetry,
    out_list,
    removed,
    renamed,
    setup_timeout,
    stack,
    tls,
)
from k6cfg.migrations.durations import shows_age
from k6cfg.migrations.place import Journey

__all__ = ["MIGRATIONS", "RULES", "Journey", "pending", "shows_age"]

MIGRATIONS: Final = (
    durations,  # first, while the keys that tell a file's age are still there
    out_list,
    old_token,
    renamed,
    networks,
    old_hosts,
    execution,
    tls,
    gone_outputs,
    metadata_tags,
    loadimpact,
    setup_timeout,
    opentelemetry,
    external_control,
    stack,
    lone_vus,
    removed,
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
