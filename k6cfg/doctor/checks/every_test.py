"""Options in the file of all tests that change what every script does."""

from collections.abc import Iterator
from typing import Final

from k6cfg.doctor.check import Check, Result, info, of_values, ok, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import k6cfg
from k6cfg.engine import Checked
from k6cfg.k6 import cloud
from k6cfg.schema.versions import LONE_VUS

_EXECUTION: Final = ("duration", "iterations", "stages", "scenarios")


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """How long and how wide a test runs, said in the file that k6 reads for every test.

    Sources: a script that sets one of duration, iterations, stages, scenarios clears all four of the file, but not
    vus; k6 2.1.0 and newer take a lone vus for shared iterations (run with 2.2.0).
    """
    if machine.place.source == "option":
        yield ok("the file was named for this call, so it is not that of every test")
        return
    lines = {key: line for key in (*_EXECUTION, "vus") if (line := _line(checked, key)) is not None}
    if not lines:
        yield ok("the file leaves to the script how long and with how many users it runs")
    elif lines.keys() == {"vus"} and machine.k6.version >= LONE_VUS:
        yield warning(
            f"vus stands alone in the file of all tests (line {lines['vus']})",
            f"k6 {machine.k6.version} then drops the scenarios of every script and runs that many iterations instead.",
            f"{k6cfg(machine, 'unset vus')}, and name it where it is meant: `k6 run --vus N`, or in the script.",
        )
    else:
        yield info(
            f"the file of all tests sets {', '.join(lines)} (line {min(lines.values())})",
            "Every script without options of its own runs like that.",
            "What is meant for one test, keep in its script, or in a file of its own: `k6 run -c FILE`",
        )


def _line(checked: Checked, key: str) -> int | None:
    value = cloud.value_of(checked.document, checked.schema, (key,))
    return None if value is None else checked.document.lines.position(value.start).line


CHECK = Check("every-test", "Does the file change what every script does?", of_values(run))
