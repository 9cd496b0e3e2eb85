"""What is remembered over GraphQL: listed for its organisation alone, forgotten on demand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis

from quantumlayer.core.database import Database
from quantumlayer.core.events import EventLog
from quantumlayer.core.memories.records import MemoryRow
from quantumlayer.core.runs.recorder import RunRecorder
from quantumlayer.core.settings import ApiSettings
from tests.apps.api.test_runs import finished
from tests.support.api_client import ApiClient

LIST = "{ memories { runId title stack } }"
FORGET = "mutation($run: ID!) { forgetMemory(runId: $run) }"
CLEAR = "mutation { clearMemory }"
ROW = MemoryRow("Orders", "go-service", "Orders at night.", "0" * 64, "0" * 64, {})


async def remembered(api: ApiClient, settings: ApiSettings) -> str:
    """A run that is remembered."""
    database, redis = Database(settings.database_url), Redis.from_url(settings.redis_url)
    viewer = (await api.data("{ viewer { organisationId } }"))["viewer"]
    run_id = await finished(api)
    recorder = RunRecorder(database, EventLog(database, redis))
    async with recorder.recording(UUID(viewer["organisationId"]), UUID(run_id)) as told:
        assert await told.remember(ROW)
        assert not await told.remember(ROW)
    await redis.aclose()
    await database.close()
    return run_id


async def runs(api: ApiClient) -> list[Any]:
    return [one["runId"] for one in (await api.data(LIST))["memories"]]


async def test_what_is_remembered_is_listed_newest_first_and_forgotten_one_by_one_or_all(
    api: ApiClient, api_settings: ApiSettings
) -> None:
    older, newer = [await remembered(api, api_settings) for _ in range(2)]
    assert await runs(api) == [newer, older]
    (first, _) = (await api.data(LIST))["memories"]
    assert (first["title"], first["stack"]) == ("Orders", "go-service")
    assert (await api.data(FORGET, run=older))["forgetMemory"] == 1
    assert (await api.data(FORGET, run=older))["forgetMemory"] == 0
    assert await runs(api) == [newer]
    assert (await api.data(CLEAR))["clearMemory"] == 1
    assert await runs(api) == []


async def test_it_is_forgotten_while_the_workflow_server_is_away(
    api: ApiClient, api_without_temporal: ApiClient, api_settings: ApiSettings
) -> None:
    run_id = await remembered(api, api_settings)
    assert (await api_without_temporal.data(FORGET, run=run_id))["forgetMemory"] == 1
    assert await runs(api) == []


@pytest.mark.parametrize("query", [FORGET, CLEAR])
async def test_a_viewer_forgets_nothing(api: ApiClient, query: str) -> None:
    made = 'mutation { createApiKey(name: "v", role: viewer) { key } }'
    viewer = api.with_key((await api.data(made))["createApiKey"]["key"])
    variables = {"run": "0" * 32} if "$run" in query else {}
    code, _ = await viewer.error(query, **variables)
    assert code == "FORBIDDEN"
