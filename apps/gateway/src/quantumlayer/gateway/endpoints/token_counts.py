"""`/v1/messages/count_tokens`: what a message would count, asked of Anthropic or estimated."""

from collections.abc import Mapping
from typing import Any

import orjson

from quantumlayer.gateway.dialects import DIALECTS, Asked
from quantumlayer.gateway.http import JSON, GatewayError, Reply, Request
from quantumlayer.gateway.serving.allowance import allowed
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.choosing import candidates_of
from quantumlayer.gateway.serving.entrance import check_model, document, passed_on, recognised
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.router import RouterError
from quantumlayer.router.pricing import estimate_input_tokens, estimate_tokens
from quantumlayer.router.transport.exchange import post_document

_DIALECT = DIALECTS["anthropic_messages"]
# Clients count before they ask; who is slow to count is not waited for.
_SECONDS = 5.0


async def count_tokens(request: Request, reply: Reply, setup: Setup) -> None:
    """Answers with the provider's count, else with ours, which says so. Raises `GatewayError`."""
    caller = recognised(request, setup)
    body = await document(request, setup)
    if not isinstance(body, dict):
        raise GatewayError("bad_request", "the body must be a JSON object")
    asked = _DIALECT.asked({"max_tokens": 1, **body})
    check_model(asked.model, caller, setup)
    call = Call.of(request, "count_tokens", caller, asked)
    async with allowed(call, setup.parts.limiter, setup.parts.leases, 0):
        counted = None
        # What modules would have masked or refused must not leave for the sake of a count.
        if not caller.modules:
            first = candidates_of(call, request, setup, estimate_tokens(request.size))[0]
            upstream = setup.upstreams[first.deployment.name]
            counted = await _counted(upstream, body, passed_on(request))
    if counted is None:
        counted = _estimated(asked)
        reply.headers.append((b"x-ql-estimated", b"true"))
    await reply.whole(200, JSON, orjson.dumps({"input_tokens": counted}))


async def _counted(
    upstream: Upstream, body: dict[str, Any], headers: Mapping[str, str]
) -> int | None:
    """What the provider says; None where it is none of Anthropic's, or does not say."""
    native = upstream.native
    if native is None or native.dialect != _DIALECT.name:
        return None
    target = native.endpoint.target
    try:
        answer = await post_document(
            target.at(f"{target.url}{native.endpoint.wire.path}/count_tokens"),
            {**native.headers, **headers},
            {**body, "model": upstream.model},
            _SECONDS,
        )
    except (RouterError, TimeoutError):
        return None
    found = answer.get("input_tokens") if isinstance(answer, dict) else None
    return found if isinstance(found, int) else None


def _estimated(asked: Asked) -> int:
    """Rather too many than too few."""
    tools = orjson.dumps(asked.body.get("tools") or []).decode()
    return estimate_input_tokens(_DIALECT.conversation(asked).messages, tools)
