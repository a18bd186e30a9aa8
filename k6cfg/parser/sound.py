"""Tokens of a text that is JSON to its tree: the quick way, which most texts go."""

from collections.abc import Sequence
from typing import Final

from k6cfg.parser.faults import MAX_DEPTH
from k6cfg.scanner import Kind, Token
from k6cfg.tree import Array, Member, Object, Scalar, Value

_SCALARS: Final = frozenset({Kind.STRING, Kind.NUMBER, Kind.TRUE, Kind.FALSE, Kind.NULL})

# What may come next: a key at _KEY and _FIRST_KEY, a value from _VALUE on.
_END, _COMMA, _COLON, _KEY, _FIRST_KEY, _VALUE, _FIRST_ITEM = range(7)
_BEFORE_CLOSER: Final = frozenset({_COMMA, _FIRST_KEY, _FIRST_ITEM})


def sound(tokens: Sequence[Token]) -> Value | None:  # noqa: C901, PLR0912, PLR0915 - one flat loop, for every call costs
    """The tree of a text that k6 can parse, as ``tolerant`` would make it; ``None`` where the text is another."""
    top: list[Value] = []
    stack: list[Object | Array] = []
    items = top
    members: list[Member] | None = None  # of the innermost container, where it is an object
    wanted = _VALUE
    node: Value
    for index, token in enumerate(tokens):
        kind = token[0]
        if kind is Kind.SPACE:
            continue
        if kind in _SCALARS:
            if wanted >= _VALUE:
                node = Scalar(index, token)
                if members is None:
                    items.append(node)
                else:
                    member = members[-1]
                    member.value, member.last, member.end = node, index, token[2]
                wanted = _COMMA if stack else _END
            elif wanted >= _KEY and kind is Kind.STRING and members is not None:
                members.append(Member(index, token, Scalar(index, token)))
                wanted = _COLON
            else:
                return None
        elif kind is Kind.COLON:
            if wanted != _COLON or members is None:
                return None
            members[-1].colon = index
            wanted = _VALUE
        elif kind is Kind.COMMA:
            if wanted != _COMMA:
                return None
            wanted = _VALUE if members is None else _KEY
        elif kind is Kind.OPEN_BRACE or kind is Kind.OPEN_BRACKET:
            if wanted < _VALUE or len(stack) == MAX_DEPTH:
                return None
            inner = Object(index, token) if kind is Kind.OPEN_BRACE else Array(index, token)
            if members is None:
                items.append(inner)
            else:
                members[-1].value = inner
            stack.append(inner)
            if isinstance(inner, Object):
                members, wanted = inner.members, _FIRST_KEY
            else:
                members, items, wanted = None, inner.items, _FIRST_ITEM
        elif kind is Kind.CLOSE_BRACE or kind is Kind.CLOSE_BRACKET:
            expected = Kind.CLOSE_BRACKET if members is None else Kind.CLOSE_BRACE
            if kind is not expected or wanted not in _BEFORE_CLOSER or not stack:
                return None
            inner = stack.pop()
            inner.closed, inner.last, inner.end = True, index, token[2]
            if not stack:
                members, items, wanted = None, top, _END
                continue
            outer, wanted = stack[-1], _COMMA
            if isinstance(outer, Object):
                members = outer.members
                members[-1].last, members[-1].end = index, token[2]
            else:
                members, items = None, outer.items
        else:
            return None
    return top[0] if wanted == _END else None
