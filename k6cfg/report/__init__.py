"""What people and programs get to read of findings: one model, several printers."""

from typing import Final

FORMAT_VERSION: Final = 1
"""Of all JSON that is printed for programs; it changes when a field changes its name or its meaning."""
