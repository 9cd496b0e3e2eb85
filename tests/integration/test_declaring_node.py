"""A package of Node that nobody planned is declared in the manifest that the model wrote."""

import json
from typing import Any

from quantumlayer.core.runs import RunLimits
from quantumlayer.qtest import Verdict
from tests.integration.test_declaring import PROMPT, documents, repairs, told
from tests.integration.test_language_model import MODEL, REQUIREMENTS
from tests.support.integrating import mended
from tests.support.model_server import FilesReply, JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline

ONE_ROUND = RunLimits(repair_rounds=1)

NODE_REQUIREMENTS: dict[str, Any] = {
    **REQUIREMENTS,
    "requirements": {**REQUIREMENTS["requirements"], "language": "javascript"},
}
NODE_BLUEPRINT: dict[str, Any] = {
    "name": "temperature",
    "kind": "library",
    "language": "javascript",
    "files": [
        {"path": "package.json", "role": "configuration", "purpose": "The manifest."},
        {
            "path": "src/index.js",
            "role": "source",
            "purpose": "The conversion.",
            "interface": "toFahrenheit(celsius)",
            "depends_on": ["package.json"],
            "requirements": ["R1"],
        },
        {
            "path": "tests/index.test.js",
            "role": "test",
            "purpose": "Tests the conversion.",
            "depends_on": ["src/index.js"],
            "requirements": ["R1"],
        },
    ],
    "test_command": ["node", "--test"],
}
MANIFEST = '{\n  "name": "temperature",\n  "version": "1.0.0",\n  "type": "module"\n}\n'
NODE_SOURCE = """import offset from "PACKAGE";

/** Celsius as Fahrenheit. */
export function toFahrenheit(celsius) {
  return (celsius * 9) / 5 + offset;
}
"""
NODE_TESTS = """import assert from "node:assert/strict";
import { test } from "node:test";
import { toFahrenheit } from "../src/index.js";

test("R1 converts celsius to fahrenheit", () => {
  assert.equal(toFahrenheit(0), 32);
  assert.equal(toFahrenheit(100), 212);
});
"""


def scripted_node(package: str, *more: Reply) -> list[Reply]:
    return [
        JsonReply(task="analyse", value=NODE_REQUIREMENTS),
        JsonReply(task="design", value=NODE_BLUEPRINT),
        FilesReply(task="write", files={"package.json": MANIFEST}),
        FilesReply(task="write", files={"src/index.js": NODE_SOURCE.replace("PACKAGE", package)}),
        FilesReply(task="test", files={"tests/index.test.js": NODE_TESTS}),
        *more,
    ]


async def test_a_package_that_nobody_planned_is_declared_as_npm_would(
    asking: Pipeline, server: ModelServer
) -> None:
    server.script(scripted_node("lodash"))
    # when
    run = await asking.start(PROMPT, model=MODEL, limits=ONE_ROUND)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert await repairs(asking, run) == 0
    files = await asking.files(run.id)
    assert json.loads(files["package.json"])["dependencies"] == {"lodash": "^1.0.0"}
    assert "COPY package.json" in files["Dockerfile"]
    found = await documents(asking, run)
    assert [one["name"] for one in found["sbom.cdx.json"]["components"]] == ["lodash"]
    assert [one["specifier"] for one in found["blueprint.json"]["dependencies"]] == ["^1.0.0"]


async def test_what_the_registry_does_not_know_stays_a_finding_for_the_model(
    asking: Pipeline, server: ModelServer
) -> None:
    # given: known by everybody, but not to be had here
    source = NODE_SOURCE.replace('import offset from "PACKAGE";\n', "const offset = 32;\n")
    server.script(scripted_node("express", mended(source, "src/index.js")))
    # when
    run = await asking.start(PROMPT, model=MODEL, limits=ONE_ROUND)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    (first,) = await told(asking, run)
    assert first["added"] == []
    (left,) = first["left"]
    assert (left["name"], left["files"]) == ("express", ["src/index.js"])
    assert left["reason"].startswith("express does not exist in the registry.")
    (asked,) = (request for request in server.requests if request.task == "integrate")
    assert "Cannot find package 'express'" in json.dumps(asked.messages)
    assert "dependencies" not in json.loads((await asking.files(run.id))["package.json"])
