"""What k6 runs with, for people and for programs, without a secret."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from k6cfg.engine.effective import Outcome
from k6cfg.k6.display import Masker, as_json
from k6cfg.k6.effective import DEFAULT, ENV, Effective, Lost
from k6cfg.k6.secrets import key_without_secrets
from k6cfg.report import FORMAT_VERSION
from k6cfg.report.terminal_style import Painter, one_line
from k6cfg.schema import Schema
from k6cfg.schema.versions import Version

_LONGEST: Final = 60
_CLOUD: Final = ("collectors", "cloud")


class EffectiveFile(NamedTuple):
    """One file: ``path`` as it was given, ``shown`` for people."""

    path: str
    shown: str
    outcome: Outcome


def _masker(file: EffectiveFile, schema: Schema) -> Masker:
    """What hides the secrets of one file: those that the file itself tells, wherever they stand, too."""
    checked = file.outcome.checked
    known = [checked.document.text[span.start : span.end] for span in checked.secrets] if checked is not None else []
    return Masker(schema, known)


def _named(found: Mapping[str, str]) -> dict[str, str]:
    return {key_without_secrets(key): text for key, text in found.items()}


# -- for programs -----------------------------------------------------------------------------------------------------


def render_json(files: Sequence[EffectiveFile], schema: Schema, version: Version) -> str:
    """All files on one line: a contract, described in docs/json.md."""
    content = {
        "format_version": FORMAT_VERSION,
        "k6_version": str(version),
        "files": [_json(file, schema) for file in files],
    }
    return as_json(content)


def _json(file: EffectiveFile, schema: Schema) -> dict[str, object]:
    masker = _masker(file, schema)
    found = file.outcome.effective
    cloud = file.outcome.cloud
    faults = [
        {"variable": fault.variable, "key": fault.key, "reason": fault.reason, "refused": fault.refused}
        for fault in file.outcome.faults
    ]
    return {
        "path": file.path,
        "options": masker.masked(dict(found.options)) if found is not None else None,
        "origins": _named(found.origins) if found is not None else None,
        "variables": _named(found.sources) if found is not None else None,
        "beside": masker.masked(dict(found.beside)) if found is not None else None,
        "lost": [_lost(lost, masker) for lost in found.lost] if found is not None else [],
        "cloud": None
        if cloud is None
        else {
            "settings": masker.masked(dict(cloud.options), _CLOUD),
            "origins": _named(cloud.origins),
            "variables": _named(cloud.sources),
            "lost": [_lost(lost, masker, _CLOUD) for lost in cloud.lost],
        },
        "faults": faults,
        "error": file.outcome.refusal,
    }


def _lost(lost: Lost, masker: Masker, below: Sequence[str] = ()) -> dict[str, object]:
    key = key_without_secrets(lost.key)
    return {"key": key, "layer": lost.layer, "value": _value(lost, masker, below), "why": lost.why}


def _value(lost: Lost, masker: Masker, below: Sequence[str]) -> object:
    return masker.masked(lost.value, (*below, *lost.key.split(".")))


# -- for people -------------------------------------------------------------------------------------------------------


def render(files: Sequence[EffectiveFile], schema: Schema, painter: Painter, why: str) -> str:
    """For each file what wins, a line each, then what lost and why; ``why`` says which k6 it is about."""
    lines: list[str] = []
    for file in files:
        lines += [painter.paint(file.shown, "bold"), *_file(file, schema, painter), ""]
    lines.append(painter.paint(why, "dim"))
    return "\n".join(lines) + "\n"


def _file(file: EffectiveFile, schema: Schema, painter: Painter) -> Iterator[str]:
    masker = _masker(file, schema)
    found, cloud = file.outcome.effective, file.outcome.cloud
    if found is None:
        yield f"  {painter.paint('k6 refuses this', 'red')}: {one_line(file.outcome.refusal or '')}"
    else:
        yield from _rows({**found.options, **found.beside}, found, masker, painter)
        for lost in found.lost:
            yield from _said(lost, masker, painter)
    if cloud is not None and any(origin != DEFAULT for origin in cloud.origins.values()):
        yield "  for the cloud:"
        chosen = {key: value for key, value in cloud.options.items() if cloud.origins[key] != DEFAULT}
        yield from _rows(chosen, cloud, masker, painter, _CLOUD)
        for lost in cloud.lost:
            yield from _said(lost, masker, painter, _CLOUD)
    for fault in file.outcome.faults:
        if not fault.refused:
            yield f"  {painter.paint('note', 'cyan')}: {fault.variable} {fault.reason}"


def _rows(
    values: Mapping[str, object], found: Effective, masker: Masker, painter: Painter, below: Sequence[str] = ()
) -> Iterator[str]:
    shown = {key: _text(masker.masked(value, (*below, key))) for key, value in values.items()}
    names = {key: one_line(key_without_secrets(key)) for key in shown}
    widest = max(map(len, names.values()), default=0)
    longest = min(max(map(len, shown.values()), default=0), _LONGEST)
    for key, text in shown.items():
        yield f"  {names[key]:<{widest}}  {text:<{longest}}  {painter.paint(_origin(found, key), 'dim')}"


def _origin(found: Effective, key: str) -> str:
    origin = found.origins[key]
    return f"{ENV}: {found.sources[key]}" if key in found.sources else origin


def _said(lost: Lost, masker: Masker, painter: Painter, below: Sequence[str] = ()) -> Iterator[str]:
    text = _text(_value(lost, masker, below))
    what = painter.paint("lost", "yellow")
    yield f"  {what}: `{one_line(key_without_secrets(lost.key))}` {text} ({lost.layer}): {one_line(lost.why)}"


def _text(value: object) -> str:
    text = one_line(as_json(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
