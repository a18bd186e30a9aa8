"""The order of work: check, fix, verify, edit, migrate, diff, explain. Nothing here reads or writes a file.

Names are imported when they are first used: the fast path needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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

_MODULES: Final = {
    "after_repair": ("with_repaired",),
    "checker": ("Checked", "check", "check_other_format", "check_values", "knowing"),
    "fixes": ("Plan", "Step", "apart", "change", "plan_fixes", "prove_settled"),
    "selection": ("Selection", "all_rules", "rule_names", "selected"),
    "size_limits": ("LARGE", "TOO_LARGE"),
    "verification": ("ProofError", "differing", "prove"),
}
_HOME: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"k6cfg.engine.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
