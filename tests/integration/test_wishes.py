"""What no stack serves is said at once, and somebody decides, or the default does."""

import pytest
from temporalio.client import WorkflowUpdateFailedError

from quantumlayer.core.events import Event, EventType
from quantumlayer.core.runs import DECIDE_WISH, WishDecision
from quantumlayer.qlayer.quality import QualityReport
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import (
    GOOD_SOURCE,
    MODEL,
    TESTS,
    opening,
    proving,
    wrote,
)
from tests.support.model_server import ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun

PROMPT = "A library that converts celsius to fahrenheit, written in Ruby"


@pytest.fixture
def wish_wait_seconds() -> int:
    """Longer than anybody here takes to decide."""
    return 60


def whole() -> list[Reply]:
    """All that a run is answered which is built."""
    return [
        *opening(),
        wrote(GOOD_SOURCE),
        proving(TESTS),
    ]


async def asked(pipeline: Pipeline, started: StartedRun) -> Event:
    """The question, once it is told."""
    found: list[Event] = []
    while not found:
        events = await pipeline.events(started.id)
        found = [one for one in events if one.type == EventType.WISH_UNSERVED]
    return found[0]


async def decided(pipeline: Pipeline, started: StartedRun) -> dict[str, object]:
    events = await pipeline.events(started.id)
    (event,) = [one for one in events if one.type == EventType.WISH_DECIDED]
    return event.data


async def test_what_is_accepted_is_built_and_stays_visible_as_missing(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(whole())
    started = await pipeline.start(PROMPT, model=MODEL)
    question = await asked(pipeline, started)
    assert question.data == {
        "words": ["ruby"], "nearest": "python-library", "title": "Python library",
        "waitSeconds": 60,
    }  # fmt: skip

    await started.handle.execute_update(DECIDE_WISH, WishDecision.ACCEPT)
    ending = await started.handle.result()

    assert ending.verdict is Verdict.INCOMPLETE, ending.reason
    assert ending.reason == "Missing, because no stack serves it: “ruby”."
    assert await decided(pipeline, started) == {"decision": "accept", "by": "somebody"}
    run = await pipeline.run(started.id)
    assert run.quality_report_object is not None
    report = QualityReport.model_validate_json(
        await pipeline.objects.get(run.quality_report_object)
    )
    assert report.missing == (ending.reason,)
    assert [one.text for one in report.not_understood] == ["ruby"]


async def test_whoever_stops_it_gets_nothing_built(pipeline: Pipeline, server: ModelServer) -> None:
    server.script(opening()[:1])
    started = await pipeline.start(PROMPT, model=MODEL)
    await asked(pipeline, started)

    await started.handle.execute_update(DECIDE_WISH, WishDecision.STOP)
    ending = await started.handle.result()

    assert ending.verdict is None
    assert "no stack serves ruby; the nearest is Python library" in ending.reason
    assert (await pipeline.run(started.id)).status == "cancelled"
    assert {call.task for call in await pipeline.calls(started.id)} == {"analyse"}


async def test_what_was_not_meant_is_not_missing(pipeline: Pipeline, server: ModelServer) -> None:
    server.script(whole())
    started = await pipeline.start(PROMPT, model=MODEL)
    await asked(pipeline, started)

    await started.handle.execute_update(DECIDE_WISH, WishDecision.NOT_MEANT)
    # The first answer holds, and there is nothing more to answer.
    with pytest.raises(WorkflowUpdateFailedError):
        await started.handle.execute_update(DECIDE_WISH, WishDecision.STOP)
    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason


@pytest.mark.parametrize("wish_wait_seconds", [1])
async def test_without_an_answer_the_nearest_is_taken(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(whole())
    started = await pipeline.start(PROMPT, model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.INCOMPLETE
    assert await decided(pipeline, started) == {"decision": "accept", "by": "default"}


async def test_whoever_takes_a_part_has_decided_already(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(whole())
    started = await pipeline.start(PROMPT, model=MODEL, accept_partial=True)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.INCOMPLETE
    assert (await asked(pipeline, started)).data["waitSeconds"] == 0


async def test_a_run_that_asks_nothing_takes_no_answer(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(whole())
    started = await pipeline.start("A library that converts celsius", model=MODEL)
    with pytest.raises(WorkflowUpdateFailedError):
        await started.handle.execute_update(DECIDE_WISH, WishDecision.STOP)
    assert (await started.handle.result()).verdict is Verdict.PASSED
