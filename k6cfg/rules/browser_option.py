"""``options.browser`` of a scenario has the type of the browser, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script, name_of
from k6cfg.k6.grammars import nearest, quoted
from k6cfg.k6.member_lookup import fold
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.rules.unknown_key import meant_among_others
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.location import pointer
from k6cfg.text.tree import Member, Object

RULE = Rule(
    "browser-option", REMARKS, "An option of the browser that k6 does not read, or a type that it does not have."
)

_TYPE: Final = "type"
_OTHERS: Final = "remove it; variables whose names begin with K6_BROWSER_ configure the browser"


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """The browser module reads ``type`` alone, and starts no browser for a scenario without it.

    Source: browser/registry.go ``isBrowserIter`` and common/browser_options.go ``Parse``, from k6 0.46.0 to 2.2.0.
    """
    scenarios = reading.get("scenarios")
    for scenario in scenarios.fields.values() if scenarios is not None else ():
        options = scenario.get("options")
        browser = options.get("browser") if options is not None else None
        if browser is not None and _TYPE in browser.known.properties and isinstance(browser.text, Object):
            yield from _browser(reading, browser, browser.text)


def _browser(reading: Reading, browser: Read, text: Object) -> Iterator[Diagnostic]:
    advice = {fold(key): help_ for key, help_ in browser.known.advice.items()}
    chosen = browser.fields.get(_TYPE)
    misspelt = False
    notes = browser.known.note_pattern or "$^"
    # Of keys that stand there twice one finding is enough.
    keys = {reading.document.key(member): member for member in text.members if member.key is not None}
    for key, member in keys.items():
        if key == _TYPE or re.search(notes, key):
            continue
        if meant_among_others(browser.known, key) is not None:
            misspelt = True  # said already, as of an unknown key
        elif chosen is None and fold(key) not in advice and nearest(fold(key), (_TYPE,)) is not None:
            misspelt = True
            yield _ignored(browser, key, member, f"did you mean `{_TYPE}`? Without it k6 starts no browser")
        else:
            yield _ignored(browser, key, member, advice.get(fold(key), _OTHERS))
    if chosen is None:
        message = f"{name_of(browser)} has no `{_TYPE}`, and k6 starts no browser for this scenario"
        yield from () if misspelt else (remark(RULE, browser, message, _help(browser)),)
    elif chosen.string not in chosen.known.enum:
        message = f"`{_TYPE}` is not {_choices(browser)}; k6 aborts the test of a script that uses the browser"
        yield remark(RULE, chosen, message, _help(browser))


def _ignored(browser: Read, key: str, member: Member, help_: str) -> Diagnostic:
    found = remark(
        RULE, browser, f"k6 ignores {quoted(key)} in {name_of(browser)}; it reads only `{_TYPE}` there", help_
    )
    span = member.key.span if member.key is not None else member.span
    return replace(found, span=span, pointer=f"{browser.pointer}{pointer([key])}")


def _choices(browser: Read) -> str:
    return " or ".join(quoted(choice) for choice in browser.known.properties[_TYPE].enum)


def _help(browser: Read) -> str:
    return f'write "{_TYPE}": {_choices(browser)}'
