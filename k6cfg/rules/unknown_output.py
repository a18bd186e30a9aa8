"""``out`` names outputs that k6 has."""

from collections.abc import Iterator

from k6cfg.k6.decode import Read, Reading, Script, name_of, separated
from k6cfg.k6.grammars import quoted
from k6cfg.k6.outputs import extension_of, settings_of, similar_output
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("unknown-output", REMARKS, "An output that this k6 does not have.")


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0 refuses to start the test with "invalid output type", unless an extension brings it."""
    outputs = reading.get("out")
    for entry in outputs.entries if outputs is not None else ():
        name = entry.string.partition("=")[0]
        if entry.failed or name in entry.known.known or separated(entry) is not None:
            continue
        removed = entry.known.enum_removed.get(name)
        since = entry.known.enum_since.get(name)
        if removed is not None and removed <= schema.version:
            yield remark(
                RULE,
                entry,
                f"{name_of(entry)} is the output {quoted(name)}, which k6 has not had since {removed}; k6 loads the "
                "file, but does not start a test",
                _instead(name, schema),
            )
        elif since is not None and schema.version < since:
            yield remark(RULE, entry, f"{name_of(entry)} is the output {quoted(name)}, which came with k6 {since}")
        else:
            yield _unknown(entry, name, schema)


def _instead(name: str, schema: Schema) -> str:
    node, extension = settings_of(name, schema), extension_of(name, schema)
    if extension is not None:
        return f"remove it, or use a k6 with {extension}"
    if node is not None and node.instead is not None:
        return f"use {node.instead}"
    return "remove it, or use a k6 with an extension that brings it"


def _unknown(entry: Read, name: str, schema: Schema) -> Diagnostic:
    message = (
        f"{name_of(entry)} is the output {quoted(name)}, which k6 itself does not have; without an extension that "
        "brings it no test starts"
    )
    extension, near = extension_of(name, schema), similar_output(name, schema)
    if extension is not None:
        return remark(RULE, entry, message, f"use a k6 with {extension}")
    return remark(RULE, entry, message, f"did you mean `{near}`?" if near is not None else None)
