"""Arguments after a name, ``name=value,key=value``, as k6 reads them for its logs and traces."""

from k6cfg.k6.grammars.quote import Reason


def strvals(text: str) -> list[tuple[str, str]] | Reason:
    """Return the keys and values of ``key=value,key=[a,b]``. Source: k6 2.2.0, internal/lib/strvals/parser.go.

    A value ends at a comma, or, after ``[``, at ``]``. An ``=`` at the very end does not count.
    """
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        sign, comma = text.find("=", at, len(text) - 1), text.find(",", at)
        if sign < 0 or 0 <= comma < sign:
            return "has an argument without a value"
        key, at = text[at:sign], sign + 1
        if text[at] != "[":
            end = text.find(",", at)
            end = end if end >= 0 else len(text)
            found.append((key, text[at:end]))
            at = end + 1
            continue
        end = text.find("]", at)
        if end < 0:
            return "has a list whose `]` is missing"
        if text[end + 1 : end + 2] not in {"", ","}:
            return "has no comma after a list"
        found.append((key, text[at + 1 : end]))
        at = end + 2
    return found
