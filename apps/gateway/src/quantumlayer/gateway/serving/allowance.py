"""What a key may use at once and a minute, and what a call may cost at most."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from decimal import Decimal

from quantumlayer.gateway.http import GatewayError
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.leases import renewed
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.router.limits import RateLimit, RateLimiter, Wait


@asynccontextmanager
async def allowed(call: Call, limiter: RateLimiter, input_estimate: int) -> AsyncIterator[None]:
    """A place under the key's own limits while the call runs.

    Raises `GatewayError` where there is none: a client is told to come back, never made to wait.
    """
    rates = call.caller.rates
    if not (rates.requests_a_minute or rates.tokens_a_minute or rates.concurrent):
        yield
        return
    limit = RateLimit(
        f"key:{call.caller.organisation}/{call.caller.key}",
        rates.requests_a_minute,
        rates.tokens_a_minute,
        rates.concurrent,
    )
    found = await limiter.acquire(limit, input_estimate + (call.asked.most_output or 0))
    if isinstance(found, Wait):
        await limiter.settle(limit, found.turn, 0)
        said = f"this key is used as much as it may be; try again in {found.seconds:.0f} s"
        raise GatewayError("rate_limited", said, retry_after=found.seconds)
    turn = found.turn
    try:
        async with renewed(lambda: limiter.renew(limit, turn)):
            yield
    finally:
        await limiter.settle(limit, turn, call.spent.input_tokens + call.spent.output_tokens)


async def most_of(call: Call, upstreams: Iterable[Upstream], input_estimate: int) -> Decimal | None:
    """The dollars that the call may cost, whoever answers it; None where a price is unknown."""
    if not call.caller.purses:
        return None
    most = Decimal(0)
    for upstream in upstreams:
        price, profile = await upstream.price(), await upstream.profile()
        if price is None:
            return None
        answered = min(call.asked.most_output or profile.output_cap, profile.output_cap)
        most = max(most, price.most(input_estimate, answered))
    return most
