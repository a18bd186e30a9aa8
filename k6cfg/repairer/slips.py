"""What each kind of repair costs, why, and how far it may be trusted: the one table that the search is steered by.

A cost is how surprising a slip is, on the scale on which a forgotten comma is 1. The cheapest set of slips that
explains the whole text wins; a reading that is nearly as cheap makes the winner doubtful. What deletes costs more than
what inserts, and the more the more it deletes, for otherwise ``{}`` would be the cheapest reading of anything.
"""

from typing import Final, NamedTuple

from k6cfg.text.diagnostics import Applicability, Rule
from k6cfg.text.parser import (
    BAD_STRING,
    BARE_KEY,
    BARE_VALUE,
    COMMENT,
    EXTRA_COLON,
    EXTRA_COMMA,
    FOREIGN_QUOTES,
    MISSING_COLON,
    MISSING_COMMA,
    MISSING_VALUE,
    ODD_SPACE,
    OPEN_STRING,
    STRAY_CLOSER,
    SYNTAX,
    TRAILING_TEXT,
    UNCLOSED,
)

UNOPENED: Final = Rule("unopened-bracket", SYNTAX, "An object or array has no opening bracket.")
WRONG_BRACKET: Final = Rule("wrong-bracket", SYNTAX, "A bracket is of the wrong kind.")
STRAY_SIGN: Final = Rule("stray-character", SYNTAX, "Characters that belong to nothing.")
STRAY_QUOTE: Final = Rule("stray-quote", SYNTAX, "A quote too many.")
INNER_QUOTES: Final = Rule("inner-quotes", SYNTAX, "A string holds quotes that are not escaped.")
FOREIGN_LITERAL: Final = Rule("foreign-literal", SYNTAX, "True, None and the like, as other languages write them.")
FOREIGN_NUMBER: Final = Rule("foreign-number", SYNTAX, "A number in a notation that JSON does not have.")
EXPRESSION: Final = Rule("expression", SYNTAX, "A value that has to be computed first.")

WRAPPER: Final = Rule("wrapper", SYNTAX, "The configuration is wrapped in something else.")
LANGUAGE: Final = Rule("other-language", SYNTAX, "The configuration is written in YAML or TOML.")
MERGE_CONFLICT: Final = Rule("merge-conflict", SYNTAX, "The marks of an unresolved merge.")
ZEROS: Final = Rule("zeros", SYNTAX, "The file holds NUL bytes and nothing else.")
NOT_A_CONFIGURATION: Final = Rule("not-a-configuration", SYNTAX, "The file is something else altogether.")
UNCLEAR: Final = Rule("unclear", SYNTAX, "Broken text that can be read in more than one way.")
BRACKETS: Final = frozenset({UNCLOSED, UNOPENED, WRONG_BRACKET, STRAY_CLOSER})
RULES: Final = (
    UNOPENED,
    WRONG_BRACKET,
    STRAY_SIGN,
    STRAY_QUOTE,
    INNER_QUOTES,
    FOREIGN_LITERAL,
    FOREIGN_NUMBER,
    EXPRESSION,
    WRAPPER,
    LANGUAGE,
    MERGE_CONFLICT,
    ZEROS,
    NOT_A_CONFIGURATION,
    UNCLEAR,
)

SAFE: Final = Applicability.SAFE
MANUAL: Final = Applicability.MANUAL
UNSAFE: Final = Applicability.UNSAFE


class Slip(NamedTuple):
    """One kind of slip: what it costs to assume it, the finding it makes, and how far its fix may be trusted."""

    cost: float
    rule: Rule
    trust: Applicability
    why: str


SLIPS: Final[dict[str, Slip]] = {
    # what is forgotten
    "colon": Slip(1.0, MISSING_COLON, SAFE, "the unit: one key next to the start of a button"),
    "comma": Slip(1.0, MISSING_COMMA, SAFE, "as common, and as small"),
    "colon-odd": Slip(
        1.0, MISSING_COLON, UNSAFE, "a blank or colon inside the quotes beside it: they may be misplaced"
    ),
    "comma-odd": Slip(1.0, MISSING_COMMA, UNSAFE, "the same"),
    "close-end": Slip(0.9, UNCLOSED, SAFE, "the end of a text is where it is cut off"),
    "close-cut": Slip(1.0, UNCLOSED, UNSAFE, "the text ends in a number or word that may have been longer"),
    "close": Slip(1.4, UNCLOSED, SAFE, "inside, a closer is forgotten less often than at the end"),
    "open": Slip(1.6, UNOPENED, SAFE, "openers are written first and seldom forgotten"),
    "quote-open": Slip(1.1, OPEN_STRING, SAFE, "a quote at the end shows that there was one at the start"),
    "quote-close": Slip(1.6, OPEN_STRING, SAFE, "where the string was to end has to be guessed"),
    "quote-close-odd": Slip(1.6, OPEN_STRING, UNSAFE, "the string ends in a sign that may stand for the quote"),
    "quote-sign": Slip(1.7, OPEN_STRING, UNSAFE, "another key of the keyboard was hit; the sign goes with it"),
    "quote-cut": Slip(1.5, OPEN_STRING, UNSAFE, "the text ends in the string: its end is lost"),
    # what is wrong
    "sign-colon": Slip(0.9, MISSING_COLON, SAFE, "= and => are the colon of other languages"),
    "point-colon": Slip(1.2, MISSING_COLON, SAFE, "a slip of the finger: , or ; for :"),
    "point-comma": Slip(1.1, MISSING_COMMA, SAFE, "a slip of the finger: ; or . for ,"),
    "colon-comma": Slip(1.2, MISSING_COMMA, SAFE, "a slip of the mind: : for ,"),
    "wrong-closer": Slip(1.3, WRONG_BRACKET, SAFE, "the right place, the wrong key"),
    "wrong-opener": Slip(1.5, WRONG_BRACKET, SAFE, "an opener is looked at more than a closer"),
    "wrong-opener-odd": Slip(1.5, WRONG_BRACKET, UNSAFE, "the same, where k6 takes neither"),
    "braces": Slip(1.0, WRONG_BRACKET, UNSAFE, "braces around a single value, where k6 takes no object"),
    "sign-closer": Slip(1.5, WRONG_BRACKET, SAFE, "another sign of JSON where a closer belongs"),
    "sign-opener": Slip(1.6, WRONG_BRACKET, SAFE, "another sign of JSON where an opener belongs"),
    "same-wrong-closer": Slip(0.1, WRONG_BRACKET, SAFE, "who opens with the wrong bracket closes with it too"),
    "wide": Slip(0.3, STRAY_SIGN, SAFE, "an input method left on writes ： for :"),  # noqa: RUF001
    "foreign-quotes": Slip(0.3, FOREIGN_QUOTES, SAFE, "every other language allows them; word processors make them"),
    "mixed-quotes": Slip(0.9, FOREIGN_QUOTES, SAFE, "two kinds of quotes around one string"),
    "inner-quotes": Slip(1.2, INNER_QUOTES, UNSAFE, "a quoted word inside a string: a pair of quotes"),
    "inner-pair": Slip(0.5, INNER_QUOTES, UNSAFE, "each further pair"),
    "inner-odd": Slip(0.9, INNER_QUOTES, UNSAFE, "a quote without a partner, on top"),
    "doubled-quotes": Slip(1.0, STRAY_QUOTE, SAFE, "escaping of CSV, or a template that adds its own"),
    "escaped-quotes": Slip(
        0.9, BAD_STRING, SAFE, "both quotes of a string have a backslash: they stood in another one"
    ),
    "adjacent": Slip(1.3, EXPRESSION, UNSAFE, "strings below each other, as Python and C join them"),
    "doubled-apostrophe": Slip(1.1, FOREIGN_QUOTES, SAFE, "'it''s': YAML and SQL write an apostrophe twice"),
    "line-break": Slip(1.2, BAD_STRING, SAFE, "a string that was wrapped; both ends are there"),
    "line-wrap": Slip(
        1.2, BAD_STRING, UNSAFE, "a mail program or a terminal broke the line; what stood there is likely"
    ),
    "escape": Slip(0.3, BAD_STRING, SAFE, "an escape of another language, a tab; the character is plain"),
    "escape-odd": Slip(0.3, BAD_STRING, UNSAFE, "in JavaScript and Markdown the backslash goes, in Python it stays"),
    "path": Slip(0.5, BAD_STRING, UNSAFE, "a Windows path: all its backslashes are meant as such, valid or not"),
    "path-drive": Slip(0.5, BAD_STRING, SAFE, "after C: with none doubled: no file has a tab in its name"),
    "path-end": Slip(1.0, BAD_STRING, UNSAFE, "a backslash before the closing quote escapes it"),
    "bare-key": Slip(0.3, BARE_KEY, SAFE, "JavaScript and YAML want no quotes"),
    "bare-odd-key": Slip(1.3, BARE_KEY, UNSAFE, "a bare key that is no name"),
    "bare-selector": Slip(1.0, BARE_KEY, SAFE, "a metric with its tags, in the one way in which k6 writes that"),
    "computed-key": Slip(0.4, BARE_KEY, SAFE, "a text in brackets is the key that JavaScript or Lua computes from it"),
    "colon-in-key": Slip(0.7, MISSING_COLON, SAFE, "the quote and the colon changed places; no key of k6 ends with :"),
    "comma-in-string": Slip(0.9, MISSING_COMMA, UNSAFE, "the quote and the comma changed places, perhaps"),
    "bare-text": Slip(1.1, BARE_VALUE, SAFE, "text that is plainly text: 30s, a hexadecimal token, a URL"),
    "bare-word": Slip(1.2, BARE_VALUE, UNSAFE, "a word may be text, a name of the script, or a placeholder"),
    "placeholder": Slip(1.2, BARE_VALUE, UNSAFE, "a place for a value; as text it stays what it is"),
    "placeholder-refused": Slip(1.2, BARE_VALUE, MANUAL, "the same where k6 takes no text: the finding says so"),
    "no-text": Slip(1.2, BARE_VALUE, MANUAL, "a word where k6 takes a number or a boolean alone: quotes mend nothing"),
    "switch": Slip(0.7, EXPRESSION, MANUAL, "yes and off are booleans to YAML and words to everyone else"),
    "literal": Slip(0.2, FOREIGN_LITERAL, SAFE, "the literals of Python, YAML and shouting people"),
    "undefined": Slip(0.6, FOREIGN_LITERAL, UNSAFE, "JavaScript leaves the member out, k6 takes null as left out"),
    "typo": Slip(0.9, FOREIGN_LITERAL, UNSAFE, "tru, ture, flase: a literal but for a letter"),
    "notation": Slip(0.4, FOREIGN_NUMBER, SAFE, "+5, .5, 5., 1_000: the same number in another notation"),
    "base": Slip(0.5, FOREIGN_NUMBER, SAFE, "0x0A: the number is known, only its spelling changes"),
    "zeros-before": Slip(0.5, FOREIGN_NUMBER, UNSAFE, "010 is ten to people, and eight to some languages"),
    "zeros-plain": Slip(
        0.5, FOREIGN_NUMBER, UNSAFE, "007 is seven to all, or a text: where k6 takes no text, notation"
    ),
    "unknowable": Slip(
        0.7, EXPRESSION, MANUAL, "what a script computes when it runs; no text can say what it would be"
    ),
    "dashes": Slip(1.0, LANGUAGE, UNSAFE, "a list as in YAML, one - for each item"),
    "thousands": Slip(0.9, FOREIGN_NUMBER, UNSAFE, "1,000 or 1 000 in an object can only be one number"),
    "whole-thousands": Slip(0.9, FOREIGN_NUMBER, SAFE, "the same, where k6 takes whole numbers alone"),
    "constant": Slip(0.5, EXPRESSION, UNSAFE, "the script around the object says what the name stands for"),
    "concatenation": Slip(0.5, EXPRESSION, SAFE, "two strings and a plus are one string"),
    "product": Slip(0.6, EXPRESSION, UNSAFE, "60 * 5 is 300, but no one wrote 300"),
    # what is around
    "fence": Slip(0.0, WRAPPER, SAFE, "the marks that a block of code has in Markdown"),
    "gutter": Slip(0.0, WRAPPER, SAFE, "line numbers that count up by one on every line come from an editor or a page"),
    "line-ends": Slip(0.0, WRAPPER, SAFE, "every line ends in the $ with which cat -A shows where it does"),
    "transfer": Slip(
        0.0, WRAPPER, SAFE, "the quoted-printable of mail: every = starts a code or ends a line at its width"
    ),
    "marker": Slip(0.0, MERGE_CONFLICT, UNSAFE, "one mark of a merge without the others: somebody chose, and left it"),
    "colours": Slip(0.0, WRAPPER, SAFE, "what tells a terminal which colour to write in"),
    "diff": Slip(0.0, WRAPPER, UNSAFE, "the lines of a patch; which state of the file is meant is likely, not sure"),
    "diff-new": Slip(0.0, WRAPPER, SAFE, "a patch that only adds: there is no other state of the file"),
    "entities": Slip(
        0.0, WRAPPER, SAFE, "a text without one plain quote, but with &quot;: copied out of a page's source"
    ),
    "escaped": Slip(0.0, WRAPPER, SAFE, "a text in which every quote has a backslash: copied out of a string"),
    "assignment": Slip(0.0, WRAPPER, SAFE, "export const options = and the like around the object"),
    "code": Slip(0.0, WRAPPER, UNSAFE, "more code than that: it may be the script itself, and it would be lost"),
    "label": Slip(0.0, WRAPPER, SAFE, "the prompt, the file's name, the ruler that a page or terminal puts before it"),
    "typed": Slip(
        0.0, WRAPPER, UNSAFE, "a line of a terminal in the midst of the file: pasted along, or over something"
    ),
    "template": Slip(0.0, WRAPPER, UNSAFE, "a line of a template: what it does when it is filled in is lost"),
    "prose": Slip(0.0, WRAPPER, UNSAFE, "a label, a prompt, a sentence; it would be lost"),
    "yaml": Slip(0.0, LANGUAGE, UNSAFE, "plainly a configuration, but written anew as a whole"),
    "toml": Slip(0.0, LANGUAGE, UNSAFE, "the same"),
    "hcl": Slip(0.0, LANGUAGE, UNSAFE, "the same"),
    "php": Slip(0.0, LANGUAGE, UNSAFE, "an array of PHP; what is an object in it is seen by its arrows"),
    # what is too much
    "trailing-comma": Slip(0.4, EXTRA_COMMA, SAFE, "allowed nearly everywhere but in JSON"),
    "extra-comma": Slip(0.8, EXTRA_COMMA, SAFE, "left behind when a line goes"),
    "key-again": Slip(1.0, EXTRA_COLON, SAFE, "the key was written twice, and nothing is lost with one of them"),
    "extra-colon": Slip(0.8, EXTRA_COLON, SAFE, "a key that bounced"),
    "stray-closer": Slip(1.2, STRAY_CLOSER, SAFE, "left over from a merge or a cut"),
    "stray-opener": Slip(1.7, STRAY_CLOSER, SAFE, "an opener too many"),
    "doubled-opener": Slip(1.0, STRAY_CLOSER, SAFE, "the same opener twice in a row"),
    "stray-sign": Slip(0.6, STRAY_SIGN, SAFE, "; \\ and the like mean nothing to JSON"),
    "stray-mark": Slip(
        0.6, STRAY_SIGN, UNSAFE, "a sign at the head of an entry's line: it may have taken the entry out"
    ),
    "stray-quote": Slip(1.1, STRAY_QUOTE, SAFE, "a quote beside a value that is whole without it"),
    "ellipsis": Slip(0.5, STRAY_SIGN, UNSAFE, "... is nothing itself, but it says that something was left out"),
    "elided": Slip(0.5, STRAY_SIGN, MANUAL, "with nothing beside the ..., all that was meant is left out"),
    "comment": Slip(0.2, COMMENT, SAFE, "allowed nearly everywhere but in JSON"),
    "comment-slash": Slip(0.6, COMMENT, UNSAFE, "one / for two: words that can be nothing else, but no comment either"),
    "comment-open": Slip(0.4, COMMENT, UNSAFE, "a comment that nothing ends; that it ends with its line is a guess"),
    "comment-rest": Slip(
        0.4, COMMENT, MANUAL, "the comment holds what looks like the rest of its line: it may end earlier"
    ),
    "odd-space": Slip(0.2, ODD_SPACE, SAFE, "comes along when text is copied from a page"),
    "cut-key": Slip(1.0, MISSING_VALUE, UNSAFE, "the text ends after a key: its value is lost"),
    "no-value": Slip(2.0, MISSING_VALUE, UNSAFE, "a key without a value says nothing, but someone meant something"),
    "stray-word": Slip(2.5, STRAY_SIGN, UNSAFE, "a word that goes is lost"),
    "tail-sign": Slip(0.3, TRAILING_TEXT, SAFE, "; or ) or a fence after the end"),
    "tail-same": Slip(1.0, TRAILING_TEXT, SAFE, "the same again: nothing is lost"),
    "tail": Slip(2.4, TRAILING_TEXT, UNSAFE, "what follows the end is prose, code, or the rest of an older file"),
}

INDENT_DOUBT: Final = 0.8
"""A line that is not indented as its place in the structure says: nearly as telling as a slip."""
INLINE_DOUBT: Final = 0.2
"""A closing bracket behind an entry, where the entries have lines of their own."""
KEY_DOUBT: Final = 0.7
"""A key that k6 does not know in this object: it may belong to another one."""
TWICE_DOUBT: Final = 0.8
"""A key that the object has already: it may belong to the next one, and k6 drops one of the two values."""
TWICE: Final = 2.9
"""The same, where only a slip that is assumed brings the two together."""
TYPE_DOUBT: Final = 0.6
"""A value of a type that k6 does not take here."""

PRUNE: Final = 2.6
"""A reading that is dearer than the cheapest by this much is given up."""
SURE: Final = 0.65
"""The winner is safe only when the next reading with another meaning is dearer by this much."""
DEAR: Final = 4.0
"""And with this, such a story is not told at all."""
SURE_BY_DOUBT: Final = 1.0
"""The same, where the winner needs no fewer slips than the other and wins by doubts alone."""
MIXED: Final = 2.4
"""Slips of different kinds in one place that cost this much together are a story that need not be true."""
SMALL: Final = frozenset(
    {"comma", "colon", "extra-comma", "extra-colon", "sign-colon", "point-comma", "bare-text", "close-end"}
)
"""Slips of one sign, or of text that is plainly text: any number of them is no story, only several slips."""
ALONE: Final = 0.9
"""With no other reading nearer than this, small slips of different kinds are safe together."""
CROWD: Final = 3
"""With so many of them in a text, the place of a bracket that is missing or too many is not safe."""
EVERYDAY: Final = 0.45
"""Slips up to this cost are notation; they are understood outside the region of an error too."""
ROOT_DOUBT: Final = 1.2
"""An array for the whole configuration, where something is broken: k6 wants an object."""
UNEASY: Final = 1.2
"""With doubts that add up to this, even the winner is not safe."""
WILD: Final = 2.9
"""With so many for each place with a slip, it is no reading but a pile of coincidences."""
TELLING: Final = 0.15
"""With less than this between the two best readings there is no telling, and nothing is repaired."""
