"""Who asks, and the credentials that an owner makes."""

from datetime import datetime

import strawberry

from quantumlayer.api.graphql.types.scalars import RoleName
from quantumlayer.core.identity import PERMISSIONS, Principal


@strawberry.type(description="Who asks.")
class Viewer:
    """Who asks."""

    organisation_id: strawberry.ID
    role: RoleName
    credential: str = strawberry.field(description="api_key or browser_session")
    permissions: list[str]

    @classmethod
    def of(cls, principal: Principal) -> "Viewer":
        """The principal as clients see it."""
        return cls(
            organisation_id=strawberry.ID(str(principal.organisation_id)),
            role=RoleName(principal.role.value),
            credential=principal.kind.value,
            permissions=sorted(PERMISSIONS[principal.role]),
        )


@strawberry.type(description="An API key, shown this once.")
class CreatedApiKey:
    """An API key, shown this once."""

    id: strawberry.ID
    name: str
    role: RoleName
    key: str = strawberry.field(description="Keep it safe: nobody can show it again.")
    prefix: str


@strawberry.type(description="A link that signs its first visitor in as owner.")
class OwnerLink:
    """A link that signs its first visitor in as owner."""

    url: str
    expires_at: datetime
