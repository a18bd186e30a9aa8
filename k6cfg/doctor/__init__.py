"""Why does k6 not do what the file says? Questions about a machine, each in a file of its own, each on its own.

To add one: a module with a ``Check``, a row in ``CHECKS``, a broken home in the tests. A check looks at a ``Machine``
and yields results; it prints nothing and changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from k6cfg.doctor.check import Check, Level, Result
from k6cfg.doctor.checks import (
    as_uid,
    backups,
    copies,
    every_test,
    folder,
    git,
    home,
    k6,
    leftovers,
    legacy_place,
    links,
    mode,
    mounts,
    nulls,
    online,
    other_places,
    outputs,
    owner,
    place,
    readable,
    servers,
    several_k6,
    stack,
    token,
    variables,
    verdict,
)
from k6cfg.doctor.context import Machine
from k6cfg.machine.files import FileError

__all__ = ["CHECKS", "Check", "Level", "Machine", "Result", "examine"]

CHECKS: Final = (
    k6.CHECK,
    several_k6.CHECK,
    place.CHECK,
    home.CHECK,
    legacy_place.CHECK,
    other_places.CHECK,
    readable.CHECK,
    as_uid.CHECK,
    links.CHECK,
    folder.CHECK,
    mounts.CHECK,
    owner.CHECK,
    mode.CHECK,
    git.CHECK,
    copies.CHECK,
    verdict.SYNTAX,
    verdict.ACCEPTED,
    verdict.NEEDED,
    verdict.UPGRADE,
    token.CHECK,
    stack.CHECK,
    online.CHECK,
    servers.CHECK,
    variables.CHECK,
    every_test.CHECK,
    outputs.CHECK,
    nulls.CHECK,
    leftovers.CHECK,
    backups.CHECK,
)


def examine(
    machine: Machine,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    checks: Iterable[Check] = CHECKS,
) -> tuple[Result, ...]:
    """What the checks find, in their order.

    A check that raises is reported as "could not check"; the others go on.

    Args:
        machine: whose configuration it is.
        only: ids of the checks to run; none is all of them.
        skip: ids of checks to leave out.
        checks: those to choose from.
    """
    wanted, unwanted = frozenset(only), frozenset(skip)
    return tuple(
        result
        for check in checks
        if (not wanted or check.id in wanted) and check.id not in unwanted
        for result in _isolated(check, machine)
    )


def _isolated(check: Check, machine: Machine) -> Iterator[Result]:
    try:
        found = tuple(check.run(machine))
    except FileError as error:
        found = (Result(Level.COULD_NOT, error.message, remedy=error.help),)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one broken check must not hide what the others found
        # The type alone: the text of an exception may quote the file.
        found = (Result(Level.COULD_NOT, f"this check failed with {type(error).__name__}: {check.title}"),)
    yield from (replace(result, id=check.id) for result in found)
