"""Following a run while its API comes and goes: patience counts from the last good connection."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest

from quantumlayer.cli.client import api as asking
from quantumlayer.cli.client import events, patience
from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.errors import resumable
from quantumlayer.cli.client.events import Event, follow
from quantumlayer.cli.client.live import watch_run
from quantumlayer.cli.client.reach import Reach
from quantumlayer.cli.client.runs import outcome_of
from quantumlayer.cli.errors import PlatformError
from tests.support.api_client import NOWHERE, ApiClient
from tests.support.cutting_proxy import cutting_proxy
from tests.support.scripted_run import WAITING

START = """mutation($prompt: String!) {
  startGeneration(input: {prompt: $prompt}) { id } }"""
PATIENCE_SECONDS = 2.5
CANCEL = "mutation($run: ID!) { cancelRun(runId: $run) { id } }"


@pytest.fixture
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes with people's platforms takes a second here."""
    monkeypatch.setattr(events, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(events, "_PROOF_SECONDS", 0.1)
    monkeypatch.setattr(patience, "_QUIET_SECONDS", 0.3)
    monkeypatch.setattr(patience, "_SECONDS_BETWEEN_WORDS", 0.4)


async def begun(api: ApiClient) -> str:
    run_id: str = (await api.data(START, prompt=WAITING))["startGeneration"]["id"]
    return run_id


@pytest.mark.usefixtures("haste")
async def test_an_api_that_dies_again_and_again_is_not_given_up_while_it_comes_back(
    api: ApiClient,
) -> None:
    """Also while the run has nothing to tell for longer than anybody's patience."""
    run_id = await begun(api)
    seen: list[Event] = []
    async with cutting_proxy(api.url) as proxy:
        reach = Reach(proxy.url, api.key or "", remote=True)
        following = asyncio.create_task(
            asyncio.to_thread(lambda: seen.extend(follow(reach, run_id, say=lambda _news: None)))
        )
        began = time.monotonic()
        while time.monotonic() - began < 2 * PATIENCE_SECONDS:
            await proxy.connected(0.7)
            assert not following.done(), following.exception()
            proxy.cut()
        await api.data(CANCEL, run=run_id)
        await asyncio.wait_for(following, 30)

    assert [event.sequence for event in seen] == [1, 2, 3]


@pytest.mark.usefixtures("haste")
async def test_an_api_that_stays_away_is_said_counted_and_given_up_with_the_way_back(
    api: ApiClient, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = await begun(api)
    async with cutting_proxy(api.url) as proxy:
        reach = Reach(proxy.url, api.key or "", remote=True)
        watching = asyncio.create_task(
            asyncio.to_thread(watch_run, reach, run_id, datetime.now(UTC), quiet=True)
        )
        await proxy.connected(0.5)
    with pytest.raises(PlatformError) as caught:
        await asyncio.wait_for(watching, 30)
    await api.data(CANCEL, run=run_id)

    assert f"quantumlayer runs watch {run_id}" in caught.value.message
    assert f"quantumlayer runs download {run_id}" in caught.value.message
    assert "\n" not in caught.value.message
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert len(lines) >= 2
    assert all("the API does not answer" in line and "of at most" in line for line in lines)
    assert said.out == ""


@pytest.mark.usefixtures("haste")
async def test_an_api_that_comes_back_is_said_to_be_there_again(api: ApiClient) -> None:
    run_id = await begun(api)
    news: list[str] = []
    loop, away = asyncio.get_running_loop(), asyncio.Event()

    def say(sentence: str) -> None:
        news.append(sentence)
        loop.call_soon_threadsafe(away.set)

    async with cutting_proxy(api.url) as proxy:
        reach, port = (
            Reach(proxy.url, api.key or "", remote=True),
            int(proxy.url.rpartition(":")[2]),
        )
        following = asyncio.create_task(
            asyncio.to_thread(lambda: list(follow(reach, run_id, say=say)))
        )
        await proxy.connected(0.5)
    await asyncio.wait_for(away.wait(), 30)
    async with cutting_proxy(api.url, port) as again:
        await again.connected(0.5)
        await api.data(CANCEL, run=run_id)
        await asyncio.wait_for(following, 30)

    assert "does not answer" in news[0]
    assert "answers again after" in news[-1]


@pytest.mark.usefixtures("haste")
async def test_giving_up_after_the_runs_end_tells_the_way_back_too(api: ApiClient) -> None:
    away = Api(Reach(f"http://{NOWHERE}", "", remote=True))

    def ask() -> None:
        with away, resumable("11111111-2222"):
            outcome_of(away, "11111111-2222")

    with pytest.raises(PlatformError, match=r"runs download 11111111-2222"):
        await asyncio.to_thread(ask)
