"""Runs by a gateway's configuration: guardrails, budgets and model groups hold for agents."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import (
    BLUEPRINT,
    GOOD_SOURCE,
    REQUIREMENTS,
    TESTS,
    proving,
    wrote,
)
from tests.support.model_server import JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import PostgresUrls

EMAIL = "ada@lovelace.dev"
MASKED = GOOD_SOURCE.replace('"""Temperatures."""', '"""Temperatures, by [EMAIL_1]."""')
CONFIGURATION = """\
providers:
  gone: {base_url: "http://127.0.0.1:9/v1"}
  scripted: {base_url: "BASE_URL"}
models:
  fast:
    strategy: in_order
    deployments:
      - {model: gone/small, price: {input: 1, output: 2}}
      - {model: scripted/large, price: {input: 1, output: 2}}
modules:
  personal: {module: personal-data}
  keys: {module: secrets}
organisations:
  acme:
    modules: [personal, keys]
    budgets: [{usd: USD, per: lifetime}]
agents: {organisation: acme}
"""


Opening = Callable[..., AbstractAsyncContextManager[Pipeline]]


@pytest.fixture
def platform(
    migrated_urls: PostgresUrls, redis_url: str, temporal_address: str, tmp_path: Path
) -> Opening:
    @asynccontextmanager
    async def opened(server: ModelServer, usd: str = "100") -> AsyncIterator[Pipeline]:
        configuration = tmp_path / "gateway.yaml"
        text = CONFIGURATION.replace("BASE_URL", server.base_url).replace("USD", usd)
        configuration.write_text(text.replace("acme", f"acme-{tmp_path.name}"))
        async with open_pipeline(
            database_url=migrated_urls.application,
            redis_url=redis_url,
            temporal_address=temporal_address,
            folder=tmp_path,
            cache=PlatformSettings(_env_file=None).cache_dir,
            model_base_url=server.base_url,
            offered="fast,openai/scripted",
            configuration=configuration,
        ) as pipeline:
            yield pipeline

    return opened


def script() -> list[Reply]:
    """What a model answers that only ever sees the placeholder."""
    told = json.dumps(REQUIREMENTS).replace("to Fahrenheit", "to Fahrenheit, as [EMAIL_1] wants")
    return [
        JsonReply(task="analyse", value=json.loads(told)),
        JsonReply(task="design", value=BLUEPRINT),
        wrote(MASKED),
        proving(TESTS),
    ]


PROMPT = f"A library that converts celsius to fahrenheit, written by {EMAIL}"


async def test_personal_data_never_reaches_the_model_and_stands_in_what_was_made(
    platform: Opening,
) -> None:
    async with ModelServer(script()) as server, platform(server) as pipeline:
        started = await pipeline.start(PROMPT, model="fast")
        ending = await started.handle.result()
        assert ending.verdict is Verdict.PASSED, ending.reason
        asked = [request.model_dump_json() for request in server.requests]
        assert len(asked) == 4
        assert not any(EMAIL in body for body in asked)
        assert "[EMAIL_1]" in asked[0]
        files = await pipeline.files(started.id)
        assert files["temperature/__init__.py"].startswith(f'"""Temperatures, by {EMAIL}."""')


async def test_a_prompt_that_a_guardrail_refuses_ends_the_run_with_one_plain_sentence(
    platform: Opening,
) -> None:
    async with ModelServer([]) as server, platform(server) as pipeline:
        started = await pipeline.start(
            "A tool that lists buckets with the key AKIAZ7Q3MNOPLKJH2RTY", model="openai/scripted"
        )
        ending = await started.handle.result()
        assert ending.verdict is Verdict.FAILED
        run = await pipeline.run(started.id)
        assert run.reason == ending.reason
        assert run.reason.startswith("the guardrail 'keys': the request holds a secret: ")
        assert "take it out and name it instead" in run.reason
        assert "AKIA" not in run.reason
        assert "\n" not in run.reason
        assert server.requests == []


async def test_a_run_asks_a_model_group_and_its_second_deployment_answers(
    platform: Opening,
) -> None:
    async with ModelServer(script()) as server, platform(server) as pipeline:
        started = await pipeline.start(PROMPT, model="fast")
        ending = await started.handle.result()
        assert ending.verdict is Verdict.PASSED, ending.reason
        calls = await pipeline.calls(started.id)
        assert {(call.provider, call.model) for call in calls} == {("fast", "scripted/large")}
        assert sum(call.cost_usd for call in calls) > 0


async def test_a_budget_of_the_organisation_holds_for_its_runs(platform: Opening) -> None:
    async with ModelServer(script()) as server, platform(server, usd="0.001") as pipeline:
        started = await pipeline.start(PROMPT, model="fast")
        ending = await started.handle.result()
        assert ending.verdict is Verdict.FAILED
        assert ending.reason.startswith("the budget of organisation acme-")
        assert "0.001 USD" in ending.reason
        assert server.requests == []
