"""JUnit's XML, which most CI servers show: a suite for each file, a case for each finding."""

from typing import Final
from xml.etree import ElementTree as ET

from k6cfg.report.artifact_uri import named
from k6cfg.report.model import FileReport, Verdict
from k6cfg.report.terminal_style import one_line
from k6cfg.text.diagnostics import Diagnostic

_FINE: Final = "k6 takes it"
_NO_FILE: Final = "k6cfg"


def render(verdict: Verdict) -> str:
    """The XML, in ASCII. What counts for the exit code is a failure; any other finding is a case that passes."""
    root = ET.Element("testsuites", name="k6cfg")
    for file in verdict.files:
        _suite(root, verdict, file)
    for element in (root, *root):
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            element.set(count, str(sum(1 for _ in element.iter(tag))))
    ET.indent(root)
    text: str = ET.tostring(root, "unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode("ascii", "xmlcharrefreplace").decode() + "\n"


def _suite(root: ET.Element, verdict: Verdict, file: FileReport) -> None:
    name = named(file.path, verdict.folders).shown if file.path else _NO_FILE
    suite = ET.SubElement(root, "testsuite", name=name)
    if file.problem is not None:
        case = ET.SubElement(suite, "testcase", classname=name, name="it can be read")
        error = ET.SubElement(case, "error", message=one_line(file.problem.message), type="could-not-read")
        error.text = _lines(file.problem.help or "")
    elif not file.found:
        ET.SubElement(suite, "testcase", classname=name, name=_FINE)
    for found in file.found:
        _case(suite, name, file, found, fails=verdict.fails(found))


def _case(suite: ET.Element, name: str, file: FileReport, found: Diagnostic, *, fails: bool) -> None:
    place = file.position(found.span.start)
    case = ET.SubElement(suite, "testcase", classname=name, name=f"{found.rule.name} {place.line}:{place.column}")
    if fails:
        told = ET.SubElement(case, "failure", message=one_line(found.message), type=found.rule.name)
    else:
        told = ET.SubElement(case, "system-out")
    words = f"{name}:{place.line}:{place.column}: {found.severity.value}: {found.message}"
    told.text = _lines(words if found.help is None else f"{words}\nhelp: {found.help}")


def _lines(words: str) -> str:
    return "\n".join(map(one_line, words.split("\n")))
