"""How often the first error stands where k6's own message says: at its offset, or at the member that it names.

    python bench/places.py [VERDICTS.jsonl.gz] [--show N] [--check]

Counts the refused files whose message names a place: for ``invalid character`` the offset at which a strict parser
stops, else the key or text in the message. What has to be mended and where k6 notices may lie apart; then the first
error reaches from the one to the other, and how many start at k6's offset is printed beside it. With ``--check`` it
exits 1 below 99 %.
"""

import argparse
import base64
import collections
import contextlib
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from k6cfg.engine import Checked, check
from k6cfg.k6.decode import Script
from k6cfg.k6.member_lookup import fold
from k6cfg.schema import Schema, load
from k6cfg.schema.versions import Version
from k6cfg.text.diagnostics import Diagnostic, Severity
from k6cfg.text.encoding import UTF_8
from k6cfg.text.parser import stop
from k6cfg.text.tree import Document

HERE: Final = Path(__file__).resolve().parent
ASKED: Final = Script(frozenset({"default"}), {})
"""What the script had with which k6 was asked."""
ENOUGH: Final = 0.99

_KEYS: Final = (
    r"Go struct field [\w.]*?(\w+) of type",
    r'unknown field "(.*?)"\s*$',
    r"scenario '(.*)' doesn't have",
    r"scenario ([\w-]+) has configuration errors",
    r"(setupTimeout) must be",
    r"provided (segment) .* can't be found in sequence",
    r"threshold(?: .*)? (?:applied on metric|defined on) (.*?); reason",
    r'metric "(.*?)" (?:has unmatched|lacks|closing)',
)
"""Messages that name a key, or part of one."""
_TEXTS: Final = (
    r"unknown executor type '(.*)'",
    r"invalid host(?:name)? pattern '(.*)'",
    r"failed to parse CIDR '(.*?)'",
    r"unknown cipher suite '(.*)'",
    r"unknown TLS version '(.*)'",
    r"(\S+) does not belong to DNS",
    r'in duration "(.*)"',
    r'invalid duration "(.*)"',
    r"trend stat (?:value )?'(.*?)',",
    r'threshold expression(?:\'s)? "(.*?)"',
    r'metric "(.*?)" tag expression is malformed',
    r"invalid DNS TTL: (.*?)\s*$",
    r"'(.*)' is not a valid percentage",
    r'strconv\.\w+: parsing "(.*)": ',
)
"""Messages that quote a text of the file, or part of one."""


class Place(NamedTuple):
    """Where k6 says that the fault is: an offset, or one of the keys or of the pieces of text that it names."""

    offset: int | None = None
    keys: frozenset[str] = frozenset()
    pieces: frozenset[str] = frozenset()


def place(message: str, document: Document) -> Place | None:
    """The place that a message of k6's names, if it names one; of what is not UTF-8, the first byte."""
    if "invalid character" in message:
        return Place(offset=stop(document.text) if document.encoding == UTF_8 else 0)
    message = _plain(message)
    keys = {key for pattern in _KEYS for key in re.findall(pattern, message, re.MULTILINE)} - {"default"}
    pieces = {piece for pattern in _TEXTS for piece in re.findall(pattern, message, re.MULTILINE)}
    return Place(keys=frozenset(keys), pieces=frozenset(pieces)) if keys or pieces else None


def _plain(message: str) -> str:
    """A message without k6's words around it, and without the escapes of Go's time."""
    message = re.sub(r'^.*couldn\'t parse the configuration from ".*?": ', "", message, flags=re.DOTALL)
    escaped = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), message)
    with contextlib.suppress(UnicodeError):
        return escaped.encode("latin-1").decode()
    return message


def is_there(wanted: Place, error: Diagnostic, text: str) -> bool:
    """Whether an error stands at a place; white space between does not count."""
    if wanted.offset is not None:
        start, end = error.span
        return not (text[end : wanted.offset] or text[wanted.offset : start]).strip(" \t\r\n")
    parts = [fold(part.replace("~1", "/").replace("~0", "~")) for part in error.pointer.split("/")]
    shown = text[error.span.start : error.span.end]
    with contextlib.suppress(ValueError):
        shown = str(json.loads(shown))
    return any(fold(key) in part for key in wanted.keys for part in parts) or any(
        piece.lower() in each.lower() for piece in wanted.pieces for each in (shown, *parts)
    )


def starts_there(wanted: Place, error: Diagnostic, text: str) -> bool:
    """Whether an error starts at an offset, or the text that it is about does; white space between does not count."""
    start, at = error.span.start, wanted.offset or 0
    return not text[min(start, at) : max(start, at)].strip(" \t\r\n")


def cases(path: Path) -> Iterator[tuple[str, bytes, Version, str]]:
    """The refused files: name, content, version, and what k6 said."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            for version, said in case["k6"].items():
                messages = [said[use] for use in ("run", "cloud") if isinstance(said.get(use), str)]
                if messages and said.get("run") != "crashed":
                    yield case["id"], base64.b64decode(case["text"]), Version.parse(version), messages[0]


def first_error(data: bytes, schema: Schema) -> tuple[Document, Diagnostic | None]:
    """A file and the first thing in it that k6 refuses."""
    checked: Checked = check(data, schema, ASKED, intent=False)
    errors = [found for found in checked.diagnostics if found.severity is Severity.ERROR]
    return checked.document, errors[0] if errors else None


def main() -> int:
    """Print how many first errors stand where k6 says, and some of those that do not."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path, default=HERE.parent / "fixtures/verdicts/verdicts.jsonl.gz")
    arguments.add_argument("--show", type=int, default=0, help="how many misses to print")
    arguments.add_argument("--check", action="store_true", help=f"exit 1 below {ENOUGH:.0%}")
    options = arguments.parse_args()
    asked: collections.Counter[str] = collections.Counter()
    right: collections.Counter[str] = collections.Counter()
    starts = 0
    shown: set[str] = set()
    for name, data, version, message in cases(options.file):
        document, error = first_error(data, load(version))
        wanted, text = place(message, document), document.text
        if wanted is None:
            continue
        kind = "offset" if wanted.offset is not None else "member"
        asked[kind] += 1
        if error is not None and is_there(wanted, error, text):
            right[kind] += 1
            starts += kind == "offset" and starts_there(wanted, error, text)
        elif len(shown) < options.show and name not in shown:
            shown.add(name)
            found = (
                "nothing" if error is None else f"{error.pointer} {error.span.start}-{error.span.end} {error.message}"
            )
            print(f"{name} {version}: {message[-110:]!r}\n  {wanted}, but {found}\n  {text[:200]!r}")
    share = right.total() / max(asked.total(), 1)
    for kind, number in asked.items():
        print(f"{kind}: {right[kind]} of {number} ({100 * right[kind] / number:.2f} %)")
    print(f"offset, by the start alone: {starts} of {asked['offset']} ({100 * starts / max(asked['offset'], 1):.2f} %)")
    print(f"the first error stands where k6 says in {right.total()} of {asked.total()} refusals ({100 * share:.2f} %)")
    return 1 if options.check and share < ENOUGH else 0


if __name__ == "__main__":
    sys.exit(main())
