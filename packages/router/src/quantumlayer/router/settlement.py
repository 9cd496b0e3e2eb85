"""Holding money and tokens back from a run's budget, and settling them when calls end.

Statements of a transaction that its caller opened; each guards itself, so that budgets hold
however many processes reserve at once.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.router.rows import as_budget
from quantumlayer.router.store import (
    ABANDONED,
    SUPERSEDED,
    Amount,
    Budget,
    Claim,
    StoredReply,
    counts_of,
)
from quantumlayer.router.tables import CALLS, ModelBudget, ModelCall

_NOTHING = Amount(Decimal(0), 0)
_SPENT = (
    CALLS.c.cost_usd.label("usd"),
    (CALLS.c.input_tokens + CALLS.c.output_tokens).label("tokens"),
)


async def read_budget(
    session: AsyncSession, organisation_id: UUID, run_id: UUID | None
) -> Budget | None:
    """The run's budget, None when it has none."""
    row = await session.scalar(
        select(ModelBudget).where(
            ModelBudget.organisation_id == organisation_id, ModelBudget.run_id == run_id
        )
    )
    return None if row is None else as_budget(row)


async def reserve(session: AsyncSession, claim: Claim) -> bool:
    """Holds the claim's amount back from its run's budget, if it fits."""
    if claim.run_id is None or claim.reserve.is_nothing():
        return True
    if await _hold(session, claim):
        return True
    # Calls of processes that died may hold what is missing.
    released = await release_dead(session, claim, ModelCall.run_id == claim.run_id)
    return released and await _hold(session, claim)


async def _hold(session: AsyncSession, claim: Claim) -> bool:
    usd = ModelBudget.spent_usd + ModelBudget.reserved_usd + claim.reserve.usd
    tokens = ModelBudget.spent_tokens + ModelBudget.reserved_tokens + claim.reserve.tokens
    statement = (
        update(ModelBudget)
        .where(
            ModelBudget.organisation_id == claim.organisation_id,
            ModelBudget.run_id == claim.run_id,
            or_(ModelBudget.limit_usd.is_(None), usd <= ModelBudget.limit_usd),
            or_(ModelBudget.limit_tokens.is_(None), tokens <= ModelBudget.limit_tokens),
        )
        .values(
            reserved_usd=ModelBudget.reserved_usd + claim.reserve.usd,
            reserved_tokens=ModelBudget.reserved_tokens + claim.reserve.tokens,
        )
        .returning(ModelBudget.run_id)
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


async def release_dead(session: AsyncSession, claim: Claim, which: ColumnElement[bool]) -> bool:
    """Ends the claims among `which` whose lease ran out; whether there were any.

    A row that somebody has locked is just being renewed or ended by its owner, late as that is.
    Waiting for it could be for ever: its owner waits for the budget, which is locked here.
    """
    dead = (
        select(CALLS.c.id)
        .where(
            CALLS.c.organisation_id == claim.organisation_id,
            which,
            CALLS.c.state == "reserved",
            CALLS.c.lease_expires_at <= func.clock_timestamp(),
        )
        .with_for_update(skip_locked=True)
    )
    found = (await session.scalars(dead)).all()
    if not found:
        return False
    abandoned = {"error": ABANDONED}
    return await end_unfinished(session, CALLS.c.id.in_(found), claim.organisation_id, abandoned)


async def end_unfinished(
    session: AsyncSession,
    which: ColumnElement[bool],
    organisation_id: UUID,
    values: dict[str, Any],
) -> bool:
    """Ends calls that nobody finishes: broken where a part of the reply was kept, else failed."""
    kept = case((CALLS.c.reply.is_(None), "failed"), else_="broken")
    return await end_calls(session, which, organisation_id, {**values, "state": kept})


async def end_calls(
    session: AsyncSession,
    which: ColumnElement[bool],
    organisation_id: UUID,
    values: dict[str, Any],
) -> bool:
    """Writes `values` into the reserved calls of `which`; whether any matched.

    Their budgets get back what they held, and pay what stands in their rows.
    """
    statement = (
        update(CALLS)
        .where(which, CALLS.c.state == "reserved")
        .values(**values)
        .returning(CALLS.c.run_id, CALLS.c.reserved_usd, CALLS.c.reserved_tokens, *_SPENT)
    )
    ended = (await session.execute(statement)).all()
    for run_id, usd, tokens, *spent in ended:
        await _settle(session, organisation_id, run_id, Amount(usd, tokens), Amount(*spent))
    return bool(ended)


async def count_late(
    session: AsyncSession, which: ColumnElement[bool], organisation_id: UUID, reply: StoredReply
) -> None:
    """Counts a reply that came after its claim was released: what of it is not yet paid.

    A part of it may have been kept and paid when the claim was released. The conversation has
    gone on from that part, so the text is left as it was.
    """
    released = and_(which, CALLS.c.error == ABANDONED)
    values = {**counts_of(reply), "error": SUPERSEDED}
    paid = (
        await session.execute(select(CALLS.c.run_id, *_SPENT).where(released).with_for_update())
    ).first()
    if paid is None:
        return
    statement = update(CALLS).where(which).values(**values).returning(*_SPENT)
    usd, tokens = (await session.execute(statement)).one()
    owed = Amount(usd - paid.usd, tokens - paid.tokens)
    await _settle(session, organisation_id, paid.run_id, _NOTHING, owed)


async def _settle(
    session: AsyncSession,
    organisation_id: UUID,
    run_id: UUID | None,
    released: Amount,
    spent: Amount,
) -> None:
    if run_id is None or (released.is_nothing() and spent.is_nothing()):
        return
    await session.execute(
        update(ModelBudget)
        .where(ModelBudget.organisation_id == organisation_id, ModelBudget.run_id == run_id)
        .values(
            reserved_usd=ModelBudget.reserved_usd - released.usd,
            reserved_tokens=ModelBudget.reserved_tokens - released.tokens,
            spent_usd=ModelBudget.spent_usd + spent.usd,
            spent_tokens=ModelBudget.spent_tokens + spent.tokens,
        )
        .execution_options(synchronize_session=False)
    )
