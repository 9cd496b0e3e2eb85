"""A scripted model in the integrator's loop: it reads, changes, tests, and asks to finish."""

import json

import pytest
from temporalio import workflow

from quantumlayer.core.events import EventType
from quantumlayer.core.runs import RunLimits
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import (
    GOOD_SOURCE,
    MODEL,
    TESTS,
    WRONG_SOURCE,
    opening,
    proving,
    wrote,
)
from tests.support.integrating import SOURCE, edit, finish, turn, writing
from tests.support.model_server import ModelServer, Reply, ScriptedCall, TextReply
from tests.support.pipeline import Pipeline, StartedRun

PROMPT = "A library that converts celsius to fahrenheit"
TEST_FILE = "tests/test_temperature.py"
MEND = edit("5 + 30", "5 + 32")


def drafted(source: str = WRONG_SOURCE, tests: str = TESTS) -> list[Reply]:
    """All that comes before the integrator."""
    return [*opening(), wrote(source), proving(tests)]


async def begin(
    pipeline: Pipeline, server: ModelServer, *turns: Reply, tests: str = TESTS, **limits: int
) -> StartedRun:
    """A run whose draft is wrong, and whose integrator says these turns."""
    server.script([*drafted(tests=tests), *turns])
    return await pipeline.start(PROMPT, model=MODEL, limits=RunLimits(**limits))


async def told(pipeline: Pipeline, run: StartedRun, kind: EventType) -> list[dict[str, object]]:
    return [event.data for event in await pipeline.events(run.id) if event.type is kind]


def said_to(server: ModelServer, number: int) -> str:
    """All that the integrator's turn of that number was told, in JSON."""
    asked = [request for request in server.requests if request.task == "integrate"]
    return json.dumps(asked[number].messages, ensure_ascii=False)


async def test_it_plans_reads_mends_tests_and_is_granted_the_end(
    pipeline: Pipeline, server: ModelServer
) -> None:
    plan = [{"outcome": "The tests pass", "state": "doing"}, {"outcome": "It is granted"}]
    run = await begin(
        pipeline,
        server,
        turn(("plan", {"outcomes": plan}), ("read", {"path": SOURCE})),
        turn(("search", {"pattern": r"celsius \*"}), ("run", {"command": "ls tests"})),
        MEND,
        turn(("test", {"matching": "r1_converts"})),
        finish(),
    )

    ending = await run.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    assert (await pipeline.files(run.id))[SOURCE] == GOOD_SOURCE
    assert server.asked_twice() == ()
    first = said_to(server, 0)
    assert "a test fails (tests/test_temperature.py::test_r1_converts" in first
    assert "return celsius * 9 / 5 + 30" in said_to(server, 1)
    assert f"{SOURCE}:6:" in said_to(server, 2)
    assert "test_temperature.py" in said_to(server, 2)
    assert f"{SOURCE} is changed." in said_to(server, 3)
    assert "1 tests executed: 1 passed" in said_to(server, 4)
    assert "With 'r1_converts' in path or name: 1 passed." in said_to(server, 4)
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert (end["granted"], end["steps"], end["verifications"]) == (True, 7, 1)


async def test_code_comes_as_blocks_beside_native_calls(
    pipeline: Pipeline, server: ModelServer
) -> None:
    run = await begin(pipeline, server, finish(text=f"It was 32.\n\n{writing(GOOD_SOURCE)}"))

    assert (await run.handle.result()).verdict is Verdict.PASSED
    assert (await pipeline.files(run.id))[SOURCE] == GOOD_SOURCE


async def test_a_wish_to_finish_that_is_not_granted_is_answered_with_the_evidence(
    pipeline: Pipeline, server: ModelServer
) -> None:
    run = await begin(pipeline, server, finish(), MEND, finish())

    assert (await run.handle.result()).verdict is Verdict.PASSED
    told_back = said_to(server, 1)
    assert "Not granted: failed." in told_back
    assert "You may ask 2 more times." in told_back
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert (end["granted"], end["verifications"]) == (True, 2)


async def test_a_test_is_frozen_unless_it_contradicts_a_requirement(
    pipeline: Pipeline, server: ModelServer
) -> None:
    wrong = TESTS.replace("212", "210")
    change = ("== 210", "== 212", TEST_FILE)
    run = await begin(
        pipeline,
        server,
        MEND,
        edit(*change),
        turn(("run", {"command": f"sed -i s/210/212/ {TEST_FILE}"})),
        edit(*change, contradicts="R1"),
        finish(),
        tests=wrong,
    )

    assert (await run.handle.result()).verdict is Verdict.PASSED
    assert "tests are frozen" in said_to(server, 2)
    assert f"Left as it was: {TEST_FILE} is a test" in said_to(server, 3)
    (contradicted,) = await told(pipeline, run, EventType.TEST_CONTRADICTED)
    assert (contradicted["path"], contradicted["requirement"]) == (TEST_FILE, "R1")


async def test_the_best_tree_is_kept_and_not_the_last(
    pipeline: Pipeline, server: ModelServer
) -> None:
    renamed = WRONG_SOURCE.replace("to_fahrenheit", "convert")
    run = await begin(
        pipeline,
        server,
        turn(text=writing(renamed)),
        finish(),
        repair_rounds=1,
    )

    ending = await run.handle.result()

    assert ending.verdict is Verdict.FAILED
    assert (await pipeline.files(run.id))[SOURCE] == WRONG_SOURCE
    finished = await told(pipeline, run, EventType.TESTS_FINISHED)
    assert [one["round"] for one in finished] == [0, 1, 2], "what is kept is looked at again"


async def test_who_goes_in_circles_is_nudged_and_then_stopped(
    pipeline: Pipeline, server: ModelServer
) -> None:
    look = turn(("read", {"path": SOURCE}))
    run = await begin(pipeline, server, *[look] * 12)

    ending = await run.handle.result()

    assert ending.verdict is Verdict.FAILED
    assert "This leads nowhere" in said_to(server, 4)
    assert sum(request.task == "integrate" for request in server.requests) == 8
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert str(end["reason"]).startswith("it went nowhere")
    assert (await pipeline.capsule(run.id)).startswith(b"PK")


async def test_calls_that_cannot_be_read_are_answered_and_end_the_loop_after_three(
    pipeline: Pipeline, server: ModelServer
) -> None:
    def broken(arguments: str) -> TextReply:
        call = ScriptedCall(name="run", arguments=arguments)
        return TextReply(
            task="integrate", content="", tool_calls=(call,), finish_reason="tool_calls"
        )

    run = await begin(
        pipeline, server, broken('{"command": "ls'), MEND, *[broken("[]"), broken("7"), broken("{")]
    )

    ending = await run.handle.result()

    assert "no JSON object" in said_to(server, 1)
    sent = [request for request in server.requests if request.task == "integrate"][1].messages
    assert sent[-2]["tool_calls"][0]["function"]["arguments"] == "{}"
    # What was changed before is verified all the same, and holds.
    assert ending.verdict is Verdict.PASSED
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert (end["granted"], end["steps"]) == (True, 5)


async def test_the_loop_ends_with_its_steps_and_what_it_made_is_verified(
    pipeline: Pipeline, server: ModelServer
) -> None:
    run = await begin(
        pipeline,
        server,
        turn(("read", {"path": SOURCE}), ("test", {})),
        edit("5 + 30", "5 + 32"),
        integrator_steps=3,
    )

    assert (await run.handle.result()).verdict is Verdict.PASSED
    assert "Steps left: 1." in said_to(server, 1)
    assert len(await told(pipeline, run, EventType.INTEGRATOR_STEPPED)) == 2


@pytest.mark.parametrize("reply", [TextReply(task="integrate", content="I think it is fine.")])
async def test_who_only_talks_is_told_to_use_tools_and_is_stopped(
    pipeline: Pipeline, server: ModelServer, reply: TextReply
) -> None:
    run = await begin(pipeline, server, *[reply] * 9)

    assert (await run.handle.result()).verdict is Verdict.FAILED
    assert "Your message used no tool" in said_to(server, 1)
    assert sum(request.task == "integrate" for request in server.requests) == 6


async def test_money_that_is_over_ends_the_loop_and_not_the_run(
    pipeline: Pipeline, server: ModelServer
) -> None:
    dear = turn(("run", {"command": "ls"})).model_copy(update={"output_tokens": 95_000})
    run = await begin(pipeline, server, dear, dear, tokens=100_000)

    ending = await run.handle.result()

    assert ending.verdict is Verdict.FAILED
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert "limited to" in str(end["reason"])


async def test_a_history_that_grows_long_is_cut_and_the_loop_goes_on(
    pipeline: Pipeline, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow.Info, "is_continue_as_new_suggested", lambda _self: True)
    run = await begin(pipeline, server, turn(("read", {"path": SOURCE})), finish(), MEND, finish())

    assert (await run.handle.result()).verdict is Verdict.PASSED
    loop = pipeline.client.get_workflow_handle(f"{run.handle.id}/integrator")
    last = (await loop.fetch_history()).to_json()
    assert "close_loop" in last
    assert "open_loop" not in last
    (end,) = await told(pipeline, run, EventType.INTEGRATION_FINISHED)
    assert (end["steps"], end["verifications"]) == (4, 2)


async def test_without_rounds_nobody_integrates(pipeline: Pipeline, server: ModelServer) -> None:
    run = await begin(pipeline, server, repair_rounds=0)

    assert (await run.handle.result()).verdict is Verdict.FAILED
    assert all(request.task != "integrate" for request in server.requests)
