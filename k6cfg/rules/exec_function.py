"""``exec`` names a function that the script exports."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script, name_of
from k6cfg.k6.grammars import quoted
from k6cfg.rules.builders import CHECKS, refused
from k6cfg.rules.execution import scenarios_that_run
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("exec-function", CHECKS, "A scenario runs a function that the script does not have.")

_DEFAULT = "default"


def check(reading: Reading, _schema: Schema, script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0, cmd/config.go, ``validateScenarioConfig``; an empty name is refused in any case."""
    for scenario in scenarios_that_run(reading).values():
        exec_ = scenario.fields.get("exec")
        if scenario.failed or (exec_ is not None and exec_.failed):
            continue
        if exec_ is not None and exec_.valid and not exec_.string:
            yield refused(RULE, exec_, "`exec` is empty", 'name an exported function, or remove it for "default"')
            continue
        function = exec_.string if exec_ is not None and exec_.valid else _DEFAULT
        if script.exports is not None and function not in script.exports:
            place = exec_ if exec_ is not None and exec_.valid else scenario
            known = ", ".join(sorted(script.exports)) or "nothing"
            message = f"{name_of(scenario)} runs the function {quoted(function)}, which the script does not export"
            yield refused(RULE, place, message, f"the script exports {known}")
