"""Where k6 of a version looks for its config.json on a platform, and where k6cfg keeps what is its own.

All that is said of k6 is a pure function of the version, the platform and the variables; only ``present`` and
``working_folder`` look at the disk. ``config_dirs`` holds Go's and configdir's rules, ``config_path`` which file k6
reads, ``candidate_paths`` every path where somebody may have put it, ``k6cfg_dirs`` the folders of k6cfg, ``shell`` how
a path is written for people and for shells.
"""

from typing import TYPE_CHECKING

from k6cfg.machine.paths.config_dirs import Folder, system_config_dirs, this_system, user_config_dir
from k6cfg.machine.paths.config_path import Place, Source, chosen, default
from k6cfg.machine.paths.k6cfg_dirs import cache_folder, present, state_folder, working_folder
from k6cfg.machine.paths.shell import assigned, below_home, quoted, shown

if TYPE_CHECKING:
    from k6cfg.machine.paths.candidate_paths import Candidate, Reader, candidates

__all__ = [
    "Candidate",
    "Folder",
    "Place",
    "Reader",
    "Source",
    "assigned",
    "below_home",
    "cache_folder",
    "candidates",
    "chosen",
    "default",
    "present",
    "quoted",
    "shown",
    "state_folder",
    "system_config_dirs",
    "this_system",
    "user_config_dir",
    "working_folder",
]


def __getattr__(name: str) -> object:
    # Most commands ask for one place only, and each of them starts anew.
    if name in {"Candidate", "Reader", "candidates"}:
        from k6cfg.machine.paths import candidate_paths

        return getattr(candidate_paths, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
