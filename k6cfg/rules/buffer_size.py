"""``metricSamplesBufferSize`` is a size."""

from collections.abc import Iterator

from k6cfg.k6.decode import Reading, Script
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("buffer-size", REMARKS, "The buffer for measurements has a negative size.")


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """k6 2.2.0 loads the file and crashes when the test starts: "makechan: size out of range"."""
    size = reading.get("metricSamplesBufferSize")
    if size is not None and size.number < 0:
        message = "`metricSamplesBufferSize` is negative; k6 loads the file and crashes when the test starts"
        yield remark(RULE, size, message, "remove it for 1000")
