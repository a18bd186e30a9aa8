"""What a reading may do next: take a token as it is, or assume a slip. The grammar of JSON with its usual accidents."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from k6cfg.diagnostics import Edit
from k6cfg.repair import lexemes
from k6cfg.repair.costs import EVERYDAY, ROOT_DOUBT, TWICE_DOUBT, TYPE_DOUBT
from k6cfg.repair.hints import Hints
from k6cfg.repair.states import NO_COLUMN, Expect, Frame, State, Step, indentation, step
from k6cfg.repair.tail import tail_step
from k6cfg.repair.trivia import skip

_WIDE: Final = {
    "｛": "{", "｝": "}", "［": "[", "］": "]", "：": ":", "，": ",", "、": ",", "；": ";", "（": "(", "）": ")", "،": ",",  # noqa: RUF001
}  # fmt: skip
_QUOTES: Final = frozenset(lexemes.FAMILIES)
_CLOSERS: Final = frozenset("}])>")
_SIGN_COLON: Final = re.compile(r"=>|:=|->|=(?!=)|:=")
_ELLIPSIS: Final = re.compile(r"\.{2,}|…")
_STRAY: Final = re.compile(r"[;\\|~^&%@=?*+!]+|/(?![/*])|```+\w*")
_STRAY_WORD: Final = re.compile(r"[^\s\"'`{}\[\],:;]+")
_MANY_LINES: Final = re.compile(r"[ \t]*(?://[^\r\n]*|/\*[^\r\n]*\*/[ \t]*|#[^\r\n]*)?[\r\n]")
_AFTER_KEY: Final = re.compile(r"\s*[:=]")
_BEFORE_KEY: Final = re.compile(r"[^\s\"'`{}\[\],:;]{1,40}(?=\s+[\"'])")


class Moves:
    """The moves of all readings of one text."""

    def __init__(self, text: str, hints: Hints) -> None:
        self.text = text
        self._hints = hints
        self._keys: dict[int, list[lexemes.Lexeme]] = {}
        self._values: dict[int, list[lexemes.Lexeme]] = {}
        self._by_expectation: dict[Expect, Callable[[State, int, str, bool], Iterator[State]]] = {
            Expect.START: self._start,
            Expect.KEY_OR_END: self._key,
            Expect.KEY: self._key,
            Expect.COLON: self._colon,
            Expect.VALUE: self._value,
            Expect.ITEM_OR_END: self._item,
            Expect.ITEM: self._item,
            Expect.NEXT: self._next,
            Expect.DONE: self._done,
        }

    def after(self, state: State, *, near: bool) -> Iterator[State]:
        """All states that one move leads to; ``near`` an error every slip is thought of, elsewhere brackets alone."""
        at, dropped = skip(self.text, state.pos)
        for one in dropped:
            state = state._replace(trail=(state.trail, one), cost=state.cost + one.cost)
        if at >= len(self.text):
            if near or state.expect not in {Expect.COLON, Expect.VALUE}:
                yield from self._finish(state)
            return
        sign = self.text[at]
        wide = _WIDE.get(sign)
        if wide is not None:
            one = step("wide", at, at + 1, Edit(at, at + 1, wide), detail=sign)
            state = state._replace(trail=(state.trail, one), cost=state.cost + one.cost)
        yield from self._by_expectation[state.expect](state, at, wide or sign, near)

    # -- the start ------------------------------------------------------------------------------------------------

    def _start(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        if sign in "{[":
            yield from self._open(state, at, sign, near)
            if near and sign == "{":
                yield from self._opened(state, at, "[")
            return
        if sign in "}],:(":
            yield from self._open_at(state, at, sign)
        if sign in _CLOSERS:
            one = step("stray-closer", at, at + 1, Edit(at, at + 1, ""), detail=sign)
            yield self._go(state, at + 1, Expect.START, one)
            return
        for lexeme in self._values_at(at):
            if not lexeme.steps and not _AFTER_KEY.match(self.text, lexeme.end):
                yield self._go(state, lexeme.end, Expect.DONE, token=lexeme.json, last=lexeme.end)
        frame = Frame(None, at, "", is_object=True)
        frame.column = -2
        lines = "\n" in self.text.strip()
        one = step("open", at, at, Edit(at, at, "{\n" if lines else "{"), detail="{")
        yield self._go(state, at, Expect.KEY_OR_END, one, token="{", frame=frame, last=at, comma=-1)

    # -- keys and colons ------------------------------------------------------------------------------------------

    def _key(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        frame = state.frame
        if frame is None:
            return
        if sign in _CLOSERS:
            yield from self._close(self.without_comma(state, at), at, sign, near)
            return
        if sign == ",":
            if near:
                yield self._go(state, at + 1, state.expect, self._extra_comma(at))
            return
        if near:
            yield from self._stray(state, at, sign)
            if sign == ":":
                yield self._go(state, at + 1, state.expect, step("extra-colon", at, at + 1, Edit(at, at + 1, "")))
                return
            if sign in "{[":
                one = step("stray-opener", at, at + 1, Edit(at, at + 1, ""), detail=sign)
                yield self._go(state, at + 1, state.expect, one)
                if state.expect is Expect.KEY_OR_END:
                    one = step("sign-closer", at, at + 1, Edit(at, at + 1, "}"), detail=sign + "}")
                    yield self._popped(state, at + 1, one)
            word = _BEFORE_KEY.match(self.text, at)
            if word:
                end = word.end()
                one = step("stray-word", at, end, Edit(at, end, ""), detail=word.group())
                yield self._go(state, end, state.expect, one, token="stray" + word.group())
        doubt = self._hints.entry(frame, at)
        for lexeme in self._keys_at(at):
            if near or sum(one.cost for one in lexeme.steps) <= EVERYDAY:
                more = doubt + self._hints.key(frame, lexeme.json)
                if lexeme.json in state.names:
                    more += TWICE_DOUBT
                yield self._go(
                    state,
                    lexeme.end,
                    Expect.VALUE if lexeme.punctuated else Expect.COLON,
                    *lexeme.steps,
                    token=lexeme.json,
                    last=lexeme.end,
                    start=at,
                    key=lexeme.json,
                    doubt=more,
                    names=state.names | {lexeme.json},
                )

    def _colon(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        if sign == ":":
            yield self._go(state, at + 1, Expect.VALUE, last=at + 1)
            if not near:
                return
        equals = _SIGN_COLON.match(self.text, at)
        if equals:
            end = equals.end()
            one = step("sign-colon", at, end, Edit(at, end, ":"), detail=equals.group())
            yield self._go(state, end, Expect.VALUE, one, last=end)
            return
        if not near or sign == ":":
            return
        if sign in ",;.{}[]":
            one = step("point-colon", at, at + 1, Edit(at, at + 1, ":"), detail=sign)
            yield self._go(state, at + 1, Expect.VALUE, one, last=at + 1)
        if sign in "{[-+." or sign in _QUOTES or sign.isalnum() or sign in "$<":
            extra = 0.4 if at == state.last and self.text[at - 1] in _QUOTES and sign in _QUOTES else 0.0
            one = step("colon", state.last, state.last, Edit(state.last, state.last, ":"), detail=state.key, extra=extra)
            yield self._go(state, at, Expect.VALUE, one)
        if sign in _QUOTES:
            yield self._go(state, at + 1, Expect.COLON, step("stray-quote", at, at + 1, Edit(at, at + 1, "")))
        if sign in _CLOSERS or sign == ",":
            yield from self._valueless(state, at)

    def _valueless(self, state: State, at: int, slip: str = "no-value") -> Iterator[State]:
        """Give up a key that has no value."""
        first = state.comma < 0
        start = state.start if first else state.comma
        one = step(slip, state.start, state.last, Edit(start, state.last, ""), detail=state.key)
        token = "no-value" + state.key
        yield self._go(state, at, Expect.KEY_OR_END if first else Expect.NEXT, one, token=token, last=start)

    # -- values ---------------------------------------------------------------------------------------------------

    def _value(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        if sign in "{[":
            below = state if not self._hints.alone(at) else state._replace(cost=state.cost + TYPE_DOUBT)
            yield from self._open(below, at, sign, near)
            if near and sign == "{":
                yield from self._opened(state, at, "[")
            return
        if near:
            if sign == ":":
                yield self._go(state, at + 1, Expect.VALUE, step("extra-colon", at, at + 1, Edit(at, at + 1, "")))
                yield from self._open_at(state, at, sign)
                return
            if sign in _CLOSERS or sign == ",":
                yield from self._valueless(state, at)
                yield from self._open_at(state, at, sign)
                return
            if sign in _QUOTES or sign.isalpha():
                yield from self._opened(state, at)
            if sign == "=":
                yield from self._stray(state, at, sign)
        yield from self._scalar(state, at, near=near)

    def _scalar(self, state: State, at: int, *, near: bool) -> Iterator[State]:
        frame = state.frame
        key = state.key
        text_wanted = self._hints.wants_text(frame, key)
        if state.expect is Expect.VALUE and self._hints.alone(at):
            state = state._replace(cost=state.cost + TYPE_DOUBT)
        for lexeme in self._values_at(at):
            if not near and sum(one.cost for one in lexeme.steps) > EVERYDAY:
                continue
            steps = lexeme.steps
            if text_wanted and steps and steps[0].slip == "bare-word":
                steps = (steps[0]._replace(slip="bare-text"), *steps[1:])
            then = Expect.NEXT
            if lexeme.punctuated:
                then = Expect.KEY if frame is not None and frame.object else Expect.ITEM
            yield self._go(
                state,
                lexeme.end,
                then,
                *steps,
                token=lexeme.json,
                last=lexeme.end,
                doubt=self._hints.value(frame, key, lexeme.json),
            )

    def _opened(self, state: State, at: int, openers: str = "{[") -> Iterator[State]:
        """Assume that an opener is missing before ``at``; on the line of its key, where the value stands below it."""
        place, text = at, "{0}"
        if state.expect is Expect.VALUE and self._hints.alone(at):
            place = state.last
            while self.text[place] in " \t":
                place += 1
            text = "{0}" if place > state.last else " {0}"
        for opener in openers:
            is_object = opener == "{"
            frame = self._framed(state, place, is_object=is_object)
            if state.expect is not Expect.VALUE and state.frame is not None:
                frame.column = state.frame.inner if state.frame.inner >= 0 else NO_COLUMN
            one = step("open", place, place, Edit(place, place, text.replace("{0}", opener)), detail=opener)
            then = Expect.KEY_OR_END if is_object else Expect.ITEM_OR_END
            doubt = self._hints.value(state.frame, state.key, opener)
            yield self._go(
                state, at, then, one, token=opener, frame=frame, last=place, comma=-1, doubt=doubt, names=_NO_NAMES
            )

    def _open_at(self, state: State, at: int, sign: str) -> Iterator[State]:
        """Assume that another sign stands in the place of an opener."""
        for opener in "{[":
            is_object = opener == "{"
            frame = self._framed(state, at, is_object=is_object)
            then = Expect.KEY_OR_END if is_object else Expect.ITEM_OR_END
            one = step("sign-opener", at, at + 1, Edit(at, at + 1, opener), detail=sign + opener)
            doubt = self._hints.value(state.frame, state.key, opener) + (ROOT_DOUBT if opener == "[" and not state.frame else 0)
            yield self._go(state, at + 1, then, one, token=opener, frame=frame, last=at + 1, comma=-1, doubt=doubt, names=_NO_NAMES)

    def _open(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        if state.frame is not None and state.last == at and self.text[at - 1] == sign:
            one = step("doubled-opener", at, at + 1, Edit(at, at + 1, ""), detail=sign)
            yield self._go(state, at + 1, state.expect, one, last=at + 1)
        for opener in (sign, "[" if sign == "{" else "{"):
            steps: tuple[Step, ...] = ()
            if opener != sign:
                if not near:
                    return
                steps = (step("wrong-opener", at, at + 1, Edit(at, at + 1, opener), detail=sign + opener),)
            is_object = opener == "{"
            frame = self._framed(state, at, is_object=is_object, wrong=bool(steps))
            then = Expect.KEY_OR_END if is_object else Expect.ITEM_OR_END
            doubt = self._hints.value(state.frame, state.key, opener)
            yield self._go(state, at + 1, then, *steps, token=opener, frame=frame, last=at + 1, comma=-1, doubt=doubt, names=_NO_NAMES)

    def _item(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        frame = state.frame
        if frame is None:
            return
        if sign in _CLOSERS:
            yield from self._close(self.without_comma(state, at), at, sign, near)
            if near:
                yield from self._open_at(state._replace(key=""), at, sign)
            return
        if sign == ",":
            if near:
                yield self._go(state, at + 1, state.expect, self._extra_comma(at))
                yield from self._open_at(state._replace(key=""), at, sign)
            return
        if near:
            yield from self._stray(state, at, sign)
            if sign == ":":
                yield self._go(state, at + 1, state.expect, step("extra-colon", at, at + 1, Edit(at, at + 1, "")))
                yield from self._open_at(state._replace(key=""), at, sign)
                return
            if sign in _QUOTES:
                yield from self._opened(state._replace(key=""), at)
            if sign in "{[" and state.expect is Expect.ITEM_OR_END:
                one = step("sign-closer", at, at + 1, Edit(at, at + 1, "]"), detail=sign + "]")
                yield self._popped(state, at + 1, one)
        doubt = self._hints.entry(frame, at)
        if doubt:
            state = state._replace(cost=state.cost + doubt)
        if sign in "{[":
            yield from self._open(state, at, sign, near)
            if near:
                one = step("stray-opener", at, at + 1, Edit(at, at + 1, ""), detail=sign)
                yield self._go(state, at + 1, state.expect, one)
            return
        yield from self._scalar(state._replace(key=""), at, near=near)

    @staticmethod
    def _framed(state: State, at: int, *, is_object: bool, wrong: bool = False) -> Frame:
        frame = Frame(state.frame, at, state.key, is_object=is_object, wrong=wrong)
        frame.above = state.names
        return frame

    # -- after a value --------------------------------------------------------------------------------------------

    def _next(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        frame = state.frame
        if frame is None:
            return
        then = Expect.KEY if frame.object else Expect.ITEM
        if sign == ",":
            yield self._go(state, at + 1, then, last=at + 1, comma=at)
            yield from self._closed_before(state, at)
        elif sign in _CLOSERS:
            yield from self._close(state, at, sign, near)
        if not near:
            return
        if sign in ";.:={}[]":
            name = "point-comma" if sign in ";." else "colon-comma"
            one = step(name, at, at + 1, Edit(at, at + 1, ","), detail=sign)
            yield self._go(state, at + 1, then, one, last=at + 1, comma=at)
        if sign in ",:{[;":
            right = "}" if frame.object else "]"
            one = step("sign-closer", at, at + 1, Edit(at, at + 1, right), detail=sign + right)
            yield self._popped(state, at + 1, one, doubt=self._hints.closer(frame, at))
        if sign in _CLOSERS or sign == ",":
            return
        yield from self._stray(state, at, sign)
        if sign in _QUOTES or sign.isalnum() or sign in "_$-" or (sign in "{[" and not frame.object):
            extra = 0.6 if at == state.last and self.text[at - 1] in _QUOTES and sign in _QUOTES else 0.0
            one = step("comma", state.last, state.last, Edit(state.last, state.last, ","), extra=extra)
            yield self._go(state, at, then, one, comma=state.last)
        if sign in _QUOTES:
            yield self._go(state, at + 1, Expect.NEXT, step("stray-quote", at, at + 1, Edit(at, at + 1, "")))
        elif sign not in "{[:,":
            word = _STRAY_WORD.match(self.text, at, at + 200)
            if word:
                end = word.end()
                one = step("stray-word", at, end, Edit(state.last, end, ""), detail=word.group())
                yield self._go(state, end, Expect.NEXT, one, token="stray" + word.group())
        yield from self._closed_before(state, at)

    def _stray(self, state: State, at: int, sign: str) -> Iterator[State]:
        """Take away signs that mean nothing."""
        dots = _ELLIPSIS.match(self.text, at)
        found = dots or (_STRAY.match(self.text, at) if sign in ";\\|~^&%@=?*+!/`" else None)
        if not found:
            return
        end = found.end()
        edits = [Edit(at, end, "")]
        expect = state.expect
        comma = re.compile(r"\s*,").match(self.text, end)
        if comma and expect is not Expect.NEXT:
            # The comma after it was there for its sake.
            edits = [Edit(at, end, ""), Edit(comma.end() - 1, comma.end(), "")]
            end = comma.end()
        one = step("ellipsis" if dots else "stray-sign", at, found.end(), *edits, detail=found.group())
        yield self._go(state, end, expect, one)

    # -- closing --------------------------------------------------------------------------------------------------

    def _close(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        frame = state.frame
        if frame is None:
            return
        right = "}" if frame.object else "]"
        stray = step("stray-closer", at, at + 1, Edit(at, at + 1, ""), detail=sign)
        expect = Expect.NEXT
        if state.expect in {Expect.KEY_OR_END, Expect.ITEM_OR_END}:
            expect = state.expect
        if sign == right:
            doubt = self._hints.closer(frame, at)
            yield self._popped(state, at + 1, doubt=doubt)
            if doubt:
                yield from self._closed_before(state, at)
            if frame.parent is None or expect is Expect.NEXT:
                yield self._go(state, at + 1, expect, stray)
            return
        wrong = step(
            "same-wrong-closer" if frame.wrong else "wrong-closer",
            at,
            at + 1,
            Edit(at, at + 1, right),
            detail=sign + right,
        )
        yield self._popped(state, at + 1, wrong, doubt=self._hints.closer(frame, at))
        stray = step("stray-closer", at, at + 1, Edit(at, at + 1, ""), detail=sign, extra=0.3)
        yield self._go(state, at + 1, expect, stray)
        yield from self._closed_before(state, at)

    def _closed_before(self, state: State, at: int) -> Iterator[State]:
        """Assume that a closer is missing after the last token; ``at`` stays."""
        frame = state.frame
        if frame is None or frame.parent is None:
            return
        one = step("close", state.last, state.last, self.closing_edit(frame, state.last), detail=str(frame.start))
        yield self._popped(state, state.pos if at < 0 else at, one)

    def _popped(self, state: State, pos: int, *steps: Step, doubt: float = 0.0) -> State:
        frame = state.frame
        parent = frame.parent if frame is not None else None
        token = "}" if frame is not None and frame.object else "]"
        then = Expect.DONE if parent is None else Expect.NEXT
        last = state.last if pos == state.pos or (steps and steps[-1].slip == "close") else pos
        names: frozenset[str] = frozenset()
        if frame is not None and parent is not None:
            names = frame.above if frame.above is not None else parent.known(frame.start)
        return self._go(state, pos, then, *steps, token=token, frame=parent, last=last, doubt=doubt, names=names)

    def closing_edit(self, frame: Frame, at: int) -> Edit:
        """The closer of a frame at ``at``: on a line of its own where the frame is written over several lines."""
        closer = "}" if frame.object else "]"
        if frame.column != -2 and _MANY_LINES.match(self.text, frame.start + 1):
            break_ = "\r\n" if self.text.find("\r\n", frame.start, frame.start + 400) >= 0 else "\n"
            return Edit(at, at, break_ + indentation(self.text, frame.start) + closer)
        if frame.column == -2 and "\n" in self.text.strip():
            return Edit(at, at, "\n" + closer)
        return Edit(at, at, closer)

    def without_comma(self, state: State, at: int) -> State:
        """The state without the comma before it, where there is one."""
        if state.expect not in {Expect.KEY, Expect.ITEM} or state.comma < 0:
            return state
        frame = state.frame
        comma = state.comma
        if comma >= len(self.text) or self.text[comma] not in _COMMAS:
            return state._replace(expect=Expect.NEXT)
        blanks = comma + 1
        if frame is not None and self.text[frame.start + 1 : frame.start + 2] not in {" ", "\t"}:
            while blanks < at and self.text[blanks] in " \t":
                blanks += 1
            if blanks != at:
                blanks = comma + 1
        one = step("trailing-comma", comma, comma + 1, Edit(comma, blanks, ""))
        return self._go(state, state.pos, Expect.NEXT, one, comma=-1, last=comma)

    def _extra_comma(self, at: int) -> Step:
        end = at + 1
        if self.text[at - 1 : at] in {"", " ", "\n", "\t"}:
            while self.text[end : end + 1] == " ":
                end += 1
        return step("extra-comma", at, at + 1, Edit(at, end, ""))

    # -- the end --------------------------------------------------------------------------------------------------

    def _done(self, state: State, at: int, sign: str, near: bool) -> Iterator[State]:
        end = len(self.text)
        one = tail_step(self.text, at, state.root, state.last)
        if one is not None:
            token = "" if one.slip in {"tail-sign", "tail-same"} else "tail"
            yield self._go(state, end, Expect.DONE, one, token=token)
        if sign in _CLOSERS:
            stray = step("stray-closer", at, at + 1, Edit(at, at + 1, ""), detail=sign)
            yield self._go(state, at + 1, Expect.DONE, stray)
        if sign in _QUOTES and near and self.text[state.root : state.root + 1] in {"{", "["}:
            yield self._go(state, at + 1, Expect.DONE, step("stray-quote", at, at + 1, Edit(at, at + 1, "")))

    def _finish(self, state: State) -> Iterator[State]:
        """The end of the text: close what is open."""
        end = len(self.text)
        if state.expect in {Expect.COLON, Expect.VALUE}:
            for given_up in self._valueless(state, end, "cut-key"):
                yield from self._finish(given_up)
            return
        if state.expect is Expect.START:
            return
        if state.expect is Expect.DONE:
            yield state._replace(pos=end + 1)
            return
        state = self.without_comma(state, end)
        frame, count, pieces, tokens = state.frame, 0, [], []
        while frame is not None:
            pieces.append(self.closing_edit(frame, state.last).text)
            tokens.append("}" if frame.object else "]")
            frame = frame.parent
            count += 1
        cut = state.last == end and self.text[end - 1 : end].isalnum()
        one = step(
            "close-cut" if cut else "close-end",
            state.last,
            state.last,
            Edit(state.last, state.last, "".join(pieces)),
            detail=str(count),
            extra=min(count - 1, 3) * 0.2 + max(0, count - 4) * 0.01,
        )
        yield self._go(state, end + 1, Expect.DONE, one, token="".join(tokens), frame=None)

    # -- small things ---------------------------------------------------------------------------------------------

    def _go(  # noqa: PLR0913
        self,
        state: State,
        pos: int,
        expect: Expect,
        *steps: Step,
        token: str = "",
        doubt: float = 0.0,
        frame: "Frame | None | str" = "same",
        last: int | None = None,
        comma: int | None = None,
        start: int | None = None,
        key: str | None = None,
        names: frozenset[str] | None = None,
    ) -> State:
        """The state that one move leads to."""
        trail, cost = state.trail, state.cost + doubt
        for one in steps:
            trail = (trail, one)
            cost += one.cost
        identity = state.identity
        for each in token if token and token[0] in "}]" else (token,) if token else ():
            identity = hash((identity, each))
        return State(
            pos,
            expect,
            state.frame if isinstance(frame, str) else frame,
            state.last if last is None else last,
            state.comma if comma is None else comma,
            state.start if start is None else start,
            state.key if key is None else key,
            trail,
            cost,
            identity,
            0 if steps else state.clean + 1,
            state.root,
            state.names if names is None else names,
        )

    def _keys_at(self, at: int) -> list[lexemes.Lexeme]:
        found = self._keys.get(at)
        if found is None:
            found = self._keys[at] = lexemes.keys(self.text, at)
        return found

    def _values_at(self, at: int) -> list[lexemes.Lexeme]:
        found = self._values.get(at)
        if found is None:
            found = self._values[at] = lexemes.values(self.text, at)
        return found


_NO_NAMES: Final[frozenset[str]] = frozenset()
_COMMAS: Final = frozenset(",;.:=，、،")  # noqa: RUF001
