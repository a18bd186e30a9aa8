"""Tokens to document. Whatever the text, there is a document; what is wrong with it is a diagnostic."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from k6cfg.text.diagnostics import Applicability, Diagnostic, Edit, Fix, Severity
from k6cfg.text.encoding import UTF_8, byte_of, undecodable
from k6cfg.text.gc_pause import uncollected
from k6cfg.text.go_error_offset import stop
from k6cfg.text.location import Span, pointer
from k6cfg.text.scanner import COMMENTS, Kind, Token, Tokens, scan
from k6cfg.text.strict_parser import END, VALUE, Tree, sound
from k6cfg.text.syntax_rules import (
    BAD_STRING,
    BARE_KEY,
    BARE_VALUE,
    BYTE_ORDER_MARK,
    COMMENT,
    EMPTY,
    ENCODING,
    EXTRA_COLON,
    EXTRA_COMMA,
    FOREIGN_QUOTES,
    INVALID_UTF_8,
    MANY,
    MAX_DEPTH,
    MISSING_COLON,
    MISSING_COMMA,
    MISSING_KEY,
    MISSING_VALUE,
    ODD_SPACE,
    OPEN_STRING,
    RULES,
    STRAY_CLOSER,
    SYNTAX,
    TOO_DEEP,
    TRAILING_TEXT,
    UNCLOSED,
    fault,
)
from k6cfg.text.tree import Array, Document, Member, Object, Value

__all__ = [
    "BAD_STRING",
    "BARE_KEY",
    "BARE_VALUE",
    "BYTE_ORDER_MARK",
    "COMMENT",
    "EMPTY",
    "ENCODING",
    "EXTRA_COLON",
    "EXTRA_COMMA",
    "FOREIGN_QUOTES",
    "INVALID_UTF_8",
    "MAX_DEPTH",
    "MISSING_COLON",
    "MISSING_COMMA",
    "MISSING_KEY",
    "MISSING_VALUE",
    "ODD_SPACE",
    "OPEN_STRING",
    "RULES",
    "STRAY_CLOSER",
    "SYNTAX",
    "TOO_DEEP",
    "TRAILING_TEXT",
    "UNCLOSED",
    "fault",
    "locate",
    "parse",
    "stop",
    "uncollected",
]


def parse(text: str, encoding: str = UTF_8) -> Document:
    """The document of a decoded text. Never raises, never recurses; linear in the text.

    Its diagnostics carry a fix only where the decoding is at fault: mending a broken text is for ``repair``.
    ``encoding`` is what the text was decoded from (see ``decoding``); other than UTF-8, it is a finding too.
    """
    with uncollected():
        return _parse(text, encoding)


def _parse(text: str, encoding: str) -> Document:
    tokens = scan(text)
    diagnostics = list(_encoding_faults(text, encoding))
    tree, walk = Tree(), enumerate(tokens.plain())
    stopped = sound(walk, tree, VALUE)
    faults: Sequence[Diagnostic] = ()
    if stopped.token is not None or stopped.wanted != END:
        from k6cfg.text.recovering_parser import tolerant  # only a broken text needs it

        faults = tolerant(text, tokens, walk, tree, stopped)
        diagnostics += islice(_lexical_faults(text, tokens), MANY)
    if not text.isascii():
        diagnostics += _undecodable_bytes(text, tokens)
    diagnostics += faults
    diagnostics.sort(key=lambda found: found.span)
    return Document(
        text=text,
        encoding=encoding,
        tokens=tokens,
        root=tree.top[0] if tree.top else None,
        rest=tuple(tree.top[1:]),
        diagnostics=tuple(diagnostics),
    )


def _encoding_faults(text: str, encoding: str) -> Iterator[Diagnostic]:
    if encoding != UTF_8:
        # The mark, if there is one, goes with the encoding: one fault, one finding.
        edits = (Edit(0, 1, ""),) if text.startswith("\ufeff") else ()
        yield fault(
            ENCODING,
            Span(0, min(1, len(text))),
            f"the file is {encoding[:6].upper()}; k6 reads UTF-8 alone and refuses its first byte",
            "write it as UTF-8; every character stays",
            Fix(Applicability.SAFE, edits, reencode=True),
        )
    elif text.startswith("\ufeff"):
        yield fault(
            BYTE_ORDER_MARK,
            Span(0, 1),
            "the file starts with a byte order mark, an invisible character that some editors add; k6 refuses it",
            "save the file as UTF-8 without a byte order mark",
            Fix(Applicability.SAFE, (Edit(0, 1, ""),)),
        )


_FAULTY: Final = COMMENTS | {Kind.ODD_SPACE, Kind.LOOSE_STRING, Kind.OPEN_STRING, Kind.FOREIGN_STRING}


def _lexical_faults(text: str, tokens: Tokens) -> Iterator[Diagnostic]:
    for _, token in tokens.of(_FAULTY):
        kind, span = token.kind, Span(token.start, token.end)
        if kind in COMMENTS:
            yield fault(COMMENT, span, "JSON has no comments; k6 stops reading here", "remove the comment")
        elif kind is Kind.ODD_SPACE:
            name = f"U+{ord(text[token.start]):04X}"
            yield fault(ODD_SPACE, span, f"{name} is no white space to JSON; k6 refuses it", "put a plain space here")
        elif kind is Kind.LOOSE_STRING:
            yield fault(
                BAD_STRING,
                span,
                "this string holds an escape or a control character that JSON does not allow",
                r"write a backslash as \\, a tab as \t and a line break as \n",
            )
        elif kind is Kind.OPEN_STRING:
            yield fault(OPEN_STRING, span, "this string has no closing quote on its line", 'close it with "')
        elif kind is Kind.FOREIGN_STRING:
            yield fault(FOREIGN_QUOTES, span, "JSON strings are in plain double quotes", 'write " on both sides')


def _undecodable_bytes(text: str, tokens: Sequence[Token]) -> Iterator[Diagnostic]:
    for token in tokens:
        piece = text[token.start : token.end]
        if token.kind in COMMENTS or piece.isascii() or not any(map(undecodable, piece)):
            continue
        edits = tuple(
            Edit(offset, offset + 1, bytes([byte_of(text[offset])]).decode("cp1252", "replace"))
            for offset in range(token.start, token.end)
            if undecodable(text[offset])
        )
        found = Diagnostic(
            rule=INVALID_UTF_8,
            severity=Severity.WARNING,
            message="this text holds bytes that are not valid UTF-8; k6 reads each as the replacement character U+FFFD",
            help="save the file as UTF-8; if it was written as Windows-1252 or Latin-1, the fix says what was meant",
            span=Span(edits[0].start, edits[-1].end),
            fix=Fix(Applicability.UNSAFE, edits),
        )
        if token.kind is Kind.STRING:
            yield found
        else:
            yield fault(INVALID_UTF_8, found.span, "bytes that are not valid UTF-8 stand outside a string", found.help)


_LEVELS: Final = 200
"""No configuration is deeper; in rubble that looks so each finding would else have a pointer as long as the text."""


def locate(document: Document, offset: int) -> str:
    """The pointer of the innermost member or item that covers an offset, or ends at it; ``_LEVELS`` deep at most."""
    found: list[str | int] = []
    node: Value | None = document.root
    while node is not None and len(found) < _LEVELS:
        if isinstance(node, Object):
            at = _covering(node.members, offset)
            if at is None:
                break
            inner = node.members[at]
            found.append(document.key(inner))
            node = inner.value
            if node is None or not node.start <= offset <= node.end:
                break
        elif isinstance(node, Array):
            at = _covering(node.items, offset)
            if at is None:
                break
            found.append(at)
            node = node.items[at]
        else:
            break
    return pointer(found)


def _covering(nodes: Sequence[Member] | Sequence[Value], offset: int) -> int | None:
    """The index of the first of neighbours, in the order of the text, that covers an offset or ends at it."""
    at = bisect_right(nodes, offset, key=lambda node: node.start) - 1
    while at > 0 and nodes[at - 1].end >= offset:
        at -= 1
    return at if at >= 0 and nodes[at].end >= offset else None
