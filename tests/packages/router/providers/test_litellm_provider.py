"""Models of providers that have no wire here, through litellm and real HTTP."""

import pytest

from quantumlayer.router import AuthenticationFailed, RateLimited, RouterError, Timeout
from tests.support.model_server import ErrorReply, JsonReply, ModelServer, TextReply
from tests.support.provider_parts import KEY, answer, asked, pieces, provider_at
from tests.support.raw_server import raw_server, whole

# litellm knows this provider, and reaches it where it is told to.
MODEL = "litellm_proxy/scripted"


async def test_a_reply_comes_in_pieces_and_is_counted() -> None:
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        provider = provider_at(server.base_url, MODEL, main=MODEL)
        reply = await answer(provider, asked(model=MODEL, seconds=120))

    (request,) = server.requests
    assert request.body["stream"] is True
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert provider.name == "litellm_proxy"
    assert reply.text.split() == ["{", '"a":', "1", "}"]
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (11, 7)
    assert reply.finished is not None


async def test_the_trace_of_a_call_goes_along() -> None:
    traced = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    async with ModelServer([JsonReply(value={"a": 1})] * 2) as server:
        provider = provider_at(server.base_url, MODEL, main=MODEL)
        for trace in (traced, {}):
            await answer(provider, asked(model=MODEL, seconds=120, trace=trace))

    with_it, without = server.requests
    assert with_it.headers["traceparent"] == traced["traceparent"]
    assert with_it.headers["authorization"] == f"Bearer {KEY}"
    assert "traceparent" not in without.headers


async def test_a_proxy_of_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with raw_server(whole(b"{}", status="400 Bad Request")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        provider = provider_at("http://models.invalid/v1", MODEL, main=MODEL)
        with pytest.raises(RouterError):
            await answer(provider, asked(model=MODEL, seconds=120))
    assert proxy.heads[0].startswith("POST http://models.invalid/v1/chat/completions ")


async def test_failures_are_told_apart_and_asked_once() -> None:
    replies = [
        ErrorReply(status=401, message=f"Incorrect API key: {KEY}"),
        ErrorReply(status=429, retry_after="17"),
    ]
    async with ModelServer(replies) as server:
        provider = provider_at(server.base_url, MODEL, main=MODEL)
        with pytest.raises(AuthenticationFailed) as refused:
            await pieces(provider, asked(model=MODEL, seconds=120))
        with pytest.raises(RateLimited) as limited:
            await pieces(provider, asked(model=MODEL, seconds=120))

    assert KEY not in str(refused.value)
    assert limited.value.retry_after == 17
    assert len(server.requests) == 2, "litellm must not retry: the router counts every call"


async def test_a_slow_reply_ends_at_the_time_limit() -> None:
    async with ModelServer([TextReply(content="{}", delay_seconds=30)]) as server:
        provider = provider_at(server.base_url, MODEL, main=MODEL)
        with pytest.raises(Timeout):
            await pieces(provider, asked(model=MODEL, seconds=1))
