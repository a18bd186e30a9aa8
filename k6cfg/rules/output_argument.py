"""What stands after the name of an output in ``out`` is an argument that the output reads."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script, name_of, separated
from k6cfg.k6.outputs import argument_faults
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("output-argument", REMARKS, "The argument of an output is ignored, or stops every test.")


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 loads the file; the argument is read when the output starts (``k6cfg.k6.outputs`` has the sources)."""
    outputs = reading.get("out")
    collectors = reading.get("collectors")
    for entry in outputs.entries if outputs is not None else ():
        name, equals, argument = entry.string.partition("=")
        if entry.failed or not equals or name not in entry.known.known or separated(entry) is not None:
            continue
        block = collectors.fields.get(name) if collectors is not None else None
        settings = {key: each.string for key, each in block.fields.items() if each.string} if block is not None else {}
        for fault in argument_faults(name, argument, schema, settings):
            yield remark(RULE, entry, f"{name_of(entry)} {fault.message}", fault.help)
