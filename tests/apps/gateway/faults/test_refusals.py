"""Providers that refuse, fall silent or vanish before many calls at once."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.apps.gateway.test_completions import CONFIGURATION, ask, said, served
from tests.support.gateway import gateway
from tests.support.model_server import ErrorReply, ModelServer, TextReply
from tests.support.raw_server import STREAM, raw_server, sending

TWO = TextReply(content="from two", times=None)
ALONE = CONFIGURATION.replace(", {model: two/b, PRICE}", "")


async def test_a_storm_of_429_goes_to_the_other_provider_and_leaves_the_first_alone(
    tmp_path: Path,
) -> None:
    busy = ErrorReply(status=429, retry_after="3", times=None)
    async with served(tmp_path, [busy], [TWO]) as (client, one, two):
        first = await asyncio.gather(*(ask(client) for _ in range(100)))
        begun = time.monotonic()
        refused = len(one.requests)
        while time.monotonic() < begun + 1:
            more = await asyncio.gather(*(ask(client) for _ in range(20)))
            assert {said(each) for each in more} == {"from two"}
        assert {said(each) for each in first} == {"from two"}
        assert len(one.requests) == refused, "as long as it said it is not asked"
        assert len(two.requests) >= 120


async def test_a_provider_that_was_refused_by_is_asked_again_when_it_said(tmp_path: Path) -> None:
    script = [ErrorReply(status=429, retry_after="1"), TextReply(content="from one", times=None)]
    async with served(tmp_path, script, [TWO]) as (client, one, _):
        assert said(await ask(client)) == "from two"
        async with asyncio.timeout(10):
            while said(await ask(client)) != "from one":
                pass
        assert len(one.requests) == 2


async def test_where_nobody_else_is_the_client_is_told_when_to_come_back(tmp_path: Path) -> None:
    busy = ErrorReply(status=429, retry_after="7", times=None)
    async with served(tmp_path, [busy], configuration=ALONE) as (client, one, _):
        first = await ask(client)
        assert first.status_code == 429
        assert 1 <= int(first.headers["retry-after"]) <= 7
        many = await asyncio.gather(*(ask(client) for _ in range(50)))
        assert {each.status_code for each in many} <= {429, 503}
        assert all(int(each.headers["retry-after"]) >= 1 for each in many)
        assert len(one.requests) == 1


async def test_all_processes_rest_when_one_of_them_was_refused(
    tmp_path: Path, redis_url: str
) -> None:
    busy = ErrorReply(status=429, retry_after="30", times=None)
    async with ModelServer([busy]) as one, ModelServer([TWO]) as two:
        # Limits are known by the name of their provider, and this Redis is used by others as well.
        name = f"one-{one.base_url.rpartition(':')[2].partition('/')[0]}"
        text = f"redis: {redis_url}\n{CONFIGURATION}".replace("PRICE", "weight: 1")
        text = text.replace("one:", f"{name}:").replace("one/", f"{name}/")
        text = text.replace("sk-one}", "sk-one, rates: {requests_a_minute: 10000}}")
        text = text.replace("ONE", one.base_url).replace("TWO", two.base_url)
        folders = [tmp_path / "a", tmp_path / "b"]
        for folder in folders:
            folder.mkdir()
        async with gateway(folders[0], text) as first, gateway(folders[1], text) as second:
            assert said(await ask(first)) == "from two"
            assert said(await ask(second)) == "from two"
        assert len(one.requests) == 1


async def test_many_calls_to_a_silent_provider_wait_together_and_later_ones_not_at_all(
    tmp_path: Path,
) -> None:
    configuration = CONFIGURATION.replace("sk-one}", "sk-one, first_token_seconds: 0.5}")
    async with raw_server(sending(STREAM, hold=True)) as one, ModelServer([TWO]) as two:
        text = configuration.replace("ONE", one.url).replace("TWO", two.base_url)
        async with gateway(tmp_path, text.replace("PRICE", "weight: 1")) as client:
            many = await asyncio.gather(*(ask(client, stream=True) for _ in range(50)))
            assert Counter(map(said, many)) == {"from two": 50}
            asked = one.connections
            later = await asyncio.gather(*(ask(client) for _ in range(50)))
            assert Counter(map(said, later)) == {"from two": 50}
            # One of them may be the probe that finds out whether it is back.
            assert one.connections <= asked + 1


@pytest.mark.parametrize("stream", [True, False])
async def test_a_provider_that_resets_every_connection_costs_no_call(
    tmp_path: Path, *, stream: bool
) -> None:
    async with raw_server(sending(reset=True)) as one, ModelServer([TWO]) as two:
        text = CONFIGURATION.replace("ONE", one.url).replace("TWO", two.base_url)
        async with gateway(tmp_path, text.replace("PRICE", "weight: 1")) as client:
            many = await asyncio.gather(*(ask(client, stream=stream) for _ in range(50)))
    failed = [each.text for each in many if each.status_code != 200]
    assert failed == []
    assert Counter(map(said, many)) == {"from two": 50}
