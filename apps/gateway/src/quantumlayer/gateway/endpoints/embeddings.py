"""`/v1/embeddings`: passed on to providers that speak OpenAI's format, one after the other."""

import orjson

from quantumlayer.gateway.dialects import Asked
from quantumlayer.gateway.http import JSON, GatewayError, Reply, Request
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.embedding import embedded
from quantumlayer.gateway.serving.ending import book, booked
from quantumlayer.gateway.serving.entrance import check_model, document, recognised
from quantumlayer.gateway.serving.setup import Setup


async def embeddings(request: Request, reply: Reply, setup: Setup) -> None:
    """Answers with the provider's vectors. Raises `GatewayError`."""
    caller = recognised(request, setup)
    asked = _asked(await document(request, setup))
    check_model(asked.model, caller, setup)
    with booked(Call.of(request, "embeddings", caller, asked), setup.parts) as call:
        body = await embedded(call, setup, request.size, request)
        body["model"] = asked.model
        book(call, setup.parts)
        await reply.whole(200, JSON, orjson.dumps(body))


def _asked(body: object) -> Asked:
    if not isinstance(body, dict) or not isinstance(body.get("model"), str):
        raise GatewayError("bad_request", "`model` must be a name", param="model")
    if not body.get("input"):
        raise GatewayError("bad_request", "`input` must be text or a list of it", param="input")
    return Asked(model=body["model"], body=body)
