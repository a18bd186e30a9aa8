"""The version of k6 that a command is about: ``--k6-version X[.Y[.Z]]|auto|latest``."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from k6cfg.machine.environment.k6_binary import Answer, Binary, find_k6, version_of
from k6cfg.schema.versions import NEWEST, OLDEST, Version, named


class Chosen(NamedTuple):
    """A version, and why it is that one.

    ``version`` is what was named or found: it decides where k6 looks. ``judged_as`` is the version whose rules k6cfg
    applies, which is older where k6 is newer than k6cfg knows. ``why`` is a sentence for people; ``warning``, if any,
    another that should be seen. ``binary`` is the k6 that was asked.
    """

    version: Version
    why: str
    source: Literal["option", "binary", "newest"]
    warning: str | None = None
    binary: Binary | None = None

    @property
    def judged_as(self) -> Version:
        """The newest version known to k6cfg that is not newer than ``version``."""
        return min(self.version, NEWEST)


Ask: TypeAlias = Callable[[Binary], Answer]


def k6_version(
    option: str | None,
    environ: Mapping[str, str],
    cache_folder: Callable[[], Path] | None = None,
    ask: Ask | None = None,
) -> Chosen:
    """The version that ``--k6-version`` stands for: one that is named, or with ``auto`` (or nothing) the k6 on PATH.

    A k6 that gives no version, or one from before config.json, is no failure: the newest known one is taken, and
    ``warning`` says so.

    Args:
        option: what stands after ``--k6-version``; None is ``auto``.
        environ: the variables of the process.
        cache_folder: gives the folder where the versions of binaries are remembered; only called if there is a k6.
        ask: has a binary tell its version, where somebody knows better than to ask it anew.

    Raises:
        ValueError: the option names no version, or one without a config.json; the message is for people.
    """
    if option is None or option.strip().lower() == "auto":
        return _of_path(environ, ask or (lambda binary: version_of(binary, environ, cache_folder)))
    try:
        version = named(option)
    except ValueError:
        raise ValueError(f"--k6-version wants a version such as {NEWEST} or {NEWEST.major}, auto, or latest") from None
    if version < OLDEST:
        raise ValueError(
            f"k6 {version} reads no config.json: that came with k6 {OLDEST}. Name that version or a newer one."
        )
    return Chosen(version, f"--k6-version names k6 {version}", "option", _too_new(version))


def _of_path(environ: Mapping[str, str], ask: Ask) -> Chosen:
    found = find_k6(environ)
    if not found:
        return Chosen(NEWEST, f"there is no k6 on PATH, so it is the newest that k6cfg knows, {NEWEST}", "newest")
    first = found[0]
    version, reason = ask(first)
    if version is not None and version < OLDEST:
        reason = f"is k6 {version}, from before config.json"
    elif version is not None:
        return Chosen(version, f"the k6 on PATH is {version}", "binary", _too_new(version), first)
    why = f"the k6 on PATH gives no usable version, so it is the newest that k6cfg knows, {NEWEST}"
    warning = f"The k6 on PATH {reason}; k6cfg takes it for {NEWEST}. Say --k6-version X.Y.Z if it is another release."
    return Chosen(NEWEST, why, "newest", warning, first)


def _too_new(version: Version) -> str | None:
    # A patch release changes no keys.
    if version[:2] <= NEWEST[:2]:
        return None
    return f"k6cfg knows k6 up to {NEWEST}; k6 {version} is newer and is judged like {NEWEST}."
