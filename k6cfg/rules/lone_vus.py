"""``vus`` on its own drives no test as people expect."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Reading, Script
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.rules.execution import lone_vus
from k6cfg.schema import Schema
from k6cfg.schema.versions import LONE_VUS, SCENARIOS
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("lone-vus", REMARKS, "`vus` stands alone: it replaces every script's scenarios, or is ignored.")

DRIVERS: Final = ("iterations", "duration", "stages", "scenarios")


def check(reading: Reading, schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0 warns "`vus=N` overrides scenarios configuration"; from 0.27.0 to 2.0.0 it ignores it."""
    vus = lone_vus(reading) if schema.version >= LONE_VUS else reading.get("vus")
    if vus is None or vus.number <= 0 or schema.version < SCENARIOS:
        return
    if schema.version >= LONE_VUS:
        whose = "the scenarios of every script" if reading.get("scenarios") is None else "all scenarios, here too,"
        number, plural = vus.number, "" if vus.number == 1 else "s"
        yield remark(
            RULE,
            vus,
            f"`vus` stands here without `duration`, `iterations` or `stages`; it replaces {whose} by {number} "
            f"iteration{plural} with {number} virtual user{plural}",
            "remove it, or set beside it how long the test runs",
        )
    elif any(read.failed or read.valid for key in DRIVERS if (read := reading.root.fields.get(key)) is not None):
        return
    elif vus.number != 1:
        yield remark(
            RULE,
            vus,
            "`vus` stands here without `duration`, `iterations` or `stages`; k6 ignores it unless a script sets one",
            "set beside it how long the test runs",
        )
