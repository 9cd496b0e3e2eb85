"""Clients that go away by the dozen: providers are stopped, what came is paid, places are free."""

import asyncio
import contextlib
import random
from pathlib import Path

import httpx
import pytest

from tests.apps.gateway.faults import trouble
from tests.apps.gateway.faults.trouble import Trouble, sample, until
from tests.apps.gateway.test_completions import ASKED, LONG, ask, rows, served
from tests.apps.gateway.test_promises import with_key
from tests.support.model_server import Silence, TextReply
from tests.support.redis_parts import MortalRedis

TROUBLES: list[Trouble] = [trouble.cut_off, trouble.killed, trouble.paused, trouble.flushed]
MANY = 40


async def leaving(client: httpx.AsyncClient, after: float) -> None:
    """Reads the beginning of an answer, if it comes in time, and hangs up."""
    # A silence that is longer than the client's patience is how clients leave, too.
    with contextlib.suppress(httpx.HTTPError, TimeoutError):
        async with (
            asyncio.timeout(after),
            client.stream("POST", "/v1/chat/completions", json={**ASKED, "stream": True}) as reply,
        ):
            async for _ in reply.aiter_bytes():
                pass


@pytest.mark.slow
@pytest.mark.parametrize("happens", sample(TROUBLES, 1), ids=lambda each: each.__name__)
async def test_many_clients_leave_and_nothing_is_kept_for_them(
    tmp_path: Path, mortal: MortalRedis, happens: Trouble
) -> None:
    limits = f"rates: {{concurrent: {MANY}}}, budgets: [{{usd: 1000000, per: lifetime}}]"
    configuration = f"redis: {mortal.url}\n{with_key(limits)}".replace("acme", tmp_path.name)
    begun = TextReply(content=LONG, times=None, on_the_way=(Silence(after=200),))
    choose = random.Random(7)  # noqa: S311 - the same every time
    async with served(tmp_path, [begun], configuration=configuration) as (client, one, _):
        moments = [choose.uniform(0.2, 2.5) for _ in range(MANY)]
        await asyncio.gather(happens(mortal), *(leaving(client, after) for after in moments))
        await until(lambda: len(rows(tmp_path)) >= len(one.requests))
        await asyncio.wait_for(one.hung_up(len(one.requests)), 10)
        assert {row.status for row in rows(tmp_path)} <= {499, 503}
        assert all(row.output_tokens > 0 for row in rows(tmp_path) if row.cost)
        # Each place is free again: as many as there may be at once are not refused.
        # A try that was too early holds places itself until its own calls have been stopped.
        async with asyncio.timeout(30):
            while not await _all_are_let_in(client):  # noqa: ASYNC110 - as clients do
                await asyncio.sleep(1)


async def _all_are_let_in(client: httpx.AsyncClient) -> bool:
    many = [asyncio.create_task(ask(client)) for _ in range(MANY)]
    done, waiting = await asyncio.wait(many, timeout=1.5)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*many, return_exceptions=True)
    return not done
