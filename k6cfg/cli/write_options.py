"""How a change is made."""

from typing import NamedTuple


class Manner(NamedTuple):
    """How a change is made: only shown, without a question, or asked for.

    ``told``: what is done is exactly what the person typed, so it needs no question where nobody can be asked.
    ``in_place`` allows to overwrite a file that cannot be replaced. ``report_on_stdout``: a program reads the findings
    there, so the diff is talk.
    """

    diff_only: bool
    yes: bool
    told: bool = False
    may_ask: bool = True
    in_place: bool = False
    report_on_stdout: bool = False
