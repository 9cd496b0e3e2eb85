"""A package that a file imports and nobody planned is declared before any repair is paid for."""

import io
import json
import zipfile
from typing import Any

from quantumlayer.core.events import EventType
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import (
    BLUEPRINT,
    GOOD_SOURCE,
    MODEL,
    REQUIREMENTS,
    TESTS,
    WEAK_TESTS,
    better_tests,
    proving,
    wrote,
)
from tests.support.integrating import mended
from tests.support.model_server import JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun

PROMPT = "A library that converts celsius to fahrenheit"
IMPORTING = GOOD_SOURCE.replace(
    '"""\n\n\n', '"""\n\nfrom tabulate import VERSION\n\n\n', 1
).replace("* 9 / 5", "* len(VERSION) * 3 / 5")
PLANNED = {"name": "tabulate", "specifier": ">=0.9", "purpose": "Tables."}


def scripted(source: str, *more: Reply) -> list[Reply]:
    return [
        JsonReply(task="analyse", value=REQUIREMENTS),
        JsonReply(task="design", value=BLUEPRINT),
        wrote(source),
        proving(TESTS),
        *more,
    ]


async def told(pipeline: Pipeline, run: StartedRun) -> list[dict[str, Any]]:
    events = await pipeline.events(run.id)
    return [dict(event.data) for event in events if event.type is EventType.DEPENDENCIES_ADDED]


async def repairs(pipeline: Pipeline, run: StartedRun) -> int:
    tasks = {"repair", "integrate"}
    return sum(call.task in tasks for call in await pipeline.calls(run.id))


async def documents(pipeline: Pipeline, run: StartedRun) -> dict[str, Any]:
    """The capsule's JSON documents, by the name of their file."""
    with zipfile.ZipFile(io.BytesIO(await pipeline.capsule(run.id))) as capsule:
        return {
            name.rpartition("/")[2]: json.loads(capsule.read(name))
            for name in capsule.namelist()
            if "/capsule/" in f"/{name}" and name.endswith(".json")
        }


async def test_a_package_that_nobody_planned_is_planned_locked_and_told(
    asking: Pipeline, server: ModelServer
) -> None:
    server.script(scripted(IMPORTING))
    # when
    run = await asking.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert await repairs(asking, run) == 0
    (added,) = await told(asking, run)
    package = {"name": "tabulate", "ecosystem": "pypi", "module": "tabulate"}
    assert added["added"] == [{**package, "files": ["temperature/__init__.py"]}]
    assert added["left"] == []
    files = await asking.files(run.id)
    assert "tabulate==1.0 \\\n    --hash=sha256:" in files["requirements.txt"]
    assert "tabulate==1.0" in files["requirements-dev.txt"]
    assert "pip install -r requirements.txt" in files["Dockerfile"]
    found = await documents(asking, run)
    (planned,) = found["blueprint.json"]["dependencies"]
    assert (planned["name"], planned["development"]) == ("tabulate", False)
    assert [one["purl"] for one in found["sbom.cdx.json"]["components"]] == [
        "pkg:pypi/tabulate@1.0"
    ]
    note = "tabulate was added because temperature/__init__.py imports it."
    assert found["quality-report.json"]["notes"] == [note]
    row = await asking.run(run.id)
    shown = json.loads(await asking.objects.get(row.blueprint_object or ""))
    assert shown == found["blueprint.json"]


async def test_what_only_tests_import_is_not_delivered(
    asking: Pipeline, server: ModelServer
) -> None:
    tests = TESTS.replace("from temp", "from tabulate import VERSION\nfrom temp")
    tests = tests.replace("== 32", "== 29 + len(VERSION)")
    server.script([*scripted(GOOD_SOURCE)[:-1], proving(tests)])
    # when
    run = await asking.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert await repairs(asking, run) == 0
    files = await asking.files(run.id)
    assert "tabulate" not in files["requirements.txt"]
    assert "tabulate==1.0" in files["requirements-dev.txt"]
    assert (await documents(asking, run))["sbom.cdx.json"].get("components", []) == []


async def test_a_misspelt_module_of_the_project_becomes_no_package_and_is_repaired(
    asking: Pipeline, server: ModelServer
) -> None:
    # given: a name that somebody else has published
    wrong = TESTS.replace("from temperature", "from temperatures")
    script = scripted(IMPORTING, mended(TESTS, "tests/test_temperature.py", "R1"))
    script[1] = JsonReply(task="design", value={**BLUEPRINT, "dependencies": [PLANNED]})
    script[3] = proving(wrong)
    server.script(script)
    # when
    run = await asking.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert await repairs(asking, run) == 1
    assert await told(asking, run) == []
    (asked,) = (request for request in server.requests if request.task == "integrate")
    assert "No module named 'temperatures'" in json.dumps(asked.messages)
    (planned,) = (await documents(asking, run))["blueprint.json"]["dependencies"]
    assert (planned["name"], planned["purpose"]) == ("tabulate", "Tables.")


async def test_the_plan_goes_back_with_the_tree_to_what_passed(
    asking: Pipeline, server: ModelServer
) -> None:
    # given: better tests that want another package, and do not pass
    wrong = TESTS.replace("212", "213").replace("from temp", "from rich import VERSION\nfrom temp")
    wrong = wrong.replace("== 32", "== 29 + len(VERSION)")
    script = scripted(IMPORTING, better_tests(wrong))
    script[1] = JsonReply(task="design", value={**BLUEPRINT, "dependencies": [PLANNED]})
    script[3] = proving(WEAK_TESTS)
    server.script(script)
    # when
    run = await asking.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    (added,) = await told(asking, run)
    assert [one["name"] for one in added["added"]] == ["rich"]
    planned = (await documents(asking, run))["blueprint.json"]
    assert [one["name"] for one in planned["dependencies"]] == ["tabulate"]
    assert "rich" not in (await asking.files(run.id))["requirements-dev.txt"]
    row = await asking.run(run.id)
    assert json.loads(await asking.objects.get(row.blueprint_object or "")) == planned


async def test_nobody_is_asked_and_nothing_added_where_registries_are_not_to_be_asked(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(scripted(IMPORTING, mended(GOOD_SOURCE)))
    run = await pipeline.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert await repairs(pipeline, run) == 1
    assert await told(pipeline, run) == []
