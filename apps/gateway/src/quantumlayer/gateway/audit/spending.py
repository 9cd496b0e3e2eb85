"""What budgets begin with where nobody remembers: the money that the rows of calls were paid."""

import asyncio
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from quantumlayer.core.database import FAILURES
from quantumlayer.gateway.audit.drain import Drain
from quantumlayer.gateway.audit.records import Payer, what_is_wrong
from quantumlayer.router.money import BudgetsUnavailable, Scope, SpentSource, Window

_PATIENCE_SECONDS = 30.0


def spent_source(drain: Drain) -> SpentSource:
    """Sums up the rows, those first brought along that wait on this machine's disk."""

    async def spent(scope: Scope, window: Window, besides: Collection[str]) -> Decimal:
        await drain()
        problem = drain.problem
        if problem is None:
            calls = [UUID(name) for name in besides]
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    return await drain.records.spent(payer_of(scope), window, calls)
            except FAILURES as error:
                problem = what_is_wrong(error)
        raise BudgetsUnavailable(
            f"what was spent stands in PostgreSQL, which is {problem}", retry_after=1.0
        )

    return spent


def payer_of(scope: Scope) -> Payer:
    """Whose calls are held against a scope; owners are named as `tenants.Purse` has them."""
    owner, _, run = scope.id.partition(":")
    organisation, *inner = owner.split("/")
    project, key = (*inner, None, None)[:2]
    return Payer(organisation, project or None, key, run or None)
