"""What may be used at once and a minute, and what a call may cost at most."""

from collections.abc import Iterable
from decimal import Decimal
from types import TracebackType

from quantumlayer.gateway.http import GatewayError
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.places import Places
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.gateway.tenants import Ceiling
from quantumlayer.router.leases import Leases
from quantumlayer.router.limits import RateLimiter


class allowed:  # noqa: N801 - reads as what it is: `async with allowed(…)`
    """A place under the limits of key, project and organisation while the call runs.

    Raises `GatewayError` where there is none: a client is told to come back, never made to wait.
    """

    __slots__ = ("_call", "_places", "_tokens")

    def __init__(
        self, call: Call, limiter: RateLimiter, leases: Leases, input_estimate: int
    ) -> None:
        self._call = call
        self._places = Places(limiter, leases)
        self._tokens = input_estimate + (call.asked.most_output or 0)

    async def __aenter__(self) -> None:
        try:
            for ceiling in self._call.caller.ceilings:
                wait = await self._places.take(ceiling.limit, self._tokens)
                if wait is not None:
                    await self._places.give_up(ceiling.limit, wait)
                    raise _used_up(ceiling, wait.seconds)  # noqa: TRY301 - the same for all errors
        except BaseException:
            await self._places.give_back(0)
            raise

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self.give_back()

    async def give_back(self) -> None:
        """Gives the places back, if they still are held."""
        spent = self._call.spent
        await self._places.give_back(spent.input_tokens + spent.output_tokens)


def _used_up(ceiling: Ceiling, seconds: float) -> GatewayError:
    said = f"{ceiling.owner} is used as much as it may be; try again in {seconds:.0f} s"
    return GatewayError("rate_limited", said, retry_after=seconds)


async def most_of(call: Call, upstreams: Iterable[Upstream], input_estimate: int) -> Decimal | None:
    """The dollars that the call may cost, whoever answers it; None where a price is unknown."""
    if not call.caller.metered:
        return None
    most = Decimal(0)
    for upstream in upstreams:
        price, profile = await upstream.price(), await upstream.profile()
        if price is None:
            return None
        answered = min(call.asked.most_output or profile.output_cap, profile.output_cap)
        most = max(most, price.most(input_estimate, answered))
    return most
