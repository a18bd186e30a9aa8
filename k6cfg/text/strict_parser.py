"""Tokens to the tree, as long as they are what JSON has there: the quick way, which most texts go to their end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from k6cfg.text.scanner import Kind, Plain
from k6cfg.text.syntax_rules import MAX_DEPTH
from k6cfg.text.tree import Array, Member, Object, Scalar, Value

_SCALARS: Final = frozenset({Kind.STRING, Kind.NUMBER, Kind.TRUE, Kind.FALSE, Kind.NULL})

# What may come next: a key at KEY and FIRST_KEY, a value from VALUE on.
END, COMMA, COLON, KEY, FIRST_KEY, VALUE, FIRST_ITEM = range(7)
_BEFORE_CLOSER: Final = frozenset({COMMA, FIRST_KEY, FIRST_ITEM})


@dataclass(slots=True)
class Tree:
    """A tree in the making: the values at the top of the text, and the containers that are open, outermost first."""

    top: list[Value] = field(default_factory=list)
    stack: list[Object | Array] = field(default_factory=list)


class Stop(NamedTuple):
    """A token that JSON would not have there, or none at the end of the text, and what JSON wants there.

    ``at`` is its index, ``comma`` that of the comma before it, if that is what stands before it.
    """

    at: int
    token: Plain | None
    wanted: int
    comma: int | None


def sound(  # noqa: C901, PLR0912, PLR0915 - one flat loop, for every call costs
    tokens: Iterator[tuple[int, Plain]], tree: Tree, wanted: int, comma: int | None = None
) -> Stop:
    """Take tokens into the tree up to one that JSON would not have there; ``tolerant`` would do the same with them.

    ``comma`` is the index of the comma that stands before the first of them, if one does.
    """
    top, stack = tree.top, tree.stack
    items = top
    members: list[Member] | None = None  # of the innermost container, where it is an object
    if stack:
        innermost = stack[-1]
        if isinstance(innermost, Object):
            members = innermost.members
        else:
            items = innermost.items
    node: Value
    index = 0
    for index, token in tokens:
        kind = token[0]
        if kind is Kind.SPACE:
            continue
        if kind in _SCALARS:
            if wanted >= VALUE:
                node = Scalar(index, token)
                if members is None:
                    items.append(node)
                else:
                    member = members[-1]
                    member.value, member.last, member.end = node, index, token[2]
                wanted = COMMA if stack else END
            elif wanted >= KEY and kind is Kind.STRING and members is not None:
                members.append(Member(index, token, Scalar(index, token)))
                wanted = COLON
            else:
                break
        elif kind is Kind.COLON:
            if wanted != COLON or members is None:
                break
            member = members[-1]
            member.colon = member.last = index
            member.end = token[2]
            wanted = VALUE
        elif kind is Kind.COMMA:
            if wanted != COMMA:
                break
            wanted = VALUE if members is None else KEY
            comma = index
        elif kind is Kind.OPEN_BRACE or kind is Kind.OPEN_BRACKET:
            if wanted < VALUE or len(stack) == MAX_DEPTH:
                break
            inner = Object(index, token) if kind is Kind.OPEN_BRACE else Array(index, token)
            if members is None:
                items.append(inner)
            else:
                members[-1].value = inner
            stack.append(inner)
            if isinstance(inner, Object):
                members, wanted = inner.members, FIRST_KEY
            else:
                members, items, wanted = None, inner.items, FIRST_ITEM
        elif kind is Kind.CLOSE_BRACE or kind is Kind.CLOSE_BRACKET:
            expected = Kind.CLOSE_BRACKET if members is None else Kind.CLOSE_BRACE
            if kind is not expected or wanted not in _BEFORE_CLOSER or not stack:
                break
            inner = stack.pop()
            inner.closed, inner.last, inner.end = True, index, token[2]
            if not stack:
                members, items, wanted = None, top, END
                continue
            outer, wanted = stack[-1], COMMA
            if isinstance(outer, Object):
                members = outer.members
                members[-1].last, members[-1].end = index, token[2]
            else:
                members, items = None, outer.items
        else:
            break
    else:
        token = None
    after_comma = wanted == KEY or (wanted == VALUE and members is None and bool(stack))
    return Stop(index, token, wanted, comma if after_comma else None)
