"""``k6cfg schema``: the schema of one version, and the settings of an editor."""

import json

import jsonschema
import pytest
from conftest import Home

from k6cfg.schema import load
from k6cfg.schema.versions import Version


@pytest.mark.parametrize("version", ["2.2.0", "0.30.0"])
def test_the_schema_of_a_version(home: Home, version: str) -> None:
    done = home.run("schema", "--k6-version", version)
    assert done.code == 0
    schema = json.loads(done.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema == load(Version.parse(version)).document
    assert schema["properties"]["vus"]["description"]
    assert "scenarios" in schema["properties"]
    assert ("features" in schema["properties"]) == (version == "2.2.0")
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"vus": 1, "duration": "1m"})
    assert not validator.is_valid({"vus": "one"})


def test_the_settings_of_vs_code(home: Home) -> None:
    done = home.run("schema", "--vscode", "--k6-version", "2.2.0")
    [entry] = json.loads(done.out)["json.schemas"]
    assert entry["url"].endswith("k6-config-2.2.schema.json")
    assert "k6cfg schema --k6-version 2.2.0 > .vscode/k6-config-2.2.schema.json" in done.err
    assert "k6cfg schema --draft 7 >" in home.run("schema", "--vscode", "--draft", "7").err
