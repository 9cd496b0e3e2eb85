"""Runs that passed are shown to later ones of their organisation, until they are forgotten."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.agents.memory import QdrantIndex
from quantumlayer.core.database import new_id
from quantumlayer.core.events import EventType
from quantumlayer.core.memories import TEND_WORKFLOW, TendRequest
from quantumlayer.core.memories.records import forget, memories_of
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import GOOD_SOURCE, MODEL, TESTS, opening, proving, wrote
from tests.support.model_server import ModelServer
from tests.support.pipeline import Pipeline, StartedRun, open_pipeline
from tests.support.platform import PostgresUrls

PROMPT = "A library that converts celsius to fahrenheit"
EXAMPLE = "How projects of the same organisation were planned"
TESTED = "Which tests were planned in projects of the same organisation"


@asynccontextmanager
async def remembering(
    urls: PostgresUrls, redis_url: str, temporal_address: str, server: ModelServer, folder: Path
) -> AsyncIterator[Pipeline]:
    async with open_pipeline(
        database_url=urls.application,
        redis_url=redis_url,
        temporal_address=temporal_address,
        folder=folder,
        cache=PlatformSettings(_env_file=None).cache_dir,
        model_base_url=server.base_url,
        memory=True,
    ) as opened:
        yield opened


async def passed(pipeline: Pipeline, server: ModelServer) -> StartedRun:
    server.script([*opening(), wrote(GOOD_SOURCE), proving(TESTS)])
    run = await pipeline.start(PROMPT, model=MODEL)
    assert (await run.handle.result()).verdict is Verdict.PASSED
    return run


async def told(pipeline: Pipeline, run: StartedRun, kind: EventType) -> list[dict[str, Any]]:
    return [dict(event.data) for event in await pipeline.events(run.id) if event.type is kind]


def asked(server: ModelServer, task: str) -> str:
    """What the last question of a task said."""
    *_, last = (request for request in server.requests if request.task == task)
    return "\n".join(str(message["content"]) for message in last.messages)


@pytest.mark.slow
async def test_a_later_run_is_shown_what_passed_and_another_organisation_is_not(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    server: ModelServer,
    tmp_path: Path,
) -> None:
    async with remembering(
        migrated_urls, redis_url, temporal_address, server, tmp_path
    ) as pipeline:
        # given: a run that passed, with nothing to be shown
        first = await passed(pipeline, server)
        organisation = pipeline.organisation
        assert EXAMPLE not in asked(server, "design")
        (kept,) = await told(pipeline, first, EventType.MEMORY_KEPT)
        assert kept == {"title": "Temperature library"}
        # when
        second = await passed(pipeline, server)
        # then: the architect saw its plan, the tester its tests, nobody else either
        (recalled,) = await told(pipeline, second, EventType.MEMORY_RECALLED)
        assert [one["runId"] for one in recalled["examples"]] == [str(first.id)], recalled
        plan, tests = asked(server, "design"), asked(server, "test")
        assert (
            "- temperature/__init__.py (source): The conversion. [R1]" in plan.partition(EXAMPLE)[2]
        )
        assert (
            "- tests/test_temperature.py: Tests the conversion. [R1]" in tests.partition(TESTED)[2]
        )
        written = asked(server, "write")
        assert (EXAMPLE in written, TESTED in written) == (False, False)
        # when: somebody else asks for the same
        await pipeline.become_another_organisation()
        theirs = await passed(pipeline, server)
        # then
        (recalled,) = await told(pipeline, theirs, EventType.MEMORY_RECALLED)
        assert recalled == {"examples": [], "reason": ""}
        assert EXAMPLE not in asked(server, "design")
        # when: the first organisation forgets
        async with pipeline.database.tenant(organisation) as session:
            assert await forget(session, organisation, first.id) == 1
            assert [row.run_id for row in await memories_of(session, organisation)] == [second.id]
            assert await forget(session, organisation) == 1
        await pipeline.client.execute_workflow(
            TEND_WORKFLOW,
            TendRequest(organisation_id=organisation),
            id=f"memory-{new_id()}",
            task_queue=pipeline.task_queue,
        )
    # then: nothing of it is left in the index either
    index = QdrantIndex(tmp_path / "memory", limit_seconds=60)
    assert await index.kept(organisation) == frozenset()
    await index.close()


@pytest.mark.slow
async def test_a_run_goes_on_without_examples_where_another_worker_has_the_folder(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    server: ModelServer,
    tmp_path: Path,
) -> None:
    # given
    holder = QdrantIndex(tmp_path / "memory", limit_seconds=60)
    assert await holder.kept(new_id()) == frozenset()
    async with remembering(
        migrated_urls, redis_url, temporal_address, server, tmp_path
    ) as pipeline:
        # when
        run = await passed(pipeline, server)
        # then
        (recalled,) = await told(pipeline, run, EventType.MEMORY_RECALLED)
    assert recalled["examples"] == []
    assert "already accessed by another instance" in recalled["reason"]
    await holder.close()
