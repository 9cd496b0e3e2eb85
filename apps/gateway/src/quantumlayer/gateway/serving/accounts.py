"""The money of a call: held back in every budget above it before, counted after."""

import asyncio
import logging
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType

from quantumlayer.gateway.http import GatewayError
from quantumlayer.gateway.serving.call import Call
from quantumlayer.router.leases import LEASE_SECONDS, Lease, Leases
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


@dataclass(frozen=True, slots=True)
class Accounts:
    """Reserves and settles in `budgets`.

    `late` are settlements that failed because nobody answered, and reservations of which nobody
    knows whether they were made: `settle_late` sees to both.
    """

    budgets: Budgets
    leases: Leases
    late: dict[str, tuple[str, Decimal]] = field(default_factory=dict)

    def held(self, call: Call, most: Decimal | None) -> "_Held":
        """Holds `most` dollars back for the call while it runs, and counts what it cost in the end.

        Raises `GatewayError`: no room in a budget, no price by which to hold anything back, or
        nobody who knows how the money stands.
        """
        return _Held(self, call, most)

    async def settle_late(self) -> None:
        """Counts what could not be counted before; what still cannot waits for the next time."""
        waiting = tuple(self.late.items())
        # At once: where nobody answers, one after the other would wait its time for nothing.
        await asyncio.gather(
            *(self.settle(organisation, name, cost) for name, (organisation, cost) in waiting)
        )

    async def settle(self, organisation: str, name: str, cost: Decimal) -> None:
        """Counts what a call cost; where nobody counts now, that is late."""
        try:
            await self.budgets.settle(organisation, name, cost)
        except BudgetsUnavailable as error:
            _log.warning("a call is paid and not counted yet: %s", error)
            self.late[name] = (organisation, cost)
        else:
            self.late.pop(name, None)

    async def reserve(self, limits: tuple[Limit, ...], most: Decimal, name: str) -> None:
        """Holds the amount back under the call's name, or raises `GatewayError`."""
        try:
            answer = await self.budgets.reserve(limits, most, name, lease_seconds=LEASE_SECONDS)
        except BudgetsUnavailable as error:
            # It may have been made all the same, and would hold money back that nobody spends.
            self.late[name] = (limits[0].scope.organisation_id, Decimal(0))
            raise GatewayError(
                "unavailable",
                f"whether there is money left cannot be known now, so nothing is spent ({error})",
                retry_after=1,
            ) from None
        if isinstance(answer, Refused):
            raise GatewayError("out_of_money", f"{answer}; this call may cost {most:f} USD")


class _Held:
    """Money of one call, held back within the block."""

    __slots__ = ("_accounts", "_call", "_lease", "_most", "_name")

    def __init__(self, accounts: Accounts, call: Call, most: Decimal | None) -> None:
        self._accounts = accounts
        self._call = call
        self._most = most
        self._lease: Lease | None = None
        self._name = str(call.id)

    async def __aenter__(self) -> None:
        call, accounts = self._call, self._accounts
        limits = limits_of(call)
        if not limits:
            return
        if self._most is None:
            raise GatewayError(
                "out_of_money",
                f"nobody knows what {call.asked.model!r} costs, so its calls fit into no budget: "
                "give its deployments a price in the configuration",
            )
        await accounts.reserve(limits, self._most, self._name)
        self._lease = accounts.leases.kept(self._renew)

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._lease is not None:
            self._lease.leave()
            cost = self._call.spent.cost or Decimal(0)
            await self._accounts.settle(self._call.caller.organisation, self._name, cost)

    async def _renew(self) -> bool:
        return await self._accounts.budgets.renew(
            self._call.caller.organisation, self._name, lease_seconds=LEASE_SECONDS
        )


def limits_of(call: Call) -> tuple[Limit, ...]:
    """The budgets that this call is held against; raises `GatewayError` where its run is needed."""
    caller = call.caller
    if caller.run_budgets and not call.run:
        owner = caller.run_budgets[0].owner
        said = f"{owner} has a budget for each run: name the run in `X-QL-Run`"
        raise GatewayError("bad_request", said)
    runs = {
        # No owner's name has a colon: what stands behind the first is the run, whatever it is.
        Scope(
            caller.organisation,
            ScopeKind.RUN,
            f"{purse.owner}:{call.run}",
            Period.LIFETIME,
        ): purse.budget.usd
        for purse in caller.run_budgets
    }
    return (*caller.budgets, *(Limit(scope, usd) for scope, usd in runs.items()))
