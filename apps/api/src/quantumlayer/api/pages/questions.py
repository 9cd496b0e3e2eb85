"""What pages show of a run that asks, and what they hear as an answer."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.api.errors import bad_input
from quantumlayer.api.graphql.types.run import Run as RunView
from quantumlayer.api.services import Services
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.identity import Permission, Principal
from quantumlayer.core.runs import WishDecision
from quantumlayer.core.runs.questions import questions_of
from quantumlayer.core.runs.tables import Run

# The worker writes down what was decided; the page that comes after an answer should show it.
_TOLD_SECONDS = 3.0
_DECISIONS = {
    WishDecision.ACCEPT: "it is built with the nearest, and that wish is missing",
    WishDecision.STOP: "nothing is built",
    WishDecision.NOT_MEANT: "it was not asked for",
}


async def shown(session: AsyncSession, principal: Principal, row: Run) -> dict[str, Any]:
    """What the template `question.html` is made from."""
    question = (await questions_of(session, row.organisation_id, [row.id])).get(row.id)
    return {
        "run": RunView(row=row),
        "ended": row.status in ("finished", "cancelled"),
        "may_run": principal.may(Permission.RUN),
        "question": question,
        "left": question.seconds_left(now()) if question else 0,
        "decisions": _DECISIONS,
    }


def decision_of(form: Mapping[str, str]) -> WishDecision:
    """What the form decides. Raises ApiError where it is none of what can be decided."""
    try:
        return WishDecision(form.get("decision", ""))
    except ValueError:
        raise bad_input(f"`decision` must be one of {', '.join(WishDecision)}.") from None


async def told(services: Services, organisation_id: UUID, run_id: UUID) -> None:
    """Waits until the run tells what was decided, or ends; not for long."""
    async with services.database.tenant(organisation_id) as session:
        asked = (await questions_of(session, organisation_id, [run_id])).get(run_id)
    following = services.events.follow(organisation_id, run_id, asked.sequence if asked else 0)
    with suppress(TimeoutError):
        async with asyncio.timeout(_TOLD_SECONDS), aclosing(following) as events:
            async for event in events:
                if event.type is EventType.WISH_DECIDED:
                    return
