"""Time limits over a reply that comes in pieces: silence is what is too long, not the reply."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from quantumlayer.router.deltas import (
    Delta,
    Finished,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
)
from quantumlayer.router.errors import Timeout

# A reply that said that it is finished is complete: what may still come is a count of tokens.
_TAIL_SECONDS = 5.0
# What a person sets where a model needs longer.
_FIRST = "QL_MODEL_FIRST_TOKEN_SECONDS"
_SILENCE = "QL_MODEL_SILENCE_SECONDS"
_TOTAL = "QL_MODEL_TOTAL_SECONDS"
_CONTENT = (TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta)


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


async def within(
    clocks: Clocks, pieces: AsyncGenerator[Delta, None]
) -> AsyncGenerator[Delta, None]:
    """The pieces, as long as they come in time; else raises `Timeout`, which says which clock.

    Closes `pieces` in every case.
    """
    async with aclosing(pieces):
        now = asyncio.get_running_loop().time
        last, due = now() + clocks.total, now() + clocks.first_token
        begun = finished = False
        while (piece := await _next(pieces, min(due, last))) is not None:
            if isinstance(piece, _Late):
                if finished:
                    return
                raise Timeout(_said(clocks, begun=begun, all_of_it=last <= due))
            yield piece
            if isinstance(piece, Finished):
                finished, due = True, now() + _TAIL_SECONDS
            elif isinstance(piece, _CONTENT) and not finished:
                begun, due = True, now() + clocks.silence
            elif clocks.thinks and not begun and not finished:
                due = now() + clocks.first_token


class _Late:
    """Nothing came in time."""


async def _next(pieces: AsyncGenerator[Delta, None], due: float) -> Delta | _Late | None:
    try:
        async with asyncio.timeout_at(due) as limit:
            return await anext(pieces, None)
    except TimeoutError:
        if limit.expired():
            return _Late()
        raise


def _said(clocks: Clocks, *, begun: bool, all_of_it: bool) -> str:
    if all_of_it:
        return f"the reply was not complete after {clocks.total:g} seconds ({_TOTAL})"
    if begun:
        return f"the model fell silent for {clocks.silence:g} seconds amid its reply ({_SILENCE})"
    return f"the model said nothing for {clocks.first_token:g} seconds ({_FIRST})"
