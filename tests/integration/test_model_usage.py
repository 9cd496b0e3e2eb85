"""What a run's models took is read over GraphQL, by the command and on its page, as they counted.

Every token is one that the scripted server named in its answer; money is those tokens' price.
"""

import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from quantumlayer.core.identity import Credentials, Role
from quantumlayer.core.settings import ApiSettings, PlatformSettings
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import (
    BROKEN_SOURCE,
    GOOD_SOURCE,
    MODEL,
    TESTS,
    opening,
    proving,
    wrote,
)
from tests.support.api_client import OWNER_KEY, ApiClient, serving
from tests.support.command_line import CommandLine
from tests.support.model_server import ErrorReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import PostgresUrls

PROMPT = "A library that converts celsius to fahrenheit"
SOURCE_PATH, TESTS_PATH = "temperature/__init__.py", "tests/test_temperature.py"
ASKED, ANSWERED = Decimal("2.5"), Decimal("10.000001")

USAGE = """query($id: ID!) { run(id: $id) { costUsd modelUsage {
    total { ...took } byAgent { agent ...took } byFile { path ...took } } } }
  fragment took on ModelCalls { calls completed broken failed inputTokens cachedTokens
    cacheWrittenTokens cachedShare outputTokens reasoningTokens costUsd pricedUsd unpricedCalls
    seconds firstTokenSeconds }"""


def script() -> list[Reply]:
    """An analyst, an architect at the second try, a file at the second attempt, and its test."""
    understood, designed = opening()
    return [
        counting(understood, 1_000, 50, cached=400, reasoning=20),
        ErrorReply(task="design", status=503),
        counting(designed, 2_000, 300, cached=1_500),
        counting(wrote(BROKEN_SOURCE), 500, 100),
        counting(wrote(GOOD_SOURCE), 700, 110, cached=500, reasoning=33),
        counting(proving(TESTS), 900, 200),
    ]


def counting(
    reply: Reply, sent: int, said: int, *, cached: int | None = None, reasoning: int | None = None
) -> Reply:
    """The reply, saying that so many tokens went in and out."""
    counts = {"input_tokens": sent, "output_tokens": said}
    return reply.model_copy(
        update={**counts, "cached_tokens": cached, "reasoning_tokens": reasoning}
    )


def took(replies: Sequence[Reply], *, priced: bool) -> dict[str, Any]:
    """What the run must say of calls that were answered so; times are no part of it."""
    said = [reply for reply in replies if not isinstance(reply, ErrorReply)]
    sent, output = (
        sum(getattr(one, name) for one in said) for name in ("input_tokens", "output_tokens")
    )
    cached = sum(reply.cached_tokens or 0 for reply in said)
    usd = (sent * ASKED + output * ANSWERED) / 1_000_000
    return {
        "calls": len(replies),
        "completed": len(said),
        "broken": 0,
        "failed": len(replies) - len(said),
        "inputTokens": sent,
        "cachedTokens": cached,
        "cacheWrittenTokens": 0,
        "cachedShare": pytest.approx(cached / sent),
        "outputTokens": output,
        "reasoningTokens": sum(reply.reasoning_tokens or 0 for reply in said),
        "costUsd": f"{usd.normalize():f}" if priced else None,
        "pricedUsd": f"{usd.normalize():f}" if priced else "0",
        "unpricedCalls": 0 if priced else len(said),
    }


def untimed(calls: dict[str, Any]) -> dict[str, Any]:
    """What calls took besides time, which must have been some."""
    assert 0 < calls["firstTokenSeconds"] <= calls["seconds"]
    return {
        name: value for name, value in calls.items() if name not in {"seconds", "firstTokenSeconds"}
    }


@dataclass
class Ran:
    """A run that has passed, and an API as its organisation and as another one asks it."""

    pipeline: Pipeline
    id: str
    api: ApiClient
    stranger: ApiClient

    async def usage(self) -> dict[str, Any]:
        run: dict[str, Any] = (await self.api.data(USAGE, id=self.id))["run"]
        return run

    def line(self, folder: Path) -> CommandLine:
        return CommandLine(
            folder,
            {"QL_API_URL": self.api.url, "QL_API_KEY": self.api.key or "", "QL_HOME": "no-home"},
        )


@asynccontextmanager
async def ran(
    urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    folder: Path,
    *,
    priced: bool,
) -> AsyncIterator[Ran]:
    async with (
        ModelServer(script()) as server,
        open_pipeline(
            database_url=urls.application,
            redis_url=redis_url,
            temporal_address=temporal_address,
            folder=folder,
            cache=PlatformSettings(_env_file=None).cache_dir,
            model_base_url=server.base_url,
            usd_per_million=(ASKED, ANSWERED) if priced else None,
        ) as pipeline,
    ):
        started = await pipeline.start(PROMPT, model=MODEL)
        ending = await started.handle.result()
        assert ending.verdict is Verdict.PASSED, ending.reason
        assert len(server.requests) == len(script()), "each reply was given once"
        settings = ApiSettings(
            _env_file=None,
            database_url=urls.application,
            redis_url=redis_url,
            temporal_address=temporal_address,
            object_store=pipeline.settings.object_store,
            secret_key=SecretStr("x" * 32),
            owner_key=OWNER_KEY,
        )
        made = await Credentials(pipeline.database).create_api_key(
            pipeline.organisation, "reader", Role.VIEWER
        )
        async with serving(settings) as other:
            yield Ran(pipeline, str(started.id), other.with_key(made.key), other)


async def test_tokens_money_and_tries_of_each_agent_and_file_are_those_that_were_answered(
    migrated_urls: PostgresUrls, redis_url: str, temporal_address: str, tmp_path: Path
) -> None:
    analysed, refused, designed, broken, written, tested = script()
    async with ran(migrated_urls, redis_url, temporal_address, tmp_path, priced=True) as run:
        found = await run.usage()
        usage = found["modelUsage"]

        assert untimed(usage["total"]) == took(script(), priced=True)
        assert found["costUsd"] == pytest.approx(float(usage["total"]["costUsd"]))
        assert [untimed(one) for one in usage["byAgent"]] == [
            {"agent": agent, **took(replies, priced=True)}
            for agent, replies in (
                ("analyst", [analysed]),
                ("architect", [refused, designed]),
                ("generator", [broken, written]),
                ("tester", [tested]),
            )
        ]
        assert [untimed(one) for one in usage["byFile"]] == [
            {"path": path, **took(replies, priced=True)}
            for path, replies in (
                (None, [analysed, refused, designed]),
                (SOURCE_PATH, [broken, written]),
                (TESTS_PATH, [tested]),
            )
        ]

        as_json = await run.line(tmp_path).run("runs", "usage", run.id, "--json")
        assert as_json.json == {"runId": run.id, "model": MODEL, "modelUsage": usage}
        await _is_shown(run, usage, tmp_path)
        await _is_recorded(run, usage)
        assert (await run.stranger.error(USAGE, id=run.id))[0] == "NOT_FOUND"


async def _is_shown(run: Ran, usage: dict[str, Any], folder: Path) -> None:
    """The command's tables and the page say the same as the query."""
    table = (await run.line(folder).run("runs", "usage", run.id)).out
    shown = (await run.line(folder).run("runs", "show", run.id)).out
    page = (await run.api.request("GET", f"/runs/{run.id}")).text
    for one in usage["byAgent"]:
        cells = (one["agent"], f"{one['inputTokens']:,}", f"${one['costUsd']}")
        for told in (table, shown):
            (line,) = (line for line in told.splitlines() if line.split()[:1] == [one["agent"]])
            assert set(cells) <= set(line.split())
        assert all(cell in page for cell in cells)
    assert "2 (1 failed)" in table
    assert "400 (40%)" in table
    assert f"${usage['total']['costUsd']}" in shown.partition("cost ")[2].splitlines()[0]
    assert SOURCE_PATH in table
    assert "2, 1 failed" in page
    assert "400 (40%)" in page


async def _is_recorded(run: Ran, usage: dict[str, Any]) -> None:
    """The capsule's record of its run has the totals, by agent."""
    capsule = await run.pipeline.capsule(UUID(run.id))
    record = json.loads(zipfile.ZipFile(BytesIO(capsule)).read("capsule/run.json"))
    for one in usage["byAgent"]:
        # A try that failed stands under the name that was asked for, not the one that answered.
        entries = [each for each in record["usage"] if each["agent"] == one["agent"]]
        assert sum(Decimal(each["cost_usd"]) for each in entries) == Decimal(one["costUsd"])
        assert sum(each["calls"] for each in entries) == one["calls"]
        assert sum(each["cached_tokens"] for each in entries) == one["cachedTokens"]
        assert sum(each["seconds"] for each in entries) == pytest.approx(one["seconds"])
    assert Decimal(record["cost_usd"]) == Decimal(usage["total"]["costUsd"])


async def test_an_unknown_price_is_said_and_never_shown_as_nothing(
    migrated_urls: PostgresUrls, redis_url: str, temporal_address: str, tmp_path: Path
) -> None:
    async with ran(migrated_urls, redis_url, temporal_address, tmp_path, priced=False) as run:
        usage = (await run.usage())["modelUsage"]
        assert untimed(usage["total"]) == took(script(), priced=False)
        assert all(one["costUsd"] is None for one in usage["byAgent"])
        line = run.line(tmp_path)
        table = (await line.run("runs", "usage", run.id)).out
        shown = (await line.run("runs", "show", run.id)).out
        page = (await run.api.request("GET", f"/runs/{run.id}")).text
        for told in (table, shown, page):
            assert "unknown" in told
            assert "$0" not in told
