"""What a key promises while Redis dies, holds still and comes back: asked once, answered to all."""

import asyncio
from pathlib import Path

import pytest

from tests.apps.gateway.faults import trouble
from tests.apps.gateway.faults.trouble import Trouble, sample, until
from tests.apps.gateway.test_completions import CONFIGURATION, ask, said, served
from tests.support.model_server import TextReply
from tests.support.redis_parts import MortalRedis

TROUBLES: list[Trouble] = [trouble.stuttering, trouble.killed, trouble.paused, trouble.cut_off]


@pytest.mark.slow
@pytest.mark.parametrize("happens", sample(TROUBLES, 1), ids=lambda each: each.__name__)
async def test_many_that_ask_under_one_key_are_one_call(
    tmp_path: Path, mortal: MortalRedis, happens: Trouble
) -> None:
    slow = TextReply(content="Hello, Ada.", times=None, delay_seconds=1.5)
    configuration = f"redis: {mortal.url}\n{CONFIGURATION}".replace("acme", tmp_path.name)
    async with served(tmp_path, [slow], configuration=configuration) as (client, one, _):
        key = {"idempotency-key": "k1"}
        first = asyncio.create_task(ask(client, headers=key))
        await until(lambda: bool(one.requests))
        troubled = asyncio.create_task(happens(mortal))
        meanwhile = await asyncio.gather(*(ask(client, headers=key) for _ in range(30)))
        assert said(await first) == "Hello, Ada."
        await troubled
        async with asyncio.timeout(20):
            while (again := await ask(client, headers=key)).status_code != 200:  # noqa: ASYNC110 - as a client does
                await asyncio.sleep(0.1)
        assert {each.status_code for each in meanwhile} <= {200, 409, 503}
        assert {said(each) for each in meanwhile if each.status_code == 200} <= {"Hello, Ada."}
        assert said(again) == "Hello, Ada."
        assert again.headers["idempotency-replayed"] == "true"
        assert len(one.requests) == 1
