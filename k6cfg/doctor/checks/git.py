"""Secrets in a file that git tracks."""

from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, error, of_text, ok
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import untrack
from k6cfg.engine import Checked
from k6cfg.machine.environment.git import tracked


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """Whether the file, links resolved, holds a secret and is part of a repository."""
    if not checked.secrets:
        yield ok("no secret is in the file, so it may be in a repository")
    elif machine.snapshot is not None and tracked(machine.snapshot.target):
        target = machine.snapshot.target
        yield error(
            f"git tracks {machine.shown(target)}, and it holds a secret",
            "Whoever may read the repository has it, now and in every clone, and it stays in the history.",
            f"{untrack(machine, target)} takes it out of the next commit, and the file stays; if one was made already,"
            " have a new token made. k6 takes a token from K6_CLOUD_TOKEN, too.",
        )
    else:
        yield ok("git does not track the file")


CHECK = Check("git", "Is a secret in a file that git tracks?", of_text(run))
