"""The money of a call: held back in every budget above it before, counted after."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from quantumlayer.gateway.http import GatewayError
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.leases import LEASE_SECONDS, renewed
from quantumlayer.gateway.tenants import Caller
from quantumlayer.router.money import (
    Budgets,
    BudgetsUnavailable,
    Limit,
    Period,
    Refused,
    Scope,
    ScopeKind,
)

_log = logging.getLogger(__name__)
_KINDS = (ScopeKind.ORGANISATION, ScopeKind.PROJECT, ScopeKind.KEY)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Reserves and settles in `budgets`.

    `late` are settlements that failed because nobody answered; `settle_late` makes them.
    """

    budgets: Budgets
    late: dict[str, tuple[str, Decimal]] = field(default_factory=dict)

    @asynccontextmanager
    async def held(self, call: Call, most: Decimal | None) -> AsyncIterator[None]:
        """Holds `most` dollars back for the call while it runs, and counts what it cost in the end.

        Raises `GatewayError`: no room in a budget, no price by which to hold anything back, or
        nobody who knows how the money stands.
        """
        limits = tuple(Limit(scope, usd) for scope, usd in scopes_of(call.caller).items())
        if not limits:
            yield
            return
        if most is None:
            raise GatewayError(
                "out_of_money",
                f"nobody knows what {call.asked.model!r} costs, so its calls fit into no budget: "
                "give its deployments a price in the configuration",
            )
        name = await self._reserved(limits, most, call.id)
        organisation = call.caller.organisation
        try:
            async with renewed(
                lambda: self.budgets.renew(organisation, name, lease_seconds=LEASE_SECONDS)
            ):
                yield
        finally:
            await self._settle(organisation, name, call.spent.cost or Decimal(0))

    async def settle_late(self) -> None:
        """Counts what could not be counted before; what still cannot waits for the next time."""
        for name, (organisation, cost) in tuple(self.late.items()):
            del self.late[name]
            await self._settle(organisation, name, cost)

    async def _settle(self, organisation: str, name: str, cost: Decimal) -> None:
        try:
            await self.budgets.settle(organisation, name, cost)
        except BudgetsUnavailable as error:
            _log.warning("a call is paid and not counted yet: %s", error)
            self.late[name] = (organisation, cost)

    async def _reserved(self, limits: tuple[Limit, ...], most: Decimal, call_id: UUID) -> str:
        name = str(call_id)
        try:
            answer = await self.budgets.reserve(limits, most, name, lease_seconds=LEASE_SECONDS)
        except BudgetsUnavailable as error:
            raise GatewayError(
                "unavailable",
                f"whether there is money left cannot be known now, so nothing is spent ({error})",
                retry_after=1,
            ) from None
        if isinstance(answer, Refused):
            raise GatewayError("out_of_money", f"{answer}; this call may cost {most:f} USD")
        return name


def scopes_of(caller: Caller) -> dict[Scope, Decimal]:
    """The budgets that the caller's calls are held against."""
    return {
        Scope(
            caller.organisation,
            # An owner is an organisation, a project of it, or a key: as many names as its depth.
            _KINDS[purse.owner.count("/")],
            purse.owner,
            Period(purse.budget.per),
        ): purse.budget.usd
        for purse in caller.purses
    }
