"""The order of work: check a file, plan a change, prove it. Nothing here reads or writes a file."""

from k6cfg.engine.checking import Checked, check, check_other_format, check_values, knowing
from k6cfg.engine.planning import Plan, Step, apart, change, plan_fixes, prove_settled
from k6cfg.engine.proving import ProofError, differing, prove
from k6cfg.engine.repaired import with_repaired
from k6cfg.engine.rubble import LARGE, TOO_LARGE
from k6cfg.engine.selecting import Selection, all_rules, rule_names, selected

__all__ = [
    "LARGE",
    "TOO_LARGE",
    "Checked",
    "Plan",
    "ProofError",
    "Selection",
    "Step",
    "all_rules",
    "apart",
    "change",
    "check",
    "check_other_format",
    "check_values",
    "differing",
    "knowing",
    "plan_fixes",
    "prove",
    "prove_settled",
    "rule_names",
    "selected",
    "with_repaired",
]
