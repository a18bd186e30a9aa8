"""Where k6 of a version looks, held against a table of facts, and against platformdirs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Home
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.cli.commands.path import command as path_command
from k6cfg.cli.context import Format
from k6cfg.machine import paths
from k6cfg.schema.versions import Version

FIXTURES = Path(__file__).parent.parent / "fixtures" / "places"
DEFAULTS = [
    pytest.param(row, version, id=f"{row['system']}-{version}-{row['fact']}")
    for row in json.loads((FIXTURES / "defaults.json").read_text("utf-8"))
    for version in row["versions"]
]
CHOSEN = [pytest.param(row, id=row["fact"]) for row in json.loads((FIXTURES / "chosen.json").read_text("utf-8"))]

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX fact")


@pytest.mark.parametrize(("row", "version"), DEFAULTS)
def test_default_place(row: dict[str, Any], version: str) -> None:
    place = paths.default(Version.parse(version), system=row["system"], environ=row["environ"])
    assert place.path == row["path"]
    assert place.may_be_missing
    assert place.relative == (not row["path"].startswith(("/", "\\\\", "C:", "D:")))
    assert place.why.startswith(f"k6 {version} on ")
    # A home folder stays at home.
    assert not any(name in place.why for name in ("ann", "bob"))


EVERY = json.loads((FIXTURES / "every.json").read_text("utf-8"))
RELEASES = [
    *(Version(0, minor) for minor in range(18, 60)),
    *(Version(*patch) for patch in ((0, 18, 2), (0, 23, 1), (0, 25, 1), (0, 26, 2), (0, 55, 2), (1, 8, 1))),
    *(Version(1, minor) for minor in range(9)),
    *(Version(2, minor) for minor in range(3)),
]
"""Every minor release of k6 from the first with a config.json, and the last patch before something changed."""


def fact(row: dict[str, Any], version: Version) -> str:
    """What the table says of a release: what stands under the newest one that is not newer."""
    return str(
        row[max((name for name in row if name[0].isdigit() and Version.parse(name) <= version), key=Version.parse)]
    )


@pytest.mark.parametrize("row", EVERY, ids=lambda row: f"{row['system']}-{row['environ']}")
def test_every_release_in_every_environment(row: dict[str, Any]) -> None:
    system, environ = row["system"], row["environ"]
    for version in RELEASES:
        place = paths.default(version, system=system, environ=environ)
        assert place.path == fact(row, version), version
        assert place.relative == (not place.path.startswith(("/", "C:")))
        nothing = paths.chosen(None, version, system=system, environ=environ, exists=lambda _path: False)
        assert nothing.path == place.path, "where nothing exists, the default it is"
        if version >= Version(0, 58):  # up to 1.8 the old file counts where the new one is missing
            tail = "k6\\config.json" if system == "windows" else "k6/config.json"
            old = f"{place.path.removesuffix(tail)}loadimpact{tail[2]}{tail}"
            found = paths.chosen(None, version, system=system, environ=environ, exists=old.__eq__)
            assert found.path == (old if version < Version(2, 0) else place.path), version


@pytest.mark.parametrize(
    ("cache", "path"),
    [("", ".cache/k6/config.json"), ("relative", ".cache/k6/config.json"), ("/cache", "/cfg/k6/config.json")],
)
def test_from_0_59_to_1_5_a_missing_cache_folder_moves_the_file(cache: str, path: str) -> None:
    environ = {"XDG_CONFIG_HOME": "/cfg", "XDG_CACHE_HOME": cache}
    for version in ("0.59.0", "1.0.0", "1.5.0"):
        assert paths.default(Version.parse(version), system="linux", environ=environ).path == path
    for version in ("0.58.0", "1.6.0", "2.2.0"):
        assert paths.default(Version.parse(version), system="linux", environ=environ).path == "/cfg/k6/config.json"


def test_the_table_has_every_combination() -> None:
    variables = {"linux": ("HOME", "XDG_CONFIG_HOME"), "darwin": ("HOME", "XDG_CONFIG_HOME"), "windows": ("AppData",)}
    for system, names in variables.items():
        rows = {tuple(kind(row["environ"].get(name)) for name in names) for row in EVERY if row["system"] == system}
        assert len(rows) == 4 ** len(names)


def kind(value: str | None) -> str:
    if not value:
        return "unset" if value is None else "empty"
    return "absolute" if value.startswith(("/", "C:")) else "relative"


@pytest.mark.parametrize("variable", [None, "", "c.json", "/c.json"])
@pytest.mark.parametrize("option", [None, "o.json", "/o.json"])
def test_every_release_told_where_to_look(variable: str | None, option: str | None) -> None:
    environ = {"HOME": "/h"} | ({} if variable is None else {"K6_CONFIG": variable})
    for version in RELEASES:
        usual = paths.default(version, system="linux", environ=environ).path
        read = variable if version >= Version(0, 19) and (variable or version >= Version(0, 38)) else None
        place = paths.chosen(option, version, system="linux", environ=environ, exists=lambda _path: False)
        expected = option if option is not None else usual if read is None else read
        assert place.path == expected, version
        assert (place.problem is not None) == (expected == ""), version
        assert place.may_be_missing == (expected == usual), version


@pytest.mark.parametrize("row", CHOSEN)
def test_chosen_place(row: dict[str, Any]) -> None:
    exist = set(row.get("exist", ()))
    place = paths.chosen(
        row["option"],
        Version.parse(row["version"]),
        system="linux",
        environ=row["environ"],
        exists=exist.__contains__,
    )
    assert (place.path, place.source, place.may_be_missing) == (row["path"], row["source"], row["may_be_missing"])
    assert (place.problem is not None) == row.get("problem", False)
    assert (place.warning is not None) == row.get("warning", False)


def test_the_sentence_says_which_variable_decides() -> None:
    environ = {"HOME": "/home/ann", "XDG_CONFIG_HOME": "/cfg"}
    said = paths.default(Version(2, 2), system="linux", environ=environ).why
    assert said == "k6 2.2.0 on Linux reads $XDG_CONFIG_HOME/k6/config.json, because XDG_CONFIG_HOME is set"
    said = paths.default(Version(2, 2), system="linux", environ={"HOME": "/home/ann"}).why
    assert said == "k6 2.2.0 on Linux reads $HOME/.config/k6/config.json, because XDG_CONFIG_HOME is not set"
    said = paths.default(Version(2, 2), system="linux", environ={}).why
    assert said.endswith(
        "reads .config/k6/config.json in the working directory, because neither XDG_CONFIG_HOME nor HOME is set"
    )


def test_the_warning_is_k6s_own() -> None:
    legacy = "/h/.config/loadimpact/k6/config.json"
    place = paths.chosen(None, Version(1, 8, 1), system="linux", environ={"HOME": "/h"}, exists=legacy.__eq__)
    assert place.warning == (
        f'The configuration file has been found on the old default path ("{legacy}"). Please, run again '
        "`k6 cloud login` or `k6 login` commands to migrate to the new default path."
    )


def test_no_sentence_holds_what_acts_on_a_terminal() -> None:
    old = "/h/\x1b[2J/loadimpact/k6/config.json"
    environ = {"XDG_CONFIG_HOME": "/h/\x1b[2J", "XDG_CONFIG_DIRS": "/e/\n", "XDG_CACHE_HOME": "/c"}
    place = paths.chosen(None, Version(1, 0), system="linux", environ=environ, exists=lambda path: path == old)
    assert place.path == old
    assert "/h/\\x1b[2J/loadimpact" in (place.warning or "")
    place = paths.chosen(
        None, Version(0, 23), system="linux", environ=environ, exists=lambda path: path.startswith("/e/")
    )
    assert place.path == "/e/\n/loadimpact/k6/config.json"
    assert "reads /e/\\n/loadimpact" in place.why


def test_an_option_that_k6_does_not_have_is_followed_and_said() -> None:
    place = paths.chosen("x.json", Version(0, 18), system="linux", environ={"HOME": "/h"}, exists=lambda _: False)
    assert (place.path, place.source) == ("x.json", "option")
    assert "k6 0.18.0 itself has no such option" in place.why


def test_a_variable_that_k6_does_not_know_is_said() -> None:
    environ = {"HOME": "/h", "K6_CONFIG": "/b.json"}
    place = paths.chosen(None, Version(0, 18), system="linux", environ=environ, exists=lambda _: False)
    assert place.why.endswith("k6 0.18.0 does not know K6_CONFIG")


LINUX: dict[str, Any] = {"system": "linux", "environ": {"HOME": "/h"}, "cwd": "/w"}


def _roles(found: tuple[paths.Candidate, ...]) -> dict[str, str]:
    return {candidate.path: candidate.role for candidate in found}


def test_candidates_on_linux() -> None:
    roles = _roles(paths.candidates(Version(2, 2), **LINUX))
    assert list(roles)[:3] == [
        "/h/.config/k6/config.json",
        "/h/.config/loadimpact/k6/config.json",
        "/etc/xdg/loadimpact/k6/config.json",
    ]
    assert roles["/h/.config/k6/config.json"] == "default"
    assert roles["/h/.config/loadimpact/k6/config.json"] == "legacy"
    assert roles["/etc/xdg/loadimpact/k6/config.json"] == "system"
    assert roles["/h/.config/loadimpact/config.json"] == "misquoted"
    assert roles["/w/config.json"] == roles["/w/k6.json"] == roles["/w/k6/config.json"] == "working folder"
    assert roles["/h/.k6/config.json"] == roles["/h/.loadimpact/config.json"] == "elsewhere"
    assert roles["/w/.config/k6/config.json"] == "fallback"
    assert roles["/root/.config/k6/config.json"] == "other user"


def test_for_an_old_k6_the_roles_are_the_other_way_round() -> None:
    roles = _roles(paths.candidates(Version(0, 57), **LINUX))
    assert roles["/h/.config/loadimpact/k6/config.json"] == "default"
    assert roles["/h/.config/k6/config.json"] == "newer"


def test_who_reads_the_legacy_place() -> None:
    legacy = next(found for found in paths.candidates(Version(2, 2), **LINUX) if found.role == "legacy")
    assert legacy.readers == (
        "k6 0.18 to 0.57 read it; k6 0.58 to 1.8 read it when the new one is absent; "
        "k6 2.0 and newer ignore it silently"
    )
    assert [legacy.read_by(version) for version in (Version(0, 18), Version(0, 57), Version(1, 8, 1))] == [True] * 3
    assert not legacy.read_by(Version(2, 0))


@pytest.mark.parametrize(
    "text", ["0.18.0", "0.23.1", "0.24.0", "0.26.0", "0.57.0", "0.58.0", "1.8.1", "2.0.0", "9.0.0"]
)
@pytest.mark.parametrize("environ", [{"HOME": "/h"}, {"HOME": "/h", "XDG_CONFIG_HOME": "x"}, {}, {"HOME": ""}])
@pytest.mark.parametrize("system", ["linux", "darwin", "windows"])
def test_every_place_that_k6_may_choose_is_a_candidate_that_it_reads(
    text: str, environ: dict[str, str], system: str
) -> None:
    version = Version.parse(text)
    cwd = "C:\\w" if system == "windows" else "/w"
    found = {
        candidate.path: candidate
        for candidate in paths.candidates(Version(2, 2), system=system, environ=environ, cwd=cwd)
    }
    # Whatever k6 finds is taken away, so that it looks further, until it falls back on its default.
    gone: set[str] = set()
    for _ in range(4):
        gone.add(paths.chosen(None, version, system=system, environ=environ, exists=lambda path: path not in gone).path)
    reachable = gone
    for path in reachable:
        absolute = path if path.startswith(("/", "C:")) else cwd + ("\\" if system == "windows" else "/") + path
        assert found[absolute].read_by(version)


def test_candidates_come_once_and_the_most_telling_stays() -> None:
    environ = {"HOME": "/h", "K6_CONFIG": "/h/.config/k6/config.json"}
    found = paths.candidates(Version(2, 2), system="linux", environ=environ, cwd="/h")
    assert len({candidate.path for candidate in found}) == len(found)
    assert (found[0].path, found[0].role) == ("/h/.config/k6/config.json", "variable")


def test_a_variable_behind_an_option_is_not_read() -> None:
    environ = {"HOME": "/h", "K6_CONFIG": "/b.json"}
    first, second, *_ = paths.candidates(
        Version(2, 2), system="linux", environ=environ, cwd="/", config_option="a.json"
    )
    assert (first.path, first.role, first.read_by(Version(2, 2))) == ("/a.json", "option", True)
    assert (second.path, second.role, second.read_by(Version(2, 2))) == ("/b.json", "variable", False)


def test_on_a_mac_case_is_no_difference_and_xdg_is_a_trap() -> None:
    environ = {"HOME": "/Users/ann", "XDG_CONFIG_HOME": "/users/ANN/.config"}
    found = paths.candidates(Version(2, 2), system="darwin", environ=environ, cwd="/w")
    assert len({candidate.path.casefold() for candidate in found}) == len(found)
    legacy = next(candidate for candidate in found if candidate.role == "legacy")
    assert "LoadImpact/k6" in legacy.readers
    assert _roles(found)["/Users/ann/.config/k6/config.json"] == "elsewhere"


def test_on_windows_the_local_folder_is_a_trap() -> None:
    environ = {"APPDATA": "C:\\r", "LOCALAPPDATA": "C:\\l", "USERPROFILE": "C:\\Users\\ann"}
    roles = _roles(paths.candidates(Version(2, 2), system="windows", environ=environ, cwd="C:\\w"))
    assert roles["C:\\r\\k6\\config.json"] == "default"
    assert roles["C:\\l\\k6\\config.json"] == "elsewhere"
    assert roles["C:\\w\\k6.json"] == "working folder"


def test_under_sudo_the_callers_file_is_looked_at() -> None:
    environ = {"HOME": "/root", "SUDO_USER": "ann"}
    roles = _roles(paths.candidates(Version(2, 2), system="linux", environ=environ, cwd="/w"))
    assert roles["/home/ann/.config/k6/config.json"] == "other user"
    assert roles["/root/.config/k6/config.json"] == "default"
    homes = {"ann": "/srv/ann", "root": "/root"}
    found = paths.candidates(Version(2, 2), system="linux", environ=environ, cwd="/w", home_of=homes.get)
    assert "/srv/ann/.config/k6/config.json" in _roles(found)


def test_a_strange_name_in_sudo_user_leads_nowhere() -> None:
    environ = {"HOME": "/root", "SUDO_USER": "../etc"}
    found = paths.candidates(Version(2, 2), system="linux", environ=environ, cwd="/w")
    assert not any("etc/" in candidate.path for candidate in found if candidate.role == "other user")


WORDS = st.text("ab/.\\:C~ é", max_size=8)


@given(
    st.sampled_from(["linux", "darwin", "windows", "freebsd"]),
    st.dictionaries(
        st.sampled_from(
            ["HOME", "XDG_CONFIG_HOME", "APPDATA", "XDG_CONFIG_DIRS", "K6_CONFIG", "SUDO_USER", "USERPROFILE"]
        ),
        WORDS,
    ),
    st.sampled_from([Version(0, 18), Version(0, 25), Version(0, 30), Version(0, 58), Version(2, 2)]),
    st.none() | WORDS,
)
def test_no_environment_makes_it_raise(
    system: str, environ: dict[str, str], version: Version, option: str | None
) -> None:
    place = paths.chosen(option, version, system=system, environ=environ, exists=lambda _: False)
    assert place.why
    found = paths.candidates(version, system=system, environ=environ, cwd="/w", config_option=option)
    assert len({candidate.path for candidate in found}) == len(found)
    paths.shown(place.path, environ, system)


@pytest.mark.parametrize(
    ("path", "home", "expected"),
    [
        ("/home/ann/x", "/home/ann", "~/x"),
        ("/home/ann", "/home/ann", "~"),
        ("/home/anna/x", "/home/ann", "/home/anna/x"),
        ("/home/ann/x", "/home/ann/", "~/x"),
        ("/srv/home/ann/x", "/home/ann", "/srv/home/ann/x"),
        ("/x", "/", "/x"),
        ("/x", "", "/x"),
        ("ann/x", "ann", "ann/x"),
        ("/home/ann/\x1b[2J\n\u202e\udcff", "/home/ann", "~/\\x1b[2J\\n\\u202e\\udcff"),
        ("/srv/a\rb", "/home/ann", "/srv/a\\rb"),
    ],
)
def test_the_home_folder_is_shown_as_a_tilde(path: str, home: str, expected: str) -> None:
    assert paths.shown(path, {"HOME": home}, "linux") == expected


def test_the_home_folder_on_windows() -> None:
    environ = {"USERPROFILE": "C:\\Users\\Ann"}
    assert paths.shown("c:\\users\\ann\\x", environ, "windows") == "~\\x"
    assert paths.shown("C:\\Users\\Anna\\x", environ, "windows") == "C:\\Users\\Anna\\x"
    assert paths.shown("C:\\x", {"USERPROFILE": "C:\\"}, "windows") == "C:\\x"
    assert paths.shown("/x", {}, "linux") == "/x"


def test_only_what_does_not_exist_is_absent(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert paths.present(str(file))
    assert paths.present(str(tmp_path))
    assert not paths.present(str(tmp_path / "none"))
    assert not paths.present("")
    if sys.platform != "win32":
        assert paths.present(str(file / "below"))
    dangling = tmp_path / "link"
    dangling.symlink_to(tmp_path / "none")
    assert not paths.present(str(dangling))


def test_own_folders_follow_their_variable(tmp_path: Path) -> None:
    environ = {"K6CFG_STATE_DIR": str(tmp_path), "HOME": "/h"}
    assert paths.state_folder(environ) == tmp_path
    assert paths.cache_folder(environ) == tmp_path / "cache"
    assert paths.state_folder({"K6CFG_STATE_DIR": "here"}).is_absolute()


PLATFORMDIRS = """
import json, platformdirs, os, sys
print(json.dumps([str(platformdirs.user_state_path("k6cfg", appauthor=False)),
                  str(platformdirs.user_cache_path("k6cfg", appauthor=False)),
                  str(platformdirs.user_config_path("k6", appauthor=False, roaming=True) / "config.json")]))
"""


def _platformdirs(environ: dict[str, str]) -> list[str]:
    done = subprocess.run([sys.executable, "-c", PLATFORMDIRS], env=environ, capture_output=True, check=True, text=True)
    answer: list[str] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the XDG rule")
@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": "/h"},
        {"HOME": "/h", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/c", "XDG_CONFIG_HOME": "/g"},
        {"HOME": "/h", "XDG_STATE_HOME": "", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""},
        {"HOME": "/h", "XDG_STATE_HOME": "s", "XDG_CACHE_HOME": "c"},
    ],
)
def test_own_folders_are_those_of_platformdirs(environ: dict[str, str]) -> None:
    state, cache, config = _platformdirs(environ)
    assert str(paths.state_folder(environ)) == state
    assert str(paths.cache_folder(environ)) == cache
    assert paths.default(Version(2, 2), system="linux", environ=environ).path == config


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the XDG rule")
@pytest.mark.parametrize("answer", ["relative", "none"])
def test_a_user_without_home_and_name_has_no_folders(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    def find(*_: object, **__: object) -> Path:
        if answer == "none":
            raise RuntimeError("could not determine the home directory")
        return Path("~/.cache/k6cfg")

    monkeypatch.setattr("platformdirs.user_state_path", find)
    monkeypatch.setattr("platformdirs.user_cache_path", find)
    for folder in (paths.state_folder({}), paths.cache_folder({})):
        assert folder.is_absolute()
        with pytest.raises(OSError, match="Not a directory"):
            folder.mkdir(parents=True)


def test_where_platformdirs_is_not_k6() -> None:
    """The reasons why k6's own file is not looked for with platformdirs."""
    # A relative XDG_CONFIG_HOME: ignored there; an error to k6, which takes the working directory.
    relative = {"HOME": "/h", "XDG_CONFIG_HOME": "g"}
    assert _platformdirs(relative)[2] == "/h/.config/k6/config.json"
    assert paths.default(Version(2, 2), system="linux", environ=relative).path == ".config/k6/config.json"
    # No HOME: looked up in the list of users there; the working directory for k6.
    assert Path(_platformdirs({})[2]).is_absolute()
    assert paths.default(Version(2, 2), system="linux", environ={}).path == ".config/k6/config.json"


def test_where_platformdirs_is_not_k6_on_a_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    from platformdirs.macos import MacOS

    environ = {"HOME": "/Users/ann", "XDG_CONFIG_HOME": "/g"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    k6 = paths.default(Version(2, 2), system="darwin", environ=environ).path
    assert k6 == "/Users/ann/Library/Application Support/k6/config.json"
    # platformdirs 4.2 to 4.5 agree with k6; since 4.6 XDG_CONFIG_HOME counts there.
    assert str(MacOS("k6").user_config_path / "config.json") in {k6, "/g/k6/config.json"}
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert str(MacOS("k6").user_config_path / "config.json") == k6


def test_where_platformdirs_is_not_k6_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    from platformdirs import windows

    # The shell's answer, which platformdirs asks for, may differ from the variable, which alone Go reads.
    monkeypatch.setattr(
        windows, "get_win_folder", lambda name: {"CSIDL_LOCAL_APPDATA": "L:", "CSIDL_APPDATA": "R:"}[name]
    )
    environ = {"APPDATA": "C:\\v"}
    assert paths.default(Version(2, 2), system="windows", environ=environ).path == "C:\\v\\k6\\config.json"
    assert windows.Windows("k6", appauthor=False).user_config_dir.startswith("L:")
    assert windows.Windows("k6", appauthor=False, roaming=True).user_config_dir.startswith("R:")


@posix_only
def test_looking_for_k6s_file_loads_no_platformdirs() -> None:
    program = (
        "import sys; from k6cfg.machine import paths as places; from k6cfg.schema.versions import NEWEST; e = {'HOME': '/h'}; "
        "places.default(NEWEST, system='linux', environ=e); places.state_folder(e); places.cache_folder(e); "
        "sys.exit('platformdirs' in sys.modules and sys.platform != 'darwin')"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("spelt", ["enc/../b.json", "//b.json", ".//b.json", "link/../b.json", "b.json"])
@pytest.mark.parametrize("absolute", [False, True])
def test_path_all_marks_the_file_however_it_is_spelt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], spelt: str, absolute: bool
) -> None:
    (tmp_path / "elsewhere" / "in").mkdir(parents=True)
    (tmp_path / "elsewhere" / "b.json").touch()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to("../elsewhere/in")
    monkeypatch.chdir(tmp_path / "here")
    spelt = f"{tmp_path}/here/{spelt}" if absolute else spelt.lstrip("/")
    for variable in (False, True):
        if variable:
            monkeypatch.setenv("K6_CONFIG", spelt)
        path_command(None if variable else spelt, "2.2.0", every=True, output_format=Format.JSON)
        chosen = [each for each in json.loads(capfd.readouterr().out)["candidates"] if each["chosen"]]
        assert [(each["role"], each["exists"]) for each in chosen] == [
            ("variable" if variable else "option", "link" in spelt)
        ]


def test_path_all_says_who_wins_and_why(home: Home) -> None:
    default = home.run("path", "--all", "--k6-version", "2.2.0")
    assert default.code == 0
    assert "> absent  ~/.config/k6/config.json" in default.out
    assert "there is none, and k6 runs with its defaults" in default.out
    named = home.run("path", "--all", K6_CONFIG="c.json").out
    assert "K6_CONFIG names it; it is not there, and k6 stops" in named
    assert next(line for line in named.splitlines() if line.startswith("> ")).endswith("/c.json")
    assert "it is not there" in home.run("path", "--why", "-c", "c.json").err


def test_path_with_a_name_that_is_empty(home: Home) -> None:
    assert home.run("path", K6_CONFIG="")[:2] == (3, "")
    every = home.run("path", "--all", K6_CONFIG="")
    assert every.code == 3
    assert "K6_CONFIG is empty" in every.err
    assert "\n>" not in every.out
    assert "~/.config/k6/config.json" in every.out
    content = json.loads(home.run("path", "--all", "--output-format", "json", K6_CONFIG="").out)
    assert (content["path"], content["exists"]) == ("", False)
    assert "K6_CONFIG is empty" in content["problem"]
    assert not any(each["chosen"] for each in content["candidates"])


def test_without_a_working_folder_nothing_depends_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.working_folder() == str(tmp_path)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert paths.working_folder() is None
    assert paths.state_folder({"K6CFG_STATE_DIR": "state"}) == Path("state")
    found = paths.candidates(Version(2, 2), system="linux", environ={"HOME": "/h"}, cwd=None, config_option="x")
    assert found
    assert all(candidate.path.startswith("/") for candidate in found)
    monkeypatch.chdir(tmp_path)
