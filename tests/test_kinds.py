"""What kind of file something is, and that no command changes a file that is not a k6 config file."""

import gzip
import io
import json
import re
import shlex
import tarfile
import zipfile

import pytest
from conftest import Home
from hypothesis import given
from hypothesis import strategies as st
from inside import call

from k6cfg.api import validate
from k6cfg.k6.file_kind import Kind, kind_of

SCRIPT = "import http from 'k6/http';\nexport const options = { vus: 10 };\nexport default function () { http.get('https://test.k6.io'); }\n"
MODULE = 'export const options = { vus: 10, duration: "30s" };\n'
CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: k6\ndata:\n  config.json: |\n    {"vus": 10}\n'
COMPOSE = "services:\n  k6:\n    image: grafana/k6\n    environment:\n      K6_VUS: 10\n"
WORKFLOW = "on: push\njobs:\n  load:\n    runs-on: ubuntu-latest\n    steps:\n      - run: k6 run script.js\n"
WIDE = '{"vus": 1, "duration": "30s"}'


def tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, text in (("metadata.json", b'{"options":{"vus":1}}'), ("data", SCRIPT.encode())):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return made.getvalue()


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("config.json", WIDE)
    return made.getvalue()


RANDOM = bytes(range(256)) * 12

CONFIGS: list[tuple[str, bytes | str]] = [
    ("config.json", WIDE),
    ("config.json", ""),
    ("config.json", '{"vus" 10}'),
    ("config.json", MODULE),  # pasted; see kind_of
    ("config.json", "module.exports = { vus: 10 };"),
    ("config.json", "vus: 10,\nduration: '30s'}"),
    ("config.json", '"vus": 10\n"duration": "30s"\n'),
    ("config.json", 'config.json: {"vus": 10} (end)'),
    ("config.json", '<!-- k6 -->\n{"vus": 10,}'),
    ("config.json", '# vus = 10\n{"vus" = 10}'),
    ("config.json", "{vus = 10}"),
    ("config.json", '@{"vus": 10}'),
    ("config.json", '"vus" : 10, "rps": 5}'),
    ("config.json", '$ cat config.json\n{"vus": 10,}\n'),
    ("config.json", '> {\n>   "vus": 10,\n> }\n'),
    ("config.json", '<<<<<<< HEAD\n{"vus": 10}\n=======\n{"vus": 20}\n>>>>>>> b\n'),
    ("config.json", "const options = {vus: 10};"),
    ("config.json", '```json\n{"vus": 1}\n```\n'),
    ("config.json", '{"tags": {"note": "import x from \'y\'", "code": "function () { return 1 }"}}'),
    ("config.json", '{\n// export default function () {}\n"vus": 1,}'),
    ("config.json", '{"vus": 1, "userAgent": "require(\'a\')", "apiVersion": 3}'),
    ("k6", '{"vus": 1}'),
    ("k6.conf", '{"vus" 1}'),
    ("config.json.bak", '{"vus": 1}'),
    ("config.json", WIDE.encode("utf-16")),
    ("config.json", WIDE.encode("utf-16-le")),
    ("config.json", WIDE.encode("utf-16-be")),
    ("config.json", WIDE.encode("utf-32")),
    ("config.json", WIDE.encode("utf-32-le")),
    ("config.json", WIDE.encode("utf-16-le")[:-1]),
    ("config.json", WIDE.encode() + b"\0" * 4000),
    ("config.json", b"\0" * 512 + WIDE.encode()),
    ("config.json", b"\0" * 512),
    ("config.json", b'{"tags": {"a": "\0\x01"}}'),
    ("config.json", '{"tags": {"straße": "грузить"}}'.encode("cp1251", "replace")),
    ("config.json", "PK is no archive"),
    ("config.json", "MZ is no program"),
    ("config.json", b'\x1b[1m{"vus": 1}\x1b[0m'),
]
OTHERS: list[tuple[Kind, str, bytes | str]] = [
    (Kind.SCRIPT, "script.js", SCRIPT),
    (Kind.SCRIPT, "script.json", SCRIPT),
    (Kind.SCRIPT, "script", SCRIPT),
    (Kind.SCRIPT, "wide", SCRIPT.encode("utf-16")),
    (Kind.SCRIPT, "options.js", MODULE),
    (Kind.SCRIPT, "options", MODULE),
    (Kind.SCRIPT, "options.mjs", '{"vus" 10}'),
    (Kind.SCRIPT, "options.cjs", "module.exports = { vus: 10 };\n"),
    (Kind.SCRIPT, "options.ts", "export const options: Options = { vus: 10 };\n"),
    (Kind.SCRIPT, "options.mts", ""),
    (Kind.SCRIPT, "OPTIONS.JS", MODULE),
    (Kind.SCRIPT, "a.json", "const http = require('k6/http');\nmodule.exports.options = {vus: 1};\n"),
    (Kind.SCRIPT, "b.json", '{"vus": 1}\nexport default () => { console.log(1) }\n'),
    (Kind.SCRIPT, "c.json", 'import http from"k6/http";export let options={vus:1};export default function(){}'),
    (Kind.SCRIPT, "d.json", "export default async function () {}\n"),
    (Kind.SCRIPT, "e.json", "export { options } from './options.js';\n"),
    (Kind.SCRIPT, "f.json", "class Options { vus = 10 }\nexport { Options };\n"),
    (Kind.SCRIPT, "g.json", "(function () { var options = { vus: 10 }; })();\n"),
    (Kind.SCRIPT, "h.json", "module.exports = () => ({ vus: 10 });\n"),
    (Kind.SCRIPT, "exports", "exports.options = { vus: 10 };\n"),
    (Kind.MANIFEST, "config.yaml", "vus: 10\nduration: 30s\n"),
    (Kind.MANIFEST, "cm.yml", CONFIG_MAP),
    (Kind.MANIFEST, "cm.json", CONFIG_MAP),
    (Kind.MANIFEST, "cm", CONFIG_MAP.replace("ConfigMap", "Secret")),
    (Kind.MANIFEST, "run.json", "apiVersion: k6.io/v1alpha1\nkind: TestRun\nspec:\n  parallelism: 4\n"),
    (
        Kind.MANIFEST,
        "kube.json",
        '{"apiVersion": "v1", "kind": "ConfigMap", "data": {"config.json": "{}"}, "duraton": "3s"}',
    ),
    (Kind.MANIFEST, "compose", COMPOSE),
    (Kind.MANIFEST, "workflow.json", WORKFLOW),
    (
        Kind.MANIFEST,
        "gitlab.json",
        "stages:\n  - test\nload:\n  image: grafana/k6\n  script:\n    - k6 run script.js\n",
    ),
    (Kind.MANIFEST, "azure.json", "pool:\n  vmImage: ubuntu-latest\nsteps:\n- script: k6 run script.js\n"),
    (Kind.ARCHIVE, "archive.tar", tar()),
    (Kind.ARCHIVE, "archive.json", tar()),
    (Kind.ARCHIVE, "archive", gzip.compress(SCRIPT.encode())),
    (Kind.ARCHIVE, "archive.txt", zipped()),
    (Kind.ARCHIVE, "metadata.json", '{"type": "js", "options": {"vus": 1}, "k6version": "2.2.0", "duraton": "1s"}'),
    (Kind.BINARY, "a.json", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    (Kind.BINARY, "b.json", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    (Kind.BINARY, "c.json", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    (Kind.BINARY, "d.json", RANDOM),
    (Kind.BINARY, "e.json", b"{" + RANDOM),
    (Kind.BINARY, "f.json", b"\x7fELF\2\1\1" + bytes(9)),
    (Kind.BINARY, "g.json", b"name\0\0\1\2"),
    (Kind.BINARY, "i.json", bytes.fromhex("308203a53082028da003020102") + RANDOM[100:400]),
    (Kind.BINARY, "j.json", b"\xed\xab\xee\xdb\3"),
    (Kind.BINARY, "h.json", b"SQLite format 3\0"),
    (
        Kind.OTHER,
        "deploy.json",
        'cat > config.json <<EOF\n{"vus": 10, "duration": "30s"}\nEOF\nk6 run -c config.json script.js\n',
    ),
    (Kind.OTHER, "main.json", 'package main\n\nvar options = map[string]int{"vus": 10}\n\nfunc main() {}\n'),
    (Kind.OTHER, "python.json", 'options = {"vus": 10}\n\ndef main():\n    print(options)\n'),
    (Kind.OTHER, "terraform.json", 'resource "k6_load_test" "a" {\n  name = "a"\n  vus = 10\n}\n'),
    (Kind.OTHER, "yaml.json", "vus: 10\nduration: 30s\n"),
    (Kind.OTHER, "lists.json", "---\n# load\nvus: 10\nstages:\n- duration: 1m\n  target: 20\ntags: {a: b}\n"),
    (Kind.OTHER, "yaml", "vus: 10\nthresholds:\n  http_req_duration:\n    - p(95)<500\n"),
    (Kind.OTHER, "lines.json", "vus=10\nduration=30s\n"),
    (Kind.OTHER, "toml.json", '# load\nvus = 10\n\n[tags]\nteam = "a"\n'),
    (Kind.OTHER, "ini.json", "[k6]\nvus = 10\n"),
    (Kind.OTHER, "hcl.json", 'vus = 10\ntags = {\n  env = "qa"\n}\n'),
    (Kind.OTHER, "short.json", "options = {'vus': 10, 'duration': '30s'}\n"),
    (Kind.OTHER, "dict.json", "dict(vus=10, duration='30s')\n"),
    (Kind.OTHER, "variables.json", "export K6_VUS=10\nK6_DURATION=30s\n"),
    (Kind.OTHER, "options.json", 'callback({"vus": 10, "duration": "30s"});'),
    (Kind.OTHER, "jsonp.json", 'window.load({"vus": 10});\n'),
    (Kind.OTHER, "pre.json", '<pre><code class="language-json">{\n  "vus": 10\n}\n</code></pre>\n'),
    (Kind.OTHER, "div.json", '<div>{"vus": 10}</div>'),
    (Kind.OTHER, "php.json", "['vus' => 10, 'systemTags' => ['url']]"),
    (Kind.OTHER, "powershell.json", "@{\n  vus = 10\n  paused = $false\n}\n"),
    (Kind.OTHER, "elixir.json", '%{vus: 10, tags: %{env: "qa"}}'),
    (Kind.OTHER, "nginx.json", 'collectors {\n  cloud {\n    name "abc";\n  }\n}\nvus 10;\n'),
    (Kind.OTHER, "run", "#!/bin/sh\nk6 run script.js\n"),
    (Kind.OTHER, "run.sh", "k6 run script.js\n"),
    (Kind.OTHER, "options.toml", "vus = 10\n"),
    (Kind.OTHER, "options.ini", "[k6]\nvus=10\n"),
    (Kind.OTHER, ".env", "K6_VUS=10\n"),
    (Kind.OTHER, ".env.local", "K6_VUS=10\n"),
    (Kind.OTHER, "page.html", "<html></html>"),
    (Kind.OTHER, "README.md", '```json\n{"vus": 1,}\n```\n'),
    (Kind.OTHER, "Dockerfile", "FROM grafana/k6\n"),
    (Kind.OTHER, "tsconfig.json", '{\n// a comment\n"compilerOptions": {},}'),
    (Kind.OTHER, "load.py", "options = {'vus': 1}\n"),
]
COMMANDS = [
    "validate --fix --yes FILE",
    "validate --fix --unsafe-fixes --yes FILE",
    "validate --fix --unsafe-fixes --yes --in-place FILE",
    "set --yes -c FILE vus 3",
    "unset --yes -c FILE vus",
    "set-token --yes --from-env NEW_TOKEN -c FILE",
    "set-token --yes --remove -c FILE",
    "migrate --yes -c FILE",
    "doctor --fix --yes -c FILE",
]
READING = [
    "validate FILE",
    "show FILE",
    "show --effective FILE",
    "get -c FILE vus",
    "diff FILE good.json",
    "diff good.json FILE",
    "doctor -c FILE",
]


def data_of(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


def named(found: tuple[object, ...]) -> str:
    return "-".join(
        str(each.value if isinstance(each, Kind) else each) for each in found if not isinstance(each, bytes)
    )[:60]


@pytest.mark.parametrize(("name", "content"), CONFIGS)
def test_config_files_and_damaged_ones(name: str, content: bytes | str) -> None:
    assert kind_of(data_of(content), f"some/folder.js/{name}").kind is Kind.CONFIG


@pytest.mark.parametrize(("kind", "name", "content"), OTHERS, ids=map(named, OTHERS))
def test_other_files(kind: Kind, name: str, content: bytes | str) -> None:
    found = kind_of(data_of(content), f"some/folder.json/{name}")
    assert found.kind is kind
    assert found.is_text or kind in {Kind.ARCHIVE, Kind.BINARY}


@pytest.mark.parametrize(("kind", "name", "content"), OTHERS, ids=map(named, OTHERS))
def test_no_command_changes_another_format(home: Home, kind: Kind, name: str, content: bytes | str) -> None:
    data = data_of(content)
    path = home.write(data, home.work / name)
    found = kind_of(data, name)
    for line in COMMANDS:
        done = call(home, *line.replace("FILE", name).split(), NEW_TOKEN="not-a-real-token-at-all")
        assert (line, path.read_bytes()) == (line, data)
        assert [each.name for each in home.work.iterdir()] == [name], line
        if not line.startswith(("doctor", "validate")):
            assert (line, done.code) == (line, 3)
            # migrate reads config.yaml of k6 0.16, which never had more than one setting.
            assert f"{name} is {found.what}, not a k6 config file" in done.err or (
                line.startswith("migrate") and ".y" in name
            )
    assert kind is not Kind.CONFIG


@pytest.mark.parametrize(("kind", "name", "content"), OTHERS, ids=map(named, OTHERS))
def test_one_message_says_what_it_is_and_what_to_type(home: Home, kind: Kind, name: str, content: bytes | str) -> None:
    data = data_of(content)
    home.write(data, home.work / name)
    found = kind_of(data, name)
    done = call(home, "validate", name)
    said = done.out + done.err
    if not found.is_text:
        assert (done.code, done.out) == (3, "")
        assert said.startswith(f"k6cfg: {name} is {found.what}, not a k6 config file\n")
        return
    (entry,) = json.loads(call(home, "validate", "--output-format", "json", name).out)["files"]
    assert entry["kind"] == kind.value
    assert "validate --fix name" not in said
    if not entry["accepted"]["run"]:
        assert done.code == 1
        assert [one["rule"] for one in entry["diagnostics"]] == ["not-a-configuration"]
        assert entry["diagnostics"][0]["message"].startswith(f"this is {found.what}, not a k6 config file")


@pytest.mark.parametrize(("kind", "name", "content"), OTHERS, ids=map(named, OTHERS))
def test_a_conversion_that_is_offered_works(home: Home, kind: Kind, name: str, content: bytes | str) -> None:
    del kind
    home.write(data_of(content), home.work / name)
    (offered,) = re.findall(
        r"to convert its options: k6cfg (.+?) < (\S+) > (?!\2)\w+\.json", call(home, "validate", name).out
    ) or [None]
    if offered is None:
        return
    words, file = offered
    done = call(home, *shlex.split(words), stdin=(home.work / file).read_bytes())
    assert json.loads(done.out)["vus"] == 10


def test_a_symlink_to_another_format_is_left_alone(home: Home) -> None:
    module = home.write(MODULE, home.work / "options.js")
    home.config.parent.mkdir(parents=True)
    home.config.symlink_to(module)
    for line in ("validate --fix --unsafe-fixes --yes", "set --yes vus 3", "doctor --fix --yes", "migrate --yes"):
        call(home, *line.split())
        assert module.read_text() == MODULE


@pytest.mark.parametrize(("kind", "name", "content"), OTHERS, ids=map(named, OTHERS))
def test_doctor_promises_no_fix_of_another_format(home: Home, kind: Kind, name: str, content: bytes | str) -> None:
    del kind
    home.write(data_of(content), home.work / name)
    done = call(home, "doctor", "-c", name)
    assert not re.findall(r"`k6cfg (?:validate --fix|migrate|unset)", done.out)


@pytest.mark.parametrize(
    "text",
    ["<!DOCTYPE html>\n<html></html>\n", '<?xml version="1.0"?><a/>', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
)
def test_a_page_is_one_finding_and_left_alone(home: Home, text: str) -> None:
    path = home.write(text)
    assert call(home, "validate", "--fix", "--unsafe-fixes", "--yes").out.count("[not-a-configuration]") == 1
    assert path.read_text() == text


def test_module_is_converted_through_standard_input(home: Home) -> None:
    home.write(MODULE, home.work / "options.js")
    assert "k6cfg validate --fix - < options.js > options.json" in call(home, "validate", "options.js").out
    assert json.loads(call(home, "validate", "--fix", "-", stdin=MODULE).out) == {"vus": 10, "duration": "30s"}


def test_options_pasted_into_a_json_file_are_repaired(home: Home) -> None:
    path = home.write(MODULE)
    assert call(home, "validate", "--fix", "--yes").code == 0
    assert json.loads(path.read_bytes()) == {"vus": 10, "duration": "30s"}


BINARIES = [each for each in OTHERS if not kind_of(data_of(each[2]), each[1]).is_text]


@pytest.mark.parametrize(("kind", "name", "content"), BINARIES, ids=map(named, BINARIES))
def test_binary_file_is_one_error_in_every_command(home: Home, kind: Kind, name: str, content: bytes | str) -> None:
    data = data_of(content)
    home.write(data, home.work / name)
    home.write("{}", home.work / "good.json")
    found = kind_of(data, name)
    for line in [*READING, *COMMANDS]:
        done = call(home, *line.replace("FILE", name).split(), NEW_TOKEN="not-a-real-token-at-all")
        assert (line, done.code) == (line, 3)
        assert f"{name} is {found.what}, not a k6 config file" in done.out + done.err
    for line in ("validate", "show", "diff - good.json", "migrate"):
        words = line.split() if "-" in line.split() else [*line.split(), "-"]
        done = call(home, *words, stdin=data)
        assert (line, done.code, done.out) == (line, 3, "")
        assert found.what in done.err
    filtered = call(home, "validate", "--fix", "-", stdin=data)
    assert (filtered.code, filtered.raw) == (1, data)
    assert kind in {Kind.ARCHIVE, Kind.BINARY}
    assert [each.rule for each in validate(data).diagnostics] == ["not-a-configuration"]


def test_binary_file_can_be_undone(home: Home) -> None:
    path = home.write('{"vus": 1}', home.work / "config.json")
    assert call(home, "set", "-c", "config.json", "vus", "2", "--yes").code == 0
    path.write_bytes(tar())
    assert call(home, "undo", "--yes", "config.json").code == 0
    assert path.read_bytes() == b'{"vus": 1}'


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32"]),
)
def test_json_in_any_encoding_is_text(value: str, encoding: str) -> None:
    # Without a byte order mark it is the ASCII in a text that tells UTF-16.
    text = json.dumps({"tags": {"a": value}, "b": 1}, ensure_ascii=encoding.endswith("-le"))
    data = text.encode(encoding)
    for each in (data, data + b"\0" * 100, data[:-1]):
        assert kind_of(each, "config.json").is_text


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    assert kind_of(data).what
    assert kind_of(data, "a.js").kind in {Kind.SCRIPT, Kind.ARCHIVE, Kind.BINARY}


def test_secrets_are_found_in_every_text(home: Home) -> None:
    home.write(f"// token: 'glc_{'x1' * 20}'\n{SCRIPT}", home.work / "script.js")
    done = call(home, "validate", "--select", "secrets", "--output-format", "json", "script.js")
    assert done.code == 1
    assert [one["rule"] for one in json.loads(done.out)["files"][0]["diagnostics"]] == ["hardcoded-secret"]
