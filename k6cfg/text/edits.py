"""Changes to a document as edits of its text: by token, in the style of what stands beside them, and nothing else."""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from k6cfg.text.diagnostics import Edit
from k6cfg.text.lazy_regex import late
from k6cfg.text.scanner import COMMENTS, Kind, Token
from k6cfg.text.tree import Array, Document, Member, Object, Value

_LINE_END: Final = late(r"\r\n|\n|\r")
_REST_OF_LINE: Final = late(r"[ \t]*(?:(?://|#)[^\r\n]*|/\*[^\r\n]*?\*/[ \t]*)?(?:\r\n|\n|\r)")
_DEFAULT_INDENT: Final = "  "  # what k6 itself writes


class _Style(NamedTuple):
    """How a container's entries are laid out. ``indent`` is None where they share a line."""

    newline: str
    indent: str | None
    unit: str
    colon: str
    before_comma: str
    after_comma: str


def set_value(document: Document, node: Value, value: object) -> tuple[Edit, ...]:
    """Replace a value by plain data, written in the style of the place; the member's key and colon stay."""
    style = _style_around(document, node)
    return (Edit(node.start, node.end, _render(value, style, _line_indent(document, node.start))),)


def insert(document: Document, parent: Object, key: str, value: object) -> tuple[Edit, ...]:
    """Append a member to an object, laid out as its siblings are. The text that stands there already stays."""
    style = _style_of(document, parent)
    name = _dump(key)
    base = style.indent if style.indent is not None else ""
    return _insert(document, parent, parent.members, style, f"{name}{style.colon}{_render(value, style, base)}")


def append(document: Document, parent: Array, value: object) -> tuple[Edit, ...]:
    """Append an item to an array, laid out as its siblings are."""
    style = _style_of(document, parent)
    base = style.indent if style.indent is not None else ""
    return _insert(document, parent, parent.items, style, _render(value, style, base))


def rename(member: Member, key: str) -> tuple[Edit, ...]:
    """Replace the key of a member. Raises ValueError for a member that has none."""
    if member.key is None:
        raise ValueError("the member has no key")
    return (Edit(member.key.start, member.key.end, _dump(key)),)


def remove(document: Document, parent: Object | Array, index: int) -> tuple[Edit, ...]:
    """Remove the member or item at ``index`` with one comma and the white space that only it caused.

    Comments stay, but for one behind the entry on its own line: that one speaks of nothing any more.
    """
    entries: Sequence[Member | Value] = parent.members if isinstance(parent, Object) else parent.items
    entry = entries[index]
    end = _after_own_comment(document, entry.last)
    if len(entries) == 1:
        return _remove_only(document, parent, entry, end)
    if index + 1 < len(entries):
        return _remove_before_another(document, entry, entries[index + 1])
    return _remove_last(document, entries[index - 1], entry, end)


# -- inserting ------------------------------------------------------------------------------------------------------


def _insert(
    document: Document, parent: Object | Array, entries: Sequence[Member | Value], style: _Style, text: str
) -> tuple[Edit, ...]:
    if not entries:
        return _insert_first(document, parent, style, text)
    last = entries[-1]
    comma = _comma_after(document, last.last)
    where = last.end if comma is None else comma.end
    sign = "" if comma is not None else f"{style.before_comma},"
    # A comment behind the last entry speaks of it: the new entry goes below, unless it would then be in the comment.
    behind = _after_own_comment(document, last.last)
    if style.indent is not None and behind > where and not style.before_comma:
        below = Edit(behind, behind, style.after_comma + text)
        return (Edit(where, where, sign), below) if sign else (below,)
    return (Edit(where, where, sign + style.after_comma + text),)


def _insert_first(document: Document, parent: Object | Array, style: _Style, text: str) -> tuple[Edit, ...]:
    opener = document.tokens[parent.first]
    closer = document.tokens[parent.last]
    end = closer.start if parent.closed else parent.end
    inner = document.tokens[parent.first + 1 : parent.last + (0 if parent.closed else 1)]
    if any(token.kind in COMMENTS for token in inner):
        last = max(token.end for token in inner if token.kind in COMMENTS)
        line = style.newline + (style.indent or _line_indent(document, parent.start) + style.unit)
        if _LINE_END.search(document.text, last, end):
            return (Edit(last, last, line + text),)
        return (Edit(last, end, line + text + style.newline + _line_indent(document, parent.start)),)
    if style.indent is None:
        padding = document.text[opener.end : end]
        return (Edit(opener.end, end, padding + text + padding),)
    outer = _line_indent(document, parent.start)
    return (Edit(opener.end, end, style.newline + style.indent + text + style.newline + outer),)


# -- removing -------------------------------------------------------------------------------------------------------


def _remove_only(document: Document, parent: Object | Array, entry: Member | Value, end: int) -> tuple[Edit, ...]:
    opener, closer = document.tokens[parent.first], document.tokens[parent.last]
    before = document.text[opener.end : entry.start]
    comma = _comma_after(document, entry.last)
    end = max(end, comma.end if comma is not None else 0)
    if parent.closed and not before.strip() and not document.text[end : closer.start].strip():
        return (Edit(opener.end, closer.start, ""),)
    start = entry.start - (len(before) - len(before.rstrip(" \t")))
    return (Edit(start, end, ""),)


def _remove_before_another(document: Document, entry: Member | Value, following: Member | Value) -> tuple[Edit, ...]:
    text, comma = document.text, _comma_after(document, entry.last)
    stop = comma.end if comma is not None else entry.end
    between = text[entry.end : stop].rstrip(",")
    if between.strip():  # a comment stands before the comma: it stays
        edits = [Edit(entry.start, entry.end, "")]
        return (*edits, Edit(stop - 1, stop, "")) if comma is not None else tuple(edits)
    behind = _rest_of_line(document, stop)
    indent = _line_indent(document, entry.start)
    if behind is not None and text[: entry.start].endswith(indent) and _starts_line(document, entry.start):
        return (Edit(entry.start - len(indent), behind, ""),)
    gap = text[stop : following.start]
    return (Edit(entry.start, following.start if not gap.strip() else stop, ""),)


def _remove_last(document: Document, previous: Member | Value, entry: Member | Value, end: int) -> tuple[Edit, ...]:
    text = document.text
    comma = _comma_after(document, previous.last)
    trailing = _comma_after(document, entry.last)
    end = max(end, trailing.end if trailing is not None else 0)
    if comma is None:
        start = entry.start if text[previous.end : entry.start].strip() else previous.end
        return (Edit(start, end, ""),)
    start = previous.end if not text[previous.end : comma.start].strip() else comma.start
    gap = text[comma.end : entry.start]
    if not gap.strip():
        return (Edit(start, end, ""),)
    white = len(gap) - len(gap.rstrip())
    return (Edit(start, comma.end, ""), Edit(entry.start - white, end, ""))


# -- looking around -------------------------------------------------------------------------------------------------


def _style_of(document: Document, parent: Object | Array) -> _Style:
    """The style of a container's entries, from themselves, else from what surrounds it."""
    entries: Sequence[Member | Value] = parent.members if isinstance(parent, Object) else parent.items
    newline = _newline(document)
    colon = _colon(document, parent)
    outer = _line_indent(document, parent.start)
    if not entries:
        spread = _spread_out(document, parent)
        unit = _unit(document)
        return _Style(
            newline, outer + unit if spread else None, unit, colon, "", newline + outer + unit if spread else ""
        )
    last = entries[-1]
    gap = _gap_before(document, last.first)
    before = ""
    if len(entries) > 1:
        comma = _comma_after(document, entries[-2].last)
        before = document.text[entries[-2].end : comma.start] if comma is not None else ""
        before = before if not before.strip() and _LINE_END.search(before) else ""
    ends = list(_LINE_END.finditer(gap))
    if ends:
        indent = gap[ends[-1].end() :]
        indent = indent[: len(indent) - len(indent.lstrip(" \t"))]
        unit = indent[len(outer) :] if indent.startswith(outer) and len(indent) > len(outer) else _unit(document)
        return _Style(newline, indent, unit, colon, before, newline + indent)
    if before:  # leading commas: the entries are on lines of their own, each behind its comma
        indent = before[[*_LINE_END.finditer(before)][-1].end() :]
        return _Style(newline, indent, _unit(document), colon, newline + indent, gap)
    return _Style(newline, None, _unit(document), colon, "", gap if len(entries) > 1 else _comma_space(document, colon))


def _style_around(document: Document, node: Value) -> _Style:
    """The style for a value that takes the place of ``node``: spread out where the entries around it are."""
    newline, unit = _newline(document), _unit(document)
    spread = _holder_is_spread(document, node)
    indent = _line_indent(document, node.start) + unit if spread else None
    colon = _colon(document, None)
    return _Style(
        newline, indent, unit, colon, "", newline + (indent or "") if spread else _comma_space(document, colon)
    )


def _holder_is_spread(document: Document, node: Value) -> bool:
    """Whether the container that ``node`` is in has its entries on lines of their own."""
    opener = _enclosing_opener(document, node.first)
    return opener is None or _follows_line_end(document, opener)


def _spread_out(document: Document, parent: Object | Array) -> bool:
    """Whether entries of an empty container should have lines of their own: where the container's siblings do."""
    inner = document.text[parent.start + 1 : parent.end]
    return bool(_LINE_END.search(inner)) or _holder_is_spread(document, parent)


def _enclosing_opener(document: Document, index: int) -> int | None:
    """The index of the bracket that is open around the token at ``index``."""
    depth = 0
    for at in range(index - 1, -1, -1):
        kind = document.tokens[at].kind
        if kind in (Kind.CLOSE_BRACE, Kind.CLOSE_BRACKET):
            depth += 1
        elif kind in (Kind.OPEN_BRACE, Kind.OPEN_BRACKET):
            if not depth:
                return at
            depth -= 1
    return None


def _follows_line_end(document: Document, opener: int) -> bool:
    index = opener + 1
    while index < len(document.tokens) and document.tokens[index].kind in (COMMENTS | {Kind.SPACE}):
        if _LINE_END.search(_text(document, document.tokens[index])):
            return True
        index += 1
    return False


def _gap_before(document: Document, index: int) -> str:
    """The trivia between the token at ``index`` and the significant one before it."""
    previous = document.significant(index - 1, -1)
    start = document.tokens[previous].end if previous is not None else 0
    return document.text[start : document.tokens[index].start]


def _comma_after(document: Document, index: int) -> Token | None:
    following = document.significant(index + 1, 1)
    if following is None or document.tokens[following].kind is not Kind.COMMA:
        return None
    return document.tokens[following]


def _after_own_comment(document: Document, index: int) -> int:
    """The end of the comments behind the token at ``index`` (and its comma) on its line, else the token's own end."""
    end = document.tokens[index].end
    for token in document.tokens[index + 1 :]:
        if token.kind in COMMENTS:
            end = token.end
        elif token.kind is not Kind.COMMA and (
            token.kind is not Kind.SPACE or _LINE_END.search(_text(document, token))
        ):
            break
    return end


def _rest_of_line(document: Document, offset: int) -> int | None:
    """The offset behind the line end that follows ``offset`` after white space and comments alone, if one does."""
    found = _REST_OF_LINE.match(document.text, offset)
    return found.end() if found is not None else None


def _starts_line(document: Document, offset: int) -> bool:
    before = document.text[:offset].rstrip(" \t")
    return not before or before[-1] in "\r\n"


def _line_indent(document: Document, offset: int) -> str:
    """The white space at the start of the line that ``offset`` is on."""
    line = document.lines.line(document.lines.position(offset).line)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _newline(document: Document) -> str:
    found = _LINE_END.search(document.text)
    return found.group() if found is not None else "\n"


def _unit(document: Document) -> str:
    """One step of indentation, from the first object or array whose entries are on lines of their own."""
    for index, token in enumerate(document.tokens):
        if token.kind in (Kind.OPEN_BRACE, Kind.OPEN_BRACKET) and _follows_line_end(document, index):
            inner = document.significant(index + 1, 1)
            if inner is None or document.tokens[inner].kind in (Kind.CLOSE_BRACE, Kind.CLOSE_BRACKET):
                continue
            outer, found = _line_indent(document, token.start), _line_indent(document, document.tokens[inner].start)
            if found.startswith(outer) and len(found) > len(outer):
                return found[len(outer) :]
    return _DEFAULT_INDENT


def _colon(document: Document, parent: Object | Array | None) -> str:
    """How a colon is set: as beside the last sibling, else as at the first colon of the text."""
    if isinstance(parent, Object) and parent.members:
        found = _colon_of(document, parent.members[-1])
        if found is not None:
            return found
    for index, token in enumerate(document.tokens):
        if token.kind is Kind.COLON:
            found = _around_colon(document, index)
            if found is not None:
                return found
    return ": "


def _colon_of(document: Document, member: Member) -> str | None:
    return _around_colon(document, member.colon) if member.colon is not None else None


def _around_colon(document: Document, colon: int) -> str | None:
    before, after = document.significant(colon - 1, -1), document.significant(colon + 1, 1)
    if before is None or after is None:
        return None
    text = document.text[document.tokens[before].end : document.tokens[after].start]
    return text if text.replace(":", "", 1).strip(" \t") == "" else None


def _comma_space(document: Document, colon: str) -> str:
    """What follows a comma on one line: as after the first one that has its next entry on its line."""
    for index, token in enumerate(document.tokens):
        if token.kind is Kind.COMMA:
            following = document.significant(index + 1, 1)
            if following is not None:
                gap = document.text[token.end : document.tokens[following].start]
                if not gap.strip(" \t"):
                    return gap
    return " " if colon.endswith(" ") else ""


def _text(document: Document, token: Token) -> str:
    return document.text[token.start : token.end]


# -- writing --------------------------------------------------------------------------------------------------------


def _render(value: object, style: _Style, base: str) -> str:
    """JSON for plain data; ``base`` is the indentation of the line it starts on."""
    if style.indent is not None and isinstance(value, dict | list) and value:
        text = _dump(value, indent=style.unit, separators=(",", style.colon))
        return text.replace("\n", style.newline + base)
    return _dump(
        value, indent=None, separators=("," + (style.after_comma if style.indent is None else " "), style.colon)
    )


def _dump(value: object, indent: str | None = None, separators: tuple[str, str] | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate can only be written as an escape
        return json.dumps(value, indent=indent, separators=separators)
    return text
