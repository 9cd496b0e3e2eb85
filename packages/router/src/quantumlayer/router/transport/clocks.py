"""Time limits over a reply that comes in pieces: silence is what is too long, not the reply."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, closing
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from quantumlayer.router.deltas import (
    Delta,
    Finished,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
)
from quantumlayer.router.errors import Timeout
from quantumlayer.router.transport.alarms import Alarm, Rang

# A reply that said that it is finished is complete: what may still come is a count of tokens.
_TAIL_SECONDS = 5.0
# What a person sets where a model needs longer.
_FIRST = "QL_MODEL_FIRST_TOKEN_SECONDS"
_SILENCE = "QL_MODEL_SILENCE_SECONDS"
_TOTAL = "QL_MODEL_TOTAL_SECONDS"
PieceT = TypeVar("PieceT")


class Sign(IntEnum):
    """What a piece tells the clocks; of several the highest counts."""

    LIFE = 0
    CONTENT = 1
    END = 2


_SIGNS: dict[type[Delta], Sign] = {
    TextDelta: Sign.CONTENT,
    ReasoningDelta: Sign.CONTENT,
    RefusalDelta: Sign.CONTENT,
    ToolCallDelta: Sign.CONTENT,
    Finished: Sign.END,
}


def sign_of(delta: Delta) -> Sign:
    """What a delta tells the clocks."""
    return _SIGNS.get(type(delta), Sign.LIFE)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Seconds until the first piece with content, between two of them, and in all.

    Signs of life are signs of a connection, not of progress: they never stop the clock for
    silence. A model that `thinks` before its first piece is waited for while they come, up to
    the total.
    """

    first_token: float
    silence: float
    total: float
    thinks: bool = False


class Deadline:
    """The clocks of one reply as its pieces come; to be closed when it is over."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._now = now = asyncio.get_running_loop().time
        begun_at = now()
        self._last, self._due = begun_at + clocks.total, begun_at + clocks.first_token
        self._begun = self._finished = False
        self._alarm = Alarm(min(self._due, self._last))

    async def next(self, pieces: AsyncGenerator[PieceT, None]) -> PieceT | None:
        """The next piece, None behind the last one; raises `Timeout`, which says which clock."""
        try:
            return await self._alarm.over(anext(pieces, None))
        except Rang:
            if self._finished:
                return None
            said = _said(self._clocks, begun=self._begun, all_of_it=self._last <= self._due)
            raise Timeout(said) from None

    def heard(self, sign: Sign) -> None:
        """Sets the clocks by what the last piece says."""
        if sign is Sign.END:
            self._finished, self._due = True, self._now() + _TAIL_SECONDS
        elif sign is Sign.CONTENT and not self._finished:
            self._begun, self._due = True, self._now() + self._clocks.silence
        elif self._clocks.thinks and not self._begun and not self._finished:
            self._due = self._now() + self._clocks.first_token
        else:
            return
        self._alarm.move(min(self._due, self._last))

    def close(self) -> None:
        """Watches no more."""
        self._alarm.close()


async def within(
    clocks: Clocks, pieces: AsyncGenerator[PieceT, None], sign: Callable[[PieceT], Sign]
) -> AsyncGenerator[PieceT, None]:
    """The pieces, as long as they come in time; else raises `Timeout`, which says which clock.

    `sign` says what a piece tells the clocks. Closes `pieces` in every case.
    """
    async with aclosing(pieces):
        with closing(Deadline(clocks)) as deadline:
            while (piece := await deadline.next(pieces)) is not None:
                yield piece
                deadline.heard(sign(piece))


def _said(clocks: Clocks, *, begun: bool, all_of_it: bool) -> str:
    if all_of_it:
        return f"the reply was not complete after {clocks.total:g} seconds ({_TOTAL})"
    if begun:
        return f"the model fell silent for {clocks.silence:g} seconds amid its reply ({_SILENCE})"
    return f"the model said nothing for {clocks.first_token:g} seconds ({_FIRST})"
