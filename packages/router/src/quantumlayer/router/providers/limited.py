"""A provider that is asked no more than its limits allow, by all workers together."""

from collections.abc import AsyncGenerator

from quantumlayer.router.deltas import Delta, UsageDelta
from quantumlayer.router.errors import RateLimited
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.limits import RateLimit, RateLimiter, RateSignals, take_turn
from quantumlayer.router.pricing import estimate_input_tokens
from quantumlayer.router.providers.protocol import Provider, ProviderRequest, ProviderTraits


class LimitedProvider:
    """Waits for its turn before it asks `provider`, and tells everybody of a refusal.

    The turn is held while the reply comes; then what was not taken of its tokens is given back.
    """

    def __init__(self, provider: Provider, limiter: RateLimiter, limit: RateLimit) -> None:
        self._provider = provider
        self._limiter = limiter
        self._limit = limit

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def traits(self) -> ProviderTraits:
        return self._provider.traits

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it."""
        asked = estimate_input_tokens(request.messages)
        turn = await take_turn(self._limiter, self._limit, asked + request.max_output_tokens)
        received = Gathered()
        try:
            pieces = self._provider.stream(request)
            try:
                async for piece in pieces:
                    if isinstance(piece, UsageDelta):
                        received.add(piece)
                    yield piece
            finally:
                if isinstance(pieces, AsyncGenerator):
                    await pieces.aclose()
        except RateLimited as error:
            signals = RateSignals(retry_after_seconds=error.retry_after)
            await self._limiter.observe(self._limit, signals, refused=turn)
            raise
        finally:
            await self._limiter.settle(self._limit, turn, _taken(received, asked))


def _taken(received: Gathered, asked: int) -> int:
    """The tokens that count; what nobody counted was asked for all the same."""
    usage = received.usage
    if usage.input_tokens is None and usage.output_tokens is None:
        return asked
    return (usage.input_tokens or 0) + (usage.output_tokens or 0)
