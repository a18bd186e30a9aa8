"""Two settings of an output do not exclude each other."""

from collections.abc import Iterator
from typing import Final

from k6cfg.k6.decode import Read, Reading, Script, name_of
from k6cfg.rules.builders import REMARKS, remark
from k6cfg.schema import Schema
from k6cfg.text.diagnostics import Diagnostic, Rule

RULE = Rule("output-settings", REMARKS, "A setting of an output has no effect beside another one.")

_PROMETHEUS: Final = "experimental-prometheus-rw"
_NATIVE: Final = "native-histograms"


def check(reading: Reading, _schema: Schema, _script: Script) -> Iterator[Diagnostic]:
    """Sources: the output's remote/client.go, which sets basic auth before it replaces all headers, and its trend.go.

    Both are the same from k6 0.42.0 to 2.2.0.
    """
    collectors = reading.get("collectors")
    block = collectors.get(_PROMETHEUS) if collectors is not None else None
    if block is None:
        return
    yield from _authentication(block)
    statistics = block.get("trendStats")
    if statistics is not None and statistics.entries and _has_native_histograms(reading, block):
        message = "`trendStats` has no effect: trends are sent as native histograms"
        yield remark(RULE, block.get("trendAsNativeHistogram") or statistics, message, "remove one of the two")


def _authentication(block: Read) -> Iterator[Diagnostic]:
    user, headers, token = block.get("username"), block.get("headers"), block.get("bearerToken")
    other = headers if headers is not None and headers.fields else token if token is not None and token.string else None
    if user is None or other is None:
        return
    yield remark(
        RULE,
        user,
        f"{name_of(user)} has no effect beside `{other.known.name}`: k6 replaces all headers of a request, and the "
        "user name and password are not sent",
        "write the header `Authorization` into `headers`, and remove `username` and `password`",
    )


def _has_native_histograms(reading: Reading, block: Read) -> bool:
    switch, features = block.get("trendAsNativeHistogram"), reading.get("features")
    named = (
        name.strip() for each in (features.entries if features is not None else ()) for name in each.string.split(",")
    )
    return (switch is not None and switch.value is True) or _NATIVE in named
