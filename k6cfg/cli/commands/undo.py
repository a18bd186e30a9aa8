"""``k6cfg undo``: the last change back."""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from k6cfg.cli.context import ConfigOption, DiffOption, InPlaceOption, Situation, VersionOption, YesOption
from k6cfg.cli.edit import kept_out_of_git, snapshot_of
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, FINDINGS, FINE
from k6cfg.cli.terminal import complain, confirmed, interactive, out, say
from k6cfg.cli.write import apply, secret_texts
from k6cfg.cli.write_options import Manner
from k6cfg.engine import check
from k6cfg.machine.files import LARGEST_READ, LARGEST_WRITE, Backup, FileError, Snapshot, Store
from k6cfg.machine.files.trust import Doubt
from k6cfg.machine.paths import quoted


def command(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="The file; none: the one that k6 reads.")] = None,
    config: ConfigOption = None,
    k6_version: VersionOption = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="List the backups, of the file or of all files, and change nothing.")
    ] = False,
    to: Annotated[
        int | None, typer.Option("--to", metavar="N", min=1, help="Go back to the version of that number in --list.")
    ] = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="Delete the backups of the file: they hold earlier tokens.")
    ] = False,
    diff: DiffOption = False,
    yes: YesOption = False,
    in_place: InPlaceOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Put an earlier secret back even into a file that git tracks.")
    ] = False,
) -> None:
    """Take back the last change that k6cfg made to a file; twice is a redo."""
    if show_list and (purge or to is not None):
        raise typer.BadParameter("--list only shows; leave it out to change something")
    if file is not None and config is not None:
        raise typer.BadParameter("name the file once: as an argument or with --config")
    situation = Situation(k6_version)
    store = situation.store()
    assert store is not None  # noqa: S101 - it is None only where it is not wanted
    try:
        if show_list and file is None and config is None:
            _list(situation, store, store.all())
            raise typer.Exit(FINE)
        limit = LARGEST_READ if show_list or purge else LARGEST_WRITE
        snapshot = snapshot_of(situation, config if file is None else file, limit=limit, text=False)
        if isinstance(snapshot, int):
            raise typer.Exit(snapshot)
        if show_list:
            _list(situation, store, store.list(snapshot.target), of=f" of {situation.shown(snapshot.path)}")
            raise typer.Exit(FINE)
        manner = Manner(diff, yes, in_place=in_place)
        if purge:
            raise typer.Exit(_purge(situation, store, snapshot, manner))
        raise typer.Exit(_undo(situation, store, snapshot, manner, to, force=force))
    except FileError as error:
        complain(error.message, error.help)
        raise typer.Exit(COULD_NOT) from None


def _list(situation: Situation, store: Store, found: tuple[Backup, ...], of: str = "") -> None:
    """Each file's backups, newest first, with the numbers that --to takes."""
    for target, group in itertools.groupby(found, lambda backup: backup.target):
        name = situation.shown(target) if target is not None else "a file whose name was lost"
        for number, backup in enumerate(reversed(tuple(group)), 1):
            doubtful = target is not None and bool(store.doubts(backup, target))
            remark = "  (another user may have written it)" if doubtful else ""
            out(f"{number:>3}  {_when(backup)}  {backup.size:>8} bytes  {name}{remark}\n")
    if not found:
        say(f"k6cfg keeps no backups{of}: it makes one whenever it changes a file that was there before")


def _when(backup: Backup) -> str:
    return f"{backup.taken.astimezone():%Y-%m-%d %H:%M:%S}"


def _purge(situation: Situation, store: Store, snapshot: Snapshot, manner: Manner) -> int:
    name, count = situation.shown(snapshot.path), len(store.list(snapshot.target))
    if not count or manner.diff_only:
        say(f"{_counted(count)} of {name}")
        return FINDINGS if count else FINE
    if not manner.yes:
        if not interactive():
            complain("nothing was deleted, because nobody can be asked here", "add --yes to delete the backups")
            return DECLINED
        if not confirmed(f"Delete {_counted(count)} of {name}? Nothing can be undone then."):
            complain("nothing was deleted")
            return DECLINED
    say(f"deleted {_counted(store.purge(snapshot.target))} of {name}")
    return FINE


def _counted(count: int) -> str:
    return "1 backup" if count == 1 else f"{count or 'no'} backups"


def _undo(
    situation: Situation, store: Store, snapshot: Snapshot, manner: Manner, to: int | None, *, force: bool
) -> int:
    name = situation.shown(snapshot.path)
    kept = store.list(snapshot.target)
    if to is not None and to > len(kept):
        complain(
            f"there is no version {to} of {name}: k6cfg keeps {_counted(len(kept))}", "k6cfg undo --list shows them"
        )
        return COULD_NOT
    backup = kept[-to] if to else store.latest(snapshot.target, unlike=snapshot.data if snapshot.exists else None)
    doubtful = {number: found[0] for number, found in _doubtful(store, kept, snapshot.target) if found}
    if backup is None:
        if doubtful:
            complain(
                f"k6cfg has no earlier version of {name} that nobody else could have written", _not_offered(doubtful)
            )
        else:
            complain(f"k6cfg has no earlier version of {name}", _no_way_back(snapshot, kept))
        return COULD_NOT
    number = len(kept) - kept.index(backup)
    newer = {each: doubt for each, doubt in doubtful.items() if each < number}
    if number in doubtful:
        say(
            f"warning: another user may have written this version: {doubtful[number].why}. Look at what it changes:"
            " it decides what k6 runs, and where it sends the token"
        )
    elif newer and to is None:
        say(f"warning: passed over: {_not_offered(newer)}")
    say(f"the version of {_when(backup)}")
    before = check(snapshot.data, situation.schema) if snapshot.exists else None
    after = check(store.read(backup), situation.schema)
    returning = secret_texts(after) - (secret_texts(before) if before is not None else set())
    if returning and not force and not manner.diff_only and kept_out_of_git(situation, snapshot, "an earlier secret"):
        return DECLINED

    def remarks() -> None:
        if before is not None:
            from k6cfg.report.value_diff import value_changes

            for line in value_changes(before, after):
                say(line)

    return apply(situation, snapshot, before, after, manner, store, remarks)


def _doubtful(store: Store, kept: tuple[Backup, ...], target: Path) -> Iterator[tuple[int, tuple[Doubt, ...]]]:
    for number, backup in enumerate(reversed(kept), 1):
        yield number, store.doubts(backup, target)


def _not_offered(doubtful: Mapping[int, Doubt]) -> str:
    """Which versions another user may have written, by the numbers that --to takes, and why."""
    reasons: dict[str, list[int]] = {}
    for number, doubt in doubtful.items():
        reasons.setdefault(doubt.why, []).append(number)
    said = [f"version {', '.join(map(str, numbers))}: {why}" for why, numbers in reasons.items()]
    return f"{'; '.join(said)}; k6cfg undo --list shows them, and --to N writes one all the same"


def _no_way_back(snapshot: Snapshot, kept: tuple[Backup, ...]) -> str:
    """What to type where there is nothing to go back to: before k6cfg made a file, there was none."""
    if kept:
        return "all that it keeps is the same as the file is now"
    if not snapshot.exists:
        return "k6cfg undo --list shows of which files it keeps some"
    return f"if k6cfg made the file, rm {quoted(snapshot.path)} takes that back; k6cfg undo --list shows what it keeps"
