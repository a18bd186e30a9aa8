"""The order of work: check a file, plan a change, prove it. Nothing here reads or writes a file."""

from k6cfg.engine.after_repair import with_repaired
from k6cfg.engine.checker import Checked, check, check_other_format, check_values, knowing
from k6cfg.engine.fixes import Plan, Step, apart, change, plan_fixes, prove_settled
from k6cfg.engine.selection import Selection, all_rules, rule_names, selected
from k6cfg.engine.size_limits import LARGE, TOO_LARGE
from k6cfg.engine.verification import ProofError, differing, prove

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
