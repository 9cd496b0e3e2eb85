"""Money for ten calls pays ten, whatever happens to Redis, and none of it is lost or stuck."""

import asyncio
from collections import Counter
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from quantumlayer.router.money import Period, RedisBudgets, Scope, ScopeKind, Standing
from tests.apps.gateway.faults import trouble
from tests.apps.gateway.faults.trouble import Trouble, client_of, sample
from tests.apps.gateway.test_completions import ask, rows, served
from tests.apps.gateway.test_promises import ALWAYS, with_key
from tests.support.model_server import TextReply
from tests.support.redis_parts import MortalRedis

# Each call costs 18 dollars, and holds more back until that is known.
MONEY_FOR_TEN = with_key("budgets: [{usd: 180, per: lifetime}]")
TROUBLES: list[Trouble] = [trouble.killed, trouble.paused, trouble.stuttering, trouble.cut_off]


@pytest.mark.slow
@pytest.mark.parametrize("happens", sample(TROUBLES, 0), ids=lambda each: each.__name__)
async def test_of_two_hundred_calls_at_once_ten_are_paid(
    tmp_path: Path, mortal: MortalRedis, happens: Trouble
) -> None:
    configuration = f"redis: {mortal.url}\n{MONEY_FOR_TEN}".replace("acme", tmp_path.name)
    slow = TextReply(content="x", times=None, delay_seconds=0.3)
    async with served(tmp_path, [slow], configuration=configuration) as (client, one, _):
        troubled = asyncio.create_task(_soon(happens, mortal))
        answers = await _until_there_is_no_money(client, troubled)
        standing = await _settled(mortal, tmp_path.name)
        asked = len(one.requests)
        spent = sum((Decimal(row.cost or 0) for row in rows(tmp_path)), Decimal(0)) / 10**12
    assert set(answers) <= {200, 402, 503}
    assert answers[200] == asked, "whoever was asked was paid, and whoever was paid answered"
    assert 100 < spent <= 180
    assert standing.spent_usd == spent, "all that was paid is counted, and nothing twice"


async def _soon(happens: Trouble, redis: MortalRedis) -> None:
    await asyncio.sleep(0.4)
    await happens(redis)


async def _until_there_is_no_money(
    client: httpx.AsyncClient, troubled: "asyncio.Task[None]"
) -> Counter[int]:
    """Two hundred ask at once, again and again, until the trouble is over and nobody is served."""
    answers: Counter[int] = Counter()
    async with asyncio.timeout(100):
        while True:
            over = troubled.done()
            many = await asyncio.gather(*(ask(client, max_tokens=1) for _ in range(200)))
            wave = Counter(response.status_code for response in many)
            answers += wave
            if over and set(wave) == {402}:
                await troubled
                return answers


async def _until_served(client: httpx.AsyncClient) -> None:
    """Asks until one is served: on a busy machine a Redis may be slow to begin with."""
    async with asyncio.timeout(30):
        while True:
            response = await ask(client, max_tokens=1)
            if response.status_code == 200:
                return
            await asyncio.sleep(0.2)


async def _settled(redis: MortalRedis, organisation: str) -> Standing:
    """How the budget stands when nothing is held back any more."""
    scope = Scope(organisation, ScopeKind.KEY, f"{organisation}//ci", Period.LIFETIME)
    async with client_of(redis) as client, asyncio.timeout(20):
        while True:
            standing = await RedisBudgets(client).standing(scope)
            if standing.held_usd == 0:
                return standing
            await asyncio.sleep(0.1)


async def test_a_reservation_whose_answer_was_lost_holds_nothing_back(
    tmp_path: Path, mortal: MortalRedis
) -> None:
    configuration = f"redis: {mortal.url}\n{MONEY_FOR_TEN}".replace("acme", tmp_path.name)
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, one, _):
        await _until_served(client)
        process = mortal.process()
        process.suspend()
        refused = await asyncio.gather(*(ask(client, max_tokens=1) for _ in range(4)))
        process.resume()
        assert {response.status_code for response in refused} == {503}
        standing = await _settled(mortal, tmp_path.name)
        assert standing.spent_usd == 18
        assert len(one.requests) == 1
