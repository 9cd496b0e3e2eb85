"""A project."""

from datetime import datetime

import strawberry

from quantumlayer.core.identity import Project as ProjectRow


@strawberry.type(description="A collection of runs.")
class Project:
    """A collection of runs."""

    id: strawberry.ID
    slug: str
    name: str
    created_at: datetime

    @classmethod
    def of(cls, row: ProjectRow) -> "Project":
        """The project in `row`."""
        return cls(
            id=strawberry.ID(str(row.id)),
            slug=row.slug,
            name=row.name,
            created_at=row.created_at,
        )
