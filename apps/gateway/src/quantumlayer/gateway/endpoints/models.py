"""`/v1/models`: what the caller may ask for."""

import orjson

from quantumlayer.gateway.http import JSON, GatewayError, Reply, Request
from quantumlayer.gateway.serving.entrance import models_of, recognised
from quantumlayer.gateway.serving.setup import Setup

_PATH = "/v1/models"


async def models(request: Request, reply: Reply, setup: Setup) -> None:
    """The list, or one model of it, in OpenAI's shape."""
    names = models_of(recognised(request, setup), setup)
    wanted = request.path.removeprefix(_PATH).strip("/")
    if not wanted:
        listed = {"object": "list", "data": [_model(name) for name in names]}
        await reply.whole(200, JSON, orjson.dumps(listed))
        return
    if wanted not in names:
        said = f"there is no model {wanted!r}; there is {', '.join(names) or 'none'}"
        raise GatewayError("not_found", said, param="model")
    await reply.whole(200, JSON, orjson.dumps(_model(wanted)))


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "quantumlayer"}
