"""A preview of what a run has made."""

from datetime import datetime

import strawberry

from quantumlayer.api.graphql.types.scalars import PreviewState
from quantumlayer.core.database import now
from quantumlayer.core.previews.records import standing
from quantumlayer.core.previews.tables import Preview as PreviewRow


@strawberry.type(description="What a run has made, started in the sandbox for a person to try.")
class Preview:
    """What a run has made, started in the sandbox for a person to try."""

    id: strawberry.ID
    run_id: strawberry.ID
    state: PreviewState
    reason: str = strawberry.field(description="Why it failed or has ended; else empty.")
    address: str | None = strawberry.field(
        description="Where a browser of the worker's machine finds it while it is ready. Whoever "
        "knows it may use it."
    )
    log: str = strawberry.field(description="The end of what the application has said.")
    created_at: datetime
    expires_at: datetime | None = strawberry.field(
        description="When it ends at the latest, once it is ready; unused, it ends earlier."
    )
    ended_at: datetime | None

    @classmethod
    def of(cls, row: PreviewRow) -> "Preview":
        """A preview as it stands now."""
        found = standing(row, now())
        return cls(
            id=strawberry.ID(str(row.id)),
            run_id=strawberry.ID(str(row.run_id)),
            state=PreviewState(found.state.value),
            reason=found.reason,
            address=found.address,
            log=row.log,
            created_at=row.created_at,
            expires_at=row.expires_at,
            ended_at=found.ended_at,
        )
