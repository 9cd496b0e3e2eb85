"""`/v1/embeddings`: passed on to providers that speak OpenAI's format, one after the other."""

import asyncio
import time
from contextlib import aclosing
from typing import Any

import orjson

from quantumlayer.gateway.dialects import Asked
from quantumlayer.gateway.http import JSON, GatewayError, Reply, Request
from quantumlayer.gateway.serving.allowance import allowed, most_of
from quantumlayer.gateway.serving.call import Call, Spent
from quantumlayer.gateway.serving.ending import book, booked
from quantumlayer.gateway.serving.entrance import check_model, document, recognised
from quantumlayer.gateway.serving.failures import kind_of, told
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.router import ProviderUnavailable, RouterError, Timeout
from quantumlayer.router.routing import Candidate, Wishes, remaining, route
from quantumlayer.router.transport.exchange import Document, exchange

_BYTES_PER_TOKEN = 3


async def embeddings(request: Request, reply: Reply, setup: Setup) -> None:
    """Answers with the provider's vectors. Raises `GatewayError`."""
    caller = recognised(request, setup)
    asked = _asked(await document(request, setup))
    check_model(asked.model, caller, setup)
    parts = setup.parts
    estimate = -(-request.size // _BYTES_PER_TOKEN)
    with booked(Call.of(request, "embeddings", caller, asked), parts) as call:
        candidates = tuple(
            one
            for one in route(setup.table, asked.model, Wishes(), parts.health, parts.rng)
            if _native(setup.upstreams[one.deployment.name])
        )
        upstreams = [setup.upstreams[one.deployment.name] for one in candidates]
        most = await most_of(call, upstreams, estimate)
        async with allowed(call, parts.limiter, estimate), parts.accounts.held(call, most):
            body = await _first(call, setup, candidates, estimate)
        body["model"] = asked.model
        book(call, parts)
        await reply.whole(200, JSON, orjson.dumps(body))


def _asked(body: object) -> Asked:
    if not isinstance(body, dict) or not isinstance(body.get("model"), str):
        raise GatewayError("bad_request", "`model` must be a name", param="model")
    if not body.get("input"):
        raise GatewayError("bad_request", "`input` must be text or a list of it", param="input")
    return Asked(model=body["model"], body=body)


def _native(upstream: Upstream) -> bool:
    return upstream.native is not None and upstream.native.dialect == "openai_chat"


async def _first(
    call: Call, setup: Setup, candidates: tuple[Candidate, ...], estimate: int
) -> dict[str, Any]:
    """The answer of the first that gives one."""
    parts, failure = setup.parts, None
    while candidates:
        deployment = candidates[0].deployment
        permit = parts.health.admit(deployment, last_resort=len(candidates) == 1)
        if permit is None:
            candidates = candidates[1:]
            continue
        upstream = setup.upstreams[deployment.name]
        call.attempts += 1
        call.deployment, call.provider = upstream.name, upstream.provider
        with permit:
            try:
                body = await _posted(call, upstream)
            except RouterError as error:
                kind, failure = kind_of(error), error
                permit.failed(kind, str(error), error.retry_after)
                candidates = remaining(candidates, 0, parts.rules[kind].then)
            else:
                permit.succeeded()
                call.spent = await _spent(body, upstream, estimate)
                return body
    if failure is not None:
        raise told(failure)
    raise GatewayError("unavailable", f"no deployment of {call.asked.model!r} makes embeddings now")


async def _posted(call: Call, upstream: Upstream) -> dict[str, Any]:
    native, begun = upstream.native, time.perf_counter()
    if native is None:
        raise ProviderUnavailable(f"{upstream.name} makes no embeddings")
    target = native.endpoint.target
    posted = exchange(
        target.at(f"{target.url}/embeddings"),
        native.headers,
        {**call.asked.body, "model": upstream.model},
    )
    try:
        async with asyncio.timeout(upstream.clocks.total), aclosing(posted) as pieces:
            async for piece in pieces:
                if isinstance(piece, Document) and isinstance(piece.body, dict):
                    return dict(piece.body)
    except TimeoutError:
        seconds = upstream.clocks.total
        raise Timeout(f"{upstream.name} gave no embeddings in {seconds:g} seconds") from None
    finally:
        call.waited += time.perf_counter() - begun
    raise ProviderUnavailable(f"{upstream.name} sent what are no embeddings")


async def _spent(body: dict[str, Any], upstream: Upstream, estimate: int) -> Spent:
    usage = body.get("usage")
    counted = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    tokens = counted if isinstance(counted, int) else estimate
    price = await upstream.price()
    return Spent(input_tokens=tokens, cost=None if price is None else price.cost(tokens, 0))
