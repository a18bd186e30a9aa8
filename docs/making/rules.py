"""The pages about the rules of ``validate`` and the checks of ``doctor``."""

from collections.abc import Iterator
from itertools import groupby

from k6cfg.doctor import CHECKS
from k6cfg.engine import all_rules
from k6cfg.engine.explanation.rules import LESSONS
from making.markdown import NOTE, cell


def page() -> str:
    """Every rule, by group, with a file that breaks it and the same file as it should be."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield f"# The rules of k6cfg validate\n\n{NOTE}\n"
    yield "`--select` and `--ignore` take the name of a rule, or of a group for all of its rules."
    yield "`k6cfg explain RULE` says the same in the terminal.\n"
    for group, rules in groupby(sorted(all_rules(), key=lambda rule: rule.group), key=lambda rule: rule.group):
        yield f"## Group `{group}`\n"
        for rule in rules:
            yield f"### `{rule.name}`\n\n{rule.summary}"
            lesson = LESSONS.get(rule.name)
            if lesson is not None:
                when = f" For k6 {lesson.version}:" if lesson.version is not None else ""
                yield f"{lesson.why}{when}\n"
                yield from _file("wrong", lesson.wrong)
                yield from _file("right", lesson.right)
            yield ""


def _file(what: str, text: str | None) -> Iterator[str]:
    if text is not None:
        shown = text.replace("\ufeff", "<U+FEFF>").replace("\u00a0", "<U+00A0>").replace("\0", "<NUL>") or "(nothing)"
        yield f"{what}:\n\n```text\n{shown.rstrip()}\n```\n"


def checks() -> str:
    """What ``doctor`` looks at, in its order."""
    rows = "\n".join(f"| `{check.id}` | {cell(check.title)} |" for check in CHECKS)
    return (
        f"# The checks of k6cfg doctor\n\n{NOTE}\n\n"
        "`--only` and `--skip` take an id. Each result has a level (error, warning, could not check, info, ok, skipped)"
        " and says\nwhat mends it.\n\n"
        f"| id | asks |\n|---|---|\n{rows}\n"
    )
