"""A scripted reviewer: what it calls wrong is mended, and what held is never lost by it."""

import json
import zipfile
from io import BytesIO
from typing import Any

from quantumlayer.core.events import EventType
from quantumlayer.core.runs import RunLimits
from quantumlayer.qlayer.quality import Review
from quantumlayer.qtest import Verdict
from tests.integration.test_integrator import PROMPT, said_to, told
from tests.integration.test_language_model import GOOD_SOURCE, MODEL, TESTS, opening, proving, wrote
from tests.support.integrating import SOURCE, edit, finish, mended, turn
from tests.support.model_server import JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun

REMARK: dict[str, Any] = {
    "path": SOURCE,
    "line": 6,
    "requirement": "R1",
    "weight": "wrong",
    "problem": "It takes what is colder than anything can be.",
    "scenario": "Somebody converts -300; a number comes. It should be refused.",
}
REFUSES = edit(
    "    return celsius",
    '    if celsius < -273.15:\n        raise ValueError("too cold")\n    return celsius',
)
SHOWN = """from pytest import raises

from temperature import to_fahrenheit


def test_r1_refuses_what_is_too_cold() -> None:
    with raises(ValueError, match="too cold"):
        to_fahrenheit(-300)
"""
BREAKS = edit("5 + 32", "5 + 31")


def reading(*remarks: dict[str, Any]) -> JsonReply:
    return JsonReply(task="review", value={"remarks": list(remarks)})


async def begin(
    pipeline: Pipeline, server: ModelServer, *replies: Reply, **limits: int
) -> StartedRun:
    """A run whose draft holds, and what reviewer and integrator say then."""
    server.script([*opening(), wrote(GOOD_SOURCE), proving(TESTS), *replies])
    asked = RunLimits.model_validate({"reviews": 1, **limits})
    return await pipeline.start(PROMPT, model=MODEL, limits=asked)


async def reviews(pipeline: Pipeline, run: StartedRun) -> list[Review]:
    """The readings that the report in the capsule tells of."""
    with zipfile.ZipFile(BytesIO(await pipeline.capsule(run.id))) as capsule:
        report = json.loads(capsule.read("capsule/quality-report.json"))
    return [Review.model_validate(one) for one in report["reviews"]]


async def test_what_a_reader_calls_wrong_is_mended_and_verified(
    pipeline: Pipeline, server: ModelServer
) -> None:
    shown = mended(SHOWN, "tests/test_cold.py")
    worse = {**REMARK, "weight": "worse", "problem": "It could be shorter."}
    run = await begin(pipeline, server, reading(REMARK, worse), REFUSES, shown)

    ending = await run.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    assert "too cold" in (await pipeline.files(run.id))[SOURCE]
    first = said_to(server, 0)
    assert "colder than anything" in first
    assert "It could be shorter" not in first
    (review,) = await reviews(pipeline, run)
    assert (len(review.remarks), review.heeded) == (2, True)
    (said,) = await told(pipeline, run, EventType.REVIEW_FINISHED)
    spoken = Review.model_validate({"remarks": said["remarks"]})
    assert spoken.remarks == review.remarks


async def test_a_reader_who_finds_nothing_wrong_changes_nothing(
    pipeline: Pipeline, server: ModelServer
) -> None:
    run = await begin(pipeline, server, reading({**REMARK, "weight": "worse"}))

    assert (await run.handle.result()).verdict is Verdict.PASSED
    assert all(request.task != "integrate" for request in server.requests)
    (review,) = await reviews(pipeline, run)
    assert not review.heeded


async def test_a_remark_that_is_not_so_may_be_left(pipeline: Pipeline, server: ModelServer) -> None:
    run = await begin(pipeline, server, reading(REMARK), turn(("read", {"path": SOURCE})), finish())

    assert (await run.handle.result()).verdict is Verdict.PASSED
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert (end["granted"], end["verifications"]) == (True, 0)
    (review,) = await reviews(pipeline, run)
    assert not review.heeded


async def test_what_held_is_kept_where_mending_it_breaks_it(
    pipeline: Pipeline, server: ModelServer
) -> None:
    run = await begin(
        pipeline, server, reading(REMARK), BREAKS, finish(), repair_rounds=1, integrator_steps=2
    )

    assert (await run.handle.result()).verdict is Verdict.PASSED
    assert (await pipeline.files(run.id))[SOURCE] == GOOD_SOURCE


async def test_a_reading_that_cannot_be_had_ends_no_run(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given: nobody answers for the reviewer
    run = await begin(pipeline, server)

    assert (await run.handle.result()).verdict is Verdict.PASSED
    (review,) = await reviews(pipeline, run)
    assert "no reply" in review.unknown
