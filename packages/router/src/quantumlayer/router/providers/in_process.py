"""A model of this process as a provider: its whole answer at once, as a stream."""

import asyncio
from collections.abc import AsyncGenerator

from quantumlayer.router.deltas import (
    Delta,
    Finished,
    Named,
    RefusalDelta,
    TextDelta,
    TokenUsage,
    UsageDelta,
)
from quantumlayer.router.errors import Timeout
from quantumlayer.router.providers.protocol import AnsweringModel, ProviderRequest, ProviderTraits


class InProcessProvider:
    """Gives what `AnsweringModel.call` answers in pieces."""

    def __init__(self, model: AnsweringModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def traits(self) -> ProviderTraits:
        return self._model.traits

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it."""
        try:
            async with asyncio.timeout(request.timeout_seconds) as limit:
                reply = await self._model.call(request)
        except TimeoutError:
            if not limit.expired():
                raise
            raise Timeout(
                f"the model {request.model!r} gave no answer within"
                f" {request.timeout_seconds:g} seconds"
            ) from None
        yield Named(model=reply.model)
        words = RefusalDelta if reply.finish_reason == "refusal" else TextDelta
        if reply.text:
            yield words(reply.text)
        yield UsageDelta(
            TokenUsage(
                input_tokens=reply.input_tokens,
                output_tokens=reply.output_tokens,
                cost_usd=reply.cost_usd,
            )
        )
        yield Finished(reply.finish_reason)
