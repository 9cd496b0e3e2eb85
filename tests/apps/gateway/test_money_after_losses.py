"""Budgets are exact whatever forgets what was spent: the rows of the audit do not."""

import asyncio
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.apps.gateway.test_audit import configured, kept
from tests.apps.gateway.test_completions import PRICE, ask, served
from tests.apps.gateway.test_promises import with_key
from tests.support.gateway import ADMIN, gateway
from tests.support.model_server import ModelServer, TextReply
from tests.support.redis_server import redis_server

# A call costs 18 dollars, so there is money for ten.
BUDGET = with_key("budgets: [{usd: 180, per: lifetime}]")


@pytest.fixture
def organisation() -> str:
    return f"org-{uuid4().hex}"


def slow(seconds: float) -> TextReply:
    return TextReply(content="x", times=None, delay_seconds=seconds)


def spent(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["cost"] or 0) for row in rows), Decimal(0)) / 10**12


async def standing(client: httpx.AsyncClient, organisation: str) -> dict[str, Any]:
    path = f"/admin/organisations/{organisation}/budgets"
    answer = await client.get(path, headers={"authorization": f"Bearer {ADMIN}"})
    [budget] = answer.json()
    return dict(budget["standing"])


@pytest.mark.slow
async def test_of_200_calls_no_more_is_paid_than_the_budget_though_redis_is_emptied_in_between(
    tmp_path: Path, database_url: str, organisation: str
) -> None:
    async with (
        ModelServer([slow(0.5)]) as server,
        redis_server() as own,
        own.client() as redis,
    ):
        text = f"redis: {own.url}\n{configured(organisation, database_url, BUDGET)}"
        text = text.replace("ONE", server.base_url).replace("TWO", server.base_url)
        text = text.replace("PRICE", PRICE)
        async with gateway(tmp_path, text) as one, gateway(tmp_path, text) as two:
            answers: Counter[int] = Counter()
            wave: Counter[int] = Counter()
            quiet = False
            # Until nothing is paid though nothing was held back for calls that end late.
            while wave[200] or not quiet:
                quiet = not Decimal((await standing(two, organisation))["held_usd"])
                many = asyncio.gather(*(ask(client, max_tokens=1) for client in (one, two) * 100))
                await asyncio.sleep(0.4)
                await redis.flushall()
                wave = Counter(response.status_code for response in await many)
                answers += wave
            rows = await kept(one, organisation, sum(answers.values()))
            async with asyncio.timeout(30):
                while Decimal((stands := await standing(two, organisation))["held_usd"]):  # noqa: ASYNC110 - the other one settles
                    await asyncio.sleep(0.2)
    assert set(answers) == {200, 402}
    assert answers[200] == len(server.requests)
    assert 162 <= spent(rows) <= 180
    assert Decimal(stands["spent_usd"]) == spent(rows)


@pytest.mark.slow
async def test_a_gateway_without_redis_goes_on_with_its_budgets_after_a_restart(
    tmp_path: Path, database_url: str, organisation: str
) -> None:
    text = configured(organisation, database_url, BUDGET)
    paid = 0
    for _ in range(3):
        async with served(tmp_path, [slow(0)], configuration=text) as (client, one, _two):
            for _ in range(5):
                await ask(client, max_tokens=1)
            paid += len(one.requests)
            stands = await standing(client, organisation)
    assert 9 <= paid <= 10
    assert Decimal(stands["spent_usd"]) == 18 * paid


@pytest.mark.slow
async def test_where_the_rows_cannot_be_read_nothing_is_spent_that_nobody_remembers(
    tmp_path: Path, organisation: str
) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    async with redis_server() as redis:
        text = f"redis: {redis.url}\n{configured(organisation, nowhere, BUDGET)}"
        async with served(tmp_path, [slow(0)], configuration=text) as (client, one, _):
            refused = await ask(client, max_tokens=1)
            assert refused.status_code == 503
            assert "PostgreSQL, which is down" in refused.json()["error"]["message"]
            assert one.requests == []
