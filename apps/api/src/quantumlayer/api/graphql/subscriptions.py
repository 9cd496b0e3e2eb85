"""What clients may watch."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from quantumlayer.api.errors import bad_input, run_not_found
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.artefacts import RunEvent
from quantumlayer.api.inputs import run_id_of
from quantumlayer.core.runs.queries import find_run

_ENDED = frozenset({"finished", "cancelled"})


@strawberry.type
class Subscription:
    """What clients may watch."""

    @strawberry.subscription(
        description="A run's events after number `after`, as they happen, until its last one."
    )
    async def run_events(
        self, info: Info, run_id: strawberry.ID, after: int = 0
    ) -> AsyncGenerator[RunEvent, None]:
        """A run's events after number `after`, until its last one."""
        if after < 0:
            raise bad_input("`after` must be the number of an event, or 0.")
        context = info.context
        identity = run_id_of(run_id)
        async with context.session() as session:
            row = await find_run(session, context.organisation_id, identity)
        if row is None:
            raise run_not_found(run_id)
        if row.status in _ENDED and after >= row.last_event:
            return
        events = context.services.events.follow(context.organisation_id, identity, after)
        async with aclosing(events) as story:
            async for event in story:
                yield RunEvent.of(event)
