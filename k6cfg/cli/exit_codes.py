"""Exit codes: a contract."""

from typing import Final

FINE: Final = 0
FINDINGS: Final = 1
"""Findings, or changes that are pending."""
USAGE: Final = 2
COULD_NOT: Final = 3
"""Missing, unreadable, locked, changed meanwhile, network."""
DECLINED: Final = 4
"""Declined, or needs ``--yes`` or another flag."""
NOT_DURABLE: Final = 5
"""Written, but not known to survive a power cut."""
BUG: Final = 70
INTERRUPTED: Final = 130
