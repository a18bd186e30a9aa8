"""Thresholds before k6 0.37.0 were JavaScript: whether such an expression parses."""

import re
from typing import Final

from k6cfg.k6.grammars.quote import Reason, quoted
from k6cfg.text.lazy_regex import late

_TOKEN: Final = late(
    r"""
      (?P<space>[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+|//[^\n]*|/\*.*?\*/)
    | (?P<number>(?:0[xX][0-9a-fA-F]+|(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w$]))
    | (?P<word>[A-Za-z_$\u00a1-\U0010ffff]
        (?:[\w$]|(?![\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff])[\u00a1-\U0010ffff])*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<sign>===|!==|>>>=|<<=|>>=|>>>|==|!=|<=|>=|&&|\|\||\+\+|--|<<|>>|[-+*/%&|^]=|[-+*/%&|^<>=!~?:;,.()\[\]])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_RESERVED: Final = late(
    "break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|finally|for|function|if|"
    "implements|import|in|instanceof|interface|let|new|package|private|protected|public|return|static|super|switch|"
    "throw|try|typeof|var|void|while|with|yield"
)
_LONGEST: Final = 1000

# An expression is spelled with one letter for each token and then folded: brackets without brackets in them become a
# value until there are none left. w: a name, or what else can be assigned to, r: a reserved word, v: another value,
# s: + or -, u: ! or ~, i: ++ or --, a: an assignment, b: any other operator; brackets, the dot, the comma, the
# semicolon and both parts of a condition stand for themselves.
_CLASSES: Final = {
    **dict.fromkeys(("+", "-"), "s"),
    **dict.fromkeys(("!", "~"), "u"),
    **dict.fromkeys(("++", "--"), "i"),
    **dict.fromkeys(("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>="), "a"),
}
_ITSELF: Final = frozenset(".,;?:()[]")
_CONSTANTS: Final = frozenset({"true", "false", "null", "this"})
_OPERAND: Final = "[su]*(?:wi?|iw|v)"
_CHOICE: Final = rf"(?:wa)*{_OPERAND}(?:[bs]{_OPERAND})*"
_ONE: Final = rf"{_CHOICE}(?:[?]{_CHOICE}:{_CHOICE})*"
_FLAT: Final = rf"{_ONE}(?:,{_ONE})*"
_PROPERTY: Final = rf"[wv](?:[.][wr]|\[(?:{_FLAT})\])"
_BRACKETS: Final = rf"[wv]?[(](?:{_FLAT})[)]|[wv][(][)]|\[(?:{_FLAT})?\]"
_FOLDED: Final = late(rf"(?<![.wv)\]])(?:(?P<property>{_PROPERTY})|{_BRACKETS})")
_PROGRAM: Final = late(rf"(?:{_FLAT})?(?:;(?:{_FLAT})?)*")


def javascript(text: str) -> Reason | None:
    """Why an expression is no JavaScript that a threshold of k6 before 0.37.0 could be.

    Expressions alone are known: names, numbers, texts, calls, members and operators. Source: k6 0.30.0, which compiles
    each threshold when it reads the file.
    """
    if len(text) > _LONGEST:
        return None
    letters = _letters(text)
    before = None
    while letters != before:
        before, letters = letters, _FOLDED.sub(lambda one: "w" if one["property"] else "v", letters)
    return None if _PROGRAM.fullmatch(letters) else f"is no expression: {quoted(text)}"


def _letters(text: str) -> str:
    letters: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return "r"
        kind, token = found.lastgroup, found.group()
        if kind == "word":
            taken = _RESERVED.fullmatch(token) or not (token.isascii() or _is_name(token))
            letters.append("r" if taken else "v" if token in _CONSTANTS else "w")
        elif kind == "sign":
            letters.append(token if token in _ITSELF else _CLASSES.get(token, "b"))
        elif kind != "space":
            letters.append("v")
        at = found.end()
    return "".join(letters)


def _is_name(word: str) -> bool:
    """Whether a word with other signs than those of ASCII is a name to goja, the engine of k6 at that time.

    It takes Unicode's letters, and its decimal digits after the first sign (parser/lexer.go of k6 0.23.1 and 0.33.0).
    """
    import unicodedata

    kinds = [unicodedata.category(sign) for sign in word if not sign.isascii()]
    first = word[0].isascii() or kinds[0].startswith("L")
    return first and all(kind.startswith("L") or kind == "Nd" for kind in kinds)
