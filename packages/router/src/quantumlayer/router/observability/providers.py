"""A provider whose calls are traced."""

from collections.abc import AsyncGenerator, AsyncIterator

from quantumlayer.router.deltas import Delta
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.observability.asking import Asking, asking
from quantumlayer.router.observability.switch import tracer
from quantumlayer.router.providers.protocol import Provider, ProviderRequest, ProviderTraits


class TracedProvider:
    """Makes a span of every call of `provider`, which is reached at `url`."""

    def __init__(self, provider: Provider, url: str | None) -> None:
        self._provider = provider
        self._url = url

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def traits(self) -> ProviderTraits:
        return self._provider.traits

    def stream(self, request: ProviderRequest) -> AsyncIterator[Delta]:
        """Asks once, as `Provider.stream` has it."""
        return self._provider.stream(request) if tracer() is None else self._traced(request)

    async def _traced(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        received = Gathered()
        with asking(Asking("chat", self.name, request.model, self._url), received) as span:
            named = request.model_copy(update={"trace": span.headers})
            pieces, silent = self._provider.stream(named), True
            try:
                async for piece in pieces:
                    received.add(piece)
                    if silent and received.characters:
                        silent = False
                        span.first_token()
                    yield piece
            finally:
                if isinstance(pieces, AsyncGenerator):
                    await pieces.aclose()
