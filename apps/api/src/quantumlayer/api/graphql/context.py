"""What every resolver may ask for: who asks, and the services behind the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.api.auth import require
from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.graphql.loaders import Loaders
from quantumlayer.api.services import Services
from quantumlayer.core.identity import Permission, Principal


@dataclass
class Context:
    """One request's, or one WebSocket's, surroundings."""

    services: Services
    principal: Principal | None
    request_id: str
    # Strawberry puts the payload of `connection_init` here.
    connection_params: dict[str, object] | None = None
    _loaders: Loaders | None = field(default=None, repr=False)

    @property
    def viewer(self) -> Principal:
        """Who asks. The view lets nobody in without a principal."""
        if self.principal is None:
            raise ApiError(ErrorCode.UNAUTHENTICATED, "Sign in first.")
        return self.principal

    @property
    def organisation_id(self) -> UUID:
        """Whose rows may be seen."""
        return self.viewer.organisation_id

    @property
    def loaders(self) -> Loaders:
        """Look-ups that are gathered into one query each."""
        if self._loaders is None:
            self._loaders = Loaders(self.services, self.organisation_id)
        return self._loaders

    def require(self, permission: Permission) -> None:
        """Raises ApiError when the viewer's role does not allow it."""
        require(self.viewer, permission)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction on the viewer's organisation."""
        async with self.services.database.tenant(self.organisation_id) as session:
            yield session


Info: TypeAlias = strawberry.Info[Context, None]
