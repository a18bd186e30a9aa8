"""Which k6 is on PATH, and which release it is."""

from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, info, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.schema.versions import NEWEST, OLDEST


def run(machine: Machine) -> Iterator[Result]:
    """The k6 that wins, and whether k6cfg knows its release."""
    if not machine.installed:
        yield info("there is no k6 on PATH", f"The file is judged by the rules of k6 {machine.k6.judged_as}.")
        return
    (binary, (version, reason)), *_ = machine.installed
    name = machine.shown(binary.path)
    if version is None and machine.k6.source == "option":
        yield info(f"the k6 on PATH, {name}, {reason}")
    elif version is None:
        yield warning(
            f"the k6 on PATH, {name}, {reason}",
            f"k6cfg has to guess that it is {NEWEST}, and where k6 looks for its file depends on its version.",
            "Name its release: `k6cfg doctor --k6-version X.Y.Z`; or put a released k6 first on PATH.",
        )
    elif version < OLDEST:
        yield warning(
            f"the k6 on PATH, {name}, is {version}, from before config.json",
            f"It reads no config.json at all: that came with k6 {OLDEST}.",
            "Install a newer k6: https://grafana.com/docs/k6/latest/set-up/install-k6/",
        )
    elif version[:2] > NEWEST[:2]:
        yield info(
            f"the k6 on PATH, {name}, is {version}, newer than k6cfg knows",
            f"It is judged by the rules of k6 {NEWEST}; what came after that, k6cfg takes for a mistake.",
            "`pip install --upgrade k6cfg`",
        )
    else:
        yield ok(f"k6 {version} is on PATH: {name}")
    if version is not None and machine.k6.source == "option" and version != machine.k6.version:
        yield info(f"--k6-version names k6 {machine.k6.version}: all that follows is about that one")


CHECK = Check("k6", "Which k6 is on PATH?", run)
