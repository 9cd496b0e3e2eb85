"""The provider through litellm, over real HTTP to the scripted server."""

import asyncio
from decimal import Decimal

import pytest
from pydantic import SecretStr

from quantumlayer.router import (
    AuthenticationFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    LiteLLMProvider,
    Message,
    ModelEndpoint,
    Price,
    ProviderRequest,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
    Timeout,
)
from tests.support.model_server import (
    DroppedReply,
    ErrorReply,
    JsonReply,
    ModelServer,
    RawReply,
    Reply,
    TextReply,
)

KEY = "sk-a-key-that-must-not-leak"
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
NOT_JSON = RawReply(content_type="application/json", body="<oops>")


def asked(
    *, model: str = "openai/scripted", form: str = "whole", seconds: float = 20
) -> ProviderRequest:
    return ProviderRequest.model_validate(
        {
            "task": "count things",
            "model": model,
            "messages": (Message(role="system", content="Be brief."),),
            "input": {},
            "json_schema": SCHEMA,
            "form": form,
            "max_output_tokens": 64,
            "timeout_seconds": seconds,
        }
    )


def provider_of(server: ModelServer, **settings: object) -> LiteLLMProvider:
    endpoint = {"base_url": server.base_url, "api_key": SecretStr(KEY), **settings}
    return LiteLLMProvider(ModelEndpoint.model_validate(endpoint))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (ErrorReply(status=401, message=f"Incorrect API key: {KEY}"), AuthenticationFailed),
        (ErrorReply(status=403), AuthenticationFailed),
        (ErrorReply(status=404, message="no such model"), BadRequest),
        (ErrorReply(status=400, message="unknown parameter"), BadRequest),
        (ErrorReply(status=422), BadRequest),
        (ErrorReply(status=400, code="context_length_exceeded"), ContextTooLong),
        (
            ErrorReply(status=400, message="This model's maximum context length is 5"),
            ContextTooLong,
        ),
        (ErrorReply(status=400, code="content_filter"), ContentFiltered),
        (ErrorReply(status=429), RateLimited),
        (ErrorReply(status=429, code="insufficient_quota"), QuotaExhausted),
        (ErrorReply(status=500), ProviderUnavailable),
        (ErrorReply(status=503), ProviderUnavailable),
        (DroppedReply(after_bytes=0), ProviderUnavailable),
        (DroppedReply(after_bytes=60), ProviderUnavailable),
        (RawReply(), ProviderUnavailable),
        (NOT_JSON, ProviderUnavailable),
        (RawReply(content_type="application/json", body="{}"), ProviderUnavailable),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else value.kind,
)
async def test_each_failure_is_an_error_of_its_kind_and_is_asked_once(
    reply: Reply, expected: type[RouterError]
) -> None:
    async with ModelServer([reply, TextReply(content="{}", times=None)]) as server:
        with pytest.raises(RouterError) as caught:
            await provider_of(server).call(asked())

    assert type(caught.value) is expected
    assert KEY not in str(caught.value)
    assert len(server.requests) == 1, "litellm must not retry: the router counts every call"


async def test_a_rate_limit_says_how_long_to_wait() -> None:
    async with ModelServer([ErrorReply(status=429, retry_after="17")]) as server:
        with pytest.raises(RateLimited) as caught:
            await provider_of(server).call(asked())
    assert caught.value.retry_after == 17


async def test_a_slow_reply_ends_at_the_time_limit() -> None:
    async with ModelServer([TextReply(content="{}", delay_seconds=30)]) as server:
        with pytest.raises(Timeout):
            await provider_of(server).call(asked(seconds=0.3))


async def test_nobody_listening_is_said_to_be_unavailable() -> None:
    async with ModelServer([]) as server:
        gone = provider_of(server)
    with pytest.raises(ProviderUnavailable):
        await gone.call(asked())


async def test_a_name_that_no_provider_has_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="nonsense"):
        await LiteLLMProvider().call(asked(model="nonsense"))


async def test_cancelling_closes_the_connection() -> None:
    async with ModelServer([TextReply(content="{}", delay_seconds=30)]) as server:
        call = asyncio.create_task(provider_of(server).call(asked()))
        await server.received(1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_a_model_without_native_support_reads_the_schema_in_its_prompt() -> None:
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        reply = await provider_of(server).call(asked())

    (request,) = server.requests
    assert "response_format" not in request.body
    assert request.body["max_tokens"] == 64
    assert request.messages[0]["content"].startswith("Be brief.")
    assert '"required":["a"]' in request.messages[0]["content"]
    assert request.task == "count things"
    assert (reply.finish_reason, reply.input_tokens, reply.output_tokens) == ("stop", 11, 7)
    assert reply.cost_usd is None, "nobody knows what this model costs"


@pytest.mark.parametrize(
    ("model", "wanted"), [("openai/gpt-4o-mini", "auto"), ("openai/scripted", "native")]
)
async def test_a_model_with_native_support_gets_the_schema_as_a_constraint(
    model: str, wanted: str
) -> None:
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        await provider_of(server, structured_output=wanted).call(asked(model=model))

    (request,) = server.requests
    assert request.messages == [{"role": "system", "content": "Be brief."}]
    assert request.body["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "count_things",
            "strict": True,
            "schema": {**SCHEMA, "additionalProperties": False},
        },
    }


async def test_a_continuation_is_never_constrained_to_a_whole_document() -> None:
    async with ModelServer([TextReply(content="1}")]) as server:
        provider = provider_of(server, structured_output="native")
        reply = await provider.call(asked(form="continuation"))

    assert reply.text == "1}"
    assert "response_format" not in server.requests[0].body


async def test_prices_come_from_the_setting_else_from_the_map_else_from_nowhere() -> None:
    own = Price(input_usd=Decimal(1), output_usd=Decimal(2))

    assert await LiteLLMProvider(ModelEndpoint(price=own)).price("openai/gpt-4o-mini") == own
    assert await LiteLLMProvider().price("openai/scripted") is None
    listed = await LiteLLMProvider().price("openai/gpt-4o-mini")
    assert listed is not None
    assert 0 < listed.input_usd < listed.output_usd


async def test_the_provider_reports_what_litellm_knows_of_the_cost() -> None:
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        reply = await provider_of(server).call(asked(model="openai/gpt-4o-mini"))
        price = await provider_of(server).price("openai/gpt-4o-mini")

    assert price is not None
    assert reply.cost_usd == price.cost(11, 7)
