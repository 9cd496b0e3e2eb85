"""`/v1/models`: what the caller may ask for."""

import orjson

from quantumlayer.gateway.http import JSON, GatewayError, Reply, Request
from quantumlayer.gateway.serving.entrance import models_of, recognised
from quantumlayer.gateway.serving.setup import Setup

_PATH = "/v1/models"
# What Anthropic's format has for a day that nobody knows.
_UNKNOWN = "1970-01-01T00:00:00Z"


async def models(request: Request, reply: Reply, setup: Setup) -> None:
    """The list, or one model of it, in the shape that the client reads."""
    names = models_of(recognised(request, setup), setup)
    wanted = request.path.removeprefix(_PATH).strip("/")
    model = _of_anthropic if request.for_anthropic else _of_openai
    if not wanted:
        data = [model(name) for name in names]
        ends = {"has_more": False, "first_id": names[0], "last_id": names[-1]} if names else {}
        listed = {"object": "list", "data": data}
        await reply.whole(200, JSON, orjson.dumps(listed | ends))
        return
    if wanted not in names:
        said = f"there is no model {wanted!r}; there is {', '.join(names) or 'none'}"
        raise GatewayError("not_found", said, param="model")
    await reply.whole(200, JSON, orjson.dumps(model(wanted)))


def _of_openai(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "quantumlayer"}


def _of_anthropic(name: str) -> dict[str, object]:
    return {"id": name, "type": "model", "display_name": name, "created_at": _UNKNOWN}
