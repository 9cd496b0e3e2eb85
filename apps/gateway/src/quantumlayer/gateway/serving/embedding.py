"""Vectors of texts, from the first provider of OpenAI's format that gives them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from quantumlayer.core.database import new_id
from quantumlayer.gateway.dialects import Asked
from quantumlayer.gateway.http import GatewayError, Request
from quantumlayer.gateway.serving.allowance import allowed, most_of
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.choosing import candidates_of
from quantumlayer.gateway.serving.ending import booked
from quantumlayer.gateway.serving.failover import tries
from quantumlayer.gateway.serving.failures import told
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.router import ProviderUnavailable, RouterError, Timeout
from quantumlayer.router.deltas import TokenUsage, UsageDelta
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.observability import asking
from quantumlayer.router.pricing import estimate_tokens
from quantumlayer.router.routing import Candidate
from quantumlayer.router.spending import Spent
from quantumlayer.router.transport.exchange import post_document


async def embedded(call: Call, setup: Setup, size: int, request: Request) -> dict[str, Any]:
    """The provider's document for a text of `size` bytes; `request` may say where it may be made.

    Raises `GatewayError`.
    """
    parts, estimate = setup.parts, estimate_tokens(size)
    candidates = tuple(
        one
        for one in candidates_of(call, request, setup, estimate)
        if _native(setup.upstreams[one.deployment.name])
    )
    upstreams = [setup.upstreams[one.deployment.name] for one in candidates]
    most = await most_of(call, upstreams, estimate)
    place = allowed(call, parts.limiter, parts.leases, estimate)
    async with place, parts.accounts.held(call, most):
        return await _first(call, setup, candidates, estimate)


async def vector_of(
    text: str, model: str, of: Call, setup: Setup, request: Request
) -> Sequence[float]:
    """The text's vector, by a call of its own beside the call `of`. Raises `GatewayError`."""
    asked = Asked(model=model, body={"model": model, "input": text, "encoding_format": "float"})
    call = Call(new_id(), "embeddings", of.caller, asked, run=of.run, file=of.file)
    with booked(call, setup.parts):
        document = await embedded(call, setup, len(orjson.dumps(text)), request)
        try:
            vector: Sequence[float] = document["data"][0]["embedding"]
        except (KeyError, IndexError, TypeError):
            said = f"{call.provider} sent what is no vector"
            raise GatewayError("provider_failed", said) from None
    return vector


def _native(upstream: Upstream) -> bool:
    return upstream.native is not None and upstream.native.dialect == "openai_chat"


async def _first(
    call: Call, setup: Setup, candidates: tuple[Candidate, ...], estimate: int
) -> dict[str, Any]:
    """The answer of the first that gives one."""
    parts, failure = setup.parts, None
    for one in tries(candidates, parts.health, parts.rules):
        upstream = setup.upstreams[one.deployment.name]
        call.attempts += 1
        call.deployment, call.provider = upstream.name, upstream.provider
        received = Gathered()
        traced = replace(upstream.traced, operation="embeddings")
        with one.permit:
            try:
                with asking(traced, received) as span:
                    body = await _posted(call, upstream, span.headers)
                    received.add(_usage(body))
            except RouterError as error:
                failure = error
                one.failed(error)
            else:
                one.permit.succeeded()
                call.spent = await _spent(received.usage, upstream, estimate)
                return body
    if failure is not None:
        raise told(failure)
    raise GatewayError("unavailable", f"no deployment of {call.asked.model!r} makes embeddings now")


async def _posted(call: Call, upstream: Upstream, trace: Mapping[str, str]) -> dict[str, Any]:
    native, begun = upstream.native, time.perf_counter()
    if native is None:
        raise ProviderUnavailable(f"{upstream.name} makes no embeddings")
    target, seconds = native.endpoint.target, upstream.clocks.total
    try:
        answer = await post_document(
            target.at(f"{target.url}/embeddings"),
            {**native.headers, **trace},
            {**call.asked.body, "model": upstream.model},
            seconds,
        )
    except TimeoutError:
        raise Timeout(f"{upstream.name} gave no embeddings in {seconds:g} seconds") from None
    finally:
        call.waited += time.perf_counter() - begun
    if not isinstance(answer, dict):
        raise ProviderUnavailable(f"{upstream.name} sent what are no embeddings")
    return answer


def _usage(body: dict[str, Any]) -> UsageDelta:
    usage = body.get("usage")
    counted = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    return UsageDelta(TokenUsage(input_tokens=counted if isinstance(counted, int) else None))


async def _spent(usage: TokenUsage, upstream: Upstream, estimate: int) -> Spent:
    tokens = estimate if usage.input_tokens is None else usage.input_tokens
    price = await upstream.price()
    return Spent(input_tokens=tokens, cost=None if price is None else price.cost(tokens, 0))
