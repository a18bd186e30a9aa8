"""The page about the functions of ``k6cfg``, from their signatures and docstrings."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import k6cfg
from k6cfg import api
from k6cfg.api import documents, results, values
from making.markdown import NOTE

_INTRO = """\
The functions take the content of a file (bytes, or a text, which counts as UTF-8) and give results back. They read and
write no file, print nothing and ask nobody; whoever calls them writes `data` where it belongs. They answer as the
commands do, which the tests compare. All of it is typed. `import k6cfg` costs next to nothing: what a function needs is
imported when it is first asked for.

`k6_version` is a release such as `"2.2.0"`, `"2"` or `"latest"`; `"auto"` is the k6 on PATH, as for the commands, and
without it the latest supported release counts.

```python
>>> import k6cfg
>>> text = '{"collectors" {"cloud": {"projectID": 7}}}'
>>> [finding] = k6cfg.validate(text).diagnostics
>>> finding.rule, finding.start.line, finding.start.column
('missing-colon', 1, 14)
>>> mended = k6cfg.repair(text)
>>> mended.text
'{"collectors": {"cloud": {"projectID": 7}}}'
>>> k6cfg.get_value(mended.text, "collectors.cloud.projectID")
7
>>> k6cfg.set_value(mended.text, "collectors.cloud.projectID", 8).text
'{"collectors": {"cloud": {"projectID": 8}}}'
>>> k6cfg.set_value(mended.text, "vus", "many")
Traceback (most recent call last):
k6cfg.api.results.Refused: `vus` is a text that is no whole number; k6 refuses the file
>>> k6cfg.effective_options('{"vus": 2, "duration": "90s"}', environ={"K6_VUS": "3"}).options["vus"]
3

```
"""


def page() -> str:
    """The page: what goes for all, then each function, then what they give back."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield f"# k6cfg for programs\n\n{NOTE}\n\n{_INTRO}"
    yield "## Functions\n"
    for module in (documents, values):
        for name, source in _functions(module.__file__ or ""):
            yield f"### `{name}`\n\n```python\n{source}\n```\n"
            yield from _docstring(inspect.getdoc(getattr(k6cfg, name)) or "")
    yield "## What they give back\n"
    for name in api.__all__:
        found = getattr(k6cfg, name)
        if isinstance(found, type):
            yield f"### `{name}`\n"
            yield from _docstring(inspect.getdoc(found) or "")
            yield from _attributes(found)


def _functions(path: str) -> Iterator[tuple[str, str]]:
    """The names of a module's public functions with their signatures, as they are written."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        tree = ast.parse(file.read())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in api.__all__:
            arguments = ast.unparse(node.args)
            line = f"{node.name}({arguments}) -> {ast.unparse(node.returns) if node.returns else None}"
            yield node.name, line if len(line) <= 100 else _broken(node)


def _broken(node: ast.FunctionDef) -> str:
    """A signature with a line for each parameter."""
    arguments = ast.unparse(node.args)
    parts = re.split(r", (?![^\[(]*[\])])", arguments)
    returns = ast.unparse(node.returns) if node.returns else None
    return f"{node.name}(\n" + "".join(f"    {part},\n" for part in parts) + f") -> {returns}"


def _docstring(text: str) -> Iterator[str]:
    """A docstring in the manner of Google as Markdown."""
    for block in text.replace("``", "`").split("\n\n"):
        first, _, rest = block.partition("\n")
        if first in {"Args:", "Raises:"}:
            yield "Takes:\n" if first == "Args:" else "Raises:\n"
            entries = re.split(r"\n(?=\S)", inspect.cleandoc(rest))
            yield from (
                f"- `{name}`: {' '.join(said.split())}" for name, _, said in (e.partition(":") for e in entries)
            )
            yield ""
        else:
            yield f"{block}\n"


def _attributes(found: type) -> Iterator[str]:
    names = [field.name for field in fields(found)] if is_dataclass(found) else list(getattr(found, "_fields", ()))
    if found is results.Refused:
        names = ["message", "help"]
    described = {
        **dict.fromkeys(names, ""),
        **{name: inspect.getdoc(each) or "" for name, each in vars(found).items() if isinstance(each, property)},
    }
    hints = {name: str(hint) for name, hint in inspect.get_annotations(found).items()}
    for name, said in described.items():
        kind = _kind(hints.get(name, ""))
        yield f"- `{name}`" + (f" (`{kind}`)" if kind else "") + (f": {said}" if said else "")
    yield ""


def _kind(hint: str) -> str:
    bare = re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"\1", hint)
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", bare)
