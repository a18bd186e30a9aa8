"""Which findings count, by the names of their rules and groups."""

from typing import NamedTuple

from k6cfg.engine.checker import Checked, told
from k6cfg.engine.size_limits import TOO_LARGE
from k6cfg.k6.secrets import Mask
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.parser import RULES as SYNTAX_RULES


class Selection(NamedTuple):
    """Which findings count. ``select`` and ``ignore`` hold names of rules and groups; no ``select`` is all."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def holds(self, found: Diagnostic) -> bool:
        """Whether a finding is selected and not ignored."""
        return self._holds(found.rule) or (found.also is not None and self._holds(found.also))

    def _holds(self, rule: Rule) -> bool:
        names = {rule.name, rule.group}
        return (not self.select or not names.isdisjoint(self.select)) and names.isdisjoint(self.ignore)

    @property
    def wants_secrets(self) -> bool:
        """Whether secrets are to be found."""
        if not self.select:
            return False
        from k6cfg.rules.hardcoded_secret import RULE

        return not self.select.isdisjoint({RULE.name, RULE.group})


def selected(checked: Checked, selection: Selection) -> tuple[Diagnostic, ...]:
    """The findings that count, in the order of the text; secrets are among them where they were asked for."""
    found = checked.diagnostics
    if selection.wants_secrets:
        from k6cfg.rules.hardcoded_secret import find as find_secrets

        hidden = checked.secrets
        mask = Mask(checked.document.text, hidden)
        secret = [told(mask, one) for one in find_secrets(checked.document, checked.schema, hidden)]
        # What was not looked at may hold some.
        unseen = [one for one in found if one.rule is TOO_LARGE]
        rest = [one for one in found if selection.holds(one) and one.rule is not TOO_LARGE]
        return tuple(
            sorted((*unseen, *rest, *(one for one in secret if selection.holds(one))), key=lambda one: one.span)
        )
    return tuple(one for one in found if selection.holds(one))


def rule_names() -> frozenset[str]:
    """The names of all rules and groups, as ``--select`` takes them."""
    return frozenset(name for rule in all_rules() for name in (rule.name, rule.group))


def all_rules() -> tuple[Rule, ...]:
    """Every rule there is, by group."""
    from k6cfg.repairer import RULES as REPAIR_RULES
    from k6cfg.rules import RULES as VALUE_RULES
    from k6cfg.rules.hardcoded_secret import RULE as SECRETS
    from k6cfg.rules.judge import JUDGE_RULES

    return tuple(dict.fromkeys((*SYNTAX_RULES, TOO_LARGE, *REPAIR_RULES, *JUDGE_RULES, *VALUE_RULES, SECRETS)))
