"""What is remembered of a run."""

from datetime import datetime

import strawberry

from quantumlayer.core.memories.tables import Memory as MemoryRow


@strawberry.type(description="A run that passed, whose plan later runs may be shown.")
class Memory:
    """A run that passed, whose plan later runs may be shown."""

    run_id: strawberry.ID
    title: str
    stack: str = strawberry.field(description="Empty where it was planned without one.")
    created_at: datetime

    @classmethod
    def of(cls, row: MemoryRow) -> "Memory":
        """What `row` remembers."""
        return cls(
            run_id=strawberry.ID(str(row.run_id)),
            title=row.title,
            stack=row.stack,
            created_at=row.created_at,
        )
