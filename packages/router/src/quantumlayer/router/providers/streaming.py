"""Reading another provider's stream so that it is closed, whatever ends the reading."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from quantumlayer.router.deltas import Delta
from quantumlayer.router.providers.protocol import Provider, ProviderRequest


@asynccontextmanager
async def streamed(
    provider: Provider, request: ProviderRequest
) -> AsyncIterator[AsyncIterator[Delta]]:
    """The pieces of `provider`'s reply; the call ends with the block."""
    pieces = provider.stream(request)
    try:
        yield pieces
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
