"""A provider whose calls are held against budgets: reserved before, settled after."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from decimal import Decimal
from uuid import uuid4

from quantumlayer.router.deltas import Delta
from quantumlayer.router.errors import BudgetExceeded
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.leases import LEASE_SECONDS, Leases
from quantumlayer.router.money import Budgets, BudgetsUnavailable, Limit, Refused
from quantumlayer.router.pricing import Price, estimate_input_tokens
from quantumlayer.router.providers.protocol import Provider, ProviderRequest, ProviderTraits
from quantumlayer.router.providers.streaming import streamed
from quantumlayer.router.providers.surroundings import PriceOf
from quantumlayer.router.spending import spent_on

_log = logging.getLogger(__name__)
# A call that is paid is counted as soon as somebody counts again; so often that is tried.
_LATE_TRIES = 60


Limits = Callable[[str | None], Sequence[Limit]]
"""The limits of one organisation that hold for a call, by the run in whose name it is."""


class BudgetedProvider:
    """Asks `provider` only what fits into all of the `limits`."""

    def __init__(
        self,
        provider: Provider,
        budgets: Budgets,
        limits: Limits,
        price: PriceOf,
        *,
        late_seconds: float = 10.0,
    ) -> None:
        """`late_seconds` is how long it waits before it counts again what could not be counted."""
        self._provider = provider
        self._budgets = budgets
        self._limits = limits
        self._price = price
        self._late_seconds = late_seconds
        self._late: set[asyncio.Task[None]] = set()
        self._leases = Leases()

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def traits(self) -> ProviderTraits:
        return self._provider.traits

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it.

        Raises `BudgetExceeded` where there is no room or no price, and `BudgetsUnavailable`.
        """
        limits = self._limits(request.run)
        if not limits:
            async with streamed(self._provider, request) as pieces:
                async for piece in pieces:
                    yield piece
            return
        price = await self._price()
        estimate = estimate_input_tokens(request.messages, str(request.json_schema or ""))
        owner = limits[0].scope.organisation_id
        name = await self._reserved(request, limits, price, estimate)
        received = Gathered()
        try:
            with self._leases.kept(lambda: self._renew(owner, name)):
                async with streamed(self._provider, request) as pieces:
                    async for piece in pieces:
                        received.add(piece)
                        yield piece
        finally:
            await self._settle(owner, name, spent_on(received, estimate, price).cost or Decimal(0))

    async def _reserved(
        self,
        request: ProviderRequest,
        limits: Sequence[Limit],
        price: Price | None,
        input_tokens: int,
    ) -> str:
        if price is None:
            raise BudgetExceeded(
                f"nobody knows what {request.model!r} costs, so its calls fit into no budget of"
                f" {limits[0].scope.organisation_id}: give its deployment a price, or set"
                " QL_MODEL_INPUT_USD_PER_MILLION and QL_MODEL_OUTPUT_USD_PER_MILLION",
                scope="organisation",
                limit_usd=None,
            )
        name, most = str(uuid4()), price.most(input_tokens, request.max_output_tokens)
        answer = await self._budgets.reserve(limits, most, name, lease_seconds=LEASE_SECONDS)
        if isinstance(answer, Refused):
            raise BudgetExceeded(
                f"{answer}; this call may cost {most:f} USD",
                scope="organisation",
                limit_usd=answer.limit_usd,
            )
        return name

    async def _renew(self, owner: str, name: str) -> bool:
        return await self._budgets.renew(owner, name, lease_seconds=LEASE_SECONDS)

    async def _settle(self, owner: str, name: str, cost: Decimal) -> None:
        """Counts the call, in the end; nobody waits for that while nobody counts."""
        try:
            await self._budgets.settle(owner, name, cost)
        except BudgetsUnavailable as error:
            _log.warning("a call is paid and not counted yet: %s", error)
            late = asyncio.create_task(self._settle_late(owner, name, cost))
            self._late.add(late)
            late.add_done_callback(self._late.discard)

    async def _settle_late(self, owner: str, name: str, cost: Decimal) -> None:
        for _ in range(_LATE_TRIES):
            await asyncio.sleep(self._late_seconds)
            try:
                await self._budgets.settle(owner, name, cost)
            except BudgetsUnavailable:
                continue
            return
        _log.error("a call of %s USD (%s) was never counted in its budgets", cost, name)
