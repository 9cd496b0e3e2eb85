"""A provider inside of a test: each of its replies is the pieces that a test decides."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field

from quantumlayer.router import Delta, ProviderRequest, ProviderTraits

Piece = Delta | BaseException | asyncio.Event
"""A piece of a reply; an exception ends it, and an event is waited for."""


@dataclass
class ScriptedProvider:
    """Gives its replies one after another, and remembers what it was asked."""

    replies: Iterable[Sequence[Piece]]
    name: str = "scripted"
    traits: ProviderTraits = field(default_factory=ProviderTraits)
    asked: list[ProviderRequest] = field(default_factory=list)
    stopped: int = 0
    """How many replies were stopped before their end."""

    def __post_init__(self) -> None:
        self._left = iter(self.replies)

    async def stream(self, request: ProviderRequest) -> AsyncIterator[Delta]:
        """The next reply's pieces."""
        self.asked.append(request)
        ended = False
        try:
            for piece in next(self._left):
                if isinstance(piece, BaseException):
                    raise piece
                if isinstance(piece, asyncio.Event):
                    await piece.wait()
                else:
                    yield piece
            ended = True
        finally:
            self.stopped += not ended
