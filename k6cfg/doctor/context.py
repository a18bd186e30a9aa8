"""The facts about a machine, gathered when they are first asked for, and once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from k6cfg.k6.file_kind import CONFIG, FileKind
from k6cfg.machine import environment, paths
from k6cfg.machine.environment import Answer, Binary, Chosen
from k6cfg.machine.files import FileError, Snapshot, Store, read, read_text
from k6cfg.machine.files.contents import format_of
from k6cfg.machine.files.preconditions import managed
from k6cfg.machine.paths import Candidate, Place
from k6cfg.schema import Schema, load
from k6cfg.schema.versions import NEWEST

if TYPE_CHECKING:
    from k6cfg.engine import Checked
    from k6cfg.machine.files.backups import Backup
    from k6cfg.machine.files.trust import Doubt


def _me() -> int | None:
    return os.geteuid() if hasattr(os, "geteuid") else None


class Installed(NamedTuple):
    """A k6 on PATH and the version that it gives."""

    binary: Binary
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Who runs k6 here, which one, with which file and which variables.

    ``config_option`` and ``version_option`` are what stands after ``-c`` and ``--k6-version``; ``uid`` is the user
    whose k6 it is, None where the platform has no numbers for users. ``reader`` is another user who will run k6 with
    this file, ``online`` whether the cloud may be asked. The working directory is the process's own.
    """

    environ: Mapping[str, str]
    config_option: str | None = None
    version_option: str | None = None
    system: str = field(default_factory=paths.this_system)
    uid: int | None = field(default_factory=_me)
    reader: int | None = None
    online: bool = False

    # -- k6

    @cached_property
    def k6(self) -> Chosen:
        """The k6 version that the questions are about.

        Raises:
            ValueError: ``version_option`` names none; the message is for people.
        """
        return environment.k6_version(self.version_option, self.environ, self._cache, self._asked)

    @cached_property
    def installed(self) -> tuple[Installed, ...]:
        """Every k6 on PATH, the one that wins first."""
        found = environment.find_k6(self.environ)
        return tuple(Installed(one, self._asked(one)) for one in found)

    def _asked(self, binary: Binary) -> Answer:
        """What a binary says of its version; each is asked once."""
        if binary not in self._answers:
            self._answers[binary] = environment.version_of(binary, self.environ, self._cache)
        return self._answers[binary]

    @cached_property
    def _answers(self) -> dict[Binary, Answer]:
        return {}

    def _cache(self) -> Path:
        return paths.cache_folder(self.environ)

    # -- the file

    @cached_property
    def place(self) -> Place:
        """The file that this k6 reads."""
        return paths.chosen(
            self.config_option,
            self.k6.version,
            system=self.system,
            environ=self.environ,
            exists=paths.present,
        )

    @cached_property
    def path(self) -> Path:
        """The absolute path of that file, links and all; the working directory where k6 was given an empty path."""
        return self.absolute(self.place.path)

    @cached_property
    def there(self) -> bool:
        """Whether k6 finds anything there; a link that leads nowhere is nothing to it."""
        return self.place.problem is None and paths.present(self.place.path)

    @cached_property
    def _outcome(self) -> Snapshot | FileError | None:
        if self.place.problem is not None:
            return None
        try:
            return read_text(self.path)
        except FileError as error:
            return error

    @property
    def snapshot(self) -> Snapshot | None:
        """The file, where it can be read."""
        return self._outcome if isinstance(self._outcome, Snapshot) else None

    @property
    def failure(self) -> FileError | None:
        """Why it cannot be read, or that it is missing."""
        return self._outcome if isinstance(self._outcome, FileError) else None

    @property
    def managed(self) -> bool:
        """Whether the file is a Kubernetes ConfigMap or Secret."""
        return managed(self._resolved)

    @property
    def changeable(self) -> bool:
        """Whether a change of the file would not be refused from the start: it is ours, has one name, and stays."""
        status = self.snapshot.status if self.snapshot is not None else None
        ours = status is not None and status.st_nlink == 1 and self.uid in {None, 0, status.st_uid}
        return ours and not self.managed and self.other_format is None

    @cached_property
    def other_format(self) -> FileKind | None:
        """What the file is where it is not a k6 config file, so that k6cfg does not change it; else None."""
        found = format_of(self.snapshot) if self.snapshot is not None else CONFIG
        return None if found.kind is CONFIG.kind else found

    @cached_property
    def schema(self) -> Schema:
        """What is known of the file for that version."""
        return load(self.k6.judged_as)

    @cached_property
    def checked(self) -> "Checked | None":
        """What this k6 makes of the file; None where it cannot be read."""
        return self._judged(self.schema)

    @cached_property
    def settings(self) -> "Checked | None":
        """What k6 goes by: the file or, where none is needed and none is there, one without anything in it.

        None where there is a file that cannot be read, or one is missing that k6 was told to read.
        """
        if self.there or not self.place.may_be_missing:
            return self.checked
        from k6cfg.engine import check

        return check(b"{}", self.schema)

    @cached_property
    def newest(self) -> "Checked | None":
        """What the newest k6 known makes of it."""
        return self.checked if self.schema.version == NEWEST else self._judged(load(NEWEST))

    def _judged(self, schema: Schema) -> "Checked | None":
        if self.snapshot is None:
            return None
        from k6cfg.engine import check, check_other_format

        checked = check(self.snapshot.data, schema)
        if self.other_format is None or checked.well_formed:
            return checked
        help_ = self.other_format.help(paths.quoted(self.path, self.environ, self.system))
        return check_other_format(self.snapshot.data, schema, self.other_format.what, help_)

    # -- other files

    @cached_property
    def cwd(self) -> str | None:
        """The working directory; None where it is gone."""
        return paths.working_folder()

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every place where somebody may have put a config.json, whether or not there is one."""
        return paths.candidates(
            self.k6.version,
            system=self.system,
            environ=self.environ,
            cwd=self.cwd,
            config_option=self.config_option,
            home_of=_home_of,
        )

    @cached_property
    def store(self) -> Store:
        """Where k6cfg keeps earlier versions."""
        return Store(paths.state_folder(self.environ) / "backups")

    @cached_property
    def backups(self) -> "tuple[Backup, ...]":
        """The earlier versions of the file that k6cfg keeps, oldest first."""
        return self.store.list(self._resolved)

    @cached_property
    def backup_doubts(self) -> "dict[Path, Doubt]":
        """What lets another user change or replace one of them, by the file or folder that does."""
        found = (doubt for backup in self.backups for doubt in self.store.doubts(backup, self._resolved))
        return {doubt.path: doubt for doubt in found}

    @property
    def _resolved(self) -> Path:
        return self.snapshot.target if self.snapshot is not None else Path(os.path.realpath(self.path))

    def data(self, path: str | Path) -> bytes | None:
        """What another file holds; None where it cannot be read."""
        try:
            return read(path).data
        except FileError:
            return None

    def holds_secret(self, data: bytes) -> bool:
        """Whether there is a secret in a file, whatever state it is in."""
        from k6cfg.k6.secrets import secrets
        from k6cfg.text.encoding import decode
        from k6cfg.text.parser import parse

        decoded = decode(data)
        return bool(secrets(parse(decoded.text, decoded.encoding), self.schema))

    def may(self, path: str | Path, mode: int) -> bool:
        """Whether the system would let us use a path in a way (``os.R_OK``, ``os.W_OK``, ``os.X_OK``)."""
        return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)

    # -- words

    def absolute(self, path: str | Path) -> Path:
        """A path of k6's, which may be relative to the working directory; it stays so where that is gone."""
        return Path(self.cwd or "", path)

    def shown(self, path: str | Path) -> str:
        """A path for people: ``~`` for the home folder, nothing that would act on a terminal."""
        return paths.shown(path, self.environ, self.system)


def _home_of(user: str) -> str | None:
    try:
        import pwd

        return pwd.getpwnam(user).pw_dir
    except (ImportError, KeyError):
        return None
