"""What kind of file something is: a k6 config file, damaged or not, or a file of another format.

Every command that writes a file in place asks here first, and leaves every file alone that is not `Kind.CONFIG`.
Nothing here reads a file; the answer depends on the content and the name only.
"""

import enum
import re
from typing import Final, NamedTuple

from k6cfg.text.encoding import UTF_8, decode, undecodable
from k6cfg.text.lazy_regex import late


class Kind(str, enum.Enum):
    """The kind of a file. The values are part of the JSON contract (``kind`` in docs/json.md)."""

    CONFIG = "config"
    """A k6 config file, or text that may be a damaged one."""
    SCRIPT = "script"
    ARCHIVE = "archive"
    MANIFEST = "manifest"
    BINARY = "binary"
    OTHER = "other"
    """Another recognised text format."""


class FileKind(NamedTuple):
    """The kind of a file.

    ``what`` names the format with its article. ``convert`` are the options with which ``k6cfg validate`` may make a k6
    config file of such a text, empty where there are none. ``is_text`` is False for binary formats.
    """

    kind: Kind
    what: str
    convert: str = ""
    is_text: bool = True

    def help(self, file: str) -> str:
        """Return what to do instead of changing the file; ``file`` is its name as a shell wants it."""
        # A shell empties what it writes to before the file is read.
        new = "new.json" if file.strip("'\"").endswith("options.json") else "options.json"
        found = [f"to convert its options: k6cfg validate {self.convert} - < {file} > {new}"] * bool(self.convert)
        if self.kind is Kind.SCRIPT:
            found.append(f"to check {'them' if found else 'its options'}: k6 inspect {file} | k6cfg validate -")
        elif self.what == _TAR:
            found.append(f"to check the options of a k6 archive: k6 inspect {file} | k6cfg validate -")
        elif self.kind is Kind.ARCHIVE:
            found.append("name a k6 config file; what is in an archive is not changed")
        elif self.kind is Kind.MANIFEST and not self.convert:
            found.append("change the config.json that is in it or that it is made from")
        return "; ".join(found) or "name the k6 config file, which is JSON"


_TAR: Final = "a tar archive"
SAFE: Final = "--fix"
LIKELY: Final = "--fix --unsafe-fixes"
"""Options of ``k6cfg validate`` that convert a text; with the latter the former may do, too."""


def _other(what: str, convert: str = "") -> FileKind:
    return FileKind(Kind.OTHER, what, convert)


CONFIG: Final = FileKind(Kind.CONFIG, "a k6 config file")
_JAVASCRIPT: Final = FileKind(Kind.SCRIPT, "a JavaScript file", SAFE)
_TYPESCRIPT: Final = FileKind(Kind.SCRIPT, "a TypeScript file", SAFE)
_YAML: Final = FileKind(Kind.MANIFEST, "a YAML file", LIKELY)
_PROGRAM: Final = _JAVASCRIPT._replace(convert="")
_SHELL: Final = FileKind(Kind.OTHER, "a shell script")
_METADATA: Final = FileKind(Kind.ARCHIVE, "the metadata of a k6 archive")
_KUBERNETES: Final = FileKind(Kind.MANIFEST, "a Kubernetes manifest")
_COMPOSE: Final = FileKind(Kind.MANIFEST, "a Compose file")
_WORKFLOW: Final = FileKind(Kind.MANIFEST, "a workflow")
_TOOLS: Final = FileKind(Kind.OTHER, "a settings file of another tool")
_SOURCE: Final = FileKind(Kind.OTHER, "a source file of another language")
_ENVIRONMENT: Final = FileKind(Kind.OTHER, "a file of environment variables")


def kind_of(data: bytes, name: str = "") -> FileKind:
    """Return the kind of a file with this content and this name (a path; empty for standard input).

    The name decides where it belongs to another format: ``options.js`` is a script and ``values.yaml`` is YAML even
    where the content could be read as JSON, because other programs read them by that name. A file named ``*.json``,
    or without a telling name, is judged by its content:

    - JavaScript with functions, imports or ``require`` is a script under any name.
    - ``export const options = {…}`` or ``module.exports = {…}`` and nothing else is a script too, for other files may
      import it; but not in a file named ``*.json``. k6's own config path ends in ``.json``, no script imports options
      from there in that notation, and k6 reads the file as JSON: it is a damaged config file, with JavaScript pasted
      into it.
    - YAML, ``key = value`` lines (TOML, INI, HCL, ``.env``, a Python assignment), a call around JSON (JSONP), HTML
      around it, and whole texts in the notation of another language are other formats under any name: such a text is
      no damaged JSON, and another program may read it.
    - Kubernetes manifests, Compose files and CI workflows are manifests under any name, also when written as JSON.
    """
    binary = _binary(data)
    if binary is not None:
        return binary
    name = name.replace("\\", "/").rpartition("/")[2].lower()
    named, inside = _by_name(name), _by_content(data, is_json=name.endswith(".json"))
    if named is None:
        return inside
    # What the content tells besides: which manifest it is, or that a script is more than options.
    if named is _YAML and inside.kind is Kind.MANIFEST:
        return inside
    return named._replace(convert="") if inside.kind is Kind.SCRIPT and not inside.convert else named


# -- by name ----------------------------------------------------------------------------------------------------------

_SUFFIXES: Final = {
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), _JAVASCRIPT),
    **dict.fromkeys((".ts", ".mts", ".cts", ".tsx"), _TYPESCRIPT),
    ".tar": FileKind(Kind.ARCHIVE, _TAR),
    **dict.fromkeys((".tgz", ".gz", ".zip", ".bz2", ".xz", ".zst"), FileKind(Kind.ARCHIVE, "an archive")),
    **dict.fromkeys((".yaml", ".yml"), _YAML),
    ".toml": FileKind(Kind.OTHER, "a TOML file", LIKELY),
    **dict.fromkeys((".hcl", ".tf", ".tfvars"), FileKind(Kind.OTHER, "an HCL file", LIKELY)),
    **dict.fromkeys((".ini", ".cfg", ".properties"), FileKind(Kind.OTHER, "an INI file")),
    ".env": _ENVIRONMENT,
    **dict.fromkeys((".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".cmd"), _SHELL),
    **dict.fromkeys((".html", ".htm", ".xhtml"), FileKind(Kind.OTHER, "an HTML page")),
    **dict.fromkeys((".xml", ".svg"), FileKind(Kind.OTHER, "an XML document")),
    **dict.fromkeys((".md", ".markdown", ".rst", ".adoc"), FileKind(Kind.OTHER, "a text document")),
    **dict.fromkeys((".csv", ".tsv"), FileKind(Kind.OTHER, "a table of data")),
    **dict.fromkeys((".ndjson", ".jsonl", ".har"), FileKind(Kind.OTHER, "a file of recorded data")),
    **dict.fromkeys((".j2", ".tmpl", ".tpl", ".gotmpl"), FileKind(Kind.OTHER, "a template")),
    **dict.fromkeys(
        (".py", ".rb", ".go", ".java", ".kt", ".php", ".lua", ".pl", ".rs", ".c", ".cs", ".scala", ".sql", ".css"),
        _SOURCE,
    ),
}
_NAMES: Final = {
    **dict.fromkeys(("dockerfile", "containerfile", "makefile", "jenkinsfile"), FileKind(Kind.OTHER, "a build file")),
    **dict.fromkeys(("package.json", "package-lock.json", "composer.json", "deno.json"), _TOOLS),
    **dict.fromkeys(("tsconfig.json", "jsconfig.json", "launch.json", "devcontainer.json"), _TOOLS),
}


def _by_name(name: str) -> FileKind | None:
    known = _NAMES.get(name)
    if known is not None:
        return known
    if name == ".env" or name.startswith(".env."):
        return _ENVIRONMENT
    if name.startswith("tsconfig.") and name.endswith(".json"):
        return _TOOLS
    stem, dot, suffix = name.rpartition(".")
    return _SUFFIXES.get(f".{suffix}") if stem and dot else None


# -- by content: text -------------------------------------------------------------------------------------------------

_START: Final = r"(?:^|[;}])[ \t]{0,100}"
_CODE: Final = late(
    rf"{_START}(?:import[ \t]{{0,9}}(?:[{{*'\"]|\w{{1,99}}[ \t]{{0,9}}(?:,|from\b))"
    r"|export[ \t]{1,9}(?:default[ \t]{1,9})?(?:async|function|class)\b"
    r"|(?:export[ \t]{1,9}default|module\.exports[ \t]{0,9}=)[ \t]{0,9}(?:\([^()\n]{0,99}\)[ \t]{0,9}=>|function\b)"
    r"|export[ \t]{0,9}[{*][^;'\"\n]{0,99}\bfrom\b"
    r"|class[ \t]{1,9}\w{1,99}[^{}\n]{0,99}\{"
    r"|\(?(?:async[ \t]{1,9})?function\b[ \t*]{0,9}\w{0,99}[ \t]{0,9}\("
    r"|(?:const|let|var)[ \t]{1,9}[^=\n]{1,99}=[ \t]{0,9}require[ \t]{0,9}\("
    r"|(?:export[ \t]{1,9})?(?:const|let|var)[ \t]{1,9}\w{1,99}[ \t]{0,9}=[ \t]{0,9}"
    r"(?:(?:async|function)\b|(?:\w{1,99}|\([^()\n]{0,99}\))[ \t]{0,9}=>))",
    re.MULTILINE,
)
_MODULE: Final = late(
    rf"{_START}(?:export[ \t]{{1,9}}(?:default|const|let|var|\{{)|(?:module\.)?exports(?:\.\w{{1,99}})?[ \t]{{0,9}}=)",
    re.MULTILINE,
)
_YAML_KEYS: Final = late(r"^(apiVersion|kind|services):", re.MULTILINE)
_PARTS_OF_COMPOSE: Final = late(r"^[ ]{1,20}(?:image|build):", re.MULTILINE)
_PARTS_OF_WORKFLOW: Final = late(r"^[ ]{0,20}(?:runs-on:|(?:steps|script|before_script|tasks):$)", re.MULTILINE)
_FOREIGN: Final = (
    (
        late(
            r"(?:^(?:package \w{1,99};?|#include [<\"].*|func \w{1,99}\(.*|def \w{1,99}\(.*|using [\w.]{1,99};)$)",
            re.MULTILINE,
        ),
        _SOURCE,
    ),
    (
        late(r"^(?:resource|provider|terraform|module|variable|data)\b[^{}\n]{0,99}\{$", re.MULTILINE),
        FileKind(Kind.OTHER, "Terraform code"),
    ),
    (late(r"^(?:set -[a-z]{1,9}|(?:k6|docker|kubectl) (?:run|exec|apply)\b.*)$", re.MULTILINE), _SHELL),
)
"""How a text of another language begins, or one of its lines; for texts that do not begin as JSON does."""
_WORDS: Final = (
    b"export",
    b"import",
    b"function",
    b"require",
    b"=>",
    b"class",
    b"apiVersion",
    b"services",
    b"k6version",
)
"""One of them is in every script or manifest that begins with a brace."""
_MOST: Final = 1 << 20
"""Bytes that are looked at; what decides is near the beginning."""


def _by_content(data: bytes, *, is_json: bool) -> FileKind:
    if data.startswith(b"#!"):
        return _SHELL
    head = data[:_MOST]
    if head.startswith(b"{") and not any(word in head for word in _WORDS) and b"\0" not in head[:4]:
        return CONFIG
    text = decode(head).text.lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        loaded = _loaded(text)
        if loaded is not None:
            return _of_json(loaded)
        return _PROGRAM if _CODE.search(text) else CONFIG
    if _CODE.search(text):
        return _PROGRAM
    if not is_json and _MODULE.search(text):
        return _JAVASCRIPT
    found = _of_yaml(text) or next((kind for pattern, kind in _FOREIGN if pattern.search(text)), None)
    return found or _of_notation(text, is_json=is_json)


def _loaded(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_json(found: object) -> FileKind:
    """Return the kind of a file of JSON: a manifest and the metadata of an archive may be written so."""
    if not isinstance(found, dict):
        return CONFIG
    if isinstance(found.get("apiVersion"), str) and isinstance(found.get("kind"), str):
        return _KUBERNETES
    if isinstance(found.get("services"), dict):
        return _COMPOSE
    if isinstance(found.get("k6version"), str) and isinstance(found.get("options"), dict):
        return _METADATA
    return CONFIG


def _of_yaml(text: str) -> FileKind | None:
    keys = set(_YAML_KEYS.findall(text))
    if {"apiVersion", "kind"} <= keys:
        return _KUBERNETES
    if "services" in keys and _PARTS_OF_COMPOSE.search(text):
        return _COMPOSE
    return _WORKFLOW if _PARTS_OF_WORKFLOW.search(text) else None


# -- by content: other notations --------------------------------------------------------------------------------------

_NAME: Final = r"[A-Za-z_$][\w$.-]{0,99}"
_WHOLE: Final = (
    (late(r"<(?:!doctype\b|\?xml\b|[a-z][\w-]{0,20}[\s/>])", re.IGNORECASE), _other("HTML or XML", SAFE)),
    (late(r"@\{\s{0,99}['\"]?[\w-]{1,99}['\"]?\s{0,9}="), _other("a PowerShell hashtable", LIKELY)),
    (late(r"%\{\s{0,99}(?:\w{1,99}:|['\"]\w{1,99}['\"]\s{0,9}=>)"), _other("an Elixir map", LIKELY)),
    (late(r"(?:\[|array\()\s{0,99}['\"][\w-]{1,99}['\"]\s{0,9}=>"), _other("a PHP array", LIKELY)),
    (late(r"map\[\w{1,99}:[^\n]{0,999}\]$"), _other("a map that Go printed")),
)
"""Whole texts in another notation, by how they begin."""
_CALL: Final = late(rf"{_NAME}\(")
_COMMENT: Final = late(r"[ \t]{0,99}(?:#|//|;|$)")
_ASSIGNMENT: Final = late(rf"(?:export[ ])?({_NAME}|\"[^\"\n]{{1,99}}\")[ \t]{{0,99}}\+?=(?![=>])")
_SECTION: Final = late(r"\[\[?[\w. \"-]{1,99}\]\]?[ \t]{0,9}$")
_BLOCK: Final = late(rf"{_NAME}[ \t]{{1,9}}\{{[ \t]{{0,9}}$")
_STATEMENT: Final = late(rf"[ \t]{{0,99}}{_NAME}[ \t]{{1,9}}[^:\n]{{1,999}};[ \t]{{0,9}}$", re.MULTILINE)
_VARIABLE: Final = late(r"(?:export[ ])?[A-Z][A-Z0-9_]{0,99}=")
_MODULE_OBJECT: Final = late(r"(?:module\.exports|exports\b)")
_YAML_LINE: Final = late(
    r"(?:(?P<indent>[ ]{0,99})(?P<dashes>(?:-[ ]{1,9}){0,9})"
    r"(?P<key>[\w$.*/-]{1,99}|\"[^\"\n]{1,999}\"|'[^'\n]{1,999}'):"
    r"(?:[ ]{1,99}(?P<value>[^\n]{1,9999}))?|[ ]{0,99}-(?:[ ]{1,9}(?P<item>[^\n]{1,9999}))?|---|\.\.\.)$"
)
_PAIRS: Final = {"{": "}", "[": "]", '"': '"', "'": "'"}
_UNFINISHED: Final = (",", "{", "[", "(")
"""How a line of JSON may end, and hardly any of YAML."""


def _of_notation(text: str, *, is_json: bool) -> FileKind:
    """Return the format of a text that is wholly in another notation than JSON; else it is a damaged config file."""
    for pattern, kind in _WHOLE:
        if pattern.match(text):
            return kind
    if _CALL.match(text) and text.rstrip().endswith((")", ");")):
        return _other("a function call (JSONP)", LIKELY)
    lines = [line for line in (each.rstrip() for each in text.splitlines()) if not _COMMENT.match(line)]
    if not lines:
        return CONFIG
    first = lines[0]
    assigned = _ASSIGNMENT.match(first)
    if assigned is not None and not (is_json and _MODULE_OBJECT.match(first)):
        return (
            _ENVIRONMENT if all(map(_VARIABLE.match, lines)) else _other("an assignment, as in TOML or Python", LIKELY)
        )
    if _SECTION.match(first) and len(lines) > 1 and _ASSIGNMENT.match(lines[1].lstrip()):
        return _other("an INI or TOML file", LIKELY)
    if _BLOCK.match(first) and _STATEMENT.search(text):
        return _other("a file of blocks in braces, as of nginx", LIKELY)
    return _other("a YAML document", LIKELY) if _is_yaml(lines) else CONFIG


def _is_yaml(lines: list[str]) -> bool:
    """Whether all lines are YAML, and not those of JSON that lost its braces: its keys would stand in quotes."""
    keys = 0
    for line in lines:
        found = _YAML_LINE.match(line)
        if found is None:
            return False
        value = (found["value"] or found["item"] or "").partition(" #")[0].rstrip()
        if value.endswith(_UNFINISHED) or (value[:1] in _PAIRS and not value.endswith(_PAIRS[value[:1]])):
            return False
        if found["key"] is not None and not found["indent"] and not found["dashes"]:
            if found["key"][0] in "\"'":
                return False
            keys += 1
    return keys > 0 or all(line.lstrip().startswith(("- ", "---")) for line in lines)


# -- by content: binary -----------------------------------------------------------------------------------------------


def _archive(what: str) -> FileKind:
    return FileKind(Kind.ARCHIVE, what, is_text=False)


def _binary_format(what: str) -> FileKind:
    return FileKind(Kind.BINARY, what, is_text=False)


_MAGIC: Final = (
    (b"\x1f\x8b", _archive("gzip data")),
    (b"PK\x03\x04", _archive("a ZIP archive")),
    (b"PK\x05\x06", _archive("a ZIP archive")),
    (b"BZh", _archive("bzip2 data")),
    (b"\xfd7zXZ\0", _archive("xz data")),
    (b"\x28\xb5\x2f\xfd", _archive("Zstandard data")),
    (b"7z\xbc\xaf\x27\x1c", _archive("a 7z archive")),
    (b"Rar!\x1a\x07", _archive("a RAR archive")),
    (b"\x89PNG\r\n\x1a\n", _binary_format("a PNG image")),
    (b"\xff\xd8\xff", _binary_format("a JPEG image")),
    (b"GIF87a", _binary_format("a GIF image")),
    (b"GIF89a", _binary_format("a GIF image")),
    (b"RIFF", _binary_format("an image, audio or video file (RIFF)")),
    (b"%PDF-", _binary_format("a PDF document")),
    (b"\x7fELF", _binary_format("a program (ELF)")),
    (b"\xcf\xfa\xed\xfe", _binary_format("a program (Mach-O)")),
    (b"\xca\xfe\xba\xbe", _binary_format("a program (Mach-O or Java class)")),
    (b"MZ", _binary_format("a program for Windows")),
    (b"b0VIM ", _binary_format("a Vim swap file")),
    (b"\0asm", _binary_format("a WebAssembly module")),
    (b"SQLite format 3\0", _binary_format("an SQLite database")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _binary_format("an old Microsoft Office document")),
)
_FIRSTS: Final = frozenset(magic[0] for magic, _ in _MAGIC)
_USTAR: Final = 257
"""The offset of ``ustar`` in a tar archive."""
_SAMPLE: Final = 8192
_CONTROLS: Final = bytes({*range(1, 32), 127} - {*b"\b\t\n\f\r\x1b"})
"""Control characters that text does not hold."""
_FEW: Final = 4
_JSON_STARTS: Final = (b"{", b"[", b'"', b"//", b"/*")


def _binary(data: bytes) -> FileKind | None:
    """Return what a binary file is; None for text in any encoding that `decode` reads, and for NUL padding around it.

    A text with a few NUL or control characters in it is a damaged text, not a binary file.
    """
    if data[:1] and data[0] in _FIRSTS:
        for magic, found in _MAGIC:
            # `MZ` and the like may begin a word of a text.
            if data.startswith(magic) and (found is _PDF or _odd(data[:_SAMPLE])):
                return found
    if data[_USTAR : _USTAR + 5] == b"ustar" and b"\0" in data[:_USTAR]:
        return _archive(_TAR)
    sample = data[:_SAMPLE].rstrip(b"\0")
    if not _odd(sample):
        return None
    bare = sample.replace(b"\0", b"")
    # Whole characters of UTF-32; a text that is cut in the middle of one is a text all the same.
    if b"\0" in sample and decode(data[: min(len(data), _SAMPLE) & ~3]).encoding != UTF_8:
        return None
    odd = len(bare) - len(bare.translate(None, _CONTROLS))
    if odd >= _FEW and odd * 20 >= len(bare):
        return _UNKNOWN
    begins = bare.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x0b\x0c")
    return _UNKNOWN if not begins.startswith(_JSON_STARTS) and (b"\0" in sample or not _is_utf_8(bare)) else None


def _is_utf_8(data: bytes) -> bool:
    return not any(map(undecodable, decode(data).text))


def _odd(sample: bytes) -> bool:
    """Whether there is any byte that no text in UTF-8 holds, or hardly any."""
    return b"\0" in sample or len(sample.translate(None, _CONTROLS)) < len(sample)


_PDF: Final = next(found for magic, found in _MAGIC if magic == b"%PDF-")
_UNKNOWN: Final = _binary_format("a binary file")
