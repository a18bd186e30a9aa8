"""What the cloud commands of a k6 version need."""

import pytest

from k6cfg.k6.cloud import missing, stack_url
from k6cfg.schema import load
from k6cfg.schema.versions import Version
from k6cfg.text.parser import parse

V1, V2, NEWEST = Version(1, 0), Version(2, 0), Version(2, 2)


def needs(text: str, version: Version = NEWEST, environ: dict[str, str] | None = None) -> list[str]:
    return [need.route[-1] for need in missing(parse(text), load(version), version, environ or {})]


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("{}", NEWEST, ["token", "stackID", "defaultProjectID"]),
        ("{}", V1, ["token"]),
        ('{"collectors": {"cloud": {"token": "x"}}}', V2, ["stackID", "defaultProjectID"]),
        ('{"collectors": {"cloud": {"token": "x"}}}', V1, []),
        ('{"collectors": {"cloud": {"token": ""}}}', V1, ["token"]),
        ('{"collectors": {"cloud": {"token": null}}}', V1, ["token"]),
        ('{"collectors": {"Cloud": {"token": "x"}}}', V1, ["token"]),
        ('{"collectors": {"cloud": {"TOKEN": "x", "stackID": 0, "defaultProjectID": 1}}}', V2, ["stackID"]),
        ('{"collectors": {"cloud": {"token": "x", "stackURL": "https://a.grafana.net", "projectID": 1}}}', V2, ["stackID"]),
        ('{"collectors": {"cloud": {"token": "x", "stackID": 1, "projectID": 1}}}', V2, []),
        ('{"collectors": {"cloud": {"token": "x", "stackID": 1}}, "cloud": {"projectID": 1}}', V2, []),
    ],
)  # fmt: skip
def test_missing(text: str, version: Version, expected: list[str]) -> None:
    assert needs(text, version) == expected


def test_variables_count_unless_they_are_empty() -> None:
    full = {"K6_CLOUD_TOKEN": "x", "K6_CLOUD_STACK_ID": "1", "K6_CLOUD_PROJECT_ID": "1"}
    assert needs("{}", environ=full) == []
    assert needs("{}", environ={**full, "K6_CLOUD_TOKEN": ""}) == ["token"]


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("my-team", NEWEST, "https://my-team.grafana.net"),
        ("my-team.grafana.net", NEWEST, "https://my-team.grafana.net"),
        ("my-team.grafana.net/", NEWEST, "https://my-team.grafana.net"),
        ("https://my-team.grafana.net/a/k6-app", NEWEST, "https://my-team.grafana.net"),
        ("https://my-team.grafana.net/x/", V2, "https://my-team.grafana.net/x/"),
        ("http://localhost:3000", NEWEST, "http://localhost:3000"),
    ],
)
def test_stack(text: str, version: Version, expected: str) -> None:
    assert stack_url(text, version) == expected


@pytest.mark.parametrize("text", ["", "my team", "ftp://x", "https://", "https://me:secret@x", "a/b"])
def test_no_stack(text: str) -> None:
    with pytest.raises(ValueError, match="stack"):
        stack_url(text, NEWEST)
