"""Stages and scenarios that drive nothing."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script, name_of
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.rules.execution import lone_vus, unread_drivers
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("empty-execution", REMARKS, "Stages or scenarios are there and drive nothing.")


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0 drops stages without a duration, and warns of empty stages and scenarios."""
    stages = reading.get("stages")
    for stage in stages.entries if stages is not None else ():
        duration = stage.fields.get("duration")
        if not stage.failed and (duration is None or not (duration.valid or duration.failed)):
            message = f"{name_of(stage)} has no `duration`; k6 leaves it out without a word"
            help_ = 'add one, such as "30s"'
            if duration is None:
                yield remark(RULE, stage, message, help_, lacks=("duration",))
            else:
                yield remark(RULE, duration, message, help_)
    if lone_vus(reading) is not None or unread_drivers(reading):
        return
    for read in (stages, reading.get("scenarios")):
        if read is not None and not read.value:
            message = f"{name_of(read)} is empty; k6 runs the script once, with one virtual user"
            yield remark(RULE, read, message, "remove it, or fill it")
