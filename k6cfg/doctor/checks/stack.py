"""What else the cloud commands of k6 2 need: a stack, and a project."""

from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, info, of_settings, ok, skipped, warning
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import k6cfg
from k6cfg.engine import Checked
from k6cfg.k6 import cloud


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """What ``k6 cloud`` would not find, for somebody who has a token."""
    version = machine.k6.version
    needs = cloud.missing(checked.document, checked.schema, version, machine.environ)
    if any(need.route == cloud.TOKEN for need in needs):
        yield skipped("without a token nothing is run in the cloud")
        return
    if version < cloud.STACK_NEEDED:
        yield ok(f"k6 {version} needs nothing but a token for the cloud")
        return
    for need in needs:
        name, remedy = need.route[-1], _remedy(machine, need)
        if need.route == cloud.project_route(version):
            # The script may name one, and we do not know the script.
            yield info(f"the file names no project ({name})", f"{need.why}.", remedy)
        else:
            why = f"{need.why}; a stack's URL does not do."
            yield warning(f"there is a token, but no stack ({name})", why, remedy)
    if not needs:
        yield ok("token, stack and project are there")


def _remedy(machine: Machine, need: cloud.Need) -> str:
    node = machine.schema.find(need.route)
    into_file = k6cfg(machine, need.remedy.removeprefix("k6cfg "))
    if not machine.environ.get(cloud.VARIABLE):
        return into_file
    # `set-token` would ask for the token, which is in the variable.
    alone = k6cfg(machine, f"set {'.'.join(need.route)} ID")
    if node is None or not node.env:
        return alone
    return f"Beside {cloud.VARIABLE}, in the environment: `export {node.env[0]}=ID`; or in the file: {alone}"


CHECK = Check("stack", "Is there all that the cloud commands need?", of_settings(run))
