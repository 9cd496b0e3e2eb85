"""Providers that record what others answer, or answer what was recorded."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator

from quantumlayer.router.deltas import Alive, Delta
from quantumlayer.router.errors import BadRequest
from quantumlayer.router.providers.protocol import Provider, ProviderRequest, ProviderTraits
from quantumlayer.router.recordings.tapes import Tape, name_of


class RecordingProvider:
    """Answers what `provider` answers, and records every reply that came to its end."""

    def __init__(self, provider: Provider, tape: Tape) -> None:
        self._provider = provider
        self._tape = tape

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def traits(self) -> ProviderTraits:
        return self._provider.traits

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it."""
        received: list[Delta] = []
        pieces = self._provider.stream(request)
        try:
            async for piece in pieces:
                if not isinstance(piece, Alive):
                    received.append(piece)
                yield piece
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
        await asyncio.to_thread(self._tape.add, request, received)


class ReplayingProvider:
    """Answers what was recorded, and asks nobody.

    The same question gets its answers in the order in which they were recorded, the last of them
    from then on. A question that was never recorded is refused: another answer would be made up.
    """

    def __init__(self, tape: Tape, *, name: str, traits: ProviderTraits | None = None) -> None:
        self._tape = tape
        self._asked: Counter[str] = Counter()
        self.name = name
        self.traits = traits or ProviderTraits()

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Gives the pieces of the recorded reply."""
        replies = await asyncio.to_thread(self._tape.replies, request)
        if not replies:
            raise BadRequest(
                f"nothing was recorded for this question of {request.task!r} to "
                f"{request.model!r}: record it anew (its name would be {name_of(request)})"
            )
        place = self._asked[name_of(request)]
        self._asked[name_of(request)] += 1
        for piece in replies[min(place, len(replies) - 1)]:
            yield piece
