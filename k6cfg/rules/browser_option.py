"""``options.browser`` of a scenario has the type of the browser, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from k6cfg.diagnostics import Diagnostic, Rule
from k6cfg.formats import quoted
from k6cfg.location import pointer
from k6cfg.reading import Read, Reading, Script
from k6cfg.rules.finding import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.tree import Member, Object

RULE = Rule("browser-option", REMARKS, "An option of the browser that k6 does not read, or its type is missing.")

_TYPE: Final = "type"


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """The browser module looks for ``type`` alone and starts no browser without it.

    Source: k6 0.46.0 to 2.2.0, browser/registry.go ``isBrowserIter``; ``options.browser`` came with 0.45.0.
    """
    scenarios = reading.get("scenarios")
    for scenario in scenarios.fields.values() if scenarios is not None else ():
        options = scenario.get("options")
        browser = options.get("browser") if options is not None else None
        if browser is None:
            continue
        if not isinstance(browser.text, Object):
            continue
        found = {reading.document.key(each): each for each in browser.text.members if each.key is not None}
        for key, member in found.items():
            if key != _TYPE:
                yield _ignored(browser, key, member)
        if _TYPE not in found:
            message = "`browser` has no `type`, and k6 starts no browser for this scenario"
            yield remark(RULE, browser, message, 'add "type": "chromium"')


def _ignored(browser: Read, key: str, member: Member) -> Diagnostic:
    help_ = browser.known.advice.get(key, "remove it; variables that begin with K6_BROWSER_ set up the browser")
    found = remark(RULE, browser, f"k6 ignores {quoted(key)} in `browser`: it reads `type` only", help_)
    span = member.key.span if member.key is not None else member.span
    return replace(found, span=span, pointer=f"{browser.pointer}{pointer([key])}")
