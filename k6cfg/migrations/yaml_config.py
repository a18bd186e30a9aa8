"""The file before there was a config.json: ``config.yml`` of k6 0.16 and 0.17, which knew one setting."""

import json
from typing import Final
from urllib.parse import unquote, urlsplit

from k6cfg.text.lazy_regex import late

_LINE: Final = late(r"(?P<indent> *)(?P<key>[A-Za-z_]+) *:(?: +(?P<value>[^#\s](?:[^#]*[^# ])?))? *(?:#.*)?")
_ROUTE: Final = ["collectors", "influxdb", "default_url"]


def converted(text: str) -> str | None:
    """The config.json for a ``config.yml``; ``None`` where it holds anything else than the one setting there was.

    ``collectors.influxdb.default_url`` becomes address, database, user and password, as k6 0.17 took them from it.
    Source: cmd/config.go and stats/influxdb of 0.16.0.
    """
    url = _url(text)
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", "udp"} or not parts.hostname or parts.query:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    settings = {
        "addr": f"{parts.scheme}://{host}{port}",
        "db": parts.path.strip("/"),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
    block = {key: value for key, value in settings.items() if value}
    return json.dumps({"collectors": {"influxdb": block}}, indent=2, ensure_ascii=False) + "\n"


def _url(text: str) -> str | None:
    """The one value, if the file is the three nested keys and no more."""
    seen: list[str] = []
    indents = [-1]
    url = None
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#") or line.strip() == "---":
            continue
        found = _LINE.fullmatch(line)
        if found is None or url is not None or len(found["indent"]) <= indents[-1]:
            return None
        indents.append(len(found["indent"]))
        seen.append(found["key"])
        url = found["value"]
    return url.strip("\"'") if url is not None and seen == _ROUTE else None
