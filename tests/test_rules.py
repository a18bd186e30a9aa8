"""Rules, each with a folder of cases: it fires, it stays silent, and the nasty one.

A case is `input.json` with `diagnostics.txt`, what is found in it; `case.toml` names another k6 version or what the
script has; `expected.json` is the text after all fixes, and without it no fix may change anything.
"""

import json
import sys
from pathlib import Path

import pytest

from k6cfg import rules
from k6cfg.k6.decode import Script
from k6cfg.rules.judge import judge
from k6cfg.schema import load
from k6cfg.schema.versions import NEWEST, Version
from k6cfg.text.diagnostics import Applicability, Diagnostic, apply_edits
from k6cfg.text.parser import parse
from k6cfg.text.tree import Document

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent.parent / "fixtures" / "rules"
CASES = sorted(path.parent for path in FOLDER.glob("*/*/input.json"))
NAMES = [rule.name for rule in rules.RULES]


def checked(folder: Path) -> tuple[Document, tuple[Diagnostic, ...]]:
    settings = folder / "case.toml"
    asked = tomllib.loads(settings.read_text("utf-8")) if settings.exists() else {}
    schema = load(Version.parse(asked.get("k6", str(NEWEST))))
    exports = frozenset(asked["exports"]) if "exports" in asked else None
    document = parse((folder / "input.json").read_text("utf-8"))
    assert not document.diagnostics
    reading, judged = judge(document, schema)
    found = [*judged, *rules.check(reading, schema, Script(exports, asked.get("metrics")))]
    return document, tuple(sorted(found, key=lambda one: (one.span, one.rule.name)))


def shown(document: Document, found: tuple[Diagnostic, ...]) -> str:
    lines = []
    for one in found:
        line, column = document.lines.position(one.span.start)
        refuses = "".join(f" no-{use}" for use in sorted(one.refuses))
        lines += [f"{one.severity.value} {one.rule.name} {line}:{column} {one.pointer}{refuses}", f"  {one.message}"]
        lines += [f"  = {one.help}"] if one.help else []
        if one.fix is not None:
            edits = ", ".join(json.dumps(edit.text, ensure_ascii=False) for edit in one.fix.edits)
            lines.append(f"  + {one.fix.applicability.value} {edits}")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("folder", CASES, ids=[f"{path.parent.name}/{path.name}" for path in CASES])
def test_case(folder: Path) -> None:
    document, found = checked(folder)
    assert shown(document, found) == (folder / "diagnostics.txt").read_text("utf-8")
    fixes = [one.fix for one in found if one.fix is not None and one.fix.applicability is not Applicability.MANUAL]
    fixed = apply_edits(document.text, [edit for fix in fixes for edit in fix.edits])
    expected = folder / "expected.json"
    assert fixed == (expected.read_text("utf-8") if expected.exists() else document.text)
    if fixes:
        assert json.loads(fixed) != json.loads(document.text)


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_fires_stays_silent_and_meets_the_nasty_one(name: str) -> None:
    assert {path.name for path in (FOLDER / name).iterdir()} >= {"fires", "stays-silent", "nasty"}
    assert name in {one.rule.name for one in checked(FOLDER / name / "fires")[1]}
    assert checked(FOLDER / name / "stays-silent")[1] == ()


def test_every_folder_belongs_to_a_rule() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(NAMES)
