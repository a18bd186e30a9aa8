"""Tokens of any text to a tree and to what keeps the text from being JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from k6cfg.text.diagnostics import Diagnostic, Rule
from k6cfg.text.location import Span
from k6cfg.text.scanner import STRINGS, TRIVIA, Kind, Plain, Token, Tokens
from k6cfg.text.strict_parser import COMMA, END, FIRST_ITEM, FIRST_KEY, KEY, VALUE, Stop, Tree, sound
from k6cfg.text.syntax_rules import (
    BARE_KEY,
    BARE_VALUE,
    EMPTY,
    EXTRA_COLON,
    EXTRA_COMMA,
    MANY,
    MAX_DEPTH,
    MISSING_COLON,
    MISSING_COMMA,
    MISSING_KEY,
    MISSING_VALUE,
    STRAY_CLOSER,
    TOO_DEEP,
    TRAILING_TEXT,
    UNCLOSED,
    fault,
)
from k6cfg.text.tree import Array, Bogus, Member, Object, Scalar, Value

_OPENERS: Final = {Kind.OPEN_BRACE, Kind.OPEN_BRACKET}
_LANDMARKS: Final = _OPENERS | {Kind.CLOSE_BRACE, Kind.CLOSE_BRACKET, Kind.COMMA}
_SCALARS: Final = STRINGS | {Kind.NUMBER, Kind.TRUE, Kind.FALSE, Kind.NULL, Kind.WORD}


def tolerant(text: str, tokens: Tokens, rest: Iterator[tuple[int, Plain]], tree: Tree, stop: Stop) -> list[Diagnostic]:
    """Take what is left of the tokens into a tree that ``sound`` began, from the one on at which it stopped.

    What is wrong with how they are put together comes back; the values of the text are the tree's ``top``.
    """
    parser = _Parser(text, tokens, tree.top, tree.stack, comma=stop.comma)
    parser.run(rest, tree, stop)
    return parser.diagnostics


@dataclass(slots=True)
class _Parser:
    """One pass over the tokens with an explicit stack. What it expects next follows from the innermost container."""

    text: str
    tokens: Tokens
    top: list[Value]
    stack: list[Object | Array]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    comma: int | None = None
    """The comma after the last member or item, while nothing follows it yet."""

    def run(self, rest: Iterator[tuple[int, Plain]], tree: Tree, stop: Stop) -> None:
        take, trivia, landmarks = self.take, TRIVIA, _LANDMARKS
        index, token = stop.at, stop.token
        while token is not None:
            kind = token[0]
            if kind not in trivia:
                take(index, Token._make(token))
            wanted = self.wanted() if kind in landmarks else END
            if wanted != END:  # what follows is likely to be sound
                index, token, _, self.comma = sound(rest, tree, wanted, self.comma)
            else:
                index, token = next(rest, (index, None))
        self.finish()

    def wanted(self) -> int:
        """What JSON wants after a comma or a bracket, or the end where there is no saying."""
        if not self.stack:
            return END
        node = self.stack[-1]
        if isinstance(node, Object):
            if self.comma is not None:
                return KEY
            if not node.members:
                return FIRST_KEY
            return COMMA if node.members[-1].value is not None else END
        if self.comma is not None:
            return VALUE
        return COMMA if node.items else FIRST_ITEM

    # -- one token ----------------------------------------------------------------------------------------------

    def take(self, index: int, token: Token) -> None:
        kind = token.kind
        if not self.stack:
            self.take_at_top(index, token)
        elif kind is Kind.CLOSE_BRACE or kind is Kind.CLOSE_BRACKET:
            self.close(index, token)
        elif isinstance(self.stack[-1], Object):
            self.take_in_object(index, token, self.stack[-1])
        else:
            self.take_in_array(index, token, self.stack[-1])

    def take_at_top(self, index: int, token: Token) -> None:
        if len(self.top) == 1:
            self.report(
                TRAILING_TEXT,
                token,
                "text follows the end of the configuration; k6 reads one value and refuses the rest",
                "remove it, or move it inside the outer braces",
            )
        if token.kind in _OPENERS:
            self.top.append(self.open(index, token))
        elif token.kind in _SCALARS:
            self.top.append(self.scalar(index, token))
        else:
            if not self.top:
                self.report(STRAY_CLOSER, token, "the configuration has to start with {", None)
            self.top.append(Bogus(index, token))

    def take_in_object(self, index: int, token: Token, parent: Object) -> None:
        member = parent.members[-1] if parent.members and self.comma is None else None
        waiting = member is not None and member.value is None
        kind = token.kind
        if kind is Kind.COMMA:
            if waiting and member is not None:
                self.report_missing_value(member)
            self.take_comma(index, token, bool(parent.members))
        elif kind is Kind.COLON:
            if waiting and member is not None and member.colon is None:
                member.colon = index
                member.stretch(index, token)
            else:
                self.report(EXTRA_COLON, token, "a colon stands where none belongs", "remove it")
        elif waiting and member is not None:
            self.take_value(index, token, member)
        else:
            if member is not None:
                self.report_missing_comma(member)
            self.comma = None
            self.take_key(index, token, parent)

    def take_key(self, index: int, token: Token, parent: Object) -> None:
        if token.kind in _OPENERS:
            self.report(MISSING_KEY, token, "inside an object every value needs a key before it", None)
            member = Member(index, token, None)
            parent.members.append(member)
            member.value = self.open(index, token)
            return
        if token.kind not in STRINGS:
            self.report(BARE_KEY, token, "a key has to be in double quotes", 'put " on both sides of it')
        parent.members.append(Member(index, token, Scalar(index, token)))

    def take_value(self, index: int, token: Token, member: Member) -> None:
        if member.colon is None:
            name = self.key_name(member)
            sign = self.text[token.start : token.end]
            if sign in {"=", "=>", ";"}:
                self.report(MISSING_COLON, token, f"{name} has {sign} after it in place of a colon", "put : here")
                member.colon = index
                return
            self.note(
                MISSING_COLON,
                Span(member.end, member.end),
                f"{name} has no colon after it; k6 stops reading here",
                "put : between the key and its value",
            )
        if token.kind in _OPENERS:
            member.value = self.open(index, token)
        else:
            member.value = self.scalar(index, token)
            member.stretch(index, token)

    def take_in_array(self, index: int, token: Token, parent: Array) -> None:
        kind = token.kind
        if kind is Kind.COMMA:
            self.take_comma(index, token, bool(parent.items))
            return
        if kind is Kind.COLON:
            self.report(EXTRA_COLON, token, "a colon stands in an array, where there are no keys", None)
            return
        if parent.items and self.comma is None:
            self.report_missing_comma(parent.items[-1])
        self.comma = None
        parent.items.append(self.open(index, token) if kind in _OPENERS else self.scalar(index, token))

    def take_comma(self, index: int, token: Token, after_something: bool) -> None:  # noqa: FBT001
        if self.comma is not None or not after_something:
            self.report(EXTRA_COMMA, token, "a comma stands where a value was expected", "remove it")
        self.comma = index

    # -- opening and closing ---------------------------------------------------------------------------------------

    def open(self, index: int, token: Token) -> Object | Array:
        node = Object(index, token) if token.kind is Kind.OPEN_BRACE else Array(index, token)
        self.stack.append(node)
        self.comma = None
        if len(self.stack) == MAX_DEPTH + 1:
            self.report(TOO_DEEP, token, f"k6 refuses more than {MAX_DEPTH:,} nested objects and arrays", None)
        return node

    def close(self, index: int, token: Token) -> None:
        wanted = Object if token.kind is Kind.CLOSE_BRACE else Array
        if not isinstance(self.stack[-1], wanted):
            # Only the innermost two are looked at, so that a text of wrong brackets costs no more than a right one.
            if len(self.stack) > 1 and isinstance(self.stack[-2], wanted):
                self.report_unclosed(token.start)
                self.leave(index - 1, self.tokens[index - 1])
            else:
                self.report(STRAY_CLOSER, token, f"{self.text[token.start]} closes what was not opened", "remove it")
                return
        node = self.stack[-1]
        if isinstance(node, Object) and node.members and self.comma is None and node.members[-1].value is None:
            self.report_missing_value(node.members[-1])
        if self.comma is not None and (node.members if isinstance(node, Object) else node.items):
            comma = self.tokens[self.comma]
            self.report(EXTRA_COMMA, comma, "a comma follows the last entry; k6 expects one more after it", "remove it")
        node.closed = True
        self.leave(index, token)

    def leave(self, index: int, token: Token) -> None:
        """Leave the innermost container; whatever encloses it ends with it for now."""
        node = self.stack.pop()
        node.stretch(index, token)
        self.comma = None
        if self.stack and isinstance(self.stack[-1], Object):
            self.stack[-1].members[-1].stretch(index, token)

    def finish(self) -> None:
        last = next((at for at in range(len(self.tokens) - 1, 0, -1) if self.tokens[at].kind not in TRIVIA), 0)
        if not self.top:
            self.note(
                EMPTY,
                Span(0, 0),
                "the file is empty; k6 refuses every run with it",
                "write {} into it, or delete it: without a file k6 runs with its defaults",
            )
        elif self.stack:
            innermost = self.stack[-1]
            if isinstance(innermost, Object) and innermost.members and self.comma is None:
                member = innermost.members[-1]
                if member.value is None:
                    self.report_missing_value(member)
            if self.comma is not None:
                self.report(EXTRA_COMMA, self.tokens[self.comma], "a comma ends the file", "remove it")
            self.report_unclosed(self.tokens[last].end)
        while self.stack:
            self.leave(last, self.tokens[last])

    # -- small things -------------------------------------------------------------------------------------------------

    def scalar(self, index: int, token: Token) -> Scalar:
        if token.kind is Kind.WORD:
            self.report(
                BARE_VALUE,
                token,
                "this is no JSON value: neither a string in double quotes, a number, an object, an array, "
                "true, false nor null",
                "if it is meant as text, put it in double quotes",
            )
        return Scalar(index, token)

    def report(self, rule: Rule, token: Token, message: str, help_: str | None) -> None:
        self.note(rule, Span(token.start, token.end), message, help_)

    def note(self, rule: Rule, span: Span, message: str, help_: str | None) -> None:
        """Keep a fault; of a text that is hardly anything else, the first are enough, and that it is too deep."""
        if len(self.diagnostics) < MANY or rule is TOO_DEEP:
            self.diagnostics.append(fault(rule, span, message, help_))

    def report_missing_comma(self, before: Member | Value) -> None:
        span = Span(before.end, before.end)
        self.note(MISSING_COMMA, span, "a comma is missing here; k6 stops reading", "put , here")

    def report_missing_value(self, member: Member) -> None:
        span = Span(member.end, member.end)
        self.note(MISSING_VALUE, span, f"{self.key_name(member)} has no value", "write one, or remove the key")

    def report_unclosed(self, end: int) -> None:
        if len(self.diagnostics) >= MANY:
            return  # to count the lines before each of a million would take as long as the square of the text
        node = self.stack[-1]
        opener = self.text[node.start]
        self.note(
            UNCLOSED,
            Span(end, end),
            f"the {opener} of line {self.text.count(chr(10), 0, node.start) + 1} is never closed",
            "put } here" if opener == "{" else "put ] here",
        )

    def key_name(self, member: Member) -> str:
        key = member.key
        if key is None:
            return "this value"
        name = self.text[key.start : key.end].strip("\"'`“”")
        return f'"{name}"' if len(name) <= _LONGEST_NAME else "this key"


_LONGEST_NAME: Final = 40
