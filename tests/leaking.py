"""Damaged texts that hold a secret, and all that k6cfg says of them: what ``bench/leaks.py`` and the tests hunt in.

A case is made from its number alone. The secret is random, so that no piece of it stands anywhere by chance.
"""

import contextlib
import json
import random
import signal
import string
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import typer
from conftest import Home
from inside import call

import k6cfg
from k6cfg.cli import app

WINDOW: Final = 8
"""So many characters of a secret are a leak."""
LIMIT: Final = 10.0
"""Seconds of processor time after which a call counts as hung."""

# -- the texts --------------------------------------------------------------------------------------------------------

_HEAD: Final[dict[str, Any]] = {"vus": 3, "duration": "10s"}
PLACES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "collectors.cloud.token": ("token", {"collectors": {"cloud": {"token": "@", "stackID": 7}}}),
    "cloud.token": ("token", {"cloud": {"projectID": 12, "token": "@"}}),
    "ext.loadimpact.token": ("token", {"ext": {"loadimpact": {"token": "@", "name": "n"}}}),
    "collectors.cloud.testRunToken": ("testRunToken", {"collectors": {"cloud": {"testRunToken": "@"}}}),
    "collectors.influxdb.password": (
        "password",
        {"collectors": {"influxdb": {"addr": "http://h:8086", "username": "me", "password": "@", "db": "k6"}}},
    ),
    "tlsAuth.0.key": ("key", {"tlsAuth": [{"cert": "c.pem", "key": "@", "domains": ["a.test"]}]}),
    "tlsAuth.0.password": ("password", {"tlsAuth": [{"cert": "c.pem", "password": "@", "key": "k.pem"}]}),
    "collectors.opentelemetry.headers": ("headers", {"collectors": {"opentelemetry": {"headers": "X-Scope=@"}}}),
    "collectors.experimental-prometheus-rw.headers": (
        "headers",
        {"collectors": {"experimental-prometheus-rw": {"url": "http://h/w", "headers": {"X-Scope": "@"}}}},
    ),
    "collectors.experimental-prometheus-rw.bearerToken": (
        "bearerToken",
        {"collectors": {"experimental-prometheus-rw": {"bearerToken": "@", "pushInterval": "5s"}}},
    ),
    "collectors.experimental-prometheus-rw.sigV4SecretKey": (
        "sigV4SecretKey",
        {"collectors": {"experimental-prometheus-rw": {"sigV4AccessKey": "AKIA", "sigV4SecretKey": "@"}}},
    ),
    "out": ("://me:", {"out": ["influxdb=http://me:@@h:8086/db", "json=a.json"]}),
    "collectors.influxdb.addr": ("://me:", {"collectors": {"influxdb": {"addr": "http://me:@@h:8086", "db": "k6"}}}),
    "scenarios.a.env": (
        "API_TOKEN",
        {"scenarios": {"a": {"executor": "per-vu-iterations", "env": {"HOST": "h", "API_TOKEN": "@"}}}},
    ),
    "collectors.experimental-prometheus-rw.password": (
        "password",
        {"collectors": {"experimental-prometheus-rw": {"url": "http://h/w", "username": "me", "password": "@"}}},
    ),
    "basic auth in headers": (
        "Authorization",
        {"collectors": {"opentelemetry": {"headers": "Authorization=Basic @", "metricPrefix": "k6_"}}},
    ),
    "in a query": ("token", {"out": ["influxdb=http://h:8086/db?token=@&precision=ns"], "rps": 5}),
    "K6_CLOUD_TOKEN in a note": ("K6_CLOUD_TOKEN", {"note": "export K6_CLOUD_TOKEN=@", "vus": 2}),
    "apiToken": ("apiToken", {"apiToken": "@", "tags": {"a": "b"}}),
    "userAgent": ("password", {"userAgent": "k6 password=@", "rps": 5}),
    "tags": ("token", {"tags": {"team": "a", "note": "token: @"}}),
    "thresholds": ("token", {"thresholds": {"http_req_duration{token:@}": ["p(95)<500"], "checks": ["rate>0.9"]}}),
}
"""Where a secret stands: what tells that it is one, and the text as data, with ``@`` for the secret (``@@``: and an @)."""


class Case(NamedTuple):
    """A text with a secret. ``core`` is what nobody may see; ``told`` says whether what tells of it is whole."""

    number: int
    place: str
    notation: str
    damage: tuple[str, ...]
    text: str
    core: str
    told: bool

    def seen_in(self, said: str) -> bool:
        """Whether a piece of the secret is in what was said."""
        return any(self.core[at : at + WINDOW] in said for at in range(len(self.core) - WINDOW + 1))


_LETTERS: Final = string.ascii_letters + string.digits


def _secrets(chance: random.Random) -> tuple[str, str]:
    """A secret, and the part of it that is like no other text."""
    core = "".join(chance.choices(_LETTERS, k=chance.randint(20, 32)))
    kind = chance.randrange(8)
    if kind < 3:
        return core, core
    if kind < 5:
        return f"glc_{core}", core
    if kind == 5:
        core = core[:12] + chance.choice("!-_.+~$%^*") + core[12:]
        return core, core
    if kind == 6:
        core = "".join(chance.choices("0123456789abcdef", k=40))
        return core, core
    return f"eyJhbGciOiJub25lIn0.{core}.sig", core


def _filled(data: Any, secret: str) -> Any:
    if isinstance(data, str):
        return data.replace("@@", "\0").replace("@", secret).replace("\0", f"{secret}@")
    if isinstance(data, dict):
        return {_filled(key, secret): _filled(each, secret) for key, each in data.items()}
    return [_filled(each, secret) for each in data] if isinstance(data, list) else data


def _python(data: Any, chance: random.Random) -> str:
    return ("options = " if chance.random() < 0.5 else "") + repr({**data, "paused": None, "throw": True})


def _script(data: Any, chance: random.Random) -> str:
    def of(value: Any) -> str:
        if isinstance(value, dict):
            keys = ((key if key.isidentifier() else f"'{key}'", each) for key, each in value.items())
            return "{ " + ", ".join(f"{key}: {of(each)}" for key, each in keys) + " }"
        if isinstance(value, list):
            return "[" + ", ".join(map(of, value)) + "]"
        return f"'{value}'" if isinstance(value, str) else json.dumps(value)

    return chance.choice(["export const options = ", "", "module.exports = "]) + of(data) + chance.choice(["", ";\n"])


def _yaml(data: Any, chance: random.Random) -> str:
    quote = chance.choice(["", '"', "'"])

    def of(value: Any, indent: int) -> str:
        space = "  " * indent
        if isinstance(value, dict):
            return "".join(f"\n{space}{key}:{of(each, indent + 1)}" for key, each in value.items())
        if isinstance(value, list):
            return "".join(f"\n{space}-{of(each, indent + 1)}" for each in value)
        return f" {quote}{value}{quote}" if isinstance(value, str) else f" {json.dumps(value)}"

    return of(data, 0).lstrip("\n") + "\n"


def _ini(data: Any, chance: random.Random) -> str:
    sign = chance.choice(["=", " = ", ": "])
    lines: list[str] = []

    def of(value: Any, path: tuple[str, ...]) -> None:
        inner = {key: each for key, each in value.items() if isinstance(each, dict)}
        lines.extend(
            f"{key}{sign}{each if isinstance(each, str) else json.dumps(each)}"
            for key, each in value.items()
            if key not in inner
        )
        for key, each in inner.items():
            lines.append(f"[{'.'.join((*path, key))}]")
            of(each, (*path, key))

    of(data, ())
    return "\n".join(lines) + "\n"


def _env(data: Any, chance: random.Random) -> str:
    before = chance.choice(["", "export ", "set "])
    lines: list[str] = []

    def of(value: Any, path: tuple[str, ...]) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                of(each, (*path, key))
        elif isinstance(value, list):
            for each in value:
                of(each, path)
        else:
            lines.append(f"{before}K6_{'_'.join(path)}={value if isinstance(value, str) else json.dumps(value)}")

    of(data, ())
    return "\n".join(lines) + "\n"


NOTATIONS: Final[dict[str, Callable[[Any, random.Random], str]]] = {
    "json": lambda data, _: json.dumps(data),
    "indented": lambda data, chance: json.dumps(data, indent=chance.choice([1, 2, 4])),
    "dense": lambda data, _: json.dumps(data, separators=(",", ":")),
    "a line each": lambda data, _: json.dumps(data, indent=0),
    "encoded twice": lambda data, _: json.dumps(json.dumps(data)),
    "encoded inside": lambda data, _: json.dumps(
        {key: json.dumps(each) if isinstance(each, dict) else each for key, each in data.items()}
    ),
    "commented": lambda data, _: "// the settings\n" + json.dumps(data, indent=2).replace(",\n", ", // note\n"),
    "commented out": lambda data, _: '{"vus": 1,\n// ' + json.dumps(data, indent=2).replace("\n", "\n// ") + "\n}",
    "python": _python,
    "script": _script,
    "yaml": _yaml,
    "ini": _ini,
    "env": _env,
}
_PLAIN: Final = ("json", "indented", "dense", "a line each")

# -- damage -----------------------------------------------------------------------------------------------------------

_SIGNS: Final = "{}[]()<>,:;=\"'`\\/#-+.*&|%@ \n\t\r0a_"
_NEAR: Final = 60
"""Characters between a word and its secret, at most."""
_STRUCTURE: Final = "{}[],:\"'=\n"


class _Damage(NamedTuple):
    """A text that is damaged outside of what is kept: the secret and, mostly, the word that tells of it."""

    chance: random.Random
    kept: tuple[str, ...]

    def free(self, text: str, signs: str = "") -> int | None:
        """A position outside of what is kept; of one of some signs, where they are given."""
        taken = [(at, at + len(word)) for word in self.kept for at in _all(text, word)]
        free = [
            at
            for at, sign in enumerate(text)
            if (not signs or sign in signs) and not any(start <= at < end for start, end in taken)
        ]
        return self.chance.choice(free) if free else None

    def near(self, text: str) -> int | None:
        """A position next to the secret or the word, where damage does most harm."""
        ends = [end for word in self.kept for at in _all(text, word) for end in (at, at + len(word))]
        near = [end + step for end in ends for step in range(-3, 4)]
        taken = [(at, at + len(word)) for word in self.kept for at in _all(text, word)]
        fit = [at for at in near if 0 <= at < len(text) and not any(start <= at < end for start, end in taken)]
        return self.chance.choice(fit) if fit else None

    def between(self, text: str, at: int) -> bool:
        """Whether a position is between the word and the secret: with much put in there, nothing tells of it."""
        ends = [start for word in self.kept for start in _all(text, word) if abs(start - at) <= _NEAR]
        return min(ends, default=at) < at <= max(ends, default=-1)

    def at(self, text: str) -> int | None:
        return self.near(text) if self.chance.random() < 0.4 else self.free(text)


def _all(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _cut(text: str, at: int, count: int = 1) -> str:
    return text[:at] + text[at + count :]


def _delete(damage: _Damage, text: str) -> str:
    at = damage.at(text)
    return text if at is None else _cut(text, at)


def _insert(damage: _Damage, text: str) -> str:
    at = damage.at(text)
    return text if at is None else text[:at] + damage.chance.choice(_SIGNS) + text[at:]


def _double(damage: _Damage, text: str) -> str:
    at = damage.at(text)
    return text if at is None else text[:at] + text[at] + text[at:]


def _swap(damage: _Damage, text: str) -> str:
    at = damage.at(text)
    if at is None or at + 1 >= len(text):
        return text
    made = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return made if all(made.count(word) == text.count(word) for word in damage.kept) else text


def _lose(damage: _Damage, text: str) -> str:
    at = damage.free(text, _STRUCTURE)
    return text if at is None else _cut(text, at)


def _replace(damage: _Damage, text: str) -> str:
    at = damage.free(text, _STRUCTURE)
    return text if at is None else text[:at] + damage.chance.choice(_SIGNS) + text[at + 1 :]


def _lose_all(damage: _Damage, text: str) -> str:
    sign = damage.chance.choice(['"', "'", ",", ":", "}", "\n"])
    return text if any(sign in word for word in damage.kept) else text.replace(sign, "")


def _requote(damage: _Damage, text: str) -> str:
    return text.replace('"', damage.chance.choice(["'", "`", "\u201d", '\\"', '""', "&quot;"]))


def _truncate(damage: _Damage, text: str) -> str:
    ends = [at + len(word) for word in damage.kept for at in _all(text, word)]
    return text[: damage.chance.randint(max(ends, default=0), len(text))]


def _behead(damage: _Damage, text: str) -> str:
    starts = [at for word in damage.kept for at in _all(text, word)]
    return text[damage.chance.randint(0, min(starts, default=len(text))) :]


def _comment(damage: _Damage, text: str) -> str:
    at = damage.at(text)
    note = damage.chance.choice([" /* note */ ", " // note\n", " # note\n", "<!-- note -->"])
    return text if at is None else text[:at] + note + text[at:]


def _copy(damage: _Damage, text: str) -> str:
    start, end = sorted((damage.chance.randrange(len(text) + 1), damage.chance.randrange(len(text) + 1)))
    piece = text[start : min(end, start + 40)]
    at = damage.free(text)
    return text if at is None or damage.between(text, at) else text[:at] + piece + text[at:]


def _lines(damage: _Damage, text: str) -> str:
    return text.replace("\n", damage.chance.choice(["\r\n", "\r", "\n\n", " \\\n"]))


DAMAGES: Final[dict[str, Callable[[_Damage, str], str]]] = {
    "a character deleted": _delete,
    "a character inserted": _insert,
    "a character doubled": _double,
    "two characters swapped": _swap,
    "a sign lost": _lose,
    "a sign replaced": _replace,
    "all of a sign lost": _lose_all,
    "other quotes": _requote,
    "cut off": _truncate,
    "no beginning": _behead,
    "a comment": _comment,
    "a piece twice": _copy,
    "other line ends": _lines,
}
_OFTEN: Final = (*list(DAMAGES)[:6], *DAMAGES)
"""Small faults are more frequent than large ones, as they are with people."""


def case(number: int) -> Case:
    """The case of a number."""
    chance = random.Random(number)  # noqa: S311 - the same case every time
    place = chance.choice(list(PLACES))
    word, data = PLACES[place]
    secret, core = _secrets(chance)
    notation = chance.choice([*NOTATIONS, *_PLAIN, *_PLAIN])
    members = list({**_HEAD, **_filled(data, secret)}.items())
    chance.shuffle(members)
    text = NOTATIONS[notation](dict(members), chance)
    kept = (word, core, secret) if chance.random() < 0.85 else (core, secret)
    damage = _Damage(chance, tuple(dict.fromkeys(each for each in kept if each in text)))
    names = chance.choices(_OFTEN, k=chance.choice([0, 1, 1, 1, 2, 2, 3, 5]))
    for name in names:
        text = DAMAGES[name](damage, text)
    return Case(number, place, notation, tuple(names), text, core, word in text and core in text)


# -- what is said -----------------------------------------------------------------------------------------------------


class HungError(BaseException):
    """A call that takes too long; no handler of k6cfg's takes it for a failure of its own."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what takes more than so many seconds of processor time, where the system can."""
    if not hasattr(signal, "SIGVTALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise HungError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def forms(command: str) -> list[list[str]]:
    """The ways in which a command prints, as options; the way without one first. What is added is found by itself."""
    group: Any = typer.main.get_command(app._app)
    options = [option for option in group.get_command(None, command).params if "--output-format" in option.opts]
    return [[], *(["--output-format", form] for option in options for form in option.type.choices[1:])]


_ASKED: Final[tuple[tuple[str, ...], ...]] = (
    ("validate",),
    ("validate", "--diff", "--unsafe-fixes"),
    ("validate", "--select", "secrets"),
    ("show", "--effective"),
    ("get", "collectors"),
    ("get", "@"),
    ("get", "thresholds"),
    ("set", "rps", "5", "--diff"),
    ("unset", "@", "--diff"),
    ("set-token", "--remove", "--diff"),
    ("migrate", "--diff"),
    ("migrate", "--check", "--from", "0.29.0"),
    ("doctor",),
    ("doctor", "--report"),
    ("doctor", "--diff"),
    ("diff", "other.json"),
)
"""With ``@`` for the place of the secret."""


def commands() -> list[list[str]]:
    """What is asked of each text beside ``show``: every command in every form of output."""
    return [[*words, *form] for words in _ASKED for form in forms(words[0])]


def _effective(text: str, _: str) -> object:
    return k6cfg.effective_options(text)


def _diff(text: str, _: str) -> object:
    return k6cfg.diff(text, '{"vus": 4, "collectors": {"cloud": {"token": "of-nobody"}}}')


def _migrate(text: str, _: str) -> object:
    found = k6cfg.migrate(text)
    return found.changes, found.decisions


def _get(text: str, key: str) -> object:
    return k6cfg.get_value(text, key), k6cfg.get_value(text, "collectors"), k6cfg.get_value(text, "thresholds")


def _told(work: Callable[[str], k6cfg.Changed]) -> Callable[[str, str], object]:
    """What is told of a change; its text is the text of the user."""

    def tell(text: str, _: str) -> object:
        found = work(text)
        return found.applied, found.diagnostics

    return tell


API: Final[dict[str, Callable[[str, str], object]]] = {
    "api validate": lambda text, _: k6cfg.validate(text),
    "api effective_options": _effective,
    "api diff": _diff,
    "api migrate": _migrate,
    "api get_value": _get,
    "api fix": _told(k6cfg.fix),
    "api repair": _told(k6cfg.repair),
    "api set_value": _told(lambda text: k6cfg.set_value(text, "rps", 5)),
    "api unset_value": _told(lambda text: k6cfg.unset_value(text, "vus")),
    "api remove_token": _told(k6cfg.remove_token),
}


class Fault(NamedTuple):
    """What went wrong with a case: ``kind`` is crash, hang or leak, ``asked`` what was asked, ``said`` the answer."""

    kind: str
    asked: str
    case: Case
    said: str


def faults(home: Home, case: Case, asked: Sequence[list[str]]) -> Iterator[Fault]:
    """Ask some questions of a case, and say what is wrong with the answers."""
    home.write(case.text)
    key = "scenarios" if case.place.startswith("scenarios") else case.place if " " not in case.place else "collectors"
    for words in asked:
        name = " ".join(words)
        said = ""
        try:
            with limited(LIMIT):
                if words[0] in API:
                    try:
                        said = repr(API[words[0]](case.text, key))
                    except k6cfg.Refused as refusal:
                        said = f"{refusal!r} {refusal.help}"
                else:
                    done = call(home, *(key if word == "@" else word for word in words))
                    said = done.out + done.err
                    if done.code == 70:
                        yield Fault("crash", name, case, said)
        except HungError:
            yield Fault("hang", name, case, said)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a crash
            said = f"{error!r}"
            yield Fault("crash", name, case, said)
        if case.seen_in(said):
            yield Fault("leak", name, case, said)


def questions() -> list[list[str]]:
    """All that can be asked of a case, the first of which shows most."""
    return [["show"], *commands(), *([name] for name in API)]


def prepared(home: Home) -> Home:
    """A home with a second file to compare with."""
    home.write('{"vus": 4, "collectors": {"cloud": {"token": "of-nobody-at-all"}}}', home.work / "other.json")
    return home
