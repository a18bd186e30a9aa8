"""What the options of ``validate`` say about rules and the script."""

from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from k6cfg.engine import Selection
    from k6cfg.k6.decode import Script


def selection_of(select: list[str] | None, ignore: list[str] | None) -> "Selection | None":
    """None where nothing was said, which is all."""
    if not select and not ignore:
        return None
    from k6cfg.engine import Selection, all_rules, rule_names

    known = rule_names()
    chosen = []
    for option, names in (("--select", select), ("--ignore", ignore)):
        words = frozenset(word.strip() for name in names or () for word in name.split(","))
        for word in sorted(words - known):
            import difflib

            near = difflib.get_close_matches(word, sorted(known), 1)
            groups = ", ".join(dict.fromkeys(rule.group for rule in all_rules()))
            hint = f"; did you mean {near[0]}?" if near else f"; the groups are {groups}"
            if _is_migration(word):
                hint = "; what migrations are about, k6cfg migrate finds"
            raise typer.BadParameter(f"{option} knows no rule or group of that name{hint}")
        chosen.append(words)
    return Selection(*chosen)


def words_of(
    select: list[str] | None, ignore: list[str] | None, version: str | None, exports: str | None, metrics: str | None
) -> str:
    """The options of a call that decide what there is to fix, as they are typed."""
    import shlex

    given = [("--select", ",".join(select or ())), ("--ignore", ",".join(ignore or ()))]
    given += [("--k6-version", version or "")]
    script = [("--script-exports", exports), ("--script-metrics", metrics)]
    typed = [(option, value) for option, value in given if value]
    typed += [(option, value) for option, value in script if value is not None]
    return "".join(f" {option} {shlex.quote(value)}" for option, value in typed)


def _is_migration(word: str) -> bool:
    from k6cfg.migrations import RULES

    return any(word in {rule.name, rule.group} for rule in RULES)


def script_of(exports: str | None, metrics: str | None) -> "Script | None":
    """None where nothing is known of it."""
    if exports is None and metrics is None:
        return None
    from k6cfg.k6.decode import Script

    return Script(exports=_exports(exports), metrics=_metrics(metrics))


def _exports(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    return frozenset(name.strip() for name in text.split(",") if name.strip())


_METRIC_TYPES: Final = ("counter", "gauge", "rate", "trend")


def _metrics(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    if text.strip().lower() == "none":
        return {}
    found = {}
    for part in text.split(","):
        name, sign, kind = part.strip().rpartition(":")
        if not sign or kind.lower() not in _METRIC_TYPES:
            raise typer.BadParameter(f"--script-metrics wants NAME:TYPE with a type of {', '.join(_METRIC_TYPES)}")
        found[name] = kind.lower()
    return found
