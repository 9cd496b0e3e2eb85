"""A configuration that changes in the middle of answers, of calls and of Redis's absence."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.apps.gateway.faults import trouble
from tests.apps.gateway.test_completions import CONFIGURATION, LONG, ask, said
from tests.support.gateway import gateway, written
from tests.support.model_server import ModelServer, Silence, TextReply
from tests.support.redis_parts import MortalRedis


async def test_answers_that_have_begun_end_where_they_began(tmp_path: Path) -> None:
    slowly = TextReply(content=LONG, times=None, on_the_way=(Silence(after=200, seconds=3),))
    other = TextReply(content="from two", times=None)
    async with ModelServer([slowly]) as one, ModelServer([other]) as two:
        before = CONFIGURATION.replace("ONE", one.base_url).replace("TWO", two.base_url)
        before = before.replace("PRICE", "weight: 1")
        after = before.replace("{model: one/a, weight: 1}, ", "")
        async with gateway(tmp_path, before) as client:
            begun = [asyncio.create_task(ask(client, stream=True)) for _ in range(20)]
            await trouble.until(lambda: len(one.requests) == 20)
            (tmp_path / "gateway.yaml").write_text(written(tmp_path, after))
            async with asyncio.timeout(20):
                while said(await ask(client)) != "from two":  # noqa: ASYNC110 - as clients do
                    await asyncio.sleep(0.05)
            assert Counter(map(said, await asyncio.gather(*begun))) == {LONG: 20}


async def test_a_budget_that_is_raised_while_redis_is_away_counts_when_it_is_back(
    tmp_path: Path, mortal: MortalRedis
) -> None:
    poor = CONFIGURATION.replace('hash: "KEY"', 'hash: "KEY", budgets: [{usd: 1, per: lifetime}]')
    poor = f"redis: {mortal.url}\n{poor}".replace("acme", tmp_path.name)
    async with ModelServer([TextReply(content="x", times=None)]) as one:
        poor = poor.replace("ONE", one.base_url).replace("TWO", one.base_url)
        poor = poor.replace("PRICE", "price: {input: 1000000, output: 1000000}")
        async with gateway(tmp_path, poor) as client:
            assert (await ask(client, max_tokens=1)).status_code == 402
            process = mortal.process()
            process.suspend()
            rich = poor.replace("usd: 1,", "usd: 1000,")
            (tmp_path / "gateway.yaml").write_text(written(tmp_path, rich))
            assert (await ask(client, max_tokens=1)).status_code == 503
            process.resume()
            await trouble.answering(mortal)
            async with asyncio.timeout(20):
                while (await ask(client, max_tokens=1)).status_code != 200:  # noqa: ASYNC110 - as clients do
                    await asyncio.sleep(0.1)
