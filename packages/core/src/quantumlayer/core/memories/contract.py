"""What the API and the worker agree on: how much is kept, and how an index is told of a change."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

TEND_WORKFLOW = "TendMemory"
MOST_KEPT = 1_000
"""How many runs an organisation is remembered by; the oldest are forgotten."""


class TendRequest(BaseModel):
    """The only argument of the workflow: whose index is to follow its rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation_id: UUID
