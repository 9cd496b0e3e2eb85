"""Findings as SARIF 2.1.0: what its schema asks for holds, and nothing is lost on the way."""

import json
from typing import Any

import jsonschema

from quantumlayer.parser import Edit, Finding, Fix, Severity
from quantumlayer.parser.sarif import sarif
from tests.support.rule_corpus import findings, snippets

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
REGION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["startLine"],
    "properties": {
        name: {"type": "integer", "minimum": 1}
        for name in ("startLine", "startColumn", "endLine", "endColumn")
    },
}
ARTIFACT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["uri"],
    "properties": {
        "uri": {"type": "string", "format": "uri-reference"},
        "uriBaseId": {"type": "string"},
        "index": {"type": "integer", "minimum": -1},
    },
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
# The parts of the standard's schema (OASIS, 2.1.0) that our logs use, as strict as it is there.
SCHEMA = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "minItems": 0, "items": {"$ref": "#/definitions/run"}},
    },
    "definitions": {
        "run": {
            "type": "object",
            "required": ["tool"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "additionalProperties": False,
                    "properties": {"driver": {"$ref": "#/definitions/driver"}},
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "originalUriBaseIds": {"type": "object"},
                "results": {"type": "array", "items": {"$ref": "#/definitions/result"}},
            },
        },
        "driver": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string"},
                "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                "rules": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {"$ref": "#/definitions/rule"},
                },
            },
        },
        "rule": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string"},
                "shortDescription": TEXT,
                "help": TEXT,
                "helpUri": {"type": "string", "format": "uri"},
                "defaultConfiguration": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"level": LEVEL},
                },
                "properties": {
                    "type": "object",
                    "properties": {
                        "tags": {
                            "type": "array",
                            "uniqueItems": True,
                            "items": {"type": "string"},
                        },
                        "security-severity": {"type": "string", "pattern": r"^\d+\.\d$"},
                    },
                },
            },
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": -1},
                "level": LEVEL,
                "message": TEXT,
                "locations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "required": ["artifactLocation"],
                                "additionalProperties": False,
                                "properties": {"artifactLocation": ARTIFACT, "region": REGION},
                            }
                        },
                    },
                },
                "fixes": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "required": ["artifactChanges"],
                        "additionalProperties": False,
                        "properties": {
                            "description": TEXT,
                            "artifactChanges": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "object",
                                    "required": ["artifactLocation", "replacements"],
                                    "additionalProperties": False,
                                    "properties": {
                                        "artifactLocation": ARTIFACT,
                                        "replacements": {
                                            "type": "array",
                                            "minItems": 1,
                                            "items": {
                                                "type": "object",
                                                "required": ["deletedRegion"],
                                                "additionalProperties": False,
                                                "properties": {
                                                    "deletedRegion": REGION,
                                                    "insertedContent": TEXT,
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


def checked(found: list[Finding]) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(json.dumps(sarif(found)))
    validator = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors(log)) == []
    return log


def test_the_findings_of_the_whole_corpus_are_well_formed_sarif() -> None:
    found = [one for snippet in snippets() for one in findings(snippet.language, snippet.content)]
    (run,) = checked(found)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(found) > 100
    assert {rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"]} == {True}
    assert any("fixes" in one for one in run["results"])


def test_a_finding_keeps_its_place_help_weakness_and_fix() -> None:
    edit = Edit(line=3, column=5, end_line=3, end_column=9, text="True")
    finding = Finding(
        rule="tls-verification-off",
        severity=Severity.HIGH,
        path="src/my client.py",
        line=3,
        column=1,
        message="Not checked.",
        fix=Fix(description="Check it", safe=False, edits=(edit,)),
        tool="quantumlayer",
        cwe=295,
        help="Leave the check on.",
    )
    (run,) = checked([finding])["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["help"]["text"] == "Leave the check on."
    assert rule["helpUri"].endswith("/295.html")
    assert {"security", "external/cwe/cwe-295"} <= set(rule["properties"]["tags"])
    (result,) = run["results"]
    assert (result["level"], result["message"]["text"]) == ("error", "Not checked.")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "src/my%20client.py", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 3, "startColumn": 1}
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9},
            "insertedContent": {"text": "True"},
        }
    ]


def test_each_tool_has_a_run_of_its_own_and_no_findings_are_one_empty_run() -> None:
    base = {"severity": Severity.LOW, "path": "a.py", "line": 1, "column": 1, "message": "m"}
    found = [
        Finding(rule="F401", tool="ruff", **base),
        Finding(rule="x-y", tool="quantumlayer", **base),
    ]
    assert [run["tool"]["driver"]["name"] for run in checked(found)["runs"]] == [
        "quantumlayer",
        "ruff",
    ]
    assert [run["results"] for run in checked([])["runs"]] == [[]]
