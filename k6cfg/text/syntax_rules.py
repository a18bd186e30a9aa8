"""What keeps a text from being JSON, each kind of it a rule."""

from typing import Final

from k6cfg.text.diagnostics import LOADING, Diagnostic, Fix, Rule, Severity
from k6cfg.text.location import Span

SYNTAX: Final = "syntax"
MAX_DEPTH: Final = 10_000
"""k6 (Go's encoding/json) refuses a text with more nested objects and arrays than this, the outermost counted."""
MANY: Final = 1_000
"""So many faults of each sort, of tokens and of structure, are told of one text; whoever reads sees a few."""

ENCODING = Rule("encoding", SYNTAX, "The file is not UTF-8.")
BYTE_ORDER_MARK = Rule("byte-order-mark", SYNTAX, "The file starts with a byte order mark.")
INVALID_UTF_8 = Rule("invalid-utf-8", SYNTAX, "A byte is not valid UTF-8.")
EMPTY = Rule("empty-file", SYNTAX, "The file holds no value.")
ODD_SPACE = Rule("odd-space", SYNTAX, "White space that JSON does not know.")
COMMENT = Rule("comment", SYNTAX, "JSON has no comments.")
BAD_STRING = Rule("bad-string", SYNTAX, "A string holds an escape or a control character that JSON does not allow.")
OPEN_STRING = Rule("unclosed-string", SYNTAX, "A string does not end on its line.")
FOREIGN_QUOTES = Rule("wrong-quotes", SYNTAX, "A string is in other quotes than double ones.")
BARE_KEY = Rule("unquoted-key", SYNTAX, "A key has no quotes.")
BARE_VALUE = Rule("bare-value", SYNTAX, "A value is neither a string, a number, an object, an array nor a literal.")
MISSING_COLON = Rule("missing-colon", SYNTAX, "A key has no colon after it.")
EXTRA_COLON = Rule("extra-colon", SYNTAX, "A colon where none belongs.")
MISSING_COMMA = Rule("missing-comma", SYNTAX, "No comma between two members or items.")
EXTRA_COMMA = Rule("extra-comma", SYNTAX, "A comma where none belongs.")
MISSING_KEY = Rule("missing-key", SYNTAX, "A value in an object has no key.")
MISSING_VALUE = Rule("missing-value", SYNTAX, "A key has no value.")
UNCLOSED = Rule("unclosed-bracket", SYNTAX, "A bracket is never closed.")
STRAY_CLOSER = Rule("stray-bracket", SYNTAX, "A bracket closes what was not opened.")
TRAILING_TEXT = Rule("text-after-value", SYNTAX, "Text follows the end of the configuration.")
TOO_DEEP = Rule("too-deep", SYNTAX, "Objects and arrays are nested too deeply.")

RULES: Final = (
    ENCODING,
    BYTE_ORDER_MARK,
    INVALID_UTF_8,
    EMPTY,
    ODD_SPACE,
    COMMENT,
    BAD_STRING,
    OPEN_STRING,
    FOREIGN_QUOTES,
    BARE_KEY,
    BARE_VALUE,
    MISSING_COLON,
    EXTRA_COLON,
    MISSING_COMMA,
    EXTRA_COMMA,
    MISSING_KEY,
    MISSING_VALUE,
    UNCLOSED,
    STRAY_CLOSER,
    TRAILING_TEXT,
    TOO_DEEP,
)


def fault(rule: Rule, span: Span, message: str, help_: str | None = None, fix: Fix | None = None) -> Diagnostic:
    """A finding that keeps the text from being JSON, and so k6 from loading it."""
    return Diagnostic(
        rule=rule, severity=Severity.ERROR, message=message, help=help_, span=span, fix=fix, refuses=LOADING
    )
