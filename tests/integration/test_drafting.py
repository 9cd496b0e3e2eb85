"""Drafts in a run: in batches behind one beginning, tests beside bodies, no run lost for one."""

from typing import Any

from quantumlayer.core.events import EventType
from quantumlayer.core.runs import RunLimits
from quantumlayer.qtest import Verdict
from quantumlayer.worker.generator.nouns import DraftNotes
from tests.integration.test_language_model import (
    BLUEPRINT,
    GOOD_SOURCE,
    MODEL,
    REQUIREMENTS,
    TESTS,
)
from tests.support.model_server import FilesReply, JsonReply, ModelServer, Reply, TextReply
from tests.support.pipeline import Pipeline

PROMPT = "A library that converts celsius to fahrenheit"
SOURCE, TEST, KELVIN = (
    "temperature/__init__.py",
    "tests/test_temperature.py",
    "temperature/kelvin.py",
)
KELVIN_SOURCE = '"""Kelvin."""\n\n\ndef to_kelvin(celsius: float) -> float:\n    return celsius\n'
PLAN: dict[str, Any] = {
    **BLUEPRINT,
    "files": [
        *BLUEPRINT["files"],
        {
            "path": KELVIN,
            "role": "source",
            "purpose": "Kelvin.",
            "interface": "to_kelvin(celsius: float) -> float",
            "depends_on": [SOURCE],
        },
    ],
}


def opening() -> list[Reply]:
    return [JsonReply(task="analyse", value=REQUIREMENTS), JsonReply(task="design", value=PLAN)]


async def test_small_files_are_one_answer_and_tests_see_no_bodies(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given: a note that another file must change
    written = FilesReply(
        task="write",
        files={SOURCE: GOOD_SOURCE, KELVIN: KELVIN_SOURCE},
        notes={"README.md": "It should name Kelvin."},
    )
    server.script([*opening(), written, FilesReply(task="test", files={TEST: TESTS})])
    # when
    started = await pipeline.start(PROMPT, model=MODEL, limits=RunLimits(repair_rounds=0))
    await started.handle.result()
    # then
    assert len(await pipeline.calls(started.id)) == 4
    assert {SOURCE, KELVIN, TEST} <= (await pipeline.files(started.id)).keys()
    write, test = ([message["content"] for message in request.messages]
                   for request in server.requests if request.task in ("write", "test"))  # fmt: skip
    assert write[:-1] == test[:-1]
    assert "return celsius" not in "".join(test)
    events = await pipeline.events(started.id)
    (noted,) = [event.data for event in events if event.type is EventType.FILE_NOTED]
    assert (noted["path"], noted["note"]) == ("README.md", "It should name Kelvin.")
    assert set(noted["by"]) == {SOURCE, KELVIN}
    tester = pipeline.client.get_workflow_handle(
        f"{started.handle.id}/tester/tests-test-temperature-py"
    )
    assert (await tester.describe()).workflow_type == "Generator"


async def test_what_is_said_of_other_files_is_kept_for_whoever_mends(
    pipeline: Pipeline, server: ModelServer
) -> None:
    notes = {"README.md": "It should name Kelvin."}
    written = FilesReply(
        task="write", files={SOURCE: GOOD_SOURCE, KELVIN: KELVIN_SOURCE}, notes=notes
    )
    server.script([*opening(), written, FilesReply(task="test", files={TEST: TESTS})])
    started = await pipeline.start(PROMPT, model=MODEL, limits=RunLimits(repair_rounds=0))
    await started.handle.result()

    drafted = pipeline.client.get_workflow_handle(
        f"{started.handle.id}/engineer/temperature-init-py"
    )
    result: dict[str, Any] = await drafted.result()

    kept = DraftNotes.model_validate_json(await pipeline.objects.get(result["notes"]))
    assert [(note.path, note.text) for note in kept.notes] == list(notes.items())


async def test_a_file_that_cannot_be_had_is_told_and_the_run_goes_on_and_never_passes(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given: a model that writes one file of two, and will not write the other
    server.script(
        [
            *opening(),
            FilesReply(task="write", files={SOURCE: GOOD_SOURCE}),
            FilesReply(task="test", files={TEST: TESTS}),
            TextReply(task="write", content="Kelvin is beyond me.", times=None),
        ]
    )
    # when
    started = await pipeline.start(PROMPT, model=MODEL, limits=RunLimits(repair_rounds=0))
    ending = await started.handle.result()
    # then
    assert ending.verdict is Verdict.FAILED
    assert f"1 planned file not written: {KELVIN}" in ending.reason
    assert {SOURCE, TEST} <= (await pipeline.files(started.id)).keys()
    assert (await pipeline.capsule(started.id)).startswith(b"PK")
    events = await pipeline.events(started.id)
    (missing,) = [event.data for event in events if event.type is EventType.FILE_MISSING]
    assert missing["path"] == KELVIN
    assert EventType.TESTS_FINISHED in {event.type for event in events}


async def test_what_is_refused_is_asked_for_again_alone(
    pipeline: Pipeline, server: ModelServer
) -> None:
    broken = KELVIN_SOURCE.replace("(celsius: float)", "(celsius")
    server.script(
        [
            *opening(),
            FilesReply(task="write", files={SOURCE: GOOD_SOURCE, KELVIN: broken}),
            FilesReply(task="test", files={TEST: TESTS}),
            FilesReply(task="write", files={KELVIN: KELVIN_SOURCE}),
        ]
    )
    started = await pipeline.start(PROMPT, model=MODEL, limits=RunLimits(repair_rounds=0))
    await started.handle.result()

    files = await pipeline.files(started.id)
    assert (files[SOURCE], files[KELVIN]) == (GOOD_SOURCE, KELVIN_SOURCE)
    *_, again = (request for request in server.requests if request.task == "write")
    item = again.messages[-1]["content"]
    assert f"Write the file `{KELVIN}` whole" in item
    assert broken in item
    assert server.asked_twice() == ()
