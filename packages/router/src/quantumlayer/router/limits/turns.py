"""Waiting for a turn."""

import asyncio
from collections.abc import Awaitable, Callable

from quantumlayer.router.limits.costs import RateLimit
from quantumlayer.router.limits.limiter import Granted, RateLimiter, Turn

# Room that others give back is found so soon by those who wait for long.
_MOST_SLEEP = 2.0


async def take_turn(
    limiter: RateLimiter,
    limit: RateLimit,
    tokens: int,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Turn:
    """The turn of a call of about so many tokens, once it has come.

    Whoever is cancelled while it waits gives its place back.
    """
    turn = None
    try:
        while not isinstance(answer := await limiter.acquire(limit, tokens, turn), Granted):
            turn = answer.turn
            await sleep(min(answer.seconds, _MOST_SLEEP))
    except asyncio.CancelledError:
        if turn is not None:
            await limiter.settle(limit, turn, 0)
        raise
    return answer.turn
