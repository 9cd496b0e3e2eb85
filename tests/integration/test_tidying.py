"""What a language model wrote is fixed and formatted before anything of it is judged."""

import io
import json
import zipfile
from typing import Any

from quantumlayer.core.events import EventType
from quantumlayer.qtest import Verdict
from quantumlayer.router import CallRecord
from tests.integration.test_language_model import (
    BLUEPRINT,
    GOOD_SOURCE,
    MODEL,
    REQUIREMENTS,
    TESTS,
    WRONG_SOURCE,
    proving,
)
from tests.support.integrating import mended
from tests.support.model_server import FilesReply, JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun

PROMPT = "A library that converts celsius to fahrenheit"
MODULE = "temperature/converting.py"
UNTIDY_SOURCE = GOOD_SOURCE.replace("\n\n\n", "\nimport os\nimport   math\n\n").replace(
    "celsius: float", "celsius :float"
)
FACADE = {
    "path": "temperature/__init__.py",
    "role": "source",
    "purpose": "What is offered.",
    "interface": "to_fahrenheit",
    "depends_on": [MODULE],
    "requirements": ["R1"],
}
INNER = {**BLUEPRINT["files"][1], "path": MODULE}
OFFERED = '"""Temperatures."""\n\nfrom temperature.converting import to_fahrenheit\n\n'
OFFERED += '__all__ = ["to_fahrenheit"]\n'
PLAN: dict[str, Any] = {**BLUEPRINT, "files": [BLUEPRINT["files"][0], FACADE, INNER]}


def scripted(*more: Reply, source: str = UNTIDY_SOURCE, tests: str = TESTS) -> list[Reply]:
    return [
        JsonReply(task="analyse", value=REQUIREMENTS),
        JsonReply(task="design", value=PLAN),
        FilesReply(task="write", files={MODULE: source, "temperature/__init__.py": OFFERED}),
        proving(tests),
        *more,
    ]


async def tidied(pipeline: Pipeline, run: StartedRun) -> list[dict[str, Any]]:
    events = await pipeline.events(run.id)
    return [dict(event.data) for event in events if event.type is EventType.FILES_TIDIED]


def repairs(calls: tuple[CallRecord, ...]) -> int:
    return sum(call.task == "integrate" for call in calls)


async def test_an_untidy_file_is_mended_without_asking_the_model(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given: imports that nothing uses, and no formatter's spaces, in code and tests
    server.script(scripted(tests=TESTS.replace("(100) == 212", "( 100 )==212")))
    # when
    run = await pipeline.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert repairs(await pipeline.calls(run.id)) == 0
    files = await pipeline.files(run.id)
    assert files[MODULE] == GOOD_SOURCE
    assert files["tests/test_temperature.py"] == TESTS
    with zipfile.ZipFile(io.BytesIO(await pipeline.capsule(run.id))) as capsule:
        (name,) = (name for name in capsule.namelist() if name.endswith(MODULE))
        assert capsule.read(name).decode() == GOOD_SOURCE
    (told,) = await tidied(pipeline, run)
    assert {one["path"]: one["tools"] for one in told["files"]} == {
        MODULE: ["ruff check --fix --no-unsafe-fixes", "ruff format"],
        "tests/test_temperature.py": ["ruff format"],
    }


async def test_what_a_repair_wrote_is_tidied_too_and_what_is_tidy_stays(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given
    server.script(scripted(mended(UNTIDY_SOURCE, MODULE), source=WRONG_SOURCE))
    # when
    run = await pipeline.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert repairs(await pipeline.calls(run.id)) == 1
    assert (await pipeline.files(run.id))[MODULE] == GOOD_SOURCE
    first, second = await tidied(pipeline, run)
    assert first["files"] == []
    assert [one["path"] for one in second["files"]] == [MODULE]


async def test_an_import_of_the_project_itself_stays_where_the_rest_is_formatted(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given: who knows what a module does when it is imported
    own = TESTS.replace("from temp", "import temperature.converting\nfrom temp")
    server.script(scripted(tests=own.replace("(100) == 212", "( 100 )==212")))
    # when
    run = await pipeline.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert (await pipeline.files(run.id))["tests/test_temperature.py"] == own
    (told,) = await tidied(pipeline, run)
    assert "The fixes of tests/test_temperature.py were not taken" in told["notes"][-1]


async def test_a_file_that_is_broken_stays_as_it_is_until_it_is_repaired(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given: broken however often it is asked for, and untidy
    broken = UNTIDY_SOURCE + "def f(:\n"
    script = scripted(mended(UNTIDY_SOURCE, MODULE), source=broken)
    offered = {MODULE: broken, "temperature/__init__.py": OFFERED}
    script[2] = FilesReply(task="write", files=offered, times=3)
    server.script(script)
    # when
    run = await pipeline.start(PROMPT, model=MODEL)
    ending = await run.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    first, second = await tidied(pipeline, run)
    assert MODULE not in [one["path"] for one in first["files"]]
    assert MODULE in [one["path"] for one in second["files"]]
    (asking,) = (request for request in server.requests if request.task == "integrate")
    assert "import   math" in json.dumps(asking.messages)
    assert (await pipeline.files(run.id))[MODULE] == GOOD_SOURCE


async def test_the_built_in_model_is_not_waited_for(pipeline: Pipeline) -> None:
    run = await pipeline.start("Books have a title.")
    ending = await run.handle.result()
    assert ending.verdict is Verdict.PASSED, ending.reason
    assert await tidied(pipeline, run) == []
    tester = pipeline.client.get_workflow_handle(f"{run.handle.id}/tester")
    history = (await tester.fetch_history()).to_json()
    assert "run_all_tests" in history
    assert "tidy_tree" not in history
