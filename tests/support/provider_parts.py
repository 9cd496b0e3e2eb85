"""What the tests of providers share: a request, a provider of a model, and what it said."""

import asyncio

from pydantic import SecretStr

from quantumlayer.router import (
    ExternalModels,
    Message,
    ModelEndpoint,
    Provider,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
)
from quantumlayer.router.deltas import Delta
from quantumlayer.router.gathering import Gathered

NOTHING = ProviderReply(
    text="", finish_reason="stop", input_tokens=0, output_tokens=0, model="echo"
)
KEY = "sk-a-key-that-must-not-leak"
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


class Echo:
    """A model of this process that says what it was made to say, after a while."""

    name = "echo"
    traits = ProviderTraits(metered=False)

    def __init__(self, reply: ProviderReply = NOTHING, seconds: float = 0) -> None:
        self._reply = reply
        self._seconds = seconds

    async def call(self, _request: ProviderRequest) -> ProviderReply:
        await asyncio.sleep(self._seconds)
        return self._reply

    def warm_up(self) -> None: ...

    def locks(self) -> tuple[str, ...]:
        return ()

    def runtime_locks(self) -> tuple[str, ...]:
        return ()


def asked(
    *, model: str = "openai/scripted", seconds: float = 20, **more: object
) -> ProviderRequest:
    """A question for an object with an integer."""
    return ProviderRequest.model_validate(
        {
            "task": "count things",
            "model": model,
            "messages": (Message(role="system", content="Be brief."),),
            "input": {},
            "json_schema": SCHEMA,
            "max_output_tokens": 64,
            "timeout_seconds": seconds,
            **more,
        }
    )


def provider_at(base_url: str, model: str = "openai/scripted", **settings: object) -> Provider:
    """The provider of a model on a server of one's own."""
    endpoint = {"base_url": base_url, "api_key": SecretStr(KEY), **settings}
    return ExternalModels(ModelEndpoint.model_validate(endpoint)).provider(model)


async def answer(provider: Provider, request: ProviderRequest | None = None) -> Gathered:
    """The whole reply."""
    reply = Gathered()
    for delta in await pieces(provider, request):
        reply.add(delta)
    return reply


async def pieces(provider: Provider, request: ProviderRequest | None = None) -> list[Delta]:
    """The reply's pieces."""
    return [delta async for delta in provider.stream(request or asked())]
