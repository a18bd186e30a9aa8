"""``doctor --fix``: what is safe to mend, each shown and asked for by itself, one after the other."""

import stat
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from k6cfg.cli.context import Situation
from k6cfg.cli.edit import kept_out_of_git
from k6cfg.cli.errors import bug
from k6cfg.cli.exit_codes import BUG, COULD_NOT, DECLINED, FINDINGS, FINE
from k6cfg.cli.terminal import complain, confirmed, interactive, say
from k6cfg.cli.write import apply
from k6cfg.cli.write_options import Manner
from k6cfg.doctor import Result
from k6cfg.doctor.fixes import NewMode, NewText, Sweep
from k6cfg.engine import ProofError
from k6cfg.machine.files import FileError, Store, require_config
from k6cfg.machine.files.chmod import change_mode
from k6cfg.machine.files.directory import reach
from k6cfg.machine.files.errors import fault
from k6cfg.report.terminal_style import one_line

_UNCHANGED: Final = frozenset({FINDINGS, COULD_NOT, DECLINED, BUG})
"""Exit codes after which all is as it was."""


Found: TypeAlias = Sequence[Result]


class Way(NamedTuple):
    """How mends are made: whose situation, in which manner, with backups in ``store``."""

    situation: Situation
    manner: Manner
    store: Store | None

    @property
    def only_shown(self) -> bool:
        """Whether nothing is done: it was asked so, or nobody can be asked."""
        return self.manner.diff_only or (not self.manner.yes and not interactive())


def mend_all(way: Way, found: Found, look: Callable[[], Found]) -> tuple[int, Found]:
    """Mend all that was found to mend, looking anew after each that was done; the exit code, and what is left."""
    code, tried = FINE, set[tuple[str, str]]()
    while True:
        result = next((one for one in found if one.mend is not None and (one.id, one.finding) not in tried), None)
        if result is None:
            break
        tried.add((result.id, result.finding))
        say(f"{result.id}: {one_line(result.finding)}")
        done = _mend(way, result)
        code = max(code, done)
        if done not in _UNCHANGED:
            found = look()
    if not tried:
        say("there is nothing that --fix mends")
    elif way.only_shown and not way.manner.diff_only:
        complain("nothing was changed, because nobody can be asked here", "add --yes to do it")
        code = max(code, DECLINED)
    return code, found


def _mend(way: Way, result: Result) -> int:
    try:
        if isinstance(result.mend, NewText):
            return _write(way, result.mend)
        if isinstance(result.mend, NewMode):
            return _change_mode(way, result.mend)
        if isinstance(result.mend, Sweep):
            return _sweep(way, result.mend)
    except FileError as error:
        complain(error.message, error.help)
        return COULD_NOT
    except ProofError as error:
        return bug(error)
    return FINE


def _write(way: Way, mend: NewText) -> int:
    situation, manner = way.situation, way.manner
    require_config(mend.snapshot)
    after = mend.plan()
    if mend.before is None and after.secrets and kept_out_of_git(situation, mend.snapshot, "the secret in it"):
        return DECLINED

    def remarks() -> None:
        if mend.before is not None and not mend.same:
            from k6cfg.report.value_diff import value_changes

            for line in value_changes(mend.before, after):
                say(line)

    if way.only_shown:
        manner = manner._replace(diff_only=True, report_on_stdout=True)
    return apply(situation, mend.snapshot, mend.before, after, manner, way.store, remarks)


def _change_mode(way: Way, mend: NewMode) -> int:
    name, before = way.situation.shown(mend.path), stat.S_IMODE(mend.seen.st_mode)
    say(f"  {name}: mode {before:04o} becomes {mend.mode:04o}")
    code = _asked(way, f"Change the mode of {name}?")
    if code == FINE:
        change_mode(mend.path, mend.seen, mend.mode)
        say(f"{name} has mode {mend.mode:04o} now")
    return code


def _sweep(way: Way, mend: Sweep) -> int:
    folder = way.situation.shown(mend.folder)
    for name in mend.names:
        say(f"  {way.situation.shown(mend.folder / name)}: is deleted")
    code = _asked(way, f"Delete {'it' if len(mend.names) == 1 else 'them'}?")
    if code != FINE:
        return code
    try:
        with reach(mend.folder) as reached:
            reached.lock(mend.folder)
            reached.sweep()
            left = [name for name in mend.names if reached.status(name) is not None]
    except OSError as error:
        raise fault(error, mend.folder, "cleared") from error
    if left:
        complain(f"{len(left)} of them in {folder} may still be in use, and stay", "run it again when no k6cfg runs")
        return COULD_NOT
    say(f"deleted what was left in {folder}")
    return FINE


def _asked(way: Way, question: str) -> int:
    """Whether it is to be done (0), by the same rules as every write."""
    if way.only_shown:
        return FINDINGS
    if not way.manner.yes and not confirmed(question):
        complain("nothing was changed")
        return DECLINED
    return FINE
