"""``env`` of a scenario is for the script; k6 does not read its own variables there."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script, name_of
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("scenario-env", REMARKS, "A variable of k6 stands in `env` of a scenario, where k6 does not read it.")

PREFIX: Final = "K6_"
_BROWSER: Final = "K6_BROWSER_"
"""What the browser module reads; its variables are no options of k6, and no other names begin like them."""


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """Sources: js/runner.go, where these variables go to ``__ENV`` alone; env/env.go of the browser module."""
    scenarios = reading.get("scenarios")
    for scenario in scenarios.fields.values() if scenarios is not None else ():
        env = scenario.get("env")
        for name, variable in (env.fields if env is not None else {}).items():
            if (
                not variable.failed
                and name.startswith(PREFIX)
                and (name.startswith(_BROWSER) or name in _variables(schema))
            ):
                yield _unread(variable)


def _unread(variable: Read) -> Diagnostic:
    name = name_of(variable)
    message = f"k6 does not read {name} from `env` of a scenario; the script alone sees it there"
    return remark(RULE, variable, message, f"set {name} in the environment that starts k6")


@cache
def _variables(schema: Schema) -> frozenset[str]:
    return frozenset(schema.variables) | {name for node in schema.nodes() for name in node.env}
