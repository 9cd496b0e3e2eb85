"""Runs ask a configuration's model groups: who answers, who is next, what it costs."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from quantumlayer.core.settings import ModelSettings
from quantumlayer.router import (
    BadRequest,
    CallLimits,
    CompletionRequest,
    MemoryCallStore,
    ProviderUnavailable,
    RetryPolicy,
    Router,
    agent_rules,
    build_router,
)
from quantumlayer.router.providers.endpoints import ModelEndpoint
from tests.support.model_server import Break, ErrorReply, JsonReply, ModelServer, TextReply
from tests.support.router_parts import ADA, Person, question

CONFIGURATION = """\
providers:
  one: {base_url: "${ONE}"}
  two: {base_url: "${TWO}", api_key: "${TWO_KEY:-none}"}
  here: {wire: in_process}
models:
  fast:
    strategy: in_order
    deployments:
      - {model: one/small, price: {input: 1000000, output: 2000000}}
      - {model: two/large, price: {input: 3000000, output: 4000000}}
  chain:
    deployments: [{model: one/other}]
    fallbacks: [last]
  last:
    deployments: [{model: two/final}]
  inside:
    deployments: [{model: here/builtin}]
  cheapest:
    strategy: lowest_cost
    deployments:
      - model: one/until
        price: {input: 1, output: 1, tiers: [{from_tokens: 3000, input: 4, output: 4}]}
      - {model: two/even, price: {input: 2, output: 2}}
organisations:
  acme: {models: ["fast", "openai/*"]}
"""
AGENTS = CONFIGURATION + "agents: {organisation: acme}\n"
NOTE = ", ".join(f"program {number}" for number in range(60))
LONG = json.dumps({"name": "Ada", "age": 36, "notes": [NOTE]})


class Servers:
    """Two scripted model servers, and routers to them."""

    def __init__(self, folder: Path, one: ModelServer, two: ModelServer) -> None:
        self.one, self.two = one, two
        self._file = folder / "gateway.yaml"

    def router(self, text: str = CONFIGURATION, **environment: str) -> Router:
        self._file.write_text(text)
        settings = ModelSettings(_env_file=None, model_configuration=self._file)
        known: Mapping[str, str] = {
            "ONE": self.one.base_url,
            "TWO": self.two.base_url,
            **environment,
        }
        return build_router(
            MemoryCallStore(),
            in_process={},
            offered=["fast", "chain", "inside", "cheapest", "openai/*", "groq/*"],
            endpoint=ModelEndpoint(base_url=self.two.base_url),
            retry=RetryPolicy(retries=2, base_seconds=0.01),
            rules=agent_rules(settings, known),
        )


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(ModelServer([]))
        two = await stack.enter_async_context(ModelServer([]))
        yield Servers(tmp_path, one, two)


def asking(model: str) -> CompletionRequest:
    limits = CallLimits(timeout_seconds=30, max_cost_usd=Decimal(10**9))
    return question(uuid4(), limits=limits).model_copy(update={"model": model})


async def test_a_group_is_a_model_and_its_first_deployment_answers(servers: Servers) -> None:
    servers.one.script([JsonReply(value=ADA, input_tokens=10, output_tokens=5)])
    completion = await servers.router().complete(asking("fast"), Person)
    assert completion.value.name == "Ada"
    assert servers.one.requests[0].body["model"] == "small"
    usage = completion.usage
    assert (usage.provider, usage.model) == ("fast", "one/small")
    assert usage.cost_usd == Decimal(10 * 1 + 5 * 2)
    assert servers.two.requests == []


async def test_the_next_one_answers_where_the_first_does_not_and_its_price_counts(
    servers: Servers,
) -> None:
    servers.one.script([ErrorReply(status=503)])
    servers.two.script([JsonReply(value=ADA, input_tokens=10, output_tokens=5)])
    completion = await servers.router().complete(asking("fast"), Person)
    assert completion.usage.model == "two/large"
    assert completion.usage.cost_usd == Decimal(10 * 3 + 5 * 4)
    assert completion.usage.calls == 1
    assert len(servers.one.requests) == len(servers.two.requests) == 1


async def test_a_key_that_is_refused_leads_to_the_next_one_too(servers: Servers) -> None:
    servers.one.script([ErrorReply(status=401, message="wrong key")])
    servers.two.script([JsonReply(value=ADA)])
    assert (await servers.router().complete(asking("fast"), Person)).usage.model == "two/large"


@pytest.mark.parametrize(("words", "asked"), [(10, "one/until"), (10_000, "two/even")])
async def test_whom_a_question_costs_least_depends_on_how_long_it_is(
    servers: Servers, words: int, asked: str
) -> None:
    for server in (servers.one, servers.two):
        server.script([JsonReply(value=ADA)])
    limits = CallLimits(timeout_seconds=30, max_cost_usd=Decimal(10**9))
    said = question(uuid4(), text="word " * words, limits=limits)
    cheapest = said.model_copy(update={"model": "cheapest"})
    assert (await servers.router().complete(cheapest, Person)).usage.model == asked


async def test_what_is_wrong_with_the_question_asks_nobody_else(servers: Servers) -> None:
    servers.one.script([ErrorReply(status=400, message="no such thing")])
    with pytest.raises(BadRequest, match="no such thing"):
        await servers.router().complete(asking("fast"), Person)
    assert servers.two.requests == []


async def test_an_answer_that_breaks_off_is_ended_by_another_deployment(tmp_path: Path) -> None:
    torn = TextReply(content=LONG, on_the_way=(Break(after=300),))

    def rest(asked: dict[str, Any]) -> str:
        begun: str = asked["messages"][-2]["content"]
        assert LONG.startswith(begun)
        return LONG[len(begun) :]

    async with ModelServer([torn]) as one, ModelServer(rest) as two:
        servers = Servers(tmp_path, one, two)
        completion = await servers.router().complete(asking("fast"), Person)
        assert completion.value.notes == (NOTE,)
        assert completion.usage.calls == 2
        assert completion.usage.model == "two/large"
        assert len(one.requests) == len(two.requests) == 1
        # The first part is paid for at most at the dearest price, the second at its own.
        assert completion.usage.cost_usd > Decimal(4 * 7 + 3 * 11)


async def test_the_fallback_of_a_group_is_asked_when_the_group_has_nobody_left(
    servers: Servers,
) -> None:
    servers.one.script([ErrorReply(status=500)])
    servers.two.script([JsonReply(value=ADA)])
    assert (await servers.router().complete(asking("chain"), Person)).usage.model == "two/final"


async def test_of_several_failures_one_that_may_pass_is_told(servers: Servers) -> None:
    servers.one.script([ErrorReply(status=503, message="busy", times=None)])
    servers.two.script([ErrorReply(status=401, message="wrong key", times=None)])
    with pytest.raises(ProviderUnavailable, match="busy"):
        await servers.router().complete(asking("fast"), Person)


async def test_a_check_passes_while_one_deployment_can_be_asked(servers: Servers) -> None:
    router = servers.router(ONE="http://127.0.0.1:9/v1")
    await router.check("fast")


async def test_a_check_says_what_is_wrong_where_none_can_be(servers: Servers) -> None:
    gone = "http://127.0.0.1:9/v1"
    with pytest.raises(ProviderUnavailable, match=r"one at http://127\.0\.0\.1:9/v1"):
        await servers.router(ONE=gone, TWO=gone).check("fast")


async def test_what_is_held_back_for_a_call_is_the_dearest_deployments_price(
    servers: Servers,
) -> None:
    price = await servers.router().price("fast")
    assert price is not None
    assert (price.input_usd, price.output_usd) == (Decimal(3), Decimal(4))


async def test_a_price_that_is_unknown_of_one_is_unknown_of_the_group(servers: Servers) -> None:
    assert await servers.router().price("chain") is None


async def test_other_names_lead_where_they_always_did(servers: Servers) -> None:
    servers.two.script([JsonReply(value=ADA)])
    completion = await servers.router(AGENTS).complete(asking("openai/scripted"), Person)
    assert (completion.usage.provider, completion.usage.model) == ("openai", "scripted")


async def test_agents_ask_only_what_their_organisation_may(servers: Servers) -> None:
    router = servers.router(AGENTS)
    for model in ("chain", "groq/any"):
        with pytest.raises(BadRequest) as refused:
            await router.check(model)
        assert str(refused.value) == (
            f"agents of acme may not ask {model!r}, only fast, openai/*: choose one of these, or"
            " change the file that QL_MODEL_CONFIGURATION names"
        )


async def test_a_model_of_this_process_is_asked_by_its_own_name(servers: Servers) -> None:
    with pytest.raises(BadRequest, match="set QL_MODEL to builtin, or take it out of the group"):
        await servers.router().check("inside")


async def test_only_deployments_where_calls_of_the_organisation_may_go_are_asked(
    servers: Servers,
) -> None:
    text = AGENTS.replace("one/small, ", "one/small, region: us, ").replace(
        "two/large, ", "two/large, region: eu, "
    )
    servers.two.script([JsonReply(value=ADA)])
    router = servers.router(
        text.replace('"openai/*"]', '"openai/*"], routes: {regions: [eu], only: true}')
    )
    assert (await router.complete(asking("fast"), Person)).usage.model == "two/large@eu"
    assert servers.one.requests == []


async def test_where_none_may_answer_it_is_said_before_the_run(servers: Servers) -> None:
    text = AGENTS.replace("two/large, ", "two/large, tags: [eu], ").replace(
        '"openai/*"]', '"openai/*", chain], routes: {tags: [eu]}'
    )
    with pytest.raises(BadRequest, match="no deployment of 'chain' has the tags and the region"):
        await servers.router(text).check("chain")
