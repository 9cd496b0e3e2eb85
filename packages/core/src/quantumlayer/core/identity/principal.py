"""Who asks: the answer to a credential that was recognised."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from quantumlayer.core.identity.roles import PERMISSIONS, Permission, Role


class CredentialKind(StrEnum):
    """How somebody showed who they are."""

    API_KEY = "api_key"
    BROWSER_SESSION = "browser_session"


class Principal(BaseModel):
    """A recognised credential: its organisation, and the role that it speaks with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credential_id: UUID
    kind: CredentialKind
    organisation_id: UUID
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether the role allows `permission`."""
        return permission in PERMISSIONS[self.role]
