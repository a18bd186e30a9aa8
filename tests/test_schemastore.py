"""What is ready to be sent to SchemaStore passes the checks that it would meet there."""

import json
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from conftest import FIXTURES

FOLDER = FIXTURES.parent / "schemas" / "schemastore" / "src"
SCHEMA = FOLDER / "schemas" / "json" / "k6-config.json"
GOOD = sorted((FOLDER / "test" / "k6-config").glob("*.json"))
BAD = sorted((FOLDER / "negative_test" / "k6-config").glob("*.json"))
STANDARD = {"date", "date-time", "email", "hostname", "ipv4", "ipv6", "regex", "time", "uri", "uri-reference"}


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def judged(path: Path) -> bool:
    """As there: draft-07, nothing fetched, unknown formats passed over."""
    return jsonschema_rs.Draft7Validator(read(SCHEMA), offline=True).is_valid(read(path))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files_pass(path: Path) -> None:
    assert judged(path)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_files_do_not(path: Path) -> None:
    assert not judged(path)


def test_the_schema_is_as_the_catalog_wants_it() -> None:
    schema = read(SCHEMA)
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["$id"] == read(FOLDER / "api" / "json" / "catalog-entry.json")["url"]
    assert "object" in schema["type"]
    assert Path(schema["$id"]).name == SCHEMA.name
    assert len(GOOD) > 2
    assert len(BAD) > 2
    text = SCHEMA.read_text("utf-8")
    assert set(re.findall(r'"\$ref": "(.)', text)) == {"#"}
    own = set(re.findall(r'"format": "(.*?)"', text)) - STANDARD
    assert sorted(own) == read(FOLDER / "schema-validation-entry.json")[SCHEMA.name]["unknownFormat"]
    assert all(name.startswith("k6-") for name in own)


def test_the_entry_of_the_catalog() -> None:
    entry = read(FOLDER / "api" / "json" / "catalog-entry.json")
    assert list(entry) == ["name", "description", "fileMatch", "url"]
    assert not re.search("schema", entry["name"] + entry["description"], re.IGNORECASE), (
        "the catalog's rules forbid the word"
    )
    assert any(fnmatch("/home/me/.config/k6/config.json", pattern) for pattern in entry["fileMatch"])
    assert not any(fnmatch("/home/me/project/config.json", pattern) for pattern in entry["fileMatch"])


_AJV = """
const Ajv = require("ajv"), fs = require("fs");
const [schema, formats, ...files] = process.argv.slice(1);
const ajv = new Ajv({
  strict: true, strictTypes: false, strictTuples: false, strictRequired: false, allowMatchingProperties: true,
});
for (const name of JSON.parse(formats)) ajv.addFormat(name, true);
const valid = ajv.compile(JSON.parse(fs.readFileSync(schema)));
console.log(JSON.stringify(files.map(file => valid(JSON.parse(fs.readFileSync(file))))));
"""


def test_ajv_in_strict_mode_says_the_same() -> None:
    """The validator that SchemaStore itself uses, as it uses it, where there is one: NODE_PATH says where."""
    node = shutil.which("node")
    if node is None or subprocess.run([node, "-e", 'require("ajv")'], capture_output=True, check=False).returncode:
        pytest.skip("there is no node with ajv here")
    formats = json.dumps(read(FOLDER / "schema-validation-entry.json")[SCHEMA.name]["unknownFormat"])
    command = [node, "-e", _AJV, str(SCHEMA), formats, *map(str, (*GOOD, *BAD))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True] * len(GOOD) + [False] * len(BAD)
