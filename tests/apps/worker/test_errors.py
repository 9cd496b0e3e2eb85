"""Deaths and outages are waited for; an activity's own failures are counted, across deaths."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio import activity, workflow
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from quantumlayer.agents import PromptRefused
from quantumlayer.router import CallInProgress, ProviderUnavailable
from quantumlayer.worker.errors import FAILURES_ALLOWED, step
from quantumlayer.worker.policies import COMPUTE, ActivityPolicy

_FAST = ActivityPolicy(
    start_to_close_timeout=COMPUTE["start_to_close_timeout"],
    heartbeat_timeout=timedelta(seconds=1),
    retry_policy=COMPUTE["retry_policy"],
)
Outcome = Exception | str


@workflow.defn(sandboxed=False)
class OneActivity:
    """Runs the one activity under the policy of the real ones, with a quicker heartbeat."""

    @workflow.run
    async def run(self) -> int:
        """What the activity gives."""
        made: int = await workflow.execute_activity("try_once", result_type=int, **_FAST)
        return made


class Attempts:
    """An activity whose attempts end one after another as a test says."""

    def __init__(
        self, ending: Callable[[int], Outcome], room: asyncio.Semaphore | None = None
    ) -> None:
        self._ending = ending
        self._room = room
        self.made = 0

    @activity.defn(name="try_once")
    async def try_once(self) -> int:
        """`dies` goes silent without a word, as a killed worker does."""
        self.made += 1
        end = self._ending(self.made)
        if end == "dies":
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(30)
            return -1
        async with step(self._room):
            if isinstance(end, Exception):
                raise end
        return self.made


async def outcome_of(address: str, attempts: Attempts) -> int:
    client = await Client.connect(address)
    queue = str(uuid4())
    async with Worker(
        client,
        task_queue=queue,
        workflows=[OneActivity],
        workflow_runner=UnsandboxedWorkflowRunner(),
        activities=[attempts.try_once],
    ):
        return await client.execute_workflow(OneActivity.run, id=queue, task_queue=queue)


async def test_what_the_router_tried_counts_as_tried(temporal_address: str) -> None:
    def gave_up(_made: int) -> Outcome:
        error = ProviderUnavailable("the server is down", retry_after=0.01)
        error.tried = FAILURES_ALLOWED // 2
        return error

    attempts = Attempts(gave_up)
    with pytest.raises(WorkflowFailureError):
        await outcome_of(temporal_address, attempts)
    assert attempts.made == 2


async def test_outages_never_use_up_the_tries(temporal_address: str) -> None:
    outages: list[Outcome] = [ConnectionRefusedError(), CallInProgress("held by a dead worker")]
    attempts = Attempts(lambda made: outages[made % 2] if made <= FAILURES_ALLOWED + 1 else "good")

    assert await outcome_of(temporal_address, attempts) == FAILURES_ALLOWED + 2


async def test_deaths_neither_count_nor_make_what_was_counted_forgotten(
    temporal_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quantumlayer.worker.errors._FIRST_PAUSE_SECONDS", 0.001)
    attempts = Attempts(
        lambda made: "dies" if made % 2 and made < 8 else ProviderUnavailable("away")
    )

    with pytest.raises(WorkflowFailureError) as failed:
        await outcome_of(temporal_address, attempts)

    deaths = 4
    assert attempts.made == FAILURES_ALLOWED + deaths
    assert isinstance(failed.value.cause, ActivityError)
    cause = failed.value.cause.cause
    assert isinstance(cause, ApplicationError)
    assert (cause.type, cause.message) == ("ProviderUnavailable", "away")


async def test_what_is_decided_is_not_tried_again(temporal_address: str) -> None:
    attempts = Attempts(lambda _: PromptRefused("no such thing"))

    with pytest.raises(WorkflowFailureError):
        await outcome_of(temporal_address, attempts)

    assert attempts.made == 1


async def test_who_waits_for_room_is_alive(temporal_address: str) -> None:
    room = asyncio.Semaphore(0)
    attempts = Attempts(lambda _: "good", room)

    ending = asyncio.create_task(outcome_of(temporal_address, attempts))
    await asyncio.wait([ending], timeout=3 * _FAST["heartbeat_timeout"].total_seconds())
    waited = not ending.done()
    room.release()

    assert await ending == 1
    assert waited
