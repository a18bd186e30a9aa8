"""The token is a token, and not what stands for one."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.cloud.token import stand_in
from k6cfg.k6.decode import Reading, Script, name_of
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("placeholder-token", REMARKS, "A placeholder or a reference stands where the token belongs.")

ROUTES: Final = (("collectors", "cloud", "token"), ("cloud", "token"), ("ext", "loadimpact", "token"))
"""Where k6 of some version reads the token."""


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 loads the file and sends whatever is in it: it replaces nothing (run with 2.2.0)."""
    for route in ROUTES:
        token = reading.at(route)
        what = stand_in(token.string) if token is not None else None
        if token is not None and what is not None:
            message = f"{name_of(token)} is {what}, not a token; k6 accepts the file, and its cloud commands fail"
            yield remark(RULE, token, message, "store a token of yours with k6cfg set-token, or remove it")
